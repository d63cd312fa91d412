"""What was waiting when a backup was put back is held until the operator decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table of restores."""
    op.create_table(
        "restores",
        sa.Column("restore_id", BigId, nullable=False),
        sa.Column("restored_at", UtcTime(), nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_at", UtcTime()),
        sa.Column("decided_by", sa.Text()),
        sa.CheckConstraint("decision IN ('send', 'drop')", name=op.f("ck_restores_decision")),
        sa.PrimaryKeyConstraint("restore_id", name=op.f("pk_restores")),
    )

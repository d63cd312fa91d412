"""Sources remember that their site sends them on, so that a move is believed after a few looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is known of a move. Both databases add columns in place, so nothing that points at a source is touched."""
    op.add_column("sources", sa.Column("moves", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("sources", sa.Column("moved_to", sa.Text()))

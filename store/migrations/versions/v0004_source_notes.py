"""Sources keep the folders they came in, and what could not be read of their news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add both. Both databases add columns in place, so nothing that points at a source is touched."""
    op.add_column("sources", sa.Column("tags", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("sources", sa.Column("note", sa.Text()))

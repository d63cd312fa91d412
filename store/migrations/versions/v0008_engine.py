"""A revision knows which version of the program found its quotes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the version, in place; of what was read before it is not known."""
    op.add_column("revisions", sa.Column("engine", sa.Text()))

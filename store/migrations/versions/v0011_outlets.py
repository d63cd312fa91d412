"""Sources keep whose they are, so that lists of feeds go in and out whole, and how long their feeds say they stay good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns, in place; null is right for what was there."""
    for name in ("home", "country", "outlet_owner"):
        op.add_column("sources", sa.Column(name, sa.Text()))
    op.add_column("sources", sa.Column("ttl_seconds", sa.Integer()))

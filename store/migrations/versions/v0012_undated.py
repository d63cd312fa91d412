"""Alerts of articles without a date remember since when those may have been there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import UtcTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column, in place; of what waits already it is not known."""
    op.add_column("alerts", sa.Column("not_seen_at", UtcTime()))

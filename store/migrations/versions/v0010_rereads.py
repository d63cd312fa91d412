"""Entries remember when their article was read last, so that one the outlet changed is read again; sources, that they could not be reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import UtcTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns, in place. What became an article was read when it was seen; of the rest nothing is to be read again."""
    op.add_column("seen_entries", sa.Column("read_at", UtcTime()))
    op.add_column("seen_entries", sa.Column("tried_at", UtcTime()))
    op.add_column("seen_entries", sa.Column("rereads", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("seen_entries", sa.Column("text_hash", sa.Text()))
    op.execute("UPDATE seen_entries SET read_at = seen_at, tried_at = seen_at WHERE article_id IS NOT NULL")
    op.add_column("sources", sa.Column("reached_at", UtcTime()))
    op.add_column("sources", sa.Column("unreached", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.execute("UPDATE sources SET reached_at = answered_at")

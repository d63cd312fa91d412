"""A quote may have two numbers in a chat: those of a private page's quote and of the shared one that it became."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Take the rule away that a chat has one number for each quote. Nothing points at the table."""
    with op.batch_alter_table("quote_numbers") as batch:
        batch.drop_constraint("uq_quote_numbers_channel_quote_id", type_="unique")
        batch.create_index("ix_quote_numbers_channel_quote_id", ["channel", "quote_id"])

"""What an operator said of a quote's name holds for the same words elsewhere."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from store.columns import BigId

revision = "0013"
down_revision = "0012"

_TOKEN = re.compile(r"§(\d+)$")


def upgrade() -> None:
    """Make the table, and fill in whose names were taken back before: a quote's search words still end with whom it named."""
    op.create_table(
        "taken_names",
        sa.Column("quote_id", BigId, autoincrement=False, nullable=False),
        sa.Column("speaker_id", BigId),
        sa.Column("described", sa.Text()),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.quote_id"], name=op.f("fk_taken_names_quote_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name=op.f("fk_taken_names_speaker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_taken_names")),
    )
    op.create_index(op.f("ix_taken_names_speaker_id"), "taken_names", ["speaker_id"])
    database = op.get_bind()
    agreed = sa.text(
        "SELECT quotes.quote_id, quotes.search FROM quotes WHERE quotes.name IS NULL AND EXISTS ("
        "SELECT 1 FROM feedback JOIN quotes AS judged ON judged.quote_id = feedback.quote_id"
        " WHERE judged.article_id = quotes.article_id"
        " AND feedback.kind = 'wrong_speaker' AND feedback.decision = 'right')"
    )
    known = set(database.execute(sa.text("SELECT speaker_id FROM speakers")).scalars())
    for quote_id, search in database.execute(agreed).all():
        token = _TOKEN.search(search)
        if token is not None and int(token[1]) in known:
            row = {"quote": quote_id, "speaker": int(token[1])}
            database.execute(sa.text("INSERT INTO taken_names (quote_id, speaker_id) VALUES (:quote, :speaker)"), row)

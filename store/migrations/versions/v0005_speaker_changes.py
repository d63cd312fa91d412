"""Operators make two speakers one, and give them other names, with all that an undo needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add columns in place, so nothing that points at a speaker or a quote is touched, and make the table of changes."""
    op.add_column("speakers", sa.Column("printed_name", sa.Text()))
    op.add_column("speakers", sa.Column("merged_into", BigId))
    op.create_index(
        "ix_speakers_merged_into",
        "speakers",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.add_column("quotes", sa.Column("own_speaker_id", BigId))
    op.create_index("ix_quotes_speaker_id", "quotes", ["speaker_id"])
    op.create_index(
        "ix_quotes_own_speaker_id",
        "quotes",
        ["own_speaker_id"],
        sqlite_where=sa.text("own_speaker_id IS NOT NULL"),
        postgresql_where=sa.text("own_speaker_id IS NOT NULL"),
    )
    _speaker_changes()


def _speaker_changes() -> None:
    op.create_table(
        "speaker_changes",
        sa.Column("change_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("speaker_id", BigId, nullable=False),
        sa.Column("other_id", BigId),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("undone_at", UtcTime()),
        sa.Column("undone_by", sa.Text()),
        sa.CheckConstraint("kind IN ('merge', 'rename')", name=op.f("ck_speaker_changes_kind")),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name=op.f("fk_speaker_changes_speaker_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["speakers.speaker_id"], name=op.f("fk_speaker_changes_other_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_speaker_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_speaker_changes_speaker_id"), "speaker_changes", ["speaker_id"])
    op.create_index(op.f("ix_speaker_changes_other_id"), "speaker_changes", ["other_id"])

"""Stories, and which quotes are the same words as an earlier one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, UtcTime

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make what is new."""
    _stories()
    _same_words()
    _echoes()


@contextmanager
def _counter_kept(table: str) -> Iterator[None]:
    """Let the next id be what it would have been: SQLite forgets the ids of deleted rows with the table."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        yield
        return
    asked = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last = connection.execute(asked, {"name": table}).scalar()
    yield
    if last is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        kept = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)")
        connection.execute(kept, {"name": table, "seq": last})


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("story_id", BigId, autoincrement=False, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_stories")),
    )
    op.create_index("ix_stories_last_seen", "stories", ["last_seen_at", "story_id"])
    op.create_table(
        "story_articles",
        sa.Column("article_id", BigId, autoincrement=False, nullable=False),
        sa.Column("story_id", BigId, nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("copy_of", BigId),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_story_articles_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.story_id"], name=op.f("fk_story_articles_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["copy_of"], ["articles.article_id"], name=op.f("fk_story_articles_copy_of"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_articles")),
    )
    op.create_index("uq_story_articles_placed", "story_articles", ["placed"], unique=True)
    op.create_index("ix_story_articles_story", "story_articles", ["story_id", "placed"])
    op.create_index(op.f("ix_story_articles_copy_of"), "story_articles", ["copy_of"])
    op.create_table(
        "story_states",
        sa.Column("placed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("placed", name=op.f("pk_story_states")),
    )


def _same_words() -> None:
    # On SQLite the table is made anew: a reference that is added in place cannot be read back.
    with _counter_kept("quotes"), op.batch_alter_table("quotes", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("same_as", BigId))
        batch.create_foreign_key(op.f("fk_quotes_same_as"), "quotes", ["same_as"], ["quote_id"], ondelete="SET NULL")
    op.create_index(
        "ix_quotes_same_as",
        "quotes",
        ["same_as"],
        sqlite_where=sa.text("same_as IS NOT NULL"),
        postgresql_where=sa.text("same_as IS NOT NULL"),
    )
    listed = sa.text("state = 'current'")
    op.drop_index("ix_quotes_newest", "quotes")
    op.create_index(
        "ix_quotes_newest",
        "quotes",
        ["newest_at", "quote_id", "owner_channel", "same_as"],
        sqlite_where=listed,
        postgresql_where=listed,
    )
    op.drop_index("ix_quotes_speaker_newest", "quotes")
    op.create_index(
        "ix_quotes_speaker_newest",
        "quotes",
        ["speaker_id", "newest_at", "article_id", "start", "quote_id", "owner_channel", "confidence", "same_as"],
        sqlite_where=listed,
        postgresql_where=listed,
    )
    op.create_table(
        "quote_keys",
        sa.Column("key", BigId, autoincrement=False, nullable=False),
        sa.Column("quote_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.quote_id"], name=op.f("fk_quote_keys_quote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "quote_id", name=op.f("pk_quote_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_quote_keys_quote_id"), "quote_keys", ["quote_id"])


def _echoes() -> None:
    op.create_table(
        "echoes",
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("quote_id", BigId, nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("told_at", UtcTime()),
        sa.ForeignKeyConstraint(["item_id"], ["outbox.item_id"], name=op.f("fk_echoes_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.quote_id"], name=op.f("fk_echoes_quote_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "quote_id", name=op.f("pk_echoes")),
    )
    op.create_index(op.f("ix_echoes_quote_id"), "echoes", ["quote_id"])
    op.create_index(
        "ix_echoes_due",
        "echoes",
        ["due_at"],
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "alert_items",
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("quote_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["outbox.item_id"], name=op.f("fk_alert_items_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.quote_id"], name=op.f("fk_alert_items_quote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quote_id", "item_id", name=op.f("pk_alert_items")),
    )
    op.create_index(op.f("ix_alert_items_item_id"), "alert_items", ["item_id"])

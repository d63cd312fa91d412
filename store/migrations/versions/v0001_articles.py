"""What was read: articles, quotes, speakers, and the sources they came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, UtcTime
from store.search import create_indexes

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and the full-text indexes over them."""
    _articles()
    _addresses()
    _revisions()
    _sources()
    _seen_entries()
    _sightings()
    _speakers()
    _speaker_names()
    _quotes()
    _mentions()
    create_indexes(op.get_bind())


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("outlet", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("byline", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", UtcTime()),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("newest_at", UtcTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_articles")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_newest", "articles", ["newest_at", "article_id", "owner_channel"])


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("address_id", BigId, nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("article_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_addresses_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address_id", name=op.f("pk_addresses")),
    )
    op.create_index(op.f("ix_addresses_article_id"), "addresses", ["article_id"])
    op.create_index("uq_addresses_url_owner", "addresses", ["url", "owner_channel"], unique=True)
    op.create_index(
        "uq_addresses_url_shared",
        "addresses",
        ["url"],
        unique=True,
        sqlite_where=sa.text("owner_channel IS NULL"),
        postgresql_where=sa.text("owner_channel IS NULL"),
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("revision_id", BigId, nullable=False),
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("summary_method", sa.Text(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_revisions_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_revisions_article_id_number")),
    )
    op.create_index("ix_revisions_text_sha256", "revisions", ["text_sha256"])


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("added_by", sa.Text()),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("full_text", sa.Text(), server_default=sa.text("'auto'"), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("interval_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("claimed_until", UtcTime()),
        sa.Column("checked_at", UtcTime()),
        sa.Column("answered_at", UtcTime()),
        sa.Column("newest_entry_at", UtcTime()),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", UtcTime()),
        sa.Column("last_error", sa.Text()),
        sa.Column("paused_reason", sa.Text()),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_sources_due",
        "sources",
        ["due_at"],
        sqlite_where=sa.text("paused_reason IS NULL"),
        postgresql_where=sa.text("paused_reason IS NULL"),
    )
    op.create_index("uq_sources_url_owner", "sources", ["url", "owner_channel"], unique=True)
    op.create_index(
        "uq_sources_url_shared",
        "sources",
        ["url"],
        unique=True,
        sqlite_where=sa.text("owner_channel IS NULL"),
        postgresql_where=sa.text("owner_channel IS NULL"),
    )


def _seen_entries() -> None:
    op.create_table(
        "seen_entries",
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("article_id", BigId),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_seen_entries_article_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.source_id"], name=op.f("fk_seen_entries_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "entry", name=op.f("pk_seen_entries")),
    )
    op.create_index(op.f("ix_seen_entries_article_id"), "seen_entries", ["article_id"])


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_sightings_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.source_id"], name=op.f("fk_sightings_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "source_id", name=op.f("pk_sightings")),
    )
    op.create_index("ix_sightings_source_id", "sightings", ["source_id"])


def _speakers() -> None:
    op.create_table(
        "speakers",
        sa.Column("speaker_id", BigId, nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("speaker_id", name=op.f("pk_speakers")),
        sqlite_autoincrement=True,
    )


def _speaker_names() -> None:
    op.create_table(
        "speaker_names",
        sa.Column("name_id", BigId, nullable=False),
        sa.Column("speaker_id", BigId, nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("printed", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name=op.f("fk_speaker_names_speaker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name_id", name=op.f("pk_speaker_names")),
    )
    op.create_index("ix_speaker_names_folded", "speaker_names", ["folded"])
    op.create_index("ix_speaker_names_surname", "speaker_names", ["surname"])
    op.create_index(
        "uq_speaker_names_printed_owner", "speaker_names", ["speaker_id", "printed", "owner_channel"], unique=True
    )
    op.create_index(
        "uq_speaker_names_printed_shared",
        "speaker_names",
        ["speaker_id", "printed"],
        unique=True,
        sqlite_where=sa.text("owner_channel IS NULL"),
        postgresql_where=sa.text("owner_channel IS NULL"),
    )


def _quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("quote_id", BigId, nullable=False),
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("speaker_id", BigId),
        sa.Column("newest_at", UtcTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quotation", sa.Integer()),
        sa.Column("name", sa.Text()),
        sa.Column("rule", sa.Text()),
        sa.Column("confidence", sa.Float()),
        sa.Column("mention_start", sa.Integer()),
        sa.Column("mention_end", sa.Integer()),
        sa.Column("mention_text", sa.Text()),
        sa.Column("cue_start", sa.Integer()),
        sa.Column("cue_end", sa.Integer()),
        sa.Column("cue_text", sa.Text()),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("paragraph_start", sa.Integer(), nullable=False),
        sa.Column("paragraph_text", sa.Text(), nullable=False),
        sa.Column("paragraph_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('current', 'removed', 'withdrawn')", name=op.f("ck_quotes_state")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_quotes_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name=op.f("fk_quotes_speaker_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_quotes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quotes_article_id", "quotes", ["article_id"])
    op.create_index(
        "ix_quotes_newest",
        "quotes",
        ["newest_at", "quote_id", "owner_channel"],
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_index(
        "ix_quotes_speaker_newest",
        "quotes",
        ["speaker_id", "newest_at", "article_id", "start", "quote_id", "owner_channel", "confidence"],
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("speaker_id", BigId, nullable=False),
        sa.Column("owner_channel", sa.Text()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("reported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_mentions_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name=op.f("fk_mentions_speaker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "speaker_id", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_speaker_id", "mentions", ["speaker_id"])

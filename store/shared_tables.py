"""The tables of what articles share: their story, and words that several of them print."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from store.columns import BigId, UtcTime
from store.metadata import metadata, reference, where

stories = Table(
    "stories",
    metadata,
    Column("story_id", BigId, primary_key=True, autoincrement=False),  # as the placing of articles counts them
    Column("headline", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Index("ix_stories_last_seen", "last_seen_at", "story_id"),
)

story_articles = Table(
    "story_articles",
    metadata,
    Column("article_id", BigId, reference("articles.article_id"), primary_key=True, autoincrement=False),
    Column("story_id", BigId, reference("stories.story_id"), nullable=False),
    Column("placed", Integer, nullable=False),  # the order in which articles were placed, over all stories
    # What was placed: an article may be revised later, and placing it again must give the same.
    Column("title", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("copy_of", BigId, ForeignKey("articles.article_id", ondelete="SET NULL"), index=True),
    Index("uq_story_articles_placed", "placed", unique=True),
    Index("ix_story_articles_story", "story_id", "placed"),
)

story_states = Table(
    "story_states",
    metadata,
    Column("placed", Integer, primary_key=True, autoincrement=False),  # the last article that is in it
    Column("state", LargeBinary, nullable=False),  # summaries.story_data as JSON, deflated
)

quote_keys = Table(
    "quote_keys",
    metadata,
    Column("key", BigId, primary_key=True, autoincrement=False),  # of same_words.keys_of
    Column("quote_id", BigId, reference("quotes.quote_id"), primary_key=True, index=True),  # listed, or in taken_names
    sqlite_with_rowid=False,
)

taken_names = Table(
    "taken_names",
    metadata,
    # Whose words these are not, by an operator's word: about this quote, or about another of the same words.
    Column("quote_id", BigId, reference("quotes.quote_id"), primary_key=True, autoincrement=False),
    Column("speaker_id", BigId, reference("speakers.speaker_id"), index=True),  # whom the page names
    Column("described", Text),  # the page's words for a speaker who has no row ("a spokesman")
)

alert_items = Table(
    "alert_items",
    metadata,
    Column("quote_id", BigId, reference("quotes.quote_id"), primary_key=True),
    Column("item_id", BigId, reference("outbox.item_id"), primary_key=True, index=True),  # what told of it
)

echoes = Table(
    "echoes",
    metadata,
    Column("item_id", BigId, reference("outbox.item_id"), primary_key=True),  # an alert that was made
    # The same words, printed by another outlet since.
    Column("quote_id", BigId, reference("quotes.quote_id"), primary_key=True, index=True),
    Column("due_at", UtcTime, nullable=False),
    Column("told_at", UtcTime),  # null while the alert does not say so
    Index("ix_echoes_due", "due_at", **where("told_at IS NULL")),
)

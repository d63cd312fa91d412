"""The tables of what goes out: the outbox, its lanes and leases, and what the platforms' edges have to remember."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.columns import BigId, UtcTime
from store.metadata import metadata, reference, where

outbox = Table(
    "outbox",
    metadata,
    Column("item_id", BigId, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target", BigId, ForeignKey("outbox.item_id", ondelete="SET NULL"), index=True),  # the item an edit changes
    Column("channel", Text, nullable=False),
    Column("lane", Text, nullable=False),  # the chat without topic or thread: limits count there
    Column("priority", Integer, nullable=False),
    Column("message", JSON, nullable=False),
    Column("version", Integer, nullable=False),  # of the message's form
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("error", Text),
    CheckConstraint("kind IN ('send', 'edit')", name="kind"),
    CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'held')", name="state"),
    Index(
        "ix_outbox_open",
        "lane",
        "priority",
        "item_id",
        **where("state IN ('queued', 'sending')"),
    ),
    sqlite_autoincrement=True,
)

outbox_keys = Table(
    "outbox_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("queued_at", UtcTime, nullable=False),
)

outbox_parts = Table(
    "outbox_parts",
    metadata,
    Column("part_id", BigId, primary_key=True),
    Column("item_id", BigId, reference("outbox.item_id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("payload", JSON, nullable=False),  # what the platform's client is given
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", UtcTime),  # null: as soon as its turn comes
    Column("owner", Text),
    Column("epoch", Integer),
    Column("started_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("platform_message_id", Text),
    Column("resent", Boolean, nullable=False, default=False),  # may have come twice
    Column("error", Text),
    UniqueConstraint("item_id", "position"),
    CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'held')", name="state"),
    Index("ix_outbox_parts_sending", "epoch", **where("state = 'sending'")),
    sqlite_autoincrement=True,
)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("held_until", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),  # the bot token's public part
    Column("owner", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

restores = Table(
    "restores",
    metadata,
    Column("restore_id", BigId, primary_key=True),
    Column("restored_at", UtcTime, nullable=False),
    Column("decision", Text),  # null while what was waiting is held
    Column("decided_at", UtcTime),
    Column("decided_by", Text),
    CheckConstraint("decision IN ('send', 'drop')", name="decision"),
)

slack_events = Table(
    "slack_events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("seen_at", UtcTime, nullable=False, index=True),
)

taps = Table(
    "taps",
    metadata,
    Column("token", Text, primary_key=True),  # what a button carries
    Column("command", Text, nullable=False),  # what it stands for
    Column("kept_at", UtcTime, nullable=False, index=True),
)

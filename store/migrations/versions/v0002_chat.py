"""Who is told what: channels, people, subscriptions, schedules and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    _channels()
    _quote_numbers()
    _people()
    _claim_codes()
    _subscriptions()
    _alerts()
    _schedules()
    _slots()
    _outbox()
    _outbox_keys()
    _outbox_parts()
    _lanes()
    _leases()
    _slack_events()
    _taps()
    _feedback()


def _channels() -> None:
    op.create_table(
        "channels",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("added_by", sa.Text()),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("paused_at", UtcTime()),
        sa.Column("paused_reason", sa.Text()),
        sa.Column("last_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("access IN ('asked', 'allowed', 'refused')", name=op.f("ck_channels_access")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channels")),
    )


def _quote_numbers() -> None:
    op.create_table(
        "quote_numbers",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quote_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["channel"], ["channels.channel"], name=op.f("fk_quote_numbers_channel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.quote_id"], name=op.f("fk_quote_numbers_quote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel", "number", name=op.f("pk_quote_numbers")),
        sa.UniqueConstraint("channel", "quote_id", name=op.f("uq_quote_numbers_channel_quote_id")),
    )
    op.create_index(op.f("ix_quote_numbers_quote_id"), "quote_numbers", ["quote_id"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("decided_at", UtcTime()),
        sa.Column("decided_by", sa.Text()),
        sa.CheckConstraint("access IN ('asked', 'allowed', 'refused')", name=op.f("ck_people_access")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_people")),
    )


def _claim_codes() -> None:
    op.create_table(
        "claim_codes",
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime()),
        sa.Column("used_by", sa.Text()),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_claim_codes")),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_id", BigId, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("speaker_id", BigId),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("muted_until", UtcTime()),
        sa.Column("created_by", sa.Text()),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("mode IN ('at_once', 'hourly', 'daily')", name=op.f("ck_subscriptions_mode")),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name=op.f("fk_subscriptions_speaker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("channel", "speaker_id", "about", name=op.f("uq_subscriptions_channel_speaker_id_about")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscriptions_channel"), "subscriptions", ["channel"])
    op.create_index(op.f("ix_subscriptions_folded"), "subscriptions", ["folded"])
    op.create_index(op.f("ix_subscriptions_speaker_id"), "subscriptions", ["speaker_id"])
    op.create_index(
        "uq_subscriptions_unknown",
        "subscriptions",
        ["channel", "folded", "about"],
        unique=True,
        sqlite_where=sa.text("speaker_id IS NULL"),
        postgresql_where=sa.text("speaker_id IS NULL"),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", BigId, nullable=False),
        sa.Column("subscription_id", BigId, nullable=False),
        sa.Column("quote_id", BigId, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'composed', 'dropped')", name=op.f("ck_alerts_state")),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.quote_id"], name=op.f("fk_alerts_quote_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.subscription_id"],
            name=op.f("fk_alerts_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("subscription_id", "quote_id", name=op.f("uq_alerts_subscription_id_quote_id")),
    )
    op.create_index(
        "ix_alerts_due",
        "alerts",
        ["due_at"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_alerts_quote_id"), "alerts", ["quote_id"])


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("schedule_id", BigId, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text()),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", name=op.f("pk_schedules")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_schedules_channel"), "schedules", ["channel"])


def _slots() -> None:
    op.create_table(
        "slots",
        sa.Column("schedule_id", BigId, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("nominal_time", sa.Text(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("composed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.schedule_id"], name=op.f("fk_slots_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "local_date", "nominal_time", name=op.f("pk_slots")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", BigId),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint("kind IN ('send', 'edit')", name=op.f("ck_outbox_kind")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'held')", name=op.f("ck_outbox_state")
        ),
        sa.ForeignKeyConstraint(["target"], ["outbox.item_id"], name=op.f("fk_outbox_target"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["lane", "priority", "item_id"],
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_index(op.f("ix_outbox_target"), "outbox", ["target"])


def _outbox_keys() -> None:
    op.create_table(
        "outbox_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("queued_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox_keys")),
    )


def _outbox_parts() -> None:
    op.create_table(
        "outbox_parts",
        sa.Column("part_id", BigId, nullable=False),
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", UtcTime()),
        sa.Column("owner", sa.Text()),
        sa.Column("epoch", sa.Integer()),
        sa.Column("started_at", UtcTime()),
        sa.Column("sent_at", UtcTime()),
        sa.Column("platform_message_id", sa.Text()),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'held')", name=op.f("ck_outbox_parts_state")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["outbox.item_id"], name=op.f("fk_outbox_parts_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("part_id", name=op.f("pk_outbox_parts")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_outbox_parts_item_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_parts_sending",
        "outbox_parts",
        ["epoch"],
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("held_until", UtcTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lanes")),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _slack_events() -> None:
    op.create_table(
        "slack_events",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_slack_events")),
    )
    op.create_index(op.f("ix_slack_events_seen_at"), "slack_events", ["seen_at"])


def _taps() -> None:
    op.create_table(
        "taps",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("kept_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_taps")),
    )
    op.create_index(op.f("ix_taps_kept_at"), "taps", ["kept_at"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("feedback_id", BigId, nullable=False),
        sa.Column("quote_id", BigId, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("said_at", UtcTime(), nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", UtcTime()),
        sa.CheckConstraint("kind IN ('wrong_speaker', 'not_a_quote', 'cut_wrong')", name=op.f("ck_feedback_kind")),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.quote_id"], name=op.f("fk_feedback_quote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("quote_id", "channel", "kind", name=op.f("uq_feedback_quote_id_channel_kind")),
        sqlite_autoincrement=True,
    )

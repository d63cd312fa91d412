"""The tables: what is kept, who owns it, and which index answers which question.

``owner_channel`` is the chat that a row belongs to, null when it is shared. Rows that were pasted in a chat carry it;
every query goes through ``store.scope.visible``. Full-text indexes and triggers are not expressible here: they stand in
the migrations.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.columns import BigId, UtcTime
from store.metadata import metadata, reference, unique_per_owner, where

# Ids of what people may hold on to are never used twice (sqlite_autoincrement): a button or a /q number that outlives
# its row must open nothing, not something else.

articles = Table(
    "articles",
    metadata,
    Column("article_id", BigId, primary_key=True),
    Column("owner_channel", Text),
    Column("identity", Text, nullable=False),  # Article.article_id as the core made it
    Column("url", Text),
    Column("outlet", Text),
    Column("title", Text),
    Column("byline", Text),
    Column("language", Text, nullable=False),
    Column("published_at", UtcTime),
    Column("fetched_at", UtcTime, nullable=False),
    # published_at, or fetched_at where the page does not say or says a time that was still to come.
    Column("newest_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),  # revisions.number of the one that is shown
    Column("search", Text, nullable=False),  # folded words of title and body, each once; emptied with the text
    Index("ix_articles_newest", "newest_at", "article_id", "owner_channel"),
    sqlite_autoincrement=True,
)

addresses = Table(
    "addresses",
    metadata,
    Column("address_id", BigId, primary_key=True),
    Column("owner_channel", Text),
    Column("url", Text, nullable=False),
    Column("article_id", BigId, reference("articles.article_id"), nullable=False, index=True),
)
unique_per_owner(addresses, "url")

revisions = Table(
    "revisions",
    metadata,
    Column("revision_id", BigId, primary_key=True),
    Column("article_id", BigId, reference("articles.article_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text_sha256", LargeBinary, nullable=False),
    Column("text", Text),  # null once retention dropped it
    # Always read whole, together with the text: spans as [start, end], paragraphs as [start, end, kind].
    Column("paragraphs", JSON, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("summary_method", Text, nullable=False),
    Column("left_out", JSON, nullable=False),
    Column("engine", Text),  # the version of On Record that analysed it; null where that was not kept
    Column("read_at", UtcTime, nullable=False),
    UniqueConstraint("article_id", "number"),
    Index("ix_revisions_text_sha256", "text_sha256"),
)

sources = Table(
    "sources",
    metadata,
    Column("source_id", BigId, primary_key=True),
    Column("owner_channel", Text),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("added_by", Text),
    Column("added_at", UtcTime, nullable=False),
    Column("full_text", Text, nullable=False, server_default=text("'auto'")),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("interval_seconds", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("claimed_until", UtcTime),
    Column("checked_at", UtcTime),
    Column("answered_at", UtcTime),  # the last check that ended well
    Column("newest_entry_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("failing_since", UtcTime),
    Column("last_error", Text),
    Column("paused_reason", Text),  # null while it is read
    Column("moves", Integer, nullable=False, server_default=text("0")),  # looks in a row that were sent on to moved_to
    Column("moved_to", Text),
    Column("tags", JSON, nullable=False, server_default=text("'[]'")),  # the folders of the list it came from
    Column("note", Text),  # what could not be read of its last look's news, and why; null where all was
    Column("reached_at", UtcTime),  # the last check that its site answered, well or not
    Column("unreached", Integer, nullable=False, server_default=text("0")),  # of the failures: while our line was down
    Column("home", Text),  # of its outlet, as are the next two; null where no list of feeds said
    Column("country", Text),
    Column("outlet_owner", Text),
    Column("ttl_seconds", Integer),  # how long its feed says it stays good; null where it does not say
    Index("ix_sources_due", "due_at", **where("paused_reason IS NULL")),
    sqlite_autoincrement=True,
)
unique_per_owner(sources, "url")

seen_entries = Table(
    "seen_entries",
    metadata,
    Column("source_id", BigId, reference("sources.source_id"), primary_key=True),
    Column("entry", Text, primary_key=True),  # the entry's identity as the source made it
    Column("seen_at", UtcTime, nullable=False),
    Column("article_id", BigId, ForeignKey("articles.article_id", ondelete="SET NULL"), index=True),
    Column("read_at", UtcTime),  # when its article was last read with success; null where none was made of it
    Column("tried_at", UtcTime),  # when that was tried last
    Column("rereads", Integer, nullable=False, server_default=text("0")),  # how often it was tried after the first time
    Column("text_hash", Text),  # of the text that its feed held when it was read; null where its page was read
)

sightings = Table(
    "sightings",
    metadata,
    Column("article_id", BigId, reference("articles.article_id"), primary_key=True),
    Column("source_id", BigId, reference("sources.source_id"), primary_key=True),
    Column("seen_at", UtcTime, nullable=False),
    Index("ix_sightings_source_id", "source_id"),
)

speakers = Table(
    "speakers",
    metadata,
    Column("speaker_id", BigId, primary_key=True),
    Column("owner_channel", Text),  # null when shared pages name them; a private one gives way to a shared one
    Column("name", Text, nullable=False),  # as it is shown
    Column("opened_at", UtcTime, nullable=False),
    Column("printed_name", Text),  # the name under which it was opened; null where that is the one shown
    # Whom an operator made it one with; that one is merged into nobody. Quotes and subscriptions are the other's then,
    # forms and mentions stay here: an undo finds again what was whose, also what came meanwhile.
    # No reference: SQLite adds one to a table with rows in a form that Alembic does not read, and loses with the table.
    Column("merged_into", BigId),
    Index("ix_speakers_merged_into", "merged_into", **where("merged_into IS NOT NULL")),
    sqlite_autoincrement=True,
)

speaker_changes = Table(
    "speaker_changes",
    metadata,
    Column("change_id", BigId, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("speaker_id", BigId, reference("speakers.speaker_id"), nullable=False, index=True),  # kept, or renamed
    # Merged into it; of a renamed one, what stands for the new name where no page had printed it.
    Column("other_id", BigId, ForeignKey("speakers.speaker_id", ondelete="SET NULL"), index=True),
    Column("names", JSON, nullable=False),  # [before, after]; of a merge [merged, kept]
    Column("before", JSON, nullable=False),  # what an undo puts back and no other row tells
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("undone_at", UtcTime),
    Column("undone_by", Text),
    CheckConstraint("kind IN ('merge', 'rename')", name="kind"),
    sqlite_autoincrement=True,
)

speaker_names = Table(
    "speaker_names",
    metadata,
    Column("name_id", BigId, primary_key=True),
    Column("speaker_id", BigId, reference("speakers.speaker_id"), nullable=False),
    Column("owner_channel", Text),  # whose pages print this form
    Column("printed", Text, nullable=False),
    Column("folded", Text, nullable=False),  # names.fold_name: case, accents and spellings gone
    Column("surname", Text, nullable=False),  # the last word of folded
    Index("ix_speaker_names_folded", "folded"),
    Index("ix_speaker_names_surname", "surname"),
)
unique_per_owner(speaker_names, "speaker_id", "printed")

quotes = Table(
    "quotes",
    metadata,
    Column("quote_id", BigId, primary_key=True),
    Column("article_id", BigId, reference("articles.article_id"), nullable=False),
    Column(
        "revision", Integer, nullable=False
    ),  # the last revisions.number it stood in; spans are offsets into its text
    Column("owner_channel", Text),
    Column("speaker_id", BigId, ForeignKey("speakers.speaker_id", ondelete="SET NULL")),
    Column("newest_at", UtcTime, nullable=False),  # the article's
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("quotation", Integer),  # Quote.group
    Column("name", Text),  # null where nobody comes into question, as is all of the attribution
    Column("rule", Text),
    Column("confidence", Float),
    Column("mention_start", Integer),
    Column("mention_end", Integer),
    Column("mention_text", Text),
    Column("cue_start", Integer),
    Column("cue_end", Integer),
    Column("cue_text", Text),
    # The printed sentence or sentences that hold the quote, and their paragraph: the proof that outlives the text.
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("paragraph", Integer, nullable=False),  # index in revisions.paragraphs
    Column("paragraph_start", Integer, nullable=False),
    Column("paragraph_text", Text, nullable=False),
    Column("paragraph_sha256", LargeBinary, nullable=False),
    # Folded words of what is shown, each once, and the token of the speaker whom the page names: a merge keeps it.
    Column("search", Text, nullable=False),
    Column("own_speaker_id", BigId),  # whom the page names, where an operator merged them into speaker_id
    # The quote that is listed for these words, printed by another article; null for the one that is. Never two deep.
    Column("same_as", BigId, ForeignKey("quotes.quote_id", ondelete="SET NULL", name="fk_quotes_same_as")),
    CheckConstraint("state IN ('current', 'removed', 'withdrawn')", name="state"),
    Index("ix_quotes_article_id", "article_id"),
    Index("ix_quotes_speaker_id", "speaker_id"),  # in any state, for merging and forgetting
    Index("ix_quotes_own_speaker_id", "own_speaker_id", **where("own_speaker_id IS NOT NULL")),
    # "X latest": walks one speaker's entries newest first; all that the question needs is in it, so that rows of other
    # chats and below the bar are passed over, and quotes counted, without reading the table. Bound parameters switch partial indexes off: literals only.
    Index(
        "ix_quotes_speaker_newest",
        "speaker_id",
        "newest_at",
        "article_id",
        "start",
        "quote_id",
        "owner_channel",
        "confidence",
        "same_as",
        **where("state = 'current'"),
    ),
    Index(
        "ix_quotes_newest",
        "newest_at",
        "quote_id",
        "owner_channel",
        "same_as",
        **where("state = 'current'"),
    ),
    Index("ix_quotes_same_as", "same_as", **where("same_as IS NOT NULL")),
    sqlite_autoincrement=True,
)

mentions = Table(
    "mentions",
    metadata,
    Column("article_id", BigId, reference("articles.article_id"), primary_key=True),
    Column("speaker_id", BigId, reference("speakers.speaker_id"), primary_key=True),
    Column("owner_channel", Text),
    Column("place", Integer, nullable=False),  # in the order of Analysis.named
    Column("name", Text, nullable=False),  # NamedSpeaker: the longest form on this page
    Column("aliases", JSON, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("reported", JSON, nullable=False),
    Index("ix_mentions_speaker_id", "speaker_id"),
)

channels = Table(
    "channels",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("title", Text),
    Column("access", Text, nullable=False),
    Column("timezone", Text),
    Column("language", Text),
    Column("added_by", Text),
    Column("added_at", UtcTime, nullable=False),
    Column("paused_at", UtcTime),  # null while we may post
    Column("paused_reason", Text),
    Column("last_number", Integer, nullable=False, server_default=text("0")),  # the highest /q number given
    CheckConstraint("access IN ('asked', 'allowed', 'refused')", name="access"),
)

quote_numbers = Table(
    "quote_numbers",
    metadata,
    Column("channel", Text, reference("channels.channel"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("quote_id", BigId, reference("quotes.quote_id"), nullable=False, index=True),
    # Not unique: a quote that became another, as with a page that was shared, is opened by both numbers.
    Index("ix_quote_numbers_channel_quote_id", "channel", "quote_id"),
)

people = Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),  # "telegram:42"
    Column("name", Text),
    Column("access", Text, nullable=False),
    Column("is_operator", Boolean, nullable=False, default=False),
    Column("channel", Text),  # where they are answered
    Column("asked_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("decided_by", Text),
    CheckConstraint("access IN ('asked', 'allowed', 'refused')", name="access"),
)

claim_codes = Table(
    "claim_codes",
    metadata,
    Column("code_sha256", LargeBinary, primary_key=True),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", Text),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscription_id", BigId, primary_key=True),
    Column("channel", Text, nullable=False, index=True),
    Column(
        "speaker_id", BigId, reference("speakers.speaker_id"), index=True
    ),  # null while nobody of that name is known
    Column("name", Text, nullable=False),  # as typed, or the speaker's
    Column("folded", Text, nullable=False, index=True),
    Column("about", Text, nullable=False, server_default=text("''")),  # empty: whatever it is about
    Column("mode", Text, nullable=False),
    Column("muted_until", UtcTime),
    Column("created_by", Text),
    Column("created_at", UtcTime, nullable=False),
    CheckConstraint("mode IN ('at_once', 'hourly', 'daily')", name="mode"),
    UniqueConstraint("channel", "speaker_id", "about"),
    Index("uq_subscriptions_unknown", "channel", "folded", "about", unique=True, **where("speaker_id IS NULL")),
    sqlite_autoincrement=True,
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", BigId, primary_key=True),
    Column("subscription_id", BigId, reference("subscriptions.subscription_id"), nullable=False),
    Column("quote_id", BigId, reference("quotes.quote_id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("not_seen_at", UtcTime),  # of an article without a date: the look before, when its source did not have it
    UniqueConstraint("subscription_id", "quote_id"),  # once, also after a revision
    CheckConstraint("state IN ('pending', 'composed', 'dropped')", name="state"),
    Index("ix_alerts_due", "due_at", **where("state = 'pending'")),
)

schedules = Table(
    "schedules",
    metadata,
    Column("schedule_id", BigId, primary_key=True),
    Column("channel", Text, nullable=False, index=True),
    Column("days", Text, nullable=False),  # "mon,tue,…"
    Column("times", Text, nullable=False),  # "08:00,18:30", in the zone below
    Column("timezone", Text, nullable=False),
    Column("created_by", Text),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column("schedule_id", BigId, reference("schedules.schedule_id"), primary_key=True),
    Column("local_date", Date, primary_key=True),
    Column("nominal_time", Text, primary_key=True),  # "08:00"
    Column("due_at", UtcTime, nullable=False),
    Column("composed_at", UtcTime, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", BigId, primary_key=True),
    Column("quote_id", BigId, reference("quotes.quote_id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Column("decision", Text),  # null while the operator has not answered
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    UniqueConstraint("quote_id", "channel", "kind"),
    CheckConstraint("kind IN ('wrong_speaker', 'not_a_quote', 'cut_wrong')", name="kind"),
    sqlite_autoincrement=True,
)

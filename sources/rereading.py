"""Which known entries are read again, because their outlet changed them: ``changed(entries, known, …)``. Pure.

A correction is worth a look: it takes back a quote or adds one. Dates are not to be trusted, though: some feeds touch
all of them with each look, so what they say is followed within bounds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sources.full_text import MAX_CHARACTERS, FullText, needs_page
from sources.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sources.entries import Entry

REREAD_FOR = timedelta(days=3)
"""From when an entry was seen first: corrections come within hours, and after three days few feeds list an entry."""
REREAD_EVERY = timedelta(minutes=30)
"""Between two readings of one entry, at least: a live page changes each minute, and its reader waits for nothing."""
MOST_REREADS = 10
"""Of one entry in all: what changed so often is a live page, or a feed whose dates mean nothing."""
REREAD_AT_ONCE = 10
"""Entries of one source that are read again with one look; a feed that touches all its dates has some hundreds."""


class SeenBefore(Protocol):
    """What is kept of one mark of an entry; see ``store.seen.SeenEntry``."""

    @property
    def seen_at(self) -> datetime:
        """When it was seen first."""

    @property
    def read_at(self) -> datetime | None:
        """When its article was last read; None where none was made of it."""

    @property
    def tried_at(self) -> datetime | None:
        """When that was tried last."""

    @property
    def rereads(self) -> int:
        """How often it was tried after the first time."""

    @property
    def text_hash(self) -> str | None:
        """Of the text that its feed held; None where its page was read."""


@dataclass(frozen=True, slots=True)
class Reread:
    """An entry that is to be read again.

    Attributes:
        entry: As its feed has it now.
        seen_at: When it was seen first.
        rereads: How often it was read again, this time included.
    """

    entry: Entry
    seen_at: datetime
    rereads: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What a feed says that changed.

    Attributes:
        due: What is read again now, what was read again least first, then the latest change.
        later: How many more will be, if the feed still says so.
    """

    due: tuple[Reread, ...] = ()
    later: int = 0


def changed(
    entries: Sequence[Entry], known: Mapping[str, SeenBefore], *, now: datetime, full_text: FullText
) -> Changed:
    """Return which known entries are read again.

    Args:
        entries: Of one feed, those left out that are new.
        known: What is kept of their marks.
        now: Aware.
        full_text: What the operator says about the source.
    """
    due, later = list[Reread](), 0
    for entry in entries:
        last = _last_reading(entry, known)
        # A title's own mark is younger than its guid where a guid is used again.
        first = known.get(entry.mark or "") or known.get(entry.identity)
        if last is None or first is None or now - first.seen_at > REREAD_FOR or last.rereads >= MOST_REREADS:
            continue
        if not _is_changed(entry, last, full_text):
            continue
        if last.tried_at is not None and now - last.tried_at < REREAD_EVERY:
            later += 1
        else:
            due.append(Reread(entry, first.seen_at, last.rereads + 1))
    # What changes all the time must not keep a first correction waiting.
    due.sort(key=lambda one: (one.rereads, -(one.entry.changed_at or one.seen_at).timestamp()))
    return Changed(tuple(due[:REREAD_AT_ONCE]), later + len(due[REREAD_AT_ONCE:]))


def text_hash(entry: Entry, full_text: FullText) -> str | None:
    """Return what tells the text in an entry from another; None where its page is read instead."""
    if needs_page(entry, full_text):
        return None
    body = max(entry.content or "", entry.summary or "", key=len)
    # Counters and trackers stand in the markup, and change with each look.
    text = plain(body[:MAX_CHARACTERS], limit=MAX_CHARACTERS) or ""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


def _last_reading(entry: Entry, known: Mapping[str, SeenBefore]) -> SeenBefore | None:
    """Return what is kept of the last time it was read; None where no article was made of it."""
    read = [one for mark in entry.marks if (one := known.get(mark)) is not None and one.read_at is not None]
    return max(read, key=lambda one: (one.tried_at or one.seen_at, one.rereads), default=None)


def _is_changed(entry: Entry, last: SeenBefore, full_text: FullText) -> bool:
    """Return whether the text in the feed is another, or, where that cannot be told, its dates are later."""
    if last.text_hash is not None and (now_hash := text_hash(entry, full_text)) is not None:
        return now_hash != last.text_hash
    return entry.changed_at is not None and last.read_at is not None and entry.changed_at > last.read_at

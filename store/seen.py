"""Entries of sources that were read: when, how often, and by which text they are known to have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from store.tables import seen_entries, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What is kept of one mark of an entry.

    Attributes:
        seen_at: When it was seen first.
        read_at: When its article was last read with success; None where there is none (any more) to be read again.
        tried_at: When that was tried last.
        rereads: How often it was tried after the first time.
        text_hash: Of the text that its feed held when it was read; None where its page was read.
    """

    seen_at: datetime
    read_at: datetime | None
    tried_at: datetime | None
    rereads: int
    text_hash: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an entry.

    Attributes:
        began_at: When its text or page was asked for: what the outlet changes from then on may not be in it.
        text_hash: Of the text that its feed held; None where its page was read.
        rereads: How often it was read again, this time included; 0 for the first time.
        seen_at: When it was seen first; None for now.
    """

    began_at: datetime
    text_hash: str | None = None
    rereads: int = 0
    seen_at: datetime | None = None


class SeenEntries:
    """Which entries are known. What changes something does not commit."""

    async def known(self, db: AsyncConnection, source_id: int, marks: Sequence[str]) -> dict[str, SeenEntry]:
        """Return what is kept of those of these marks that are known."""
        known = select(seen_entries).where(seen_entries.c.source_id == source_id, seen_entries.c.entry.in_(list(marks)))
        return {
            row.entry: SeenEntry(
                row.seen_at,
                # An article that was forgotten does not come back because its outlet changed it.
                None if row.article_id is None else row.read_at,
                row.tried_at,
                row.rereads,
                row.text_hash,
            )
            for row in await db.execute(known)
        }

    async def looked_at(self, db: AsyncConnection, source_id: int) -> datetime | None:
        """Return when the last look at a source ended well: what is new with the next was not there then; None before one did."""
        last = select(sources.c.answered_at).where(sources.c.source_id == source_id)
        answered: datetime | None = (await db.execute(last)).scalar_one_or_none()
        return answered

    async def read(
        self, db: AsyncConnection, source_id: int, marks: Sequence[str], reading: Reading, *, article_id: int | None
    ) -> None:
        """Keep that an entry, whose marks are known, was read or tried.

        Args:
            db: A writing transaction.
            source_id: Whose entry it is.
            marks: Of the entry.
            reading: How it was read.
            article_id: What it became; None where it could not be read: what is known of its last reading stays.
        """
        values: dict[str, Any] = {"tried_at": reading.began_at, "rereads": reading.rereads}
        if article_id is not None:
            values |= {"article_id": article_id, "read_at": reading.began_at, "text_hash": reading.text_hash}
        theirs = seen_entries.c.source_id == source_id, seen_entries.c.entry.in_(list(marks))
        await db.execute(update(seen_entries).where(*theirs).values(values))

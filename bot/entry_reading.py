"""What is new in a feed is read, then what its outlet changed: entry by entry, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.analysing import AnalysisError
from bot.looks import may_be_better_later
from sources.entries import fresh, newest
from sources.errors import SourceError
from sources.full_text import FullText, needs_page
from sources.rereading import MOST_REREADS, changed, text_hash
from sources.robots import RobotsKeeper
from store.errors import StoreError
from store.seen import Reading, SeenEntries
from store.sources import Sources
from store.values import Outcome
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.looks import Look
    from bot.page_reader import PageReader
    from handlers.ingest import Ingest
    from sources.entries import Entry, ParsedFeed
    from sources.rereading import Reread
    from store.database import Database
    from store.source_values import Source
    from store.values import SavedArticle

log = structlog.get_logger("bot.entry_reading")

READ_IN = 10
"""Entries of a new source that are read; they are told to nobody, so that it floods nobody."""
READ_AT_ONCE = 50
"""Entries of one source that are read with one look, the newest; the others wait for the next."""
NEWS = timedelta(hours=1)
"""What a source printed so long before it was added is told to nobody; entries come into feeds a little late."""
RETRIED_FOR = timedelta(days=1)
"""A page that cannot be fetched is tried with each look for so long."""

_UNREAD = (SourceError, NotAnArticleError, AnalysisError, StoreError)


@dataclass(slots=True)
class EntryReading:
    """Reads entries."""

    database: Database
    reader: PageReader
    ingest: Ingest
    now: Callable[[], datetime]
    sources: Sources = field(default_factory=Sources)
    seen: SeenEntries = field(default_factory=SeenEntries)
    robots: RobotsKeeper = field(default_factory=RobotsKeeper)
    _failing: dict[tuple[int, str], datetime] = field(default_factory=dict)  # entries whose pages fail, since when

    async def read(
        self, source: Source, feed: ParsedFeed, look: Look, *, is_ours: Callable[[], Awaitable[bool]]
    ) -> bool:
        """Read what is new in a feed, then what changed; return whether the source was ours to the end.

        Args:
            source: Whose feed it is.
            feed: As it reads now.
            look: Counts what becomes of the entries.
            is_ours: Asked before each entry; where it is not, nothing more is read.
        """
        async with self.database.reading() as db:
            marks = [mark for entry in feed.entries for mark in entry.marks]
            known = await self.seen.known(db, source.source_id, marks)
        new = fresh(feed.entries, {mark: one.seen_at for mark, one in known.items()})
        is_first = source.answered_at is None
        chosen = newest(new, READ_IN if is_first else READ_AT_ONCE)
        look.found, look.left = len(chosen), len(new) - len(chosen)
        if is_first:
            read = {entry.identity for entry in chosen}
            rest = [mark for entry in new if entry.identity not in read for mark in entry.marks]
            look.left = 0
            async with self.database.writing() as db:
                await self.sources.mark_seen(db, source.source_id, rest, article_id=None, at=self.now())
        # The oldest first, so that what is told comes in the order of the news.
        for number, entry in enumerate(reversed(chosen)):
            if look.is_unwelcome:
                look.left += len(chosen) - number
                look.found = number
                break
            if not await is_ours():
                return False
            # What could not be read with the first look is no newer with the next.
            is_old = entry.published_at is not None and entry.published_at < source.added_at - NEWS
            await self._read_entry(source, feed, entry, look, announce=not is_first and not is_old)
        unknown = {entry.identity for entry in new}
        old = [entry for entry in feed.entries if entry.identity not in unknown]
        again = changed(old, known, now=self.now(), full_text=FullText(source.full_text))
        look.later = again.later
        for number, one in enumerate(again.due):
            if look.is_unwelcome:
                look.later += len(again.due) - number
                break
            if not await is_ours():
                return False
            await self._read_again(source, feed, one, look)
        return True

    async def _read_entry(self, source: Source, feed: ParsedFeed, entry: Entry, look: Look, *, announce: bool) -> None:
        """Read one entry and count what became of it. What may be better next time stays unseen."""
        reading = Reading(self.now(), text_hash(entry, FullText(source.full_text)))
        try:
            saved = await self._saved(source, feed, entry, reading, announce=announce)
        except _UNREAD as exc:
            log.info("entry_not_read", source=source.source_id, entry=entry.identity, reason=str(exc))
            look.unread[getattr(exc, "reason", str(exc))] += 1
            look.failed(exc)
            if may_be_better_later(exc) and self._is_worth_a_try((source.source_id, entry.mark or entry.identity)):
                look.left += 1
                return
            async with self.database.writing() as db:
                await self.sources.mark_seen(db, source.source_id, entry.marks, article_id=None, at=self.now())
            return
        look.articles, look.trouble = look.articles + 1, 0
        log.info("article_ingested", source=source.source_id, article=saved.article_id, quotes=len(saved.quotes))

    async def _read_again(self, source: Source, feed: ParsedFeed, one: Reread, look: Look) -> None:
        """Read an entry that its outlet changed. What it says that it did not say before is news, however old it is."""
        entry = one.entry
        hashed = text_hash(entry, FullText(source.full_text))
        reading = Reading(self.now(), hashed, one.rereads, one.seen_at)
        try:
            saved = await self._saved(source, feed, entry, reading, announce=True)
        except _UNREAD as exc:
            log.info("entry_not_read_again", source=source.source_id, entry=entry.identity, reason=str(exc))
            look.failed(exc)
            # A page that is gone or walled in now stays as we read it.
            failed = reading if may_be_better_later(exc) else replace(reading, rereads=MOST_REREADS)
            async with self.database.writing() as db:
                await self.seen.read(db, source.source_id, entry.marks, failed, article_id=None)
            return
        look.revised, look.trouble = look.revised + (saved.outcome is Outcome.REVISED), 0
        log.info(
            "article_read_again",
            source=source.source_id,
            article=saved.article_id,
            outcome=saved.outcome,
            new=len(saved.new_quotes),
        )

    async def _saved(
        self, source: Source, feed: ParsedFeed, entry: Entry, reading: Reading, *, announce: bool
    ) -> SavedArticle:
        """Read and save an entry, from its page where it is not whole itself."""
        outlet = source.title or feed.title
        if needs_page(entry, FullText(source.full_text)) and entry.link is not None:
            analysis = await self.reader.fetched(entry.link, outlet=outlet, entry=entry, robots=self.robots)
        else:
            analysis = await self.reader.entry(entry, outlet=outlet, language=feed.language)
        return await self.ingest.save(
            analysis,
            owner_channel=source.owner_channel,
            source_id=source.source_id,
            entry=entry.marks,
            reading=reading,
            also_at=[entry.link] if entry.link else [],
            announce=announce,
        )

    def _is_worth_a_try(self, entry: tuple[int, str]) -> bool:
        """Return whether an entry whose page fails is tried again; a start of the program gives it another day."""
        now = self.now()
        # What its feed dropped meanwhile is asked for no more, and forgotten.
        self._failing = {each: since for each, since in self._failing.items() if now - since < 2 * RETRIED_FOR}
        return now - self._failing.setdefault(entry, now) < RETRIED_FOR

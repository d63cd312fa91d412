"""Sources that are due are looked at, and what is new in them is read: the loop around ``sources`` and ``handlers.ingest``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.analysing import AnalysisError, Form, PageTask
from sources.entries import newest
from sources.entry_pages import page_of
from sources.errors import FetchTimeoutError, HttpStatusError, SourceError
from sources.full_text import FullText, needs_page
from sources.polling import SHORTEST, PollState, next_poll
from sources.reading import FeedRequest, fetch_feed
from sources.robots import RobotsKeeper
from store.errors import StoreError
from store.sources import Sources
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.page_reader import PageReader
    from handlers.ingest import Ingest
    from sources.entries import Entry, ParsedFeed
    from sources.polling import FeedOutcome
    from sources.reading import FeedReader
    from store.database import Database
    from store.sources import Source

log = structlog.get_logger("bot.polling")

LOOK_EVERY = 5.0  # seconds between two looks at what is due
AT_ONCE = 20  # sources that are read beside each other
CLAIM = timedelta(minutes=10)  # a process that dies loses its claims after this
READ_IN = 10
"""Entries of a new source that are read; they are told to nobody, so that it floods nobody."""
SERVER_FAULT = 500


@dataclass(slots=True)
class Polling:
    """Looks at sources.

    Attributes:
        told: Called once when a source is paused, with the source and the reason.
        chance: Returns a number from -1 to 1, so that sources added together do not stay together.
        shortest: Between two looks at one source.
        beat: Called whenever there was a look at what is due, and with each source.
    """

    database: Database
    feeds: FeedReader
    reader: PageReader
    ingest: Ingest
    now: Callable[[], datetime]
    told: Callable[[Source, str], Awaitable[None]]
    chance: Callable[[], float]
    shortest: timedelta = SHORTEST
    beat: Callable[[], None] = lambda: None
    sources: Sources = field(default_factory=Sources)
    robots: RobotsKeeper = field(default_factory=RobotsKeeper)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look at once: a source was added."""
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self._wake.clear()
            if not await self.look():
                try:
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def look(self) -> int:
        """Look at the sources that are due; return how many were."""
        self.beat()
        async with self.database.writing() as db:
            due = await self.sources.claim(db, now=self.now(), lasts=CLAIM, limit=AT_ONCE)
        await asyncio.gather(*(self._guarded(source) for source in due))
        return len(due)

    async def _guarded(self, source: Source) -> None:
        self.beat()
        try:
            await self._look_at(source)
        except Exception:  # around one source: whatever is wrong with it, the others are read
            log.exception("source_failed", source=source.source_id)
            due_at = self.now() + source.interval
            async with self.database.writing() as db:
                await self.sources.failed(
                    db, source.source_id, now=self.now(), due_at=due_at, error="a fault of ours; see the log"
                )

    async def _look_at(self, source: Source) -> None:
        outcome = await fetch_feed(self.feeds, FeedRequest(source.url, source.etag, source.last_modified))
        read = 0
        if outcome.feed is not None:
            read = await self._read(source, outcome.feed)
        await self._keep(source, outcome)
        log.info(
            "source_read", source=source.source_id, articles=read, unchanged=outcome.feed is None, error=outcome.error
        )

    async def _keep(self, source: Source, outcome: FeedOutcome) -> None:
        """Write down how the look went and when the next one is due."""
        now = self.now()
        state = PollState(source.interval, source.failures, source.failing_since, source.newest_entry_at)
        following = next_poll(now, state, outcome, jitter=self.chance(), shortest=self.shortest)
        paused = False
        async with self.database.writing() as db:
            if outcome.error is not None:
                await self.sources.failed(db, source.source_id, now=now, due_at=following.due_at, error=outcome.error)
            else:
                await self.sources.answered(
                    db,
                    source.source_id,
                    now=now,
                    interval=following.state.interval,
                    due_at=following.due_at,
                    etag=outcome.etag,
                    last_modified=outcome.last_modified,
                    title=None if outcome.feed is None else outcome.feed.title,
                    newest_entry_at=following.state.newest_entry_at,
                )
            if following.paused_reason is not None:
                paused = await self.sources.pause(db, source.source_id, following.paused_reason)
        if paused and following.paused_reason is not None:
            await self.told(source, following.paused_reason)

    async def _read(self, source: Source, feed: ParsedFeed) -> int:
        """Read what is new in a feed; return how many articles it gave."""
        async with self.database.reading() as db:
            unseen = set(await self.sources.unseen(db, source.source_id, [one.identity for one in feed.entries]))
        fresh: Sequence[Entry] = [entry for entry in feed.entries if entry.identity in unseen]
        is_first = source.answered_at is None
        if is_first:
            fresh = newest(fresh, READ_IN)
            rest = unseen - {entry.identity for entry in fresh}
            async with self.database.writing() as db:
                await self.sources.mark_seen(db, source.source_id, sorted(rest), article_id=None, at=self.now())
        # The oldest first, so that what is told comes in the order of the news.
        read = [await self._read_entry(source, feed, entry, announce=not is_first) for entry in reversed(fresh)]
        return sum(read)

    async def _read_entry(self, source: Source, feed: ParsedFeed, entry: Entry, *, announce: bool) -> bool:
        """Read one entry; return whether it gave an article. What may be better next time stays unseen."""
        outlet = source.title or feed.title
        try:
            if needs_page(entry, FullText(source.full_text)) and entry.link is not None:
                analysis = await self.reader.fetched(entry.link, outlet=outlet, robots=self.robots)
            else:
                page = page_of(entry, outlet=outlet, language=feed.language)
                task = PageTask(page, Form.HTML, self.now(), url=entry.link, outlet=outlet)
                analysis = await self.reader.analysts.analyse(task)
            saved = await self.ingest.save(
                analysis,
                owner_channel=source.owner_channel,
                source_id=source.source_id,
                entry=entry.identity,
                announce=announce,
            )
        except (SourceError, NotAnArticleError, AnalysisError, StoreError) as exc:
            log.info("entry_not_read", source=source.source_id, entry=entry.identity, reason=str(exc))
            if not _may_be_better_later(exc):
                async with self.database.writing() as db:
                    await self.sources.mark_seen(db, source.source_id, [entry.identity], article_id=None, at=self.now())
            return False
        log.info("article_ingested", source=source.source_id, article=saved.article_id, quotes=len(saved.quotes))
        return True


def _may_be_better_later(exc: Exception) -> bool:
    """Return whether the same entry is worth another try with the next look."""
    if isinstance(exc, HttpStatusError):
        return exc.status >= SERVER_FAULT
    return isinstance(exc, FetchTimeoutError)

"""Sources that are due are looked at, and what is new in them is read: the loop around ``sources`` and ``handlers.ingest``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

from bot.analysing import AnalysisError
from sources.entries import newest
from sources.errors import FetchError, FetchTimeoutError, HttpStatusError, RobotsUnreadableError, SourceError
from sources.full_text import FullText, needs_page
from sources.polling import SHORTEST, FeedOutcome, PollState, next_poll
from sources.reading import FeedRequest, fetch_feed
from sources.robots import RobotsKeeper
from store.errors import StoreError
from store.sources import Sources
from store.subscriptions import Subscriptions
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.page_reader import PageReader
    from handlers.ingest import Ingest
    from sources.entries import Entry, ParsedFeed
    from sources.reading import FeedReader
    from store.database import Database
    from store.sources import Source

log = structlog.get_logger("bot.polling")

LOOK_EVERY = 5.0  # seconds between two looks at what is due
AT_ONCE = 20  # sources that are read beside each other
CLAIM = timedelta(minutes=10)  # a process that dies loses its claims after this
READ_IN = 10
"""Entries of a new source that are read; they are told to nobody, so that it floods nobody."""
READ_AT_ONCE = 50
"""Entries of one source that are read with one look, the newest; the others wait for the next."""
NEWS = timedelta(hours=1)
"""What a source printed so long before it was added is told to nobody; entries come into feeds a little late."""
RETRIED_FOR = timedelta(days=1)
"""A page that cannot be fetched is tried with each look for so long."""

_BETTER_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(slots=True)
class Polling:
    """Looks at sources.

    Attributes:
        told: Called once when a source is paused, with the source and the reason.
        chance: Returns a number from -1 to 1, so that sources added together do not stay together.
        shortest: Between two looks at one source.
        beat: Called whenever there was a look at what is due, and with each source and entry.
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
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    robots: RobotsKeeper = field(default_factory=RobotsKeeper)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _failing: dict[tuple[int, str], datetime] = field(default_factory=dict)  # entries whose pages fail, since when

    def wake(self) -> None:
        """Look at once: a source was added."""
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled. A source that takes long keeps nobody waiting while fewer than ``AT_ONCE`` do."""
        async with asyncio.TaskGroup() as group:
            going = set[asyncio.Task[None]]()

            def ended(task: asyncio.Task[None]) -> None:
                if len(going) == AT_ONCE:
                    self._wake.set()  # what is due may have been waiting for this
                going.discard(task)

            while True:
                self._wake.clear()
                for source in await self._claimed(AT_ONCE - len(going)):
                    task = group.create_task(self._guarded(source))
                    going.add(task)
                    task.add_done_callback(ended)
                try:
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def look(self) -> int:
        """Look at the sources that are due and wait until they are read; return how many were."""
        due = await self._claimed(AT_ONCE)
        await asyncio.gather(*(self._guarded(source) for source in due))
        return len(due)

    async def _claimed(self, limit: int) -> Sequence[Source]:
        self.beat()
        if not limit:
            return ()
        async with self.database.writing() as db:
            return await self.sources.claim(db, now=self.now(), lasts=CLAIM, limit=limit)

    async def _guarded(self, source: Source) -> None:
        self.beat()
        try:
            await self._look_at(source)
        except Exception:  # around one source: whatever is wrong with it, the others are read
            log.exception("source_failed", source=source.source_id)
            await self._keep(source, FeedOutcome(error="a fault of ours; see the log"))

    async def _look_at(self, source: Source) -> None:
        outcome = await fetch_feed(self.feeds, FeedRequest(source.url, source.etag, source.last_modified))
        read = 0
        if outcome.feed is not None:
            look = await self._read(source, outcome.feed)
            if look is None:
                log.warning("source_claim_lost", source=source.source_id)
                return
            read = look.articles
            if look.left:
                # "Nothing is new since" would keep us from what was left.
                outcome = replace(outcome, etag=None, last_modified=None)
        await self._keep(source, outcome)
        log.info(
            "source_read", source=source.source_id, articles=read, unchanged=outcome.feed is None, error=outcome.error
        )

    async def _keep(self, source: Source, outcome: FeedOutcome) -> None:
        """Write down how the look went and when the next one is due."""
        now = self.now()
        state = PollState(
            source.interval,
            source.failures,
            source.failing_since,
            source.newest_entry_at,
            source.moves,
            source.moved_to,
        )
        paused = False
        async with self.database.writing() as db:
            awaited = await self.subscriptions.some(db)
            following = next_poll(now, state, outcome, awaited=awaited, jitter=self.chance(), shortest=self.shortest)
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
                    moves=following.state.moves,
                    moved_to=following.state.moved_to,
                )
            if following.move_to is not None:
                kept = await self.sources.move(db, source.source_id, following.move_to)
                log.info("source_moved", source=source.source_id, read_as=kept)
            if following.paused_reason is not None:
                paused = await self.sources.pause(db, source.source_id, following.paused_reason)
        if paused and following.paused_reason is not None:
            await self.told(source, following.paused_reason)

    async def _read(self, source: Source, feed: ParsedFeed) -> _Look | None:
        """Read what is new in a feed; None if the source is not ours to read any more."""
        async with self.database.reading() as db:
            unseen = set(await self.sources.unseen(db, source.source_id, [one.identity for one in feed.entries]))
        is_first = source.answered_at is None
        new = [entry for entry in feed.entries if entry.identity in unseen]
        chosen = newest(new, READ_IN if is_first else READ_AT_ONCE)
        look = _Look(left=len(new) - len(chosen))
        if is_first:
            rest = unseen - {entry.identity for entry in chosen}
            look.left = 0
            async with self.database.writing() as db:
                await self.sources.mark_seen(db, source.source_id, sorted(rest), article_id=None, at=self.now())
        held = source.claimed_until
        # The oldest first, so that what is told comes in the order of the news.
        for entry in reversed(chosen):
            self.beat()
            until = self.now() + CLAIM
            async with self.database.writing() as db:
                if not await self.sources.hold(db, source.source_id, held=held, until=until):
                    return None
            held = until
            # What could not be read with the first look is no newer with the next.
            is_old = entry.published_at is not None and entry.published_at < source.added_at - NEWS
            await self._read_entry(source, feed, entry, look, announce=not is_first and not is_old)
        return look

    async def _read_entry(self, source: Source, feed: ParsedFeed, entry: Entry, look: _Look, *, announce: bool) -> None:
        """Read one entry and count what became of it. What may be better next time stays unseen."""
        outlet = source.title or feed.title
        try:
            if needs_page(entry, FullText(source.full_text)) and entry.link is not None:
                analysis = await self.reader.fetched(entry.link, outlet=outlet, robots=self.robots)
            else:
                analysis = await self.reader.entry(entry, outlet=outlet, language=feed.language)
            saved = await self.ingest.save(
                analysis,
                owner_channel=source.owner_channel,
                source_id=source.source_id,
                entry=entry.identity,
                also_at=[entry.link] if entry.link else [],
                announce=announce,
            )
        except (SourceError, NotAnArticleError, AnalysisError, StoreError) as exc:
            log.info("entry_not_read", source=source.source_id, entry=entry.identity, reason=str(exc))
            if may_be_better_later(exc) and self._is_worth_a_try((source.source_id, entry.identity)):
                look.left += 1
                return
            async with self.database.writing() as db:
                await self.sources.mark_seen(db, source.source_id, [entry.identity], article_id=None, at=self.now())
            return
        look.articles += 1
        log.info("article_ingested", source=source.source_id, article=saved.article_id, quotes=len(saved.quotes))

    def _is_worth_a_try(self, entry: tuple[int, str]) -> bool:
        """Return whether an entry whose page fails is tried again; a start of the program gives it another day."""
        now = self.now()
        # What its feed dropped meanwhile is asked for no more, and forgotten.
        self._failing = {each: since for each, since in self._failing.items() if now - since < 2 * RETRIED_FOR}
        return now - self._failing.setdefault(entry, now) < RETRIED_FOR


@dataclass(slots=True)
class _Look:
    """What a look at a feed gave.

    Attributes:
        left: Entries that are worth another look.
    """

    articles: int = 0
    left: int = 0


def may_be_better_later(exc: Exception) -> bool:
    """Return whether an entry that failed so is worth another try with the next look.

    A site in trouble, or a line that is down, is; a page that is gone, refused, or no article is what it is.
    """
    if isinstance(exc, HttpStatusError):
        return exc.status >= HTTPStatus.INTERNAL_SERVER_ERROR or exc.status in _BETTER_LATER
    # A FetchError that is nothing more special is a line that broke or a site that cannot be reached.
    return isinstance(exc, (FetchTimeoutError, RobotsUnreadableError)) or type(exc) is FetchError

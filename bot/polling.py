"""Sources that are due are looked at, and what is new in them is read: the loop around ``sources`` and ``handlers.ingest``."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.looks import Look
from sources.addresses import host_of
from sources.polling import AWAITED_LONGEST, SHORTEST, FeedOutcome, PollState, back_at, is_line_down, next_poll
from sources.reading import FeedRequest, fetch_feed
from store.failures import FAILURES
from store.lines import Lines
from store.sources import Sources
from store.subscriptions import Subscriptions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.entry_reading import EntryReading
    from sources.reading import FeedReader
    from store.database import Database
    from store.source_values import Source

log = structlog.get_logger("bot.polling")

LOOK_EVERY = 5.0  # seconds between two looks at what is due, at most: another process may have added a source
LOOK_AFTER = 0.1  # … and at least
AT_ONCE = 20  # sources that are read beside each other
CLAIM = timedelta(minutes=10)  # a process that dies loses its claims after this
HELD_EVERY = timedelta(seconds=30)  # a claim is made longer so often: with each entry it was a third of all commits


@dataclass(slots=True)
class _Claim:
    """How long a source is ours to read."""

    until: datetime | None


@dataclass(slots=True)
class Polling:
    """Looks at sources.

    Attributes:
        told: Called once when a source is paused, in that transaction, with the source and the reason.
        chance: Returns a number from -1 to 1, so that sources added together do not stay together.
        shortest: Between two looks at one source.
        beat: Called whenever there was a look at what is due, and with each source and entry.
        looked: Called after each look at a source.
        queued: Called after a commit that queued something.
    """

    database: Database
    feeds: FeedReader
    entries: EntryReading
    now: Callable[[], datetime]
    told: Callable[[AsyncConnection, Source, str], Awaitable[None]]
    chance: Callable[[], float]
    shortest: timedelta = SHORTEST
    beat: Callable[[], None] = lambda: None
    looked: Callable[[Source, Look], None] = lambda _source, _look: None
    queued: Callable[[], None] = lambda: None
    sources: Sources = field(default_factory=Sources)
    lines: Lines = field(default_factory=Lines)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _awaited: bool = False  # whether somebody waits for an alert

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
                try:
                    for source in await self._claimed(AT_ONCE - len(going)):
                        task = group.create_task(self._guarded(source))
                        going.add(task)
                        task.add_done_callback(ended)
                    patience = await self._until_due(AT_ONCE - len(going))
                except FAILURES:
                    log.exception("database_failed")
                    patience = LOOK_EVERY
                with suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        await self._wake.wait()

    async def look(self) -> int:
        """Look at the sources that are due and wait until they are read; return how many were."""
        due = await self._claimed(AT_ONCE)
        await asyncio.gather(*(self._guarded(source) for source in due))
        return len(due)

    async def once(self, source_ids: Sequence[int]) -> list[int]:
        """Look at these sources, which are due, once; return the ids of those that somebody else reads now."""
        waiting, going = set(source_ids), set[asyncio.Task[None]]()
        try:
            while waiting or going:
                claimed = await self._claimed(AT_ONCE - len(going), only=sorted(waiting))
                waiting -= {source.source_id for source in claimed}
                going |= {asyncio.create_task(self._guarded(source)) for source in claimed}
                if not going:
                    break
                _, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in going:
                task.cancel()
            await asyncio.gather(*going, return_exceptions=True)
        return sorted(waiting)

    async def _until_due(self, room: int) -> float:
        """Return the seconds until there is something to look at: who waits for an alert waits no longer than that."""
        if room <= 0:
            return LOOK_EVERY  # the end of a look wakes us
        async with self.database.reading() as db:
            due_at = await self.sources.next_due(db, now=self.now())
        left = LOOK_EVERY if due_at is None else (due_at - self.now()).total_seconds()
        return min(max(left, LOOK_AFTER), LOOK_EVERY)

    async def _claimed(self, limit: int, *, only: Sequence[int] | None = None) -> Sequence[Source]:
        self.beat()
        if not limit or only == []:
            return ()
        async with self.database.writing() as db:
            awaited = await self.subscriptions.some(db)
            if awaited and not self._awaited:
                await self.sources.hurry(db, longest=AWAITED_LONGEST)
            claimed = await self.sources.claim(db, now=self.now(), lasts=CLAIM, limit=limit, only=only)
        self._awaited = awaited
        return claimed

    async def _guarded(self, source: Source) -> None:
        self.beat()
        try:
            look = await self._look_at(source)
        except Exception:  # noqa: BLE001 - around one source, and logged: whatever is wrong with it, the others are read
            try:
                if await self._is_removed(source):
                    log.info("source_removed", source=source.source_id)
                    return
                log.exception("source_failed", source=source.source_id)
                look = Look(error="a fault of ours; see the log")
                await self._keep(source, FeedOutcome(error=look.error, reached=False), look)
            except FAILURES:
                # Nothing can be written down now, both tracebacks are in the log: the claim lapses, and it is read again.
                log.exception("database_failed", source=source.source_id)
                return
        self.looked(source, look)

    async def _is_removed(self, source: Source) -> bool:
        async with self.database.reading() as db:
            return not await self.sources.exists(db, source.source_id)

    async def _look_at(self, source: Source) -> Look:
        outcome = await fetch_feed(self.feeds, FeedRequest(source.url, source.etag, source.last_modified, source.ttl))
        look = Look(error=outcome.error)
        if outcome.feed is not None:
            claim = _Claim(source.claimed_until)
            if not await self.entries.read(source, outcome.feed, look, is_ours=lambda: self._holds(source, claim)):
                log.warning("source_claim_lost", source=source.source_id)
                return look
            if look.left or look.later:
                # "Nothing is new since" would keep us from what was left.
                wait = max(outcome.retry_after or timedelta(), look.wait or timedelta()) or None
                outcome = replace(outcome, etag=None, last_modified=None, retry_after=wait)
        await self._keep(source, outcome, look)
        log.info(
            "source_read",
            source=source.source_id,
            articles=look.articles,
            revised=look.revised,
            unchanged=outcome.feed is None,
            unread=look.unread.total(),
            error=outcome.error,
        )
        return look

    async def _keep(self, source: Source, outcome: FeedOutcome, look: Look) -> None:
        """Write down how the look went and when the next one is due."""
        now = self.now()
        state = PollState(
            source.interval,
            source.failures,
            source.failing_since,
            source.newest_entry_at,
            source.moves,
            source.moved_to,
            source.unreached,
        )
        paused = False
        async with self.database.writing() as db:
            awaited = await self.subscriptions.some(db)
            down = outcome.unreached and await self._is_line_down(db, source)
            following = next_poll(
                now,
                state,
                outcome,
                awaited=awaited,
                jitter=self.chance(),
                shortest=self.shortest,
                line_is_down=down,
            )
            if outcome.reached and (back := await self.lines.come_back(db, source.source_id, now=now, when=back_at)):
                log.info("line_is_back", source=source.source_id, waiting=back)
            if outcome.error is not None:
                await self.sources.failed(
                    db,
                    source.source_id,
                    now=now,
                    due_at=following.due_at,
                    error=outcome.error,
                    reached=outcome.reached,
                    line_is_down=down,
                )
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
                    news=look.found > 0,
                    note=look.note,
                    ttl=outcome.ttl,
                )
            if following.move_to is not None:
                kept = await self.sources.move(db, source.source_id, following.move_to)
                log.info("source_moved", source=source.source_id, read_as=kept)
            if following.paused_reason is not None:
                paused = await self.sources.pause(db, source.source_id, following.paused_reason)
                if paused:
                    await self.told(db, source, following.paused_reason)
        if paused:
            look.paused = following.paused_reason
            self.queued()

    async def _is_line_down(self, db: AsyncConnection, source: Source) -> bool:
        hosts = {host_of(url) for url in await self.lines.addresses(db)}
        return is_line_down(len(hosts), looked_at=source.checked_at, reached_at=await self.lines.reached_at(db))

    async def _holds(self, source: Source, claim: _Claim) -> bool:
        """Make our claim last for one more entry; return whether the source is ours still."""
        self.beat()
        until = self.now() + CLAIM
        if claim.until is None or until - claim.until >= HELD_EVERY:
            async with self.database.writing() as db:
                if not await self.sources.hold(db, source.source_id, held=claim.until, until=until):
                    return False
            claim.until = until
        return True

"""What the clock wakes: briefings at their times, alerts as soon as they are made, housekeeping once a day.

The clock only wakes; what is due is asked of the database. So a time that was missed, or that came twice when the clocks
went back, costs nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from bot.housekeeping import tidy
from store.schedules import DAYS, Schedules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from handlers.alerts import AlertComposer
    from handlers.briefings import Briefings
    from handlers.composing import Composing
    from store.articles import Articles
    from store.database import Database
    from store.schedules import Schedule

log = structlog.get_logger("bot.scheduler")

LOOK_EVERY = 60.0  # seconds: whatever was missed, and schedules that another process set up
READING_EVERY = 2.0  # seconds between two looks at how sources that were just added are read
TIDY_EVERY = timedelta(days=1)
T = TypeVar("T")


async def _nothing_to_read() -> bool:
    return False


@dataclass(slots=True)
class Scheduler:
    """Wakes what is due.

    Attributes:
        articles: Who places them in stories.
        beat: Called whenever there was a look at what is due.
        texts_kept: How long texts of articles are kept, None for ever.
        read_on: Tells how sources that were just added are read; returns whether there will be more to tell.
    """

    database: Database
    briefings: Briefings
    alerts: AlertComposer
    articles: Articles
    now: Callable[[], datetime]
    beat: Callable[[], None] = lambda: None
    texts_kept: timedelta | None = None
    read_on: Callable[[], Awaitable[bool]] = _nothing_to_read
    schedules: Schedules = field(default_factory=Schedules)
    _queued: asyncio.Event = field(default_factory=asyncio.Event)
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _alerted: asyncio.Event = field(default_factory=asyncio.Event)
    _known: dict[int, Schedule] = field(default_factory=dict)

    def wake(self) -> None:
        """Look at the schedules at once: one was changed, or its time has come."""
        self._due.set()

    def alerted(self) -> None:
        """Compose at once: alerts were made."""
        self._alerted.set()

    def queued(self) -> None:
        """Look whether something was queued that goes on."""
        self._queued.set()

    async def run(self) -> None:
        """Wake what is due until cancelled."""
        # No grace: a wake that comes late is as good as one in time.
        clock = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        clock.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._brief(clock))
                group.create_task(self._compose())
                group.create_task(self._tell_of_reading())
                group.create_task(self._tidy())
        finally:
            clock.shutdown(wait=False)

    async def _brief(self, clock: AsyncIOScheduler) -> None:
        while True:
            self._due.clear()
            self.beat()
            await _guarded("briefings", lambda: self._sync(clock))
            await self._composed("briefings", self.briefings.due)
            await _rung(self._due, LOOK_EVERY)

    async def _compose(self) -> None:
        while True:
            self._alerted.clear()
            await self._composed("alerts", self.alerts.due)
            await _rung(self._alerted, LOOK_EVERY)

    async def _composed(self, duty: str, due: Callable[[], Awaitable[Iterable[Composing]]]) -> None:
        """Compose what is due, each by itself: one that fails is tried again with the next look, and keeps no other back."""
        for one in await _guarded(duty, due) or ():
            await _guarded(duty, one)

    async def _tell_of_reading(self) -> None:
        while True:
            self._queued.clear()
            goes_on = await _guarded("reading", self.read_on)
            if goes_on:
                await asyncio.sleep(READING_EVERY)
            else:
                await _rung(self._queued, LOOK_EVERY)

    async def _tidy(self) -> None:
        while True:
            await _guarded("housekeeping", lambda: tidy(self.database, self.articles, self.now(), self.texts_kept))
            await asyncio.sleep(TIDY_EVERY.total_seconds())

    async def _sync(self, clock: AsyncIOScheduler) -> None:
        """Let the clock know the schedules as they stand in the database."""
        async with self.database.reading() as db:
            wanted = {one.schedule_id: one for one in await self.schedules.all(db)}
        for schedule_id in self._known.keys() - wanted.keys():
            clock.remove_job(str(schedule_id))
        for schedule_id, schedule in wanted.items():
            if self._known.get(schedule_id) != schedule:
                clock.add_job(self._ring, trigger_of(schedule), id=str(schedule_id), replace_existing=True)
        self._known = wanted

    async def _ring(self) -> None:
        # A coroutine, since the scheduler calls functions in a thread.
        self.wake()


def trigger_of(schedule: Schedule) -> OrTrigger:
    """Return when the clock wakes for a schedule, in its zone."""
    # Names, not numbers: 0 is Monday there and Sunday in every crontab.
    days = ",".join(DAYS[day] for day in sorted(schedule.days))
    zone = ZoneInfo(schedule.timezone)
    return OrTrigger(
        [CronTrigger(day_of_week=days, hour=local.hour, minute=local.minute, timezone=zone) for local in schedule.times]
    )


async def _guarded(duty: str, work: Callable[[], Awaitable[T]]) -> T | None:
    """Return what something returns; a failure is one event in the log, and it is tried again with the next look."""
    try:
        return await work()
    except (
        Exception
    ):  # around one delivery, of which composing is the first step, or one duty: it must not end the others
        log.exception("duty_failed", duty=duty)
        return None


async def _rung(event: asyncio.Event, patience: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await event.wait()

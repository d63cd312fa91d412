"""The clock wakes on the days and at the times that were said, where they were said; what fails then fails alone."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from bot.scheduler import Scheduler, trigger_of
from handlers.alerts import AlertComposer
from handlers.briefings import Briefings
from store.articles import Articles
from store.delivery_tables import outbox
from store.schedules import Schedule
from store.tables import articles, quotes
from tests.handlers.pages import DAM, HARBOUR
from tests.handlers.test_alerts import ANA, BARS, BEN, Newsroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from store.database import Database

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def schedule(days: set[int], *times: time, zone: str = "UTC") -> Schedule:
    """Return a schedule of these days, Monday being 0."""
    return Schedule(1, "telegram:7", frozenset(days), times, zone, None, SUNDAY_NOON)


@pytest.mark.parametrize(
    ("days", "zone", "expected"),
    [
        ({0, 1, 2, 3, 4}, "UTC", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),  # weekdays begin with Monday
        ({6}, "UTC", datetime(2026, 11, 29, 8, 0, tzinfo=UTC)),  # this Sunday's 08:00 has passed
        ({5}, "UTC", datetime(2026, 11, 28, 8, 0, tzinfo=UTC)),
        ({0}, "Asia/Tokyo", datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),  # Monday 08:00 there
    ],
)
def test_days_are_the_days_that_were_said(days: set[int], zone: str, expected: datetime) -> None:
    """Not a day later, as with crontab's numbers."""
    fires = trigger_of(schedule(days, time(8, 0), zone=zone)).get_next_fire_time(None, SUNDAY_NOON)
    assert fires == expected


def test_the_next_of_several_times_wakes() -> None:
    """One schedule, several times a day."""
    fires = trigger_of(schedule(set(range(7)), time(8, 0), time(17, 30))).get_next_fire_time(None, SUNDAY_NOON)
    assert fires == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


@asynccontextmanager
async def waking(newsroom: Newsroom) -> AsyncIterator[None]:
    """Run the scheduler of a newsroom for the block, and end it as a stop does."""
    scheduler = Scheduler(
        newsroom.database,
        Briefings(newsroom.database, BARS, newsroom.now),
        AlertComposer(newsroom.database, BARS, newsroom.now),
        Articles(),
        newsroom.now,
    )
    task = asyncio.create_task(scheduler.run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def told(opened: Database, count: int) -> list[str]:
    """Wait until so many messages were queued; return their channels."""
    async with asyncio.timeout(20):
        while True:
            async with opened.reading() as db:
                channels = list((await db.execute(select(outbox.c.channel).order_by(outbox.c.channel))).scalars())
            if len(channels) >= count:
                return channels
            await asyncio.sleep(0.05)


async def test_an_alert_that_cannot_be_composed_keeps_no_other_back(opened: Database) -> None:
    """Each failure is in the log with its traceback, and what could not be told is told once it can be."""
    newsroom = Newsroom(opened)
    await newsroom.subscribe(ANA, "Pardo")
    await newsroom.subscribe(BEN, "Vos")
    await newsroom.reads(DAM, url="https://post.example/dam")
    await newsroom.reads(HARBOUR, url="https://post.example/harbour")
    of_the_dam = quotes.c.article_id == select(func.min(articles.c.article_id)).scalar_subquery()
    async with opened.writing() as db:  # a disk that forgets
        await db.execute(update(quotes).where(of_the_dam).values(text="?" + quotes.c.text))
    with capture_logs() as logs:
        async with waking(newsroom):
            assert await told(opened, 1) == [BEN]
    failed = [log for log in logs if log["event"] == "duty_failed"]
    assert [(log["duty"], log["exc_info"]) for log in failed] == [("alerts", True)] * 2
    async with opened.writing() as db:
        await db.execute(update(quotes).where(of_the_dam).values(text=func.substr(quotes.c.text, 2)))
    async with waking(newsroom):
        assert await told(opened, 3) == [ANA, BEN, BEN]

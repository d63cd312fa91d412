"""A bot that is killed while an alert is under way, and started again: what became of the alert?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from store.channels import Access, Channels
from store.database import database
from store.outbox import Outbox
from store.outbox_items import State
from store.people import People
from store.sources import Sources
from store.subscriptions import Subscriptions
from tests.bot.feeds import NewsSite, news_site
from tests.bot.processes import environment, line_with, started, stopped
from tests.platforms.telegram import TelegramServer

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from store.database import Database

    KillPoint = Callable[[NewsSite, TelegramServer], Awaitable[None]]
    """Returns at the moment at which the process shall be killed."""

READER = "telegram:7"
WORDS = "We will rebuild the gates before winter"
NEWS = f"""Town will not wait for the capital

The old dam above Vessin held on Friday after three days of rain, engineers said.

Mayor Piet Vos said the town would not wait for the capital. “{WORDS},” Vos said.

The ministry did not answer questions. Rain is expected to return on Sunday, forecasters said."""
PATIENCE = 60.0


async def alerts_after(kill_at: KillPoint, folder: Path) -> int:
    """Kill a bot at a point, start it again, and return how often the alert stands in the chat when all is done.

    Args:
        kill_at: When to kill it; what is awaited there was begun before the process.
        folder: An empty folder, for the data.
    """
    url = f"sqlite:///{folder / 'onrecord.db'}"
    async with TelegramServer() as telegram, news_site() as site, database(url) as store:
        telegram.person(7, "Ana")
        site.prints(NEWS, datetime.now(UTC))
        await set_up(store, site)
        env = environment(folder, telegram)
        async with started(folder, env) as process:
            async with asyncio.timeout(PATIENCE):
                await kill_at(site, telegram)
            await _killed(process)
        async with started(folder, env) as process:
            await line_with(process, "Telegram is ready")
            if not await _is_sent(store):
                return 0
            code, _, log = await stopped(process)
        assert code == 0, log
        return sum(WORDS in each.text for each in telegram.sent_to(7))


async def set_up(store: Database, site: NewsSite) -> None:
    """Let Ana in, wish for what Vos says, follow the site as one that has been read before."""
    now = datetime.now(UTC)
    async with store.writing() as db:
        await People().ask(db, READER, name="Ana", channel=READER, at=now)
        await People().decide(db, READER, Access.ALLOWED, by=READER, at=now)
        await Channels().add(db, READER, access=Access.ALLOWED, at=now)
        await Subscriptions().add(db, READER, "vos", speaker_id=None, by=READER, at=now)
        source, _ = await Sources().add(db, site.feed, interval=timedelta(minutes=5), at=now)
        await Sources().answered(
            db,
            source.source_id,
            now=now - timedelta(hours=1),
            interval=timedelta(minutes=5),
            due_at=now,
            etag=None,
            last_modified=None,
        )


async def _killed(process: Process) -> None:
    process.kill()
    await process.wait()


async def _is_sent(store: Database) -> bool:
    """Wait until the alert stands in the outbox and is sent; return whether that came about."""
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with store.reading() as db:
                    item = await Outbox().get(db, 1)
                if item is not None and item.state is State.SENT:
                    return True
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False


async def feed_read(site: NewsSite, _: TelegramServer) -> None:
    """Return when the feed was asked for."""
    while not site.looks:
        site.changed.clear()
        await site.changed.wait()


async def page_read(site: NewsSite, _: TelegramServer) -> None:
    """Return when the article was asked for."""
    while not site.pages:
        site.changed.clear()
        await site.changed.wait()


async def alert_taken(_: NewsSite, telegram: TelegramServer) -> None:
    """Return when Telegram has taken the alert, and has not answered or just did."""
    await telegram.until(lambda: bool(telegram.sent_to(7)), PATIENCE)


def later(point: KillPoint, seconds: float) -> KillPoint:
    """Return the moment so long after a point."""

    async def passed(site: NewsSite, telegram: TelegramServer) -> None:
        await point(site, telegram)
        await asyncio.sleep(seconds)

    return passed

"""The composition root: the one module that knows every part of the bot."""

from __future__ import annotations

import asyncio
import random
import secrets
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.bells import Bells
from bot.connecting import Connection, Line, deliver, slack_connection, telegram_connection
from bot.entry_reading import EntryReading
from bot.notices import Notices
from bot.parts import Parts, opened
from bot.polling import Polling
from bot.scheduler import Scheduler
from handlers.answering import answer
from handlers.commands import COMMANDS
from handlers.first_reading import tell_of_reading
from handlers.held import ask_operators
from handlers.presence import on_presence
from store.leases import Leases

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from bot.heartbeat import Heartbeat
    from config.settings import Settings

log = structlog.get_logger("bot.app")

SOURCES_SILENT = timedelta(minutes=15)
"""One look may take as long as its slowest pages; longer than this and it hangs."""
CLOCK_SILENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class App:
    """Everything, open but not yet at work."""

    parts: Parts
    polling: Polling
    scheduler: Scheduler
    connections: tuple[Connection, ...]
    heartbeat: Heartbeat

    async def run(self) -> None:
        """Work until cancelled; what is in mid-send is ended first.

        Raises:
            NotLetInError: (in a group) if a platform does not know its token.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self.heartbeat.run())
            group.create_task(self.polling.run())
            group.create_task(self.scheduler.run())
            group.create_task(deliver(self.connections))


@asynccontextmanager
async def running(
    settings: Settings, *, now: Callable[[], datetime], say: Callable[[str], None], heartbeat: Heartbeat
) -> AsyncIterator[App]:
    """Open what the bot needs; close it in reverse order, whatever happens.

    Args:
        settings: The operator's. The data folder has been claimed for this process.
        now: The time, aware, UTC.
        say: Says a line to who started the program.
        heartbeat: Kept by the loops.

    Raises:
        StoreError: if the database cannot be opened or brought up to date.
    """
    bells = Bells()
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(opened(settings, bells, now=now))
        if parts.database.writer.dialect.name == "sqlite":
            # The data folder is ours, so whoever held a lease or a source is gone: no need to wait until that lapses.
            async with parts.database.writing() as db:
                await Leases().lapse(db, now=now())
                await parts.desk.sources.release(db)
        notices = Notices(now)
        line = Line(
            desk=parts.desk,
            answer=partial(answer, desk=parts.desk),
            notice=partial(on_presence, desk=parts.desk),
            commands=COMMANDS,
            owner=secrets.token_hex(8),
            told=notices.channel_paused,
            say=say,
            beats=heartbeat.loop,
        )
        connections = []
        if settings.telegram_token is not None:
            token = settings.telegram_token.get_secret_value()
            connections.append(await stack.enter_async_context(telegram_connection(settings, token, line)))
        if settings.slack_bot_token is not None and settings.slack_app_token is not None:
            tokens = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
            connections.append(await stack.enter_async_context(slack_connection(settings, *tokens, line)))
        assert parts.feeds is not None
        polling = Polling(
            parts.database,
            parts.feeds,
            EntryReading(parts.database, parts.reader, parts.ingest, now),
            now,
            notices.source_paused,
            chance=lambda: random.uniform(-1, 1),  # noqa: S311 - spreads looks in time; guards nothing
            shortest=settings.poll_interval,
            beat=heartbeat.loop("sources", SOURCES_SILENT),
            queued=bells.queued.ring,
        )
        scheduler = Scheduler(
            parts.database,
            parts.briefings,
            parts.alerts,
            parts.ingest.articles,
            now,
            beat=heartbeat.loop("clock", CLOCK_SILENT),
            texts_kept=settings.texts_kept,
            read_on=partial(tell_of_reading, parts.desk),
        )
        bells.queued.listen(scheduler.queued)
        if asked := await ask_operators(parts.desk):
            log.warning("messages_held", asked=asked)
        bells.alerted.listen(scheduler.alerted)
        bells.rescheduled.listen(scheduler.wake)
        bells.added.listen(polling.wake)
        for each in connections:
            bells.queued.listen(each.delivery.wake)
        yield App(parts, polling, scheduler, tuple(connections), heartbeat)

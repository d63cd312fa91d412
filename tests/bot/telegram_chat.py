"""A running Telegram adapter in front of a test server: who writes gets what ``answer`` returns."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.answering import Answering, says
from bot.taps import TapMemory
from bot.telegram.adapter import TelegramAdapter
from bot.telegram.render import render
from bot.telegram.sender import TelegramSender, telegram_client
from tests.platforms.faults import PATIENCE
from tests.platforms.telegram import TOKEN, TelegramServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.answering import Answer
    from bot.taps import TapStore
    from handlers.command import Command, Moved, Presence
    from summaries.message import Message


class Asked:
    """Handlers that keep what they were asked and answer with a message of their own.

    Attributes:
        commands: What was asked, in order.
        notices: What was told of channels.
    """

    def __init__(self, answer: Callable[[Command], Message | None] | None = None) -> None:
        self.commands: list[Command] = []
        self.notices: list[Presence | Moved] = []
        self._answer = answer or (lambda command: says(f"{command.name}|{command.args}"))

    async def answer(self, command: Command) -> Message | None:
        """Keep a command and answer it."""
        self.commands.append(command)
        return self._answer(command)

    async def notice(self, news: Presence | Moved) -> None:
        """Keep what is told of a channel."""
        self.notices.append(news)


class Silence:
    """A clock for what waits: nothing passes until a test says so.

    Attributes:
        waits: What was waited for, in seconds, in order.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._begun = asyncio.Condition()
        self._passed: list[asyncio.Event] = []

    async def wait(self, seconds: float) -> None:
        """Wait until ``pass_`` is called."""
        passed = asyncio.Event()
        async with self._begun:
            self.waits.append(seconds)
            self._passed.append(passed)
            self._begun.notify_all()
        await passed.wait()

    async def begun(self, times: int) -> None:
        """Return as soon as something waits for the ``times``-th time."""
        async with asyncio.timeout(PATIENCE), self._begun:
            await self._begun.wait_for(lambda: len(self.waits) >= times)

    def pass_(self) -> None:
        """Let all the time pass that somebody waits for."""
        for passed in self._passed:
            passed.set()
        self._passed.clear()


@asynccontextmanager
async def chatting(  # noqa: PLR0913 - a test names what it changes
    telegram: TelegramServer,
    asked: Asked,
    *,
    answer: Answer | None = None,
    slow_after: float = 60.0,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    taps: TapStore | None = None,
) -> AsyncIterator[TelegramAdapter]:
    """Yield an adapter that runs in front of an open server."""
    kept = taps or TapMemory()
    async with telegram_client(TOKEN, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as bot:
        adapter = TelegramAdapter(
            bot,
            TelegramSender(bot, kept),
            kept,
            answer or asked.answer,
            now=lambda: datetime.now(UTC),
            notice=asked.notice,
            commands=(("quotes", "What someone said"),),
            wait=wait,
            answering=Answering(answer or asked.answer, render, slow_after=slow_after),
        )
        running = asyncio.create_task(adapter.run())
        try:
            yield adapter
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

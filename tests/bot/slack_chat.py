"""A running Slack adapter in front of a test server: who writes gets what ``answer`` returns."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.answering import Answering
from bot.slack.adapter import SlackAdapter
from bot.slack.render import render
from bot.slack.sender import SlackSender, slack_client
from bot.taps import TapMemory
from tests.platforms.slack import APP_TOKEN, BOT_TOKEN, SlackServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.answering import Answer
    from tests.bot.telegram_chat import Asked

NAMES = frozenset({"quotes", "q", "summary"})


@asynccontextmanager
async def chatting(
    slack: SlackServer,
    asked: Asked,
    *,
    answer: Answer | None = None,
    slow_after: float = 60.0,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[None]:
    """Run an adapter in front of an open server, connected."""
    taps = TapMemory()
    async with slack_client(BOT_TOKEN, base_url=slack.base_url) as client:
        adapter = SlackAdapter(
            client,
            APP_TOKEN,
            SlackSender(client, taps),
            taps,
            answer or asked.answer,
            now=lambda: datetime.now(UTC),
            names=NAMES,
            wait=wait,
            answering=Answering(answer or asked.answer, render, slow_after=slow_after),
        )
        running = asyncio.create_task(adapter.run())
        try:
            if wait is asyncio.sleep:
                await slack.connected()
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

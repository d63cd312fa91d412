"""The demonstration, without a token: sample articles about invented people, briefed and asked about; nothing is dialled."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.bells import Bells
from bot.chat import BEGIN, Chat
from bot.parts import Parts, opened
from bot.terminal import LOCAL
from config.data import samples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from bot.heartbeat import Heartbeat
    from config.settings import Settings
    from summaries.message import Message

HOW_TO_GO_ON = (
    "This is a demonstration with invented articles: no token is set, so nothing is read from the web or posted.",
    "Telegram: write /newbot to @BotFather and put the token into .env: ONRECORD_TELEGRAM_TOKEN=…",
    "Slack: make an app from slack-manifest.yaml and put its two tokens into .env. Then start again.",
)
SERVES = "Serving until stopped (Ctrl-C, SIGTERM); the chat needs a terminal."
APART = timedelta(minutes=95)
"""Between two samples, by their dates."""
LOOKS_BACK = timedelta(hours=24)


def demonstrate(settings: Settings, heartbeat: Heartbeat, run: Callable[[Coroutine[Any, Any, int]], int]) -> int:
    """Show a briefing of the samples; then answer at a terminal, or without one wait to be stopped.

    Args:
        settings: For the time zone and the like; their database is left alone.
        heartbeat: Kept while waiting.
        run: Runs something until it ends or the process is told to stop, and returns the exit code.
    """
    if not sys.stdin.isatty():
        return run(_shown(settings, heartbeat))
    with asyncio.Runner() as runner, Chat(runner, demonstration(settings)) as chat:
        chat.show(runner.run(briefing(chat.parts)))
        chat.say(*HOW_TO_GO_ON, BEGIN)
        return chat.talk()


async def _shown(settings: Settings, heartbeat: Heartbeat) -> int:
    from bot.terminal import as_text  # noqa: PLC0415 - only here

    async with demonstration(settings) as parts:
        sys.stdout.write(as_text(await briefing(parts)))
        sys.stdout.write("\n" + "\n".join((*HOW_TO_GO_ON, SERVES)) + "\n")
        sys.stdout.flush()
        await heartbeat.run()
    return 0


@asynccontextmanager
async def demonstration(settings: Settings) -> AsyncIterator[Parts]:
    """Open the parts with the samples in a database of their own, which ends with the block."""
    with TemporaryDirectory(prefix="onrecord-") as folder:
        own = settings.model_copy(update={"data_dir": Path(folder), "database_url": None})
        async with opened(own, Bells(), now=_now, dials=False, is_open=True) as parts:
            await read_samples(parts)
            yield parts


async def read_samples(parts: Parts) -> None:
    """Read the samples as if they had been printed today, one after the other."""
    for number, page in enumerate(samples().values(), 1):
        analysis = await parts.reader.page(page)
        printed = replace(analysis.article, published_at=_now() - number * APART)
        await parts.ingest.save(replace(analysis, article=printed), announce=False)


async def briefing(parts: Parts) -> Message:
    """Return the briefing of what was read."""
    async with parts.database.writing() as db:
        return await parts.briefings.preview(db, str(LOCAL), since=_now() - LOOKS_BACK)


def _now() -> datetime:
    return datetime.now(UTC)

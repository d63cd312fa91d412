"""The whole bot in front of a Telegram on loopback, with feeds on loopback to read."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.app import App, running
from bot.heartbeat import Heartbeat
from config.settings import Settings
from tests.handlers.pages import analysis_of
from tests.platforms.telegram import TOKEN, TelegramServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.platforms.telegram_chats import Person


@dataclass
class Clock:
    """The real time, plus what a test lets pass."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.ahead


@dataclass
class Bot:
    """A running bot.

    Attributes:
        said: What it said to who started it.
    """

    app: App
    said: asyncio.Queue[str]
    clock: Clock

    async def claimed(self, telegram: TelegramServer, person: Person) -> str:
        """Make somebody the operator by the link in the terminal; return the answer."""
        async with asyncio.timeout(20):
            line = await self.said.get()
        found = re.search(r"\?start=(claim-\w+)", line)
        assert found is not None, line
        await telegram.says(person, f"/start {found[1]}")
        return (await telegram.answer()).text

    async def follow(self, address: str) -> str:
        """Add a source as the operator does; return what it is called."""
        follower = self.app.parts.desk.follower
        assert follower is not None
        return await follower.follow(address, by="telegram:7")

    async def until_read(self, count: int) -> None:
        """Wait until so many articles are stored."""
        parts = self.app.parts
        async with asyncio.timeout(30):
            while True:
                async with parts.database.reading() as db:
                    if await parts.desk.articles.count(db, "telegram:7") >= count:
                        return
                await asyncio.sleep(0.05)

    async def look(self) -> None:
        """Look at the sources as if all of them were due."""
        parts = self.app.parts
        async with parts.database.writing() as db:
            for source in await parts.desk.sources.all(db, "telegram:7"):
                await parts.desk.sources.resume(db, "telegram:7", source.source_id, now=self.clock.now())
        await self.app.polling.look()

    async def ingest(self, text: str) -> None:
        """Save an article as if a source had printed it now."""
        analysis = analysis_of(text, url="https://post.example/1", at=self.clock.now())
        await self.app.parts.ingest.save(analysis)


def settings_of(folder: Path, telegram: TelegramServer, **changes: object) -> Settings:
    """Return settings for a bot in front of a test's Telegram, whatever stands in this environment."""
    known = {
        "telegram_token": TOKEN,
        "telegram_api": telegram.base_url.removesuffix("/bot"),
        "data_dir": folder,
        "allowed_networks": "127.0.0.0/8",
        "poll_seconds": 1,
        "pushed_bar": 0.5,  # whoever is named; how sure is not what these tests are about
    }
    return Settings(_env_file=None, **(known | changes))  # type: ignore[arg-type,call-arg] # pydantic reads the words


@asynccontextmanager
async def bot(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Bot]:
    """Run a bot until the block ends, then stop it as SIGTERM does."""
    clock = clock or Clock()
    said: asyncio.Queue[str] = asyncio.Queue()
    settings.data_dir.mkdir(exist_ok=True)
    heartbeat = Heartbeat(settings.data_dir, clock.now)
    async with running(settings, now=clock.now, say=said.put_nowait, heartbeat=heartbeat) as app:
        work = asyncio.create_task(app.run())
        try:
            yield Bot(app, said, clock)
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


async def shown(telegram: TelegramServer, *words: str, chat: int = 7) -> str:
    """Wait until one message in a chat, as it reads now, holds all these words; return it."""

    def found() -> list[str]:
        return [each.text for each in telegram.sent_to(chat) if all(one in each.text for one in words)]

    await telegram.until(lambda: bool(found()), patience=30)
    return found()[-1]

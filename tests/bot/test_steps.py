"""An alert's way in single steps, ended after each: whoever starts next tells it, once.

What a kill leaves is what was committed; so each step is taken here by itself, on what the one before it committed, and then
nothing of it is left but the database. ``test_crash`` kills real processes, at moments that cannot be chosen so finely.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from handlers.alerts import AlertComposer
from handlers.composing import composed
from handlers.ingest import Ingest
from store.database import database
from store.leases import Leases
from store.outbox import Outbox
from store.outbox_items import State
from store.sending import Parts
from store.sources import Sources
from summaries.values import Bars
from tests.bot.crashes import NEWS, PATIENCE, WORDS, set_up
from tests.bot.feeds import news_site
from tests.bot.whole import bot, settings_of
from tests.handlers.pages import analysis_of
from tests.platforms.telegram import TelegramServer

if TYPE_CHECKING:
    from pathlib import Path

    from store.database import Database
    from store.leases import Lease
    from store.outbox_items import OutboxPart
    from tests.bot.feeds import NewsSite
    from tests.bot.whole import Bot

BARS = Bars(asked=0.1, pushed=0.5)
STEPS = ("nothing", "claimed", "ingested", "composed", "expanded", "started", "taken", "sent")


class Steps:
    """What a process does, step by step."""

    def __init__(self, store: Database, site: NewsSite, telegram: TelegramServer) -> None:
        self._store, self._site, self._telegram = store, site, telegram
        self._lease: Lease | None = None
        self._parts: list[OutboxPart] = []

    async def take(self, step: str) -> None:
        """Take one step."""
        await {
            "nothing": self._nothing,
            "claimed": self._claimed,
            "ingested": self._ingested,
            "composed": self._composed,
            "expanded": self._expanded,
            "started": self._started,
            "taken": self._taken,
            "sent": self._sent,
        }[step]()

    async def _nothing(self) -> None:
        return

    async def _claimed(self) -> None:
        async with self._store.writing() as db:
            assert await Sources().claim(db, now=_now(), lasts=timedelta(minutes=10), limit=1)

    async def _ingested(self) -> None:
        url = f"{self._site.base}/0"
        ingest = Ingest(self._store, BARS, _now)
        await ingest.save(analysis_of(NEWS, url=url, at=_now()), source_id=1, entry=url, also_at=[url])

    async def _composed(self) -> None:
        await composed(await AlertComposer(self._store, BARS, _now).due())

    async def _expanded(self) -> None:
        async with self._store.writing() as db:
            lease = await Leases().take(db, "telegram:4242", "gone", lasts=timedelta(minutes=1), now=_now())
            assert lease is not None
            item = await Outbox().get(db, 1)
            assert item is not None
            payload = {"text": WORDS}
            self._lease, self._parts = lease, await Parts().expand(db, 1, [payload], lease, now=_now())

    async def _started(self) -> None:
        assert self._lease is not None
        async with self._store.writing() as db:
            assert await Parts().start(db, self._parts[0].part_id, self._lease, now=_now(), clock=_now())

    async def _taken(self) -> None:
        self._telegram.posting.post({"chat_id": "7", "text": WORDS})

    async def _sent(self) -> None:
        assert self._lease is not None
        async with self._store.writing() as db:
            await Parts().sent(db, self._parts[0].part_id, self._lease, now=_now(), platform_message_id="1")


def _now() -> datetime:
    return datetime.now(UTC)


async def _delivered(running: Bot) -> OutboxPart:
    """Return the alert's only part as soon as it is sent."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with running.app.parts.database.reading() as db:
                parts = await Parts().of(db, 1)
            if parts and parts[0].state is State.SENT:
                return parts[0]
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("last", STEPS)
async def test_an_alert_outlives_an_end_between_any_two_steps(last: str, tmp_path: Path) -> None:
    """Told once; twice only where it was taken and nobody wrote that down, and then it is marked as resent."""
    folder = tmp_path / "data"
    folder.mkdir()
    async with TelegramServer() as telegram, news_site() as site:
        telegram.person(7, "Ana")
        site.prints(NEWS, _now())
        async with database(f"sqlite:///{folder / 'onrecord.db'}") as store:
            await set_up(store, site)
            steps = Steps(store, site, telegram)
            for step in STEPS[: STEPS.index(last) + 1]:
                await steps.take(step)
        settings = settings_of(folder, telegram)
        async with bot(settings) as running:
            part = await _delivered(running)
            # Looked at once more, and delivered what came of that, before it stops.
            await running.look()
            await composed(await running.app.parts.alerts.due())
            async with running.app.parts.database.reading() as db:
                assert await Outbox().get(db, 2) is None
        told = sum(WORDS in message.text for message in telegram.sent_to(7))
    assert told == (2 if last == "taken" else 1)
    assert part.resent == (last in {"started", "taken"})

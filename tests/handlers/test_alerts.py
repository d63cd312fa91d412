"""A subscriber is told once of what a person said, and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from handlers.alerts import AlertComposer
from handlers.composing import composed
from handlers.ingest import Ingest
from store.channels import Access, Channels
from store.outbox import Outbox
from store.restores import Restores
from store.sources import Sources
from store.subscriptions import Mode, Subscriptions
from store.tables import sources
from summaries.message_json import parse_message
from summaries.values import Bars
from tests.handlers.dialogue import Chat, desk_of
from tests.handlers.pages import DAM, HARBOUR, NOW, analysis_of

if TYPE_CHECKING:
    from datetime import datetime

    from store.database import Database

ANA = "telegram:7"
BEN = "telegram:8"
DAY = timedelta(days=1)
BARS = Bars(asked=0.1, pushed=0.2)  # what is tested is who is told, not how sure the engine is


@dataclass
class Newsroom:
    """A store that reads articles and tells subscribers."""

    database: Database
    at: datetime = NOW

    def now(self) -> datetime:
        """Return the newsroom's time."""
        return self.at

    async def subscribe(self, channel: str, name: str, mode: Mode = Mode.AT_ONCE, about: str = "") -> int:
        """Set a subscription up."""
        async with self.database.writing() as db:
            await Channels().add(db, channel, access=Access.ALLOWED, at=self.at)
            wish, _ = await Subscriptions().add(
                db, channel, name, speaker_id=None, about=about, mode=mode, by=None, at=self.at
            )
        return wish.subscription_id

    async def reads(self, text: str, *, url: str, owner: str | None = None, announce: bool = True) -> None:
        """Read an article."""
        ingest = Ingest(self.database, BARS, self.now)
        await ingest.save(analysis_of(text, url=url), owner_channel=owner, announce=announce)

    async def tells(self) -> list[tuple[str, str]]:
        """Compose what is due; return everything queued so far, as (channel, text)."""
        await composed(await AlertComposer(self.database, BARS, self.now).due())
        async with self.database.reading() as db:
            items = await Outbox().heads(db, "telegram", now=self.at + timedelta(seconds=1))
        return sorted((item.channel, parse_message(item.message).plain_text()) for item in items)


@pytest.fixture
def newsroom(opened: Database) -> Newsroom:
    """Return an empty newsroom."""
    return Newsroom(opened)


async def test_one_message_for_one_article(newsroom: Newsroom) -> None:
    """However many quotes it holds; whole statements, the words that name the speaker, the source."""
    await newsroom.subscribe(ANA, "Pardo")
    await newsroom.subscribe(BEN, "Orlan")
    await newsroom.reads(DAM, url="https://post.example/dam")
    ((channel, text),) = await newsroom.tells()
    assert channel == ANA
    assert text.startswith("Ana Pardo · 2 new quotes\n“The dam held because the rain stopped at midnight,”"[:70])
    assert "“Next time we may not be so lucky.” ¹" in text
    assert "/q1 /q2" in text
    assert "post.example" in text
    assert text.endswith("[Copy] [Wrong?] [Mute 24 h]")


async def test_the_same_article_again_tells_nothing(newsroom: Newsroom) -> None:
    """Neither read twice nor composed twice."""
    await newsroom.subscribe(ANA, "Ana Pardo")
    for _ in range(2):
        await newsroom.reads(DAM, url="https://post.example/dam")
        assert len(await newsroom.tells()) == 1


async def test_two_subscriptions_to_one_quote_are_one_message(newsroom: Newsroom) -> None:
    """A quote that meets "vos" and "vos about gates" comes once."""
    await newsroom.subscribe(ANA, "Piet Vos")
    await newsroom.subscribe(ANA, "Piet Vos", about="gates")
    await newsroom.reads(DAM, url="https://post.example/dam")
    ((_, text),) = await newsroom.tells()
    assert text.count("“We will rebuild the gates before winter") == 1


async def test_a_subject_narrows_it_down(newsroom: Newsroom) -> None:
    """What else the article holds of the speaker is counted, not shown."""
    await newsroom.subscribe(ANA, "Piet Vos", about="gates")
    await newsroom.reads(HARBOUR, url="https://post.example/harbour")
    assert await newsroom.tells() == []
    await newsroom.reads(DAM, url="https://post.example/dam")
    ((_, text),) = await newsroom.tells()
    assert text.startswith("Piet Vos · 1 new quote, 1 more in the article")


async def test_an_hourly_subscription_waits_for_the_hour(newsroom: Newsroom) -> None:
    """Then everything comes."""
    newsroom.at = NOW + timedelta(minutes=5)
    await newsroom.subscribe(ANA, "Piet Vos", Mode.HOURLY)
    await newsroom.reads(DAM, url="https://post.example/dam")
    assert await newsroom.tells() == []
    newsroom.at = NOW + timedelta(hours=1)
    assert len(await newsroom.tells()) == 1


async def test_a_pasted_page_is_nobody_elses_news(newsroom: Newsroom) -> None:
    """What Ben pastes tells Ben alone, and not even him when he is answered anyway."""
    await newsroom.subscribe(ANA, "Ana Pardo")
    await newsroom.reads(DAM, url="https://post.example/dam", owner=BEN)
    assert await newsroom.tells() == []
    await newsroom.subscribe(BEN, "Ana Pardo")
    await newsroom.reads(
        DAM + "\n\nMore rain is on its way.", url="https://post.example/dam-2", owner=BEN, announce=False
    )
    assert await newsroom.tells() == []


async def test_a_topic_lives_in_the_time_of_its_chat(newsroom: Newsroom) -> None:
    """A forum's time zone is chosen once, not in every topic."""
    topic = "telegram:-100/7"
    await newsroom.subscribe(topic, "Piet Vos", Mode.DAILY)
    async with newsroom.database.writing() as db:
        await Channels().add(db, "telegram:-100", access=Access.ALLOWED, at=newsroom.at)
        await Channels().change(db, "telegram:-100", timezone="Asia/Tokyo")
    await newsroom.reads(DAM, url="https://post.example/dam")
    newsroom.at = NOW.replace(hour=22, minute=59)
    assert await newsroom.tells() == []
    newsroom.at = NOW.replace(hour=23)  # 08:00 in Tokyo
    ((channel, text),) = await newsroom.tells()
    assert channel == topic
    assert "17:00 JST" in text


async def test_what_waits_keeps_to_what_is_wished_now(newsroom: Newsroom) -> None:
    """Muted meanwhile it waits on; told at once again it comes at once."""
    desk = replace(desk_of(newsroom.database, is_open=True), now=newsroom.now)
    chat = Chat(desk)
    number = await newsroom.subscribe(ANA, "Piet Vos", Mode.HOURLY)
    await newsroom.reads(DAM, url="https://post.example/dam")
    await chat.says(f"/mute {number} 24", "nothing before")
    newsroom.at += timedelta(hours=3)
    assert await newsroom.tells() == []
    await chat.says(f"/mode {number} daily", "told in the morning")
    await chat.says(f"/mode {number} at_once", "told at once")
    assert await newsroom.tells() == []
    await chat.says(f"/unmute {number}", "told again from now on")
    assert len(await newsroom.tells()) == 1


async def test_an_undated_article_may_be_as_old_as_the_look_before(newsroom: Newsroom) -> None:
    """After a restore the first look finds what was told before it, hours later too; what a second look finds is new."""
    await newsroom.subscribe(ANA, "Piet Vos")
    states = []
    for text, looked_at in ((DAM, NOW), (HARBOUR, NOW + timedelta(hours=4))):
        newsroom.at = looked_at
        async with newsroom.database.writing() as db:
            source, _ = await Sources().add(db, f"https://{looked_at.hour}.example/", interval=DAY, at=looked_at)
            await db.execute(update(sources).values(answered_at=looked_at))
            if text is DAM:
                await Restores().begin(db, at=NOW + timedelta(minutes=1))
        newsroom.at = NOW + timedelta(hours=5)
        page = analysis_of(text, url=f"https://post.example/{looked_at.hour}")
        undated = replace(page, article=replace(page.article, published_at=None, fetched_at=newsroom.at))
        await Ingest(newsroom.database, BARS, newsroom.now).save(undated, source_id=source.source_id)
        await newsroom.tells()
        async with newsroom.database.reading() as db:
            states.append(await Outbox().counts(db))
    assert states == [{"held": 1}, {"held": 1, "queued": 1}]


async def test_an_undated_article_that_came_from_no_source_is_told(newsroom: Newsroom) -> None:
    """An operator added it: no look was before it."""
    await newsroom.subscribe(ANA, "Piet Vos")
    page = analysis_of(DAM, url="https://post.example/dam")
    undated = replace(page, article=replace(page.article, published_at=None))
    await Ingest(newsroom.database, BARS, newsroom.now).save(undated)
    assert len(await newsroom.tells()) == 1

"""Who set something up is told when it stops, where they can still be reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.notices import Notices
from handlers.command import Channel
from store.channels import Access, Channels
from store.outbox import Outbox
from store.people import People
from store.sources import Sources
from summaries.message_json import parse_message

if TYPE_CHECKING:
    from store.database import Database

NOW = datetime(2031, 5, 13, 9, 0, tzinfo=UTC)
ANA = "telegram:7"


async def told(database: Database) -> list[tuple[str, str]]:
    """Return what is queued, as (channel, text)."""
    async with database.reading() as db:
        items = await Outbox().heads(db, "telegram", now=NOW)
    return [(one.channel, parse_message(one.message, version=one.version).plain_text()) for one in items]


async def notices(database: Database) -> Notices:
    """Return notices; Ana has written to us."""
    async with database.writing() as db:
        await People().ask(db, ANA, name="Ana", channel=ANA, at=NOW)
    return Notices(database, lambda: NOW, lambda: None)


async def test_who_added_a_source_is_told_that_it_is_paused(opened: Database) -> None:
    """By name, with the reason."""
    known = await notices(opened)
    async with opened.writing() as db:
        source, _ = await Sources().add(
            db, "https://post.example/feed", title="Vessin Post", by=ANA, interval=timedelta(minutes=5), at=NOW
        )
    await known.source_paused(source, "the site says it is gone")
    ((channel, text),) = await told(opened)
    assert channel == ANA
    assert text.startswith("Vessin Post is not read any more: the site says it is gone.")


async def test_who_let_us_into_a_group_is_told_that_it_is_closed_to_us(opened: Database) -> None:
    """In their private chat; about that chat itself there is nowhere to tell."""
    known = await notices(opened)
    async with opened.writing() as db:
        for channel in ("telegram:-1001", ANA):
            await Channels().add(db, channel, access=Access.ALLOWED, at=NOW, title="Harbour desk", by=ANA)
            await known.channel_paused(db, Channel.parse(channel), "kicked")
    assert await told(opened) == [(ANA, "Nothing can be posted in Harbour desk any more: kicked.")]


async def test_nobody_is_told_of_what_nobody_set_up(opened: Database) -> None:
    """A channel that is not known, a source without a name behind it."""
    known = await notices(opened)
    async with opened.writing() as db:
        await known.channel_paused(db, Channel.parse("telegram:-5"), "kicked")
        source, _ = await Sources().add(db, "https://post.example/feed", interval=timedelta(minutes=5), at=NOW)
    await known.source_paused(source, "gone")
    assert await told(opened) == []

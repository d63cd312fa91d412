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
from summaries.message import Actions
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
    return Notices(lambda: NOW)


async def test_operators_and_who_added_a_source_are_told_that_it_is_paused(opened: Database) -> None:
    """Once each: by name, with the reason, what to do, and buttons that do it."""
    known = await notices(opened)
    async with opened.writing() as db:
        for person in ("telegram:8", "telegram:9"):
            await People().ask(db, person, name=None, channel=person, at=NOW)
        await People().add_code(db, "7K2QX", made_at=NOW, expires_at=NOW + timedelta(minutes=5))
        await People().claim(db, "7K2QX", "telegram:8", at=NOW)
        source, _ = await Sources().add(
            db, "https://post.example/feed", title="Vessin Post", by=ANA, interval=timedelta(minutes=5), at=NOW
        )
        other, _ = await Sources().add(
            db, "https://post.example/world", title="World", by="telegram:8", interval=timedelta(minutes=5), at=NOW
        )
        await known.source_paused(db, source, "The site says this feed is gone for good.")
        await known.source_paused(db, other, "It failed 12 times.")
    async with opened.reading() as db:
        items = [await Outbox().get(db, number) for number in (1, 2, 3, 4)]
    shown = [(one.channel, parse_message(one.message, version=one.version)) for one in items if one is not None]
    assert [channel for channel, _ in shown] == ["telegram:8", ANA, "telegram:8"]
    assert (
        shown[1][1]
        .plain_text()
        .startswith("Vessin Post is not read any more. The site says this feed is gone for good.")
    )
    buttons = shown[1][1].blocks[-1]
    assert isinstance(buttons, Actions)
    assert [(one.label, one.command) for one in buttons.actions] == [
        ("Resume", f"/sources resume {source.source_id}"),
        ("Remove", f"/sources remove {source.source_id}"),
    ]


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
        await known.source_paused(db, source, "gone")
    assert await told(opened) == []

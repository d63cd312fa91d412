"""When our own line is down, no source is paused for it, and all are back soon after the first one answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.source_lines import trouble
from sources.polling import BACK_WITHIN
from store.sources import Sources
from store.tables import sources

if TYPE_CHECKING:
    from tests.bot.newsroom import Newsroom, Site

DEAD = ("http://127.0.0.2:1/feed", "http://127.0.0.3:1/feed", "http://127.0.0.4:1/feed")  # nobody listens there
DAY = timedelta(days=1)


async def test_no_source_is_paused_for_our_line(room: Newsroom, site: Site) -> None:
    """Failures back off and are said; the first answer brings the others back; who fails then fails by itself."""
    async with room.database.writing() as db:
        for url in DEAD:
            await Sources().add(db, url, interval=timedelta(minutes=5), at=room.at)
    for _ in range(20):
        await room.looks(DAY)
    assert room.told == []
    for number in (1, 2, 3):
        source = await room.source(number)
        assert (source.failures, source.unreached, source.paused_reason) == (20, 19, None)
        assert "this machine's own line seems to be down" in (trouble(source, room.at) or "")
    async with room.database.writing() as db:
        await Sources().change(db, "telegram:7", 1, {"url": f"{site.base}/feed"})
        await db.execute(sources.update().where(sources.c.source_id != 1).values(due_at=room.at + 2 * DAY))
    assert await room.looks(DAY) == 1
    for number in (2, 3):
        source = await room.source(number)
        assert (source.failures, source.unreached) == (1, 0)
        assert room.at <= source.due_at < room.at + BACK_WITHIN
    assert (await room.source(1)).failures == 0
    for _ in range(11):
        await room.looks(DAY)
    assert [url for url, _ in room.told] == list(DEAD[1:])


async def test_a_source_alone_is_paused_as_ever(room: Newsroom) -> None:
    """Of one host it cannot be told whose line is down."""
    async with room.database.writing() as db:
        await Sources().add(db, DEAD[0], interval=timedelta(minutes=5), at=room.at)
    for _ in range(12):
        await room.looks(DAY)
    assert [url for url, _ in room.told] == [DEAD[0]]

"""When an article was printed: by its page, else by its feed; so it is told, sorted, and judged after a restore."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from handlers.alerts import AlertComposer
from store.articles import Articles
from store.outbox import Outbox
from store.restores import Restores
from store.tables import alerts, quotes
from summaries.digests import Telling
from summaries.origins import origin_runs
from tests.bot.newsroom import ANA, BARS, HOUR, HTML, Newsroom, Site
from tests.sources.servers import response

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = timedelta(minutes=1)
OPENING = "The council of Vessin met on Monday, and the mayor spoke at some length about the dam and its gates."
SAID = "“We will rebuild gate number {} before the winter,” said Piet Vos, the mayor, who had been asked about it."


def page(number: int, *, date: datetime | None = None, heading: str = "<h1>Gates</h1>", more: str = "") -> bytes:
    """Return an article's page, with its date or without one."""
    head = "" if date is None else f'<meta property="article:published_time" content="{date.isoformat()}">'
    lines = "".join(f"<p>{line}</p>" for line in (OPENING, SAID.format(number), more) if line)
    html = f"<html lang=en><head>{head}</head><body><article>{heading}{lines}</article></body></html>"
    return response(html.encode(), headers=HTML)


def feed(site: Site, dates: dict[int, datetime | None], *, content: str = "") -> bytes:
    """Return a feed of entries by number, each with its date or without one."""
    whole = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    items = "".join(
        f"<item><title>Gate {number}</title><link>{site.base}/{number}</link><guid isPermaLink='false'>g{number}</guid>"
        + ("" if date is None else f"<pubDate>{format_datetime(date)}</pubDate>")
        + f"{whole}</item>"
        for number, date in dates.items()
    )
    xmlns = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    return response(f"<rss version='2.0' {xmlns}><channel><title>Vessin Post</title>{items}</channel></rss>".encode())


async def told(room: Newsroom) -> list[tuple[datetime | None, bool]]:
    """Return of each article, the newest first, when it was printed, and whether it is told that no date is known."""
    async with room.database.reading() as db:
        cards = await Articles().latest(db, ANA, limit=9)
    lines = ["".join(run.text for run in origin_runs(card, Telling(BARS).translator)) for card in cards]
    return [(card.published_at, "date on the page" in line) for card, line in zip(cards, lines, strict=True)]


async def test_a_page_without_a_date_has_its_feeds_one(room: Newsroom, site: Site) -> None:
    """The page's own goes before; only where neither says it, none is told. The newest come first."""
    old, older, own = room.at - 2 * HOUR, room.at - 3 * HOUR, room.at - 9 * HOUR
    site.says |= {"/1": page(1), "/2": page(2), "/3": page(3, date=own), "/4": page(4)}
    site.says["/feed"] = feed(site, {1: older, 2: old, 3: old, 4: None})
    await room.follows("/feed")
    await room.looks(MINUTE)
    assert await told(room) == [(None, True), (old, False), (older, False), (own, False)]


@pytest.mark.parametrize("is_whole", [False, True])
async def test_a_date_that_is_yet_to_come_is_none(room: Newsroom, site: Site, *, is_whole: bool) -> None:
    """Neither for a page nor for a feed that holds the whole article: it would be a later one with each reading."""
    text = "".join(f"<p>{line}</p>" for line in [OPENING, *map(SAID.format, range(20))]) if is_whole else ""
    site.says |= {"/1": page(1), "/feed": feed(site, {1: room.at + 3 * HOUR}, content=text)}
    await room.follows("/feed")
    await room.looks(MINUTE)
    assert site.pages() == ([] if is_whole else ["/1"])
    assert await told(room) == [(None, True)]


async def test_a_page_without_a_title_has_its_feeds_one(room: Newsroom, site: Site) -> None:
    """So that it is called something."""
    site.says |= {"/1": page(1, heading=""), "/feed": feed(site, {1: room.at})}
    await room.follows("/feed")
    await room.looks(MINUTE)
    async with room.database.reading() as db:
        (card,) = await Articles().latest(db, ANA)
    assert (card.title, card.outlet) == ("Gate 1", "Vessin Post")


async def test_a_page_that_is_read_again_keeps_its_date(room: Newsroom, site: Site) -> None:
    """By its feed, whose entry has none any more, and by its address alone; its quotes stay as old as it is."""
    printed = room.at - HOUR
    site.says |= {"/1": page(1), "/feed": feed(site, {1: printed})}
    await room.follows("/feed")
    await room.looks(MINUTE)
    reader, ingest = room.polling.entries.reader, room.polling.entries.ingest
    room.at += HOUR
    site.says["/1"] = page(1, more=SAID.format(2))
    await ingest.save(await reader.fetched(f"{site.base}/1"))
    assert await told(room) == [(printed, False)]
    async with room.database.reading() as db:
        assert list((await db.execute(select(quotes.c.newest_at))).scalars()) == [printed, printed]


async def test_after_a_restore_the_feeds_date_tells_what_was_printed_before_it(room: Newsroom, site: Site) -> None:
    """What may have been told before is held, what was printed since is told; no look before has to stand for a date."""
    await room.subscribes()
    site.says["/feed"] = feed(site, {})
    await room.follows("/feed")
    await room.looks()
    restored = room.at + 30 * MINUTE
    async with room.database.writing() as db:
        await Restores().begin(db, at=restored)
    site.says |= {"/1": page(1), "/2": page(2)}
    site.says["/feed"] = feed(site, {1: restored - 10 * MINUTE, 2: restored + 10 * MINUTE})
    await room.looks()
    for compose in await AlertComposer(room.database, BARS, room.now).due():
        await compose()
    async with room.database.reading() as db:
        assert list((await db.execute(select(alerts.c.not_seen_at))).scalars()) == [None, None]
        assert await Outbox().counts(db) == {"held": 1, "queued": 1}

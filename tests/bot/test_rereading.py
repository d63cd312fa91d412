"""What an outlet changes is read again: within bounds, and nothing is told twice."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from sources.rereading import MOST_REREADS, REREAD_EVERY
from store.forgetting import Forgetting
from store.tables import alerts, quotes
from tests.bot.newsroom import HOUR, HTML, Newsroom, Site
from tests.sources.servers import response

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MINUTE = timedelta(minutes=1)
OPENING = "The council of Vessin met on Monday, and the mayor spoke at some length about the dam and its gates."
CHANGED = "“We will rebuild all of the old gates above the town before the winter comes,” said Piet Vos, the mayor."
GONE = "“Nobody asked the engineers about the colour of their paper umbrella,” said Piet Vos."
KEPT = "“The ministry has promised us money by October,” said Piet Vos."
ADDED = "“Our harbour will stay closed until the divers have seen the wall,” said Piet Vos."


def article(*paragraphs: str) -> bytes:
    """Return an article's page."""
    body = "".join(f"<p>{one}</p>" for one in (OPENING, *paragraphs))
    html = (
        f"<html lang=en><head><title>Dam holds</title></head><body><article><h1>Dam holds</h1>{body}</article></body>"
    )
    return response(html.encode(), headers=HTML)


def feed(  # noqa: PLR0913 - what feeds differ in
    site: Site, at: datetime, numbers: Sequence[int] = (1,), *, guid: str = "g", query: str = "", content: str = ""
) -> bytes:
    """Return a feed whose entries all have one date."""
    whole = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    items = "".join(
        f"<item><title>Dam {number}</title><link>{site.base}/{number}{query}</link><guid isPermaLink='false'>{guid}{number}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate>{whole}</item>"
        for number in numbers
    )
    xmlns = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    return response(f"<rss version='2.0' {xmlns}><channel><title>Vessin Post</title>{items}</channel></rss>".encode())


async def kept(room: Newsroom) -> list[tuple[str, str, int]]:
    """Return each quote's beginning, its state, and how many alerts are about it, in the order of their ids."""
    async with room.database.reading() as db:
        about = list((await db.execute(select(alerts.c.quote_id))).scalars())
        rows = (await db.execute(select(quotes).order_by(quotes.c.quote_id))).all()
    return [(row.text[:11], row.state, about.count(row.quote_id)) for row in rows]


async def test_a_corrected_article_tells_what_was_added_and_nothing_else(room: Newsroom, site: Site) -> None:
    """A quote that stays keeps its id, one that went or has other words is listed no more, what was added is told once."""
    await room.subscribes()
    site.says["/feed"] = feed(site, room.at, ())
    await room.follows("/feed")
    await room.looks()
    site.says |= {"/feed": feed(site, room.at), "/1": article(CHANGED, GONE, KEPT)}
    await room.looks()
    told = [("We will reb", "current", 1), ("Nobody aske", "current", 1), ("The ministr", "current", 1)]
    assert await kept(room) == told
    site.says["/1"] = article(CHANGED.replace("old ", ""), KEPT.replace("promised us", "promised, us"), ADDED)
    await room.looks()
    assert await kept(room) == told  # its feed does not say that it changed
    site.says["/feed"] = feed(site, room.at + 30 * MINUTE)
    corrected = [
        ("We will reb", "removed", 1),
        ("Nobody aske", "removed", 1),
        ("The ministr", "current", 1),
        ("We will reb", "current", 0),
        ("Our harbour", "current", 1),
    ]
    for _ in range(3):
        await room.looks()
        assert await kept(room) == corrected
    assert (await room.counted())[0] == 1


async def test_what_a_new_source_was_read_in_with_tells_only_what_was_added_later(room: Newsroom, site: Site) -> None:
    """Its entries are told to nobody; a correction of one is."""
    await room.subscribes()
    site.says |= {"/feed": feed(site, room.at - 5 * HOUR), "/1": article(CHANGED, KEPT)}
    await room.follows("/feed")
    await room.looks(MINUTE)
    site.says |= {"/feed": feed(site, room.at + 30 * MINUTE), "/1": article(CHANGED, KEPT, ADDED)}
    await room.looks()
    assert [about for _, _, about in await kept(room)] == [0, 0, 1]


async def test_a_feed_that_touches_all_dates_costs_no_more_than_the_bounds(room: Newsroom, site: Site) -> None:
    """Each entry at most once in half an hour and ten times in all, however often the feed is looked at."""
    await room.subscribes()
    site.says["/feed"] = feed(site, room.at, (1, 2, 3))
    await room.follows("/feed")
    await room.looks()
    assert len(site.pages()) == 3
    asked = []
    for _ in range(60):  # ten minutes apart
        site.says["/feed"] = feed(site, room.at + 9 * MINUTE, (1, 2, 3))
        await room.looks(10 * MINUTE)
        asked.append(len(site.pages()))
    assert asked[:6] == [0, 0, 3, 0, 0, 3]
    assert asked.count(3) == MOST_REREADS
    assert sum(asked) == 3 * MOST_REREADS
    assert await room.counted() == (3, 3, 0)


async def test_new_guids_and_twins_repeat_nothing(room: Newsroom, site: Site) -> None:
    """An entry whose guid is made anew is known by its page and title, and its readings are counted by that."""
    await room.subscribes()
    site.says["/feed"] = feed(site, room.at, ())
    await room.follows("/feed")
    await room.looks()
    for turn in range(2 * MOST_REREADS):
        site.says["/feed"] = feed(
            site, room.at + 30 * MINUTE, guid=f"turn{turn}-", query="?utm_source=rss" * (turn % 2)
        )
        await room.looks()
    assert len(site.pages()) == 1 + MOST_REREADS
    assert await room.counted() == (1, 1, 1)


async def test_a_change_too_soon_after_a_reading_is_not_lost(room: Newsroom, site: Site) -> None:
    """A feed that did not change since is asked for whole, until what waited was read."""
    tag = {"ETag": '"same"'}
    site.says["/feed"] = feed(site, room.at)
    await room.follows("/feed")
    await room.looks()
    body = feed(site, room.at + 2 * MINUTE).partition(b"\r\n\r\n")[2]
    site.says["/feed"] = response(body, headers=tag)
    site.pages()
    await room.looks(10 * MINUTE)
    assert (site.pages(), (await room.source()).etag) == ([], None)
    await room.looks(REREAD_EVERY)
    assert (site.pages(), (await room.source()).etag) == (["/1"], '"same"')


async def test_a_page_that_fails_when_read_again_is_tried_again_and_stays_as_it_was(room: Newsroom, site: Site) -> None:
    """Trouble passes within the bounds; what is gone is not asked for again."""
    await room.subscribes()
    site.says["/feed"] = feed(site, room.at, ())
    await room.follows("/feed")
    await room.looks()
    site.says["/feed"] = feed(site, room.at)
    await room.looks()
    site.says |= {"/feed": feed(site, room.at + MINUTE), "/1": response(status="503 Busy")}
    site.pages()
    await room.looks()
    assert site.pages() == ["/1"]
    del site.says["/1"]
    await room.looks()
    assert site.pages() == ["/1"]
    site.says |= {"/feed": feed(site, room.at + MINUTE), "/1": response(status="410 Gone")}
    await room.looks()
    assert site.pages() == ["/1"]
    site.says["/feed"] = feed(site, room.at + MINUTE)
    await room.looks()
    assert site.pages() == []
    assert await room.counted() == (1, 1, 1)
    assert (await room.source()).note is None


async def test_a_whole_text_in_the_feed_needs_no_date(room: Newsroom, site: Site) -> None:
    """It is read again when it differs, and costs no request; touched dates cost nothing at all."""
    await room.subscribes()
    filler = "".join(
        f"<p>The {number}th report about the dam was read out in the hall of Vessin.</p>" for number in range(20)
    )
    before = f"<p>{OPENING}</p><p>{KEPT}</p>{filler}"
    site.says["/feed"] = feed(site, room.at, ())
    await room.follows("/feed")
    await room.looks()
    site.says["/feed"] = feed(site, room.at, content=before)
    await room.looks()
    looked = room.at
    site.says["/feed"] = feed(site, looked, content=f"{before}<p>{ADDED}</p>")
    await room.looks()
    assert await kept(room) == [("The ministr", "current", 1), ("Our harbour", "current", 1)]
    assert site.pages() == []


async def test_a_forgotten_article_does_not_come_back(room: Newsroom, site: Site) -> None:
    """Whatever its feed says."""
    site.says["/feed"] = feed(site, room.at)
    await room.follows("/feed")
    await room.looks()
    async with room.database.writing() as db:
        await Forgetting().articles(db, [1])
    site.says["/feed"] = feed(site, room.at + 30 * MINUTE)
    await room.looks()
    assert (await room.counted())[0] == 0

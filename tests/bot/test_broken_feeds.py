"""Feeds that break off: nothing is lost, and one that gives nothing is in trouble, not quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sources.servers import response

if TYPE_CHECKING:
    from bot.looks import Look
    from tests.bot.newsroom import Newsroom, Site

HEAD = "<rss version='2.0'><channel><title>Vessin Post</title>"
BREAKS_OFF = "the feed breaks off before its first entry ends"


def entry(site: Site, number: int) -> str:
    """Return an entry of a feed; its guid comes first, as some write it."""
    return f"<item><guid isPermaLink='false'>g{number}</guid><title>Gate {number}</title><link>{site.base}/{number}</link></item>"


@pytest.mark.parametrize("cut", ["", "<item><title>Gate 1</title><link>http://127.0.0.1/", "<ite"])
async def test_a_feed_that_breaks_off_before_its_first_entry_fails(room: Newsroom, site: Site, cut: str) -> None:
    """It is no feed without news: the look says so, the source is in trouble, and what it prints then is read."""
    looks: list[Look] = []
    room.polling.looked = lambda _, look: looks.append(look)
    site.says["/feed"] = response(f"{HEAD}{cut}".encode())
    await room.follows("/feed")
    await room.looks()
    assert [look.error for look in looks] == [BREAKS_OFF]
    source = await room.source()
    assert (source.last_error, source.failures, source.answered_at) == (BREAKS_OFF, 1, None)
    site.says["/feed"] = response(f"{HEAD}{entry(site, 1)}</channel></rss>".encode())
    await room.looks()
    assert (await room.source()).last_error is None
    assert (await room.counted())[0] == 1


async def test_what_stands_before_the_break_is_read_and_the_rest_once_it_is_whole(room: Newsroom, site: Site) -> None:
    """An entry with half a link would be marked as read by its guid; and "nothing is new" keeps nobody from it."""
    whole = f"{HEAD}{entry(site, 1)}{entry(site, 12)}</channel></rss>"
    cut = whole[: whole.index("2</link>")]
    site.says["/feed"] = response(cut.encode(), headers={"ETag": '"same"'})
    await room.follows("/feed")
    await room.looks()
    assert site.pages() == ["/1"]
    source = await room.source()
    assert (source.last_error, source.etag) == (None, None)
    site.says["/feed"] = response(whole.encode(), headers={"ETag": '"same"'})
    await room.looks()
    assert site.pages() == ["/12"]
    assert ((await room.source()).etag, (await room.counted())[0]) == ('"same"', 2)

"""Sources that people add."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.following import Following
from config.data import starters
from sources.errors import SourceError
from sources.opml import read_opml
from sources.parsing import feed_parser
from sources.reading import FeedReader
from store.sources import Sources
from tests.bot.feeds import news_site
from tests.handlers.pages import DAM
from tests.sources.servers import raw_server, response, saying, session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from store.database import Database

NOW = datetime(2031, 5, 13, 9, 0, tzinfo=UTC)


@asynccontextmanager
async def following(database: Database, added: list[str]) -> AsyncIterator[Following]:
    """Open what follows sources on loopback."""
    async with session() as opened, feed_parser() as parser:
        feeds = FeedReader(opened, parser)
        yield Following(database, feeds, lambda: NOW, timedelta(minutes=5), lambda: added.append("rung"))


async def test_a_feed_is_followed_once(opened: Database) -> None:
    """It is called what it calls itself, is due at once, and the same address twice is one source."""
    rung: list[str] = []
    async with news_site() as site, following(opened, rung) as follower:
        site.prints(DAM, NOW)
        assert await follower.follow(site.feed, by="telegram:7") == "Vessin Post"
        assert await follower.follow(site.feed, by="telegram:8") == "Vessin Post"
    async with opened.reading() as db:
        (source,) = await Sources().all(db, "telegram:9")
    assert source.added_by == "telegram:7"
    assert source.due_at == NOW
    assert rung == ["rung", "rung"]


async def test_a_site_is_followed_by_any_of_its_pages(opened: Database) -> None:
    """Its feed is looked for where feeds usually are."""
    async with news_site() as site, following(opened, []) as follower:
        site.prints(DAM, NOW)
        assert await follower.follow(f"{site.base}/0", by="telegram:7") == "Vessin Post"


async def test_where_there_is_no_feed_nothing_is_followed(opened: Database) -> None:
    """The error says why."""
    page = response(b"<html><body>Nothing here.</body></html>", headers={"Content-Type": "text/html"})
    async with raw_server(saying(page)) as site, following(opened, []) as follower:
        with pytest.raises(SourceError, match="no feed was found"):
            await follower.follow(site.base, by="telegram:7")
    async with opened.reading() as db:
        assert not await Sources().all(db, "telegram:7")


async def test_starters_are_added_once(opened: Database) -> None:
    """All of the list; the second time none is new."""
    async with following(opened, []) as follower:
        assert await follower.starters(by="telegram:7") == len(read_opml(starters()))
        assert await follower.starters(by="telegram:7") == 0

"""A newsroom that reads a news site on loopback: real store, real client, real analysis in this process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.analysing import AnalysisError, EntryTask, Task, analysed
from bot.entry_reading import EntryReading
from bot.page_reader import PageReader
from bot.polling import Polling
from handlers.ingest import Ingest
from sources.client import guarded_session
from sources.parsing import feed_parser
from sources.reading import FeedReader
from store.channels import Access, Channels
from store.sources import Sources
from store.subscriptions import Subscriptions
from store.tables import alerts, articles, quotes
from summaries.values import Analysis, Bars
from tests.handlers.pages import NOW
from tests.sources.servers import OPTIONS, response

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from sources.client import GuardedSession
    from sources.parsing import FeedParser
    from store.database import Database
    from store.source_values import Source

ANA = "telegram:7"
BARS = Bars(asked=0.1, pushed=0.2)  # what is tested is who is told, not how sure the engine is
HOUR = timedelta(hours=1)
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(number: int) -> bytes:
    """Return an article's page; each has its own quote of Piet Vos."""
    text = (
        f"The council of Vessin met for the {number}th time this year on Monday, and the mayor spoke at some length.",
        f"“We will rebuild gate number {number} before winter,” said Piet Vos, the mayor, who had been asked about it.",
        "The opposition left the room before the count and has said that it will go to court over the matter.",
    )
    body = "".join(f"<p>{line}</p>" for line in text)
    html = f"<html lang=en><head><title>Gate {number}</title></head><body><article><h1>Gate {number}</h1>{body}</article></body></html>"
    return response(html.encode(), headers=HTML)


@dataclass
class Site:
    """A news site: pages, feeds that list them by number, and what it says to each address instead.

    Attributes:
        says: Answers by path; they go before everything else.
        asked: Paths, in order.
    """

    feeds: dict[str, list[int]] = field(default_factory=lambda: {"/feed": []})
    says: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    base: str = ""

    async def answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        path = head.split()[1]
        self.asked.append(path)
        if path in self.says:
            writer.write(self.says[path])
        elif path in self.feeds:
            writer.write(self._feed(path, head))
        elif path.removeprefix("/").isdigit():
            writer.write(page(int(path.removeprefix("/"))))
        else:
            writer.write(response(status="404 Not Found"))

    def pages(self) -> list[str]:
        """Return the articles' pages that were asked for since the last time."""
        asked = [path for path in self.asked if path.removeprefix("/").isdigit()]
        self.asked.clear()
        return asked

    def _feed(self, path: str, head: str) -> bytes:
        numbers = self.feeds[path]
        tag = f'"{numbers}"'
        if f"If-None-Match: {tag}" in head:
            return response(status="304 Not Modified", headers={"ETag": tag})
        items = "".join(
            f"<item><title>Gate {number}</title><link>{self.base}/{number}</link><guid isPermaLink='false'>g{number}</guid>"
            f"<pubDate>{format_datetime(NOW - 24 * HOUR + number * HOUR)}</pubDate></item>"
            for number in numbers
        )
        feed = f"<rss version='2.0'><channel><title>Vessin Post</title>{items}</channel></rss>"
        return response(feed.encode(), headers={"ETag": tag})


@cache
def analysed_here(task: Task) -> Analysis:
    """Return the analysis; the same page twice takes no time."""
    return analysed(task)


@dataclass
class Newsroom:
    """Polling over a real store, with its own clock, and what came of it."""

    database: Database
    site: Site
    at: datetime = NOW
    told: list[tuple[str, str]] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)
    polling: Polling = field(init=False)

    async def analyse(self, task: Task) -> Analysis:
        """Return the analysis, unless a word of its text is on the list of faults."""
        text = str(task.entry) if isinstance(task, EntryTask) else task.text
        for word in self.faults:
            if word in text:
                msg = "reading the page took longer than 60 s"
                raise AnalysisError(msg) if word != "ours" else ZeroDivisionError(word)
        return analysed_here(task)

    def now(self) -> datetime:
        """Return the newsroom's time."""
        return self.at

    async def tell(self, _: AsyncConnection, source: Source, reason: str) -> None:
        """Keep what people are told."""
        self.told.append((source.url, reason))

    async def follows(self, *paths: str) -> list[int]:
        """Add sources; return their ids."""
        async with self.database.writing() as db:
            added = [
                await Sources().add(db, self.site.base + path, interval=timedelta(minutes=5), at=self.at)
                for path in paths
            ]
        return [source.source_id for source, _ in added]

    async def subscribes(self, name: str = "Piet Vos") -> None:
        """Set a subscription up."""
        async with self.database.writing() as db:
            await Channels().add(db, ANA, access=Access.ALLOWED, at=self.at)
            await Subscriptions().add(db, ANA, name, speaker_id=None, by=None, at=self.at)

    async def looks(self, later: timedelta = HOUR) -> int:
        """Let time pass and look; return how many sources were due."""
        self.at += later
        return await self.polling.look()

    async def source(self, source_id: int = 1) -> Source:
        """Return a source as it stands."""
        async with self.database.reading() as db:
            found = await Sources().get(db, ANA, source_id)
        assert found is not None
        return found

    async def counted(self) -> tuple[int, int, int]:
        """Return how many articles, quotes and alerts there are."""
        async with self.database.reading() as db:
            found = [
                (await db.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (articles, quotes, alerts)
            ]
        return found[0], found[1], found[2]


@asynccontextmanager
async def polling_of(room: Newsroom) -> AsyncIterator[Polling]:
    """Open what looking takes."""
    # A date is yet to come by the newsroom's clock.
    async with guarded_session(OPTIONS, clock=room.now) as client, feed_parser(processes=1) as parser:
        yield polling_with(room, client, parser)


def polling_with(room: Newsroom, client: GuardedSession, parser: FeedParser) -> Polling:
    """Return what looks at a newsroom's sources."""
    entries = EntryReading(
        room.database, PageReader(room, client, room.now), Ingest(room.database, BARS, room.now), room.now
    )
    return Polling(room.database, FeedReader(client, parser), entries, room.now, room.tell, chance=lambda: 0.0)

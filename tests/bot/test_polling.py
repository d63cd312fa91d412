"""Sources are looked at over sockets; what is new in them is read once, told once, and nothing is lost."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.analysing import AnalysisError, EntryTask, Task, analysed
from bot.page_reader import PageReader
from bot.polling import CLAIM, Polling, may_be_better_later
from handlers.ingest import Ingest
from sources.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    NotHtmlError,
    RobotsError,
    RobotsUnreadableError,
    SourceError,
)
from sources.parsing import feed_parser
from sources.reading import FeedReader
from store.channels import Access, Channels
from store.sources import Sources
from store.subscriptions import Subscriptions
from store.tables import alerts, articles, quotes
from summaries.values import Analysis, Bars
from tests.handlers.pages import NOW
from tests.sources.servers import raw_server, response, session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from store.database import Database
    from store.sources import Source

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
    return analysed(task, None, None)


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

    async def tell(self, source: Source, reason: str) -> None:
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
    async with session() as client, feed_parser(processes=1) as parser:
        yield Polling(
            room.database,
            FeedReader(client, parser),
            PageReader(room, client, room.now),
            Ingest(room.database, BARS, room.now),
            room.now,
            room.tell,
            chance=lambda: 0.0,
        )


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Return a news site."""
    site = Site()
    async with raw_server(site.answer) as server:
        site.base = server.base
        yield site


@pytest.fixture
async def room(opened: Database, site: Site) -> AsyncIterator[Newsroom]:
    """Return a newsroom that follows nothing yet."""
    room = Newsroom(opened, site)
    async with polling_of(room) as room.polling:
        yield room


async def test_a_new_source_is_read_in_and_told_to_nobody(room: Newsroom, site: Site) -> None:
    """Its ten newest entries are articles, the rest counts as seen; what it prints then is told."""
    await room.subscribes()
    site.feeds["/feed"] = list(range(1, 13))
    await room.follows("/feed")
    assert await room.looks(timedelta()) == 1
    assert site.pages() == [f"/{number}" for number in range(3, 13)]  # the oldest first
    assert await room.counted() == (10, 10, 0)
    site.feeds["/feed"].append(30)
    await room.looks()
    assert site.pages() == ["/30"]
    assert await room.counted() == (11, 11, 1)
    assert await room.looks(timedelta(minutes=1)) == 0  # not due


async def test_an_unchanged_feed_costs_one_request(room: Newsroom, site: Site) -> None:
    """It says so, and no page is asked for."""
    site.feeds["/feed"] = [1]
    await room.follows("/feed")
    for _ in range(3):
        await room.looks()
    assert site.asked == ["/feed", "/robots.txt", "/1", "/feed", "/feed"]
    assert (await room.source()).failures == 0


async def test_a_page_that_fails_is_read_with_the_next_look(room: Newsroom, site: Site) -> None:
    """Also when the feed did not change; one that is gone is not asked for again."""
    await room.subscribes()
    site.feeds["/feed"] = [1, 2, 3]
    site.says = {"/1": response(status="503 Busy"), "/2": response(status="404 Not Found")}
    await room.follows("/feed")
    await room.looks()
    assert site.pages() == ["/1", "/2", "/3"]
    del site.says["/1"]
    await room.looks()
    assert site.pages() == ["/1"]
    assert await room.counted() == (2, 2, 0)  # it was printed before the source was added
    await room.looks()
    assert site.asked == ["/feed"]


async def test_a_page_that_fails_for_a_day_is_given_up(room: Newsroom, site: Site) -> None:
    """A site that lets us in no more is not asked for ever."""
    site.feeds["/feed"] = [1]
    site.says = {"/1": response(status="503 Busy")}
    await room.follows("/feed")
    for _ in range(24):
        await room.looks()
        assert site.pages() == ["/1"]
    await room.looks()
    assert site.pages() == ["/1"]
    await room.looks()
    assert site.pages() == []


@pytest.mark.parametrize(
    ("error", "later"),
    [
        (FetchTimeoutError("https://a.example/1", "no answer in time"), True),
        (FetchError("https://a.example/1", "the site cannot be reached"), True),  # our line may be down
        (RobotsUnreadableError("https://a.example/1", "cannot be read now"), True),
        (HttpStatusError("https://a.example/1", 429, None), True),
        (HttpStatusError("https://a.example/1", 500, None), True),
        (HttpStatusError("https://a.example/1", 410, None), False),
        (RobotsError("https://a.example/1", "asks programs not to"), False),
        (NotHtmlError("https://a.example/1", "a picture"), False),
        (SourceError("https://a.example/1", "behind a paywall"), False),
        (AnalysisError("took too long"), False),
    ],
)
def test_what_may_be_better_later(error: Exception, *, later: bool) -> None:
    """Trouble passes; a refusal stays."""
    assert may_be_better_later(error) is later


async def test_a_feed_that_is_down_is_paused_and_said_to_be_so_once(room: Newsroom, site: Site) -> None:
    """It is asked less and less often, then not at all."""
    site.says["/feed"] = response(status="500 Broken")
    await room.follows("/feed")
    waits = []
    for _ in range(12):
        due_at = (await room.source()).due_at
        await room.looks(max(due_at - room.at, timedelta()))
        waits.append((await room.source()).due_at - room.at)
    assert waits[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert waits == sorted(waits)
    assert [(url, reason[:19]) for url, reason in room.told] == [(f"{site.base}/feed", "It failed 12 times ")]
    assert await room.looks(timedelta(days=9)) == 0


async def test_two_processes_read_a_source_once(room: Newsroom, site: Site) -> None:
    """Whoever comes second finds it claimed."""
    site.feeds["/feed"] = [1, 2]
    await room.follows("/feed")
    async with polling_of(room) as other:
        assert sorted(await asyncio.gather(room.polling.look(), other.look())) == [0, 1]
    assert site.pages() == ["/1", "/2"]


async def test_who_lost_a_claim_stops(room: Newsroom, site: Site) -> None:
    """A process that was frozen for longer than its claim reads nothing twice when it wakes."""
    site.feeds["/feed"] = [1, 2]
    await room.follows("/feed")
    async with room.database.writing() as db:
        (frozen,) = await Sources().claim(db, now=room.at, lasts=CLAIM, limit=9)
    await room.looks(CLAIM)
    site.pages()
    site.feeds["/feed"].append(3)
    await room.polling._guarded(frozen)  # noqa: SLF001 - what it does when it wakes
    assert site.pages() == []
    assert (await room.source()).checked_at == room.at


async def test_a_crash_loses_nothing_and_doubles_nothing(room: Newsroom, site: Site) -> None:
    """Whatever was saved is marked with it; the next process takes over when the claim lapses."""
    await room.subscribes()
    await room.follows("/feed")
    await room.looks()
    site.feeds["/feed"] = [31, 32, 33]
    begun = asyncio.Event()
    polling, save = room.polling, room.polling.ingest.sources.mark_seen

    class Crashing(Sources):
        async def mark_seen(self, *args: object, **words: object) -> None:
            await save(*args, **words)  # type: ignore[arg-type] # as they came
            if begun.is_set():
                raise asyncio.CancelledError  # the second article was saved, and not yet committed
            begun.set()

    healthy = polling.ingest
    polling.ingest = Ingest(room.database, BARS, room.now, sources=Crashing())
    with pytest.raises(asyncio.CancelledError):
        await room.looks()
    assert await room.counted() == (1, 1, 1)
    polling.ingest = healthy
    assert await room.looks(timedelta(minutes=1)) == 0
    site.pages()
    assert await room.looks(CLAIM) == 1
    assert site.pages() == ["/32", "/33"]
    assert await room.counted() == (3, 3, 3)


async def test_an_article_in_two_feeds_is_one(room: Newsroom, site: Site) -> None:
    """Also at a twin of its address; it is told once."""
    await room.subscribes()
    site.feeds = {"/feed": [], "/world": []}
    await room.follows("/feed", "/world")
    await room.looks()
    site.feeds = {"/feed": [31], "/world": [31]}
    await room.looks()
    assert await room.counted() == (1, 1, 1)


async def test_a_fault_of_ours_is_one_sources_own(room: Newsroom, site: Site) -> None:
    """The others are read; it backs off and is tried again."""
    site.feeds = {"/feed": [1], "/world": [2]}
    broken, well = await room.follows("/feed", "/world")
    room.faults = {"ours"}
    site.says["/1"] = response(b"<html><body><p>ours</p></body></html>", headers=HTML)
    assert await room.looks() == 2
    assert (await room.source(broken)).last_error == "a fault of ours; see the log"
    assert (await room.source(well)).last_error is None
    room.faults.clear()
    del site.says["/1"]
    await room.looks()
    assert (await room.counted())[0] == 2


async def test_an_entry_that_cannot_be_analysed_keeps_no_other_back(room: Newsroom, site: Site) -> None:
    """It is given up; what was printed after it is read."""
    site.feeds["/feed"] = [1, 2]
    room.faults = {"Gate 1"}
    await room.follows("/feed")
    await room.looks()
    await room.looks()
    assert site.pages() == ["/1", "/2"]
    assert (await room.counted())[0] == 1


async def test_a_source_that_moved_is_read_at_its_new_address(room: Newsroom, site: Site) -> None:
    """After three looks that were sent on; its entries stay known."""
    site.feeds = {"/new": [1]}
    site.says["/feed"] = response(status="301 Moved", headers={"Location": "/new"})
    await room.follows("/feed")
    for moves in (1, 2):
        await room.looks()
        assert (await room.source()).moves == moves
    await room.looks()
    assert (await room.source()).url == f"{site.base}/new"
    assert site.pages() == ["/1"]
    await room.looks()
    assert site.asked == ["/new"]


async def test_a_source_that_moved_to_one_we_have_becomes_that_one(room: Newsroom, site: Site) -> None:
    """Two feeds that are one are read once, and nobody has to add anything again."""
    site.feeds = {"/new": [1]}
    site.says["/feed"] = response(status="308 Moved", headers={"Location": "/new"})
    _, new = await room.follows("/feed", "/new")
    for _ in range(3):
        assert await room.looks() == 2
    async with room.database.reading() as db:
        assert [source.source_id for source in await Sources().all(db, ANA)] == [new]
    assert await room.looks() == 1


async def test_a_quiet_source_is_looked_at_hourly_once_somebody_waits(room: Newsroom, site: Site) -> None:
    """Nobody is kept waiting by a source that printed nothing for long."""
    site.feeds["/feed"] = [1]
    await room.follows("/feed")
    await room.looks(timedelta(days=90))
    assert (await room.source()).interval == timedelta(hours=24)
    await room.subscribes()
    await room.looks(timedelta(days=1))
    assert (await room.source()).interval == HOUR


async def test_a_removed_source_is_read_no_further(room: Newsroom, site: Site) -> None:
    """Somebody removed it while it was read: nothing more of it is asked for, and the loop goes on."""
    site.feeds["/feed"] = [1, 2]
    (source_id,) = await room.follows("/feed")
    analyse = room.analyse

    async def removing(task: Task) -> Analysis:
        async with room.database.writing() as db:
            await Sources().remove(db, ANA, source_id)
        return await analyse(task)

    room.analyse = removing  # type: ignore[method-assign] # somebody's hand
    await room.looks()
    assert site.pages() == ["/1"]


async def test_whole_entries_need_no_page(room: Newsroom, site: Site) -> None:
    """An entry that holds its article is read as it is."""
    words = " ".join(["The council met again and spoke about the gates of the dam above the town."] * 16)
    item = f"<item><title>Gates</title><link>{site.base}/5</link><description>&lt;p&gt;{words}&lt;/p&gt;&lt;p&gt;“We wait,” said Piet Vos, the mayor.&lt;/p&gt;</description></item>"
    site.says["/feed"] = response(f"<rss version='2.0'><channel><title>A</title>{item}</channel></rss>".encode())
    await room.follows("/feed")
    await room.looks()
    assert site.pages() == []
    assert await room.counted() == (1, 1, 0)


async def test_the_loop_reads_what_is_due_and_what_is_added(room: Newsroom, site: Site) -> None:
    """It is woken when a source is added, and ends when it is cancelled."""
    site.feeds["/feed"] = [1]
    read = asyncio.Event()
    analyse = room.analyse

    async def analysing(task: Task) -> Analysis:
        read.set()
        return await analyse(task)

    room.analyse = analysing  # type: ignore[method-assign] # to see it happen
    loop = asyncio.create_task(room.polling.run())
    await asyncio.sleep(0)
    await room.follows("/feed")
    room.polling.wake()
    async with asyncio.timeout(20):
        await read.wait()
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop


async def test_a_source_that_takes_long_keeps_no_other_waiting(room: Newsroom, site: Site) -> None:
    """While one is being read, another that is due is read to its end."""
    site.feeds = {"/feed": [1], "/world": [2]}
    stuck, begun, read = asyncio.Event(), asyncio.Event(), asyncio.Event()
    analyse = room.analyse

    async def analysing(task: Task) -> Analysis:
        if "Gate 1" in str(task):
            begun.set()
            await stuck.wait()
        read.set()
        return await analyse(task)

    room.analyse = analysing  # type: ignore[method-assign] # to see it happen
    await room.follows("/feed")
    loop = asyncio.create_task(room.polling.run())
    async with asyncio.timeout(20):
        await begun.wait()
        await room.follows("/world")
        room.polling.wake()
        await read.wait()
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop

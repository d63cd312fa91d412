"""Sources are looked at over sockets; what is new in them is read once, told once, and nothing is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.analysing import AnalysisError, Task
from bot.looks import may_be_better_later
from bot.polling import CLAIM
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
from store.sources import Sources
from store.tables import articles
from tests.bot.newsroom import ANA, BARS, HOUR, HTML, Newsroom, Site, polling_of
from tests.sources.servers import response

if TYPE_CHECKING:
    from summaries.values import Analysis


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


@pytest.mark.parametrize(
    ("says", "asked", "minutes"),
    [
        (response(status="429 Slow Down", headers={"Retry-After": "5400"}), 1, 90),
        (response(status="503 Busy", headers={"Retry-After": "5400"}), 1, 90),
        (response(status="500 Broken"), 3, 8.75),
        (response(status="404 Not Found"), 5, 8.75),
    ],
)
async def test_a_site_that_wants_to_be_left_alone_is(
    room: Newsroom, site: Site, says: bytes, asked: int, minutes: float
) -> None:
    """It is not asked for the next page after it said so, nor for more than three when it is in trouble."""
    site.feeds["/feed"] = [6, 7, 8, 9, 10]
    site.says = {f"/{number}": says for number in site.feeds["/feed"]}
    await room.follows("/feed")
    await room.looks(timedelta())
    assert len(site.pages()) == asked
    assert (await room.source()).due_at - room.at == timedelta(minutes=minutes)
    site.says.clear()
    await room.looks(timedelta(hours=2))
    assert (await room.counted())[0] == (0 if asked == 5 else 5)


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
    site.feeds["/feed"] = [24, 25, 26]
    begun = asyncio.Event()
    polling, save = room.polling, room.polling.entries.ingest.sources.mark_seen

    class Crashing(Sources):
        async def mark_seen(self, *args: object, **words: object) -> None:
            await save(*args, **words)  # type: ignore[arg-type] # as they came
            if begun.is_set():
                raise asyncio.CancelledError  # the second article was saved, and not yet committed
            begun.set()

    healthy = polling.entries.ingest
    polling.entries.ingest = Ingest(room.database, BARS, room.now, sources=Crashing())
    with pytest.raises(asyncio.CancelledError):
        await room.looks()
    assert await room.counted() == (1, 1, 1)
    polling.entries.ingest = healthy
    assert await room.looks(timedelta(minutes=1)) == 0
    site.pages()
    assert await room.looks(CLAIM) == 1
    assert site.pages() == ["/25", "/26"]
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


async def test_what_stands_in_front_of_articles_is_said_of_their_source(room: Newsroom, site: Site) -> None:
    """A paywall's stub is not stored; the list of sources says how many there were, until news can be read again."""
    stub = b"<html><head><script type='application/ld+json'>{\"isAccessibleForFree\": false}</script></head><body><p>Gate 1 is %s.</p></body></html>"
    site.feeds["/feed"] = [1, 2, 3]
    for number in (1, 2):
        site.says[f"/{number}"] = response(stub % (b"closed " * 60), headers=HTML)
    await room.follows("/feed")
    await room.looks()
    note = "2 of 3 new articles could not be read: the article is behind a paywall; only its beginning can be read"
    assert (await room.source()).note == note
    assert (await room.counted())[0] == 1
    await room.looks()
    assert (await room.source()).note == note
    site.feeds["/feed"].append(4)
    await room.looks()
    assert (await room.source()).note is None


async def test_quiet_sources_are_hurried_once_somebody_waits(room: Newsroom, site: Site) -> None:
    """A source that is looked at once a day is looked at within the hour as soon as there is a subscription."""
    site.feeds["/feed"] = [1]
    await room.follows("/feed")
    room.at += timedelta(days=40)
    await room.looks()
    assert (await room.source()).due_at - room.at == timedelta(days=1)
    await room.looks()
    assert site.asked == ["/feed", "/robots.txt", "/1"]
    await room.subscribes()
    await room.looks(timedelta(minutes=1))
    assert site.asked[3:] == ["/feed"]
    assert (await room.source()).due_at - room.at == timedelta(minutes=60)


async def test_sources_are_read_once_when_asked(room: Newsroom, site: Site) -> None:
    """Whether or not they would be due again meanwhile; one that another process reads is named."""
    site.feeds = {f"/{letter}": [number] for number, letter in enumerate("abcdefghijklmnopqrstuvwxy", 1)}
    numbers = await room.follows(*site.feeds)
    room.polling.shortest = timedelta()
    seen: list[tuple[int, int]] = []
    room.polling.looked = lambda source, look: seen.append((source.source_id, look.articles))
    async with room.database.writing() as db:
        (claimed,) = await Sources().claim(db, now=room.at, lasts=CLAIM, limit=1)
    assert await room.polling.once(numbers) == [claimed.source_id]
    assert sorted(seen) == [(number, 1) for number in numbers[1:]]


async def test_a_source_that_is_removed_while_it_is_read_is_no_fault(room: Newsroom, site: Site) -> None:
    """What was read of it before stays."""
    site.feeds["/feed"] = [1, 2]
    (number,) = await room.follows("/feed")
    analyse = room.analyse

    async def removing(task: Task) -> Analysis:
        if "Gate 2" in str(task):
            async with room.database.writing() as db:
                await Sources().remove(db, ANA, number)
        return await analyse(task)

    room.analyse = removing  # type: ignore[method-assign] # to come in between
    await room.looks()
    assert (await room.counted())[0] == 1
    assert room.told == []


async def test_what_a_feed_says_of_its_freshness_outlasts_answers_without_it(room: Newsroom, site: Site) -> None:
    """It says once that it stays good for an hour; that nothing is new since is no word against it."""
    feed = b"<rss version='2.0'><channel><title>Post</title><ttl>60</ttl></channel></rss>"
    site.says["/feed"] = response(feed, headers={"ETag": '"a"'})
    await room.follows("/feed")
    await room.looks()
    site.says["/feed"] = response(status="304 Not Modified")
    for _ in range(2):
        await room.looks()
        assert (await room.source()).due_at - room.at == HOUR
    site.says["/feed"] = response(feed.replace(b"<ttl>60</ttl>", b""))
    await room.looks()
    assert (await room.source()).due_at - room.at == timedelta(minutes=5)


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


@pytest.mark.parametrize("guids", [True, False])
@pytest.mark.parametrize("path", ["/", "/live"])
async def test_whole_entries_of_one_page_are_articles_of_their_own(
    room: Newsroom, site: Site, path: str, *, guids: bool
) -> None:
    """Notes of a live page, or all linked to the front page: none passes for a revision of the one before."""

    def note(number: int) -> str:
        words = " ".join([f"The council met for the {number}th time and spoke about the gates above the town."] * 16)
        said = f"&lt;p&gt;{words}&lt;/p&gt;&lt;p&gt;“We wait for gate {number},” said Piet Vos, the mayor.&lt;/p&gt;"
        guid = f"<guid isPermaLink='false'>n{number}</guid>" if guids else ""
        return f"<item><title>Gate {number}</title>{guid}<link>{site.base}{path}</link><description>{said}</description></item>"

    async def prints(*numbers: int) -> None:
        items = "".join(note(number) for number in numbers)
        site.says["/feed"] = response(f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>".encode())
        await room.looks()

    await room.follows("/feed")
    await prints(1, 2)
    assert (await room.counted())[:2] == (2, 2)
    await prints(3, 2, 1)
    assert (await room.counted())[:2] == (3, 3)
    async with room.database.reading() as db:
        stored = (await db.execute(select(articles.c.url, articles.c.revision))).all()
    assert {url.partition("#")[0] for url, _ in stored} == {f"{site.base}{path}"}
    assert {revision for _, revision in stored} == {1}
    assert site.pages() == []


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

"""What is forgotten is nowhere any more: in no cell of any table, sent or not, and whatever hung on it went along."""

from __future__ import annotations

import re
import zlib
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from store.alerts import Alerts, NewAlert
from store.articles import Articles
from store.channels import Access, Channels
from store.delivery_tables import outbox
from store.feedback import Fault, Feedback
from store.forgetting import Forgetting
from store.merging import Merging
from store.metadata import metadata
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.people import People
from store.quotes import Quotes
from store.schedules import Schedules
from store.search import INDEXED
from store.shared_tables import story_states
from store.sources import Sources
from store.speakers import Speakers
from store.stories import Stories
from store.subscriptions import Subscriptions
from store.tables import articles, quotes, revisions, speakers
from store.taps import Taps
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, Person, analysis

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database
    from store.values import SavedArticle

ANA = "telegram:7"
QUIST = Person("Ida Quist")
ORLAN = Person("Viktor Orlan")
TOLL = Person("Ada Toll")
QUISST = Person("Idah Quisst")
SECRET = "“The secret bridge must fall,” said Quist."
TALKS = "https://brenn.example/talks"
SEEN = timedelta(days=1)


async def cells(db: AsyncConnection, what: str) -> set[str]:
    """Return the columns in which something stands, as a whole word."""
    found = set()
    pattern = re.compile(rf"(?<![\w-]){re.escape(what)}(?!\w)")
    for table in metadata.sorted_tables:
        for row in (await db.execute(select(table))).mappings():
            found |= {f"{table.name}.{name}" for name, value in row.items() if pattern.search(str(value))}
    return found


async def counts(db: AsyncConnection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: (await db.execute(select(func.count()).select_from(table))).scalar_one()
        for table in metadata.sorted_tables
    }


async def queued(db: AsyncConnection, channel: str, says: str, key: str) -> None:
    """Queue a message."""
    message = {"blocks": [{"kind": "paragraph", "runs": [{"text": says, "link": None}]}]}
    due = NOON + MINUTE
    item = NewItem(channel, message, 1, key, priority=1, due_at=due, expires_at=due + SEEN)
    assert await Outbox().add(db, item, now=NOON) is not None


async def lived_in(db: AsyncConnection, channel: str) -> None:
    """Let a chat and its person leave something in every table that can hold it."""
    await Channels().add(db, channel, access=Access.ALLOWED, at=NOON, title="Ours", by=ANA)
    await Channels().add(db, f"{channel}/9", access=Access.ALLOWED, at=NOON, by=ANA)
    page = analysis(SECRET, people=(QUIST,), url="https://brenn.example/pasted")
    saved = await Articles().save(db, page, owner_channel=channel, seen_at=NOON)
    shared = [one for one in (await db.execute(select(quotes.c.quote_id))).scalars() if one not in saved.new_quotes]
    await Channels().numbers(db, channel, [*shared, *sorted(saved.new_quotes)], at=NOON)
    await Feedback().say(db, channel, min(shared), Fault.NOT_A_QUOTE, person=ANA, at=NOON)
    await Sources().add(db, f"https://{channel[:5]}.example/", owner_channel=channel, by=ANA, interval=MINUTE, at=NOON)
    one, _ = await Subscriptions().add(db, channel, "Orlan", speaker_id=1, by=ANA, at=NOON)
    await Subscriptions().add(db, f"{channel}/9", "anybody", speaker_id=None, by=ANA, at=NOON)
    await Alerts().add(db, [NewAlert(one.subscription_id, min(shared), NOON)], now=NOON)
    await Schedules().add(db, channel, days=frozenset([0]), times=(time(8),), timezone="UTC", by=ANA, at=NOON)
    await queued(db, channel, "An answer", f"alert:{channel}:1")
    await queued(db, "telegram:1", f"/letin {channel}", f"ask:{channel}:telegram:1")
    await Taps().keep(db, {f"t:{channel}": f"/letin {channel}"}, at=NOON)


async def read(
    db: AsyncConnection, *words: str, people: tuple[Person, ...], url: str, owner: str | None = None
) -> SavedArticle:
    """Store a page."""
    return await Articles().save(db, analysis(*words, people=people, url=url), owner_channel=owner, seen_at=NOON)


async def whole(db: AsyncConnection) -> None:
    """Check that nothing points at nothing, and that what is found by words is there."""
    if db.dialect.name == "sqlite":
        assert (await db.execute(text("PRAGMA foreign_key_check"))).all() == []
        for table, _ in INDEXED:
            await db.execute(text(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)"))  # noqa: S608


async def test_a_forgotten_chat_stands_nowhere(opened: Database) -> None:
    """Its pages, choices, numbers, messages and keys go, its topics' too; another chat keeps all of its own."""
    async with opened.writing() as db:
        await read(db, "“Guarantees must hold,” said Orlan.", people=(ORLAN,), url=TALKS)
        await lived_in(db, ELSEWHERE)
        before = await counts(db)
        await lived_in(db, HERE)
        # One wish of two that a merge made one is kept in the log of changes.
        await read(db, "“So,” said Quist.", people=(QUIST,), url="https://brenn.example/q")
        await Subscriptions().add(db, HERE, "Quist", speaker_id=await number_of(db, "Ida Quist"), by=ANA, at=NOON)
        await Merging().merge(db, await number_of(db, "Ida Quist"), into=1, by=ANA, at=NOON)
        assert len(await cells(db, HERE)) > 12
        elsewhere = await cells(db, ELSEWHERE)
        gone = await Forgetting().chat(db, HERE)
        assert await cells(db, HERE) == set()
        assert await cells(db, ELSEWHERE) == elsewhere
        assert gone["articles"] == gone["schedules"] == gone["feedback"] == 1
        assert gone["channels"] == gone["outbox"] == 2
        after = await counts(db)
        for name in (
            "channels",
            "outbox",
            "outbox_keys",
            "taps",
            "subscriptions",
            "quote_numbers",
            "feedback",
            "sources",
        ):
            assert after[name] == before[name], name
        assert await Forgetting().chat(db, HERE) == {}
        await whole(db)


async def test_a_page_that_a_forgotten_chat_pasted_is_told_on_elsewhere(opened: Database) -> None:
    """The same page was read from a feed: others wait for their alert about that one."""
    async with opened.writing() as db:
        await read(db, SECRET, people=(QUIST,), url=TALKS)
        await read(db, SECRET, people=(QUIST,), url=TALKS, owner=HERE)
        await queued(db, ELSEWHERE, TALKS, "alert:1")
        await queued(db, HERE, TALKS, "alert:2")
        assert (await Forgetting().chat(db, HERE))["outbox"] == 1
        assert (await db.execute(select(outbox.c.channel))).scalars().all() == [ELSEWHERE]


async def test_a_forgotten_person_stands_nowhere_and_comes_back_as_a_stranger(opened: Database) -> None:
    """With their private chat; what they did for groups stays without their name."""
    async with opened.writing() as db:
        await read(db, "“Guarantees must hold,” said Orlan.", people=(ORLAN,), url=TALKS)
        await People().ask(db, ANA, name="@ana", channel=ANA, at=NOON)
        await People().decide(db, ANA, Access.ALLOWED, by=ANA, at=NOON)
        await lived_in(db, ANA)
        await lived_in(db, HERE)
        await queued(db, "telegram:1", "@ana would like to use On Record.", f"ask:{ANA}")
        gone = await Forgetting().person(db, ANA)
        assert await cells(db, ANA) == set()
        assert await cells(db, "@ana") == set()
        assert gone["people"] == 1
        assert len(await Subscriptions().of(db, HERE)) == 1
        assert await cells(db, HERE) > {"channels.channel", "feedback.channel"}
        _, is_new = await People().ask(db, ANA, name="@ana", channel=ANA, at=NOON)
        assert is_new
        await queued(db, "telegram:1", "asks", f"ask:{ANA}")
        await whole(db)


async def number_of(db: AsyncConnection, name: str) -> int:
    """Return a speaker's number."""
    number: int = (await db.execute(select(speakers.c.speaker_id).where(speakers.c.name == name))).scalar_one()
    return number


async def test_a_forgotten_speaker_is_not_found_by_anything(opened: Database) -> None:
    """Nor whoever was made one with them; other people's quotes on the same pages stay."""
    async with opened.writing() as db:
        page = await read(db, SECRET, "“We wait,” said Toll.", people=(QUIST, TOLL), url=TALKS)
        await read(db, "“I say so,” said Quisst.", people=(QUISST,), url="https://brenn.example/2")
        await read(db, "“In private,” said Quist.", people=(QUIST,), url="https://brenn.example/3", owner=HERE)
        quist, merged = await number_of(db, "Ida Quist"), await number_of(db, "Idah Quisst")
        await Merging().merge(db, merged, into=quist, by=ANA, at=NOON)
        await Merging().rename(db, quist, "Ida von Quist", by=ANA, at=NOON)
        ids = sorted(page.new_quotes)
        await Channels().numbers(db, HERE, ids, at=NOON)
        one, _ = await Subscriptions().add(db, HERE, "Quist", speaker_id=quist, by=ANA, at=NOON)
        await Alerts().add(db, [NewAlert(one.subscription_id, ids[0], NOON)], now=NOON)
        await Subscriptions().add(db, ELSEWHERE, "ida quist", speaker_id=None, by=ANA, at=NOON)
        await Subscriptions().add(db, ELSEWHERE, "quistmann", speaker_id=None, by=ANA, at=NOON)
        await queued(db, HERE, "“The secret bridge …” Ida Quist", "alert:1")
        await queued(db, HERE, "Quistmann", "alert:2")
        await Taps().keep(
            db, {"t:1": f"/by {merged} since 7d", "t:2": "/tellname Ida Quist", "t:3": "/by 999"}, at=NOON
        )
        gone = await Forgetting().speaker(db, merged)
        assert gone["quotes"] == 3
        assert gone["subscriptions"] == gone["taps"] == 2
        assert gone["outbox"] == gone["alerts"] == gone["quote_numbers"] == 1
        assert gone["revisions.text"] == 3
        for name in ("Quist", "Quisst", "Ida Quist", "Ida von Quist", "quist", "secret"):
            assert await cells(db, name) == set(), name
        assert await Speakers().candidates(db, HERE, "quist") == []
        assert [one.quote.text for one in await Quotes().of_articles(db, HERE, [page.article_id])] == ["We wait"]
        assert await Quotes().numbered(db, HERE, 1) is None
        await whole(db)
        # Who speaks again is opened anew, under a number that was never used.
        again = await read(db, SECRET, people=(QUIST,), url="https://brenn.example/4")
        assert min(again.new_quotes) > max(ids)
        assert await number_of(db, "Ida Quist") > merged
        assert await Forgetting().speaker(db, merged) == {}


async def test_a_name_that_was_undone_is_forgotten_where_it_was_told(opened: Database) -> None:
    """What was sent meanwhile says it still; who bears it by now keeps theirs."""
    async with opened.writing() as db:
        await read(db, SECRET, people=(QUIST,), url=TALKS)
        quist = await number_of(db, "Ida Quist")
        for name in ("Ida von Quist", "Ada Toll"):
            change = await Merging().rename(db, quist, name, by=ANA, at=NOON)
            await queued(db, HERE, f"{name} · 1 new quote", f"alert:{change.change_id}")
            await Merging().undo(db, change.change_id, by=ANA, at=NOON)
        await read(db, "“We wait,” said Toll.", people=(TOLL,), url="https://brenn.example/2")
        assert (await Forgetting().speaker(db, quist))["outbox"] == 1
        assert await cells(db, "Ida von Quist") == set()


async def test_a_surname_that_others_bear_is_not_forgotten_with_one_of_them(opened: Database) -> None:
    """Messages about a namesake stay."""
    async with opened.writing() as db:
        await read(db, "“We wait,” said Toll.", people=(TOLL,), url=TALKS)
        await read(db, "“We go,” said Toll.", people=(Person("Eva Toll"),), url="https://brenn.example/2")
        await queued(db, HERE, "Eva Toll says", "alert:1")
        await queued(db, HERE, "Toll says", "alert:2")
        await Forgetting().speaker(db, await number_of(db, "Ada Toll"))
        assert (await db.execute(select(func.count()).select_from(outbox))).scalar_one() == 2
        assert [one.name for one in await Speakers().candidates(db, HERE, "toll")] == ["Eva Toll"]


async def test_a_forgotten_article_takes_along_who_is_named_there_alone(opened: Database) -> None:
    """Whoever other pages name, or somebody waits for, stays."""
    async with opened.writing() as db:
        page = await read(db, SECRET, "Toll noted it.", "Orlan noted it.", people=(QUIST, TOLL, ORLAN), url=TALKS)
        await read(db, "“I say so,” said Toll.", people=(TOLL,), url="https://brenn.example/2")
        await Subscriptions().add(db, HERE, "Orlan", speaker_id=await number_of(db, "Viktor Orlan"), by=ANA, at=NOON)
        await Channels().numbers(db, HERE, sorted(page.new_quotes), at=NOON)
        await queued(db, HERE, TALKS, "alert:1")
        await queued(db, HERE, f"{TALKS}/2", "alert:2")
        assert await Forgetting().articles_at(db, ["https://x.example", TALKS]) == [page.article_id]
        gone = await Forgetting().articles(db, [page.article_id])
        assert (gone["articles"], gone["quotes"], gone["speakers"], gone["outbox"]) == (1, 1, 1, 1)
        for what in ("Quist", "secret", TALKS.removesuffix("s")):
            assert await cells(db, what) == set()
        names = (await db.execute(select(speakers.c.name).order_by(speakers.c.name))).scalars().all()
        assert names == ["Ada Toll", "Viktor Orlan"]
        await whole(db)


async def test_words_that_another_page_prints_too_are_listed_on(opened: Database) -> None:
    """What was folded under a forgotten quote takes its place; the story is named by what is left of it."""
    words = "“Guarantees must hold until the very last day of winter,” said Orlan."
    keeping = Articles(stories=Stories(kept_every=1))
    async with opened.writing() as db:
        saved = []
        for number, title in enumerate(("Secret talks end", "Talks end in Brenn", "Talks are over")):
            page = analysis(f"{words} Page {number}.", people=(ORLAN,), url=f"{TALKS}/{number}", title=title)
            saved.append(await keeping.save(db, page, owner_channel=None, seen_at=NOON))
        assert len({one.story_id for one in saved}) == 1
        gone = await Forgetting().articles(db, [saved[0].article_id])
        assert gone["quotes"] == 1
        (listed,) = await Quotes().about(db, HERE, "winter")
        assert listed.card.url == f"{TALKS}/1"
        (story,) = await Stories().latest(db)
        assert story.headline == "Talks end in Brenn"
        states = (await db.execute(select(story_states.c.state))).scalars()
        assert all(b"Secret talks end" not in zlib.decompress(one) for one in states)
        await Forgetting().articles(db, [one.article_id for one in saved])
        assert (await counts(db))["stories"] == 0
        await whole(db)


async def test_a_forgotten_source_takes_along_what_came_from_it_alone(opened: Database) -> None:
    """In batches: what another source printed too stays, without the sight of it."""
    async with opened.writing() as db:
        one, _ = await Sources().add(db, "https://one.example/", interval=MINUTE, at=NOON)
        two, _ = await Sources().add(db, "https://two.example/", interval=MINUTE, at=NOON)
        for number in range(250):
            page = analysis(f"“Number {number},” said Toll.", people=(TOLL,), url=f"{TALKS}/{number}")
            saved = await Articles().save(db, page, owner_channel=None, source_id=one.source_id, seen_at=NOON)
            await Sources().mark_seen(db, one.source_id, [str(number)], article_id=saved.article_id, at=NOON)
            if number < 10:
                await Articles().save(db, page, owner_channel=None, source_id=two.source_id, seen_at=NOON)
        gone = await Forgetting().source(db, one.source_id)
        assert (gone["articles"], gone["quotes"], gone["sources"]) == (240, 240, 1)
        assert (gone["seen_entries"], gone["sightings"]) == (250, 250)
        assert (await db.execute(select(func.count()).select_from(articles))).scalar_one() == 10
        assert await Forgetting().source(db, one.source_id) == {}
        await whole(db)


async def test_what_is_being_sent_is_past_recall(opened: Database) -> None:
    """It is not counted as gone."""
    async with opened.writing() as db:
        await read(db, SECRET, people=(QUIST,), url=TALKS)
        await queued(db, HERE, "Ida Quist", "alert:1")
        await db.execute(outbox.update().values(state="sending"))
        gone = await Forgetting().speaker(db, await number_of(db, "Ida Quist"))
        assert "outbox" not in gone


async def test_nothing_is_forgotten_by_halves(opened: Database) -> None:
    """An error on the way leaves everything there."""

    async def broken() -> None:
        async with opened.writing() as db:
            await Forgetting().articles(db, [1])
            msg = "the disk is full"
            raise OSError(msg)

    async with opened.writing() as db:
        await read(db, SECRET, people=(QUIST,), url=TALKS)
        before = await counts(db)
    with pytest.raises(OSError, match="full"):
        await broken()
    async with opened.reading() as db:
        assert await counts(db) == before
        assert (await db.execute(select(revisions.c.text))).scalar_one() is not None

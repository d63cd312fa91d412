"""Shared articles about one event stand in one story, whoever stores them and however often that is interrupted."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from store.articles import Articles
from store.forgetting import Forgetting
from store.shared_tables import stories, story_articles, story_states
from store.stories import Stories
from store.tables import articles
from summaries.story_data import parse_story_state
from tests.store.samples import HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.database import Database
    from store.values import SavedArticle
    from summaries.values import Analysis

DAM = (
    "The old dam above Vessin held through a night of heavy rain, engineers of the water board said on Monday.",
    "Families from the lower streets of Vessin slept in the school while the water rose behind the dam.",
    "The water board wants to rebuild both gates of the dam before the next winter storms reach the valley.",
)
HARBOUR = (
    "Fishermen blocked the harbour of Lenn with forty boats to protest against the new mooring fees.",
    "The harbour office raised mooring fees by a third in spring and has refused to talk to the fishermen.",
    "A ferry to the islands waited for three hours outside the harbour until the boats let it pass.",
)


def about(event: Sequence[str], number: int, minute: int = 0) -> Analysis:
    """Return one of several articles about an event: other sentences first, and some of its own."""
    order = list(event)
    Random(number).shuffle(order)  # noqa: S311 - an order, no secret
    own = " ".join("".join(Random(number * 9 + place).choices("aeioubcdklmnrst", k=7)) for place in range(9))  # noqa: S311 - words
    at = NOON + minute * MINUTE
    return analysis(
        order[0],
        own,
        *order[1:],
        url=f"https://post{number}.example/",
        title=f"{order[0][:30]} {number}",
        printed=at,
        read=at,
    )


async def save(opened: Database, kept: Articles, page: Analysis, owner: str | None = None) -> SavedArticle:
    """Save a page in a transaction of its own."""
    async with opened.writing() as db:
        return await kept.save(db, page, owner_channel=owner, seen_at=NOON)


async def test_articles_about_one_event_are_one_story(opened: Database) -> None:
    """With the first title, and the times of the first and the last; what is private is in none."""
    kept = Articles()
    first = await save(opened, kept, about(DAM, 1, 0))
    other = await save(opened, kept, about(HARBOUR, 2, 1))
    late = await save(opened, kept, about(DAM, 3, 2))
    private = await save(opened, kept, about(DAM, 4, 3), HERE)
    assert (first.story_id, late.story_id, private.story_id) == (first.story_id, first.story_id, None)
    assert other.story_id != first.story_id
    async with opened.reading() as db:
        harbour, dam = await Stories().latest(db, since=NOON), await Stories().latest(db, since=NOON + MINUTE)
        placed = await Stories().of_articles(db, [late.article_id, private.article_id])
        assert await Stories().latest(db, until=NOON + MINUTE) == harbour[1:]
    assert [one.story_id for one in harbour] == [first.story_id, other.story_id]
    assert (dam[0].headline, dam[0].first_seen_at, dam[0].last_seen_at) == (
        about(DAM, 1).article.title,
        NOON,
        NOON + 2 * MINUTE,
    )
    assert [one.article_id for one in dam[0].articles] == [first.article_id, late.article_id]
    assert list(placed) == [late.article_id]


async def test_a_wire_report_is_a_copy(opened: Database) -> None:
    """Under another title, at another address, with its end cut."""
    kept = Articles()
    first = await save(opened, kept, analysis(*DAM, "The end of it.", url="https://post.example/1", title="Dam holds"))
    copy = await save(opened, kept, analysis(*DAM, url="https://courier.example/1", title="Vessin’s dam stands"))
    assert (copy.story_id, copy.copy_of) == (first.story_id, first.article_id)


async def test_a_revised_article_stays_in_its_story(opened: Database) -> None:
    """A decision is never taken back: numbers last."""
    kept = Articles()
    first = await save(opened, kept, about(DAM, 1))
    page = analysis(*HARBOUR, url="https://post1.example/")
    assert (await save(opened, kept, page)).story_id == first.story_id


def pages() -> list[Analysis]:
    """Return articles about two events and some about nothing in common, mixed."""
    mixed = [about(DAM if number % 3 else HARBOUR, number, number) for number in range(12)]
    words = ("orchard bees swarm", "tram lines freeze", "museum opens late", "choir sings abroad")
    alone = [analysis(f"{each}.", title=each, url=f"https://a{number}.example/") for number, each in enumerate(words)]
    return [*mixed[:6], *alone[:2], *mixed[6:], *alone[2:]]


async def placements(opened: Database) -> list[tuple[int, int | None]]:
    """Return the story and the original of each article, in the order they came."""
    async with opened.reading() as db:
        order = select(story_articles.c.story_id, story_articles.c.copy_of).order_by(story_articles.c.placed)
        return [(row.story_id, row.copy_of) for row in await db.execute(order)]


@pytest.mark.parametrize("instances", [1, 2, 16], ids=["one", "two processes", "a restart before each"])
@pytest.mark.parametrize("kept_every", [1000, 5, 1], ids=["no state", "a state now and then", "a state each time"])
async def test_restarts_and_processes_change_nothing(opened: Database, instances: int, kept_every: int) -> None:
    """Whoever places an article knows what all others placed."""
    keepers = [Articles(stories=Stories(kept_every)) for _ in range(instances)]
    for number, page in enumerate(pages()):
        await save(opened, keepers[number % instances], page)
    found = await placements(opened)
    events = [2, 1, 1, 2, 1, 1, None, None, 2, 1, 1, 2, 1, 1, None, None]
    assert [story for (story, _), event in zip(found, events, strict=True) if event == 1] == [found[1][0]] * 8
    assert [story for (story, _), event in zip(found, events, strict=True) if event == 2] == [found[0][0]] * 4
    assert len({story for story, _ in found}) == 6


async def test_what_was_undone_was_never_placed(opened: Database) -> None:
    """Else a story would go by an article that nobody has."""
    kept = Articles(stories=Stories(kept_every=2))

    async def undone(page: Analysis) -> None:
        async with opened.writing() as db:
            await kept.save(db, page, owner_channel=None, seen_at=NOON)
            raise ZeroDivisionError

    for number in range(4):
        with pytest.raises(ZeroDivisionError):
            await undone(about(DAM if number % 2 else HARBOUR, 9))
        await save(opened, kept, about(HARBOUR, number + 20))
    assert await placements(opened) == [(1, None)] * 4


async def test_a_deleted_article_is_forgotten(opened: Database) -> None:
    """Also when it was the last one that was placed; numbers go on."""
    kept = Articles()
    await save(opened, kept, about(DAM, 1))
    gone = await save(opened, kept, about(HARBOUR, 2))
    async with opened.writing() as db:
        await db.execute(delete(articles).where(articles.c.article_id == gone.article_id))
        assert [len(one.articles) for one in await Stories().latest(db)] == [1]
    again = await save(opened, kept, about(HARBOUR, 3))
    assert again.story_id == 2


async def test_what_was_deleted_moves_nobody_after_a_restart(opened: Database) -> None:
    """Placed again without it, what stood behind it would open its story, and what comes next would join another's."""
    gone = await save(opened, Articles(), about(DAM, 1))
    before = await save(opened, Articles(), about(HARBOUR, 2))
    async with opened.writing() as db:
        await Forgetting().articles(db, [gone.article_id])
    after = await save(opened, Articles(), about(HARBOUR, 3))
    other = await save(opened, Articles(), about(DAM, 4))
    assert (before.story_id, after.story_id, other.story_id) == (2, 2, 3)


@pytest.mark.parametrize(("kept_every", "anew"), [(1, 3), (2, 3), (3, 3), (1000, 2)])
async def test_a_running_bot_forgets_with_the_database(opened: Database, kept_every: int, anew: int) -> None:
    """What it remembers of a forgotten article goes before it places the next one; other stories go on.

    Where no state was kept yet, nobody knows of the forgotten story's number any more.
    """
    stories_here = Stories(kept_every)
    kept = Articles(stories=stories_here)
    await save(opened, kept, about(DAM, 1))
    gone = await save(opened, kept, about(HARBOUR, 2))
    await save(opened, kept, about(DAM, 3))
    async with opened.writing() as db:
        await Forgetting().articles(db, [gone.article_id])
    later = [await save(opened, kept, about(event, number)) for number, event in enumerate((DAM, HARBOUR, HARBOUR), 4)]
    assert [one.story_id for one in later] == [1, anew, anew]
    async with opened.writing() as db:
        await stories_here.settle(db)
        (state,) = (await db.execute(select(story_states.c.state))).scalars()
    remembered = parse_story_state(json.loads(zlib.decompress(state)))
    known = [(one.story.story_id, one.story.article_ids) for one in remembered.stories]
    assert known == [(1, ("1", "3", "4")), (anew, ("5", "6"))]


async def test_a_copy_of_what_was_deleted_meanwhile_is_kept(opened: Database) -> None:
    """By another process: who places articles remembers it still, but it is nobody's copy now."""
    kept = Articles()
    first, page = await save(opened, kept, about(DAM, 1)), about(DAM, 1)
    await save(opened, kept, about(HARBOUR, 2))
    async with opened.writing() as db:
        await db.execute(delete(articles).where(articles.c.article_id == first.article_id))
    copy = replace(page, article=replace(page.article, url="https://wire.example/"))
    saved = await save(opened, kept, copy)
    assert (saved.story_id, saved.copy_of) == (first.story_id, None)


async def test_a_state_that_cannot_be_read_begins_anew(opened: Database) -> None:
    """Another version kept it; old stories keep their numbers, new ones get others."""
    await save(opened, Articles(stories=Stories(1)), about(DAM, 1))
    async with opened.writing() as db:
        await db.execute(update(story_states).values(state=b"from another time"))
    later = await save(opened, Articles(), about(DAM, 2))
    async with opened.reading() as db:
        numbers = (await db.execute(select(stories.c.story_id).order_by(stories.c.story_id))).scalars().all()
    assert (later.story_id, list(numbers)) == (2, [1, 2])

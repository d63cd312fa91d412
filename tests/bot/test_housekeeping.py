"""What is old goes, what is young stays, and quotes stay whatever their age."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.housekeeping import tidy
from config.settings import Settings
from store.articles import Articles
from store.quotes import Quotes
from store.shared_tables import story_states
from store.stories import Stories
from store.taps import Taps
from summaries.stories import StoryState
from summaries.story_data import parse_story_state
from tests.handlers.pages import DAM, HARBOUR, NOW, analysis_of

if TYPE_CHECKING:
    from store.database import Database


@pytest.mark.parametrize(
    ("setting", "age", "kept"),
    [
        ({}, timedelta(days=29), True),
        ({}, timedelta(days=31), False),
        ({"keep_texts_days": 2}, timedelta(days=1), True),
        ({"keep_texts_days": 2}, timedelta(days=3), False),
        ({"keep_texts_days": 0}, timedelta(days=3650), True),  # for ever
    ],
)
async def test_texts_are_dropped_after_thirty_days(
    opened: Database,
    setting: dict[str, int],
    age: timedelta,
    kept: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Or as long as is set; the quotes of the article stay, each with its paragraph."""
    texts_kept = Settings(_env_file=None, **setting).texts_kept  # type: ignore[arg-type,call-arg] # pydantic reads them
    async with opened.writing() as db:
        saved = await Articles().save(
            db, analysis_of(DAM, url="https://post.example/1"), owner_channel=None, seen_at=NOW
        )
    await tidy(opened, Articles(), NOW + age, texts_kept)
    async with opened.reading() as db:
        stored = await Articles().get(db, "telegram:7", saved.article_id)
        quotes = await Quotes().of_articles(db, "telegram:7", [saved.article_id])
    assert stored is not None
    assert (stored.analysis is not None) is kept
    assert len(quotes) == 4


async def test_stories_stay_what_they_are_when_texts_go(opened: Database) -> None:
    """After a restart articles are placed again; those whose texts are gone would open stories under others' numbers."""

    async def saved(number: int, text: str, days: int, kept: Articles) -> int:
        page = analysis_of(
            f"{text}\n\nNumber {number}.", url=f"https://post.example/{number}", at=NOW + timedelta(days=days)
        )
        async with opened.writing() as db:
            article = await kept.save(db, page, owner_channel=None, seen_at=NOW)
        async with opened.reading() as db:
            return (await Stories().of_articles(db, [article.article_id]))[article.article_id].story_id

    before = Articles()
    other_title = DAM.replace("Dam at Vessin holds through the night", "Engineers relieved")
    assert [await saved(number, text, 0, before) for number, text in enumerate((DAM, other_title, HARBOUR))] == [
        1,
        1,
        2,
    ]
    await tidy(opened, before, NOW + timedelta(days=40), timedelta(days=30))
    assert (
        await saved(9, "Trams in Lenn\n\nThe trams of Lenn will run on Sundays again from May on.", 40, Articles()) == 3
    )


async def test_what_was_known_of_words_is_kept_with_stories(opened: Database) -> None:
    """The first articles are told apart by how common words are in the language; without it, all would be rare."""
    known = {"dam": 40, "harbour": 40}
    keeping = Articles(stories=Stories(begins=StoryState(documents=1000, frequencies=known)))
    async with opened.writing() as db:
        await keeping.save(db, analysis_of(DAM, url="https://post.example/1"), owner_channel=None, seen_at=NOW)
    await tidy(opened, keeping, NOW + timedelta(days=31), timedelta(days=30))
    async with opened.reading() as db:
        kept = (await db.execute(select(story_states.c.state))).scalar_one()
    state = parse_story_state(json.loads(zlib.decompress(kept)))
    assert (state.documents, state.frequencies["dam"]) == (1001, 41)


async def test_a_button_is_known_for_ninety_days(opened: Database) -> None:
    """After that a tap is answered with a request to ask again."""
    async with opened.writing() as db:
        await Taps().keep(db, {"t:old": "/quotes vos"}, at=NOW)
    await tidy(opened, Articles(), NOW + timedelta(days=89), None)
    async with opened.reading() as db:
        assert await Taps().command_of(db, "t:old") == "/quotes vos"
    await tidy(opened, Articles(), NOW + timedelta(days=91), None)
    async with opened.reading() as db:
        assert await Taps().command_of(db, "t:old") is None

"""What is old goes, what is young stays, and quotes stay whatever their age."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.housekeeping import tidy
from config.settings import Settings
from store.articles import Articles
from store.quotes import Quotes
from store.stories import Stories
from store.taps import Taps
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
    await tidy(opened, NOW + age, texts_kept)
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
    await tidy(opened, NOW + timedelta(days=40), timedelta(days=30))
    assert (
        await saved(9, "Trams in Lenn\n\nThe trams of Lenn will run on Sundays again from May on.", 40, Articles()) == 3
    )


async def test_a_button_is_known_for_ninety_days(opened: Database) -> None:
    """After that a tap is answered with a request to ask again."""
    async with opened.writing() as db:
        await Taps().keep(db, {"t:old": "/quotes vos"}, at=NOW)
    await tidy(opened, NOW + timedelta(days=89), None)
    async with opened.reading() as db:
        assert await Taps().command_of(db, "t:old") == "/quotes vos"
    await tidy(opened, NOW + timedelta(days=91), None)
    async with opened.reading() as db:
        assert await Taps().command_of(db, "t:old") is None

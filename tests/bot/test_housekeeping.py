"""What is old goes, what is young stays, and quotes stay whatever their age."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.housekeeping import tidy
from config.settings import Settings
from store.articles import Articles
from store.quotes import Quotes
from store.taps import Taps
from tests.handlers.pages import DAM, NOW, analysis_of

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

"""Quotes are found by who printed them and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store.articles import Articles
from store.quotes import Quotes
from store.speakers import Speakers
from tests.store.samples import HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database


async def test_a_question_may_say_when_and_where(opened: Database) -> None:
    """Outlets are known by a part of their name, in any case, or by their site; times are open at the start."""
    printed = (
        ("The Brenn Post", "https://www.post.example/a/courier.example/1", "“One tree fell,” said Orlan."),
        ("Couriér du Selm", "https://courier.example/2", "“Two trees fell,” said Orlan."),
        (None, "https://news.courier.example", "“Three trees fell,” said Orlan."),
    )
    async with opened.writing() as db:
        for minute, (outlet, url, words) in enumerate(printed):
            page = analysis(words, url=url, printed=NOON + minute * MINUTE, read=NOON + 10 * MINUTE)
            page = replace(page, article=replace(page.article, outlet=outlet))
            await Articles().save(db, page, owner_channel=None, seen_at=NOON)
    async with opened.reading() as db:
        (orlan,) = await Speakers().candidates(db, HERE, "orlan")

        async def texts(**which: object) -> list[str]:
            by = await Quotes().by_speaker(db, HERE, orlan.speaker_id, limit=9, **which)  # type: ignore[arg-type]
            about = await Quotes().about(db, HERE, "fell", limit=9, **which)  # type: ignore[arg-type]
            assert by == about
            return [one.quote.text.split(" ")[0] for one in by]

        assert await texts(outlet="brenn post") == ["One"]
        assert await texts(outlet="couriér") == ["Two"]
        assert await texts(outlet="courier.example") == ["Three", "Two"]
        assert await texts(outlet="WWW.POST.EXAMPLE") == ["One"]
        assert await texts(outlet="%") == []
        assert await texts(until=NOON + MINUTE) == ["Two", "One"]
        assert await texts(since=NOON, until=NOON + MINUTE) == ["Two"]

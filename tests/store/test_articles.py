"""Articles are saved whole, once, and their quotes keep their ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from store.articles import Articles
from store.errors import NotVerbatimError, UnstorableTextError
from store.quotes import Quotes
from store.speakers import Speakers
from store.tables import articles, quotes, revisions
from store.values import Outcome, QuoteState
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database
    from store.values import SavedArticle
    from summaries.values import Analysis

PAGE = (
    "“Guarantees must hold,” said Orlan.",
    "Marek noted that the bridge is shut.",
    "It is an “open wound”, said Toll.",
)


async def save(opened: Database, page: Analysis, owner: str | None = None, *, again: bool = False) -> SavedArticle:
    """Save a page in a transaction of its own."""
    async with opened.writing() as db:
        return await Articles().save(db, page, owner_channel=owner, seen_at=page.article.fetched_at, again=again)


async def test_what_is_saved_is_read_back_whole(opened: Database) -> None:
    """An analysis comes back as it was, with the store's ids in it."""
    page = analysis(*PAGE, url="https://brenn.example/talks")
    saved = await save(opened, page)
    assert (saved.outcome, len(saved.quotes), len(saved.new_quotes)) == (Outcome.NEW, 2, 2)
    async with opened.reading() as db:
        stored = await Articles().get(db, HERE, saved.article_id)
    assert stored is not None
    assert stored.analysis is not None
    assert stored.analysis.quotes == saved.quotes
    assert replace(stored.analysis, quotes=page.quotes) == page


async def test_an_article_is_known_by_its_address_and_by_its_text(opened: Database) -> None:
    """The same page again, and the same text at another address, are the same article."""
    first = await save(opened, analysis(*PAGE, url="https://brenn.example/talks"))
    again = await save(opened, analysis(*PAGE, url="https://brenn.example/talks"))
    twin = await save(opened, analysis(*PAGE, url="https://copy.example/1"))
    assert (again.outcome, again.article_id, again.quotes) == (Outcome.KNOWN, first.article_id, first.quotes)
    assert (twin.outcome, twin.article_id, twin.new_quotes) == (Outcome.KNOWN, first.article_id, frozenset())
    async with opened.reading() as db:
        for url in ("https://brenn.example/talks", "https://copy.example/1"):
            stored = await Articles().at(db, HERE, url)
            assert stored is not None
            assert stored.card.article_id == first.article_id


async def test_the_same_text_in_another_outlet_is_an_article_of_its_own(opened: Database) -> None:
    """Its quotes are the same words; an outlet that is unknown, or of the same site or name, may be the same."""

    async def printed(outlet: str | None, url: str | None, owner: str | None = None) -> SavedArticle:
        page = analysis(*PAGE, url=url)
        page = replace(page, article=replace(page.article, outlet=outlet))
        return await save(opened, page, owner=owner)

    post = await printed("The Brenn Post", "https://brenn.example/talks")
    harbour = await printed("Harbour Post", "https://harbour.example/1")
    assert (harbour.outcome, harbour.article_id == post.article_id) == (Outcome.NEW, False)
    assert harbour.same_words.keys() == harbour.new_quotes
    assert set(harbour.same_words.values()) == {quote.quote_id for quote in post.quotes}
    for outlet, url, known in (
        ("the brenn  post", None, post),
        ("Harbour Post", None, harbour),
        ("Harbour", "https://www.harbour.example/2", harbour),
        (None, None, post),
        ("Harbour", "https://brenn.example/talks", post),  # an address goes before all
    ):
        again = await printed(outlet, url)
        assert (again.outcome, again.article_id) == (Outcome.KNOWN, known.article_id)
    assert (await printed("The Brenn Post", None, owner=HERE)).outcome is Outcome.NEW  # nothing folds across owners


async def test_quotes_keep_their_ids_when_the_outlet_changes_the_article(opened: Database) -> None:
    """A quote is matched by its words; one that is gone is marked and not listed; a new one is new."""
    url = "https://brenn.example/talks"
    before = await save(opened, analysis(*PAGE, url=url))
    changed = analysis("Brenn is calm.", "“Guarantees must hold,” said Orlan.", "“We wait,” said Toll.", url=url)
    after = await save(opened, changed)
    kept, gone = before.quotes[0].quote_id, before.quotes[1].quote_id
    assert after.outcome is Outcome.REVISED
    assert [quote.quote_id == kept for quote in after.quotes] == [True, False]
    assert after.new_quotes == {after.quotes[1].quote_id}
    assert gone is not None
    async with opened.reading() as db:
        (removed,) = await Quotes().get(db, HERE, [gone])
        listed = await Quotes().of_articles(db, HERE, [after.article_id])
    assert removed.state is QuoteState.REMOVED
    assert [found.quote.text for found in listed] == ["Guarantees must hold", "We wait"]


async def test_a_removed_quote_that_comes_back_has_its_id_again(opened: Database) -> None:
    """Outlets take words out and put them back."""
    url = "https://brenn.example/talks"
    first = await save(opened, analysis(*PAGE, url=url))
    await save(opened, analysis("Brenn is calm.", url=url))
    third = await save(opened, analysis(*PAGE, "The end.", url=url))
    assert [quote.quote_id for quote in third.quotes] == [quote.quote_id for quote in first.quotes]
    assert third.new_quotes == frozenset()
    async with opened.reading() as db:
        count = (await db.execute(select(func.count()).select_from(revisions))).scalar_one()
        listed = await Quotes().of_articles(db, HERE, [first.article_id])
    assert (count, len(listed)) == (3, 2)


async def test_analysing_again_keeps_ids_and_changes_speakers(opened: Database) -> None:
    """After the engine learned something, the same quotes may have other speakers."""
    page = analysis(*PAGE)
    first = await save(opened, page)
    attribution = page.quotes[0].attribution
    assert attribution is not None
    corrected = replace(page.quotes[0], attribution=replace(attribution, name="Lena Marek", rule="by_hand"))
    second = await save(opened, replace(page, quotes=(corrected, page.quotes[1])), again=True)
    assert [quote.quote_id for quote in second.quotes] == [quote.quote_id for quote in first.quotes]
    async with opened.reading() as db:
        (marek,) = await Speakers().candidates(db, HERE, "marek")
        found = await Quotes().by_speaker(db, HERE, marek.speaker_id)
    assert [one.quote.text for one in found] == ["Guarantees must hold"]


async def test_proof_outlives_the_text(opened: Database) -> None:
    """When retention drops a text, each quote stands in its kept paragraph, and the article answers without text."""
    saved = await save(opened, analysis(*PAGE))
    async with opened.writing() as db:
        assert await Articles().drop_texts(db, read_before=NOON) == 0
        assert await Articles().drop_texts(db, read_before=NOON + 2 * MINUTE) == 1
        assert await Articles().drop_texts(db, read_before=NOON + 2 * MINUTE) == 0
    async with opened.reading() as db:
        stored = await Articles().get(db, HERE, saved.article_id)
        found = await Quotes().of_articles(db, HERE, [saved.article_id])
        about = await Articles().about(db, HERE, "guarantees")
    assert stored is not None
    assert stored.analysis is None
    assert about == []
    assert [(one.quote.text, one.printed_sentence) for one in found] == [
        ("Guarantees must hold", "“Guarantees must hold,” said Orlan."),
        ("open wound", "It is an “open wound”, said Toll."),
    ]
    assert (found[1].mention, found[1].cue, found[1].speaker, found[1].paragraph_index) == (
        "Toll",
        "said",
        "Ada Toll",
        3,
    )


@pytest.mark.parametrize(
    "damage",
    [{"text": "Guarantees must fall"}, {"paragraph_text": "“Guarantees must hold,” said someone."}, {"start": 18}],
    ids=["words", "paragraph", "place"],
)
async def test_what_is_not_verbatim_is_not_shown(opened: Database, damage: dict[str, object]) -> None:
    """A quote that does not stand in its kept paragraph is refused on reading."""
    saved = await save(opened, analysis(PAGE[0]))
    async with opened.writing() as db:
        await db.execute(update(quotes).values(damage))
    async with opened.reading() as db:
        with pytest.raises(NotVerbatimError, match="as it is kept"):
            await Quotes().of_articles(db, HERE, [saved.article_id])


async def test_a_changed_text_is_not_shown(opened: Database) -> None:
    """A text whose hash is not the one it was saved with is refused on reading."""
    saved = await save(opened, analysis("Brenn is calm."))
    async with opened.writing() as db:
        await db.execute(update(revisions).values(text="Brenn is loud."))
    async with opened.reading() as db:
        with pytest.raises(NotVerbatimError):
            await Articles().get(db, HERE, saved.article_id)


async def test_what_cannot_be_stored_is_refused_before_anything_is(opened: Database) -> None:
    """PostgreSQL has no NUL in texts, and neither database has lone surrogates."""
    for bad in ("A \0 in it.", "A \ud800 in it."):
        with pytest.raises(UnstorableTextError):
            await save(opened, analysis(bad, url="https://brenn.example/bad"))
    async with opened.reading() as db:
        assert (await db.execute(select(func.count()).select_from(articles))).scalar_one() == 0


async def test_the_newest_is_what_was_printed_last(opened: Database) -> None:
    """A backfilled old article is not the newest, nor is one that was printed in the future."""
    for minutes, read, words in ((5, 6, "Second."), (1, 30, "Third, read late."), (999, 20, "First, from the future.")):
        page = analysis(words, title=words, printed=NOON + minutes * MINUTE, read=NOON + read * MINUTE)
        await save(opened, page)
    async with opened.reading() as db:
        latest = await Articles().latest(db, HERE)
        recent = await Articles().latest(db, HERE, since=NOON + 4 * MINUTE, limit=1)
        assert await Articles().count(db, HERE, since=NOON + 4 * MINUTE) == 2
    assert [card.title for card in latest] == ["First, from the future.", "Second.", "Third, read late."]
    assert recent == latest[:1]


async def test_a_pasted_page_is_deleted_by_its_chat_alone(opened: Database) -> None:
    """*Delete page* deletes all that came of it; shared articles stay."""
    pasted = await save(opened, analysis(*PAGE), owner=f"{HERE}/7")
    shared = await save(opened, analysis(*PAGE))
    assert pasted.article_id != shared.article_id
    async with opened.writing() as db:
        assert not await Articles().delete(db, ELSEWHERE, pasted.article_id)
        assert not await Articles().delete(db, HERE, shared.article_id)
        assert await Articles().delete(db, HERE, pasted.article_id)
    async with opened.reading() as db:
        left = (await db.execute(select(quotes.c.article_id).distinct())).scalars().all()
    assert left == [shared.article_id]


async def test_words_in_the_title_come_first(opened: Database) -> None:
    """Then the asker's own page, then the newest; else an article that has the word in passing would hide it."""

    def page(title: str, *paragraphs: str, hours: int) -> Analysis:
        made = analysis(title, *paragraphs)
        printed = replace(made.article, title=title, published_at=made.article.fetched_at - timedelta(hours=hours))
        return replace(made, article=printed)

    await save(opened, page("Bakers of Lenn walk out", "The bakery is shut.", hours=3))
    await save(opened, page("Bakery strike enters third week", "Bread is scarce.", hours=9), owner=HERE)
    await save(opened, page("A bakery opens", "It sells bread.", hours=5))
    await save(opened, page("Ferry stops", "The bakery stops, the school stops.", hours=1))
    async with opened.reading() as db:
        titles = [card.title for card in await Articles().about(db, HERE, "bakery", limit=4)]
        one = await Articles().about(db, HERE, "bakery", limit=1)
    assert titles == ["Bakery strike enters third week", "A bakery opens", "Ferry stops", "Bakers of Lenn walk out"]
    assert [card.title for card in one] == titles[:1]

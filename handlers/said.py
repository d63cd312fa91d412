"""Quotes as statements, article by article: what an answer shows of them, and how many there are, repetitions folded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handlers.reading_aloud import ids_of, statements_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from store.values import ArticleCard, FoundQuote
    from summaries.statements import Statement

MOST_READ = 200
"""Quotes that are looked at for one answer: what repeats others folds away."""
PAGES = 20
"""Articles that they come from."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one article holds of an answer."""

    card: ArticleCard
    statements: tuple[Statement, ...]


async def said_pages(  # noqa: PLR0913 - one more than five says how much is looked at
    db: AsyncConnection,
    desk: Desk,
    chat: str,
    found: Sequence[FoundQuote],
    *,
    of_anyone: bool = False,
    most: int = PAGES,
) -> list[Said]:
    """Return quotes as statements, article by article in the order given; what is not sure enough is left out.

    What a quote repeats and what it is carried on from is seen among all quotes of its article only.

    Args:
        db: A transaction.
        desk: What to ask.
        chat: Who asks.
        found: The quotes asked for.
        of_anyone: Whether it matters not whose they are.
        most: Articles that are looked at.
    """
    articles: dict[int, list[FoundQuote]] = {}
    for one in found:
        articles.setdefault(one.card.article_id, []).append(one)
    chosen = dict(list(articles.items())[:most])
    around: dict[int, list[FoundQuote]] = {}
    for one in await desk.quotes.of_articles(db, chat, list(chosen)):
        around.setdefault(one.card.article_id, []).append(one)
    pages = [
        Said(asked[0].card, asked_statements(asked, around[article_id], desk.bars.asked, of_anyone=of_anyone))
        for article_id, asked in chosen.items()
    ]
    return [page for page in pages if page.statements]


def asked_statements(
    asked: Sequence[FoundQuote], around: Sequence[FoundQuote], bar: float, *, of_anyone: bool
) -> tuple[Statement, ...]:
    """Return the statements that hold the quotes asked for, without the quotes of other speakers, and others' words.

    Args:
        asked: Of one article.
        around: All quotes of the article, in reading order.
        bar: Confidence below which a quote has no speaker here.
        of_anyone: Whether it matters not whose they are.
    """
    ids = {one.quote.quote_id for one in asked}
    kept = [
        replace(one, quotes=quotes)
        for one in statements_on(around, None, bar)
        if (quotes := tuple(each for each in one.quotes if each.quote.quote_id in ids))
    ]
    # Each may repeat a quote that was not asked for.
    kept = kept or list(statements_on(asked, None, bar))
    # Of somebody's quotes those that nobody is named for are not theirs for certain.
    return tuple(one for one in kept if one.speaker is not None or of_anyone)


def count_of(pages: Iterable[Said]) -> int:
    """Return how many quotes pages show."""
    return sum(len(ids_of(page.statements)) for page in pages)


async def said_by(db: AsyncConnection, desk: Desk, chat: str, speaker_id: int) -> tuple[int, bool]:
    """Return how many quotes of a speaker an answer would count, and whether these are all."""
    found = await desk.quotes.by_speaker(db, chat, speaker_id, limit=MOST_READ)
    pages = await said_pages(db, desk, chat, found)
    return count_of(pages), len(found) < MOST_READ and len(pages) < PAGES


async def example_name(db: AsyncConnection, desk: Desk, chat: str) -> str | None:
    """Return a name for an example, as one types it: of who is quoted most here; None where nobody is."""
    most = await desk.speakers.quoted_most(db, chat, limit=1)
    return most[0].name.split()[-1].lower() if most else None


async def most_quoted(db: AsyncConnection, desk: Desk, chat: str, *, limit: int = 3) -> list[tuple[str, str]]:
    """Return buttons for who is quoted most, each with the number of quotes where all were counted."""
    offered = []
    for one in await desk.speakers.quoted_most(db, chat, limit=limit):
        count, are_all = await said_by(db, desk, chat, one.speaker_id)
        if count:
            label = f"{one.name[:65]} {count}" if are_all else one.name[:75]
            offered.append((label, f"/by {one.speaker_id}"))
    return offered

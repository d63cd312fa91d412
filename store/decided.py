"""What operators decided about an article's quotes, which no later analysis undoes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select

from store.rematching import rematched
from store.tables import feedback, quotes

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from summaries.values import Analysis


async def without_taken_names(db: AsyncConnection, article_id: int, analysis: Analysis) -> Analysis:
    """Return the analysis of a known article without the names that an operator took back.

    What nobody is named for now stays so where a name was taken back in the article: what is carried on from such a
    quote lost its name with it.
    """
    agreed = and_(feedback.c.kind == "wrong_speaker", feedback.c.decision == "right")
    other = quotes.alias()
    here = select(feedback.c.feedback_id).join(other, other.c.quote_id == feedback.c.quote_id)
    taken = exists(here.where(agreed, other.c.article_id == article_id))
    mine = select(quotes.c.quote_id, quotes.c.text, quotes.c.name).where(quotes.c.article_id == article_id, taken)
    old = (await db.execute(mine.order_by(quotes.c.revision.desc(), quotes.c.start))).all()
    nameless = {row.quote_id for row in old if row.name is None}
    if not nameless:
        return analysis
    ids = rematched([(row.quote_id, row.text) for row in old], [quote.text for quote in analysis.quotes])
    return replace(
        analysis,
        quotes=tuple(
            replace(quote, attribution=None) if quote_id in nameless else quote
            for quote, quote_id in zip(analysis.quotes, ids, strict=True)
        ),
    )

"""What operators decided about an article's quotes, which no later analysis undoes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from store.rematching import rematched
from store.shared_tables import taken_names
from store.tables import feedback, quotes

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from summaries.values import Analysis


async def without_taken_names(db: AsyncConnection, article_id: int, analysis: Analysis) -> Analysis:
    """Return the analysis of a known article without the names that an operator took back.

    What nobody is named for now stays so where a name was taken back in the article.
    """
    other = quotes.alias()
    here = other.c.article_id == article_id
    agreed = and_(feedback.c.kind == "wrong_speaker", feedback.c.decision == "right")
    taken = exists(select(taken_names.c.quote_id).join(other, other.c.quote_id == taken_names.c.quote_id).where(here))
    # Of what was decided by earlier releases, whose name it was is not always known.
    said = exists(
        select(feedback.c.feedback_id).join(other, other.c.quote_id == feedback.c.quote_id).where(here, agreed)
    )
    mine = select(quotes.c.quote_id, quotes.c.text, quotes.c.name).where(quotes.c.article_id == article_id)
    old = (await db.execute(mine.where(or_(taken, said)).order_by(quotes.c.revision.desc(), quotes.c.start))).all()
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

"""Which articles come first of those that hold some words: the ones that have them in their title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.search import words
from store.tables import articles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

RANKED = 200
"""Articles holding the words asked for, the newest, whose titles are looked at."""


async def headlines_first(
    db: AsyncConnection, holding: Select[Any], asked: Sequence[str], *, limit: int
) -> dict[int, int]:
    """Return the place of each of the first ``limit`` articles: the asker's own headlines, other headlines, the rest.

    Args:
        db: A transaction.
        holding: The query for articles that hold the words, in the order in which equals stay.
        asked: Folded words.
        limit: How many at most.
    """
    shared = articles.c.owner_channel.is_(None).label("is_shared")
    narrow = holding.with_only_columns(articles.c.article_id, articles.c.title, shared).limit(max(limit, RANKED))
    ranks: dict[int, tuple[bool, bool]] = {}
    for row in await db.execute(narrow):
        in_title = set(asked) <= set(words(row.title or ""))
        ranks[row.article_id] = (not in_title, in_title and row.is_shared)
    return {article_id: place for place, article_id in enumerate(sorted(ranks, key=ranks.__getitem__)[:limit])}

"""Everything that is kept, row by row: for exports, in one reading transaction, with memory that does not grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from store.errors import NotVerbatimError
from store.quotes import COLUMNS, JOINED
from store.rows import card_value, digest, found_value, spans_value
from store.scope import CURRENT, visible
from store.tables import articles, quotes, revisions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.values import ArticleCard, FoundQuote

SHARED_ONLY = ""
"""As a channel: no chat, so nothing that is private to one."""
BATCH = 500
"""Rows that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Revision:
    """An article's text as it was read at one time.

    Attributes:
        number: From 1.
        text_sha256: Of the text in UTF-8; kept when the text is dropped.
        read_at: When it was read.
        engine: The version of On Record that found its quotes; None where that was not kept.
    """

    number: int
    text_sha256: bytes
    read_at: datetime
    engine: str | None


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """An article with its text.

    Attributes:
        text: None once retention dropped it.
        summary: Its sentences, word for word; empty without the text.
    """

    card: ArticleCard
    revision: Revision
    text: str | None
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportedQuote:
    """A quote with its proof and the revision it was last read in."""

    found: FoundQuote
    revision: Revision


class Exporting:
    """What a chat sees, all of it, in the order in which it was kept; with ``SHARED_ONLY`` what everybody sees."""

    async def count(self, db: AsyncConnection, channel: str) -> tuple[int, int]:
        """Return (articles, quotes)."""
        all_articles = select(func.count()).select_from(articles).where(visible(articles, channel))
        all_quotes = select(func.count()).select_from(quotes).where(CURRENT, visible(quotes, channel))
        return (await db.execute(all_articles)).scalar_one(), (await db.execute(all_quotes)).scalar_one()

    async def articles(self, db: AsyncConnection, channel: str) -> AsyncIterator[ExportedArticle]:
        """Yield the articles, each as it was read last."""
        shown = and_(revisions.c.article_id == articles.c.article_id, revisions.c.number == articles.c.revision)
        statement: Select[Any] = (
            select(*articles.c, *_REVISION, revisions.c.text.label("printed"), revisions.c.summary)
            .join(revisions, shown)
            .where(visible(articles, channel))
            .order_by(articles.c.article_id)
            .execution_options(yield_per=BATCH)
        )
        async for row in await db.stream(statement):
            yield _article(row)

    async def quotes(self, db: AsyncConnection, channel: str) -> AsyncIterator[ExportedQuote]:
        """Yield the quotes that may be shown.

        Raises:
            NotVerbatimError: if one does not stand in its paragraph.
        """
        stood = and_(revisions.c.article_id == quotes.c.article_id, revisions.c.number == quotes.c.revision)
        statement: Select[Any] = (
            select(*COLUMNS, *_REVISION)
            .select_from(JOINED.join(revisions, stood))
            .where(CURRENT, visible(quotes, channel))
            .order_by(quotes.c.quote_id)
            .execution_options(yield_per=BATCH)
        )
        async for row in await db.stream(statement):
            yield ExportedQuote(found_value(row), _revision(row))


_REVISION = (
    revisions.c.number.label("revision_number"),
    revisions.c.text_sha256,
    revisions.c.read_at,
    revisions.c.engine,
)


def _revision(row: Row[Any]) -> Revision:
    return Revision(row.revision_number, row.text_sha256, row.read_at, row.engine)


def _article(row: Row[Any]) -> ExportedArticle:
    if row.printed is not None and digest(row.printed) != row.text_sha256:
        what = f"the text of article {row.article_id}, as it is kept"
        raise NotVerbatimError(what)
    summary = () if row.printed is None else tuple(span.of(row.printed) for span in spans_value(row.summary))
    return ExportedArticle(card_value(row), _revision(row), row.printed, summary)

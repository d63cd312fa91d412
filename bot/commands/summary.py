"""``onrecord summary``: an article that was read, as chat shows it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_store
from bot.commands.desks import request_of
from bot.commands.showing import show
from bot.starting import FAILED, complain
from handlers.numbers import number_in
from handlers.reading_aloud import summary_of
from sources.addresses import known_by

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.commands.at_hand import AtHand
    from handlers.request import Request
    from store.values import StoredArticle


def summary(written: str) -> int:
    """Print the summary of an article by its address or number; return the exit code."""
    return with_store(partial(show_summary, written))


async def show_summary(written: str, at_hand: AtHand) -> int:
    """Print the summary of a kept article; return the exit code."""
    request = request_of(at_hand, "summary")
    async with at_hand.database.reading() as db:
        stored = await _article(request, db, written)
        if stored is None:
            if number_in(written) is not None:
                return complain(f"there is no article of number {written}", FAILED)
            if not written.strip():
                return complain("say the article's address or number", FAILED)
            return complain(f"{written}: not read yet; onrecord brief shows a page without keeping it", FAILED)
        message = await summary_of(db, request.desk, request.chat, stored)
    show(message)
    return 0


async def _article(request: Request, db: AsyncConnection, written: str) -> StoredArticle | None:
    articles, number = request.desk.articles, number_in(written)
    if number is not None:
        return await articles.get(db, request.chat, number)
    return await articles.at(db, request.chat, *known_by(written))

"""``/summary``, and what its buttons ask: longer, all quotes, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.handed_in import link_in, read_address, read_text
from handlers.handed_in_here import GONE
from handlers.numbers import number_in
from handlers.reading_aloud import all_said, ids_of, statements_on, summary_of
from handlers.wording import buttons, code, counted, line, says, short
from summaries.message import Divider, Message

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.request import Request
    from store.values import ArticleCard, StoredArticle

OTHERS = 4
"""Further articles that are offered beside the one that is shown."""
LONGEST_BUTTON = 60
MOST_AT_ONCE = 10
"""Articles whose quotes are shown with one tap."""
NOBODY_QUOTED = "Nobody is quoted in it."
NOTHING_READ = "I have read nothing yet."


async def summary(request: Request) -> Message:
    """Answer ``/summary``: the latest article, one with certain words, one at an address, or what is replied to."""
    command = request.command
    if request.args:
        url = link_in(request.args)
        return await read_address(request, url) if url else await _about(request, request.args)
    if command.replied_text:
        url = link_in(command.replied_text)
        return await read_address(request, url) if url else await read_text(request, command.replied_text)
    async with request.desk.database.reading() as db:
        cards = await request.desk.articles.latest(db, request.chat, limit=1 + OTHERS)
        if not cards:
            return says(NOTHING_READ, how_to_begin(request))
        return await _shown(request, db, cards)


async def _about(request: Request, words: str) -> Message:
    async with request.desk.database.reading() as db:
        cards = await request.desk.articles.about(db, request.chat, words, limit=1 + OTHERS)
        if not cards:
            count = await request.desk.articles.count(db, request.chat)
            held = (
                f"None of the {counted(count, 'article')} I have read holds"
                if count
                else "I have read nothing that holds"
            )
            if " " not in words:
                return says(f"{held} “{short(words)}”.")
            return says(
                f"{held} all of “{short(words)}”.",
                line("Fewer words find more: ", code(f"/summary {words.split(maxsplit=1)[0][:40]}")),
            )
        return await _shown(request, db, cards)


async def _shown(request: Request, db: AsyncConnection, cards: list[ArticleCard]) -> Message:
    """Return the first article's summary, and buttons for the others."""
    stored = await request.desk.articles.get(db, request.chat, cards[0].article_id)
    assert stored is not None, "it was found in this transaction"
    message = await summary_of(db, request.desk, request.chat, stored, is_operator=request.is_operator)
    others = [(card.title or "Untitled", f"/article {card.article_id}") for card in cards[1:]]
    if not others:
        return message
    offered = buttons(*((_short(title), command) for title, command in others))
    return says(*message.blocks, "Also:", offered)


async def article(request: Request) -> Message:
    """Answer a tap on an article's title."""
    stored = await _stored(request)
    if stored is None:
        return says(GONE)
    async with request.desk.database.reading() as db:
        return await summary_of(db, request.desk, request.chat, stored, is_operator=request.is_operator)


async def longer(request: Request) -> Message:
    """Answer ``/longer <article>``: the same with more sentences."""
    stored = await _stored(request)
    if stored is None:
        return says(GONE)
    async with request.desk.database.reading() as db:
        return await summary_of(db, request.desk, request.chat, stored, longer=True, is_operator=request.is_operator)


async def all_quotes(request: Request) -> Message:
    """Answer ``/all <articles>``: everything that was said in them, each quote with its number."""
    desk, told = request.desk, []
    async with desk.database.writing() as db:
        for number in dict.fromkeys(number_in(each) for each in request.args.split()[:MOST_AT_ONCE]):
            stored = None if number is None else await desk.articles.get(db, request.chat, number)
            if stored is None:
                continue
            found = await desk.quotes.of_articles(db, request.chat, [stored.card.article_id])
            statements = statements_on(found, stored, desk.bars.asked)
            numbers = await desk.channels.numbers(db, request.chat, ids_of(statements), at=desk.now())
            telling = await desk.telling(db, request.chat, numbers)
            told.append(all_said(stored, statements, telling) if statements else says(NOBODY_QUOTED))
    if not told:
        return says(GONE)
    return Message(tuple(block for one in told for block in (*one.blocks, Divider()))[:-1])


async def _stored(request: Request) -> StoredArticle | None:
    number = number_in(request.args)
    if number is None:
        return None
    async with request.desk.database.reading() as db:
        return await request.desk.articles.get(db, request.chat, number)


def how_to_begin(request: Request) -> str:
    """Return what to do where nothing is there yet."""
    if request.command.is_private:
        return "Send a link, or paste a whole page; or write /sources to choose where articles come from."
    return "/sources says where articles come from; in a private chat you can paste a page."


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_BUTTON else title[: LONGEST_BUTTON - 1].rsplit(" ", 1)[0] + " …"

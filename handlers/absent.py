"""What is said where there is no quote to show: named and reported, named only, not about this, or not known at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.numbers import number_in
from handlers.reading_aloud import origin_line
from handlers.said import MOST_READ, count_of, most_quoted, said_by, said_pages
from handlers.since import told
from handlers.wording import bold, buttons, counted, line, says, short, small, starters_button
from summaries.message import Actions, Message, Paragraph, QuoteBlock, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.asked import AskedQuotes
    from handlers.request import Request
    from store.values import FoundQuote, Naming
    from summaries.message import Block

REPORTED = 3
"""Sentences shown that report somebody without marks."""
WHERE = 3
"""Sentences shown that name somebody."""
MOST_NAMINGS = 50
REPORTERS_WORDING = "That is the reporter’s wording, so it is not listed as a quote."


async def not_quoted(
    request: Request, db: AsyncConnection, speaker_id: int, name: str, unsure: Sequence[FoundQuote] = ()
) -> Message:
    """Return what there is of somebody who is named but not quoted, or not for certain.

    Args:
        request: Who asks.
        db: A writing transaction.
        speaker_id: Of whom.
        name: Theirs.
        unsure: Quotes that are likeliest theirs, but not certain enough to be shown as such.
    """
    namings = await request.desk.quotes.namings(db, request.chat, speaker_id, limit=MOST_NAMINGS)
    where = counted(len(namings), "page") if len(namings) < MOST_NAMINGS else f"more than {MOST_NAMINGS - 1} pages"
    perhaps = unsure or await _perhaps_quoted(request, db, namings)
    tell = (f"Tell me when {name} is quoted"[:75], f"/tell {speaker_id}")
    if perhaps:
        return says(
            line(bold(name), ": perhaps quoted, not certain enough to say so. As it is printed:"),
            *await _doubtful(request, db, perhaps),
            buttons(*([("Show where", f"/where {speaker_id}")] if namings else []), tell),
        )
    reported = [
        Run(span.of(naming.article.analysis.article.text), verbatim=True)
        for naming in namings
        if naming.article.analysis is not None
        for span in naming.reported
    ][:REPORTED]
    if reported:
        return says(
            line(bold(name), f": named, but not quoted, on {where}. Reported without quotation marks:"),
            *(QuoteBlock((run,)) for run in reported),
            Paragraph((small(REPORTERS_WORDING),)),
            buttons(tell),
        )
    return says(
        line(bold(name), f": named, but not quoted, on {where}."),
        buttons(("Show where", f"/where {speaker_id}"), tell) if namings else buttons(tell),
    )


async def _perhaps_quoted(request: Request, db: AsyncConnection, namings: Sequence[Naming]) -> list[FoundQuote]:
    """Return the quotes given to nobody for certain whose printed sentence names somebody outside the quote's own words.

    Not those whose name an operator took back: of them it is certain.
    """
    desk = request.desk
    named = {naming.article.card.article_id: naming.mentions for naming in namings}
    doubtful = [
        one
        for one in await desk.quotes.of_articles(db, request.chat, list(named))
        if one.quote.attributed(desk.bars.asked) is None
        and any(
            one.sentence.covers(mention) and not one.quote.span.covers(mention)
            for mention in named[one.card.article_id]
        )
    ]
    taken = await desk.taken_names.among(db, [one.quote.quote_id or 0 for one in doubtful])
    return [one for one in doubtful if one.quote.quote_id not in taken]


async def _doubtful(request: Request, db: AsyncConnection, perhaps: Sequence[FoundQuote]) -> list[Block]:
    """Return the printed sentences, each with the number of its proof and where it stands."""
    desk, once = request.desk, {(one.card.article_id, one.sentence): one for one in reversed(perhaps)}
    newest = sorted(once.values(), key=lambda one: one.card.newest_at, reverse=True)[:WHERE]
    ids = [one.quote.quote_id or 0 for one in newest]
    numbers = await desk.channels.numbers(db, request.chat, ids, at=desk.now())
    telling = await desk.telling(db, request.chat, numbers)
    blocks: list[Block] = []
    for one, quote_id in zip(newest, ids, strict=True):
        blocks.append(QuoteBlock((Run(one.printed_sentence, verbatim=True),)))
        blocks.append(Paragraph((Run(f"/q{numbers[quote_id]} · "), *origin_line(one.card, telling).runs)))
    return blocks


async def where_named(request: Request) -> Message:
    """Answer a tap on "Show where": the sentences that name somebody."""
    desk, number = request.desk, number_in(request.args)
    async with desk.database.reading() as db:
        name = None if number is None else await desk.speakers.name_of(db, request.chat, number)
        if name is None or number is None:
            return says("I do not know this person any more.")
        namings = await desk.quotes.namings(db, request.chat, number, limit=WHERE)
        telling = await desk.telling(db, request.chat)
    blocks: list[Block] = [line(bold(name), " is named here:")]
    for naming in namings:
        sentence = _naming_sentence(naming)
        blocks += [] if sentence is None else [QuoteBlock((Run(sentence, verbatim=True),))]
        blocks.append(origin_line(naming.article.card, telling))
    return Message(tuple(blocks))


def _naming_sentence(naming: Naming) -> str | None:
    """Return the first sentence, or title, that names them; None where the text is kept no more."""
    analysis = naming.article.analysis
    if analysis is None or not naming.mentions:
        return None
    text, first = analysis.article.text, naming.mentions[0]
    spans = [*(one.span for one in analysis.sentences), *(one.span for one in analysis.article.paragraphs)]
    return next((span.of(text) for span in spans if span.covers(first)), first.of(text))


async def about_nothing(
    request: Request, db: AsyncConnection, asked: AskedQuotes, speaker_id: int, name: str
) -> Message:
    """Return what there is of somebody who is not quoted about this, or not since then."""
    desk = request.desk
    count, _ = await said_by(db, desk, request.chat, speaker_id)
    limits = [f"about “{short(asked.about)}”"] if asked.about else []
    limits += [told(asked.since)] if asked.since else []
    offered = [("Show it" if count == 1 else "Show them", f"/by {speaker_id}")] if count else []
    if asked.about:
        others = await desk.quotes.about(db, request.chat, asked.about, limit=MOST_READ)
        anyone = count_of(await said_pages(db, desk, request.chat, others, of_anyone=True))
        label = f"Anyone about “{asked.about[:50]}”: {anyone}"
        offered += [(label, f"/quotes about {asked.about}")] if anyone else []
    without = " and ".join(
        f"“{short(asked.about)}”" if asked.about and limit.startswith("about") else "a time" for limit in limits
    )
    return says(
        line(Run(name), f", {', '.join(limits)}: nothing. Without {without}: {counted(count, 'quote')}."),
        *_row(offered),
    )


async def unknown(request: Request, db: AsyncConnection, asked: AskedQuotes) -> Message:
    """Return what to do about a name that nothing I read holds."""
    desk, typed = request.desk, (asked.speaker or "")[:100]
    count = await desk.articles.count(db, request.chat)
    sources = await desk.sources.all(db, request.chat)
    most = await most_quoted(db, desk, request.chat)
    if not count:
        read = "I have read nothing yet"
    else:
        read = f"Nobody called “{short(typed)}” on the {counted(count, 'page')} I have read"
    follows = "" if sources else "; I follow no sources yet" if count else ", and follow no sources"
    offered = [] if sources or desk.follower is None or not request.is_operator else [starters_button(desk.follower)]
    offered.append((f"Tell me when {name_typed(typed)} is quoted"[:75], f"/tellname {name_typed(typed)}"))
    quoted: list[str | Block] = ["Quoted here:", buttons(*most)] if most else []
    return says(f"{read}{follows}.", *quoted, *_row(offered))


def name_typed(typed: str) -> str:
    """Return a name that was typed all in small letters as names are written: "lavrov" is "Lavrov"."""
    return typed.title() if typed.islower() and typed.isascii() else typed


def _row(offered: list[tuple[str, str]]) -> list[Actions]:
    return [buttons(*offered)] if offered else []

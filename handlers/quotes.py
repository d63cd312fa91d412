"""``/quotes``: what somebody said, what anybody said about something, or why there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.absent import about_nothing, not_quoted, unknown
from handlers.asked import AskedQuotes, parse_quotes, unknown_since
from handlers.elsewhere import same_words_runs
from handlers.numbers import number_in
from handlers.reading_aloud import handed_in, ids_of, origin_line, said_blocks
from handlers.said import MOST_READ, PAGES, Said, count_of, example_name, most_quoted, said_pages
from handlers.since import NO_TIME
from handlers.whom import LONGEST_NAME, MOST, whom
from handlers.wording import bold, buttons, code, counted, line, says, short, usage
from summaries.digests import Notes, QuotedPage, quotes_message
from summaries.message import Actions, Block, Divider, Heading, Message, Run
from summaries.values import QuoteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.request import Request
    from handlers.whom import Whom
    from store.values import Candidate
    from summaries.digests import Telling
    from summaries.statements import Statement

LEAST_OF_REST = 2
"""An article, a speaker."""
SHOWN = 10
"""Quotes in one answer."""


async def quotes(request: Request) -> Message:
    """Answer ``/quotes <speaker> [about <words>] [since 7d]`` and ``/quotes about <words>``."""
    if (word := unknown_since(request.args)) is not None:
        return says(f"“{short(word)}” is {NO_TIME}.")
    asked = parse_quotes(request.args)
    return await _usage(request) if asked is None else await quotes_asked(request, asked)


async def quotes_asked(request: Request, asked: AskedQuotes) -> Message:
    """Return what was asked for, however it was said."""
    desk = request.desk
    async with desk.database.writing() as db:
        if asked.speaker is None:
            return await _anyone(request, db, asked)
        meant = await whom(db, desk, request.chat, asked)
        if meant.one is not None:
            message = await _of(request, db, meant.asked, meant.one.speaker_id, meant.one.name)
            return _showing_near(message, meant) if meant.is_near else message
        if meant.choices:
            return _choice(meant.choices, meant.asked, is_near=meant.is_near)
        return await unknown(request, db, meant.asked)


async def quotes_by(request: Request) -> Message:
    """Answer ``/by <speaker's number> [about …] [since …]``: a button that leaves no doubt who is meant."""
    written, _, rest = request.args.partition(" ")
    number = number_in(written)
    if number is None:
        return await _usage(request)
    parsed = parse_quotes(rest) or AskedQuotes(None)
    async with request.desk.database.writing() as db:
        name = await request.desk.speakers.name_of(db, request.chat, number)
        if name is None:
            return says("I do not know this person any more.")
        asked = AskedQuotes(name, parsed.about, parsed.since)
        return await _of(request, db, asked, number, name)


async def quotes_of(request: Request, asked: AskedQuotes, speaker_id: int, name: str) -> Message:
    """Return the quotes of somebody who is known for certain."""
    async with request.desk.database.writing() as db:
        return await _of(request, db, asked, speaker_id, name)


async def rest(request: Request) -> Message:
    """Answer ``/rest <article> <speaker's number> <numbers shown>``: what else somebody says in an article."""
    desk, given = request.desk, [one for each in request.args.split() if (one := number_in(each)) is not None]
    if len(given) < LEAST_OF_REST:
        return await _usage(request)
    article_id, speaker_id, *shown = given
    async with desk.database.writing() as db:
        found = await desk.quotes.of_articles(db, request.chat, [article_id])
        theirs = [one for one in found if one.quote.attribution and one.quote.attribution.speaker_id == speaker_id]
        name = await desk.speakers.name_of(db, request.chat, speaker_id)
        here = await desk.channels.numbers(db, request.chat, [one.quote.quote_id or 0 for one in theirs], at=desk.now())
        asked = [one for one in theirs if here.get(one.quote.quote_id or 0) not in shown]
        pages = await said_pages(db, desk, request.chat, asked) if asked else []
        if name is None or not pages:
            return says("There is nothing more of this in the article.")
        telling = await _numbered(request, db, pages)
    return quotes_message(name, [QuotedPage(one.card, one.statements, handed_in(one.card)) for one in pages], telling)


async def _of(request: Request, db: AsyncConnection, asked: AskedQuotes, speaker_id: int, name: str) -> Message:
    """Return one speaker's quotes, the newest first, or why there are none."""
    desk, chat = request.desk, request.chat
    since = await desk.since(db, chat, asked.since)
    found = await desk.quotes.by_speaker(
        db, chat, speaker_id, about=asked.about, since=since, outlet=asked.outlet, limit=MOST_READ
    )
    if not found:
        if asked.about is not None or asked.since is not None:
            return await about_nothing(request, db, asked, speaker_id, name)
        return await not_quoted(request, db, speaker_id, name)
    pages = await said_pages(db, desk, chat, found)
    if not pages:
        return await not_quoted(request, db, speaker_id, name, found)
    shown = _first(pages, SHOWN)
    telling = await _numbered(request, db, shown)
    others = await _elsewhere(request, db, shown)
    pages_shown = [
        QuotedPage(page.card, page.statements, handed_in(page.card), runs)
        for page, runs in zip(shown, others, strict=True)
    ]
    message = quotes_message(name, pages_shown, telling)
    narrowed = f" {limits}" if (limits := asked.limits()) else ""
    offered = [(f"Tell me when {name} is quoted", f"/tell {speaker_id}"), ("CSV", f"/csv {speaker_id}{narrowed}")]
    return _with_more(_about_heading(message, asked), shown, pages, *offered)


async def _anyone(request: Request, db: AsyncConnection, asked: AskedQuotes) -> Message:
    """Return anybody's quotes about something."""
    desk, chat, about = request.desk, request.chat, asked.about or ""
    since = await desk.since(db, chat, asked.since)
    found = await desk.quotes.about(db, chat, about, since=since, outlet=asked.outlet, limit=MOST_READ)
    if not found:
        fewer = "One word finds more than several; try " if " " in about.strip() else "Try "
        return says(
            f"Nobody is quoted about “{short(about)}”.", line(fewer, code("/summary " + about[:40]), " for the news.")
        )
    pages = await said_pages(db, desk, chat, found, of_anyone=True)
    shown = _first(pages, SHOWN)
    telling = await _numbered(request, db, shown)
    count = count_of(pages)
    notes = Notes()
    blocks: list[Block] = []
    for page, runs in zip(shown, await _elsewhere(request, db, shown), strict=True):
        blocks += said_blocks(page.statements, telling, notes)
        blocks.append(line(*origin_line(page.card, telling).runs, *runs))
    heading = Heading((bold("Anyone"), Run(f", about “{about[:100]}” · {counted(count, 'quote')}")))
    end: list[Block] = [Divider(), *notes.lines(telling.translator)] if notes.marks else []
    return _with_more(Message((heading, *blocks, *end)), shown, pages)


async def _numbered(request: Request, db: AsyncConnection, shown: Sequence[Said]) -> Telling:
    """Give what is shown its numbers; return how to tell it."""
    # In the order in which a digest shows them: whole ones first.
    ids = [
        one
        for page in shown
        for one in (*ids_of(page.statements, QuoteKind.DIRECT), *ids_of(page.statements, QuoteKind.PARTIAL))
    ]
    numbers = await request.desk.channels.numbers(db, request.chat, ids, at=request.desk.now())
    return await request.desk.telling(db, request.chat, numbers)


async def _elsewhere(request: Request, db: AsyncConnection, shown: Sequence[Said]) -> list[tuple[Run, ...]]:
    """Return, for each page, who else prints what is shown of it."""
    ids = [ids_of(page.statements) for page in shown]
    sightings = await request.desk.same_words.sightings(db, request.chat, [one for each in ids for one in each])
    return [same_words_runs(each, sightings, page.card) for each, page in zip(ids, shown, strict=True)]


def _first(pages: Sequence[Said], count: int) -> list[Said]:
    """Return the first statements, whole ones, until ``count`` quotes are reached."""
    shown: list[Said] = []
    left = count
    for page in pages:
        kept: list[Statement] = []
        for one in page.statements:
            if left > 0:
                kept.append(one)
                left -= len(one.quotes)
        if kept:
            shown.append(Said(page.card, tuple(kept)))
    return shown


def _with_more(message: Message, shown: Sequence[Said], pages: Sequence[Said], *offered: tuple[str, str]) -> Message:
    """Return a message with how much is left out, and with buttons."""
    left = count_of(pages) - count_of(shown)
    # Of somebody who is quoted every day not everything is counted.
    told = "Older quotes" if len(pages) == PAGES else counted(left, "older quote")
    more = [line(f"{told} not shown; “about …” and “since 7d” narrow it down.")] if left else []
    return Message((*message.blocks, *more, *_row(offered)))


def _row(offered: Sequence[tuple[str, str]]) -> list[Actions]:
    return [buttons(*((label[:75], command) for label, command in offered))] if offered else []


def _about_heading(message: Message, asked: AskedQuotes) -> Message:
    """Return the message with what it is about in its heading."""
    first = message.blocks[0]
    if asked.about is None or not isinstance(first, Heading):
        return message
    about = Run(f", about “{asked.about[:100]}”")
    return Message((Heading((first.runs[0], about, *first.runs[1:])), *message.blocks[1:]))


def _showing_near(message: Message, meant: Whom) -> Message:
    """Return the message with whose quotes it shows for what was typed, and a way out."""
    assert meant.one is not None
    typed = (meant.asked.speaker or "")[:LONGEST_NAME]
    showing = line("Showing ", bold(meant.one.name), f" for “{short(typed)}”.")
    return Message((showing, *message.blocks, buttons(("Not who I meant", f"/nearby {typed}"))))


async def nearby(request: Request) -> Message:
    """Answer a tap on "Not who I meant": others whose names are like what was typed, else what to do about it."""
    asked = AskedQuotes(" ".join(request.args.split())[:LONGEST_NAME] or None)
    async with request.desk.database.reading() as db:
        found = await request.desk.speakers.candidates(db, request.chat, asked.speaker or "", limit=1 + MOST)
        if len(found) > 1:
            return _choice(found[1:], asked, is_near=True)
        return await unknown(request, db, asked)


def _choice(choices: Sequence[Candidate], asked: AskedQuotes, *, is_near: bool) -> Message:
    rest = f" {limits}" if (limits := asked.limits()) else ""
    typed = short(asked.speaker or "")
    question = (
        f"Nobody is called “{typed}” exactly. Do you mean one of these?" if is_near else f"Who of these is “{typed}”?"
    )
    offered = [(one.name[:75], f"/by {one.speaker_id}{rest}") for one in choices]
    return says(question, buttons(*offered))


async def _usage(request: Request) -> Message:
    async with request.desk.database.reading() as db:
        name = await example_name(db, request.desk, request.chat) or "orlan"
        offered = await most_quoted(db, request.desk, request.chat)
    how = usage("/quotes", name, f"{name} about peace", f"{name} since 7d", "about peace")
    return says(*how.blocks, *_row(offered))

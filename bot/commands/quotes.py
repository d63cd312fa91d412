"""``onrecord quotes``: what somebody said, as chat shows it or as records."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_store
from bot.commands.desks import request_of
from bot.commands.records import Record, Table, quote_record
from bot.commands.showing import show
from bot.json_lines import line_of
from bot.starting import FAILED, complain
from handlers.asked import AskedQuotes
from handlers.numbers import number_in
from handlers.quotes import quotes_asked, quotes_of
from handlers.since import told
from handlers.whom import Whom, chosen
from handlers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, timedelta

    from bot.commands.at_hand import AtHand
    from handlers.request import Request
    from store.values import Candidate, FoundQuote

MOST = 1000
"""Quotes that are written as records; "onrecord export" writes all."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked for; ``AskedQuotes`` says what the first four are.

    Attributes:
        form: "text", "json" or "csv".
    """

    name: str | None
    about: str | None = None
    since: timedelta | date | None = None
    outlet: str | None = None
    form: str = "text"


def quotes(asking: Asking) -> int:
    """Print quotes; return the exit code."""
    return with_store(partial(show_quotes, asking))


async def show_quotes(asking: Asking, at_hand: AtHand) -> int:
    """Print quotes; return the exit code: 1 where there is nothing, or it is not clear who is meant."""
    request = request_of(at_hand, "quotes")
    asked, one = AskedQuotes(asking.name, asking.about, asking.since, asking.outlet), None
    if asked.speaker is not None:
        meant = await _meant(request, asked)
        one = meant.one
        if one is None:
            return complain(_not_one(meant, await _pages_read(request)), FAILED)
        if meant.is_near:
            complain(f"showing {one.name} for {asked.speaker!r}", 0)
        asked = replace(asked, speaker=one.name)
    found = await _found(request, asked, one)
    if not found and (asking.form != "text" or asked.outlet or one is None):
        return complain(_nothing(asked, one), FAILED)
    if asking.form == "text":
        # Where nothing is found chat says what there is instead: named, reported, likely.
        told = quotes_asked(request, asked) if one is None else quotes_of(request, asked, one.speaker_id, one.name)
        show(await told)
    else:
        _write([quote_record(one, request.desk.bars.asked) for one in found[:MOST]], asking.form)
        if len(found) > MOST:
            complain(f"the newest {MOST}; --since narrows it down, onrecord export writes all", 0)
    return 0 if found else FAILED


async def _meant(request: Request, asked: AskedQuotes) -> Whom:
    """Return whom a number or a name means; all of it is the name, for what it is about has an option of its own."""
    typed, known = asked.speaker or "", request.desk.speakers
    async with request.desk.database.reading() as db:
        if (number := number_in(typed)) is not None:
            return Whom(asked, await known.by_number(db, request.chat, number))
        return chosen(asked, await known.candidates(db, request.chat, typed))


async def _pages_read(request: Request) -> int:
    async with request.desk.database.reading() as db:
        return await request.desk.articles.count(db, request.chat)


async def _found(request: Request, asked: AskedQuotes, one: Candidate | None) -> Sequence[FoundQuote]:
    """Return the quotes asked for that an answer may name somebody for; one more than are written."""
    desk = request.desk
    async with desk.database.reading() as db:
        since = await desk.since(db, request.chat, asked.since)
        if one is None:
            return await desk.quotes.about(
                db, request.chat, asked.about or "", since=since, outlet=asked.outlet, limit=MOST + 1
            )
        return await desk.quotes.by_speaker(
            db,
            request.chat,
            one.speaker_id,
            about=asked.about,
            since=since,
            outlet=asked.outlet,
            bar=desk.bars.asked,
            limit=MOST + 1,
        )


def _not_one(meant: Whom, pages: int) -> str:
    """Return in one line who may be meant."""
    typed = meant.asked.speaker or ""
    if number_in(typed) is not None:
        return f"there is no speaker of number {typed.strip()}: “onrecord speakers” lists who is known"
    if not meant.choices:
        return f"nobody called {typed!r} on the {counted(pages, 'page')} read"
    choices = ", ".join(f"{one.name} ({counted(one.quotes, 'quote')})" for one in meant.choices)
    if meant.is_near:
        return f"nobody is called {typed!r} exactly; near are {choices}"
    return f"{typed!r} may be {choices}: say more of the name"


def _nothing(asked: AskedQuotes, one: Candidate | None) -> str:
    """Return in one line that nothing was found, and what was asked for."""
    limits = [f"about {asked.about!r}"] if asked.about else []
    limits += [told(asked.since)] if asked.since else []
    limits += [f"printed by {asked.outlet!r}"] if asked.outlet else []
    return " ".join(("no quotes" if one is None else f"no quotes of {one.name}", *limits))


def _write(records: Sequence[Record], form: str) -> None:
    table = Table(records[0])
    lines = [line_of(each) for each in records]
    if form == "csv":
        lines = [table.head(), *(table.line(each) for each in records)]
    sys.stdout.buffer.writelines(lines)

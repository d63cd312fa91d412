"""``onrecord export``: everything that is kept, one record a line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_store
from bot.commands.records import Table, exported_article, exported_quote
from bot.engine import choice_of, load_bars
from bot.json_lines import line_of
from bot.progress import progress_of
from bot.starting import FAILED, complain
from handlers.command import Channel
from store.exporting import SHARED_ONLY, Exporting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.commands.at_hand import AtHand
    from bot.commands.records import Record


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export.

    Attributes:
        form: "jsonl" or "csv".
        what: "articles", "quotes" or "all".
        chat: Whose private pages go with the shared ones; None for nobody's.
    """

    form: str = "jsonl"
    what: str = "all"
    chat: str | None = None


def export(wanted: Wanted) -> int:
    """Write everything that is kept; return the exit code."""
    return with_store(partial(write_all, wanted))


async def write_all(wanted: Wanted, at_hand: AtHand) -> int:
    """Write everything that is kept as it is at this moment; return the exit code."""
    try:
        channel = SHARED_ONLY if wanted.chat is None else str(Channel.parse(wanted.chat).lane)
    except ValueError as exc:
        return complain(f"{exc}; channels look like telegram:-1001234567890 or slack:T…/C…", FAILED)
    settings, out, table = at_hand.settings, sys.stdout.buffer, None
    bar = load_bars(choice_of(settings)).asked
    # One transaction: all that is written is of one state, whatever the bot keeps meanwhile.
    async with at_hand.database.reading() as db:
        articles, quotes = await Exporting().count(db, channel)
        total = (articles if wanted.what != "quotes" else 0) + (quotes if wanted.what != "articles" else 0)
        with progress_of("records", total) as done:
            async for record in _records(db, channel, wanted.what, bar):
                if wanted.form == "jsonl":
                    out.write(line_of(record))
                else:
                    if table is None:
                        table = Table(record)
                        out.write(table.head())
                    out.write(table.line(record))
                done()
    return 0


async def _records(db: AsyncConnection, channel: str, what: str, bar: float) -> AsyncIterator[Record]:
    if what != "quotes":
        async for article in Exporting().articles(db, channel):
            yield exported_article(article)
    if what != "articles":
        async for quote in Exporting().quotes(db, channel):
            yield exported_quote(quote, bar)

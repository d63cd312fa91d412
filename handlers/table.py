"""``/csv``: somebody's quotes as a table, one line each, with where each stands."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from handlers.asked import AskedQuotes, parse_quotes
from handlers.csv_lines import csv_line
from handlers.numbers import number_in
from handlers.reading_aloud import ids_of
from handlers.said import said_pages
from handlers.wording import bold, counted, line, says, usage
from summaries.message import File
from summaries.printed import quoted_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from handlers.request import Request
    from store.values import FoundQuote
    from summaries.message import Message

MOST = 2000
"""Quotes that are looked at for one table."""
COLUMNS = (
    "number", "speaker", "quote", "kind", "printed_sentence", "printed_speaker", "confidence",
    "outlet", "title", "byline", "address", "printed_at", "read_at",
)  # fmt: skip


async def as_table(request: Request) -> Message:
    """Answer ``/csv <speaker's number> [about …] [since …]``, the button under a digest."""
    desk, (written, _, rest) = request.desk, request.args.partition(" ")
    number, asked = number_in(written), parse_quotes(rest) or AskedQuotes(None)
    if number is None:
        return usage("/quotes", "orlan")
    async with desk.database.writing() as db:
        name = await desk.speakers.name_of(db, request.chat, number)
        if name is None:
            return says("I do not know this person any more.")
        since = await desk.since(db, request.chat, asked.since)
        found = await desk.quotes.by_speaker(db, request.chat, number, about=asked.about, since=since, limit=MOST)
        # What a digest counts and shows, so that both say the same.
        pages = await said_pages(db, desk, request.chat, found, most=MOST)
        ids = [one for page in pages for one in ids_of(page.statements)]
        shown = {one.quote.quote_id: one for one in found}
        numbers = await desk.channels.numbers(db, request.chat, ids, at=desk.now())
    if not ids:
        return says(line(bold(name), ": nothing to put into a table."))
    file = File(f"quotes-{_slug(name)}.csv", _table([shown[one] for one in ids], numbers))
    more = " The newest; older ones do not fit." if len(found) == MOST else ""
    return says(line(bold(name), f": {counted(len(ids), 'quote')}, one a line.{more}"), file)


def _table(found: Sequence[FoundQuote], numbers: Mapping[int, int]) -> str:
    return "".join(csv_line(cells) for cells in (COLUMNS, *(_row(one, numbers) for one in found)))


def _row(one: FoundQuote, numbers: Mapping[int, int]) -> tuple[object, ...]:
    card, attribution = one.card, one.quote.attribution
    number = numbers.get(one.quote.quote_id or 0)
    return (
        "" if number is None else f"q{number}",
        one.speaker,
        quoted_words(one),
        one.quote.kind.value,
        one.printed_sentence,
        one.mention,
        "" if attribution is None else f"{attribution.confidence:.2f}",
        card.outlet,
        card.title,
        card.byline,
        card.url,
        None if card.published_at is None else card.published_at.isoformat(),
        card.fetched_at.isoformat(),
    )


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "speaker"

"""A name, or a quote, that an operator takes back: for everybody, and in what was sent already."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.unasked import PRIORITY
from store.feedback import Fault
from store.locks import Lock, hold
from store.outbox_items import Kind, NewItem
from summaries.message import Paragraph, Run, Style
from summaries.message_json import VERSION, UnknownMessageError, message_data, parse_message
from summaries.origins import told_time
from summaries.withdrawal import withdrawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from store.feedback import Complaint
    from store.values import FoundQuote
    from summaries.message import Message

LOOKS_BACK = timedelta(days=30)
"""How long messages are kept; older ones stand as they are, under numbers that tell."""
USEFUL = timedelta(days=7)


async def take_back(desk: Desk, db: AsyncConnection, complaint: Complaint) -> int:
    """Take a name or a quote back and queue the edits of messages that show it; return how many. Does not commit."""
    # Else an article that is read again, or an alert that is composed meanwhile, would bring the name back.
    await hold(db, Lock.OPENING)
    found = await desk.quotes.get(db, complaint.channel, [complaint.quote_id])
    if not found:
        return 0
    around = await desk.quotes.of_articles(db, complaint.channel, [found[0].card.article_id])
    taken = [found[0], *carried_on_from(found[0], around)]
    name = found[0].speaker or (found[0].quote.attribution.name if found[0].quote.attribution else None)
    for one in taken:
        if one.quote.quote_id is None:
            continue
        if complaint.fault is Fault.NOT_A_QUOTE and one is found[0]:
            await desk.quotes.withdraw(db, one.quote.quote_id)
        else:
            await desk.quotes.take_name(db, one.quote.quote_id)
    return 0 if name is None else await _edited(desk, db, name, taken, complaint.fault)


def carried_on_from(quote: FoundQuote, around: Sequence[FoundQuote]) -> list[FoundQuote]:
    """Return the quotes of an article that have their speaker from another one: it goes with that."""
    origin = quote.quote.attribution
    if origin is None or origin.carried_on:
        return []
    return [
        one
        for one in around
        if (its := one.quote.attribution) is not None and its.carried_on and its.mention == origin.mention
    ]


async def _edited(desk: Desk, db: AsyncConnection, name: str, taken: Sequence[FoundQuote], fault: Fault) -> int:
    """Queue an edit of each message that shows one of these under the name."""
    words, quote_id = [one.quote.text for one in taken], taken[0].quote.quote_id
    count = 0
    for chat, number in (await desk.channels.numbered(db, quote_id or 0)).items():
        note = await _note(desk, db, chat, number, fault)
        for item, message in await desk.outbox.shown_in(db, chat, since=desk.now() - LOOKS_BACK):
            told = _without(message, name, words, note)
            if told is None:
                continue
            for older in await desk.outbox.edits_of(db, item.item_id):
                # This one says what they say, without the name; coming behind it, they would bring that back.
                await desk.outbox.drop(db, older.item_id, now=desk.now(), reason="a later edit says it")
            edit = NewItem(
                channel=item.channel,
                message=message_data(told),
                version=VERSION,
                key=f"edit:{item.item_id}:withdrawn:{quote_id}",
                priority=PRIORITY,
                due_at=desk.now(),
                expires_at=desk.now() + USEFUL,
                kind=Kind.EDIT,
                target=item.item_id,
            )
            count += await desk.outbox.add(db, edit, now=desk.now()) is not None
    return count


def _without(message: Mapping[str, object], name: str, words: Sequence[str], note: Paragraph) -> Message | None:
    try:
        return withdrawn(parse_message(message), name=name, words=words, note=note)
    except UnknownMessageError:
        return None  # of another release; its numbers tell


async def _note(desk: Desk, db: AsyncConnection, chat: str, number: int, fault: Fault) -> Paragraph:
    telling = await desk.telling(db, chat)
    when = told_time(desk.now(), telling.translator, telling.zone)
    if fault is Fault.NOT_A_QUOTE:
        what, why = f"Taken back {when}.", f" This is no quote. Why: /q{number}"
    else:
        what, why = f"Speaker withdrawn {when}.", f" This had another name. Why: /q{number}"
    return Paragraph((Run(what, Style.BOLD), Run(why)))

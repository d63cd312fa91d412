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
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from store.feedback import Complaint
    from store.values import FoundQuote
    from summaries.message import Message

LOOKS_BACK = timedelta(days=30)
"""How long messages are kept; older ones stand as they are, under numbers that tell."""
USEFUL = timedelta(days=7)


async def take_back(desk: Desk, db: AsyncConnection, complaint: Complaint) -> int:
    """Take a name or a quote back and queue the edits of messages that show it; return how many. Does not commit.

    A name goes from all copies of the words, wherever they stand, with what is carried on from them.
    """
    # Else an article that is read again, or an alert that is composed meanwhile, would bring the name back.
    await hold(db, Lock.OPENING)
    found = await desk.quotes.get(db, complaint.channel, [complaint.quote_id])
    if not found:
        return 0
    names = await _names(desk, db, complaint.channel, found[0])
    if complaint.fault is Fault.NOT_A_QUOTE:
        carried = await desk.taken_names.carried_on_from(db, [complaint.quote_id])
        await desk.quotes.withdraw(db, complaint.quote_id)
        for quote_id in carried:
            await desk.quotes.take_name(db, quote_id)
        taken = [complaint.quote_id, *carried]
    else:
        taken = await desk.taken_names.take(db, complaint.quote_id)
    return await _edited(desk, db, names, taken, complaint.fault) if names else 0


async def _names(desk: Desk, db: AsyncConnection, channel: str, found: FoundQuote) -> set[str]:
    """Return the names under which a quote may have been shown: another one before its speaker was renamed, or merged."""
    attribution = found.quote.attribution
    if attribution is None:
        return set()
    names = {found.speaker or attribution.name}
    if attribution.speaker_id is not None:
        names |= set(await desk.speakers.forms_of(db, channel, attribution.speaker_id))
    return names


async def _edited(desk: Desk, db: AsyncConnection, names: Collection[str], taken: Sequence[int], fault: Fault) -> int:
    """Queue an edit of each message that shows one of these quotes under one of the names."""
    count = 0
    for chat, number in (await desk.channels.numbered(db, taken)).items():
        note = await _note(desk, db, chat, number, fault)
        words = [one.quote.text for one in await desk.quotes.get(db, chat, taken)]
        for item, message in await desk.outbox.shown_in(db, chat, since=desk.now() - LOOKS_BACK):
            told = _without(message, names, words, note)
            if told is None:
                continue
            for older in await desk.outbox.edits_of(db, item.item_id):
                # This one says what they say, without the name; coming behind it, they would bring that back.
                await desk.outbox.drop(db, older.item_id, now=desk.now(), reason="a later edit says it")
            edit = NewItem(
                channel=item.channel,
                message=message_data(told),
                version=VERSION,
                key=f"edit:{item.item_id}:withdrawn:{taken[0]}",
                priority=PRIORITY,
                due_at=desk.now(),
                expires_at=desk.now() + USEFUL,
                kind=Kind.EDIT,
                target=item.item_id,
            )
            count += await desk.outbox.add(db, edit, now=desk.now()) is not None
    return count


def _without(
    message: Mapping[str, object], names: Collection[str], words: Sequence[str], note: Paragraph
) -> Message | None:
    try:
        return withdrawn(parse_message(message), names=names, words=words, note=note)
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

"""How reading sources that were just added goes: one message, edited as they are read, and what can be asked then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.said import most_quoted
from handlers.start import what_to_ask
from handlers.unasked import PRIORITY, edit_of, queue
from handlers.wording import bold, counted, line, says

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from handlers.request import Request
    from store.outbox_items import OutboxItem
    from store.source_values import Source
    from summaries.message import Message

KEY = "reading:"
BEGAN = timedelta(minutes=1)
"""Sources that were added so long before the message are those it is about."""
LASTS = timedelta(minutes=10)
"""What is not read then is said to be read still."""


async def begin_reading(request: Request, count: int) -> None:
    """Queue the message that tells how reading goes."""
    desk = request.desk
    async with desk.database.writing() as db:
        key = f"{KEY}{request.chat}:{desk.now().isoformat()}"
        await queue(desk, db, request.chat, _going_on(count, 0), key=key)
    desk.queued()


async def tell_of_reading(desk: Desk) -> bool:
    """Queue an edit of each such message that has more to tell; return whether one is not at its end."""
    is_open, made = False, False
    async with desk.database.reading() as db:
        begun = await desk.outbox.newest_keyed(db, KEY, since=desk.now() - 2 * LASTS)
    for item in begun:
        async with desk.database.writing() as db:
            if await desk.outbox.is_known(db, _key(item, "done")):
                continue
            sources = await _sources_of(db, desk, item)
            left = [one for one in sources if one.checked_at is None]
            is_over = not left or desk.now() - item.created_at > LASTS
            is_open |= not is_over
            message = (
                await _ended(db, desk, item, sources) if is_over else _going_on(len(sources), len(sources) - len(left))
            )
            made |= await _edit(db, desk, item, message, "done" if is_over else str(len(sources) - len(left)))
    if made:
        desk.queued()
    return is_open


def _going_on(count: int, done: int) -> Message:
    return says(f"Reading {counted(count, 'feed')}: {done} done …")


async def _ended(db: AsyncConnection, desk: Desk, item: OutboxItem, sources: Sequence[Source]) -> Message:
    """Return what was read, what failed, and what can be asked now."""
    articles = await desk.articles.count(db, item.channel)
    quotes, people = await desk.quotes.totals(db, item.channel)
    failed = sum(one.last_error is not None for one in sources)
    left = sum(one.checked_at is None for one in sources)
    troubles = [f"{counted(failed, 'feed')} could not be read; /sources says why."] if failed else []
    troubles += [f"{counted(left, 'feed')} still being read."] if left else []
    counts = f": {counted(articles, 'article')}, {counted(quotes, 'quote')}, {counted(people, 'person', 'people')}."
    most = await desk.speakers.quoted_most(db, item.channel, limit=1)
    name = most[0].name.split()[-1].lower() if most else None
    asked = what_to_ask(
        await most_quoted(db, desk, item.channel),
        name,
        has_articles=bool(articles),
        offered=[("Let others in", "/letin")],
    )
    return says(line(bold("Done"), counts), *troubles, *asked)


async def _sources_of(db: AsyncConnection, desk: Desk, item: OutboxItem) -> list[Source]:
    known = await desk.sources.all(db, item.channel)
    return [one for one in known if item.created_at - BEGAN <= one.added_at <= item.created_at]


async def _edit(db: AsyncConnection, desk: Desk, item: OutboxItem, message: Message, revision: str) -> bool:
    now = desk.now()
    edit = edit_of(item, message, revision=revision, priority=PRIORITY, now=now, expires_at=item.expires_at)
    return await desk.outbox.add(db, edit, now=now) is not None


def _key(item: OutboxItem, revision: str) -> str:
    return f"edit:{item.item_id}:{revision}"

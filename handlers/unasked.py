"""What we say without being asked: queued under a key, so that it is said once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from store.outbox_items import Kind, NewItem
from summaries.message_json import VERSION, message_data

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from store.outbox_items import OutboxItem
    from summaries.message import Message

PRIORITY = 1
USEFUL = timedelta(days=7)


async def queue(desk: Desk, db: AsyncConnection, channel: str, message: Message, *, key: str) -> bool:
    """Queue a message for a channel; return whether its key is new. Does not commit, nor wake who sends."""
    now = desk.now()
    item = NewItem(
        channel=channel,
        message=message_data(message),
        version=VERSION,
        key=key,
        priority=PRIORITY,
        due_at=now,
        expires_at=now + USEFUL,
    )
    return await desk.outbox.add(db, item, now=now) is not None


def edit_of(  # noqa: PLR0913 - what an edit is
    item: OutboxItem, message: Message, *, revision: str, priority: int, now: datetime, expires_at: datetime
) -> NewItem:
    """Return what puts a message in the place of what an item sent, at once; each revision of it is queued once."""
    return NewItem(
        channel=item.channel,
        message=message_data(message),
        version=VERSION,
        key=f"edit:{item.item_id}:{revision}",
        priority=priority,
        due_at=now,
        expires_at=expires_at,
        kind=Kind.EDIT,
        target=item.item_id,
    )


async def tell_operators(desk: Desk, db: AsyncConnection, message: Message, *, key: str, but: str | None = None) -> int:
    """Queue a message for every operator whom we can write to, ``but`` in one channel; return how many these are."""
    reached = [one for one in await desk.people.operators(db) if one.channel not in {None, but}]
    for one in reached:
        await queue(desk, db, one.channel or "", message, key=f"{key}:{one.person}")
    return len(reached)

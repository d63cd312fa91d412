"""Messages in an outbox, and a sender's first steps, at noon or so many minutes after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from store.leases import Lease, Leases
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.sending import Parts
from tests.store.samples import HERE, MINUTE, NOON

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database

ALERT, BRIEFING = 1, 2
TEN_SECONDS = timedelta(seconds=10)


def item(key: str, channel: str = HERE, priority: int = ALERT, due: int = 0, expires: int = 60) -> NewItem:
    """Return a message that is due and expires so many minutes after noon."""
    return NewItem(
        channel=channel,
        message={"blocks": [key]},
        version=1,
        key=key,
        priority=priority,
        due_at=NOON + due * MINUTE,
        expires_at=NOON + expires * MINUTE,
    )


async def add(opened: Database, *items: NewItem) -> list[int | None]:
    """Queue items at noon."""
    async with opened.writing() as db:
        return [await Outbox().add(db, new, now=NOON) for new in items]


async def take(opened: Database, owner: str = "one", at: int = 0) -> Lease:
    """Take the sender's lease so many minutes after noon."""
    async with opened.writing() as db:
        lease = await Leases().take(db, "telegram:7", owner, lasts=TEN_SECONDS, now=NOON + at * MINUTE)
    assert lease is not None
    return lease


async def heads(opened: Database, at: int = 0, platform: str = "telegram") -> list[str]:
    """Return the keys whose turn it is so many minutes after noon."""
    async with opened.reading() as db:
        return [head.key for head in await Outbox().heads(db, platform, now=NOON + at * MINUTE)]


async def begin(db: AsyncConnection, lease: Lease, item_id: int, parts: int = 1) -> list[int]:
    """Expand an item and start its first part; return the ids of its parts."""
    made = await Parts().expand(db, item_id, [{"n": n} for n in range(parts)], lease, now=NOON)
    assert await Parts().start(db, made[0].part_id, lease, now=NOON, clock=NOON)
    return [part.part_id for part in made]

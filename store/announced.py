"""What was announced, looked up again: to tell more of it, or to take something back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from store.delivery_tables import outbox, outbox_keys
from store.outbox_items import item_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.outbox_items import OutboxItem


class Announced:
    """Items of the outbox, by what they are about."""

    async def newest_keyed(
        self, db: AsyncConnection, prefix: str, *, since: datetime, among: int = 500
    ) -> list[OutboxItem]:
        """Return the items whose keys begin so, queued since a time, the oldest first; only the newest are looked at."""
        newest = select(func.max(outbox.c.item_id) - among).scalar_subquery()
        mine = outbox.c.key.startswith(prefix, autoescape=True)
        statement = select(outbox).where(outbox.c.item_id > newest, mine, outbox.c.created_at >= since)
        return [item_value(row) for row in await db.execute(statement.order_by(outbox.c.item_id))]

    async def shown_in(
        self, db: AsyncConnection, chat: str, *, since: datetime, limit: int = 200
    ) -> list[tuple[OutboxItem, Mapping[str, object]]]:
        """Return what was sent to a chat, or will be, each with its message as it reads now; the newest first."""
        there = [outbox.c.lane == chat, outbox.c.created_at >= since]
        sends = select(outbox).where(*there, outbox.c.kind == "send", outbox.c.state.not_in(["failed", "dropped"]))
        items = [item_value(row) for row in await db.execute(sends.order_by(outbox.c.item_id.desc()).limit(limit))]
        edits = select(outbox.c.target, outbox.c.message).where(
            outbox.c.target.in_([item.item_id for item in items]), outbox.c.state.not_in(["failed", "dropped"])
        )
        # The last edit of each is what it reads.
        newest = {row.target: row.message for row in await db.execute(edits.order_by(outbox.c.item_id))}
        return [(item, newest.get(item.item_id, item.message)) for item in items]

    async def is_known(self, db: AsyncConnection, key: str) -> bool:
        """Return whether something was ever queued under a key."""
        return (await db.execute(select(outbox_keys.c.key).where(outbox_keys.c.key == key))).first() is not None

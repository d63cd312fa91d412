"""What a sender does with an item: expanded into parts, each part begun and ended under the sender's lease.

Every step is conditional on the lease, so a sender that was frozen and wakes changes nothing. The states are drawn in
``store.outbox``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, insert, literal_column, or_, select, update

from store.delivery_tables import outbox, outbox_parts
from store.leases import held
from store.outbox import OPEN, end_items, on_platform
from store.outbox_items import State, part_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.leases import Lease
    from store.outbox_items import OutboxPart


class Parts:
    """What items become, one a platform message."""

    async def of(self, db: AsyncConnection, item_id: int) -> list[OutboxPart]:
        """Return an item's parts in order; none before it is expanded."""
        mine = select(outbox_parts).where(outbox_parts.c.item_id == item_id).order_by(outbox_parts.c.position)
        return [part_value(row) for row in await db.execute(mine)]

    async def expand(
        self,
        db: AsyncConnection,
        item_id: int,
        payloads: Sequence[Mapping[str, object]],
        lease: Lease,
        *,
        now: datetime | None,
    ) -> list[OutboxPart]:
        """Turn an item into parts, unless it was; return its parts, or none if the lease is lost or the item ended.

        What was expanded once stays as it was rendered then, so that a part that went out is never sent again in
        another shape. Does not commit: commit before the first send.

        Args:
            db: A writing transaction.
            item_id: Whose turn it is.
            payloads: One per platform message, in order; at least one.
            lease: The sender's.
            now: The clock the lease counts by; None for the database's own.
        """
        mine = update(outbox).where(outbox.c.item_id == item_id, OPEN, held(lease, now))
        if (await db.execute(mine.values(state="sending").returning(outbox.c.item_id))).first() is None:
            return []
        there = await self.of(db, item_id)
        if there:
            return there
        rows = [
            {"item_id": item_id, "position": position, "payload": dict(payload), "state": "queued"}
            for position, payload in enumerate(payloads)
        ]
        await db.execute(insert(outbox_parts), [row | {"resent": False} for row in rows])
        return await self.of(db, item_id)

    async def start(
        self, db: AsyncConnection, part_id: int, lease: Lease, *, now: datetime, clock: datetime | None
    ) -> bool:
        """Mark a part as being sent, if the lease holds and it is its turn; commit before the platform is called.

        Args:
            db: A writing transaction.
            part_id: A queued part; every earlier one of its item was sent.
            lease: The sender's.
            now: Kept as the time the send began.
            clock: What the lease counts by; None for the database's own.

        Returns:
            True if it is this sender's to send now.
        """
        parts, earlier = outbox_parts, outbox_parts.alias()
        in_turn = ~exists().where(
            earlier.c.item_id == parts.c.item_id, earlier.c.position < parts.c.position, earlier.c.state != "sent"
        )
        alive = exists().where(outbox.c.item_id == parts.c.item_id, outbox.c.state == "sending")
        statement = (
            update(parts)
            .where(parts.c.part_id == part_id, parts.c.state == "queued", in_turn, alive, held(lease, clock))
            .values(
                state="sending",
                attempts=parts.c.attempts + 1,
                owner=lease.owner,
                epoch=lease.epoch,
                started_at=now,
                retry_at=None,
            )
            .returning(parts.c.part_id)
        )
        return (await db.execute(statement)).first() is not None

    async def sent(
        self, db: AsyncConnection, part_id: int, lease: Lease, *, now: datetime, platform_message_id: str | None
    ) -> bool:
        """Mark a part as sent, and its item when it was the last; return False if it is another sender's by now.

        The lease may have lapsed meanwhile: as long as nobody took the part over, what was sent was sent.
        """
        done = {"state": "sent", "sent_at": now, "platform_message_id": platform_message_id, "error": None}
        item_id = await self._end_part(db, part_id, lease, done)
        if item_id is None:
            return False
        left = exists().where(outbox_parts.c.item_id == item_id, outbox_parts.c.state != "sent")
        ended = update(outbox).where(outbox.c.item_id == item_id, ~left).values(state="sent", ended_at=now)
        await db.execute(ended)
        return True

    async def retry(  # noqa: PLR0913 - what a failure tells
        self,
        db: AsyncConnection,
        part_id: int,
        lease: Lease,
        *,
        at: datetime | None,
        error: str,
        counts: bool = True,
        may_be_there: bool = False,
    ) -> bool:
        """Put a part back into its queue; return False if it is another sender's by now.

        Args:
            db: A writing transaction.
            part_id: A part this sender started or adopted.
            lease: The sender's.
            at: When to try again; None for at once.
            error: Why.
            counts: Whether the attempt counts; what is the token's or the network's fault does not.
            may_be_there: Whether it may have been posted all the same: the repeat is marked.
        """
        attempts = outbox_parts.c.attempts if counts else outbox_parts.c.attempts - 1
        back: dict[str, Any] = {"state": "queued", "retry_at": at, "error": error, "attempts": attempts}
        if may_be_there:
            back["resent"] = True
        return await self._end_part(db, part_id, lease, back) is not None

    async def fail(self, db: AsyncConnection, part_id: int, lease: Lease, *, now: datetime, error: str) -> bool:
        """Give a part up, and with it what is left of its item; return False if it is another sender's by now."""
        item_id = await self._end_part(db, part_id, lease, {"state": "failed", "error": error})
        if item_id is None:
            return False
        await end_items(db, [item_id], State.FAILED, now, error)
        return True

    async def adopt(
        self, db: AsyncConnection, platform: str, lease: Lease, *, now: datetime | None
    ) -> list[OutboxPart]:
        """Take over the parts that a former sender left in mid-send, and return them.

        Nobody knows whether these went out: ask the platform where that can be asked, then say ``sent`` or
        ``retry(may_be_there=True)``.
        """
        parts = outbox_parts
        foreign = or_(parts.c.owner != lease.owner, parts.c.epoch != lease.epoch)
        here = exists().where(outbox.c.item_id == parts.c.item_id, on_platform(platform))
        statement = (
            update(parts)
            .where(parts.c.state == literal_column("'sending'"), foreign, here, held(lease, now))
            .values(owner=lease.owner, epoch=lease.epoch)
            .returning(*parts.c)
        )
        return sorted((part_value(row) for row in await db.execute(statement)), key=lambda part: part.part_id)

    async def _end_part(self, db: AsyncConnection, part_id: int, lease: Lease, values: Mapping[str, Any]) -> int | None:
        """Change a part in mid-send if it is still this sender's; return its item, None if it is not."""
        mine = and_(
            outbox_parts.c.part_id == part_id,
            outbox_parts.c.state == literal_column("'sending'"),
            outbox_parts.c.owner == lease.owner,
            outbox_parts.c.epoch == lease.epoch,
        )
        changed = update(outbox_parts).where(mine).values(dict(values)).returning(outbox_parts.c.item_id)
        item_id: int | None = (await db.execute(changed)).scalar_one_or_none()
        return item_id

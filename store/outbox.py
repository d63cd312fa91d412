"""What is announced: queued once under a key, then delivered, or ended with a reason.

An item is one neutral message for one channel. Before its first send it is expanded into parts, one per platform
message, and from then on its parts carry what happens: a retry never repeats a part that went out. States:

    item   queued ─► sending ─► sent          part   queued ◄─► sending ─► sent
              │         ├─────► failed                  │           └────► failed
              └─────────┴─────► dropped                 └────────────────► dropped
    queued and sending ◄─► held (after a restore)

Every step of a part is conditional on the sender's lease, so a sender that was frozen and wakes changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, exists, func, insert, literal, literal_column, or_, select, update

from store.database import insert_for
from store.delivery_tables import lanes, outbox, outbox_keys, outbox_parts, restores
from store.leases import held
from store.outbox_items import State, item_value, part_value
from store.scope import chat_of
from store.tables import channels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.leases import Lease
    from store.outbox_items import NewItem, OutboxItem, OutboxPart

READ_AGAIN = timedelta(days=2)
"""After a restore all sources were looked at again by then, and what is old has another reason."""
OPEN = outbox.c.state.in_([literal_column("'queued'"), literal_column("'sending'")])


class Outbox:
    """What is announced."""

    async def add(self, db: AsyncConnection, item: NewItem, *, now: datetime) -> int | None:
        """Queue a message unless its key was ever queued before; return its id, None if the key was known.

        Does not commit: call it in the transaction that stores what the message announces.
        """
        # RETURNING, not rowcount: with ON CONFLICT the drivers disagree on the latter.
        key = insert_for(db)(outbox_keys).values(key=item.key, queued_at=now).on_conflict_do_nothing()
        if (await db.execute(key.returning(outbox_keys.c.key))).first() is None:
            return None
        row = {
            "kind": item.kind.value,
            "target": item.target,
            "channel": item.channel,
            "lane": chat_of(item.channel),
            "priority": item.priority,
            "message": dict(item.message),
            "version": item.version,
            "key": item.key,
            "state": State.QUEUED.value,
            "due_at": item.due_at,
            "expires_at": item.expires_at,
            "created_at": now,
        }
        row |= await _held_back(db, item.of, now)
        item_id: int = (await db.execute(insert(outbox).values(row).returning(outbox.c.item_id))).scalar_one()
        return item_id

    async def heads(self, db: AsyncConnection, platform: str, *, now: datetime, limit: int = 100) -> list[OutboxItem]:
        """Return the item whose turn it is in each lane, at most one a lane: what was begun, else the most urgent.

        Lanes that are held, channels that are paused, and lanes whose next part waits for a retry are left out.
        """
        later = exists().where(outbox_parts.c.item_id == outbox.c.item_id, outbox_parts.c.retry_at > now)
        # What was begun is ended first, unless it waits for a retry: then an alert may pass a briefing.
        begun = case((and_(outbox.c.state == literal_column("'sending'"), ~later), 0), else_=1)
        turn = func.row_number().over(
            partition_by=outbox.c.lane, order_by=(begun, outbox.c.priority, outbox.c.due_at, outbox.c.item_id)
        )
        first = (
            select(outbox.c.item_id, turn.label("turn"))
            .where(OPEN, outbox.c.due_at <= now, outbox.c.expires_at > now, _on(platform))
            .where(~exists().where(lanes.c.lane == outbox.c.lane, lanes.c.held_until > now))
            .where(
                ~exists().where(
                    channels.c.channel.in_([outbox.c.lane, outbox.c.channel]), channels.c.paused_at.is_not(None)
                )
            )
            .subquery()
        )
        under_way = exists().where(outbox_parts.c.item_id == outbox.c.item_id, outbox_parts.c.state == "sending")
        statement = (
            select(outbox)
            .join(first, and_(first.c.item_id == outbox.c.item_id, first.c.turn == 1))
            .where(~later, ~under_way)
            .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.item_id)
            .limit(limit)
        )
        return [item_value(row) for row in await db.execute(statement)]

    async def get(self, db: AsyncConnection, item_id: int) -> OutboxItem | None:
        """Return an item, None where it was pruned."""
        row = (await db.execute(select(outbox).where(outbox.c.item_id == item_id))).first()
        return None if row is None else item_value(row)

    async def edits_of(self, db: AsyncConnection, item_id: int) -> list[OutboxItem]:
        """Return the edits of an item that were queued and not ended without being sent, the oldest first."""
        ended = outbox.c.state.in_([literal_column("'failed'"), literal_column("'dropped'")])
        mine = select(outbox).where(outbox.c.target == item_id, ~ended).order_by(outbox.c.item_id)
        return [item_value(row) for row in await db.execute(mine)]

    async def is_overtaken(self, db: AsyncConnection, edit: OutboxItem) -> bool:
        """Return whether a later edit of the same message stands: it says all, and this one would undo it."""
        ended = outbox.c.state.in_([literal_column("'failed'"), literal_column("'dropped'")])
        later = select(outbox.c.item_id).where(outbox.c.target == edit.target, outbox.c.item_id > edit.item_id, ~ended)
        return (await db.execute(later.limit(1))).first() is not None

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

    async def parts(self, db: AsyncConnection, item_id: int) -> list[OutboxPart]:
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
        there = await self.parts(db, item_id)
        if there:
            return there
        rows = [
            {"item_id": item_id, "position": position, "payload": dict(payload), "state": "queued"}
            for position, payload in enumerate(payloads)
        ]
        await db.execute(insert(outbox_parts), [row | {"resent": False} for row in rows])
        return await self.parts(db, item_id)

    async def postpone(self, db: AsyncConnection, item_id: int, *, until: datetime) -> None:
        """Let an item that was not begun wait, so that others of its lane go first."""
        waiting = update(outbox).where(outbox.c.item_id == item_id, outbox.c.state == literal_column("'queued'"))
        await db.execute(waiting.values(due_at=until))

    async def drop(self, db: AsyncConnection, item_id: int, *, now: datetime, reason: str) -> None:
        """End an item that cannot be sent, or need not be; not one that is in mid-send."""
        in_flight = exists().where(outbox_parts.c.item_id == outbox.c.item_id, outbox_parts.c.state == "sending")
        waiting = select(outbox.c.item_id).where(outbox.c.item_id == item_id, OPEN, ~in_flight)
        await self._end_items(db, list((await db.execute(waiting)).scalars()), State.DROPPED, now, reason)

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
        await self._end_items(db, [item_id], State.FAILED, now, error)
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
        here = exists().where(outbox.c.item_id == parts.c.item_id, _on(platform))
        statement = (
            update(parts)
            .where(parts.c.state == literal_column("'sending'"), foreign, here, held(lease, now))
            .values(owner=lease.owner, epoch=lease.epoch)
            .returning(*parts.c)
        )
        return sorted((part_value(row) for row in await db.execute(statement)), key=lambda part: part.part_id)

    async def drop_expired(self, db: AsyncConnection, *, now: datetime) -> list[int]:
        """End the items whose time is over, but those in mid-send; return their ids."""
        in_flight = exists().where(outbox_parts.c.item_id == outbox.c.item_id, outbox_parts.c.state == "sending")
        over = select(outbox.c.item_id).where(OPEN, outbox.c.expires_at <= now, ~in_flight)
        ids = list((await db.execute(over.order_by(outbox.c.item_id))).scalars())
        await self._end_items(db, ids, State.DROPPED, now, "expired")
        return ids

    async def drop_channel(self, db: AsyncConnection, channel: str, *, now: datetime, reason: str) -> list[int]:
        """End everything queued for a chat, its topics included, but what is in mid-send; return the ids."""
        in_flight = exists().where(outbox_parts.c.item_id == outbox.c.item_id, outbox_parts.c.state == "sending")
        there = select(outbox.c.item_id).where(OPEN, outbox.c.lane == chat_of(channel), ~in_flight)
        ids = list((await db.execute(there.order_by(outbox.c.item_id))).scalars())
        await self._end_items(db, ids, State.DROPPED, now, reason)
        return ids

    async def hold_lane(self, db: AsyncConnection, channel: str, *, until: datetime, reason: str) -> None:
        """Send nothing to a chat until a time; a longer hold stays."""
        hold = insert_for(db)(lanes).values(lane=chat_of(channel), held_until=until, reason=reason)
        longer = lanes.c.held_until < until
        changed = {"held_until": until, "reason": reason}
        await db.execute(hold.on_conflict_do_update(index_elements=["lane"], set_=changed, where=longer))

    async def wakes_at(self, db: AsyncConnection, platform: str, *, now: datetime) -> datetime | None:
        """Return the next time after ``now`` at which something may become sendable, None where nothing waits."""
        waiting = select(func.min(outbox.c.due_at)).where(OPEN, outbox.c.due_at > now, _on(platform))
        again = (
            select(func.min(outbox_parts.c.retry_at))
            .join(outbox, outbox.c.item_id == outbox_parts.c.item_id)
            .where(OPEN, outbox_parts.c.state == "queued", outbox_parts.c.retry_at > now, _on(platform))
        )
        lanes_open = select(func.min(lanes.c.held_until)).where(
            lanes.c.held_until > now, exists().where(OPEN, outbox.c.lane == lanes.c.lane, _on(platform))
        )
        times = [(await db.execute(statement)).scalar_one() for statement in (waiting, again, lanes_open)]
        return min((time for time in times if time is not None), default=None)

    async def hold_all(self, db: AsyncConnection) -> int:
        """Hold what is queued or half sent, after a restore; return how many items."""
        items = update(outbox).where(OPEN).values(state="held").returning(outbox.c.item_id)
        ids = list((await db.execute(items)).scalars())
        for state, resent in ((State.QUEUED, outbox_parts.c.resent), (State.SENDING, literal(value=True))):
            mine = and_(outbox_parts.c.item_id.in_(ids), outbox_parts.c.state == state.value)
            await db.execute(update(outbox_parts).where(mine).values(state="held", resent=resent))
        return len(ids)

    async def release(self, db: AsyncConnection) -> int:
        """Let go what was held; return how many items."""
        expanded = exists().where(outbox_parts.c.item_id == outbox.c.item_id)
        state = case((expanded, "sending"), else_="queued")
        items = update(outbox).where(outbox.c.state == "held").values(state=state).returning(outbox.c.item_id)
        ids = list((await db.execute(items)).scalars())
        await db.execute(update(outbox_parts).where(outbox_parts.c.state == "held").values(state="queued"))
        return len(ids)

    async def counts(self, db: AsyncConnection) -> dict[str, int]:
        """Return how many items are in each state, those that were sent left out."""
        states = select(outbox.c.state, func.count()).where(outbox.c.state != "sent").group_by(outbox.c.state)
        return {row[0]: row[1] for row in await db.execute(states.order_by(outbox.c.state))}

    async def count_held(self, db: AsyncConnection) -> int:
        """Return how many items are held."""
        return (await db.execute(select(func.count()).where(outbox.c.state == "held"))).scalar_one()

    async def drop_held(self, db: AsyncConnection, *, now: datetime, reason: str) -> int:
        """End what is held; return how many items."""
        waiting = select(outbox.c.item_id).where(outbox.c.state == "held")
        ids = list((await db.execute(waiting)).scalars())
        await self._end_items(db, ids, State.DROPPED, now, reason)
        return len(ids)

    async def prune(self, db: AsyncConnection, *, ended_before: datetime) -> int:
        """Delete what ended long ago; keys stay, so nothing is announced again. Return how many items."""
        old = delete(outbox).where(outbox.c.ended_at < ended_before).returning(outbox.c.item_id)
        return len((await db.execute(old)).all())

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

    async def _end_items(
        self, db: AsyncConnection, ids: Sequence[int], state: State, now: datetime, error: str
    ) -> None:
        if not ids:
            return
        ended = {"state": state.value, "ended_at": now, "error": error}
        await db.execute(update(outbox).where(outbox.c.item_id.in_(ids)).values(ended))
        left = and_(outbox_parts.c.item_id.in_(ids), outbox_parts.c.state.in_(["queued", "held"]))
        await db.execute(update(outbox_parts).where(left).values(state="dropped"))


async def _held_back(db: AsyncConnection, of: datetime | None, now: datetime) -> dict[str, Any]:
    """Return what a restore changes in the row of something new that announces something old."""
    if of is None:
        return {}
    since = select(restores).where(restores.c.restored_at >= of).order_by(restores.c.restored_at.desc())
    last = (await db.execute(since.limit(1))).first()
    if last is None or last.decision == "send":
        return {}
    if last.decision is None:
        return {"state": State.HELD.value}
    if now - last.restored_at > READ_AGAIN:
        return {}
    return {"state": State.DROPPED.value, "ended_at": now, "error": "older than the restore, as was dropped then"}


def _on(platform: str) -> ColumnElement[bool]:
    return outbox.c.lane.startswith(f"{platform}:", autoescape=True)

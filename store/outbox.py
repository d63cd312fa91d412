"""What is announced: queued once under a key, then delivered, or ended with a reason.

An item is one neutral message for one channel. Before its first send it is expanded into parts, one per platform
message, and from then on its parts carry what happens: a retry never repeats a part that went out. States:

    item   queued ─► sending ─► sent          part   queued ◄─► sending ─► sent
              │         ├─────► failed                  │           └────► failed
              └─────────┴─────► dropped                 └────────────────► dropped
    queued and sending ◄─► held (after a restore)

Here is what is queued and whose turn it is; the steps of a part are in ``store.sending``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, exists, func, insert, literal, literal_column, select, update

from store.database import insert_for
from store.delivery_tables import lanes, outbox, outbox_keys, outbox_parts, restores
from store.outbox_items import State, item_value
from store.scope import chat_of
from store.tables import channels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.outbox_items import NewItem, OutboxItem

READ_AGAIN = timedelta(days=2)
"""After a restore all sources were looked at again by then, and what is old has another reason."""
OPEN = outbox.c.state.in_([literal_column("'queued'"), literal_column("'sending'")])
MID_SEND = exists().where(outbox_parts.c.item_id == outbox.c.item_id, outbox_parts.c.state == "sending")


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
            .where(OPEN, outbox.c.due_at <= now, outbox.c.expires_at > now, on_platform(platform))
            .where(~exists().where(lanes.c.lane == outbox.c.lane, lanes.c.held_until > now))
            .where(
                ~exists().where(
                    channels.c.channel.in_([outbox.c.lane, outbox.c.channel]), channels.c.paused_at.is_not(None)
                )
            )
            .subquery()
        )
        statement = (
            select(outbox)
            .join(first, and_(first.c.item_id == outbox.c.item_id, first.c.turn == 1))
            .where(~later, ~MID_SEND)
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

    async def postpone(self, db: AsyncConnection, item_id: int, *, until: datetime) -> None:
        """Let an item wait, so that others of its lane go first."""
        waiting = update(outbox).where(outbox.c.item_id == item_id, OPEN)
        await db.execute(waiting.values(due_at=until))

    async def drop(self, db: AsyncConnection, item_id: int, *, now: datetime, reason: str) -> None:
        """End an item that cannot be sent, or need not be; not one that is in mid-send."""
        waiting = select(outbox.c.item_id).where(outbox.c.item_id == item_id, OPEN, ~MID_SEND)
        await end_items(db, list((await db.execute(waiting)).scalars()), State.DROPPED, now, reason)

    async def drop_expired(self, db: AsyncConnection, *, now: datetime) -> list[int]:
        """End the items whose time is over, but those in mid-send; return their ids."""
        over = select(outbox.c.item_id).where(OPEN, outbox.c.expires_at <= now, ~MID_SEND)
        ids = list((await db.execute(over.order_by(outbox.c.item_id))).scalars())
        await end_items(db, ids, State.DROPPED, now, "expired")
        return ids

    async def hold_lane(self, db: AsyncConnection, channel: str, *, until: datetime, reason: str) -> None:
        """Send nothing to a chat until a time; a longer hold stays."""
        hold = insert_for(db)(lanes).values(lane=chat_of(channel), held_until=until, reason=reason)
        longer = lanes.c.held_until < until
        changed = {"held_until": until, "reason": reason}
        await db.execute(hold.on_conflict_do_update(index_elements=["lane"], set_=changed, where=longer))

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
        await end_items(db, ids, State.DROPPED, now, reason)
        return len(ids)

    async def prune(self, db: AsyncConnection, *, ended_before: datetime) -> int:
        """Delete what ended long ago; keys stay, so nothing is announced again. Return how many items."""
        old = delete(outbox).where(outbox.c.ended_at < ended_before).returning(outbox.c.item_id)
        return len((await db.execute(old)).all())


async def end_items(db: AsyncConnection, ids: Sequence[int], state: State, now: datetime, error: str) -> None:
    """End items with a reason, and their parts that are not in mid-send or ended themselves."""
    if not ids:
        return
    ended = {"state": state.value, "ended_at": now, "error": error}
    await db.execute(update(outbox).where(outbox.c.item_id.in_(ids)).values(ended))
    left = and_(outbox_parts.c.item_id.in_(ids), outbox_parts.c.state.in_(["queued", "held"]))
    await db.execute(update(outbox_parts).where(left).values(state="dropped"))


def on_platform(platform: str) -> ColumnElement[bool]:
    """Return the condition that an item goes out by a platform."""
    return outbox.c.lane.startswith(f"{platform}:", autoescape=True)


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

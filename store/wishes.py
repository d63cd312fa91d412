"""Subscriptions of a speaker who becomes another, moved without doubling and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update

from store.columns import EPOCH, MICROSECOND
from store.names import fold_name
from store.tables import alerts, subscriptions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

Before = dict[str, Any]
"""What a change keeps of subscriptions, as JSON: those it moved or renamed, and those that fell together with another."""
TIMES = ("muted_until", "created_at")


async def hand_over(db: AsyncConnection, speaker_id: int, to: int, name: str) -> Before:
    """Let one speaker's subscriptions be another's, under a name; return what ``take_back`` needs.

    Where a channel has the same wish for the other already, that one is kept, with what waits to be told for either.
    """
    moved, folded = [], []
    mine = select(subscriptions).where(subscriptions.c.speaker_id == speaker_id)
    for row in (await db.execute(mine.order_by(subscriptions.c.subscription_id))).mappings().all():
        number = row["subscription_id"]
        same = select(subscriptions.c.subscription_id).where(
            subscriptions.c.channel == row["channel"],
            subscriptions.c.speaker_id == to,
            subscriptions.c.about == row["about"],
            subscriptions.c.subscription_id != number,
        )
        kept = (await db.execute(same)).scalar_one_or_none()
        if kept is None:
            moved.append([number, row["name"]])
            values = {"speaker_id": to, "name": name, "folded": fold_name(name)}
            await db.execute(update(subscriptions).where(subscriptions.c.subscription_id == number).values(values))
        else:
            folded.append([kept, _as_json(dict(row))])
            await _move_alerts(db, number, kept)
            await db.execute(delete(subscriptions).where(subscriptions.c.subscription_id == number))
    return {"moved": moved, "folded": folded}


async def take_back(db: AsyncConnection, before: Before, speaker_id: int | None) -> None:
    """Give subscriptions back to ``speaker_id``; one that its channel ended meanwhile stays ended."""
    if speaker_id is None:
        return
    for number, name in before["moved"]:
        values = {"speaker_id": speaker_id, "name": name, "folded": fold_name(name)}
        await db.execute(update(subscriptions).where(subscriptions.c.subscription_id == number).values(values))
    for kept, row in before["folded"]:
        there = select(subscriptions.c.subscription_id).where(subscriptions.c.subscription_id == kept)
        if (await db.execute(there)).first() is not None:
            # Under its own number: buttons below old messages mean it.
            await db.execute(insert(subscriptions).values(_from_json(row)))


async def call_again(db: AsyncConnection, speaker_id: int, before: str, after: str) -> None:
    """Call subscriptions that were made since a renaming by the name before."""
    since = update(subscriptions).where(subscriptions.c.speaker_id == speaker_id, subscriptions.c.name == after)
    await db.execute(since.values(name=before, folded=fold_name(before)))


def without_chat(before: Before, chat: str) -> Before:
    """Return ``before`` without the subscriptions of a chat and its topics."""
    folded = before.get("folded", [])
    kept = [one for one in folded if not _is_of(one[1], chat)]
    return before | {"folded": kept} if len(kept) != len(folded) else before


def moved_to(before: Before, old: str, new: str) -> Before:
    """Return ``before`` with the subscriptions of a chat and its topics at the chat's new address."""
    folded = before.get("folded", [])
    if not any(_is_of(row, old) for _, row in folded):
        return before
    return before | {
        "folded": [
            [kept, row | {"channel": new + row["channel"].removeprefix(old)} if _is_of(row, old) else row]
            for kept, row in folded
        ]
    }


def without_person(before: Before, person: str) -> Before:
    """Return ``before`` without the name of who made subscriptions."""
    folded = before.get("folded", [])
    if all(row["created_by"] != person for _, row in folded):
        return before
    nobody = [[kept, row | ({"created_by": None} if row["created_by"] == person else {})] for kept, row in folded]
    return before | {"folded": nobody}


def _is_of(row: dict[str, Any], chat: str) -> bool:
    return f"{row['channel']}/".startswith(f"{chat}/")


async def _move_alerts(db: AsyncConnection, number: int, kept: int) -> None:
    """Let what waits for one subscription wait for another, but for what that was or will be told anyway."""
    told = alerts.alias()
    doubled = exists().where(told.c.subscription_id == kept, told.c.quote_id == alerts.c.quote_id)
    waiting = update(alerts).where(alerts.c.subscription_id == number, ~doubled)
    await db.execute(waiting.values(subscription_id=kept))


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: _microseconds(row[name]) for name in TIMES}


def _from_json(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: None if row[name] is None else EPOCH + row[name] * MICROSECOND for name in TIMES}


def _microseconds(time: datetime | None) -> int | None:
    return None if time is None else (time - EPOCH) // MICROSECOND

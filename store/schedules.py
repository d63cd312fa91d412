"""Schedules of briefings, and the slots: who inserts one composes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from store.database import insert_for
from store.tables import schedules, slots

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a channel is briefed.

    Attributes:
        days: Weekdays in its zone, Monday is 0.
        times: Local times without zone, earliest first.
        timezone: An IANA name.
    """

    schedule_id: int
    channel: str
    days: frozenset[int]
    times: tuple[time, ...]
    timezone: str
    created_by: str | None
    created_at: datetime


class Schedules:
    """When briefings are due. What changes something does not commit."""

    async def add(  # noqa: PLR0913 - one row's columns
        self,
        db: AsyncConnection,
        channel: str,
        *,
        days: frozenset[int],
        times: tuple[time, ...],
        timezone: str,
        by: str | None,
        at: datetime,
    ) -> Schedule:
        """Set a schedule up."""
        row = {
            "channel": channel,
            "days": ",".join(DAYS[day] for day in sorted(days)),
            "times": ",".join(local.strftime("%H:%M") for local in sorted(set(times))),
            "timezone": timezone,
            "created_by": by,
            "created_at": at,
        }
        return _schedule((await db.execute(insert(schedules).values(row).returning(*schedules.c))).one())

    async def all(self, db: AsyncConnection, channel: str | None = None) -> list[Schedule]:
        """Return the schedules of a channel, or of all."""
        statement = select(schedules).order_by(schedules.c.schedule_id)
        if channel is not None:
            statement = statement.where(schedules.c.channel == channel)
        return [_schedule(row) for row in await db.execute(statement)]

    async def remove(self, db: AsyncConnection, channel: str, schedule_id: int) -> Schedule | None:
        """End a schedule of this channel; return what it was, None where there is none."""
        mine = delete(schedules).where(schedules.c.schedule_id == schedule_id, schedules.c.channel == channel)
        row = (await db.execute(mine.returning(*schedules.c))).first()
        return None if row is None else _schedule(row)

    async def move_zone(self, db: AsyncConnection, channel: str, timezone: str) -> int:
        """Let a channel's schedules follow another zone's clock; return how many it has."""
        mine = update(schedules).where(schedules.c.channel == channel).values(timezone=timezone)
        return len((await db.execute(mine.returning(schedules.c.schedule_id))).all())

    async def take_slot(  # noqa: PLR0913 - one row's columns
        self, db: AsyncConnection, schedule_id: int, local_date: date, nominal: time, *, due_at: datetime, now: datetime
    ) -> bool:
        """Return True once for each slot: who gets it composes the briefing and queues it in this transaction."""
        row = {
            "schedule_id": schedule_id,
            "local_date": local_date,
            "nominal_time": nominal.strftime("%H:%M"),
            "due_at": due_at,
            "composed_at": now,
        }
        taken = insert_for(db)(slots).values(row).on_conflict_do_nothing().returning(slots.c.schedule_id)
        return (await db.execute(taken)).first() is not None

    async def last_slot(self, db: AsyncConnection, schedule_id: int) -> datetime | None:
        """Return when the newest slot that was taken was due: where to look for missed ones from."""
        newest = select(func.max(slots.c.due_at)).where(slots.c.schedule_id == schedule_id)
        due_at: datetime | None = (await db.execute(newest)).scalar_one()
        return due_at


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        schedule_id=row.schedule_id,
        channel=row.channel,
        days=frozenset(DAYS.index(day) for day in row.days.split(",") if day),
        times=tuple(time.fromisoformat(local) for local in row.times.split(",") if local),
        timezone=row.timezone,
        created_by=row.created_by,
        created_at=row.created_at,
    )

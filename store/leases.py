"""Leases: one holder at a time, known by owner and epoch.

On SQLite the caller gives the time (one machine, one clock); on PostgreSQL the caller gives None and the database's own
clock counts, since machines disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, and_, exists, func, literal, update

from store.columns import UtcTime
from store.database import insert_for
from store.delivery_tables import leases

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send with one token; each taking over has a higher epoch."""

    name: str
    owner: str
    epoch: int


class Leases:
    """Who may send."""

    async def take(
        self, db: AsyncConnection, name: str, owner: str, *, lasts: timedelta, now: datetime | None
    ) -> Lease | None:
        """Take a lease that is free, given up or lapsed; return None while somebody holds it.

        Args:
            db: A writing transaction.
            name: What is leased: the public part of a bot token.
            owner: Who takes it; a name that no other process has or will have.
            lasts: How long it holds unless renewed.
            now: The clock; None for PostgreSQL's.
        """
        until = _after(lasts, now)
        free = {"owner": owner, "epoch": leases.c.epoch + 1, "expires_at": until}
        statement = (
            insert_for(db)(leases)
            .values(name=name, owner=owner, epoch=1, expires_at=until)
            .on_conflict_do_update(index_elements=["name"], set_=free, where=leases.c.expires_at <= _clock(now))
            .returning(leases.c.epoch)
        )
        epoch = (await db.execute(statement)).scalar_one_or_none()
        return None if epoch is None else Lease(name, owner, epoch)

    async def renew(self, db: AsyncConnection, lease: Lease, *, lasts: timedelta, now: datetime | None) -> bool:
        """Hold a lease for longer; return False if it lapsed, even if nobody took it: take it again."""
        mine = update(leases).where(_of(lease), leases.c.expires_at > _clock(now))
        changed = mine.values(expires_at=_after(lasts, now)).returning(leases.c.name)
        return (await db.execute(changed)).first() is not None

    async def give_up(self, db: AsyncConnection, lease: Lease, *, now: datetime | None) -> None:
        """Let another take it at once."""
        await db.execute(update(leases).where(_of(lease)).values(expires_at=_clock(now)))

    async def lapse(self, db: AsyncConnection, *, now: datetime) -> None:
        """End every lease: for SQLite, where whoever holds the data folder knows that no other process lives."""
        await db.execute(update(leases).where(leases.c.expires_at > now).values(expires_at=now))


def held(lease: Lease, now: datetime | None) -> ColumnElement[bool]:
    """Return the condition that a lease is held at this moment; every update of a sender carries it."""
    return exists().where(_of(lease), leases.c.expires_at > _clock(now))


def _of(lease: Lease) -> ColumnElement[bool]:
    return and_(leases.c.name == lease.name, leases.c.owner == lease.owner, leases.c.epoch == lease.epoch)


def _clock(now: datetime | None) -> ColumnElement[datetime]:
    # clock_timestamp, not now(): the latter stands still from the start of the transaction.
    return func.clock_timestamp(type_=DateTime(timezone=True)) if now is None else literal(now, UtcTime())


def _after(lasts: timedelta, now: datetime | None) -> Any:  # noqa: ANN401 - a time, or PostgreSQL's words for one
    return func.clock_timestamp(type_=DateTime(timezone=True)) + lasts if now is None else now + lasts

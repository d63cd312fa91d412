"""What follows when a backup was put back: nobody knows what happened after it was made.

What was waiting in it may have gone out since, and what was printed since is read again. Both are held until the operator
says go: everything queued or half sent, and what is queued later about something older than the restore. Numbers and ids
that were given after the backup may stand in messages and buttons: they are passed over, so that they open nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, text, update

from store.delivery_tables import restores
from store.metadata import metadata
from store.outbox import Outbox
from store.tables import channels

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

IDS_PASSED_OVER = 1_000_000
"""More than a busy newsroom stores between two backups (a quote in 100 ms, day and night)."""
NUMBERS_PASSED_OVER = 1_000
"""The /q numbers of a chat: more than it is shown in some days, and short to type all the same."""


class Decision(StrEnum):
    """What the operator said about what is held."""

    SEND = "send"
    DROP = "drop"


class Restores:
    """Backups that were put back. What changes something does not commit."""

    async def begin(self, db: AsyncConnection, *, at: datetime) -> int:
        """Hold what is waiting, from now on until it is decided; return how many messages."""
        held = await Outbox().hold_all(db)
        await db.execute(insert(restores).values(restored_at=at))
        await db.execute(update(channels).values(last_number=channels.c.last_number + NUMBERS_PASSED_OVER))
        await _pass_over_ids(db)
        return held

    async def undecided(self, db: AsyncConnection) -> datetime | None:
        """Return when the restore was that still holds messages; None where none does."""
        open_since = select(func.max(restores.c.restored_at)).where(restores.c.decision.is_(None))
        since: datetime | None = (await db.execute(open_since)).scalar_one_or_none()
        return since

    async def decide(self, db: AsyncConnection, decision: Decision, *, by: str, at: datetime) -> int:
        """Send or drop what is held; return how many messages."""
        outbox = Outbox()
        if decision is Decision.SEND:
            count = await outbox.release(db)
        else:
            count = await outbox.drop_held(db, now=at, reason="dropped by the operator after a restore")
        decided = {"decision": decision.value, "decided_at": at, "decided_by": by}
        await db.execute(update(restores).where(restores.c.decision.is_(None)).values(decided))
        return count


async def _pass_over_ids(db: AsyncConnection) -> None:
    counted = [table for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]]
    if db.dialect.name == "sqlite":
        # A table that held nothing yet has no counter.
        begun = text(
            "INSERT INTO sqlite_sequence (name, seq) SELECT :name, 0"
            " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)"
        )
        await db.execute(begun, [{"name": table.name} for table in counted])
        await db.execute(text("UPDATE sqlite_sequence SET seq = seq + :gap"), {"gap": IDS_PASSED_OVER})
        return
    for table in counted:
        key = next(iter(table.primary_key.columns)).name
        sequence = func.pg_get_serial_sequence(table.name, key)
        await db.execute(select(func.setval(sequence, func.nextval(sequence) + IDS_PASSED_OVER)))

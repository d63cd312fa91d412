"""Whether our own line works, as far as sources tell: what was reached last, and what waits for it to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, literal, select, update

from store.columns import UtcTime
from store.sources import READ
from store.tables import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Lines:
    """What sources tell of our line. What changes something does not commit."""

    async def reached_at(self, db: AsyncConnection) -> datetime | None:
        """Return when any source's site last answered anything; None for never."""
        moment: datetime | None = (await db.execute(select(func.max(sources.c.reached_at)))).scalar_one()
        return moment

    async def addresses(self, db: AsyncConnection) -> list[str]:
        """Return where the sources are that are read."""
        return list((await db.execute(select(sources.c.url).where(READ))).scalars())

    async def come_back(
        self, db: AsyncConnection, source_id: int, *, now: datetime, when: Callable[[datetime, int], Sequence[datetime]]
    ) -> int:
        """Let the sources be looked at soon that failed with our line; return how many.

        Call it before it is kept that ``source_id`` was reached. What failed with the line counts no more.

        Args:
            db: A writing transaction.
            source_id: The source that was reached.
            now: When it was.
            when: Gives so many times, the first for the source that waits longest.
        """
        waiting = select(sources.c.source_id, sources.c.due_at, sources.c.checked_at).where(
            READ, sources.c.unreached > 0, sources.c.source_id != source_id
        )
        rows = (await db.execute(waiting.order_by(sources.c.due_at, sources.c.source_id))).all()
        if not rows:
            return 0
        reached_at = await self.reached_at(db)
        # Looked at since anything was reached: those failed with the line. The others had their turn when it came back.
        lost = [row for row in rows if reached_at is None or row.checked_at > reached_at]
        own = sources.c.failures - sources.c.unreached
        values = {
            "failures": own,
            "unreached": 0,
            "failing_since": case((own > 0, literal(now, UtcTime())), else_=None),
            "last_error": case((own > 0, sources.c.last_error), else_=None),
        }
        for row, due_at in zip(lost, when(now, len(lost)), strict=True):
            one = update(sources).where(sources.c.source_id == row.source_id)
            await db.execute(one.values(values | {"due_at": min(row.due_at, due_at)}))
        return len(lost)

"""Echoes: words that an alert told of, printed by another outlet since; the alert gets to say so, in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, or_, select, update

from store.database import unless_there
from store.shared_tables import alert_items, echoes
from store.tables import quotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import BindParameter
    from sqlalchemy.ext.asyncio import AsyncConnection


class Echoes:
    """What alerts told, and what was printed again since. What changes something does not commit."""

    async def told(self, db: AsyncConnection, item_id: int, quote_ids: Iterable[int]) -> None:
        """Keep which quotes an alert told of, in the transaction that queues it."""
        rows = [{"item_id": item_id, "quote_id": quote_id} for quote_id in quote_ids]
        if rows:
            await db.execute(_TOLD[db.dialect.name], rows)

    async def heard(self, db: AsyncConnection, same_words: Mapping[int, int], *, due_at: datetime) -> None:
        """Keep that quotes repeat what alerts told, in the transaction that stores them.

        Args:
            db: A writing transaction.
            same_words: New quotes, each with the one it is listed under.
            due_at: When the alerts shall say so: later, so that several are said at once.
        """
        heads = set(same_words.values())
        found = (await db.execute(_ITEMS, {"heads": list(heads)})).all()
        rows = [
            {"item_id": row.item_id, "quote_id": quote_id, "due_at": due_at}
            for row in found
            for quote_id, head in same_words.items()
            if head in {row.quote_id, row.same_as}
        ]
        if rows:
            await db.execute(_HEARD[db.dialect.name], rows)

    async def due(self, db: AsyncConnection, *, now: datetime) -> list[int]:
        """Return the alerts (outbox items) that have something to add, the oldest first."""
        waiting = select(echoes.c.item_id).distinct().where(echoes.c.told_at.is_(None), echoes.c.due_at <= now)
        return list((await db.execute(waiting.order_by(echoes.c.item_id))).scalars())

    async def of(self, db: AsyncConnection, item_id: int) -> list[int]:
        """Return the quotes that an alert told of."""
        mine = select(alert_items.c.quote_id).where(alert_items.c.item_id == item_id)
        return list((await db.execute(mine.order_by(alert_items.c.quote_id))).scalars())

    async def end(self, db: AsyncConnection, item_id: int, *, at: datetime) -> bool:
        """Mark all that an alert has to add as said; return whether there was something."""
        waiting = and_(echoes.c.item_id == item_id, echoes.c.told_at.is_(None))
        ended = update(echoes).where(waiting).values(told_at=at).returning(echoes.c.quote_id)
        return bool((await db.execute(ended)).all())


_TOLD = unless_there(alert_items)
_HEARD = unless_there(echoes)
_HEADS: BindParameter[list[int]] = bindparam("heads", expanding=True)
_ITEMS = (
    select(alert_items.c.item_id, quotes.c.quote_id, quotes.c.same_as)
    .join(quotes, quotes.c.quote_id == alert_items.c.quote_id)
    .where(or_(quotes.c.quote_id.in_(_HEADS), quotes.c.same_as.in_(_HEADS)))
)

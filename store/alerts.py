"""Alerts that wait to be composed: one row for each subscription and quote, once for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, literal_column, or_, select, update

from store.database import unless_there
from store.made_once import made_once
from store.scope import CURRENT
from store.tables import alerts, quotes, subscriptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

PENDING = alerts.c.state == literal_column("'pending'")


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A quote that a subscription's channel is to be told of.

    Attributes:
        due_at: When: now, the next hour, the daily digest, the end of quiet hours.
        not_seen_at: When the source of an article without a date did not have it yet; None where that is not known,
            or there is a date.
    """

    subscription_id: int
    quote_id: int
    due_at: datetime
    not_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueAlert:
    """An alert whose time has come, with what it is grouped by."""

    alert_id: int
    subscription_id: int
    quote_id: int
    article_id: int
    speaker_id: int | None
    channel: str
    due_at: datetime
    not_seen_at: datetime | None


class Alerts:
    """What channels will be told. What changes something does not commit."""

    async def add(self, db: AsyncConnection, new: Iterable[NewAlert], *, now: datetime) -> int:
        """Keep what is to be told, unless it ever was; return how many are new."""
        rows = [
            {
                "subscription_id": alert.subscription_id,
                "quote_id": alert.quote_id,
                "state": "pending",
                "due_at": alert.due_at,
                "created_at": now,
                "not_seen_at": alert.not_seen_at,
            }
            for alert in new
        ]
        if not rows:
            return 0
        return len((await db.execute(_ADD[db.dialect.name], rows)).all())

    async def told(self, db: AsyncConnection, heads: Iterable[int]) -> set[tuple[int, int]]:
        """Return which subscriptions have been, or will be, told of the same words: pairs of subscription and listed quote.

        Args:
            db: A transaction.
            heads: Listed quotes; what is folded under one counts as it.
        """
        wanted = list(set(heads))
        head = func.coalesce(quotes.c.same_as, quotes.c.quote_id)
        statement = (
            select(alerts.c.subscription_id, head)
            .join(quotes, quotes.c.quote_id == alerts.c.quote_id)
            .where(or_(quotes.c.quote_id.in_(wanted), quotes.c.same_as.in_(wanted)))
        )
        return {(subscription_id, quote_id) for subscription_id, quote_id in await db.execute(statement)}

    async def due(self, db: AsyncConnection, *, now: datetime, limit: int = 500) -> list[DueAlert]:
        """Return the alerts whose time has come, by channel, article and place; quotes that were removed are left out."""
        statement = (
            select(
                alerts.c.alert_id,
                alerts.c.subscription_id,
                alerts.c.quote_id,
                quotes.c.article_id,
                quotes.c.speaker_id,
                subscriptions.c.channel,
                alerts.c.due_at,
                alerts.c.not_seen_at,
            )
            .join(quotes, quotes.c.quote_id == alerts.c.quote_id)
            .join(subscriptions, subscriptions.c.subscription_id == alerts.c.subscription_id)
            .where(PENDING, alerts.c.due_at <= now, CURRENT)
            .where(or_(subscriptions.c.muted_until.is_(None), subscriptions.c.muted_until <= now))
            .order_by(subscriptions.c.channel, quotes.c.article_id, quotes.c.start, alerts.c.alert_id)
            .limit(limit)
        )
        return [DueAlert(*row) for row in await db.execute(statement)]

    async def retime(self, db: AsyncConnection, subscription_id: int, due_at: datetime) -> None:
        """Let what waits because of a subscription be told at another time: how soon it is told has changed."""
        waiting = update(alerts).where(alerts.c.subscription_id == subscription_id, PENDING)
        await db.execute(waiting.values(due_at=due_at))

    async def composed(self, db: AsyncConnection, alert_ids: Sequence[int]) -> set[int]:
        """Mark alerts as composed and return those that were still pending, in the transaction that queues the message."""
        return await self._end(db, alert_ids, "composed")

    async def drop(self, db: AsyncConnection, alert_ids: Sequence[int]) -> set[int]:
        """Mark alerts as not to be told and return those that were still pending."""
        return await self._end(db, alert_ids, "dropped")

    async def _end(self, db: AsyncConnection, alert_ids: Sequence[int], state: str) -> set[int]:
        mine = update(alerts).where(alerts.c.alert_id.in_(alert_ids), PENDING).values(state=state)
        return set((await db.execute(mine.returning(alerts.c.alert_id))).scalars())


_ADD = {dialect: made_once(new.returning(alerts.c.alert_id)) for dialect, new in unless_there(alerts).items()}

"""What outlives a restart at the edge: the commands behind buttons, and the Slack events that were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from store.database import insert_for
from store.delivery_tables import slack_events, taps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Taps:
    """Commands by the tokens that buttons carry. What changes something does not commit."""

    async def keep(self, db: AsyncConnection, commands: Mapping[str, str], *, at: datetime) -> None:
        """Remember commands by token; the age of known ones starts anew."""
        rows = [{"token": token, "command": command, "kept_at": at} for token, command in commands.items()]
        if rows:
            statement = insert_for(db)(taps).values(rows)
            await db.execute(statement.on_conflict_do_update(index_elements=["token"], set_={"kept_at": at}))

    async def command_of(self, db: AsyncConnection, token: str) -> str | None:
        """Return the command, None where it was forgotten."""
        return (await db.execute(select(taps.c.command).where(taps.c.token == token))).scalar_one_or_none()

    async def forget(self, db: AsyncConnection, *, kept_before: datetime) -> int:
        """Forget what no button has carried since; return how many."""
        old = delete(taps).where(taps.c.kept_at < kept_before).returning(taps.c.token)
        return len((await db.execute(old)).all())


class SlackEvents:
    """Events that Slack sent: it sends an event again when the answer is late."""

    async def first_seen(self, db: AsyncConnection, event_id: str, *, at: datetime) -> bool:
        """Return whether an event is new, and remember it. Does not commit."""
        row = {"event_id": event_id, "seen_at": at}
        new = insert_for(db)(slack_events).values(row).on_conflict_do_nothing().returning(slack_events.c.event_id)
        return (await db.execute(new)).first() is not None

    async def forget(self, db: AsyncConnection, *, seen_before: datetime) -> int:
        """Forget old events; return how many. Does not commit."""
        old = delete(slack_events).where(slack_events.c.seen_at < seen_before).returning(slack_events.c.event_id)
        return len((await db.execute(old)).all())

"""Whether a database is sound: its pages, its references, its full-text indexes, its clock. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, literal_column, select, text

from store.delivery_tables import outbox, outbox_parts
from store.search import INDEXED
from store.tables import articles, channels, people

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Waiting:
    """What does not go out.

    Attributes:
        late: Messages that were due long ago and wait in channels that are not paused.
        in_mid_send: Messages whose sending began long ago and did not end.
        paused: Channels in which nothing can be posted.
    """

    late: int
    in_mid_send: int
    paused: int


class Soundness:
    """Looks at a database."""

    async def damage(self, db: AsyncConnection) -> str | None:
        """Return what is broken in a SQLite file; None where nothing is. PostgreSQL looks after its own pages."""
        if db.dialect.name != "sqlite":
            return None
        found: str = (await db.execute(text("PRAGMA quick_check(1)"))).scalar_one()
        if found != "ok":
            return found
        broken = (await db.execute(text("PRAGMA foreign_key_check"))).first()
        return None if broken is None else f"rows of {broken[0]} point at nothing"

    async def stale_indexes(self, db: AsyncConnection) -> list[str]:
        """Return the tables whose full-text index is not in step with them."""
        return [table for table, key in INDEXED if not await self._is_in_step(db, table, key)]

    async def _is_in_step(self, db: AsyncConnection, table: str, key: str) -> bool:
        if db.dialect.name != "sqlite":
            # The database itself keeps an index in step; one that was not made whole says so.
            valid = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
            return bool((await db.execute(valid, {"name": f"ix_{table}_search"})).scalar())
        triggers = text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE :name")
        if (await db.execute(triggers, {"name": f"{table}_fts_%"})).scalar_one() != len(
            ("added", "dropped", "changed")
        ):
            return False
        # Each row has its line in the index, and none has one that is gone.
        counts = f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {table}_fts_docsize)"  # noqa: S608 - names out of INDEXED
        rows, indexed = (await db.execute(text(counts))).one()
        lost = f"SELECT 1 FROM {table} WHERE {key} NOT IN (SELECT id FROM {table}_fts_docsize) LIMIT 1"  # noqa: S608 - the same
        return rows == indexed and (await db.execute(text(lost))).first() is None

    async def newest_time(self, db: AsyncConnection) -> datetime | None:
        """Return the latest time that this machine wrote into the database; None where it wrote none."""
        read: datetime | None = (await db.execute(select(func.max(articles.c.fetched_at)))).scalar_one()
        made: datetime | None = (await db.execute(select(func.max(outbox.c.created_at)))).scalar_one()
        return max((each for each in (read, made) if each is not None), default=None)

    async def waiting(self, db: AsyncConnection, *, now: datetime, patience: timedelta) -> Waiting:
        """Return what does not go out though it was due longer than ``patience`` ago."""
        paused = exists().where(
            channels.c.channel.in_([outbox.c.lane, outbox.c.channel]), channels.c.paused_at.is_not(None)
        )
        late = select(func.count()).where(
            outbox.c.state == literal_column("'queued'"), outbox.c.due_at < now - patience, ~paused
        )
        begun = select(func.count()).where(
            outbox_parts.c.state == literal_column("'sending'"), outbox_parts.c.started_at < now - patience
        )
        stopped = select(func.count()).where(channels.c.paused_at.is_not(None), channels.c.access == "allowed")
        late_count, begun_count, paused_count = [
            (await db.execute(each)).scalar_one() for each in (late, begun, stopped)
        ]
        return Waiting(late_count, begun_count, paused_count)

    async def has_operator(self, db: AsyncConnection) -> bool:
        """Return whether somebody operates this On Record."""
        return (await db.execute(select(people.c.person).where(people.c.is_operator).limit(1))).first() is not None

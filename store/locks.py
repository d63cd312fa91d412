"""What only one transaction may do at a time."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Lock(IntEnum):
    """Keys of PostgreSQL's advisory locks."""

    OPENING = 0x6F6E0001
    """Opening articles, speakers and stories: two at once would open two for one; taking names back, and telling them."""


async def hold(db: AsyncConnection, lock: Lock) -> None:
    """Wait for ``lock`` and hold it to the transaction's end; on SQLite the only writer holds all of them."""
    if db.dialect.name == "postgresql":
        await db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock.value})")

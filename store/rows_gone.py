"""Rows deleted together with all that hangs on them, counted by table: also what a reference takes along by itself."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from store.metadata import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column, ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

BATCH = 200  # ids in one statement
Gone = Counter[str]
"""How many rows went, by table."""


async def delete_rows(db: AsyncConnection, table: Table, which: ColumnElement[bool], gone: Gone) -> None:
    """Delete rows, and before them those of other tables that point at them and go along."""
    for column, target in _references(table):
        await delete_rows(db, column.table, column.in_(select(target).where(which)), gone)
    gone[table.name] += (await db.execute(delete(table).where(which))).rowcount


def batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ids in lists that one statement can name."""
    left = iter(ids)
    while batch := list(islice(left, BATCH)):
        yield batch


def _references(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Yield what points at a table so that it goes along: (the pointing column, the column it points at)."""
    for other in metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete == "CASCADE" and other is not table:
                yield key.parent, key.column

"""Rows in every table of a database, whatever step it is at: what a migration, or forgetting, has to get right.

The rows are made out of what the database itself says of its tables, so a new table has rows without anybody's doing.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Column, Connection

    Rows = list[dict[str, Any]]

ROWS = 3
"""Rows of each table: in the last one everything is null that may be."""
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
LITERAL = re.compile(r"'((?:[^']|'')*)'")
# Values of columns, by table and column, where a rule of the table or a step wants more than their type says.
GIVEN: Mapping[tuple[str, str], Sequence[object]] = {}


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables as the database has them, parents first; full-text and Alembic's own left out."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: "_fts" not in name and name != "alembic_version")
    return found.sorted_tables


def fill(connection: Connection) -> None:
    """Put ``ROWS`` rows into every table, and one more that is deleted again, whose id must never come back.

    Raises:
        IntegrityError: if a table has a rule that no made-up row keeps: give its column values in ``GIVEN``.
    """
    made: dict[str, Rows] = {}
    for table in tables_of(connection):
        known = _known(connection, table)
        made[table.name] = []
        for number in range(ROWS + 1):
            row = {
                column.name: _value(table, column, number, made, known)
                for column in table.columns
                if not _is_counted(table, column)
            }
            kept = connection.execute(insert(table).values(row).returning(*table.columns)).mappings().one()
            made[table.name].append(dict(kept))
    for table in reversed(tables_of(connection)):
        last = made[table.name].pop()
        keys = [column == last[column.name] for column in table.primary_key.columns]
        connection.execute(delete(table).where(*keys))


def rows_of(connection: Connection) -> dict[str, Rows]:
    """Return the rows of every table, by the primary key's order."""
    return {
        table.name: [
            dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        ]
        for table in tables_of(connection)
    }


def _is_counted(table: Table, column: Column[Any]) -> bool:
    """Return whether the database itself gives the column its numbers."""
    alone = list(table.primary_key.columns) == [column] and isinstance(column.type, Integer)
    return alone and not column.foreign_keys and column.autoincrement is not False


def _known(connection: Connection, table: Table) -> dict[str, Sequence[object]]:
    """Return the values to choose from, by column: those that CHECK (column IN …) allows, and what is ``GIVEN``."""
    known: dict[str, Sequence[object]] = {}
    for check in inspect(connection).get_check_constraints(table.name):
        rule = check["sqltext"]
        column = re.split(r"\W+", rule.lstrip('(" '))[0]
        if column in table.columns and LITERAL.search(rule):
            known[column] = LITERAL.findall(rule)
    return known | {column: values for (name, column), values in GIVEN.items() if name == table.name}


def _value(
    table: Table, column: Column[Any], number: int, made: Mapping[str, Rows], known: Mapping[str, Sequence[object]]
) -> object:
    if column.nullable and number == ROWS - 1:
        return None
    for key in column.foreign_keys:
        parents = made[key.column.table.name]
        # A row of its own table comes before it; the first has none.
        place = number if key.column.table is not table else number - 1
        return parents[place][key.column.name] if place >= 0 else None
    if column.name in known:
        return known[column.name][number % len(known[column.name])]
    return _made_up(table, column, number)


def _made_up(table: Table, column: Column[Any], number: int) -> object:  # noqa: PLR0911 - one for each type
    kind = column.type
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer):
        return number + 1
    if isinstance(kind, Float):
        return number + 0.25
    if isinstance(kind, DateTime):
        return START + timedelta(hours=number, microseconds=number)
    if isinstance(kind, Date):
        return date(2026, 3, 2) + timedelta(days=number)
    if isinstance(kind, LargeBinary):
        return bytes([number, 0, 255])
    if isinstance(kind, JSON | JSONB):
        return [{"number": number, "words": "“Güter”"}]
    return f"{table.name} {column.name} “{number}”"

"""Statements that are made once, and given to SQLite's own driver as it takes them.

Making a statement costs 100 µs, running one that is made 30, the driver's own work 3: most of an article went into
putting together what was put together for the article before.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Executable
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ClauseElement, Connection, Result
    from sqlalchemy.types import TypeEngine

    Process = Callable[[Any], Any]
    Given = Mapping[str, Any]

S = TypeVar("S", bound=Executable)
MOST_AT_ONCE = 10
"""Rows of a statement that takes several: each number of rows is a statement of its own that is remembered."""
MOST_SPREAD = 100
"""Values of all lists in a statement, at most: each length is a statement of its own that is remembered."""
_REGISTERED: dict[int, Executable] = {}
_SEVERAL: set[int] = set()


def made_once(statement: S, *, several: bool = False) -> S:
    """Return ``statement``, known as one that is run again and again: of a module, never of a call.

    Args:
        statement: Of SQLAlchemy.
        several: Whether its rows go into one statement, ``MOST_AT_ONCE`` at a time: for tables with a full-text index,
            which writes a piece of its own for each statement, whatever its rows. For others a row at a time is quicker.
    """
    _REGISTERED[id(statement)] = statement
    if several:
        _SEVERAL.add(id(statement))
    return statement


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as the driver takes it.

    Attributes:
        names: Of the parameters, in the order of their places.
        fixed: Those that are in the statement itself (a limit).
        spread: Name of a list to the names of its values.
        into: (place, how a value is made into what the database holds).
        out_of: The reverse, by column.
        shape: Of the rows; None where it returns none.
        row: What stands for a row that is inserted, and may be repeated; None where that is not so.
    """

    sql: str
    names: tuple[str, ...]
    fixed: Given
    spread: Mapping[str, Sequence[str]]
    into: tuple[tuple[int, Process], ...]
    out_of: tuple[tuple[int, Process], ...]
    shape: SimpleResultMetaData | None
    row: str | None

    def of_rows(self, count: int) -> str:
        """Return the statement for so many rows."""
        assert self.row is not None
        return self.sql.replace(self.row, ", ".join([self.row] * count))

    def values(self, given: Given) -> list[Any]:
        """Return the parameters in their places, as the database holds them."""
        if self.fixed or self.spread:
            given = {**self.fixed, **given}
            for name, each in self.spread.items():
                given.update(zip(each, given[name], strict=True))
        taken = [given[name] for name in self.names]
        for place, process in self.into:
            taken[place] = process(taken[place])
        return taken

    def result(self, rows: list[Any]) -> Result[Any]:
        """Return rows of the driver as SQLAlchemy gives them."""
        if self.out_of:
            lists = [list(row) for row in rows]
            for row in lists:
                for column, process in self.out_of:
                    row[column] = process(row[column])
            rows = [tuple(row) for row in lists]
        return IteratorResult(self.shape or _NOTHING, iter(rows))


class MadeOnce:
    """Runs statements that are made once, through the driver; keep one for a database."""

    def __init__(self) -> None:
        self._lists: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._ready: dict[tuple[object, ...], _Ready | None] = {}

    def run(self, connection: Connection, statement: Executable, parameters: Any) -> Result[Any] | None:  # noqa: ANN401 - one row or many
        """Return what a statement found, all of it; None where it has to be run the long way.

        Raises:
            DBAPIError: as the long way does.
        """
        if id(statement) not in _REGISTERED or connection.dialect.name != "sqlite":
            return None
        rows: Sequence[Given] = parameters if isinstance(parameters, list) else [parameters or {}]
        if not rows:
            return None
        ready = self._found(connection, statement, rows[0])
        if ready is None or (ready.spread and len(rows) > 1):
            return None
        values = [ready.values(row) for row in rows]
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        try:
            if ready.shape is None:
                if ready.row is None:
                    driver.executemany(ready.sql, values)
                else:
                    for first in range(0, len(values), MOST_AT_ONCE):
                        few = values[first : first + MOST_AT_ONCE]
                        driver.execute(ready.of_rows(len(few)), list(chain.from_iterable(few)))
                return ready.result([])
            return ready.result([row for one in values for row in driver.execute(ready.sql, one).fetchall()])
        except sqlite3.Error as exc:
            raise DBAPIError.instance(
                ready.sql,
                values,
                exc,
                sqlite3.Error,
                hide_parameters=connection.engine.hide_parameters,
                dialect=connection.dialect,
            ) from exc

    def _found(self, connection: Connection, statement: Executable, given: Given) -> _Ready | None:
        named = (id(statement), *given)
        lists = self._lists.get(named)
        if lists is None:
            binds = _compiled(connection, statement, given).binds
            lists = tuple(name for name in given if name in binds and binds[name].expanding)
            self._lists[named] = lists
        lengths = tuple([len(given[name]) for name in lists])
        key = (named, lengths)
        if key not in self._ready:
            if sum(lengths) > MOST_SPREAD:
                return None
            self._ready[key] = _made_ready(connection, statement, given)
        return self._ready[key]


def _compiled(connection: Connection, statement: Any, given: Given) -> SQLCompiler:  # noqa: ANN401 - whatever compiles
    element: ClauseElement = statement
    compiled = element.compile(dialect=connection.dialect, column_keys=list(given))
    assert isinstance(compiled, SQLCompiler)
    return compiled


def _made_ready(connection: Connection, statement: Executable, given: Given) -> _Ready | None:
    compiled = _compiled(connection, statement, given)
    if compiled.insert_prefetch or compiled.update_prefetch:
        return None  # Python makes some of its values
    expanded = compiled.construct_expanded_state({**compiled.params, **given})
    names = tuple(expanded.positiontup or ())
    spread = expanded.parameter_expansion
    base = {each: name for name, several in spread.items() for each in several}
    types: list[TypeEngine[Any]] = [compiled.binds[base.get(name, name)].type for name in names]
    fixed = {name: value for name, value in compiled.params.items() if name not in given}
    into = [
        (place, one.dialect_impl(connection.dialect).bind_processor(connection.dialect))
        for place, one in enumerate(types)
    ]
    columns = compiled._result_columns  # noqa: SLF001 - nothing public tells the types of a statement's columns
    out_of = [
        (place, one.type.dialect_impl(connection.dialect).result_processor(connection.dialect, None))
        for place, one in enumerate(columns)
    ]
    return _Ready(
        expanded.statement,
        names,
        fixed,
        spread,
        tuple((place, process) for place, process in into if process is not None),
        tuple((place, process) for place, process in out_of if process is not None),
        SimpleResultMetaData([one.keyname for one in columns]) if columns else None,
        _row(expanded.statement, len(names)) if id(statement) in _SEVERAL else None,
    )


def _row(sql: str, places: int) -> str | None:
    row = f"({', '.join('?' * places)})"
    return row if places and sql.startswith("INSERT") and sql.count("?") == places and f" VALUES {row}" in sql else None


_NOTHING = SimpleResultMetaData([])

"""Tables that hold rows are changed without losing any, and a start that is killed half-way leaves what was there."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Text, create_engine, event, text
from sqlalchemy.engine import Engine

from store.articles import Articles
from store.database import address_of, database
from store.errors import MigrationError
from store.metadata import metadata
from store.migrating import STEPS, check_references, current_step, exclusive, migrate
from store.search import INDEXED, create_indexes, rebuild_sqlite_indexes
from tests.store.filled import ROWS, fill, rows_of
from tests.store.samples import HERE, NOON, analysis
from tests.store.schemas import counters_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import URL

PAGE = ("“Guarantees must hold,” said Orlan.", "It is an “open wound”, said Toll.")
VERSIONS = sorted(step.revision for step in ScriptDirectory(STEPS).walk_revisions())
"""Every step that a database out there may be at."""
GONE: frozenset[str] = frozenset()
"""Tables and columns ("quotes", "quotes.name") that a step takes out on purpose: all others keep every row as it was."""
CHANGED: frozenset[str] = frozenset()
"""Columns whose values a step writes anew on purpose."""


@contextmanager
def looking(address: URL) -> Iterator[Connection]:
    """Yield a connection of its own."""
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """Check that every row is there, with what it held."""
    for name, rows in before.items():
        if name in GONE:
            continue
        held = [{key: row[key] for key in row if f"{name}.{key}" not in GONE | CHANGED} for row in rows]
        assert [{key: row[key] for key in one} for one, row in zip(held, after[name], strict=True)] == held, name


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_every_version_comes_to_today_with_every_row(new_url: Callable[[], str], version: str) -> None:
    """Tables with rows become what an empty database gets; no row, index, trigger or counter is lost."""
    old, fresh = address_of(new_url()), address_of(new_url())
    migrate(old, version)
    with looking(old) as connection:
        fill(connection)
        rows, counters = rows_of(connection), counters_of(connection)
    assert all(len(each) == ROWS for each in rows.values())
    assert migrate(old)
    migrate(fresh)
    with looking(old) as upgraded, looking(fresh) as new:
        kept(rows, rows_of(upgraded))
        assert schema_of(upgraded) == schema_of(new)
        reached = counters_of(upgraded)
        assert {name: reached[name] >= count for name, count in counters.items()} == dict.fromkeys(counters, True)
        # What was deleted is found by no word, what is there by its own.
        if upgraded.dialect.name == "sqlite":
            for table, _ in INDEXED:
                check = f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)"  # noqa: S608 - names out of INDEXED
                upgraded.execute(text(check))
            check_references(upgraded)


def test_names_that_were_taken_back_before_are_remembered(new_url: Callable[[], str]) -> None:
    """The search words of a quote that lost its name still end with whose it was; nothing is made of other quotes."""
    address = address_of(new_url())
    migrate(address, "0012")
    with looking(address) as connection:
        fill(connection)
        connection.execute(text("UPDATE feedback SET kind = 'wrong_speaker', decision = 'right' WHERE feedback_id = 1"))
        connection.execute(text("UPDATE quotes SET name = NULL, search = 'gates §2'"))
    migrate(address)
    with looking(address) as connection:
        judged = connection.execute(text("SELECT quote_id FROM feedback WHERE feedback_id = 1")).scalar_one()
        assert connection.execute(text("SELECT quote_id, speaker_id FROM taken_names")).all() == [(judged, 2)]


def test_the_steps_make_what_the_tables_say(new_url: Callable[[], str]) -> None:
    """Also what Alembic does not compare: conditions of indexes, expressions, rules, what a reference does, triggers."""
    stepped, said = address_of(new_url()), address_of(new_url())
    migrate(stepped)
    with looking(said) as connection:
        metadata.create_all(connection)
        create_indexes(connection)
    with looking(stepped) as by_steps, looking(said) as at_once:
        assert schema_of(by_steps) == schema_of(at_once)


def test_every_table_can_be_filled(url: str) -> None:
    """A table that no row can be made for would be upgraded untried."""
    migrate(address_of(url))
    with looking(address_of(url)) as connection:
        fill(connection)
        rows = rows_of(connection)
    assert {name: len(each) for name, each in rows.items()} == dict.fromkeys(metadata.tables, ROWS)


@pytest.mark.parametrize(
    "mistake",
    [
        "DROP INDEX ix_alerts_due",
        "DROP TRIGGER quotes_fts_changed",
        "DROP INDEX ix_quotes_newest; CREATE INDEX ix_quotes_newest ON quotes (newest_at, quote_id, owner_channel)",
        "ALTER TABLE sources DROP COLUMN moved_to",
        "ALTER TABLE alerts RENAME TO old; CREATE TABLE alerts AS SELECT * FROM old",
        "PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = replace(sql, 'AUTOINCREMENT', '') WHERE name = 'quotes'",
        "PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = replace(sql, 'ON DELETE CASCADE', '')",
        "PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = replace(sql, 'withdrawn', 'gone')",
    ],
)
def test_what_a_step_gets_wrong_is_seen(tmp_path: Path, mistake: str) -> None:
    """The comparison itself sees what went missing in migrations before."""
    file = tmp_path / "onrecord.db"
    address = address_of(f"sqlite:///{file}")
    migrate(address)
    with looking(address) as connection:
        there = schema_of(connection)
    with closing(sqlite3.connect(file)) as plain:
        plain.executescript(mistake)
    with looking(address) as connection:
        assert schema_of(connection) != there


async def test_a_table_that_is_made_anew_keeps_children_triggers_and_indexes(tmp_path: Path) -> None:
    """What SQLite cannot alter is copied; the guard around the steps keeps the rest whole."""
    url = f"sqlite:///{tmp_path / 'onrecord.db'}"
    async with database(url) as opened, opened.writing() as db:
        await Articles().save(db, analysis(*PAGE, url="https://brenn.example/1"), owner_channel=HERE, seen_at=NOON)
    with exclusive(address_of(url)) as connection:
        before, there, ids = rows_of(connection), schema_of(connection), counters_of(connection)
        operations = Operations(MigrationContext.configure(connection))
        for table in ("articles", "quotes", "speakers", "outbox"):
            with operations.batch_alter_table(
                table, recreate="always", table_kwargs={"sqlite_autoincrement": True}
            ) as batch:
                batch.add_column(Column("remark", Text))
        check_references(connection)
        rebuild_sqlite_indexes(connection)
        kept(before, rows_of(connection))
        assert there.items() <= schema_of(connection).items()
        assert ids.items() <= counters_of(connection).items()
    async with database(url) as opened, opened.writing() as db:
        # Full text follows the new table.
        assert len(await Articles().about(db, HERE, "guarantees")) == 1
        await Articles().save(db, analysis("Calm guarantees."), owner_channel=HERE, seen_at=NOON)
        assert len(await Articles().about(db, HERE, "guarantees")) == 2
        await db.execute(text("INSERT INTO quotes_fts(quotes_fts, rank) VALUES ('integrity-check', 1)"))


async def test_rows_that_would_point_at_nothing_stop_a_migration(tmp_path: Path) -> None:
    """It is undone and says where."""
    address = address_of(f"sqlite:///{tmp_path / 'onrecord.db'}")
    migrate(address)
    with looking(address) as connection:
        fill(connection)

    def break_references() -> None:
        with exclusive(address) as connection:
            connection.execute(text("DELETE FROM articles"))
            check_references(connection)

    with pytest.raises(MigrationError, match="quotes"):
        break_references()
    with looking(address) as connection:
        assert len(rows_of(connection)["articles"]) == ROWS


KILLED_AFTER = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from store.database import address_of
from store.migrating import migrate

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, parameters, context, many):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

migrate(address_of(sys.argv[1]))
"""


def statements_of(address: URL) -> int:
    """Bring a database up to date; return how many statements that took."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(Engine, "after_cursor_execute", counted)
    try:
        migrate(address)
    finally:
        event.remove(Engine, "after_cursor_execute", counted)
    return count


@pytest.mark.parametrize(
    ("version", "place"),
    [(VERSIONS[0], 0.2), (VERSIONS[0], 0.5), (VERSIONS[0], 1.0), (VERSIONS[-2], 0.6)],
    ids=["early", "in the middle", "before the commit", "in the last step"],
)
def test_a_start_that_is_killed_half_way_leaves_what_was_there(
    new_url: Callable[[], str], version: str, place: float
) -> None:
    """Every row and table is as it was, and the next start finishes."""
    url, other = new_url(), address_of(new_url())
    address = address_of(url)
    for one in (address, other):
        migrate(one, version)
        with looking(one) as connection:
            fill(connection)
    with looking(address) as connection:
        rows, schema = rows_of(connection), schema_of(connection)
    # The last statement of all is followed by nothing but the commit.
    last = max(1, int(statements_of(other) * place))
    killed = subprocess.run([sys.executable, "-c", KILLED_AFTER, url, str(last)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert current_step(address) == version
    with looking(address) as connection:
        assert rows_of(connection) == rows
        assert schema_of(connection) == schema
    assert migrate(address)
    with looking(address) as connection, looking(other) as finished:
        assert schema_of(connection) == schema_of(finished)
        assert rows_of(connection) == rows_of(finished)

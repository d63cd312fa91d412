"""Tables that hold rows are changed without losing any, and a start that is killed half-way leaves what was there."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Text, create_engine, func, inspect, select, text

from store.articles import Articles
from store.database import address_of, database
from store.errors import MigrationError
from store.metadata import metadata
from store.migrating import check_references, current_step, exclusive, migrate
from store.search import rebuild_sqlite_indexes
from tests.store.samples import HERE, NOON, analysis

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ("“Guarantees must hold,” said Orlan.", "It is an “open wound”, said Toll.")


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


async def fill(url: str) -> None:
    """Store a page, with quotes, speakers and mentions."""
    async with database(url) as opened, opened.writing() as db:
        await Articles().save(db, analysis(*PAGE, url="https://brenn.example/1"), owner_channel=HERE, seen_at=NOON)


def things(connection: Connection) -> set[tuple[str, str]]:
    """Return indexes, triggers and tables of SQLite."""
    rows = connection.execute(text("SELECT type, name FROM sqlite_master"))
    return {(row.type, row.name) for row in rows if "_alembic_tmp_" not in row.name}


async def test_a_table_that_is_made_anew_keeps_children_triggers_and_indexes(tmp_path: Path) -> None:
    """What SQLite cannot alter is copied; the guard around the steps keeps the rest whole."""
    url = f"sqlite:///{tmp_path / 'onrecord.db'}"
    await fill(url)
    with exclusive(address_of(url)) as connection:
        before, there = counts(connection), things(connection)
        operations = Operations(MigrationContext.configure(connection))
        for table in ("articles", "quotes", "speakers", "outbox"):
            with operations.batch_alter_table(
                table, recreate="always", table_kwargs={"sqlite_autoincrement": True}
            ) as batch:
                batch.add_column(Column("remark", Text))
        check_references(connection)
        rebuild_sqlite_indexes(connection)
        assert counts(connection) == before
        assert things(connection) == there
    async with database(url) as opened, opened.writing() as db:
        # Full text follows the new table.
        assert len(await Articles().about(db, HERE, "guarantees")) == 1
        await Articles().save(db, analysis("Calm guarantees."), owner_channel=HERE, seen_at=NOON)
        assert len(await Articles().about(db, HERE, "guarantees")) == 2
        await db.execute(text("INSERT INTO quotes_fts(quotes_fts, rank) VALUES ('integrity-check', 1)"))


async def test_rows_that_would_point_at_nothing_stop_a_migration(tmp_path: Path) -> None:
    """It is undone and says where."""
    url = f"sqlite:///{tmp_path / 'onrecord.db'}"
    await fill(url)
    address = address_of(url)

    def break_references() -> None:
        with exclusive(address) as connection:
            connection.execute(text("DELETE FROM articles"))
            check_references(connection)

    with pytest.raises(MigrationError, match="quotes"):
        break_references()
    with exclusive(address) as connection:
        assert counts(connection)["articles"] == 1


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

migrate(address_of(sys.argv[1]), sys.argv[3])
"""


@pytest.mark.parametrize("statements", [12, 33])
def test_a_start_that_is_killed_half_way_leaves_what_was_there(url: str, statements: int) -> None:
    """The next start finishes."""
    address = address_of(url)
    migrate(address, "0001")
    killed = subprocess.run([sys.executable, "-c", KILLED_AFTER, url, str(statements), "head"], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert current_step(address) == "0001"
    assert migrate(address)
    engine = create_engine(address)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()

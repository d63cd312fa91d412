"""Tables that are up to date, whatever version of On Record made them.

One transaction holds all steps on both databases, so a start that is killed half-way leaves what was there before.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, event, inspect
from sqlalchemy.pool import NullPool

from store.errors import MigrationError, NewerDatabaseError, NoTablesError, OlderDatabaseError
from store.search import INDEXED, rebuild_sqlite_indexes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

STEPS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x6F6E7265  # "onre": the key of PostgreSQL's advisory lock while a start migrates
BUSY_MILLISECONDS = 60_000  # another start may be migrating


def migrate(url: URL, to: str = "head") -> bool:
    """Bring the tables up to date; blocks, so call it in a thread.

    Args:
        url: A synchronous address (sqlite or postgresql+psycopg).
        to: The step to stop at; tests stop early.

    Returns:
        Whether anything was done.

    Raises:
        NewerDatabaseError: if the tables are newer than this program.
        MigrationError: if a step would leave a row that points at nothing.
    """
    with exclusive(url) as connection:
        current = _step_on(connection)
        if current is not None and current not in known_steps():
            raise NewerDatabaseError(current)
        if current == (newest_step() if to == "head" else to):
            return False
        _upgrade(connection, to)
        if connection.dialect.name == "sqlite":
            check_references(connection)
            rebuild_sqlite_indexes(connection)
        return True


def rebuild_indexes(url: URL) -> None:
    """Fill the full-text indexes of up-to-date tables anew; blocks."""
    with exclusive(url) as connection:
        if connection.dialect.name == "sqlite":
            rebuild_sqlite_indexes(connection)
        else:
            for table, _ in INDEXED:
                connection.exec_driver_sql(f"REINDEX INDEX ix_{table}_search")


def known_steps() -> list[str]:
    """Return the steps that this program knows, the oldest first."""
    # By their files' names: Alembic would load itself and every step first, half a second of each command.
    return sorted(file.stem.partition("_")[0].removeprefix("v") for file in STEPS.glob("versions/v*_*.py"))


def newest_step() -> str:
    """Return the step that this program's tables are at."""
    return known_steps()[-1]


def check_up_to_date(url: URL) -> None:
    """Look whether the tables are this program's, without waiting for who writes; blocks.

    Raises:
        NoTablesError: if there are none.
        OlderDatabaseError: if they are older than this program.
        NewerDatabaseError: if they are newer.
    """
    current = step_of(url)
    if current is None:
        raise NoTablesError
    if current not in known_steps():
        raise NewerDatabaseError(current)
    if current != newest_step():
        raise OlderDatabaseError(current, newest_step())


def check_known(url: URL) -> None:
    """Look whether this program knows the tables, or can bring them up to date; blocks.

    Raises:
        NewerDatabaseError: if they are newer.
    """
    current = step_of(url)
    if current is not None and current not in known_steps():
        raise NewerDatabaseError(current)


def step_of(url: URL) -> str | None:
    """Return the step the tables are at, None where there are none, beside whoever writes; blocks."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite" and not Path(url.database or "").exists():
        return None  # asking would make the file
    with engine.connect() as connection:
        return _step_on(connection)


def _step_on(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    step: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return step


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load, and only tables that are not up to date need it
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def current_step(url: URL) -> str | None:
    """Return the step the tables are at, None where there are none; blocks."""
    with exclusive(url) as connection:
        return _step_on(connection)


@contextmanager
def exclusive(url: URL) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other start shares; committed at the end."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        yield connection


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3's own BEGIN would leave DDL outside
    cursor = connection.cursor()
    # Off while tables are made anew: dropping the old one was seen to delete its children by cascade. It cannot be
    # switched inside a transaction, so it is switched before.
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def check_references(connection: Connection) -> None:
    """Look for rows that point at nothing, which nobody forbids while foreign keys are off.

    Raises:
        MigrationError: if there are any.
    """
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        msg = f"{len(broken)} rows would point at nothing, in: {tables}"
        raise MigrationError(msg)

"""A database that is open and up to date, and its two ways in: one that writes, many that read."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.errors import DatabaseAddressError
from store.made_once import made_once
from store.migrating import check_up_to_date, migrate
from store.whole import WholeTransactions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy import URL, Connection, Table
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

DIALECTS = ("sqlite", "postgresql")
READERS = 4  # connections of the reading pool that stay open
WRITER_WAIT = 60.0  # seconds a transaction waits for its turn
# Another process (a command beside the bot) may hold the file: longer than the 30 s that a backup was seen to take.
WRITER_BUSY_MILLISECONDS = 35_000
# An article touches pages all over the indexes; with the usual 2 MB, twenty that share a transaction read many twice.
SAVING_CACHE_KILOBYTES = 65_536
# 64 MB. With the usual 1,000, what many articles touch is copied into the file again and again: a sixth of their time.
SAVING_CHECKPOINT_PAGES = 16_000
READER_BUSY_MILLISECONDS = 5_000
# An error is logged with its statement, but without texts of articles and messages.
QUIET = {"hide_parameters": True}


@dataclass(frozen=True, slots=True)
class Database:
    """An open database.

    On SQLite one connection writes at a time and a pool reads; on PostgreSQL both are one pool.

    Attributes:
        turn: Entered for as long as something writes: on SQLite one after the other, in the order they came. Without
            it, two connections would find out by trying.
        whole: Where articles are saved; see there.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    turn: Callable[[], AbstractAsyncContextManager[object]]
    whole: WholeTransactions

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Yield a transaction that may write: committed at the end, undone by an exception.

        On SQLite it is the only one of its kind: keep it short, and never wait for anything else inside.
        """
        async with self.turn(), self.writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a transaction that sees one state of the database and cannot write."""
        async with self.reader.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection


@asynccontextmanager
async def database(url: str, *, migrates: bool = True) -> AsyncIterator[Database]:
    """Open the database at ``url`` with its tables up to date; close it at the end.

    Args:
        url: ``sqlite:///FILE`` (the file is made where it is missing) or ``postgresql://…``.
        migrates: Whether to make the tables and bring them up to date; a command beside the bot must not.

    Raises:
        DatabaseAddressError: on any other kind of address.
        MigrationError: if the tables cannot be brought up to date, or are not where they may not be.
    """
    address = address_of(url)
    await asyncio.to_thread(migrate if migrates else check_up_to_date, address)
    opened = _open_sqlite(address) if address.get_backend_name() == "sqlite" else _open_postgresql(address)
    try:
        yield opened
    finally:
        await opened.whole.close()
        await opened.reader.dispose()
        await opened.writer.dispose()


def address_of(url: str) -> URL:
    """Return the synchronous address of ``url``.

    Raises:
        DatabaseAddressError: if it is neither SQLite in a file nor PostgreSQL.
    """
    scheme = url.partition(":")[0]
    backend = scheme.partition("+")[0]
    if backend == "sqlite":
        address = make_url(url).set(drivername="sqlite")
        # In memory every connection would have a database of its own.
        if address.database not in {None, "", ":memory:"}:
            return address
    if backend in {"postgresql", "postgres"}:
        return make_url(url).set(drivername="postgresql+psycopg")
    raise DatabaseAddressError(scheme)


def insert_for(db: AsyncConnection) -> Callable[[Table], Any]:
    """Return the ``insert`` of the database's dialect, which knows ON CONFLICT."""
    return insert_of(db.dialect.name)


def insert_of(dialect: str) -> Callable[[Table], Any]:
    """Return the same by the dialect's name, for statements that are made once."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def unless_there(table: Table) -> Mapping[str, Any]:
    """Return, by dialect, the statement that inserts what does not stand in ``table`` yet.

    Made once, at import: making a statement costs more than running it.
    """
    return {dialect: made_once(insert_of(dialect)(table).on_conflict_do_nothing()) for dialect in DIALECTS}


def _open_sqlite(address: URL) -> Database:
    asynchronous = address.set(drivername="sqlite+aiosqlite")
    writer = create_async_engine(asynchronous, pool_size=1, max_overflow=0, pool_timeout=WRITER_WAIT, **QUIET)
    reader = create_async_engine(asynchronous, pool_size=READERS, max_overflow=READERS, **QUIET)
    thread = create_engine(address, pool_size=1, max_overflow=0, **QUIET)
    for engine in (writer.sync_engine, thread):
        event.listen(engine, "connect", _prepare_writer)
        event.listen(engine, "begin", _begin_writing)
    event.listen(thread, "connect", _prepare_saving)
    event.listen(reader.sync_engine, "connect", _prepare_reader)
    event.listen(reader.sync_engine, "begin", _begin_reading)
    lock = asyncio.Lock()

    @asynccontextmanager
    async def turn() -> AsyncIterator[None]:
        async with asyncio.timeout(WRITER_WAIT):
            await lock.acquire()
        try:
            yield
        finally:
            lock.release()

    return Database(writer, reader, turn, WholeTransactions(thread, writer, turn))


def _open_postgresql(address: URL) -> Database:
    # Prepared statements get one plan for all speakers, the rare and the much quoted: 125 ms instead of 27 at p99.
    unprepared = {"prepare_threshold": None}
    engine = create_async_engine(address, pool_size=READERS + 1, max_overflow=READERS, connect_args=unprepared, **QUIET)
    thread = create_engine(address, pool_size=1, max_overflow=0, **QUIET)
    return Database(engine, engine, nullcontext, WholeTransactions(thread, engine, nullcontext))


def _prepare_writer(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # FULL: what a commit promised is on the disk. WAL's default loses the last commits with the power.
    _prepare(
        connection,
        f"busy_timeout={WRITER_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    )


def _prepare_saving(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # What a statement that fails is undone by: in a file it was a twentieth of what an article cost. A crash needs it not.
    _prepare(
        connection,
        f"cache_size=-{SAVING_CACHE_KILOBYTES}",
        f"wal_autocheckpoint={SAVING_CHECKPOINT_PAGES}",
        "temp_store=MEMORY",
    )


def _prepare_reader(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    _prepare(connection, f"busy_timeout={READER_BUSY_MILLISECONDS}", "query_only=ON")


def _prepare(connection: DBAPIConnection, *pragmas: str) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred, and leaves reads outside
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: Connection) -> None:
    # A deferred transaction that reads first and writes then fails at once when somebody wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    # IMMEDIATE here would make readers wait for the writer (2 s were seen).
    connection.exec_driver_sql("BEGIN")

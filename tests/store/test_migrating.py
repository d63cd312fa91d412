"""Tables are brought up to date at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from store.database import address_of, database
from store.errors import DatabaseAddressError, NewerDatabaseError
from store.metadata import metadata
from store.migrating import STEPS, current_step, known_steps, migrate

if TYPE_CHECKING:
    from store.database import Database


def differences(connection: Connection) -> list[object]:
    """Return what the tables lack against the code, full-text parts aside (the migrations alone know them)."""
    context = MigrationContext.configure(connection)
    return [
        found
        for found in compare_metadata(context, metadata)
        if not (isinstance(found, tuple) and "_fts" in str(found[1]))
        and not (found[0] == "remove_index" and "_search" in str(found[1]))
    ]


async def test_the_steps_make_the_tables_that_the_code_knows(opened: Database) -> None:
    """No column, index or constraint is forgotten in a migration."""
    async with opened.writing() as db:
        assert await db.run_sync(differences) == []


def test_files_are_named_after_their_steps() -> None:
    """What is known by the names alone is what Alembic reads, in its order."""
    assert known_steps() == [step.revision for step in ScriptDirectory(str(STEPS)).walk_revisions()][::-1]


def test_a_second_start_does_nothing(url: str) -> None:
    """What is up to date stays as it is."""
    assert migrate(address_of(url))
    assert not migrate(address_of(url))


def test_tables_of_a_newer_program_are_refused(url: str) -> None:
    """An older program must not write into tables it does not understand."""
    address = address_of(url)
    migrate(address)
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerDatabaseError, match="9999"):
        migrate(address)
    assert current_step(address) == "9999"


@pytest.mark.parametrize("address", ["mysql://root:secret@db/x", "sqlite://", "sqlite:///:memory:", "x"])
async def test_other_databases_are_refused_without_their_passwords(address: str) -> None:
    """The error names the scheme only."""
    with pytest.raises(DatabaseAddressError) as refused:
        async with database(address):
            pass
    assert "secret" not in str(refused.value)

"""Run by Alembic: migrate over the connection, and in the transaction, that ``store.migrating`` opened."""

from __future__ import annotations

from alembic import context

from store import delivery_tables, shared_tables, tables  # noqa: F401 - defining the tables is what fills the metadata
from store.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things: Alembic makes the table anew and copies the rows.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

"""What the definitions of tables share: their naming, references, and the two kinds of partial index."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, MetaData, Table, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def reference(column: str) -> ForeignKey:
    """Return a reference whose row goes with the one it points at."""
    return ForeignKey(column, ondelete="CASCADE")


def where(condition: str) -> dict[str, Any]:
    """Return the arguments of a partial index."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def unique_per_owner(table: Table, *columns: str) -> None:
    """Make ``columns`` unique among shared rows and among each chat's own.

    Two plain indexes: Alembic cannot see an index over coalesce(), and loses it when it makes a table anew.
    """
    name = f"uq_{table.name}_{columns[-1]}"
    chosen = [table.c[column] for column in columns]
    Index(f"{name}_shared", *chosen, unique=True, **where("owner_channel IS NULL"))
    Index(f"{name}_owner", *chosen, table.c.owner_channel, unique=True)

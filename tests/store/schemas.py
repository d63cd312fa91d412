"""What a database's tables are, down to indexes, triggers and rules, so that two can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

POSTGRESQL = {
    "column": """SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || ' '
        || CASE WHEN column_default LIKE 'nextval(%' THEN 'counted' ELSE coalesce(column_default, '') END
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "rule": """SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "trigger": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": """SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
}


def schema_of(connection: Connection) -> dict[str, str]:
    """Return everything that is defined, by kind and name, each as text; the order of columns left out."""
    if connection.dialect.name == "postgresql":
        return {
            f"{kind} {name}": " ".join(str(definition).split())
            for kind, query in POSTGRESQL.items()
            for name, definition in connection.execute(text(query))
            if "alembic_version" not in f"{name}{definition}"
        }
    found: dict[str, str] = {}
    for kind, name, table, sql in connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")):
        if name.startswith("sqlite_") or table == "alembic_version":
            continue
        found[f"{kind} {name}"] = _level(sql) if kind != "table" or "_fts" in name else _autoincrement(sql)
        if kind == "table" and "_fts" not in name:
            found |= _table(connection, name, sql)
    return found


def counters_of(connection: Connection) -> dict[str, int]:
    """Return the highest id that each table ever gave: none may be given again."""
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
    else:
        query = "SELECT name, seq FROM sqlite_sequence"
    return {row[0]: row[1] for row in connection.execute(text(query))}


def _table(connection: Connection, name: str, sql: str) -> dict[str, str]:
    """Return columns, rules and references of an SQLite table."""
    found = {}
    for row in _pragma(connection, f"table_xinfo({name})"):
        found[f"column {name}.{row['name']}"] = f"{row['type']} {row['notnull']} {row['dflt_value']} {row['pk']}"
    for row in _pragma(connection, f"foreign_key_list({name})"):
        found[f"rule {name}.{row['from']}"] = f"{row['table']} {row['to']} {row['on_update']} {row['on_delete']}"
    for check, rule in re.findall(r"CONSTRAINT (\w+) CHECK \((.*?)\)\s*[,)]", _level(sql) + ","):
        found[f"rule {name}.{check}"] = rule
    for row in _pragma(connection, f"index_list({name})"):
        columns = [each["name"] for each in _pragma(connection, f"index_xinfo({row['name']})") if each["key"]]
        # The numbers in SQLite's own names depend on the order of rules.
        known = f"rule {name} {columns}" if row["origin"] != "c" else f"indexed {row['name']}"
        found[known] = f"{row['unique']} {row['origin']} {row['partial']} {columns}"
    return found


def _pragma(connection: Connection, which: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(f"PRAGMA {which}")).mappings()]


def _level(sql: str | None) -> str:
    return " ".join((sql or "").replace('"', "").split())


def _autoincrement(sql: str) -> str:
    return "ids never used again" if "AUTOINCREMENT" in sql else ""

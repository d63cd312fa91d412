"""Backups of a SQLite database: made while it is in use, whole or not at all; put back with the former file kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from store.errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

BUSY_SECONDS = 35.0
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file in use; without the first, the last commits are lost."""


def back_up(database: Path, target: Path, *, overwrite: bool = False) -> int:
    """Write a copy of a database in use; return its size in bytes. Blocks.

    The copy is one state of the database, in one file, readable by its owner only: it holds who asked for what. It
    takes its name when it is whole and checked.

    Raises:
        BackupError: if it cannot be made, or there is a file of that name already; and if it is one of the database's
            own: whoever has that open would write on into a file without a name.
    """
    if _is_its_own(target, database):
        msg = f"{target} is the database itself, or what it writes beside it: choose another name"
        raise BackupError(msg)
    if target.is_dir():
        msg = f"{target} is a folder: say the file's name, too"
        raise BackupError(msg)
    if target.exists() and not overwrite:
        msg = f"{target} exists already; --force writes over it"
        raise BackupError(msg)
    try:
        with _beside(target) as fresh:
            _copy(database, fresh)
            check(fresh)
            size = fresh.stat().st_size
            fresh.replace(target)
            _to_disk(target.parent)
    except (OSError, sqlite3.Error) as exc:
        msg = f"cannot write {target}: {_reason(exc)}"
        raise BackupError(msg) from exc
    return size


def _is_its_own(target: Path, database: Path) -> bool:
    """Return whether a file is the database's, by whatever name."""
    own = [database.with_name(database.name + end) for end in ("", *BESIDE, "-journal")]
    return target.resolve() in {each.resolve() for each in own} or (
        target.exists() and any(each.exists() and target.samefile(each) for each in own)
    )


def check(database: Path) -> None:
    """Look whether a file is a whole SQLite database; every page of it is read.

    Raises:
        BackupError: if it is not.
    """
    try:
        # "ro": asking about a file that is not there must not make it.
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            found = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
            broken = opened.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as exc:
        msg = f"{database} is no database that can be read: {_reason(exc)}"
        raise BackupError(msg) from exc
    if found != "ok" or broken:
        msg = f"{database} is damaged: {found if found != 'ok' else f'rows of {broken[0]} point at nothing'}"
        raise BackupError(msg)


@contextmanager
def copy_of(backup: Path, database: Path) -> Iterator[Path]:
    """Yield a checked copy of a backup beside the database it is to become; it is taken away if nobody took it.

    Raises:
        BackupError: if there is no whole database in it, or it cannot be copied.
    """
    if not backup.is_file():
        msg = f"{backup}: no such file"
        raise BackupError(msg)
    check(backup)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with _beside(database) as fresh:
            _copy(backup, fresh)
            yield fresh
    except (OSError, sqlite3.Error) as exc:
        msg = f"cannot write {database}: {_reason(exc)}"
        raise BackupError(msg) from exc


def put_in_place(fresh: Path, database: Path, *, at: datetime) -> Path | None:
    """Let ``fresh`` become the database; return where the former one is kept, None where there was none.

    A crash half-way leaves the former database, or the fresh one, under the name, never neither.
    """
    with closing(sqlite3.connect(fresh)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")  # whatever stands in a log beside it goes into the file
    kept = None
    if database.exists():
        kept = database.with_name(f"{database.name}.before-{at:%Y%m%dT%H%M%S}")
        with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as former:
            # So that all of it is in the one file.
            former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _keep(database, kept)
        for end in BESIDE:
            beside = database.with_name(database.name + end)
            if beside.exists():
                # It belongs to the former file: left here, it would be taken for the new one's.
                beside.replace(kept.with_name(kept.name + end))
    fresh.replace(database)
    _to_disk(database.parent)
    return kept


def _keep(database: Path, kept: Path) -> None:
    try:
        os.link(database, kept)
    except OSError:  # file systems without links
        shutil.copy2(database, kept)


def _copy(database: Path, fresh: Path) -> None:
    source = f"{database.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(source, uri=True, timeout=BUSY_SECONDS)) as opened,
        closing(sqlite3.connect(fresh)) as copy,
    ):
        # All pages in one step: in several, each commit beside it would start it anew.
        opened.backup(copy, pages=-1)
        # The copy says WAL, as the original does; a backup is one file.
        copy.execute("PRAGMA journal_mode=DELETE")
    with fresh.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield an empty file beside ``target``, its owner's only; taken away at the end if it is still there."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    # In a container every process may have the same number: what a killed one left is in the way, and its journal would
    # be played into ours.
    _take_away(fresh)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield fresh
    finally:
        _take_away(fresh)


def _take_away(fresh: Path) -> None:
    for end in ("", *BESIDE, "-journal"):
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)


def _to_disk(folder: Path) -> None:
    """Let a new name outlive the power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError | sqlite3.Error) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

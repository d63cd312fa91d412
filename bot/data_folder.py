"""One process for each data folder: two would post everything twice."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

LOCK_NAME = "onrecord.lock"


class DataFolderError(Exception):
    """The data folder cannot be used; the text says why and what to do."""


class DataFolderInUseError(DataFolderError):
    """Another process holds the data folder."""


@contextmanager
def claimed(folder: Path, now: datetime) -> Iterator[Path]:
    """Make ``folder`` if need be and hold it for this process.

    The system gives the lock up when the process ends, however it ends.

    Raises:
        DataFolderInUseError: if another process holds it, which is named.
        DataFolderError: if it cannot be written.
    """
    made(folder)
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            holder = lock.read().strip() or "a process that is just starting"
            msg = f"{folder} is in use by {holder}. Stop it first, or choose another folder with ONRECORD_DATA_DIR."
            raise DataFolderInUseError(msg) from exc
        lock.seek(0)
        lock.truncate()
        lock.write(f"process {os.getpid()}, running since {now:%Y-%m-%d %H:%M} UTC")
        lock.flush()
        yield folder


def made(folder: Path) -> None:
    """Make a data folder where there is none, its owner's only.

    Raises:
        DataFolderError: if it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise _unwritable(folder, exc) from exc


def _unwritable(folder: Path, error: OSError) -> DataFolderError:
    return DataFolderError(f"cannot write to {folder}: {error.strerror}. Choose another folder with ONRECORD_DATA_DIR.")


def holder_of(folder: Path) -> str | None:
    """Return who holds a data folder, None where nobody does; asking holds nothing and makes nothing."""
    try:
        with (folder / LOCK_NAME).open(encoding="utf-8") as lock:
            try:
                # Shared: two that ask do not take each other for a holder.
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "a process that is just starting"
            return None
    except OSError:
        return None

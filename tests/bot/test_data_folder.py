"""Two processes on one folder would post everything twice."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.data_folder import DataFolderError, claimed

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 6, 8, 30, tzinfo=UTC)


def test_a_second_process_is_told_who_the_first_is(tmp_path: Path) -> None:
    """And what to do; once the first has ended, the folder is free."""
    folder = tmp_path / "data"
    with (
        claimed(folder, NOW),
        pytest.raises(DataFolderError, match=f"in use by process {os.getpid()}, running since 2026-09-06 08:30 UTC"),
    ):
        claimed(folder, NOW).__enter__()
    with claimed(folder, NOW):
        pass


def test_a_killed_process_leaves_the_folder_free(tmp_path: Path) -> None:
    """The system gives the lock up, nobody has to remove a file."""
    code = f"""
import os, signal, pathlib, datetime
from bot.data_folder import claimed
with claimed(pathlib.Path({str(tmp_path)!r}), datetime.datetime.now(datetime.UTC)):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with claimed(tmp_path, NOW):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """With the setting that chooses another."""
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="ONRECORD_DATA_DIR"):
        claimed(tmp_path / "file" / "data", NOW).__enter__()

"""Signs of life tell a process that works from one that hangs and one that is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.heartbeat import FILE_NAME, STALE, Heartbeat, health

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2031, 5, 13, 9, 0, tzinfo=UTC)


def written(folder: Path) -> None:
    """Write the file of a process with one loop."""
    heartbeat = Heartbeat(folder, lambda: NOW)
    heartbeat.loop("sources", timedelta(seconds=20))()
    heartbeat.write()


def test_a_process_that_works_is_well(tmp_path: Path) -> None:
    """Its loops are named."""
    written(tmp_path)
    assert health(tmp_path, NOW + timedelta(seconds=9)) == (True, "well: sources")


def test_a_loop_that_is_silent_hangs(tmp_path: Path) -> None:
    """The file is fresh, but the loop did nothing for longer than it may."""
    written(tmp_path)
    assert health(tmp_path, NOW + timedelta(seconds=21)) == (False, "hanging: sources silent for 21 s")


def test_an_old_file_was_left_behind(tmp_path: Path) -> None:
    """A process that was killed cannot take its file away."""
    written(tmp_path)
    is_well, line = health(tmp_path, NOW + STALE + timedelta(seconds=1))
    assert not is_well
    assert line == "not running: the last sign of life is 46 s old"


def test_no_file_means_it_does_not_run(tmp_path: Path) -> None:
    """Nor does it in a folder that is not there."""
    assert not health(tmp_path / "nowhere", NOW)[0]


def test_a_file_that_is_not_ours_is_said_to_be_so(tmp_path: Path) -> None:
    """Whatever stands in it, there is one line and no traceback."""
    (tmp_path / FILE_NAME).write_text("[]")
    assert health(tmp_path, NOW)[1].startswith("cannot tell: ")

"""Signs of life in the data folder, for whoever asks from outside: ``onrecord health``."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE_NAME = "heartbeat.json"
WRITE_EVERY = 10.0  # seconds
STALE = timedelta(seconds=45)
"""A file older than this was left by a process that ended or hangs."""


@dataclass(slots=True)
class Heartbeat:
    """What each loop of the process did last.

    Attributes:
        folder: Where the file lies.
    """

    folder: Path
    now: Callable[[], datetime]
    _loops: dict[str, dict[str, object]] = field(default_factory=dict)

    def loop(self, name: str, within: timedelta) -> Callable[[], None]:
        """Return what a loop calls with each of its rounds.

        Args:
            name: As the health check shows it.
            within: A loop that was silent for longer hangs.
        """

        def beat() -> None:
            self._loops[name] = {"at": self.now().isoformat(), "within": within.total_seconds()}

        beat()
        return beat

    async def run(self) -> None:
        """Write the file until cancelled; then take it away."""
        try:
            while True:
                self.write()
                await asyncio.sleep(WRITE_EVERY)
        finally:
            (self.folder / FILE_NAME).unlink(missing_ok=True)

    def write(self) -> None:
        """Write the file, whole or not at all."""
        signs = {"at": self.now().isoformat(), "process": os.getpid(), "loops": self._loops}
        fresh = self.folder / (FILE_NAME + ".new")
        fresh.write_text(json.dumps(signs), encoding="utf-8")
        fresh.replace(self.folder / FILE_NAME)


def health(folder: Path, now: datetime) -> tuple[bool, str]:
    """Return whether the process of a data folder is well, and one line that says why (not)."""
    try:
        signs = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        silent_for = now - datetime.fromisoformat(signs["at"])
        hanging = [
            f"{name} silent for {_seconds(now - datetime.fromisoformat(each['at']))}"
            for name, each in signs["loops"].items()
            if now - datetime.fromisoformat(each["at"]) > timedelta(seconds=each["within"])
        ]
    except FileNotFoundError:
        return False, f"not running: there is no sign of life in {folder}"
    except (OSError, ValueError, KeyError, TypeError) as exc:
        return False, f"cannot tell: {folder / FILE_NAME} cannot be read ({type(exc).__name__})"
    if silent_for > STALE:
        return False, f"not running: the last sign of life is {_seconds(silent_for)} old"
    if hanging:
        return False, "hanging: " + ", ".join(sorted(hanging))
    return True, "well: " + ", ".join(sorted(signs["loops"]))


def _seconds(passed: timedelta) -> str:
    return f"{passed.total_seconds():.0f} s"

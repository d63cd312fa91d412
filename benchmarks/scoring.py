"""Marked data and the yardstick, as the benchmarks use them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import ModuleType


def marked(folder: Path, name: str) -> Path | None:
    """Return the file ``name`` of the folder's marked data; None, after saying so, where it is not there."""
    path = folder / "data" / name
    if path.is_file() and (folder / "tools" / "score.py").is_file():
        return path
    print(f"skipped: no marked data at {path}")
    return None


def rows(path: Path) -> list[dict[str, object]]:
    """Return the objects of a file that holds one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def yardstick(folder: Path) -> ModuleType:
    """Return the module that scores, for benchmarks that ask it more than one figure at a time."""
    spec = importlib.util.spec_from_file_location("score", folder / "tools" / "score.py")
    assert spec is not None, "a path that ends in .py"
    assert spec.loader is not None, "a path that ends in .py"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(
    folder: Path, what: str, gold: Sequence[dict[str, object]], predicted: Iterable[dict[str, object]]
) -> dict[str, float]:
    """Return the figures that the yardstick gives ``predicted`` against ``gold``."""
    with tempfile.TemporaryDirectory() as place:
        for name, objects in (("gold", gold), ("predicted", predicted)):
            lines = "".join(json.dumps(each) + "\n" for each in objects)
            Path(place, name).write_text(lines, "utf-8")
        done = subprocess.run(  # noqa: S603 - the yardstick in the folder the caller named
            [sys.executable, folder / "tools" / "score.py", what, f"{place}/gold", f"{place}/predicted", "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the CPU seconds that ``work`` takes on one core, the best of so many runs."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)

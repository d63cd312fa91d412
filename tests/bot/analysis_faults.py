"""What may go wrong while a page is read; runs in the worker's process, told by the page's first line."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.analysing import EntryTask, Task, analysed
from bot.analysis_worker import MEMORY_BYTES
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from bot.engine import EngineChoice
    from summaries.values import Analysis


def faulty(task: Task, choice: EngineChoice) -> Analysis:
    """Return the analysis of what follows the first line, unless that asks for trouble."""
    assert not isinstance(task, EntryTask)
    line, _, page = task.text.partition("\n")
    order, _, what = line.partition(" ")
    if order == "HANG":
        time.sleep(3600)
    if order == "DIE" or (order == "DIE-ONCE" and not Path(what).exists()):
        Path(what).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "BREAK":
        msg = "too much by half"
        raise ZeroDivisionError(msg)
    if order == "EAT":
        bytearray(2 * MEMORY_BYTES)
    if order == "ENVIRONMENT":
        raise NotAnArticleError(" ".join(os.environ))
    if order == "PRINT":
        print("a library says something")  # noqa: T201 - the point of it
    return analysed(replace(task, text=page), choice)


def hostile(task: Task, choice: EngineChoice) -> Analysis:
    """Return what would run a program where it is read."""
    del task, choice
    return _Hostile()  # type: ignore[return-value] # it is a lie


class _Hostile:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)

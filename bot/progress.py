"""How far a long run is, on a terminal's standard error; nothing where that is no terminal, or the output goes to it, too."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from bot.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import rich.progress

T = TypeVar("T")


@contextmanager
def progress_of(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Yield what is called with each one that is done; show how many are done of how many."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415 - the same
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


def counted(lines: Iterable[T]) -> Iterator[T]:
    """Yield ``lines`` and show how many have passed, and in what time."""
    # Where the lines themselves go to the terminal, they show how far it is; a bar would stand among them.
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from lines
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415 - the same
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (SpinnerColumn(), MofNCompleteColumn(), TextColumn("articles"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for line in lines:
            yield line
            progress.advance(task)


class Progress:
    """A bar for a known number of things, with a line on standard output for each; as a context it is shown and cleared.

    Where standard error is no terminal there are only the lines.
    """

    def __init__(self, total: int, things: str) -> None:
        self._total = total
        self._things = things
        self._stack = ExitStack()
        self._bar: rich.progress.Progress | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
            from rich.progress import Progress as Bar  # noqa: PLC0415

            columns = (BarColumn(), MofNCompleteColumn(), TextColumn(self._things), TimeElapsedColumn())
            self._bar = self._stack.enter_context(Bar(*columns, console=Console(stderr=True), transient=True))
            self._bar.add_task("", total=self._total)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def advance(self, line: str) -> None:
        """Say that one more is done, and what came of it."""
        line = harmless(line)
        if self._bar is None:
            sys.stdout.write(line + "\n")
        elif sys.stdout.isatty():
            self._bar.console.print(line, markup=False, highlight=False)  # above the bar
        else:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0])

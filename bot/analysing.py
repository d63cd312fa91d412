"""Analysis in processes of its own, so that answering never waits for it: started on demand, ended when idle."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Self

import structlog

from bot.engine import load_engine
from summaries.analysis import Wanted, analyse_html, analyse_pasted
from summaries.html_page import looks_like_html

if TYPE_CHECKING:
    from datetime import datetime
    from multiprocessing.pool import Pool

    from summaries.engine import Engine
    from summaries.values import Analysis

log = structlog.get_logger("bot.analysing")

DEADLINE = 60.0  # seconds; a page of 2 MB takes about ten
IDLE = 60.0  # seconds after which the processes end: one holds about 125 MB


class AnalysisError(Exception):
    """The analysis did not end: it took too long, or its process died."""


class Form(StrEnum):
    """What a page is written in."""

    PASTED = "pasted"
    HTML = "html"
    EITHER = "either"
    """HTML if it looks so: what people paste and upload."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to be analysed.

    Attributes:
        now: When it was read.
        url: Where; None for what was pasted.
        outlet: As the feed says; None to go by the page.
        sentences: Of the summary.
    """

    text: str
    form: Form
    now: datetime
    url: str | None = None
    outlet: str | None = None
    sentences: int = 3


def analysed(task: PageTask, asked_bar: float | None, pushed_bar: float | None) -> Analysis:
    """Return the analysis of a page; runs in a worker process.

    Raises:
        NotAnArticleError: if no article is found.
    """
    engine = _engine(asked_bar, pushed_bar)
    wanted = Wanted(sentences=task.sentences)
    if task.form is Form.HTML or (task.form is Form.EITHER and looks_like_html(task.text)):
        return analyse_html(task.text, engine, now=task.now, url=task.url, outlet=task.outlet, wanted=wanted)
    return analyse_pasted(task.text, engine, now=task.now, wanted=wanted)


@cache
def _engine(asked_bar: float | None, pushed_bar: float | None) -> Engine:
    """Return this process's engine, loaded once."""
    return load_engine(asked_bar=asked_bar, pushed_bar=pushed_bar)


def _leave_interrupts() -> None:
    """Let Ctrl-C, which a terminal sends to every process at once, be the first process's affair: it ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Analysts:
    """Worker processes; as a context they are ended with the block.

    Args:
        workers: How many at most.
        bars: (asked, pushed) as set by the operator; None for what is shipped.
        deadline: Seconds for one page.
        idle: Seconds without work after which the processes end.
    """

    def __init__(
        self,
        workers: int = 1,
        bars: tuple[float | None, float | None] = (None, None),
        *,
        deadline: float = DEADLINE,
        idle: float = IDLE,
    ) -> None:
        self._workers = workers
        self._bars = bars
        self._deadline = deadline
        self._idle = idle
        self._pool: Pool | None = None
        self._busy = 0
        self._ending: asyncio.TimerHandle | None = None

    async def analyse(self, task: PageTask) -> Analysis:
        """Return the analysis of a page.

        Raises:
            NotAnArticleError: if no article is found in it.
            AnalysisError: if it did not end in time.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Analysis] = loop.create_future()

        def settle(result: Analysis | None, error: BaseException | None) -> None:
            if done.done():
                return
            if error is not None:
                done.set_exception(error)
            elif result is not None:
                done.set_result(result)

        self._busy += 1
        try:
            self._opened().apply_async(
                analysed,
                (task, *self._bars),
                callback=lambda result: loop.call_soon_threadsafe(settle, result, None),
                error_callback=lambda error: loop.call_soon_threadsafe(settle, None, error),
            )
            async with asyncio.timeout(self._deadline):
                return await done
        except TimeoutError as exc:
            # Only its end ends a process that hangs. Others' work in it is lost too, and says so after its own time.
            self._end()
            log.error("analysis_timed_out", characters=len(task.text), seconds=self._deadline)  # noqa: TRY400 - nothing more to say
            msg = f"reading the page took longer than {self._deadline:g} s"
            raise AnalysisError(msg) from exc
        finally:
            self._busy -= 1
            if not self._busy and self._pool is not None:
                self._ending = loop.call_later(self._idle, self._end_if_idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _opened(self) -> Pool:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if self._pool is None:
            # spawn: a fork of a process with threads may hang, and carries the database's connections along.
            self._pool = multiprocessing.get_context("spawn").Pool(self._workers, initializer=_leave_interrupts)
        return self._pool

    def _end_if_idle(self) -> None:
        if not self._busy:
            self._end()

    def _end(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.terminate()

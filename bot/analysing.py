"""Analysis in processes of its own, so that answering never waits for it: started on demand, ended when idle."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Self

import structlog

from bot.analysis_worker import Answer
from bot.engine import AS_SHIPPED, EngineChoice, load_engine
from sources.entry_pages import page_of
from sources.processes import ProcessDiedError, Processes
from summaries.analysis import Wanted, analyse_html, analyse_pasted
from summaries.errors import NotAnArticleError
from summaries.html_page import looks_like_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sources.entries import Entry
    from summaries.engine import Engine
    from summaries.values import Analysis

log = structlog.get_logger("bot.analysing")

DEADLINE = 60.0  # seconds; a page of 2 MB takes about ten
IDLE = 60.0  # seconds after which a process ends: one holds about 125 MB
TRIES = 2
"""A process may be killed because others ate the memory; a page that kills two is to blame itself."""

# What a process that read hostile bytes may hand back: values, and nothing that could run anything here.
_VALUES = frozenset({"summaries.values", "datetime"})


class AnalysisError(Exception):
    """The analysis gave nothing: it took too long, its process died, or it is a fault of ours (then it is logged)."""


class Form(StrEnum):
    """What a page is written in."""

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
        title: As the feed says; for a page that has none.
        published_at: Likewise.
        sentences: Of the summary.
    """

    text: str
    form: Form
    now: datetime
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    sentences: int = 3


@dataclass(frozen=True, slots=True)
class EntryTask:
    """An entry that holds its whole article, to be analysed.

    Attributes:
        now: When it was read.
        outlet: As the feed says.
        language: The feed's, as printed.
        is_mail: Whether it is a mail, whose greetings and footers are left out.
    """

    entry: Entry
    now: datetime
    outlet: str | None
    language: str | None
    is_mail: bool = False


Task = PageTask | EntryTask


def analysed(task: Task, choice: EngineChoice = AS_SHIPPED) -> Analysis:
    """Return the analysis of a page or an entry; runs in a worker process.

    Raises:
        NotAnArticleError: if no article is found.
    """
    engine = _engine(choice)
    if isinstance(task, EntryTask):
        page = page_of(task.entry, outlet=task.outlet, language=task.language)
        return analyse_html(page, engine, now=task.now, url=task.entry.link, outlet=task.outlet, is_mail=task.is_mail)
    wanted = Wanted(sentences=task.sentences)
    if task.form is Form.HTML or looks_like_html(task.text):
        return analyse_html(
            task.text,
            engine,
            now=task.now,
            url=task.url,
            outlet=task.outlet,
            title=task.title,
            published_at=task.published_at,
            wanted=wanted,
        )
    return analyse_pasted(task.text, engine, now=task.now, wanted=wanted)


@cache
def _engine(choice: EngineChoice) -> Engine:
    """Return this process's engine, loaded once."""
    return load_engine(choice)


class Analysts:
    """Worker processes; as a context they are ended with the block.

    Args:
        workers: How many at most.
        choice: Of the engine, the operator's.
        deadline: Seconds for one page, the start of its process included, waiting for a free one excluded.
        idle: Seconds without work after which a process ends.
        analyse: What runs in them; a function of a module.
    """

    def __init__(
        self,
        workers: int = 1,
        choice: EngineChoice = AS_SHIPPED,
        *,
        deadline: float = DEADLINE,
        idle: float = IDLE,
        analyse: Callable[[Task, EngineChoice], Analysis] = analysed,
    ) -> None:
        self._processes = Processes(
            "bot.analysis_worker", deadline=timedelta(seconds=deadline), idle=timedelta(seconds=idle), count=workers
        )
        self._choice = choice
        self._deadline = deadline
        self._analyse = analyse

    async def analyse(self, task: Task) -> Analysis:
        """Return the analysis of a page or an entry.

        Raises:
            NotAnArticleError: if no article is found in it.
            AnalysisError: if it did not end in time, or not well.
        """
        kind, content = _read(await self._answer(pickle.dumps((self._analyse, task, self._choice))))
        if kind == Answer.REFUSED:
            raise NotAnArticleError(str(content))
        if kind == Answer.FAULT:
            log.error("analysis_failed", traceback=content)
            msg = "a fault of ours; see the log"
            raise AnalysisError(msg)
        analysis: Analysis = content  # type: ignore[assignment] # the kind says so
        return analysis

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._processes.close()

    async def _answer(self, request: bytes) -> bytes:
        for _ in range(TRIES):
            try:
                return await self._processes.ask(request)
            except TimeoutError as exc:
                log.error("analysis_timed_out", bytes=len(request), seconds=self._deadline)  # noqa: TRY400 - nothing more to say
                msg = f"reading the page took longer than {self._deadline:g} s"
                raise AnalysisError(msg) from exc
            except ProcessDiedError:
                log.warning("analysis_process_died", bytes=len(request))
        msg = f"reading the page ended its process {TRIES} times"
        raise AnalysisError(msg)


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if module not in _VALUES:
            msg = f"no value of an analysis: {module}.{name}"
            raise pickle.UnpicklingError(msg)
        return super().find_class(module, name)


def _read(answer: bytes) -> tuple[str, object]:
    kind, content = _Values(io.BytesIO(answer)).load()
    return kind, content

"""Pages are read in processes; one that hangs or dies costs its own page and nothing else."""

from __future__ import annotations

import asyncio
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.analysing import AnalysisError, Analysts, EntryTask, Form, PageTask, analysed
from sources.entries import Entry
from sources.errors import FetchError, HttpStatusError, NotHtmlError, SourceError
from summaries.errors import NotAnArticleError, NotVerbatimError, SummariesError
from tests.bot.analysis_faults import faulty, hostile
from tests.handlers.pages import DAM, NOW

if TYPE_CHECKING:
    from pathlib import Path

    from bot.analysing import Task

DAM_HTML = (
    "<html><body><article>" + "".join(f"<p>{line}</p>" for line in DAM.split("\n\n")) + "</article></body></html>"
)


def pasted(text: str) -> PageTask:
    """Return the task of reading a pasted page."""
    return PageTask(text, Form.EITHER, NOW)


async def test_an_analysis_comes_back_whole() -> None:
    """The process returns what would have been found here, from a paste, from HTML and from an entry."""
    entry = Entry("guid:1", "Dam holds", "https://post.example/dam", NOW, None, None, DAM_HTML, None)
    tasks: list[Task] = [
        pasted(DAM),
        PageTask(DAM_HTML, Form.HTML, NOW, url="https://post.example/dam", outlet="Vessin Post", sentences=2),
        EntryTask(entry, NOW, "Vessin Post", "en"),
    ]
    async with Analysts() as analysts:
        for task in tasks:
            found = await analysts.analyse(task)
            assert found == analysed(task)
            assert found.quotes[0].attribution is not None
            assert found.quotes[0].attribution.name == "Ana Pardo"


async def test_what_is_no_article_says_why() -> None:
    """The reason is for the person who pasted it, so it must survive the way back."""
    with pytest.raises(NotAnArticleError) as here:
        analysed(pasted("menu"))
    async with Analysts() as analysts:
        with pytest.raises(NotAnArticleError) as there:
            await analysts.analyse(pasted("menu"))
    assert there.value.reason == here.value.reason


async def test_a_page_that_hangs_is_given_up_and_the_next_is_read() -> None:
    """Its process is ended at the deadline; a page that waited behind it is not charged for the wait."""
    async with Analysts(deadline=6.0, analyse=faulty) as analysts:
        await analysts.analyse(pasted(f"FINE\n{DAM}"))  # the process is up
        hanging = asyncio.create_task(analysts.analyse(pasted("HANG")))
        waiting = asyncio.create_task(analysts.analyse(pasted(f"FINE\n{DAM}")))
        with capture_logs() as logs, pytest.raises(AnalysisError, match="longer than 6 s"):
            await hanging
        assert (await waiting).article.title == "Dam at Vessin holds through the night"
    assert [line["event"] for line in logs] == ["analysis_timed_out"]


async def test_a_page_that_hangs_leaves_the_others_in_their_processes() -> None:
    """Only its own process is ended."""
    async with Analysts(2, deadline=10.0, analyse=faulty) as analysts:
        hanging = asyncio.create_task(analysts.analyse(pasted("HANG")))
        for _ in range(3):
            await analysts.analyse(pasted(f"FINE\n{DAM}"))
        assert not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging


async def test_who_gives_up_waiting_frees_the_process() -> None:
    """A cancelled page does not keep its process busy; the next page's answer is its own."""
    async with Analysts(analyse=faulty) as analysts:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await analysts.analyse(pasted("HANG"))
        assert (await analysts.analyse(pasted(f"FINE\n{DAM}"))).quotes


async def test_a_page_that_kills_its_process_is_given_up(tmp_path: Path) -> None:
    """It is tried twice, for the process may have been ended for others' sake; then it is to blame itself.

    One that eats the memory is no other: what is left of its process reads no further page.
    """
    async with Analysts(analyse=faulty) as analysts:
        for order in (f"DIE {tmp_path / 'dies'}", "EAT"):
            with capture_logs() as logs, pytest.raises(AnalysisError, match="ended its process 2 times"):
                await analysts.analyse(pasted(order))
            assert [line["event"] for line in logs] == ["analysis_process_died"] * 2
        assert (await analysts.analyse(pasted(f"DIE-ONCE {tmp_path / 'once'}\n{DAM}"))).quotes


async def test_a_fault_of_ours_is_logged_with_its_place() -> None:
    """The page is given up; the process goes on."""
    async with Analysts(analyse=faulty) as analysts:
        with capture_logs() as logs, pytest.raises(AnalysisError, match="see the log"):
            await analysts.analyse(pasted("BREAK"))
        assert "ZeroDivisionError: too much by half" in logs[0]["traceback"]
        assert "analysis_faults.py" in logs[0]["traceback"]
        assert (await analysts.analyse(pasted(f"PRINT\n{DAM}"))).quotes  # what a library prints is no answer


async def test_no_secret_is_near_strangers_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process gets no environment but paths, and nothing but values is taken from it."""
    monkeypatch.setenv("ONRECORD_TELEGRAM_TOKEN", "42:secret")
    async with Analysts(analyse=faulty) as analysts:
        with pytest.raises(NotAnArticleError) as told:
            await analysts.analyse(pasted("ENVIRONMENT"))
    assert "PATH" in told.value.reason
    assert "ONRECORD" not in told.value.reason
    async with Analysts(analyse=hostile) as analysts:
        with pytest.raises(pickle.UnpicklingError, match="no value of an analysis"):
            await analysts.analyse(pasted("x"))


async def test_an_idle_process_is_ended() -> None:
    """It holds memory; the next page starts another."""
    async with Analysts(idle=0.0) as analysts:
        for _ in range(2):
            assert (await analysts.analyse(pasted(DAM))).quotes
            for _ in range(3):
                await asyncio.sleep(0)


@pytest.mark.parametrize(
    "error",
    [
        NotAnArticleError("Paste the article itself."),
        NotVerbatimError("3f9a", 12),
        FetchError("https://ana:secret@post.example/dam", "the site cannot be reached"),
        HttpStatusError("https://post.example/dam", 503, timedelta(seconds=90)),
        NotHtmlError("https://post.example/dam", "this is image/png, not a page with text"),
    ],
)
def test_errors_travel_between_processes_whole(error: SummariesError | SourceError) -> None:
    """Remade from its message alone, an error with two arguments would break the one who reads it."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in this line
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)

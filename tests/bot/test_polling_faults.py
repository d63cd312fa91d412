"""What goes wrong in us while sources are read: it is in the log, costs one source one look, and loses nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import text
from structlog.testing import capture_logs

from bot.polling import CLAIM
from tests.bot.newsroom import HTML, Newsroom, Site
from tests.sources.servers import response

if TYPE_CHECKING:
    from bot.analysing import Task
    from bot.looks import Look
    from store.source_values import Source
    from summaries.values import Analysis


async def test_a_fault_of_ours_is_one_sources_own(room: Newsroom, site: Site) -> None:
    """The others are read; it backs off and is tried again."""
    site.feeds = {"/feed": [1], "/world": [2]}
    broken, well = await room.follows("/feed", "/world")
    room.faults = {"ours"}
    site.says["/1"] = response(b"<html><body><p>ours</p></body></html>", headers=HTML)
    assert await room.looks() == 2
    assert (await room.source(broken)).last_error == "a fault of ours; see the log"
    assert (await room.source(well)).last_error is None
    room.faults.clear()
    del site.says["/1"]
    await room.looks()
    assert (await room.counted())[0] == 2


async def test_an_entry_that_cannot_be_analysed_keeps_no_other_back(room: Newsroom, site: Site) -> None:
    """It is given up; what was printed after it is read."""
    site.feeds["/feed"] = [1, 2]
    room.faults = {"Gate 1"}
    await room.follows("/feed")
    await room.looks()
    await room.looks()
    assert site.pages() == ["/1", "/2"]
    assert (await room.counted())[0] == 1


async def rename(room: Newsroom, table: str, name: str) -> None:
    """Take a table away, or bring it back: every statement with it fails meanwhile, on either database."""
    async with room.database.writing() as db:
        await db.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


async def test_a_database_that_fails_during_a_look_costs_only_that_look(room: Newsroom, site: Site) -> None:
    """The look ends, its traceback is in the log, and the source is read again when its claim has lapsed."""
    site.feeds["/feed"] = [1]
    await room.follows("/feed")
    analyse = room.analyse

    async def analysing(task: Task) -> Analysis:
        await rename(room, "subscriptions", "away")
        return await analyse(task)

    room.analyse = analysing  # type: ignore[method-assign] # the moment at which it happens
    with capture_logs() as logs:
        assert await room.looks() == 1
    room.analyse = analyse  # type: ignore[method-assign] # as before
    assert [log["event"] for log in logs if log.get("exc_info")] == ["source_failed", "database_failed"]
    await rename(room, "away", "subscriptions")
    assert await room.looks(CLAIM / 2) == 0
    assert await room.looks(CLAIM) == 1
    assert await room.counted() == (1, 1, 0)


async def test_the_loop_waits_for_a_database_that_fails(room: Newsroom, site: Site) -> None:
    """It is not ended by it: what is due is read once the database is back."""
    site.feeds["/feed"] = [1]
    await room.follows("/feed")
    await rename(room, "subscriptions", "away")
    read = asyncio.Event()

    def looked(_source: Source, _look: Look) -> None:
        read.set()

    room.polling.looked = looked
    with capture_logs() as logs:
        loop = asyncio.create_task(room.polling.run())
        async with asyncio.timeout(20):
            while not logs:  # noqa: ASYNC110 - a log rings no bell
                await asyncio.sleep(0.01)
        await rename(room, "away", "subscriptions")
        room.polling.wake()
        async with asyncio.timeout(20):
            await read.wait()
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
    assert {log["event"] for log in logs if log.get("exc_info")} == {"database_failed"}
    assert await room.counted() == (1, 1, 0)

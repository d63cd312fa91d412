"""Works that wait together share a transaction, and none takes another down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from store.channels import Access, Channels
from store.errors import StoreError
from store.tables import channels
from tests.store.samples import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database

    Work = Callable[[AsyncConnection], Coroutine[Any, Any, str]]


def adding(name: str, *, fails: bool = False) -> Work:
    """Return the work of adding a channel, which may fail after it did."""

    async def work(db: AsyncConnection) -> str:
        await Channels().add(db, name, access=Access.ALLOWED, at=NOON)
        if fails:
            raise StoreError(name)
        return name

    return work


async def kept(opened: Database) -> list[str]:
    """Return the channels that are there."""
    async with opened.reading() as db:
        return list((await db.execute(select(channels.c.channel).order_by(channels.c.channel))).scalars())


async def test_one_that_fails_takes_no_other_down(opened: Database) -> None:
    """All are undone then, and each is done again alone; each gets its own answer."""
    works = [adding(f"web:{number}", fails=number == 2) for number in range(5)]
    answers = await asyncio.gather(*(opened.whole.do(work) for work in works), return_exceptions=True)
    assert [str(answer) for answer in answers] == [f"web:{number}" for number in range(5)]
    assert isinstance(answers[2], StoreError)
    assert await kept(opened) == ["web:0", "web:1", "web:3", "web:4"]


async def test_one_alone_that_fails_leaves_nothing(opened: Database) -> None:
    """And the next one finds everything in order."""
    with pytest.raises(StoreError):
        await opened.whole.do(adding("web:1", fails=True))
    assert await opened.whole.do(adding("web:2")) == "web:2"
    assert await kept(opened) == ["web:2"]


async def test_what_waits_together_is_one_transaction(opened: Database) -> None:
    """The later ones see what the earlier ones did, and nobody else does before all are done."""
    seen: list[int] = []

    async def counting(db: AsyncConnection) -> None:
        await db.execute(insert(channels), {"channel": f"web:{len(seen)}", "access": "allowed", "added_at": NOON})
        seen.append((await db.execute(select(func.count()).select_from(channels))).scalar_one())

    await asyncio.gather(*(opened.whole.do(counting) for _ in range(45)))
    assert seen == list(range(1, 46))


async def test_both_ways_in_take_turns(opened: Database) -> None:
    """Neither finds the database locked, however many wait on both sides."""

    async def written(name: str) -> None:
        async with opened.writing() as db:
            await Channels().add(db, name, access=Access.ALLOWED, at=NOON)

    by_thread = [opened.whole.do(adding(f"web:t{number:02}")) for number in range(20)]
    await asyncio.gather(*by_thread, *(written(f"web:w{number:02}") for number in range(20)))
    assert len(await kept(opened)) == 40


async def test_who_gives_up_waiting_changes_nothing_for_others(opened: Database) -> None:
    """A stop cancels who waits; what was begun is ended."""
    given_up = asyncio.create_task(opened.whole.do(adding("web:1")))
    stays = asyncio.create_task(opened.whole.do(adding("web:2")))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await stays == "web:2"
    assert "web:2" in await kept(opened)


async def test_waiting_for_anything_else_is_a_mistake(opened: Database) -> None:
    """It would keep the turn from all others; it is said at once, and nothing is kept."""

    async def work(db: AsyncConnection) -> None:
        await adding("web:1")(db)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something other"):
        await opened.whole.do(work)
    assert await kept(opened) == []

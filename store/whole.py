"""Whole transactions: work that asks the database much and waits for nothing else, done in a thread of its own.

A statement through the asynchronous driver costs several hops between threads; an article takes a score of statements.
Here one hop takes all of it, and works that wait beside each other share a transaction, for what costs most then is
that a commit is on the disk. If any of them fails, all is undone and each is done again in a transaction of its own:
one bad article takes no other down.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from store.made_once import MadeOnce

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy import Connection, CursorResult, Engine, Executable
    from sqlalchemy.ext.asyncio import AsyncEngine

    Work = Callable[[AsyncConnection], Coroutine[Any, Any, Any]]

T = TypeVar("T")
MOST_TOGETHER = 20
"""Works that share a transaction, at most: what comes meanwhile shall not wait for long."""


class InThread(AsyncConnection):
    """A connection in a thread that may wait: awaiting it never gives the turn away."""

    def __init__(self, named: AsyncEngine, connection: Connection, made_once: MadeOnce) -> None:
        super().__init__(named, connection)
        self._made_once = made_once

    async def execute(self, statement: Executable, parameters: Any = None, **options: Any) -> Any:  # noqa: ANN401 - the base class has overloads
        """Return what a statement found, all of it."""
        assert self.sync_connection is not None
        found = None if options else self._made_once.run(self.sync_connection, statement, parameters)
        return self.sync_connection.execute(statement, parameters, **options) if found is None else found

    async def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,  # noqa: ANN401 - as the base class
        execution_options: Any = None,  # noqa: ANN401 - as the base class
    ) -> CursorResult[Any]:
        """Return what a statement in the driver's own words found."""
        assert self.sync_connection is not None
        return self.sync_connection.exec_driver_sql(statement, parameters, execution_options)


@dataclass(slots=True)
class _Waiting:
    work: Work
    ended: asyncio.Future[Any]


class WholeTransactions:
    """Does works one after the other, those that wait together in one transaction.

    Args:
        engine: Of the thread; nobody else uses it.
        named: The asynchronous engine of the same database, whose dialect the works see.
        turn: Entered for as long as a transaction takes: on SQLite, where only one writes.
    """

    def __init__(
        self, engine: Engine, named: AsyncEngine, turn: Callable[[], AbstractAsyncContextManager[object]]
    ) -> None:
        self._engine, self._named, self._turn = engine, named, turn
        self._made_once = MadeOnce()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="whole")
        self._waiting: deque[_Waiting] = deque()
        self._going: asyncio.Task[None] | None = None

    async def do(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        """Return what ``work`` returns, once it is committed; its exceptions undo it.

        ``work`` awaits nothing but its connection. It may be called twice: what it did before was undone then. Who is
        cancelled meanwhile does not learn whether it was committed.
        """
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._going is None:
            self._going = asyncio.create_task(self._go())
        result: T = await waiting.ended
        return result

    async def close(self) -> None:
        """Wait for the transaction that is under way, and close."""
        if self._going is not None:
            await asyncio.wait([self._going])
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()

    async def _go(self) -> None:
        try:
            while self._waiting:
                async with self._turn():
                    await self._together()
        except TimeoutError as exc:
            # The turn did not come: nothing was done of what waits.
            while self._waiting:
                _end(self._waiting.popleft(), exc)
        finally:
            self._going = None

    async def _together(self) -> None:
        count = min(MOST_TOGETHER, len(self._waiting))
        chosen = [one for one in (self._waiting.popleft() for _ in range(count)) if not one.ended.done()]
        done = await self._in_thread(chosen)
        if done.exception() is not None and len(chosen) > 1:
            for one in chosen:
                alone = await self._in_thread([one])
                _end(one, alone.exception() or alone.result()[0])
            return
        for place, one in enumerate(chosen):
            _end(one, done.exception() or done.result()[place])

    async def _in_thread(self, chosen: Sequence[_Waiting]) -> asyncio.Future[list[Any]]:
        """Do works in one transaction; return how that ended."""
        loop = asyncio.get_running_loop()
        ended = loop.run_in_executor(self._thread, self._done, [one.work for one in chosen])
        await asyncio.wait([ended])
        return ended

    def _done(self, works: Sequence[Work]) -> list[Any]:
        with self._engine.begin() as connection:
            db = InThread(self._named, connection, self._made_once)
            return [_result(work(db)) for work in works]


def _end(waiting: _Waiting, result: object) -> None:
    """Hand a result, or what went wrong, to who waits for it, unless nobody does any more."""
    if waiting.ended.done():
        return
    if isinstance(result, BaseException):
        waiting.ended.set_exception(result)
    else:
        waiting.ended.set_result(result)


def _result(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never gives its turn away, and return what it returns."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    msg = "a whole transaction waited for something other than its database"
    raise RuntimeError(msg)

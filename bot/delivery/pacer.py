"""Whose turn it is: everything that is sent with one token waits here, replies first.

The calculation is in ``pace``; this is the waiting around it.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Protocol

from bot.delivery.pace import Lane, Limits, Pace, Priority

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Clock(Protocol):
    """Monotonic seconds, and waiting by them; tests let both pass at once."""

    def now(self) -> float:
        """Return the time in seconds."""
        ...

    async def wait(self, event: asyncio.Event, until: float) -> None:
        """Return when ``event`` is set or at ``until``, whichever comes first; ``inf`` waits for the event."""
        ...


class LoopClock:
    """The event loop's own clock."""

    def now(self) -> float:
        """Return the loop's time."""
        return asyncio.get_running_loop().time()

    async def wait(self, event: asyncio.Event, until: float) -> None:
        """Wait for the event, at most until ``until``."""
        try:
            async with asyncio.timeout_at(None if until == inf else until):
                await event.wait()
        except TimeoutError:
            pass


@dataclass(slots=True, eq=False)
class _Waiter:
    lane: Lane
    priority: Priority
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Pacer:
    """Gives turns to what wants to be sent with one token.

    A reply overtakes everything, in its lane too; otherwise a lane keeps its order within a priority.
    """

    def __init__(self, limits: Limits, clock: Clock | None = None) -> None:
        self._pace = Pace(limits)
        self._clock = clock or LoopClock()
        self._waiting: dict[Priority, list[_Waiter]] = {priority: [] for priority in Priority}
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def turn(self, lane: Lane, priority: Priority) -> AsyncIterator[None]:
        """Wait for a turn in ``lane`` and hold it: one message, one request, inside the block."""
        waiter = _Waiter(lane, priority)
        self._waiting[priority].append(waiter)
        self._changed.set()
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter in self._waiting[priority]:
                self._waiting[priority].remove(waiter)
            else:  # the turn was given in the same moment
                self._end(lane)
            raise
        try:
            yield
        finally:
            self._end(lane)

    def hold(self, lane: Lane, seconds: float) -> None:
        """Let nothing into ``lane`` for ``seconds``, as the platform asked."""
        self._pace.hold(self._clock.now(), lane, seconds)
        self._changed.set()

    def hold_token(self, seconds: float) -> None:
        """Let nothing out at all for ``seconds``."""
        self._pace.hold_token(self._clock.now(), seconds)
        self._changed.set()

    async def run(self) -> None:
        """Give turns until cancelled; exactly one of these runs for each pacer."""
        while True:
            self._changed.clear()
            await self._clock.wait(self._changed, self._give_turns())

    def _end(self, lane: Lane) -> None:
        self._pace.end(self._clock.now(), lane)
        self._changed.set()

    def _give_turns(self) -> float:
        """Give every turn that is due; return when the next one will be."""
        now = self._clock.now()
        wake = inf
        passed: set[Lane] = set()
        for priority in Priority:
            reply_waits = bool(self._waiting[Priority.REPLY])
            if not self._waiting[priority]:
                continue
            still_waiting = []
            for waiter in self._waiting[priority]:
                ready = (
                    inf
                    if waiter.lane in passed
                    else self._pace.ready_at(now, waiter.lane, priority, reply_waits=reply_waits)
                )
                if ready <= now and not waiter.turn.done():
                    self._pace.start(waiter.lane, priority)
                    waiter.turn.set_result(None)
                    continue
                if not waiter.turn.done():
                    still_waiting.append(waiter)
                # Whoever came later into this lane stays behind, of this priority and of lower ones.
                passed.add(waiter.lane)
                wake = min(wake, ready)
            self._waiting[priority] = still_waiting
        return wake

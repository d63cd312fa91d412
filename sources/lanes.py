"""One request at a time per host, at least a second apart."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

GAP = 1.0
"""Seconds between the end of one request to a host and the start of the next (issue "Polite and prompt")."""
MAX_IDLE_LANES = 5_000
"""Hosts remembered; above that those unused for longest are forgotten, which at worst shortens one gap."""


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    users: int = 0


class HostLanes:
    """Hands out each host to one request after the other, first come, first served."""

    def __init__(
        self,
        *,
        gap: float = GAP,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()

    @asynccontextmanager
    async def lane(self, host: str) -> AsyncIterator[None]:
        """Wait until ``host`` is free and its gap is over; hold it while the block runs."""
        lane = self._lanes.setdefault(host, _Lane())
        self._lanes.move_to_end(host)
        lane.users += 1
        try:
            async with lane.lock:
                wait = lane.free_at - self._now()
                if wait > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    lane.free_at = self._now() + self._gap
        finally:
            lane.users -= 1
            self._forget()

    def _now(self) -> float:
        return (self._clock or asyncio.get_running_loop().time)()

    def _forget(self) -> None:
        """Drop the oldest lanes above the limit; one in use ends the search, its turn comes later."""
        while len(self._lanes) > MAX_IDLE_LANES:
            host, lane = next(iter(self._lanes.items()))
            if lane.users:
                self._lanes.move_to_end(host)
                return
            del self._lanes[host]

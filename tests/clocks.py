"""Time for tests: it passes when somebody waits for it, or when a test says so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from math import inf

START = datetime(2026, 9, 6, 8, tzinfo=UTC)


class SimulatedClock:
    """A pacer's clock: once everybody else had their turn, what is waited for is now."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        """Return the simulated seconds."""
        return self.time

    def date(self) -> datetime:
        """Return the same moment as a date."""
        return START + timedelta(seconds=self.time)

    async def wait(self, event: asyncio.Event, until: float) -> None:
        """Let others run; if nothing changed meanwhile, it is ``until`` at once."""
        for _ in range(5):
            await asyncio.sleep(0)
        if event.is_set():
            return
        if until == inf:
            await event.wait()
        else:
            self.time = max(self.time, until)

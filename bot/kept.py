"""What adapters keep over a restart, in the database: commands behind buttons, Slack events that were answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.taps import SlackEvents, Taps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from store.database import Database


@dataclass(frozen=True, slots=True)
class StoredTaps:
    """A ``TapStore`` in the database.

    Attributes:
        now: The time, timezone-aware UTC.
    """

    database: Database
    now: Callable[[], datetime]
    _taps: Taps = field(default_factory=Taps)

    async def keep(self, taps: Mapping[str, str]) -> None:
        """Remember commands by token, in a transaction of its own."""
        # Most messages have no such button: no transaction for them.
        if taps:
            async with self.database.writing() as db:
                await self._taps.keep(db, taps, at=self.now())

    async def command_of(self, token: str) -> str | None:
        """Return the command, or None where it was forgotten."""
        async with self.database.reading() as db:
            return await self._taps.command_of(db, token)


@dataclass(frozen=True, slots=True)
class StoredEvents:
    """``SeenEvents`` in the database.

    Attributes:
        now: The time, timezone-aware UTC.
    """

    database: Database
    now: Callable[[], datetime]
    _events: SlackEvents = field(default_factory=SlackEvents)

    async def is_new(self, event_id: str) -> bool:
        """Return whether an event was never asked about before, and remember it."""
        async with self.database.writing() as db:
            return await self._events.first_seen(db, event_id, at=self.now())

"""What adapters have to know after a restart, in the database: commands behind buttons, Slack events that were answered."""

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
    """A ``TapStore`` that outlives the process."""

    database: Database
    now: Callable[[], datetime]
    taps: Taps = field(default_factory=Taps)

    async def keep(self, taps: Mapping[str, str]) -> None:
        """Remember commands by token."""
        if taps:  # most messages need none, and the writer's turn is worth something
            async with self.database.writing() as db:
                await self.taps.keep(db, taps, at=self.now())

    async def command_of(self, token: str) -> str | None:
        """Return the command, None where it was forgotten."""
        async with self.database.reading() as db:
            return await self.taps.command_of(db, token)


@dataclass(frozen=True, slots=True)
class StoredEvents:
    """``SeenEvents`` that outlive the process."""

    database: Database
    now: Callable[[], datetime]
    events: SlackEvents = field(default_factory=SlackEvents)

    async def is_new(self, event_id: str) -> bool:
        """Return whether an event was never asked about before."""
        async with self.database.writing() as db:
            return await self.events.first_seen(db, event_id, at=self.now())

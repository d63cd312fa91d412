"""What people are told without having asked: that something they set up has stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.delivery.pace import Priority
from sources.addresses import without_password
from store.channels import Channels
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.people import People
from summaries.message import Action, Actions, Message, Paragraph, Run, Style
from summaries.message_json import VERSION, message_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.command import Channel
    from store.source_values import Source

USEFUL = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Notices:
    """Tells people of what has stopped."""

    now: Callable[[], datetime]
    people: People = field(default_factory=People)
    channels: Channels = field(default_factory=Channels)
    outbox: Outbox = field(default_factory=Outbox)

    async def source_paused(self, db: AsyncConnection, source: Source, reason: str) -> None:
        """Tell the operators, and whoever added a source, once each that it is not read any more and what to do.

        Does not commit: call it in the transaction that pauses it.
        """
        name = Run(source.title or without_password(source.url), Style.BOLD, verbatim=True)
        number = source.source_id
        message = Message(
            (
                Paragraph((name, Run(f" is not read any more. {reason}"))),
                Actions(
                    (
                        Action("Resume", command=f"/sources resume {number}"),
                        Action("Remove", command=f"/sources remove {number}"),
                    )
                ),
            )
        )
        told = [one.person for one in await self.people.operators(db)]
        for person in dict.fromkeys([*told, source.added_by]):
            await self._tell(db, person, message, f"paused:source:{number}:{person}", not_in=None)

    async def channel_paused(self, db: AsyncConnection, channel: Channel, reason: str) -> None:
        """Tell whoever let us into a channel that nothing can be posted there any more. Does not commit."""
        known = await self.channels.get(db, str(channel))
        if known is None:
            return
        name = Run(known.title or str(channel), Style.BOLD, verbatim=True)
        message = Message((Paragraph((Run("Nothing can be posted in "), name, Run(f" any more: {reason}."))),))
        await self._tell(db, known.added_by, message, f"paused:channel:{channel}", not_in=str(channel))

    async def _tell(
        self, db: AsyncConnection, person: str | None, message: Message, key: str, *, not_in: str | None
    ) -> None:
        known = None if person is None else await self.people.get(db, person)
        if known is None or known.channel is None or known.channel == not_in:
            return
        now = self.now()
        item = NewItem(
            channel=known.channel,
            message=message_data(message),
            version=VERSION,
            key=f"{key}:{now.isoformat()}",
            priority=Priority.BRIEFING,
            due_at=now,
            expires_at=now + USEFUL,
        )
        await self.outbox.add(db, item, now=now)

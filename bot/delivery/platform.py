"""What delivery needs to know of a platform: how to render, how to send, how fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from bot.delivery.pace import Lane

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.delivery.pacer import Pacer
    from handlers.command import Channel
    from summaries.message import Message

Part = TypeVar("Part")


class Finder(Protocol):
    """Looks for a message of ours whose reply was lost, where the platform lets us read what we wrote."""

    async def find(self, channel: Channel, part_id: int, since: datetime) -> str | None:
        """Return the platform's id of the message that carries ``part_id``, None if it is not there.

        Raises:
            SendError: if nobody can tell.
        """
        ...


@dataclass(frozen=True, slots=True)
class Platform(Generic[Part]):
    """One bot token of one platform.

    Attributes:
        name: As channels are written, "telegram".
        token_name: The public part of the token: what the sender's lease is called.
        render: A message as parts, one per platform message; none for a message that shows nothing.
        part_type: What a part is: a dataclass that plain data can hold.
        post: Sends a part to a channel and returns the platform's id of the message; the number is the part's id in the
            outbox, which goes along where the platform keeps it for ``finder``. Raises ``bot.sending.SendError``.
        edit: Puts a part in the place of a message of ours. Raises ``bot.sending.SendError``.
        pacer: Of this token; its ``run`` is somebody else's.
        finder: None where what was sent cannot be looked up.
    """

    name: str
    token_name: str
    render: Callable[[Message], Sequence[Part]]
    part_type: type[Part]
    post: Callable[[Channel, Part, int], Awaitable[str]]
    edit: Callable[[Channel, str, Part], Awaitable[None]]
    pacer: Pacer
    finder: Finder | None = None

    def pack(self, part: Part) -> dict[str, object]:
        """Return a part as plain data, for the outbox."""
        data: dict[str, object] = TypeAdapter(self.part_type).dump_python(part, mode="json")
        return data

    def unpack(self, data: object) -> Part:
        """Return the part that ``pack`` made the data of.

        Raises:
            ValueError: if it did not.
        """
        # JSON has no tuples: lists are taken for them.
        return TypeAdapter(self.part_type).validate_python(data)


def lane_of(channel: Channel) -> Lane:
    """Return where the limits of a channel count."""
    # Telegram's groups and channels have negative ids; the limit per minute holds for them.
    return Lane(str(channel.lane), group=channel.platform == "telegram" and channel.chat.startswith("-"))

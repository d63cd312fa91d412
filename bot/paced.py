"""The fast lane: answers sent in turn with everything else that one token sends, in front of it.

adapter = TelegramAdapter(bot, PacedSender(TelegramSender(bot, taps), pacer), taps, answer, now=utc_now)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from bot.delivery.pace import Priority
from bot.delivery.platform import lane_of
from bot.sending import LostReplyError, RetryAfterError, TransientError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.delivery.pacer import Pacer
    from bot.sending import Sender
    from handlers.command import Channel

Part = TypeVar("Part")
Result = TypeVar("Result")
MAX_ATTEMPTS = 4
LONGEST_WAIT = 60.0  # seconds: an answer that comes later answers nobody
TOKEN_WAITS = 1.0  # seconds in which nothing is sent after the line broke


class PacedSender(Generic[Part]):
    """A ``Sender`` that waits for its turn, keeps the limits, and tries again what surely was not taken.

    Args:
        sender: Does the sending.
        pacer: Of the same token; its ``run`` is somebody else's.
    """

    def __init__(self, sender: Sender[Part], pacer: Pacer) -> None:
        self._sender = sender
        self._pacer = pacer

    async def send(self, channel: Channel, part: Part, *, reply_to: str | None = None) -> str:
        """Post a part in its turn; see ``Sender.send``."""
        return await self._in_turn(channel, lambda: self._sender.send(channel, part, reply_to=reply_to))

    async def edit(self, channel: Channel, message_id: str, part: Part) -> None:
        """Put a part in the place of a message of ours, in its turn: edits count too. See ``Sender.edit``."""
        # An edit that was taken may be made again: the same words in the same place.
        await self._in_turn(channel, lambda: self._sender.edit(channel, message_id, part), again_if_lost=True)

    async def _in_turn(
        self, channel: Channel, call: Callable[[], Awaitable[Result]], *, again_if_lost: bool = False
    ) -> Result:
        lane = lane_of(channel)
        attempts = 0
        while True:
            attempts += 1
            async with self._pacer.turn(lane, Priority.REPLY):
                try:
                    return await call()
                except RetryAfterError as exc:
                    self._pacer.hold(lane, exc.seconds)
                    if attempts == MAX_ATTEMPTS or exc.seconds > LONGEST_WAIT:
                        raise
                except TransientError as exc:
                    # What may have been posted is not posted again: who asked asks again.
                    if attempts == MAX_ATTEMPTS or (isinstance(exc, LostReplyError) and not again_if_lost):
                        raise
                    self._pacer.hold_token(TOKEN_WAITS)

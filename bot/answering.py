"""From a command to an answer in its channel: what adapters share.

An adapter reads a platform's event into a ``Command`` and hands it over with a ``Sender``; the answer is rendered and sent, or
edited into "Reading the page …" where it took its time. One of the places with a broad ``except``: around one command.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from bot.sending import ChannelGoneError, MigratedError, NotModifiedError, RefusedError, SendError
from summaries.message import Message, Paragraph, Run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.sending import Sender
    from handlers.command import Channel, Command, Moved, Presence

    Answer = Callable[[Command], Awaitable[Message | None]]
    """What ``handlers`` make of a command; None to say nothing."""
    Notice = Callable[[Presence | Moved], Awaitable[None]]
    """What is told of channels that come, go or move."""

_log = structlog.get_logger(__name__)
SLOW_AFTER = 1.0  # seconds: what is there sooner needs no "Reading the page …"
Part = TypeVar("Part")
T = TypeVar("T")


def says(text: str) -> Message:
    """Return a message of one line of ours."""
    return Message((Paragraph((Run(text),)),))


READING = says("Reading the page …")
LOOKING = says("One moment …")
NOTHING = says("There is nothing to add.")
"""In the place of what was announced, where it turned out that nothing is said."""
FAILED = says("That went wrong here, not with you. It is in the log; please try again.")


def being_read(command: Command) -> Message:
    """Return what is said while an answer takes its time."""
    return READING if command.name in {"", "summary"} or command.file else LOOKING


async def guarded(work: Callable[[], Awaitable[T]], otherwise: T, *, name: str, channel: Channel) -> T:
    """Return what a command's work returns, or ``otherwise`` when it fails; the failure is one event in the log."""
    try:
        return await work()
    except Exception:  # noqa: BLE001 - around one command: whatever goes wrong in it, the others are answered
        _log.exception("command_failed", name=name, channel=str(channel))
        return otherwise


@dataclass(frozen=True, slots=True)
class Answering(Generic[Part]):
    """Answers commands of one platform.

    Attributes:
        answer: The handlers.
        render: The platform's renderer.
        being_read: What is said meanwhile; in whose words is the handlers' affair.
        failed: What is said when a handler fails.
        slow_after: Seconds until something is said meanwhile.
    """

    answer: Answer
    render: Callable[[Message], Sequence[Part]]
    being_read: Callable[[Command], Message] = being_read
    failed: Message = FAILED
    slow_after: float = SLOW_AFTER

    async def run(self, command: Command, sender: Sender[Part]) -> None:
        """Answer a command; what goes wrong in making the answer or in sending it is one event in the log."""
        failed: tuple[Message | None, Sequence[Part]] = (self.failed, self.render(self.failed))
        answered = guarded(lambda: self._answered(command), failed, name=command.name, channel=command.channel)
        work = asyncio.ensure_future(answered)
        try:
            await asyncio.wait({work}, timeout=self.slow_after)
            meanwhile = None if work.done() else await self._meanwhile(command, sender)
            message, parts = await work
            if message is None and meanwhile is not None:
                message, parts = NOTHING, self.render(NOTHING)
            if message is not None:
                await self._send(command, message, parts, sender, meanwhile)
            _log.info("command_answered", name=command.name, channel=str(command.channel))
        except SendError as exc:
            _log.warning("answer_not_sent", channel=str(command.channel), error=type(exc).__name__, reason=exc.reason)
        finally:
            work.cancel()

    async def _answered(self, command: Command) -> tuple[Message | None, Sequence[Part]]:
        message = await self.answer(command)
        return message, () if message is None else self.render(message)

    async def _meanwhile(self, command: Command, sender: Sender[Part]) -> str | None:
        """Say that it takes its time; return the message's id, None where that could not be sent."""
        parts = self.render(self.being_read(command))
        try:
            return await sender.send(command.channel, parts[0], reply_to=_reply_to(command))
        except ChannelGoneError:
            raise
        except SendError as exc:
            _log.info("progress_not_sent", channel=str(command.channel), error=type(exc).__name__)
            return None

    async def _send(
        self, command: Command, message: Message, rendered: Sequence[Part], sender: Sender[Part], meanwhile: str | None
    ) -> None:
        """Send an answer: in the place of a message of ours where there is one, the rest behind it."""
        in_place = meanwhile or (command.message_id if message.in_place and command.tapped else None)
        # What was announced is not left standing: an answer that shows nothing then is a failure.
        parts = list(rendered) or list(self.render(self.failed) if meanwhile else ())
        channel = command.channel
        if in_place is not None and parts and await _edited(sender, channel, in_place, parts[0]):
            del parts[0]
        for part in parts:
            try:
                await sender.send(channel, part, reply_to=_reply_to(command))
            except MigratedError as exc:
                channel = exc.new
                await sender.send(channel, part)


async def _edited(sender: Sender[Part], channel: Channel, message_id: str, part: Part) -> bool:
    """Put a part in the place of a message; return whether it stands there now."""
    try:
        await sender.edit(channel, message_id, part)
    except NotModifiedError:
        return True
    except (RefusedError, MigratedError) as exc:
        # Deleted meanwhile, or too old to be edited: then it is sent.
        if isinstance(exc, ChannelGoneError):
            raise
        return False
    return True


def _reply_to(command: Command) -> str | None:
    """Return what to answer to: among many people it has to be seen who asked; alone it goes without saying."""
    return None if command.is_private or command.tapped else command.message_id

"""Sending to a platform, and the errors of it.

* SendError               a platform did not take what we sent
  - RetryAfterError       too much at once: wait as long as it says, at least
  - TransientError        no answer, a broken connection, a fault on the other side: try again
    · LostReplyError      the same, and it may have been taken: sending again may post it twice
  - TokenError            the platform does not know our token (any more): nothing can be sent at all
  - RefusedError          it never will take this: too long, malformed, no right to do so
    · ChannelGoneError    nobody can be reached there any more: blocked, kicked, archived, deleted
    · NotModifiedError    an edit that changes nothing: as good as done
  - MigratedError         the channel has a new address; send there
* NotLetInError           a platform does not let us in at all, at the start

Whoever sends catches these; errors of the client libraries never pass a ``Sender``. Each names the channel, none the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from handlers.command import Channel

Part_contra = TypeVar("Part_contra", contravariant=True)


class SendError(Exception):
    """A platform did not take what we sent.

    Attributes:
        channel: Where it should have gone.
        reason: The platform's own words, or the name of the client's error.
    """

    def __init__(self, channel: Channel, reason: str) -> None:
        super().__init__(f"{channel}: {reason}")
        self.channel = channel
        self.reason = reason


class RetryAfterError(SendError):
    """Too much at once.

    Attributes:
        seconds: How long the platform asks to wait, in seconds; never to be shortened.
    """

    def __init__(self, channel: Channel, seconds: float) -> None:
        super().__init__(channel, f"retry after {seconds:g} s")
        self.seconds = seconds


class TransientError(SendError):
    """The platform or the way to it fails at the moment; nothing was taken."""


class LostReplyError(TransientError):
    """The connection broke or the time ran out after sending began: it may have been taken."""


class TokenError(SendError):
    """The token is not known, revoked, or lacks a right: only the operator can help."""


class RefusedError(SendError):
    """The platform will never take this message."""


class ChannelGoneError(RefusedError):
    """The platform will take no message for this channel."""


class NotModifiedError(RefusedError):
    """The message already reads so."""


class MigratedError(SendError):
    """The channel has a new address.

    Attributes:
        new: Its new address, the topic kept.
    """

    def __init__(self, channel: Channel, new: Channel) -> None:
        super().__init__(channel, f"moved to {new}")
        self.new = new


class NotLetInError(Exception):
    """A platform does not let us in.

    Attributes:
        platform: "Telegram" or "Slack".
    """

    def __init__(self, platform: str) -> None:
        super().__init__(f"{platform} does not know this token: copy it again from where it was made")
        self.platform = platform


class Sender(Protocol[Part_contra]):
    """Sends rendered parts to one platform; neither waits, retries nor paces: that is delivery's part.

    The pacer wraps a sender in another of the same shape, and adapters take either.
    """

    async def send(self, channel: Channel, part: Part_contra, *, reply_to: str | None = None) -> str:
        """Post a part and return the platform's id of the message.

        Args:
            channel: Where.
            part: One rendered part.
            reply_to: The id of the message it answers; where that one is gone, it is posted all the same.

        Raises:
            SendError: one of the tree above.
        """
        ...

    async def edit(self, channel: Channel, message_id: str, part: Part_contra) -> None:
        """Put a part in the place of a message of ours.

        Raises:
            SendError: one of the tree above; NotModifiedError where it already reads so.
        """
        ...

"""What becomes of a part, decided from what the platform said; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.delivery.retry import retry_at
from bot.sending import (
    ChannelGoneError,
    LostReplyError,
    MigratedError,
    NotModifiedError,
    RetryAfterError,
    SendError,
    TokenError,
    TransientError,
)

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.command import Channel

FIRST_TOKEN_WAIT = 1.0  # seconds
LONGEST_TOKEN_WAIT = 60.0
REFUSED_TOKEN_WAIT = 60.0  # a new token comes with a restart; until then we only ask whether the old one is good again


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there."""

    message_id: str | None


@dataclass(frozen=True, slots=True)
class Fail:
    """It never will be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody can be reached in the channel."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The channel has another address."""

    new: Channel

    @property
    def reason(self) -> str:
        """Say so."""
        return f"moved to {self.new}"


@dataclass(frozen=True, slots=True)
class Retry:
    """Once more.

    Attributes:
        at: Not before; None for as soon as its turn comes.
        counts: Whether the attempt counts.
        may_be_there: Whether it may have arrived all the same.
        token_waits: Seconds in which nothing at all is sent.
    """

    reason: str
    at: datetime | None
    counts: bool
    may_be_there: bool = False
    token_waits: float = 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """The platform asks the lane to wait so many seconds."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """The token is not good (any more): nothing can be sent with it."""

    reason: str
    seconds: float = REFUSED_TOKEN_WAIT


Outcome = Sent | Fail | Gone | Moved | Retry | Hold | TokenRefused


def outcome_of(exc: SendError, *, now: datetime, attempts: int, failures: int) -> Outcome:  # noqa: PLR0911 - one line for each kind of failure
    """Return what becomes of a part whose send failed.

    Args:
        exc: What the platform, or the way to it, said.
        now: Time of the failure.
        attempts: Sends of this part that counted so far, this one included.
        failures: Sends of the token before this one that failed on the way, one after the other.
    """
    wait = min(FIRST_TOKEN_WAIT * 2.0 ** min(failures, 10), LONGEST_TOKEN_WAIT)
    match exc:
        case NotModifiedError():
            return Sent(None)
        case RetryAfterError():
            return Hold(exc.reason, exc.seconds)
        case MigratedError():
            return Moved(exc.new)
        case ChannelGoneError():
            return Gone(exc.reason)
        case TokenError():
            return TokenRefused(exc.reason)
        case LostReplyError():
            return unsure(exc.reason, now=now, attempts=attempts, token_waits=wait)
        case TransientError():
            return Retry(exc.reason, None, counts=False, token_waits=wait)
        case _:
            return Fail(exc.reason)


def unsure(reason: str, *, now: datetime, attempts: int, token_waits: float = 0.0) -> Retry | Fail:
    """Return what becomes of a part that may have arrived.

    It counts, so that a way on which every reply is lost cannot fill a channel with copies.
    """
    at = retry_at(now, attempts)
    if at is None:
        return Fail(f"{reason}, {attempts} times")
    return Retry(reason, at, counts=True, may_be_there=True, token_waits=token_waits)

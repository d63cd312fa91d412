"""What stands in the outbox: items, and the parts that they become."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row


class Kind(StrEnum):
    """What is done with a message."""

    SEND = "send"
    EDIT = "edit"
    """Puts it in the place of what the target item sent."""


class State(StrEnum):
    """How far an item or a part has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class NewItem:
    """A message to be queued.

    Attributes:
        channel: Where it goes.
        message: The neutral message as JSON.
        version: Of the message's form.
        key: Names what is announced, for ever: ``alert:{channel}:{statement}``,
            ``briefing:{schedule}:{local date}T{nominal time}``, ``edit:{row}:{revision}``.
        priority: Alerts 1, briefings 2: the lower goes first.
        due_at: Not before.
        expires_at: Not after: news gets old.
        target: The item whose messages an edit changes.
        of: When what is announced was printed, or due; None for what is said at this moment. After a restore what is
            older than it may have been said already: see ``store.restores``.
    """

    channel: str
    message: Mapping[str, object]
    version: int
    key: str
    priority: int
    due_at: datetime
    expires_at: datetime
    kind: Kind = Kind.SEND
    target: int | None = None
    of: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A queued message, with what became of it."""

    item_id: int
    kind: Kind
    target: int | None
    channel: str
    lane: str
    priority: int
    message: Mapping[str, object]
    version: int
    key: str
    state: State
    due_at: datetime
    expires_at: datetime
    created_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class OutboxPart:
    """One platform message of an item.

    Attributes:
        payload: What the platform's client is given, as JSON.
        attempts: Sends tried so far, the running one included.
        retry_at: Not before; None: as soon as its turn comes.
        resent: Whether it may have come twice.
    """

    part_id: int
    item_id: int
    position: int
    payload: Mapping[str, object]
    state: State
    attempts: int
    retry_at: datetime | None
    started_at: datetime | None
    platform_message_id: str | None
    resent: bool
    error: str | None


def item_value(row: Row[Any]) -> OutboxItem:
    """Return an item out of a row of ``outbox``."""
    return OutboxItem(
        item_id=row.item_id,
        kind=Kind(row.kind),
        target=row.target,
        channel=row.channel,
        lane=row.lane,
        priority=row.priority,
        message=row.message,
        version=row.version,
        key=row.key,
        state=State(row.state),
        due_at=row.due_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        error=row.error,
    )


def part_value(row: Row[Any]) -> OutboxPart:
    """Return a part out of a row of ``outbox_parts``."""
    return OutboxPart(
        part_id=row.part_id,
        item_id=row.item_id,
        position=row.position,
        payload=row.payload,
        state=State(row.state),
        attempts=row.attempts,
        retry_at=row.retry_at,
        started_at=row.started_at,
        platform_message_id=row.platform_message_id,
        resent=row.resent,
        error=row.error,
    )

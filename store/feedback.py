"""What people said is wrong about a quote, and what the operator made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select, update

from store.database import insert_for
from store.scope import chat_of, visible
from store.tables import feedback, quotes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


class Fault(StrEnum):
    """What is wrong."""

    WRONG_SPEAKER = "wrong_speaker"
    NOT_A_QUOTE = "not_a_quote"
    CUT_WRONG = "cut_wrong"


class Decision(StrEnum):
    """What the operator says."""

    RIGHT = "right"
    """They are right; the quote changes for everybody."""
    WRONG = "wrong"
    """They are not; the quote is listed in their chat again."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One chat's word against a quote."""

    feedback_id: int
    quote_id: int
    channel: str
    fault: Fault
    person: str
    said_at: datetime
    decision: Decision | None


class Feedback:
    """What people called wrong. What changes something does not commit."""

    async def say(  # noqa: PLR0913 - one row's columns
        self, db: AsyncConnection, channel: str, quote_id: int, fault: Fault, *, person: str, at: datetime
    ) -> bool:
        """Keep a complaint; return True if it is the chat's first of its kind about a quote that it may see.

        Until the operator decides, the chat's lists leave the quote out (a wrong cut aside).
        """
        seen = select(quotes.c.quote_id).where(quotes.c.quote_id == quote_id, visible(quotes, channel))
        if (await db.execute(seen)).first() is None:
            return False
        row = {"quote_id": quote_id, "channel": chat_of(channel), "kind": fault.value, "person": person, "said_at": at}
        said = insert_for(db)(feedback).values(row).on_conflict_do_nothing().returning(feedback.c.feedback_id)
        return (await db.execute(said)).first() is not None

    async def unsay(self, db: AsyncConnection, channel: str, quote_id: int, fault: Fault, *, person: str) -> bool:
        """Forget what a person said about a quote in a chat; return False where it is not theirs, or decided already."""
        theirs = and_(
            feedback.c.quote_id == quote_id,
            feedback.c.channel == chat_of(channel),
            feedback.c.kind == fault.value,
            feedback.c.person == person,
            feedback.c.decision.is_(None),
        )
        return (await db.execute(delete(feedback).where(theirs).returning(feedback.c.feedback_id))).first() is not None

    async def said(self, db: AsyncConnection, channel: str, quote_id: int) -> set[Fault]:
        """Return what a chat says is wrong with a quote, as far as the operator has not decided."""
        waiting = select(feedback.c.kind).where(
            feedback.c.quote_id == quote_id, feedback.c.channel == chat_of(channel), feedback.c.decision.is_(None)
        )
        return {Fault(kind) for kind in (await db.execute(waiting)).scalars()}

    async def open(self, db: AsyncConnection) -> list[Complaint]:
        """Return what waits for the operator, the oldest first."""
        waiting = select(feedback).where(feedback.c.decision.is_(None)).order_by(feedback.c.feedback_id)
        return [_complaint(row) for row in await db.execute(waiting)]

    async def decide(
        self, db: AsyncConnection, feedback_id: int, decision: Decision, *, by: str, at: datetime
    ) -> Complaint | None:
        """Decide a complaint and return it; None where it was decided before, so that two taps change a quote once.

        What is said of a page that belongs to a chat is for nobody else to decide.
        """
        shared = select(quotes.c.quote_id).where(quotes.c.owner_channel.is_(None))
        waiting = update(feedback).where(
            feedback.c.feedback_id == feedback_id, feedback.c.decision.is_(None), feedback.c.quote_id.in_(shared)
        )
        values = {"decision": decision.value, "decided_by": by, "decided_at": at}
        row = (await db.execute(waiting.values(values).returning(*feedback.c))).first()
        return None if row is None else _complaint(row)


def _complaint(row: Row[Any]) -> Complaint:
    return Complaint(
        feedback_id=row.feedback_id,
        quote_id=row.quote_id,
        channel=row.channel,
        fault=Fault(row.kind),
        person=row.person,
        said_at=row.said_at,
        decision=None if row.decision is None else Decision(row.decision),
    )

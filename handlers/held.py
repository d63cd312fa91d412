"""``/held``: what waits since a backup was put back, until the operator says go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.permissions import OPERATORS_ONLY
from handlers.unasked import tell_operators
from handlers.wording import buttons, counted, says
from store.restores import Decision, Restores

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.desk import Desk
    from handlers.request import Request
    from summaries.message import Message

_DECISIONS = {"send": Decision.SEND, "drop": Decision.DROP}


async def held(request: Request) -> Message:
    """Answer ``/held``, and the taps on "Send them" and "Drop them"."""
    desk, decision = request.desk, _DECISIONS.get(request.args.strip().lower())
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    async with desk.database.writing() as db:
        since = await Restores().undecided(db)
        if since is None:
            return says("Nothing is held.")
        if decision is None:
            return _question(since, await desk.outbox.count_held(db))
        count = await Restores().decide(db, decision, by=request.command.user, at=desk.now())
    desk.queued()
    done = "will be sent now" if decision is Decision.SEND else "dropped"
    return says(f"{counted(count, 'message')} {done}. What is new is sent as always.")


async def ask_operators(desk: Desk) -> int:
    """Ask the operators, once a restore, what becomes of what is held; return how many these are."""
    async with desk.database.writing() as db:
        since = await Restores().undecided(db)
        if since is None:
            return 0
        question = _question(since, await desk.outbox.count_held(db))
        told = await tell_operators(desk, db, question, key=f"restored:{since.isoformat()}")
    desk.queued()
    return told


def _question(since: datetime, count: int) -> Message:
    were = "was" if count == 1 else "were"
    return says(
        f"A backup was put back on {since:%d %B %Y, %H:%M} UTC. {counted(count, 'message')} {were} held: what was waiting "
        "then, and what I read again from before. Some of it may have gone out already.",
        buttons(("Send them", "/held send"), ("Drop them", "/held drop")),
    )

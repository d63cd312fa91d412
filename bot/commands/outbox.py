"""``onrecord outbox``: what waits to be sent, and what is held after a restore."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_store
from bot.starting import FAILED, complain, say, utc_now
from handlers.wording import counted
from store.outbox import Outbox
from store.restores import Decision, Restores

if TYPE_CHECKING:
    from bot.commands.at_hand import AtHand


def outbox(action: str | None) -> int:
    """Say what waits, or "release" or "drop" what is held; return the exit code."""
    if action is None:
        return with_store(tell_outbox)
    return with_store(partial(decide, Decision.SEND if action == "release" else Decision.DROP))


async def tell_outbox(at_hand: AtHand) -> int:
    """Say how many messages wait, are held, and failed of late; return the exit code: 1 while something is held."""
    async with at_hand.database.reading() as db:
        counts = await Outbox().counts(db)
        since = await Restores().undecided(db)
    say(", ".join(f"{count} {state}" for state, count in counts.items()) or "The outbox is empty.")
    if since is None:
        return 0
    return complain(
        f"since the restore of {since:%Y-%m-%d %H:%M} UTC what is older is held: onrecord outbox release or drop",
        FAILED,
    )


async def decide(decision: Decision, at_hand: AtHand) -> int:
    """Send or drop what is held; return the exit code."""
    async with at_hand.database.writing() as db:
        since = await Restores().undecided(db)
        count = await Restores().decide(db, decision, by="terminal", at=utc_now())
    if since is None:
        return complain("nothing is held", FAILED)
    if count:
        say(f"{counted(count, 'message')} {'will be sent' if decision is Decision.SEND else 'dropped'}.")
    else:
        of_later = "is sent as always" if decision is Decision.SEND else "is dropped, too"
        say(f"Nothing was waiting. What is read again from before the restore {of_later}.")
    return 0

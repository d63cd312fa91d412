"""How somebody becomes the operator: by a code that only who started the program has seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from handlers.wording import bold, line, says
from store.channels import Access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.command import Command
    from handlers.desk import Desk
    from summaries.message import Message

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I: codes are read off a screen and typed."""
LENGTH = 8  # 32^8: a trillion codes; at Telegram's 30 messages a second nobody guesses one in its day
LIVES = timedelta(hours=24)
PAYLOAD = "claim-"
"""What stands before the code in Telegram's deep link, ``?start=claim-…``."""


class Chance(Protocol):
    """Where randomness comes from; ``secrets.SystemRandom()`` is such."""

    def choice(self, seq: Sequence[str], /) -> str:
        """Return one of ``seq``."""
        ...


async def make_claim(desk: Desk, chance: Chance) -> str:
    """Keep a new claim code, as its hash, for a day, and return it: shown once, to who started the program."""
    code = "".join(chance.choice(LETTERS) for _ in range(LENGTH))
    now = desk.now()
    async with desk.database.writing() as db:
        await desk.people.add_code(db, code, made_at=now, expires_at=now + LIVES)
    return code


def claimed_code(command: Command) -> str | None:
    """Return the code that a command brings, None where it brings none."""
    if command.name == "claim":
        return command.args
    if command.name == "start" and command.args.startswith(PAYLOAD):
        return command.args.removeprefix(PAYLOAD)
    return None


async def claim(command: Command, code: str, desk: Desk) -> Message | None:
    """Make who brings a good code an operator; return None then, else what is wrong."""
    now = desk.now()
    if not code.strip():
        return says("Write the code that stands in the terminal behind it: claim CODE.")
    async with desk.database.writing() as db:
        where = str(command.channel) if command.is_private else None
        person, _ = await desk.people.ask(db, command.user, name=command.user_name, channel=where, at=now)
        if person.is_operator:
            return None
        if not await desk.people.claim(db, code, command.user, at=now):
            return says(
                "This code is not known here, was used, or is older than a day. A new one comes with the next start."
            )
        await desk.channels.add(db, str(command.channel.lane), access=Access.ALLOWED, at=now, by=command.user)
    return None


def welcome() -> Message:
    """Return what a new operator is told first."""
    return says(
        line(bold("On Record"), " reads the news and shows who said what, word for word as printed."),
        "You are its operator. Nobody else can use it until you let them in.",
    )

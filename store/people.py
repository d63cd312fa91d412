"""People: who is let in, who operates, and the codes by which the first operator is known."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true, update

from store.channels import Access
from store.database import insert_for
from store.tables import claim_codes, people

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote to the bot.

    Attributes:
        person: "telegram:42", "slack:T1/U2".
        channel: Where they are answered; None where that is not known.
    """

    person: str
    name: str | None
    access: Access
    is_operator: bool
    channel: str | None
    asked_at: datetime


class People:
    """Who may ask. What changes something does not commit."""

    async def ask(
        self, db: AsyncConnection, person: str, *, name: str | None, channel: str | None, at: datetime
    ) -> tuple[Person, bool]:
        """Return somebody who wrote, and whether that is the first time: then the operators are asked to let them in."""
        row = {
            "person": person,
            "name": name,
            "access": Access.ASKED.value,
            "is_operator": False,
            "channel": channel,
            "asked_at": at,
        }
        new = insert_for(db)(people).values(row).on_conflict_do_nothing().returning(people.c.person)
        is_new = (await db.execute(new)).first() is not None
        known = await self.get(db, person)
        assert known is not None
        return known, is_new

    async def get(self, db: AsyncConnection, person: str) -> Person | None:
        """Return somebody, None who never wrote."""
        row = (await db.execute(select(people).where(people.c.person == person))).first()
        return None if row is None else _person(row)

    async def decide(self, db: AsyncConnection, person: str, access: Access, *, by: str, at: datetime) -> bool:
        """Let somebody in or refuse them; return whether that changed anything, so that two taps answer once."""
        other = update(people).where(people.c.person == person, people.c.access != access.value)
        values = {"access": access.value, "decided_by": by, "decided_at": at}
        return (await db.execute(other.values(values).returning(people.c.person))).first() is not None

    async def reach(self, db: AsyncConnection, person: str, channel: str, *, name: str | None) -> None:
        """Keep where somebody is answered, and how they are called if that is told."""
        values = {"channel": channel} | ({} if name is None else {"name": name})
        await db.execute(update(people).where(people.c.person == person).values(values))

    async def with_access(self, db: AsyncConnection, access: Access) -> list[Person]:
        """Return who has this access, who wrote first coming first."""
        chosen = select(people).where(people.c.access == access.value).order_by(people.c.asked_at, people.c.person)
        return [_person(row) for row in await db.execute(chosen)]

    async def operators(self, db: AsyncConnection) -> list[Person]:
        """Return the operators, none before a code was claimed."""
        chosen = select(people).where(people.c.is_operator == true()).order_by(people.c.asked_at, people.c.person)
        return [_person(row) for row in await db.execute(chosen)]

    async def add_code(self, db: AsyncConnection, code: str, *, made_at: datetime, expires_at: datetime) -> None:
        """Keep a claim code, as its hash: who reads the database cannot claim with it."""
        row = {"code_sha256": _hash(code), "made_at": made_at, "expires_at": expires_at}
        await db.execute(insert_for(db)(claim_codes).values(row).on_conflict_do_nothing())

    async def claim(self, db: AsyncConnection, code: str, person: str, *, at: datetime) -> bool:
        """Make somebody who wrote (``ask``) an operator if the code is good; return whether it was. It is used up then."""
        good = update(claim_codes).where(
            claim_codes.c.code_sha256 == _hash(code), claim_codes.c.used_at.is_(None), claim_codes.c.expires_at > at
        )
        used = good.values(used_at=at, used_by=person).returning(claim_codes.c.code_sha256)
        if (await db.execute(used)).first() is None:
            return False
        values = {"is_operator": True, "access": Access.ALLOWED.value, "decided_by": person, "decided_at": at}
        await db.execute(update(people).where(people.c.person == person).values(values))
        return True


def _hash(code: str) -> bytes:
    # Codes are random and live for minutes: a plain hash is enough.
    return sha256(code.strip().upper().encode("utf-8", "replace")).digest()


def _person(row: Row[Any]) -> Person:
    return Person(
        person=row.person,
        name=row.name,
        access=Access(row.access),
        is_operator=row.is_operator,
        channel=row.channel,
        asked_at=row.asked_at,
    )

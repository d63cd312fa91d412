"""Sources, people and chats by what an operator calls them, whoever's they are: for what only operators do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.scope import chat_of
from store.tables import channels, people, sources

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Known:
    """Something that bears a name.

    Attributes:
        key: Its number or address in the tables.
        label: By which an operator knows it.
    """

    key: str
    label: str


async def sources_called(db: AsyncConnection, written: str) -> list[Known]:
    """Return the sources with this number or address, else with this title."""
    rows = (await db.execute(select(sources).order_by(sources.c.source_id))).all()
    exact = [row for row in rows if written in {str(row.source_id), row.url}]
    found = exact or [row for row in rows if (row.title or "").casefold() == written.casefold()]
    return [Known(str(row.source_id), f"{row.title or row.url} (number {row.source_id}, {row.url})") for row in found]


async def people_called(db: AsyncConnection, written: str) -> list[Known]:
    """Return the people with this address ("telegram:42"), else with this name, be it without its @."""
    rows = (await db.execute(select(people).order_by(people.c.asked_at, people.c.person))).all()
    exact = [row for row in rows if row.person == written]
    wanted = written.casefold().removeprefix("@")
    found = exact or [row for row in rows if (row.name or "").casefold().removeprefix("@") == wanted]
    return [Known(row.person, f"{row.name or row.person} ({row.person})") for row in found]


async def chats_called(db: AsyncConnection, written: str) -> list[Known]:
    """Return the chats with this address, be it of a topic, else with this title; one that is gone is known by its address."""
    rows = (await db.execute(select(channels).order_by(channels.c.added_at, channels.c.channel))).all()
    if ":" in written:
        chat = chat_of(written)
        titles = [row.title for row in rows if row.channel == chat and row.title]
        return [Known(chat, f"{titles[0]} ({chat})" if titles else chat)]
    found = [row for row in rows if (row.title or "").casefold() == written.casefold()]
    return [Known(row.channel, f"{row.title} ({row.channel})") for row in found]

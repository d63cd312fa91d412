"""Channels: where we post, who let them in, what they chose, and the numbers by which they know quotes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, literal, or_, select, update

from store.database import insert_for
from store.delivery_tables import lanes, outbox, restores
from store.restores import NUMBERS_PASSED_OVER
from store.scope import chat_of, visible
from store.tables import (
    addresses,
    articles,
    channels,
    feedback,
    mentions,
    people,
    quote_numbers,
    quotes,
    schedules,
    sources,
    speaker_changes,
    speaker_names,
    speakers,
    subscriptions,
)
from store.wishes import moved_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, FromClause, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    Same = Callable[[FromClause, FromClause], ColumnElement[bool]]

# Every column that names a channel, but for the keys of channels itself and of quote_numbers.
NAMING: tuple[Column[Any], ...] = (
    addresses.c.owner_channel,
    articles.c.owner_channel,
    feedback.c.channel,
    mentions.c.owner_channel,
    outbox.c.channel,
    outbox.c.lane,
    people.c.channel,
    quotes.c.owner_channel,
    schedules.c.channel,
    sources.c.owner_channel,
    speaker_names.c.owner_channel,
    speakers.c.owner_channel,
    subscriptions.c.channel,
)


def _equal(*names: str) -> Same:
    return lambda one, other: and_(*(one.c[name] == other.c[name] for name in names))


def _same_wish(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    unknown = and_(one.c.speaker_id.is_(None), other.c.speaker_id.is_(None), one.c.folded == other.c.folded)
    return and_(one.c.about == other.c.about, or_(one.c.speaker_id == other.c.speaker_id, unknown))


# What a chat may have once, as the unique rules of the tables say.
ONCE_A_CHAT: tuple[tuple[Column[Any], Same], ...] = (
    (addresses.c.owner_channel, _equal("url")),
    (feedback.c.channel, _equal("quote_id", "kind")),
    (sources.c.owner_channel, _equal("url")),
    (speaker_names.c.owner_channel, _equal("speaker_id", "printed")),
    (subscriptions.c.channel, _same_wish),
)


# A chat that a backup does not know may have been given numbers after it was made.
_PASSED_OVER = select(func.count() * NUMBERS_PASSED_OVER).select_from(restores).scalar_subquery()


class Access(StrEnum):
    """Whether somebody, or a chat, is let in."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """A channel and what it chose.

    Attributes:
        timezone: An IANA name; None until somebody says.
        language: Of the bot's own words; None for the default.
        paused_at: Since when nothing is posted there; None while we may.
    """

    channel: str
    title: str | None
    access: Access
    timezone: str | None
    language: str | None
    added_by: str | None
    added_at: datetime
    paused_at: datetime | None
    paused_reason: str | None


class Channels:
    """Where we post. What changes something does not commit."""

    async def add(  # noqa: PLR0913 - one row's columns
        self,
        db: AsyncConnection,
        channel: str,
        *,
        access: Access,
        at: datetime,
        title: str | None = None,
        by: str | None = None,
    ) -> ChannelSettings:
        """Return the channel, adding it when it is new; one that is known stays as it is."""
        row: dict[str, Any] = {
            "channel": channel,
            "title": title,
            "access": access.value,
            "added_by": by,
            "added_at": at,
            "last_number": _PASSED_OVER,
        }
        await db.execute(insert_for(db)(channels).values(row).on_conflict_do_nothing())
        known = await self.get(db, channel)
        assert known is not None
        return known

    async def get(self, db: AsyncConnection, channel: str) -> ChannelSettings | None:
        """Return a channel, None where it is not known."""
        row = (await db.execute(select(channels).where(channels.c.channel == channel))).first()
        return None if row is None else _settings(row)

    async def zone_of(self, db: AsyncConnection, channel: str, otherwise: str) -> ZoneInfo:
        """Return the time zone that a channel's chat chose (a topic or a thread has its chat's), else ``otherwise``."""
        chat = await self.get(db, chat_of(channel))
        return ZoneInfo((chat and chat.timezone) or otherwise)

    async def all(self, db: AsyncConnection, access: Access) -> list[ChannelSettings]:
        """Return the channels with this access, the oldest first."""
        chosen = select(channels).where(channels.c.access == access.value)
        return [_settings(row) for row in await db.execute(chosen.order_by(channels.c.added_at, channels.c.channel))]

    async def change(  # noqa: PLR0913 - what a channel can choose
        self,
        db: AsyncConnection,
        channel: str,
        *,
        access: Access | None = None,
        title: str | None = None,
        timezone: str | None = None,
        language: str | None = None,
    ) -> bool:
        """Change what is given, leave the rest; return whether the channel is known."""
        given = {"access": access and access.value, "title": title, "timezone": timezone, "language": language}
        values = {column: value for column, value in given.items() if value is not None}
        return await self._change(db, channel, values or {"channel": channel})

    async def pause(self, db: AsyncConnection, channel: str, *, at: datetime, reason: str) -> bool:
        """Post nothing there any more; return whether that is new."""
        running = update(channels).where(channels.c.channel == channel, channels.c.paused_at.is_(None))
        paused = running.values(paused_at=at, paused_reason=reason).returning(channels.c.channel)
        return (await db.execute(paused)).first() is not None

    async def resume(self, db: AsyncConnection, channel: str) -> bool:
        """Post there again; return whether the channel is known."""
        return await self._change(db, channel, {"paused_at": None, "paused_reason": None})

    async def numbers(
        self, db: AsyncConnection, channel: str, quote_ids: Sequence[int], *, at: datetime
    ) -> dict[int, int]:
        """Return the number of each quote in this chat, giving new ones in the order of ``quote_ids``.

        A number is given once and for good. Quotes that the chat must not see get none.
        """
        chat = chat_of(channel)
        # The row's lock is what keeps two answers from giving one number twice.
        await self.add(db, chat, access=Access.ASKED, at=at)
        counter = update(channels).where(channels.c.channel == chat).values(last_number=channels.c.last_number)
        last: int = (await db.execute(counter.returning(channels.c.last_number))).scalar_one()
        mine = select(quote_numbers.c.quote_id, quote_numbers.c.number).where(
            quote_numbers.c.channel == chat, quote_numbers.c.quote_id.in_(quote_ids)
        )
        # The first of two stays the one that is shown; either opens it.
        given = {row.quote_id: row.number for row in await db.execute(mine.order_by(quote_numbers.c.number.desc()))}
        seen = select(quotes.c.quote_id).where(quotes.c.quote_id.in_(quote_ids), visible(quotes, chat))
        may_see = set((await db.execute(seen)).scalars())
        new = [quote_id for quote_id in dict.fromkeys(quote_ids) if quote_id in may_see and quote_id not in given]
        rows = [
            {"channel": chat, "number": last + place, "quote_id": quote_id} for place, quote_id in enumerate(new, 1)
        ]
        if rows:
            await db.execute(quote_numbers.insert(), rows)
            await self._change(db, chat, {"last_number": last + len(rows)})
        given.update((quote_id, last + place) for place, quote_id in enumerate(new, 1))
        return given

    async def numbered(self, db: AsyncConnection, quote_ids: Sequence[int]) -> dict[str, int]:
        """Return, for each chat that was shown some of these quotes, the number of the first of them there."""
        places = {quote_id: place for place, quote_id in enumerate(quote_ids)}
        given = select(quote_numbers).where(quote_numbers.c.quote_id.in_(places))
        rows = sorted(await db.execute(given), key=lambda row: (row.channel, places[row.quote_id], row.number))
        return {row.channel: row.number for row in reversed(rows)}

    async def move(self, db: AsyncConnection, old: str, new: str) -> None:
        """Move all that belongs to a chat to its new address, topics included (Telegram's groups become supergroups).

        Twice is once: the chat's own message and a refused send both tell of a move. What was made at the old address
        in between, by an answer that was under way, is no chat of its own.
        """
        if await self._moved_before(db, old, new):
            await db.execute(channels.delete().where(_within(channels.c.channel, old)))
        known = select(channels.c.channel).where(_within(channels.c.channel, old))
        if (await db.execute(known.limit(1))).first() is not None:
            await self._move_settings(db, old, new)
        for column, same in ONCE_A_CHAT:
            await _give_room(db, column, same, old, new)
        for column in (quote_numbers.c.channel, *NAMING):
            table = column.table
            moved = {column.name: _moved(column, old, new)}
            await db.execute(update(table).where(_within(column, old)).values(moved))
        await _move_wishes(db, old, new)
        await db.execute(channels.delete().where(_within(channels.c.channel, old)))
        # How long the old address was told to wait says nothing about the new one.
        await db.execute(lanes.delete().where(lanes.c.lane == old))

    async def _moved_before(self, db: AsyncConnection, old: str, new: str) -> bool:
        """Return whether the new chat is the older one: it has its row from a move."""
        both = select(channels.c.channel, channels.c.added_at).where(channels.c.channel.in_((old, new)))
        since = {row.channel: row.added_at for row in await db.execute(both)}
        return len(since) == 2 and since[new] < since[old]  # noqa: PLR2004 - both

    async def _move_settings(self, db: AsyncConnection, old: str, new: str) -> None:
        # The new chat may be known by now; what the old one chose and was shown goes on.
        await db.execute(channels.delete().where(_within(channels.c.channel, new)))
        await db.execute(
            channels.insert().from_select(
                [column.name for column in channels.c],
                select(
                    _moved(channels.c.channel, old, new), *(column for column in channels.c if column.name != "channel")
                ).where(_within(channels.c.channel, old)),
            )
        )

    async def _change(self, db: AsyncConnection, channel: str, values: dict[str, Any]) -> bool:
        changed = update(channels).where(channels.c.channel == channel).values(values).returning(channels.c.channel)
        return (await db.execute(changed)).first() is not None


async def _give_room(db: AsyncConnection, column: Column[Any], same: Same, old: str, new: str) -> None:
    """Delete what the new chat has and the old one too, where a chat may have it once."""
    table, other = column.table, column.table.alias()
    theirs = other.c[column.name]
    doubled = exists().where(_within(theirs, old), column == _moved(theirs, old, new), same(table, other))
    await db.execute(table.delete().where(_within(column, new), doubled))


async def _move_wishes(db: AsyncConnection, old: str, new: str) -> None:
    """Let an undo put subscriptions back where their chat is by then."""
    for row in (await db.execute(select(speaker_changes.c.change_id, speaker_changes.c.before))).all():
        before = moved_to(row.before, old, new)
        if before is not row.before:
            mine = update(speaker_changes).where(speaker_changes.c.change_id == row.change_id)
            await db.execute(mine.values(before=before))


def _within(column: Any, chat: str) -> Any:  # noqa: ANN401 - SQLAlchemy's conditions have many types
    return or_(column == chat, column.startswith(f"{chat}/", autoescape=True))


def _moved(column: Any, old: str, new: str) -> Any:  # noqa: ANN401 - the same
    return literal(new).concat(func.substr(column, len(old) + 1))


def _settings(row: Row[Any]) -> ChannelSettings:
    return ChannelSettings(
        channel=row.channel,
        title=row.title,
        access=Access(row.access),
        timezone=row.timezone,
        language=row.language,
        added_by=row.added_by,
        added_at=row.added_at,
        paused_at=row.paused_at,
        paused_reason=row.paused_reason,
    )

"""Sources: what is read, when each is due, how it fares, and which of its entries are known.

When a source is due and when it is paused is decided elsewhere (a polling policy); here it is kept.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, literal, or_, select, update

from store.columns import UtcTime
from store.database import insert_for, unless_there
from store.scope import chat_of, owned_by, visible
from store.source_values import UNKNOWN, Outlet, source_of
from store.tables import seen_entries, sightings, sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.source_values import Source

CHANGEABLE = frozenset({"title", "full_text", "url"})
READ: ColumnElement[bool] = sources.c.paused_reason.is_(None)
RESUMED: Mapping[str, Any] = MappingProxyType(
    {
        "paused_reason": None,
        "failures": 0,
        "failing_since": None,
        "last_error": None,
        "unreached": 0,
        "claimed_until": None,
    }
)


class Sources:
    """Where articles come from. What changes something does not commit."""

    async def add(  # noqa: PLR0913 - one row's columns
        self,
        db: AsyncConnection,
        url: str,
        *,
        owner_channel: str | None = None,
        title: str | None = None,
        by: str | None = None,
        interval: timedelta,
        at: datetime,
        full_text: str = "auto",
        tags: Sequence[str] = (),
        outlet: Outlet = UNKNOWN,
    ) -> tuple[Source, bool]:
        """Return the source at an address, and whether it is new; a new one is due at once, a known one stays as it is."""
        row = {
            "owner_channel": owner_channel and chat_of(owner_channel),
            "url": url,
            "title": title,
            "added_by": by,
            "added_at": at,
            "interval_seconds": int(interval.total_seconds()),
            "due_at": at,
            "full_text": full_text,
            "tags": list(tags),
            "home": outlet.home,
            "country": outlet.country,
            "outlet_owner": outlet.owner,
        }
        added = insert_for(db)(sources).values(row).on_conflict_do_nothing().returning(*sources.c)
        new = (await db.execute(added)).first()
        if new is not None:
            return source_of(new), True
        same = select(sources).where(sources.c.url == url, owned_by(sources, owner_channel))
        return source_of((await db.execute(same)).one()), False

    async def get(self, db: AsyncConnection, channel: str, source_id: int) -> Source | None:
        """Return a source, None where the asker knows none of that number."""
        mine = select(sources).where(sources.c.source_id == source_id, visible(sources, channel))
        row = (await db.execute(mine)).first()
        return None if row is None else source_of(row)

    async def all(self, db: AsyncConnection, channel: str) -> list[Source]:
        """Return the sources the asker sees, the oldest first."""
        mine = select(sources).where(visible(sources, channel)).order_by(sources.c.source_id)
        return [source_of(row) for row in await db.execute(mine)]

    async def exists(self, db: AsyncConnection, source_id: int) -> bool:
        """Return whether there is a source of that number, whoever owns it."""
        return (
            await db.execute(select(sources.c.source_id).where(sources.c.source_id == source_id))
        ).first() is not None

    async def claim(
        self, db: AsyncConnection, *, now: datetime, lasts: timedelta, limit: int, only: Sequence[int] | None = None
    ) -> list[Source]:
        """Return the sources that are due (of those named, if any are), the longest due first, and claim them for a while.

        A claim that is neither ended by ``answered`` nor by ``failed`` lapses: a lost process loses nothing.
        """
        free = or_(sources.c.claimed_until.is_(None), sources.c.claimed_until <= now)
        due = select(sources.c.source_id).where(READ, sources.c.due_at <= now, free)
        if only is not None:
            due = due.where(sources.c.source_id.in_(only))
        chosen = due.order_by(sources.c.due_at, sources.c.source_id).limit(limit)
        if db.dialect.name == "postgresql":
            chosen = chosen.with_for_update(skip_locked=True)
        ids = (await db.execute(chosen)).scalars().all()
        claimed = update(sources).where(sources.c.source_id.in_(ids)).values(claimed_until=now + lasts)
        rows = await db.execute(claimed.returning(*sources.c))
        return sorted((source_of(row) for row in rows), key=lambda source: (source.due_at, source.source_id))

    async def next_due(self, db: AsyncConnection, *, now: datetime) -> datetime | None:
        """Return when the next source is due that nobody reads, None where there is none."""
        free = or_(sources.c.claimed_until.is_(None), sources.c.claimed_until <= now)
        first = select(sources.c.due_at).where(READ, free).order_by(sources.c.due_at).limit(1)
        return (await db.execute(first)).scalar_one_or_none()

    async def release(self, db: AsyncConnection) -> None:
        """End every claim: for SQLite, where whoever holds the data folder knows that no other process lives."""
        await db.execute(update(sources).where(sources.c.claimed_until.is_not(None)).values(claimed_until=None))

    async def hold(self, db: AsyncConnection, source_id: int, *, held: datetime | None, until: datetime) -> bool:
        """Make a claim last longer; return whether it still stood, as it was ``held`` until then.

        It does not when it lapsed and another took it, or when the source was removed, paused or resumed meanwhile.
        """
        mine = update(sources).where(sources.c.source_id == source_id, sources.c.claimed_until == held, READ)
        return (await db.execute(mine.values(claimed_until=until).returning(sources.c.source_id))).first() is not None

    async def answered(  # noqa: PLR0913 - what an answer tells
        self,
        db: AsyncConnection,
        source_id: int,
        *,
        now: datetime,
        interval: timedelta,
        due_at: datetime,
        etag: str | None,
        last_modified: str | None,
        title: str | None = None,
        newest_entry_at: datetime | None = None,
        moves: int = 0,
        moved_to: str | None = None,
        news: bool = True,
        note: str | None = None,
        ttl: timedelta | None = None,
    ) -> None:
        """Keep that a check ended well, and end the claim; what is None of title and newest entry stays as it was.

        ``note`` is kept where there was ``news``; else what stands there stays.
        """
        values: dict[str, Any] = {
            "checked_at": now,
            "answered_at": now,
            "interval_seconds": int(interval.total_seconds()),
            "due_at": due_at,
            "claimed_until": None,
            "etag": etag,
            "last_modified": last_modified,
            "reached_at": now,
            "failures": 0,
            "unreached": 0,
            "failing_since": None,
            "last_error": None,
            "title": func.coalesce(sources.c.title, title),
            "moves": moves,
            "moved_to": moved_to,
            "ttl_seconds": None if ttl is None else int(ttl.total_seconds()),
        }
        if newest_entry_at is not None:
            values["newest_entry_at"] = newest_entry_at
        if news:
            values["note"] = note
        await db.execute(update(sources).where(sources.c.source_id == source_id).values(values))

    async def failed(  # noqa: PLR0913 - what a failure tells
        self,
        db: AsyncConnection,
        source_id: int,
        *,
        now: datetime,
        due_at: datetime,
        error: str,
        reached: bool = True,
        line_is_down: bool = False,
    ) -> Source | None:
        """Keep that a check failed, and end the claim; return the source as it stands now, None where it is gone.

        ``reached`` says that its site answered at all, ``line_is_down`` that the failure is our own line's.
        """
        values: dict[str, Any] = {
            "checked_at": now,
            "due_at": due_at,
            "claimed_until": None,
            "failures": sources.c.failures + 1,
            "failing_since": func.coalesce(sources.c.failing_since, literal(now, UtcTime())),
            "last_error": error,
            "unreached": sources.c.unreached + int(line_is_down),
        }
        if reached:
            values["reached_at"] = now
        changed = update(sources).where(sources.c.source_id == source_id).values(values).returning(*sources.c)
        row = (await db.execute(changed)).first()
        return None if row is None else source_of(row)

    async def pause(self, db: AsyncConnection, source_id: int, reason: str) -> bool:
        """Read it no more; return whether that is new, so that people are told once."""
        running = update(sources).where(sources.c.source_id == source_id, READ).values(paused_reason=reason)
        return (await db.execute(running.returning(sources.c.source_id))).first() is not None

    async def move(self, db: AsyncConnection, source_id: int, url: str) -> int | None:
        """Give a source the address it moved to; where its owner has one there already, the two become that one.

        What the old one had read counts as read by the other, and the other is read from now on even if it was
        paused: whoever wanted the old one still gets it.

        Returns:
            The id of the source that is read from now on, None where there was none.
        """
        old = (await db.execute(select(sources).where(sources.c.source_id == source_id))).first()
        if old is None:
            return None
        there = select(sources).where(
            sources.c.url == url, owned_by(sources, old.owner_channel), sources.c.source_id != source_id
        )
        kept = (await db.execute(there)).first()
        if kept is None:
            moved = update(sources).where(sources.c.source_id == source_id)
            await db.execute(moved.values(url=url, moves=0, moved_to=None))
            return source_id
        await self._hand_over(db, source_id, kept.source_id)
        values: dict[str, Any] = {
            "title": kept.title or old.title,
            "answered_at": kept.answered_at or old.answered_at,
            "tags": list(dict.fromkeys([*kept.tags, *old.tags])),
        }
        if kept.paused_reason is not None:
            values |= {**RESUMED, "due_at": old.due_at}
        await db.execute(update(sources).where(sources.c.source_id == kept.source_id).values(values))
        await self.learn(db, kept.source_id, source_of(old).outlet)
        await db.execute(delete(sources).where(sources.c.source_id == source_id))
        there_id: int = kept.source_id
        return there_id

    async def hurry(self, db: AsyncConnection, *, longest: timedelta) -> int:
        """Let no source that answers wait longer than this from its last check on; return how many came nearer."""
        answering = select(sources.c.source_id, sources.c.checked_at, sources.c.due_at).where(
            READ, sources.c.failures == 0, sources.c.checked_at.is_not(None)
        )
        late = [row for row in await db.execute(answering) if row.due_at > row.checked_at + longest]
        for row in late:
            one = update(sources).where(sources.c.source_id == row.source_id)
            await db.execute(one.values(due_at=row.checked_at + longest))
        return len(late)

    async def look_now(self, db: AsyncConnection, source_ids: Sequence[int] | None, *, now: datetime) -> list[Source]:
        """Make sources due, or none more than are due (None); return those that will be looked at, the longest due first."""
        if source_ids is not None:
            asked = update(sources).where(READ, sources.c.source_id.in_(source_ids), sources.c.due_at > now)
            await db.execute(asked.values(due_at=now))
        chosen = sources.c.due_at <= now if source_ids is None else sources.c.source_id.in_(source_ids)
        due = select(sources).where(READ, chosen).order_by(sources.c.due_at, sources.c.source_id)
        return [source_of(row) for row in await db.execute(due)]

    async def resume(self, db: AsyncConnection, channel: str, source_id: int, *, now: datetime) -> bool:
        """Read it again, from now and with a clean record; return whether the asker knows one of that number."""
        return await self._change(db, channel, source_id, {**RESUMED, "due_at": now})

    async def change(self, db: AsyncConnection, channel: str, source_id: int, values: Mapping[str, str | None]) -> bool:
        """Change title, full_text or url (a source that moved); return whether the asker knows one of that number.

        Raises:
            ValueError: if anything else is to be changed.
        """
        if not set(values) <= CHANGEABLE:
            msg = f"not to be changed: {', '.join(sorted(set(values) - CHANGEABLE))}"
            raise ValueError(msg)
        return await self._change(db, channel, source_id, dict(values))

    async def tag(self, db: AsyncConnection, source_id: int, tags: Sequence[str]) -> None:
        """Let a source stand in these folders and no others."""
        await db.execute(update(sources).where(sources.c.source_id == source_id).values(tags=list(tags)))

    async def learn(self, db: AsyncConnection, source_id: int, outlet: Outlet) -> None:
        """Keep whose a source is, where that was not known."""
        said = {"home": outlet.home, "country": outlet.country, "outlet_owner": outlet.owner}
        values = {name: func.coalesce(sources.c[name], value) for name, value in said.items() if value is not None}
        if values:
            await db.execute(update(sources).where(sources.c.source_id == source_id).values(values))

    async def remove(self, db: AsyncConnection, channel: str, source_id: int) -> bool:
        """Forget a source and its entries; its articles stay. Return whether the asker knew one of that number."""
        mine = delete(sources).where(sources.c.source_id == source_id, visible(sources, channel))
        return (await db.execute(mine.returning(sources.c.source_id))).first() is not None

    async def mark_seen(
        self, db: AsyncConnection, source_id: int, entries: Sequence[str], *, article_id: int | None, at: datetime
    ) -> None:
        """Keep that entries were read, and which article they became (None: none was made of them)."""
        rows = [
            {"source_id": source_id, "entry": entry, "seen_at": at, "article_id": article_id}
            for entry in dict.fromkeys(entries)
        ]
        if rows:
            await db.execute(_MARK[db.dialect.name], rows)

    async def articles(self, db: AsyncConnection, channel: str, *, since: datetime) -> dict[int, int]:
        """Return how many articles each source the asker sees gave since a time; sources that gave none are 0."""
        given = sightings.c.source_id == sources.c.source_id
        statement = (
            select(sources.c.source_id, func.count(sightings.c.article_id))
            .outerjoin(sightings, given & (sightings.c.seen_at > since))
            .where(visible(sources, channel))
            .group_by(sources.c.source_id)
        )
        return {row[0]: row[1] for row in await db.execute(statement)}

    async def _hand_over(self, db: AsyncConnection, old: int, kept: int) -> None:
        """Let what one source has read count as read by another."""
        for table in (seen_entries, sightings):
            names = [column.name for column in table.c if column.name != "source_id"]
            theirs = select(literal(kept), *(table.c[name] for name in names)).where(table.c.source_id == old)
            copied = insert_for(db)(table).from_select(["source_id", *names], theirs)
            await db.execute(copied.on_conflict_do_nothing())

    async def _change(self, db: AsyncConnection, channel: str, source_id: int, values: dict[str, Any]) -> bool:
        mine = update(sources).where(sources.c.source_id == source_id, visible(sources, channel)).values(values)
        return (await db.execute(mine.returning(sources.c.source_id))).first() is not None


_MARK = unless_there(seen_entries)

"""Subscriptions, and which of them a new article's quotes meet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, union_all, update

from store.groups import SHOWN_AS, group_of
from store.made_once import made_once
from store.names import fold_name
from store.scope import chat_of
from store.search import asked_words
from store.tables import quotes, speaker_names, speakers, subscriptions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.values import SavedArticle
    from summaries.values import Quote


class Mode(StrEnum):
    """How soon a channel is told."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish to be told when somebody is quoted.

    Attributes:
        speaker_id: None while nobody of that name is known; it is met by name then.
        name: As typed, or the speaker's.
        about: Words that a quote must hold; empty for any.
        muted_until: No message before; None when it is not muted.
    """

    subscription_id: int
    channel: str
    speaker_id: int | None
    name: str
    about: str
    mode: Mode
    muted_until: datetime | None
    created_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Met:
    """A subscription and the new quotes that meet it, in reading order."""

    subscription: Subscription
    quotes: tuple[Quote, ...]


class Subscriptions:
    """Who wants to be told. What changes something does not commit."""

    async def add(  # noqa: PLR0913 - one row's columns
        self,
        db: AsyncConnection,
        channel: str,
        name: str,
        *,
        speaker_id: int | None,
        about: str = "",
        mode: Mode = Mode.AT_ONCE,
        by: str | None,
        at: datetime,
    ) -> tuple[Subscription, bool]:
        """Return the subscription, and whether it is new: the same wish twice is one."""
        folded = fold_name(name)
        if speaker_id is not None:
            speaker_id = (await group_of(db, speaker_id))[0]
        who = subscriptions.c.speaker_id == speaker_id
        if speaker_id is None:
            who = and_(subscriptions.c.speaker_id.is_(None), subscriptions.c.folded == folded)
        same = and_(subscriptions.c.channel == channel, subscriptions.c.about == about, who)
        known = (await db.execute(select(subscriptions).where(same))).first()
        if known is not None:
            return _subscription(known), False
        row = {
            "channel": channel,
            "speaker_id": speaker_id,
            "name": name,
            "folded": folded,
            "about": about,
            "mode": mode.value,
            "created_by": by,
            "created_at": at,
        }
        added = insert(subscriptions).values(row).returning(*subscriptions.c)
        return _subscription((await db.execute(added)).one()), True

    async def of(self, db: AsyncConnection, channel: str) -> list[Subscription]:
        """Return a channel's subscriptions, the oldest first."""
        mine = select(subscriptions).where(subscriptions.c.channel == channel)
        return [_subscription(row) for row in await db.execute(mine.order_by(subscriptions.c.subscription_id))]

    async def get(self, db: AsyncConnection, channel: str, subscription_id: int) -> Subscription | None:
        """Return one of this channel's subscriptions, None where it has none of that number."""
        row = (await db.execute(select(subscriptions).where(_mine(channel, subscription_id)))).first()
        return None if row is None else _subscription(row)

    async def some(self, db: AsyncConnection) -> bool:
        """Return whether anybody wants to be told of anything."""
        return (await db.execute(select(subscriptions.c.subscription_id).limit(1))).first() is not None

    async def set_mode(self, db: AsyncConnection, channel: str, subscription_id: int, mode: Mode) -> bool:
        """Change how soon the channel is told; return whether there is such a subscription."""
        return await self._change(db, channel, subscription_id, {"mode": mode.value})

    async def mute(self, db: AsyncConnection, channel: str, subscription_id: int, until: datetime | None) -> bool:
        """Say nothing until a time, or speak again (None); return whether there is such a subscription."""
        return await self._change(db, channel, subscription_id, {"muted_until": until})

    async def remove(self, db: AsyncConnection, channel: str, subscription_id: int) -> bool:
        """End a subscription, and what was waiting because of it; return whether there was one."""
        gone = delete(subscriptions).where(_mine(channel, subscription_id)).returning(subscriptions.c.subscription_id)
        return (await db.execute(gone)).first() is not None

    async def met(self, db: AsyncConnection, saved: SavedArticle) -> list[Met]:
        """Return the subscriptions that an article's new quotes meet, in the transaction that saved it.

        A private page meets those of its own chat only. Muted ones are returned too: what is done, and whether a quote
        is sure enough to be pushed, is the caller's decision.
        """
        new = {
            quote.quote_id: quote
            for quote in saved.quotes
            if quote.quote_id in saved.new_quotes and quote.attribution and quote.attribution.speaker_id
        }
        if not new:
            return []
        speakers_of = {quote_id: quote.attribution.speaker_id for quote_id, quote in new.items() if quote.attribution}
        wishes = await self._wishes(db, set(speakers_of.values()), saved.owner_channel)
        words = await self._words(db, list(new)) if any(wish.about for wish, _ in wishes) else {}
        met = []
        for wish, wanted in wishes:
            asked = set(asked_words(wish.about))
            found = [one for one in new if speakers_of[one] in wanted and (not asked or asked <= words[one])]
            if found:
                met.append(Met(wish, tuple(new[one] for one in found)))
        return met

    async def _wishes(
        self, db: AsyncConnection, speaker_ids: set[int | None], owner: str | None
    ) -> list[tuple[Subscription, set[int]]]:
        """Return the subscriptions that want one of these speakers, each with whom it wants, the oldest first."""
        asked: dict[str, object] = {"speakers": list(speaker_ids)}
        if owner is not None:
            asked["owner"] = chat_of(owner)
        found: dict[int, tuple[Subscription, set[int]]] = {}
        for row in await db.execute(_WANTING[owner is None], asked):
            if owner is None or chat_of(row.channel) == owner:
                found.setdefault(row.subscription_id, (_subscription(row), set()))[1].add(row.wanted)
        return [found[number] for number in sorted(found)]

    async def _words(self, db: AsyncConnection, quote_ids: list[int]) -> dict[int, set[str]]:
        """Return the words by which each quote is found."""
        rows = await db.execute(_SEARCHED, {"quotes": quote_ids})
        return {row.quote_id: set(row.search.split(" ")) for row in rows}

    async def _change(self, db: AsyncConnection, channel: str, subscription_id: int, values: dict[str, Any]) -> bool:
        changed = update(subscriptions).where(_mine(channel, subscription_id)).values(values)
        return (await db.execute(changed.returning(subscriptions.c.subscription_id))).first() is not None


def _mine(channel: str, subscription_id: int) -> Any:  # noqa: ANN401 - SQLAlchemy's conditions have many types
    return and_(subscriptions.c.channel == channel, subscriptions.c.subscription_id == subscription_id)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        subscription_id=row.subscription_id,
        channel=row.channel,
        speaker_id=row.speaker_id,
        name=row.name,
        about=row.about,
        mode=Mode(row.mode),
        muted_until=row.muted_until,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def _wanting(*, shared: bool) -> CompoundSelect[Any]:
    """Return the query for (subscription, whom it wants) of all that want one of the parameter ``speakers``.

    A name nobody was known by stands for who is printed so, or with this surname, where the article's readers see it.
    """
    theirs: BindParameter[list[int]] = bindparam("speakers", expanding=True)
    known = select(subscriptions, subscriptions.c.speaker_id.label("wanted")).where(
        subscriptions.c.speaker_id.in_(theirs)
    )
    mine: ColumnElement[bool] = speaker_names.c.owner_channel.is_(None)
    if not shared:
        mine = or_(mine, speaker_names.c.owner_channel == bindparam("owner"))
    unknown = (
        select(subscriptions, SHOWN_AS.label("wanted"))
        .select_from(speakers)
        .join(speaker_names, speaker_names.c.speaker_id == speakers.c.speaker_id)
        .join(subscriptions, subscriptions.c.folded.in_([speaker_names.c.folded, speaker_names.c.surname]))
        .where(or_(speakers.c.speaker_id.in_(theirs), speakers.c.merged_into.in_(theirs)), mine)
        # By name, not among all that have no speaker.
        .where(func.coalesce(subscriptions.c.speaker_id, 0) == 0)
    )
    return union_all(known, unknown)


# Made once: making a statement costs more than running it.
_WANTING = {shared: made_once(_wanting(shared=shared)) for shared in (True, False)}
_SEARCHED = made_once(
    select(quotes.c.quote_id, quotes.c.search).where(quotes.c.quote_id.in_(bindparam("quotes", expanding=True)))
)

"""Speakers across articles: opened, joined by their names, found by what is typed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, bindparam, delete, distinct, func, insert, or_, select, update

from store.database import unless_there
from store.groups import SHOWN_AS, group_of
from store.locks import Lock, hold
from store.made_once import made_once
from store.names import (
    NEAR,
    KnownName,
    Match,
    fold_name,
    is_full,
    joins,
    level,
    looked_up,
    ranked,
    spelt_out,
    surname_of,
)
from store.scope import LISTED, chat_of, visible
from store.search import speaker_token
from store.shared_tables import taken_names
from store.tables import mentions, quotes, speaker_names, speakers, subscriptions
from store.values import Candidate, OpenedSpeaker, SpeakerCount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from summaries.values import NamedSpeaker

MAX_NAME = 200  # characters of a printed form that is kept; longer ones are no names


class Speakers:
    """Who speaks."""

    async def open(
        self, db: AsyncConnection, named: Iterable[NamedSpeaker], *, owner: str | None, at: datetime
    ) -> dict[str, OpenedSpeaker]:
        """Return the speaker of each name, opening those that are new, and keep every printed form.

        Does not commit: call it in the transaction that stores the article.

        Args:
            db: A writing transaction.
            named: Whom one article names.
            owner: The chat the article belongs to, None when shared. A private page joins shared speakers, but what it
                opens and how it spells them is seen in its chat only.
            at: When the article was read.
        """
        await hold(db, Lock.OPENING)
        folded = {person.name: fold_name(person.name) for person in named if len(person.name) <= MAX_NAME}
        known = await self._bearing(db, set().union(*map(looked_up, folded)), owner)
        found: dict[str, int | None] = {}
        for name, key in folded.items():
            if key:
                found[name] = await self._joined(db, key, known)
                if found[name] is None and spelt_out(name) != key:
                    found[name] = await self._joined(db, spelt_out(name), known)
        # Two spellings on one page are one speaker; the first names it.
        new: dict[str, str] = {}
        for name, speaker in found.items():
            if speaker is None:
                new.setdefault(level(folded[name]), name)
        opened = await self._open(db, new, owner, at)
        given = {name: opened[level(folded[name])] if speaker is None else speaker for name, speaker in found.items()}
        await self._keep_forms(db, named, given, owner)
        if owner is None and opened:
            await self._take_in_private(db, opened)
        shown = {form.speaker_id: form.person for forms in known.values() for form in forms}
        return {name: OpenedSpeaker(shown.get(own, own), own) for name, own in given.items()}

    async def candidates(self, db: AsyncConnection, channel: str, typed: str, *, limit: int = 5) -> list[Candidate]:
        """Return the speakers whom ``typed`` may mean, the best match first, then the most quoted.

        Args:
            db: A transaction.
            channel: Who asks: other chats' speakers are unknown there.
            typed: A name, or a part of one, in any spelling.
            limit: How many at most.
        """
        asked = fold_name(typed)
        if not asked:
            return []
        quick = await self._known(db, channel, speaker_names.c.surname == surname_of(asked))
        matches = [match for match in ranked(typed, quick) if match[0] in {Match.FULL, Match.WORD}]
        if not matches:
            # Few forms hold all the words; who is spelt nearly so is looked for only where there is none.
            holding = and_(*(speaker_names.c.folded.contains(word, autoescape=True) for word in asked.split(" ")))
            found = ranked(typed, await self._known(db, channel, holding))
            matches = [match for match in found if match[0] is not Match.NEAR]
        if not matches:
            # In a thread: with many names it takes a tenth of a second, in which nobody else would be answered.
            near = await self._known(db, channel, _may_be_near(asked))
            matches = await asyncio.to_thread(ranked, typed, near)
        best = {speaker: (match, near) for match, near, speaker in matches[: limit * 4]}
        counted = await self._counts(db, channel, list(best))
        candidates = [
            Candidate(speaker, name, *best[speaker], quotes=quoted, articles=articles, named=named)
            for speaker, name, quoted, articles, named in counted
        ]
        candidates.sort(key=lambda one: (one.match, -round(one.near), -one.quotes, -one.named, one.speaker_id))
        return candidates[:limit]

    async def by_number(self, db: AsyncConnection, channel: str, speaker_id: int) -> Candidate | None:
        """Return a speaker by number, of a merged one the other; None where the asker knows no such speaker."""
        if await self.name_of(db, channel, speaker_id) is None:
            return None
        ((shown, name, *counts),) = await self._counts(db, channel, [(await group_of(db, speaker_id))[0]])
        quoted, articles, named = counts
        return Candidate(shown, name, Match.FULL, 100.0, quotes=quoted, articles=articles, named=named)

    async def most_named(self, db: AsyncConnection, channel: str, *, limit: int = 20) -> list[Candidate]:
        """Return the speakers whom the most articles name, quoted or not."""
        count = func.count(distinct(mentions.c.article_id)).label("named")
        statement = (
            select(SHOWN_AS, count)
            .join(mentions, mentions.c.speaker_id == speakers.c.speaker_id)
            .where(visible(mentions, channel))
            .group_by(SHOWN_AS)
            .order_by(count.desc(), SHOWN_AS)
            .limit(limit)
        )
        chosen = [row[0] for row in await db.execute(statement)]
        counted = {row[0]: row for row in await self._counts(db, channel, chosen)}
        return [
            Candidate(shown, name, Match.FULL, 100.0, quotes=quoted, articles=articles, named=named)
            for shown, name, quoted, articles, named in (counted[one] for one in chosen)
        ]

    async def forms_of(self, db: AsyncConnection, channel: str, speaker_id: int) -> list[str]:
        """Return how the asker's pages print a speaker, and whoever was merged into them, the longest form first."""
        statement = (
            select(speaker_names.c.printed)
            .distinct()
            .where(speaker_names.c.speaker_id.in_(await group_of(db, speaker_id)), visible(speaker_names, channel))
        )
        return sorted((await db.execute(statement)).scalars(), key=lambda form: (-len(form), form))

    async def name_of(self, db: AsyncConnection, channel: str, speaker_id: int) -> str | None:
        """Return a speaker's name, None where the asker knows no such speaker; of a merged one, the other's."""
        shown = select(SHOWN_AS).where(speakers.c.speaker_id == speaker_id).scalar_subquery()
        statement = select(speakers.c.name).where(speakers.c.speaker_id == shown, visible(speakers, channel))
        return (await db.execute(statement)).scalar_one_or_none()

    async def quoted_most(
        self, db: AsyncConnection, channel: str, *, since: datetime | None = None, limit: int = 5
    ) -> list[SpeakerCount]:
        """Return the speakers with the most quotes, newer than ``since``, the most quoted first."""
        count = func.count().label("quotes")
        chosen = [LISTED, quotes.c.speaker_id.is_not(None), visible(quotes, channel)]
        if since is not None:
            chosen.append(quotes.c.newest_at > since)
        counted = (
            select(quotes.c.speaker_id, count, func.count(distinct(quotes.c.article_id)).label("articles"))
            .where(*chosen)
            .group_by(quotes.c.speaker_id)
            .order_by(count.desc(), quotes.c.speaker_id)
            .limit(limit)
            .subquery()
        )
        statement = (
            select(counted.c.speaker_id, speakers.c.name, counted.c.quotes, counted.c.articles)
            .join(speakers, speakers.c.speaker_id == counted.c.speaker_id)
            .order_by(counted.c.quotes.desc(), counted.c.speaker_id)
        )
        return [SpeakerCount(*row) for row in await db.execute(statement)]

    async def _joined(self, db: AsyncConnection, key: str, known: Mapping[str, Sequence[KnownName]]) -> int | None:
        bearers = known.get(surname_of(key), [])
        return joins(key, bearers, await self._named_in(db, key, bearers))

    async def _bearing(self, db: AsyncConnection, surnames: set[str], owner: str | None) -> dict[str, list[KnownName]]:
        """Return the known forms with these surnames, by surname: shared ones, and the owner's own."""
        bearing: dict[str, list[KnownName]] = {}
        statement, asked = _BEARING, {"surnames": list(surnames)}
        if owner is not None:
            statement = _forms().where(speaker_names.c.surname.in_(_SURNAMES), visible(speaker_names, owner))
        for speaker, folded, name, merged_into, printed in await db.execute(statement, asked):
            for spelling in {folded, spelt_out(printed)}:
                form = KnownName(speaker, spelling, fold_name(name) == folded, merged_into)
                bearing.setdefault(surname_of(spelling), []).append(form)
        return bearing

    async def _named_in(self, db: AsyncConnection, key: str, bearers: Sequence[KnownName]) -> Mapping[int, int]:
        """Return how many articles name each bearer; asked only where it decides."""
        if is_full(level(key)) or not bearers:
            return {}
        statement = (
            select(mentions.c.speaker_id, func.count())
            .where(mentions.c.speaker_id.in_({name.speaker_id for name in bearers}), mentions.c.owner_channel.is_(None))
            .group_by(mentions.c.speaker_id)
        )
        return {row[0]: row[1] for row in await db.execute(statement)}

    async def _open(
        self, db: AsyncConnection, new: Mapping[str, str], owner: str | None, at: datetime
    ) -> dict[str, int]:
        """Open a speaker for each (folded name, printed name); return them by folded name."""
        if not new:
            return {}
        rows = [{"name": name, "owner_channel": owner and chat_of(owner), "opened_at": at} for name in new.values()]
        ids = (await db.execute(_OPEN, rows)).scalars()
        return dict(zip(new, ids, strict=True))

    async def _keep_forms(
        self, db: AsyncConnection, named: Iterable[NamedSpeaker], found: Mapping[str, int], owner: str | None
    ) -> None:
        rows = {
            (found[person.name], form): fold_name(form)
            for person in named
            if person.name in found
            for form in dict.fromkeys((person.name, *person.aliases))
            if len(form) <= MAX_NAME
        }
        forms = [
            {
                "speaker_id": speaker,
                "owner_channel": owner and chat_of(owner),
                "printed": form,
                "folded": folded,
                "surname": surname_of(folded),
            }
            for (speaker, form), folded in rows.items()
            if folded
        ]
        if forms:
            await db.execute(_KEEP_FORMS[db.dialect.name], forms)

    async def _take_in_private(self, db: AsyncConnection, opened: Mapping[str, int]) -> None:
        """Let private speakers give way to shared ones of the same name that came later.

        Had the shared page come first, the private one would have joined it; the order must not matter. What is
        private stays so: quotes and forms keep their owner.
        """
        asked = {"surnames": [surname_of(name) for name in opened]}
        for private, name in (await db.execute(_PRIVATE, asked)).all():
            # As ``open`` compares: "The Ministry" gives way to "Ministry", "J. D. Toll" to "JD Toll".
            shared = opened.get(level(fold_name(name)))
            if shared is not None:
                await self._give_way(db, private, shared)

    async def _give_way(self, db: AsyncConnection, private: int, shared: int) -> None:
        # The token is the column's last word.
        kept = func.substr(quotes.c.search, 1, func.length(quotes.c.search) - len(speaker_token(private)))
        moved: dict[str, Any] = {"speaker_id": shared, "search": kept.concat(speaker_token(shared))}
        await db.execute(update(quotes).where(quotes.c.speaker_id == private).values(moved))
        for table in (speaker_names, mentions, subscriptions, taken_names):
            await db.execute(update(table).where(table.c.speaker_id == private).values(speaker_id=shared))
        await db.execute(delete(speakers).where(speakers.c.speaker_id == private))

    async def _known(self, db: AsyncConnection, channel: str, which: ColumnElement[bool] | None) -> list[KnownName]:
        statement = _forms().where(visible(speaker_names, channel))
        if which is not None:
            statement = statement.where(which)
        return [
            KnownName(merged_into or speaker, folded)
            for speaker, folded, _, merged_into, _ in await db.execute(statement)
        ]

    async def _counts(
        self, db: AsyncConnection, channel: str, chosen: list[int]
    ) -> list[tuple[int, str, int, int, int]]:
        """Return (speaker, name, quotes, articles quoted in, articles named in) of each chosen speaker."""
        quoted = (
            select(func.count(), func.count(distinct(quotes.c.article_id)))
            .where(quotes.c.speaker_id.in_(chosen), LISTED, visible(quotes, channel))
            .add_columns(quotes.c.speaker_id)
            .group_by(quotes.c.speaker_id)
        )
        named = (
            select(SHOWN_AS, func.count(distinct(mentions.c.article_id)))
            .join(speakers, speakers.c.speaker_id == mentions.c.speaker_id)
            .where(
                or_(speakers.c.speaker_id.in_(chosen), speakers.c.merged_into.in_(chosen)), visible(mentions, channel)
            )
            .group_by(SHOWN_AS)
        )
        by_quotes = {speaker: (count, articles) for count, articles, speaker in await db.execute(quoted)}
        by_names = {row[0]: row[1] for row in await db.execute(named)}
        names = select(speakers.c.speaker_id, speakers.c.name).where(speakers.c.speaker_id.in_(chosen))
        return [
            (speaker, name, *by_quotes.get(speaker, (0, 0)), by_names.get(speaker, 0))
            for speaker, name in await db.execute(names)
        ]


def _may_be_near(asked: str) -> ColumnElement[bool]:
    """Return the condition that a form, or its surname, is of a length that can be near: it loses none.

    Of two words, the ratio (0 to 100) is at most 200 times the shorter's length through the sum of both.
    """
    short, long = NEAR / (200 - NEAR) * len(asked), (200 - NEAR) / NEAR * len(asked)
    lengths = (func.length(column) for column in (speaker_names.c.folded, speaker_names.c.surname))
    return or_(*(length.between(short, long) for length in lengths))


def _forms() -> Select[int, str, str, int | None, str]:
    """Return the query for printed forms: (speaker, folded form, the speaker's printed name, merged into whom, form)."""
    name = func.coalesce(speakers.c.printed_name, speakers.c.name)
    form = speaker_names.c
    return select(form.speaker_id, form.folded, name, speakers.c.merged_into, form.printed).join(
        speakers, speakers.c.speaker_id == form.speaker_id
    )


# Made once: making a statement costs more than running it.
_KEEP_FORMS = unless_there(speaker_names)
_OPEN = made_once(insert(speakers).returning(speakers.c.speaker_id, sort_by_parameter_order=True))
_SURNAMES: BindParameter[set[str]] = bindparam("surnames", expanding=True)
_BEARING = made_once(_forms().where(speaker_names.c.surname.in_(_SURNAMES), speaker_names.c.owner_channel.is_(None)))
_PRIVATE = made_once(
    select(speakers.c.speaker_id, speakers.c.name)
    .distinct()
    .join(
        speaker_names,
        and_(speakers.c.speaker_id == speaker_names.c.speaker_id, speakers.c.owner_channel.is_not(None)),
    )
    .where(speaker_names.c.surname.in_(_SURNAMES), speaker_names.c.owner_channel.is_not(None))
)

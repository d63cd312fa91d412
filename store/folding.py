"""Quotes of several articles that are the same words: found when they are stored, and folded under one that is listed.

A folded quote keeps its row, its number and its proof; lists, counts and alerts go by the one it is folded under
(``quotes.same_as``). Nothing folds across owners, nor inside one article, where repetitions are told apart when they
are shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    union,
    update,
)

from store.database import DIALECTS, unless_there
from store.groups import SHOWN_AS
from store.made_once import made_once
from store.same_words import Said, fold_of, keys_of, not_theirs
from store.saving import whose
from store.scope import CURRENT, LISTED, visible
from store.search import words
from store.shared_tables import quote_keys, story_articles, taken_names
from store.tables import articles, quotes, speakers
from store.values import Sighting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_COMPARED = 300
"""Quotes that one article's are compared with, the newest; a phrase that everybody uses is found by thousands."""
STORY_ARTICLES = 30
"""Articles of the same story whose quotes are compared whatever their length, the last ones."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A quote that was stored, as far as folding goes by it.

    Attributes:
        described: How the page describes a speaker who has no id; None where it names one, or nobody.
    """

    quote_id: int
    text: str
    speaker_id: int | None
    described: str | None

    @property
    def speaker(self) -> int | str | None:
        """Who says it, comparable."""
        return self.described if self.speaker_id is None else self.speaker_id


@dataclass(frozen=True, slots=True)
class Folded:
    """What became of an article's new quotes.

    Attributes:
        under: Those folded under another, with that one.
        not_theirs: Those whose name an operator took back from the same words: they are folded as nobody's, and the
            caller takes the name.
    """

    under: Mapping[int, int]
    not_theirs: frozenset[int] = frozenset()


class SameWords:
    """Which quotes are one. What changes something does not commit."""

    async def fold(  # noqa: PLR0913 - what two quotes are compared by
        self,
        db: AsyncConnection,
        article_id: int,
        owner: str | None,
        new: Sequence[Kept],
        *,
        at: datetime,
        story_id: int | None,
    ) -> Folded:
        """Fold an article's new quotes with those that are there.

        Args:
            db: A writing transaction, under the lock for opening articles.
            article_id: Whose quotes they are.
            owner: The chat it belongs to; None when shared.
            new: Quotes that are in no fold yet.
            at: What "newest" goes by for the article.
            story_id: The article's; None where it has none.
        """
        if not new:
            return Folded({})
        said = {one.quote_id: Said(tuple(words(one.text)), one.speaker, at, story_id) for one in new}
        keys = {quote_id: keys_of(each.words) for quote_id, each in said.items()}
        wanted = list(frozenset().union(*keys.values()))
        asked = {
            "keys": json.dumps(wanted) if db.dialect.name == "sqlite" else wanted,
            "article": article_id,
            "story": story_id,
            "speakers": [one.speaker_id for one in new if one.speaker_id is not None],
            "whoever": any(one.speaker is None for one in new),
        }
        if owner is not None:
            asked["owner"] = owner
        rows = [(row, said_of(row)) for row in await db.execute(THERE[db.dialect.name, owner is None], asked)]
        own = [(row, each) for row, each in rows if row.owner_channel == owner and row.article_id != article_id]
        there = [(row.quote_id, each) for row, each in own if row.state == "current" and row.same_as is None]
        judged = [each for _, each in rows if each.taken is not None]
        wrong = {one for one, each in said.items() if any(not_theirs(each, other) for other in judged)}
        said |= {one: said[one].without_name() for one in wrong}
        under, over = _decided(said, there)
        under |= _behind(
            {one: said[one] for one in wrong if one not in under and one not in over.values()},
            [(row.same_as, each) for row, each in own if row.same_as is not None],
        )
        if under:
            await db.execute(_FOLD, [{"quote": quote_id, "head": head} for quote_id, head in under.items()])
        for old, head in over.items():
            await db.execute(_LEAD, {"quote": old, "head": head})
        if over:
            await db.execute(_DROP_KEYS, {"quotes": list(over)})
        await keep_keys(db, {one: each for one, each in keys.items() if one not in under or one in wrong})
        return Folded(under, frozenset(wrong))

    async def part(self, db: AsyncConnection, quote_ids: Sequence[int]) -> None:
        """Take quotes out of their folds, because they changed, went, or will be deleted.

        The others that were folded under one of them are folded among themselves, as if it had never been there: two
        parts of what it said are not the same words.
        """
        if not quote_ids:
            return
        chosen = {"quotes": list(quote_ids)}
        left: dict[int, dict[int, Said]] = {}
        for row in (await db.execute(_LEFT, chosen)).all():
            left.setdefault(row.same_as, {})[row.quote_id] = said_of(row)
        await db.execute(_FREE, chosen)
        await db.execute(_DROP_KEYS, chosen)
        for others in left.values():
            under = _among(others)
            if under:
                await db.execute(_FOLD, [{"quote": quote_id, "head": head} for quote_id, head in under.items()])
            await keep_keys(db, {one: keys_of(each.words) for one, each in others.items() if one not in under})

    async def known(self, db: AsyncConnection, same_words: Mapping[int, int], bar: float) -> dict[int, int]:
        """Return those folds whose listed quote had a speaker before, at or above ``bar``: what could be told, was."""
        if not same_words:
            return {}
        asked = {"heads": list(set(same_words.values())), "bar": bar}
        sure = set((await db.execute(_SURE, asked)).scalars())
        return {quote_id: head for quote_id, head in same_words.items() if head in sure}

    async def sightings(
        self, db: AsyncConnection, channel: str, quote_ids: Iterable[int]
    ) -> dict[int, tuple[Sighting, ...]]:
        """Return where else the words of quotes stand, the first seen first; quotes that stand nowhere else are left out."""
        chosen = list(quote_ids)
        one, other = quotes.alias("one"), quotes.alias("other")
        head = func.coalesce(one.c.same_as, one.c.quote_id)
        statement = (
            select(
                one.c.quote_id.label("asked"),
                other.c.quote_id,
                other.c.article_id,
                articles.c.outlet,
                articles.c.url,
                articles.c.fetched_at,
            )
            .join(other, or_(other.c.quote_id == head, other.c.same_as == head))
            .join(articles, articles.c.article_id == other.c.article_id)
            .where(one.c.quote_id.in_(chosen), other.c.article_id != one.c.article_id)
            .where(other.c.state == "current", visible(other, channel), visible(one, channel))
            .order_by(other.c.quote_id)
        )
        found: dict[int, list[Sighting]] = {}
        for asked, *row in await db.execute(statement):
            found.setdefault(asked, []).append(Sighting(*row))
        return {asked: tuple(each) for asked, each in found.items()}


async def keep_keys(db: AsyncConnection, keys: Mapping[int, Iterable[int]]) -> None:
    """Keep by what quotes are found: those that are listed, and those that lost a name. Does not commit."""
    # In the index's order: what is beside each other is found at once.
    pairs = sorted((key, quote_id) for quote_id, found in keys.items() for key in found)
    if pairs:
        await db.execute(_KEEP_KEYS[db.dialect.name], [{"key": key, "quote_id": quote_id} for key, quote_id in pairs])


def _decided(said: Mapping[int, Said], there: Sequence[tuple[int, Said]]) -> tuple[dict[int, int], dict[int, int]]:
    """Return which new quotes are folded under which, and which old ones under which new one; pure."""
    under: dict[int, int] = {}
    over: dict[int, int] = {}
    for quote_id, each in said.items():
        alike = [(fold, old) for old, other in there if (fold := fold_of(each, other)) is not None]
        # The surest, then the first seen.
        fold, head = min(alike, default=(None, 0))
        if fold is None:
            continue
        if not fold.new_leads:
            under[quote_id] = over.get(head, head)
        else:
            for each_fold, old in alike:
                if each_fold.new_leads:
                    over.setdefault(old, quote_id)
    return under, over


def _among(said: Mapping[int, Said]) -> dict[int, int]:
    """Return which of some quotes are folded under which of them, as if they came one after the other; pure."""
    heads: dict[int, Said] = {}
    under: dict[int, int] = {}
    for quote_id, each in said.items():
        behind, over = _decided({quote_id: each}, list(heads.items()))
        under |= behind
        for old in over:
            del heads[old]
            under = {one: quote_id if head == old else head for one, head in under.items()} | {old: quote_id}
        if not behind:
            heads[quote_id] = each
    return under


def _behind(said: Mapping[int, Said], folded: Sequence[tuple[int, Said]]) -> dict[int, int]:
    """Return which quotes are folded where the same words are folded, of pairs of a listed quote and such words; pure."""
    found: dict[int, int] = {}
    for quote_id, each in said.items():
        heads = [head for head, other in folded if (fold := fold_of(each, other)) is not None and not fold.new_leads]
        if heads:
            found[quote_id] = heads[0]
    return found


def said_of(row: Row[Any]) -> Said:
    """Return a row of ``SAYING`` as it is compared."""
    speaker = row.name if row.speaker_id is None else row.speaker_id
    taken = row.described if row.taken_from is None else row.taken_from
    return Said(tuple(words(row.text)), speaker, row.newest_at, row.story_id, taken)


_TAKEN = taken_names.c.quote_id.is_not(None)
"""The condition that a name was taken back from a quote: no copy of it is theirs, whether it is listed or not."""
SAYING: Select[Any] = (
    select(
        quotes.c.quote_id,
        quotes.c.speaker_id,
        quotes.c.name,
        quotes.c.text,
        quotes.c.newest_at,
        quotes.c.article_id,
        quotes.c.owner_channel,
        quotes.c.state,
        quotes.c.same_as,
        story_articles.c.story_id,
        taken_names.c.described,
        SHOWN_AS.label("taken_from"),
    )
    .outerjoin(story_articles, story_articles.c.article_id == quotes.c.article_id)
    .outerjoin(taken_names, taken_names.c.quote_id == quotes.c.quote_id)
    .outerjoin(speakers, speakers.c.speaker_id == taken_names.c.speaker_id)
)
"""What is compared of quotes."""


def _there(dialect: str, *, shared: bool | None) -> Select[Any]:
    """Return the query for quotes that may be the same words: listed ones, and those that lost a name; the last first.

    Those of the owner; of a private page's owner also what lost a name for everybody; anybody's where ``shared`` is None.
    """
    # The keys are one parameter: a hundred of them, now more, now fewer, would be another statement each time.
    wanted: ColumnElement[bool]
    if dialect == "sqlite":
        each = func.json_each(bindparam("keys")).table_valued("value")
        wanted = quote_keys.c.key.in_(select(each.c.value))
    else:
        wanted = quote_keys.c.key == any_(bindparam("keys", type_=ARRAY(BigInteger)))
    by_keys = select(quote_keys.c.quote_id).where(wanted)
    theirs: BindParameter[list[int]] = bindparam("speakers", expanding=True)
    of_story = (
        select(story_articles.c.article_id)
        .where(story_articles.c.story_id == bindparam("story"))
        .order_by(story_articles.c.placed.desc())
        .limit(STORY_ARTICLES)
    )
    # By article, not by speaker: SQLite would look through all that somebody ever said.
    of_them = or_(
        func.coalesce(quotes.c.speaker_id, 0).in_(theirs), exists().where(taken_names.c.quote_id == quotes.c.quote_id)
    )
    in_story = select(quotes.c.quote_id).where(quotes.c.article_id.in_(of_story), of_them)
    seen: ColumnElement[bool] = true()
    if shared is not None:
        seen = whose(quotes, shared=shared)
    if shared is False:
        seen = or_(seen, and_(quotes.c.owner_channel.is_(None), _TAKEN))
    return (
        SAYING.where(quotes.c.quote_id.in_(union(by_keys, in_story)), seen)
        .where(or_(and_(LISTED, quotes.c.article_id != bindparam("article")), _TAKEN))
        # Two named speakers are never one, so only nobody's words can be anybody's.
        .where(or_(quotes.c.speaker_id.in_(theirs), quotes.c.speaker_id.is_(None), bindparam("whoever", type_=Boolean)))
        .order_by(quotes.c.quote_id.desc())
        .limit(MOST_COMPARED)
    )


THERE = {
    (dialect, shared): made_once(_there(dialect, shared=shared))
    for dialect in DIALECTS
    for shared in (True, False, None)
}
"""See ``_there``."""
_SURE = made_once(
    select(quotes.c.quote_id).where(
        quotes.c.quote_id.in_(bindparam("heads", expanding=True)), quotes.c.confidence >= bindparam("bar")
    )
)
_FOLD = made_once(update(quotes).where(quotes.c.quote_id == bindparam("quote")).values(same_as=bindparam("head")))
_LEAD = (
    update(quotes)
    .where(or_(quotes.c.quote_id == bindparam("quote"), quotes.c.same_as == bindparam("quote")))
    .values(same_as=bindparam("head"))
)
_CHOSEN: BindParameter[list[int]] = bindparam("quotes", expanding=True)
_FREE = update(quotes).where(or_(quotes.c.quote_id.in_(_CHOSEN), quotes.c.same_as.in_(_CHOSEN))).values(same_as=None)
# By these, copies that come later are found.
_NEEDED = exists().where(taken_names.c.quote_id == quote_keys.c.quote_id)
_DROP_KEYS = delete(quote_keys).where(quote_keys.c.quote_id.in_(_CHOSEN), ~_NEEDED)
_KEEP_KEYS = unless_there(quote_keys)
_LEFT: Select[Any] = SAYING.where(quotes.c.same_as.in_(_CHOSEN), CURRENT, quotes.c.quote_id.not_in(_CHOSEN)).order_by(
    quotes.c.quote_id
)

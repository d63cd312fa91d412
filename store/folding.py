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
    any_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union,
    update,
)

from store.database import DIALECTS
from store.made_once import made_once
from store.same_words import Said, fold_of, keys_of
from store.saving import whose
from store.scope import CURRENT, LISTED, visible
from store.search import words
from store.shared_tables import quote_keys, story_articles
from store.tables import articles, quotes
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
    ) -> dict[int, int]:
        """Fold an article's new quotes with those that are there; return those folded under another, with that one.

        Args:
            db: A writing transaction, under the lock for opening articles.
            article_id: Whose quotes they are.
            owner: The chat it belongs to; None when shared.
            new: Quotes that are in no fold yet.
            at: What "newest" goes by for the article.
            story_id: The article's; None where it has none.
        """
        if not new:
            return {}
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
        rows = await db.execute(_THERE[db.dialect.name, owner is None], asked)
        there = [(row.quote_id, _said(row)) for row in rows]
        under, over = _decided(said, there)
        if under:
            await db.execute(_FOLD, [{"quote": quote_id, "head": head} for quote_id, head in under.items()])
        for old, head in over.items():
            await db.execute(_LEAD, {"quote": old, "head": head})
        if over:
            await db.execute(_DROP_KEYS, {"quotes": list(over)})
        await self._keep_keys(db, {one: each for one, each in keys.items() if one not in under})
        return under

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
            left.setdefault(row.same_as, {})[row.quote_id] = _said(row)
        await db.execute(_FREE, chosen)
        await db.execute(_DROP_KEYS, chosen)
        for others in left.values():
            under = _among(others)
            if under:
                await db.execute(_FOLD, [{"quote": quote_id, "head": head} for quote_id, head in under.items()])
            await self._keep_keys(db, {one: keys_of(each.words) for one, each in others.items() if one not in under})

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

    async def _keep_keys(self, db: AsyncConnection, keys: Mapping[int, Iterable[int]]) -> None:
        # In the index's order: what is beside each other is found at once.
        pairs = sorted((key, quote_id) for quote_id, found in keys.items() for key in found)
        if pairs:
            await db.execute(_KEEP_KEYS, [{"key": key, "quote_id": quote_id} for key, quote_id in pairs])


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


def _said(row: Row[Any]) -> Said:
    speaker = row.name if row.speaker_id is None else row.speaker_id
    return Said(tuple(words(row.text)), speaker, row.newest_at, row.story_id)


def _there(dialect: str, *, shared: bool) -> Select[Any]:
    """Return the query for listed quotes that may be the same words, the last first."""
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
    of_them = func.coalesce(quotes.c.speaker_id, 0).in_(theirs)
    in_story = select(quotes.c.quote_id).where(quotes.c.article_id.in_(of_story), of_them)
    placed = story_articles.c.article_id == quotes.c.article_id
    return (
        select(
            quotes.c.quote_id,
            quotes.c.speaker_id,
            quotes.c.name,
            quotes.c.text,
            quotes.c.newest_at,
            story_articles.c.story_id,
        )
        .outerjoin(story_articles, placed)
        .where(quotes.c.quote_id.in_(union(by_keys, in_story)), quotes.c.article_id != bindparam("article"))
        .where(LISTED, whose(quotes, shared=shared))
        # Two named speakers are never one, so only nobody's words can be anybody's.
        .where(or_(quotes.c.speaker_id.in_(theirs), quotes.c.speaker_id.is_(None), bindparam("whoever", type_=Boolean)))
        .order_by(quotes.c.quote_id.desc())
        .limit(MOST_COMPARED)
    )


_THERE = {
    (dialect, shared): made_once(_there(dialect, shared=shared)) for dialect in DIALECTS for shared in (True, False)
}
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
_DROP_KEYS = delete(quote_keys).where(quote_keys.c.quote_id.in_(bindparam("quotes", expanding=True)))
_KEEP_KEYS = made_once(insert(quote_keys))
_LEFT: Select[Any] = (
    select(
        quotes.c.same_as,
        quotes.c.quote_id,
        quotes.c.speaker_id,
        quotes.c.name,
        quotes.c.text,
        quotes.c.newest_at,
        story_articles.c.story_id,
    )
    .outerjoin(story_articles, story_articles.c.article_id == quotes.c.article_id)
    .where(quotes.c.same_as.in_(_CHOSEN), CURRENT, quotes.c.quote_id.not_in(_CHOSEN))
    .order_by(quotes.c.quote_id)
)

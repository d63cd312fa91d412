"""Names that an operator took back from quotes, and from the same words wherever else they stand.

A copy that an outlet prints later is compared with such quotes when it is stored (``folding``), so no name comes back with
it. Who is quoted under another name is judged by itself.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, and_, bindparam, case, func, or_, select, union, update

from store.database import insert_for
from store.feedback import Decision, Fault
from store.folding import SAYING, THERE, SameWords, keep_keys, said_of
from store.same_words import fold_of, keys_of
from store.scope import CURRENT
from store.search import words
from store.shared_tables import taken_names
from store.tables import feedback, quotes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.same_words import Said
    from summaries.values import Quote

CARRIED_ON = "carry_over"
"""The rule of a quote that has its speaker from the one before it."""
_NAMED = ("speaker_id", "own_speaker_id", "name", "rule", "confidence", "mention_start", "mention_end", "mention_text")
NAMELESS = dict.fromkeys((*_NAMED, "cue_start", "cue_end", "cue_text"))
"""What a quote's row says when nobody is named for it."""


class TakenNames:
    """Whose words these are not. What changes something does not commit."""

    async def take(self, db: AsyncConnection, quote_id: int) -> list[int]:
        """Take the speaker back from a quote, from those that have theirs from it, and from all copies; return them.

        The quote comes first. Their words stay; that they are not this speaker's is remembered.
        """
        first = await self._copies(db, [quote_id])
        wrong = list(dict.fromkeys((*first, *await self._copies(db, await self.carried_on_from(db, first)))))
        wrong += await self.carried_on_from(db, wrong)
        await self._take_from(db, wrong)
        return list(dict.fromkeys((quote_id, *wrong)))

    async def nameless(
        self, db: AsyncConnection, stored: Iterable[Quote], not_theirs: AbstractSet[int]
    ) -> tuple[Quote, ...]:
        """Return an article's quotes after some of them lost their names, with what is carried on from them."""
        wrong = await self.take_with_carried(db, not_theirs)
        return tuple(replace(one, attribution=None) if one.quote_id in wrong else one for one in stored)

    async def take_with_carried(self, db: AsyncConnection, quote_ids: AbstractSet[int]) -> AbstractSet[int]:
        """Take the speakers back from these quotes and from those that have theirs from them; return all of them."""
        if not quote_ids:
            return quote_ids
        wrong = quote_ids | set(await self.carried_on_from(db, quote_ids))
        await self._take_from(db, wrong)
        return wrong

    async def _take_from(self, db: AsyncConnection, quote_ids: Iterable[int]) -> None:
        """Take the speakers back from these quotes alone; words that are somebody's still are not listed under them."""
        wrong_ones = set(quote_ids)
        if not wrong_ones:
            return
        chosen = quotes.c.quote_id.in_(wrong_ones)
        described = case((quotes.c.speaker_id.is_(None), quotes.c.name))
        whose = func.coalesce(quotes.c.own_speaker_id, quotes.c.speaker_id)
        wrong = select(quotes.c.quote_id, whose, described).where(chosen, quotes.c.name.is_not(None))
        columns = ["quote_id", "speaker_id", "described"]
        await db.execute(insert_for(db)(taken_names).from_select(columns, wrong).on_conflict_do_nothing())
        await db.execute(update(quotes).where(chosen).values(NAMELESS))
        # Nobody's words do not hide somebody's.
        hidden = and_(quotes.c.same_as.in_(wrong_ones), quotes.c.name.is_not(None))
        await SameWords().part(
            db, (await db.execute(select(quotes.c.same_as).where(hidden).distinct())).scalars().all()
        )
        texts = await db.execute(select(quotes.c.quote_id, quotes.c.text).where(chosen))
        await keep_keys(db, {row.quote_id: keys_of(words(row.text)) for row in texts})

    async def carried_on_from(self, db: AsyncConnection, quote_ids: Iterable[int]) -> list[int]:
        """Return the quotes that have their speaker from one of these: it goes with that."""
        origin = quotes.alias()
        there = and_(
            origin.c.article_id == quotes.c.article_id,
            origin.c.mention_start == quotes.c.mention_start,
            origin.c.mention_end == quotes.c.mention_end,
        )
        theirs = (
            select(quotes.c.quote_id)
            .distinct()
            .join(origin, there)
            .where(
                origin.c.quote_id.in_(set(quote_ids)), origin.c.rule != CARRIED_ON, quotes.c.rule == CARRIED_ON, CURRENT
            )
        )
        return sorted((await db.execute(theirs)).scalars())

    async def among(self, db: AsyncConnection, quote_ids: Iterable[int]) -> set[int]:
        """Return which of these quotes lost their name by an operator's word."""
        asked = set(quote_ids)
        lost = select(taken_names.c.quote_id).where(taken_names.c.quote_id.in_(asked))
        # Of what was decided by earlier releases, whose name it was is not always known.
        agreed = and_(feedback.c.kind == Fault.WRONG_SPEAKER, feedback.c.decision == Decision.RIGHT)
        said = select(feedback.c.quote_id).where(feedback.c.quote_id.in_(asked), agreed)
        return set((await db.execute(union(lost, said))).scalars())

    async def _copies(self, db: AsyncConnection, quote_ids: Iterable[int]) -> list[int]:
        """Return the quotes that are the same words by the same speaker as some of a number, these among them.

        Also those of the same article, and of pages that belong to chats; of what is private, its own chat's only.
        """
        found: dict[int, None] = {}
        for row in (await db.execute(_CHOSEN, {"quotes": list(quote_ids)})).all():
            mine = replace(said_of(row), story=row.story_id or -row.article_id)
            if mine.speaker is None:
                continue
            heads = [row.same_as or row.quote_id, *await self._alike(db, row, mine)]
            named = and_(quotes.c.speaker_id.is_(None), quotes.c.name == row.name)
            if row.speaker_id is not None:
                named = quotes.c.speaker_id == row.speaker_id
            folds = or_(quotes.c.quote_id.in_(heads), quotes.c.same_as.in_(heads))
            copies = (await db.execute(select(quotes.c.quote_id).where(folds, named))).scalars()
            found |= dict.fromkeys((row.quote_id, *sorted(copies)))
        return list(found)

    async def _alike(self, db: AsyncConnection, row: Row[Any], mine: Said) -> list[int]:
        """Return the quotes that are the same words as one by the same speaker: listed ones, and those of its article."""
        keys, owner = list(keys_of(mine.words)), row.owner_channel
        asked = {
            "keys": json.dumps(keys) if db.dialect.name == "sqlite" else keys,
            "article": row.article_id,
            "story": row.story_id,
            "speakers": [] if row.speaker_id is None else [row.speaker_id],
            "whoever": False,
        }
        whose = {} if owner is None else {"owner": owner}
        elsewhere = await db.execute(THERE[db.dialect.name, None if owner is None else False], asked | whose)
        others = [(one.quote_id, said_of(one)) for one in elsewhere]
        here = await db.execute(_OF_ARTICLE, {"article": row.article_id})
        others += [(one.quote_id, replace(said_of(one), story=mine.story)) for one in here]
        return [one for one, other in others if other.speaker == mine.speaker and fold_of(mine, other) is not None]


_QUOTES: BindParameter[list[int]] = bindparam("quotes", expanding=True)
_CHOSEN = SAYING.where(quotes.c.quote_id.in_(_QUOTES)).order_by(quotes.c.quote_id)
_OF_ARTICLE = SAYING.where(quotes.c.article_id == bindparam("article"), CURRENT).order_by(quotes.c.quote_id)

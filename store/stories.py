"""Stories: which articles are about one event, decided in the transaction that stores an article.

What the decision goes by is too much to be written with every article: it is held in memory, and what was placed is
written down. Who comes later, or after a restart, takes the state that was kept last and places again what was placed
since, each article in the story it was said to be in. Where nothing went meanwhile, that gives the very same memory,
because a decision depends on nothing but what was placed before.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, insert, select

from store.database import DIALECTS, insert_of
from store.locks import Lock, hold
from store.made_once import made_once
from store.rows import newest_at
from store.shared_tables import stories, story_articles, story_states
from store.tables import articles, revisions
from summaries.stories import StoryPlacer, StoryState, StoryText
from summaries.story_data import parse_story_state, story_state_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from summaries.values import Analysis

KEPT_EVERY = 1000
"""Articles between two states that are kept: making one takes a third of a second, placing a thousand again two or three."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs.

    Attributes:
        copy_of: The earlier article whose words it has; None where it is nobody's copy.
    """

    article_id: int
    story_id: int
    copy_of: int | None


@dataclass(frozen=True, slots=True)
class StoredStory:
    """Articles about one event.

    Attributes:
        headline: The title of the first.
        first_seen_at: When its earliest article was printed, as far as we saw.
        last_seen_at: When its latest was.
        articles: All of them, in the order they came.
    """

    story_id: int
    headline: str
    first_seen_at: datetime
    last_seen_at: datetime
    articles: tuple[Placed, ...]


class Stories:
    """What articles are about. It remembers, between two articles, what the database says: keep one for all of them.

    Args:
        kept_every: Articles between two states that are kept.
        begins: What is known before the first article is placed: how common words are.
    """

    def __init__(self, kept_every: int = KEPT_EVERY, begins: StoryState | None = None) -> None:
        self._kept_every = kept_every
        self._begins = begins or StoryState()
        self._placer: StoryPlacer | None = None
        self._last: tuple[int, int] | None = None  # (place in the order, article) of what was placed last
        self._kept = 0

    async def place(self, db: AsyncConnection, article_id: int, analysis: Analysis) -> Placed:
        """Place a new shared article and return where it belongs.

        Does not commit: call it in the transaction that stores the article, under the lock for opening articles.
        """
        placer = await self._up_to_date(db)
        at, title = newest_at(analysis.article), analysis.article.title or ""
        placed = 1 + max(self._kept, self._last[0] if self._last else 0)
        # Before anything can fail: what is undone is seen by this not standing in the database.
        self._last = (placed, article_id)
        placement = placer.place(StoryText(str(article_id), title, analysis.article.text, at, analysis.opening))
        original = None if placement.copy_of is None else int(placement.copy_of)
        story = {"story_id": placement.story_id, "headline": title, "first_seen_at": at, "last_seen_at": at}
        row = {"article_id": article_id, "story_id": placement.story_id, "placed": placed, "title": title, "at": at}
        await db.execute(_GROWN[db.dialect.name], story)
        copy_of = (await db.execute(_PLACE, row | {"original": original})).scalar_one()
        if placed - self._kept >= self._kept_every:
            await self._keep(db, placer, placed)
        return Placed(article_id, placement.story_id, copy_of)

    async def of_articles(self, db: AsyncConnection, article_ids: Sequence[int]) -> dict[int, Placed]:
        """Return where articles belong; private ones, and those read before there were stories, are in none."""
        rows = await db.execute(_OF_ARTICLES, {"article_ids": list(article_ids)})
        return {row.article_id: Placed(row.article_id, row.story_id, row.copy_of) for row in rows}

    async def latest(
        self, db: AsyncConnection, *, since: datetime | None = None, until: datetime | None = None, limit: int = 20
    ) -> list[StoredStory]:
        """Return the stories that somebody printed something about, the newest first.

        Stories hold shared articles only, so every asker may see them.

        Args:
            db: A transaction.
            since: Only those with an article printed after.
            until: Only those whose last article was printed before, or then.
            limit: How many at most.
        """
        chosen = select(stories).order_by(stories.c.last_seen_at.desc(), stories.c.story_id.desc()).limit(limit)
        chosen = chosen.where(stories.c.story_id.in_(select(story_articles.c.story_id)))
        if since is not None:
            chosen = chosen.where(stories.c.last_seen_at > since)
        if until is not None:
            chosen = chosen.where(stories.c.last_seen_at <= until)
        found = (await db.execute(chosen)).all()
        members: dict[int, list[Placed]] = {row.story_id: [] for row in found}
        for row in await db.execute(_MEMBERS, {"story_ids": list(members)}):
            members[row.story_id].append(Placed(row.article_id, row.story_id, row.copy_of))
        return [
            StoredStory(row.story_id, row.headline, row.first_seen_at, row.last_seen_at, tuple(members[row.story_id]))
            for row in found
        ]

    async def settle(self, db: AsyncConnection) -> None:
        """Keep the state as it is now: the texts of what was placed so far are needed no more. Does not commit.

        Without it, articles whose texts were dropped would be placed again after a restart without them, and what comes
        next would find their stories by titles alone.
        """
        await hold(db, Lock.OPENING)
        placer = await self._up_to_date(db)
        # Not what we kept last: that may have been undone.
        kept = (await db.execute(_LAST_KEPT)).scalar_one()
        if self._last is not None and self._last[0] > (kept or 0):
            await self._keep(db, placer, self._last[0])

    async def _up_to_date(self, db: AsyncConnection) -> StoryPlacer:
        """Return the placer that knows all that was placed, whoever placed it, and nothing that was undone."""
        if self._placer is not None and self._last is not None:
            first = self._last[0]
            rows = [(row.placed, row.article_id) for row in await db.execute(_SINCE, {"placed": first})]
            # What was undone, or forgotten, is seen by this.
            if self._last in rows[:1]:
                await self._place_again(db, self._placer, [placed for placed, _ in rows if placed > first])
                return self._placer
        self._placer, self._last = await self._load(db), None
        since = await db.execute(_SINCE, {"placed": self._kept + 1})
        await self._place_again(db, self._placer, [row.placed for row in since])
        return self._placer

    async def _load(self, db: AsyncConnection) -> StoryPlacer:
        """Return a placer with the state that was kept last, or one that begins anew where there is none."""
        row = (await db.execute(_LAST_STATE)).first()
        self._kept = 0
        if row is not None:
            self._kept = row.placed
            try:
                data: Mapping[str, object] = json.loads(zlib.decompress(row.state))
                return StoryPlacer(parse_story_state(data))
            except (ValueError, zlib.error):
                # Kept by another version. New stories begin; the old ones keep their numbers.
                last: int | None = (await db.execute(select(func.max(stories.c.story_id)))).scalar_one()
                return StoryPlacer(replace(self._begins, next_id=1 + (last or 0)))
        return StoryPlacer(self._begins)

    async def _place_again(self, db: AsyncConnection, placer: StoryPlacer, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        for row in (await db.execute(_AGAIN, {"first": numbers[0], "last": numbers[-1]})).all():
            # Without the articles that were deleted since it might open another's story.
            placer.place(StoryText(str(row.article_id), row.title, row.text or "", row.at), told=row.story_id)
            self._last = (row.placed, row.article_id)

    async def _keep(self, db: AsyncConnection, placer: StoryPlacer, placed: int) -> None:
        data = json.dumps(story_state_data(placer.state()), separators=(",", ":"), ensure_ascii=False)
        await db.execute(delete(story_states))
        state = zlib.compress(data.encode(errors="surrogatepass"), level=1)
        await db.execute(insert(story_states), {"placed": placed, "state": state})
        self._kept = placed


def _grown(dialect: str) -> Any:  # noqa: ANN401 - each dialect has its own type
    """Return the statement that opens a story, or lets it grow."""
    statement = insert_of(dialect)(stories)
    new = statement.excluded
    least, most = (func.min, func.max) if dialect == "sqlite" else (func.least, func.greatest)
    changed = {
        "first_seen_at": least(stories.c.first_seen_at, new.first_seen_at),
        "last_seen_at": most(stories.c.last_seen_at, new.last_seen_at),
    }
    return statement.on_conflict_do_update(index_elements=["story_id"], set_=changed)


# Made once: making a statement costs more than running it.
_GROWN = {dialect: made_once(_grown(dialect)) for dialect in DIALECTS}
# What it is a copy of may be deleted since, in another process: what is remembered here does not show that.
_ORIGINAL = select(articles.c.article_id).where(articles.c.article_id == bindparam("original")).scalar_subquery()
_PLACE = made_once(insert(story_articles).values(copy_of=_ORIGINAL).returning(story_articles.c.copy_of))
_OF_ARTICLES = select(story_articles).where(story_articles.c.article_id.in_(bindparam("article_ids", expanding=True)))
_MEMBERS = (
    select(story_articles)
    .where(story_articles.c.story_id.in_(bindparam("story_ids", expanding=True)))
    .order_by(story_articles.c.placed)
)
_SINCE = made_once(
    select(story_articles.c.placed, story_articles.c.article_id)
    .where(story_articles.c.placed >= bindparam("placed"))
    .order_by(story_articles.c.placed)
)
_LAST_KEPT = select(func.max(story_states.c.placed))
_LAST_STATE = select(story_states).order_by(story_states.c.placed.desc()).limit(1)
_AGAIN = (
    select(
        story_articles.c.placed,
        story_articles.c.article_id,
        story_articles.c.story_id,
        story_articles.c.title,
        story_articles.c.at,
        revisions.c.text,
    )
    .join(revisions, and_(revisions.c.article_id == story_articles.c.article_id, revisions.c.number == 1))
    .where(story_articles.c.placed.between(bindparam("first"), bindparam("last")))
    .order_by(story_articles.c.placed)
)

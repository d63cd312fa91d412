"""What stories keep of an article: its place, a headline, and words in the memory by which further articles are placed."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, update

from store.rows_gone import delete_rows
from store.shared_tables import stories, story_articles, story_states
from summaries.story_data import parse_story_state, story_state_data

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.rows_gone import Gone


async def stories_of(db: AsyncConnection, article_ids: Collection[int]) -> list[int]:
    """Return the stories that articles are in."""
    some = select(story_articles.c.story_id).distinct().where(story_articles.c.article_id.in_(article_ids))
    return list((await db.execute(some)).scalars())


async def tidy_stories(db: AsyncConnection, story_ids: Collection[int], gone: Gone) -> None:
    """After articles are deleted: end stories that have none left, and name the others by the first that is."""
    left = exists().where(story_articles.c.story_id == stories.c.story_id)
    await delete_rows(db, stories, stories.c.story_id.in_(story_ids) & ~left, gone)
    first = (
        select(story_articles.c.title)
        .where(story_articles.c.story_id == stories.c.story_id)
        .order_by(story_articles.c.placed)
        .limit(1)
        .scalar_subquery()
    )
    await db.execute(update(stories).where(stories.c.story_id.in_(story_ids)).values(headline=first))


async def drop_memory(db: AsyncConnection, article_ids: Collection[int]) -> None:
    """After articles are deleted: take their open stories out of the memory, so that what comes later opens new ones.

    How many articles have a word is counted on, without saying which.
    """
    texts = {str(one) for one in article_ids}
    for row in (await db.execute(select(story_states))).all():
        try:
            state = parse_story_state(json.loads(zlib.decompress(row.state)))
        except (ValueError, zlib.error):
            continue  # of another version: it is not read any more, and the next one replaces it
        open_ones = tuple(one for one in state.stories if texts.isdisjoint(one.story.article_ids))
        if len(open_ones) < len(state.stories):
            data = json.dumps(story_state_data(replace(state, stories=open_ones)), separators=(",", ":"))
            kept = update(story_states).where(story_states.c.placed == row.placed)
            await db.execute(kept.values(state=zlib.compress(data.encode(), level=1)))
    await _number_last_anew(db)


async def _number_last_anew(db: AsyncConnection) -> None:
    """Let whoever remembers what was placed see that it is not what they know, and take it from here again.

    What they go by is where the last article was placed (``store.stories``).
    """
    order = story_articles.c.placed
    last = (await db.execute(select(order).order_by(order.desc()).limit(1))).scalar_one_or_none()
    kept = (await db.execute(select(func.max(story_states.c.placed)))).scalar_one()
    if last is None:
        return
    fresh = 1 + max(last, kept or 0)
    await db.execute(update(story_articles).where(order == last).values(placed=fresh))
    if kept is not None and kept >= last:
        # The state holds the last article already: it is not to be placed again.
        await db.execute(update(story_states).where(story_states.c.placed == kept).values(placed=fresh))

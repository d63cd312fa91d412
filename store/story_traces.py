"""What stories keep of an article: its place, a headline, and words in the memory by which further articles are placed."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

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
    """Take the open stories of articles out of the memory that is kept: what comes later opens new ones.

    How many articles have a word is counted on, without saying which. A bot that runs meanwhile remembers what it
    had read until its stories close, after two weeks of news.
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

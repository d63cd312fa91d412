"""``onrecord stories``: which articles that were read are about one event."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_store
from bot.commands.desks import request_of
from bot.commands.records import Table, moment
from bot.commands.showing import show
from bot.json_lines import line_of
from bot.starting import FAILED, complain
from handlers.since import told
from handlers.wording import bold, counted, line, small
from store.stories import Stories
from summaries.message import List, Message, Run
from summaries.origins import origin_runs, told_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, timedelta

    from bot.commands.at_hand import AtHand
    from bot.commands.records import Record
    from store.stories import Placed, StoredStory
    from store.values import ArticleCard
    from summaries.digests import Telling
    from summaries.message import Block

MOST = 200
"""Stories in one answer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked for.

    Attributes:
        form: "text", "json" or "csv".
    """

    since: timedelta | date
    form: str = "text"


def stories(asking: Asking) -> int:
    """Print stories; return the exit code."""
    return with_store(partial(show_stories, asking))


async def show_stories(asking: Asking, at_hand: AtHand) -> int:
    """Print the stories that somebody printed something about, the newest first; return the exit code: 1 for none."""
    request = request_of(at_hand, "stories")
    desk = request.desk
    async with at_hand.database.reading() as db:
        since = await desk.since(db, request.chat, asking.since)
        assert since is not None, "there is a default"
        found = await Stories().latest(db, since=since, limit=MOST + 1)
        ids = [placed.article_id for story in found for placed in story.articles]
        cards = {card.article_id: card for card in await desk.articles.cards(db, request.chat, ids)}
        telling = await desk.telling(db, request.chat)
    if not found:
        return complain(f"nothing was printed {told(asking.since)}", FAILED)
    if asking.form == "text":
        show(Message(tuple(block for story in found[:MOST] for block in _told(story, cards, telling))))
    else:
        _write(found[:MOST], cards, asking.form)
    if len(found) > MOST:
        complain(f"the newest {MOST}; --since narrows it down", 0)
    return 0


def _told(story: StoredStory, cards: Mapping[int, ArticleCard], telling: Telling) -> Iterator[Block]:
    """Yield a story's headline, how many print it, and each article with where it is from."""
    copies = sum(placed.copy_of is not None for placed in story.articles)
    printed = counted(len(story.articles), "article") + (f", {counted(copies, 'copy', 'copies')}" if copies else "")
    headline = bold(story.headline, verbatim=True) if story.headline else bold("Untitled")
    when = told_time(story.last_seen_at, telling.translator, telling.zone)
    yield line(headline, small(f" · {printed} · {when}"))
    if len(story.articles) > 1:
        yield List(
            tuple(_point(placed, story, cards, telling) for placed in story.articles if placed.article_id in cards)
        )


def _point(placed: Placed, story: StoredStory, cards: Mapping[int, ArticleCard], telling: Telling) -> tuple[Run, ...]:
    card = cards[placed.article_id]
    title = (Run(card.title, verbatim=True), Run(" · ")) if card.title and card.title != story.headline else ()
    copied = (small(" · a copy"),) if placed.copy_of is not None else ()
    return (*title, *origin_runs(card, telling.translator, telling.zone), *copied)


def _write(found: Sequence[StoredStory], cards: Mapping[int, ArticleCard], form: str) -> None:
    out = sys.stdout.buffer
    if form == "json":
        out.writelines(line_of(_story(story) | {"articles": _articles(story, cards)}) for story in found)
        return
    table = None
    for story in found:
        for article in _articles(story, cards):
            row = _story(story) | article
            if table is None:
                table = Table(row)
                out.write(table.head())
            out.write(table.line(row))


def _story(story: StoredStory) -> Record:
    return {
        "story_id": story.story_id,
        "headline": story.headline,
        "first_seen_at": moment(story.first_seen_at),
        "last_seen_at": moment(story.last_seen_at),
    }


def _articles(story: StoredStory, cards: Mapping[int, ArticleCard]) -> list[Record]:
    return [
        {
            "article_id": placed.article_id,
            "title": card.title,
            "outlet": card.outlet,
            "url": card.url,
            "published_at": moment(card.published_at),
            "copy_of": placed.copy_of,
        }
        for placed in story.articles
        if (card := cards.get(placed.article_id)) is not None
    ]

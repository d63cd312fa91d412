"""What is kept no longer than it serves anybody, taken out once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from store.outbox import Outbox
from store.taps import SlackEvents, Taps

if TYPE_CHECKING:
    from datetime import datetime

    from store.articles import Articles
    from store.database import Database

log = structlog.get_logger("bot.housekeeping")

SENT_KEPT = timedelta(days=30)
TAPS_KEPT = timedelta(days=90)
"""Buttons are tapped weeks later; each time one is shown again its age starts anew."""
EVENTS_KEPT = timedelta(days=1)
"""Slack sends an event again within minutes."""
BATCH = 500  # articles a transaction: others want to write in between


async def tidy(database: Database, articles: Articles, now: datetime, texts_kept: timedelta | None) -> None:
    """Take out what is older than it is kept.

    Args:
        database: Where it is kept.
        articles: Who places articles in stories: what these go by has to be kept before texts go.
        now: The time.
        texts_kept: How long texts of articles stay, None for ever; quotes stay anyway, each with its paragraph.
    """
    async with database.writing() as db:
        sent = await Outbox().prune(db, ended_before=now - SENT_KEPT)
        taps = await Taps().forget(db, kept_before=now - TAPS_KEPT)
        await SlackEvents().forget(db, seen_before=now - EVENTS_KEPT)
    texts = 0 if texts_kept is None else await _drop_texts(database, articles, now - texts_kept)
    log.info("house_kept", texts_dropped=texts, messages_pruned=sent, taps_forgotten=taps)


async def _drop_texts(database: Database, articles: Articles, read_before: datetime) -> int:
    texts, dropped = 0, BATCH
    while dropped == BATCH:
        # In the thread of articles: keeping what stories go by takes a third of a second and more.
        dropped = await database.whole.do(lambda db: articles.drop_texts(db, read_before=read_before, limit=BATCH))
        texts += dropped
    return texts

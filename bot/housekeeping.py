"""What is kept no longer than it serves anybody, taken out once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from store.articles import Articles
from store.outbox import Outbox
from store.taps import SlackEvents, Taps

if TYPE_CHECKING:
    from datetime import datetime

    from store.database import Database

log = structlog.get_logger("bot.housekeeping")

TEXTS_KEPT = timedelta(days=30)
"""Of articles; quotes stay, each with its paragraph."""
SENT_KEPT = timedelta(days=30)
TAPS_KEPT = timedelta(days=90)
"""Buttons are tapped weeks later; each time one is shown again its age starts anew."""
EVENTS_KEPT = timedelta(days=1)
"""Slack sends an event again within minutes."""
BATCH = 500  # articles a transaction: others want to write in between


async def tidy(database: Database, now: datetime) -> None:
    """Take out what is older than it is kept."""
    async with database.writing() as db:
        sent = await Outbox().prune(db, ended_before=now - SENT_KEPT)
        taps = await Taps().forget(db, kept_before=now - TAPS_KEPT)
        await SlackEvents().forget(db, seen_before=now - EVENTS_KEPT)
    texts, dropped = 0, BATCH
    while dropped == BATCH:
        async with database.writing() as db:
            dropped = await Articles().drop_texts(db, read_before=now - TEXTS_KEPT, limit=BATCH)
        texts += dropped
    log.info("house_kept", texts_dropped=texts, messages_pruned=sent, taps_forgotten=taps)

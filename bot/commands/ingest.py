"""``onrecord ingest``: sources are read here and now, or by the bot where one runs, with a line for each."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from signal import SIGTERM
from typing import TYPE_CHECKING

from bot.bells import Bells
from bot.commands.at_hand import with_settings
from bot.commands.source_lines import ahead, kept_line, read_line
from bot.commands.sources import ASKER, NONE_YET
from bot.data_folder import DataFolderInUseError, claimed
from bot.entry_reading import EntryReading
from bot.notices import Notices
from bot.parts import opened
from bot.polling import Polling
from bot.progress import Progress
from bot.starting import FAILED, address_of, complain, say, utc_now
from handlers.wording import counted
from store.database import database
from store.sources import Sources

if TYPE_CHECKING:
    from datetime import datetime

    from bot.looks import Look
    from bot.parts import Parts
    from config.settings import Settings
    from store.database import Database
    from store.source_values import Source

LOOKS_EVERY = 0.5  # seconds between two looks at what the bot has read
PATIENCE = timedelta(minutes=2)
"""A source takes less, with the pages of ten articles a second apart; who does nothing for longer does not read."""


@dataclass(slots=True)
class Tally:
    """What came of all looks so far."""

    sources: int = 0
    articles: int = 0
    failed: int = 0

    def total(self) -> str:
        """Return "12 sources read: 118 articles, 2 failed."."""
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{counted(self.sources, 'source')} read: {counted(self.articles, 'article')}{failed}."


def ingest(*, once: bool, source: int | None) -> int:
    """Read what is due, once or until told to stop; return the exit code: 1 where a source failed."""
    return with_settings(partial(read_sources, once=once, source=source))


async def read_sources(settings: Settings, *, once: bool, source: int | None) -> int:
    """Read here, or let the bot read that holds the data folder; return the exit code."""
    only = None if source is None else [source]
    try:
        with claimed(settings.data_dir, utc_now()):
            return await _here(settings, once=once, only=only)
    except DataFolderInUseError as exc:
        if not once:
            return complain(f"{exc} It reads what is due by itself; “--once” reads now.", FAILED)
    return await _by_the_bot(settings, only)


async def _here(settings: Settings, *, once: bool, only: list[int] | None) -> int:
    """Read in this process, which holds the data folder."""
    async with opened(settings, Bells(), now=utc_now) as parts:
        async with parts.database.writing() as db:
            if parts.database.writer.dialect.name == "sqlite":
                await Sources().release(db)  # the folder is ours: whoever held a source is gone
        tally = Tally()
        polling = polling_of(parts, settings, tally)
        if not once:
            say("Reading what is due, until Ctrl-C.")
            reading = asyncio.create_task(polling.run())
            # A supervisor ends it so, and what a shell starts behind its back does not hear Ctrl-C.
            asyncio.get_running_loop().add_signal_handler(SIGTERM, reading.cancel)
            with suppress(asyncio.CancelledError):
                await reading
            say(tally.total())
            return 0
        asked = await asked_for(parts.database, only)
        if isinstance(asked, int):
            return asked
        with Progress(len(asked), "sources") as progress:
            polling.looked = partial(_read, tally, progress)
            elsewhere = await polling.once([one.source_id for one in asked])
    for number in elsewhere:
        complain(f"source {number} is being read by another process", FAILED)
    say(tally.total())
    return FAILED if tally.failed or elsewhere else 0


def polling_of(parts: Parts, settings: Settings, tally: Tally) -> Polling:
    """Return what looks at sources; whom a pause concerns is told by the bot when it runs."""
    assert parts.feeds is not None
    return Polling(
        parts.database,
        parts.feeds,
        EntryReading(parts.database, parts.reader, parts.ingest, utc_now),
        utc_now,
        Notices(utc_now).source_paused,
        chance=lambda: random.uniform(-1, 1),  # noqa: S311 - spreads looks in time; guards nothing
        shortest=settings.poll_interval,
        looked=partial(_read, tally, None),
    )


async def asked_for(store: Database, only: list[int] | None) -> list[Source] | int:
    """Return the sources that are to be read, made due; or the exit code where there are none."""
    now = utc_now()
    async with store.writing() as db:
        asked = await Sources().look_now(db, only, now=now)
        known = await Sources().all(db, ASKER)
    if asked:
        return asked
    if only is not None:
        one = next((each for each in known if each.source_id == only[0]), None)
        if one is None:
            return complain(f"there is no source {only[0]}; onrecord sources list shows them", FAILED)
        return complain(f"source {only[0]} is paused: {one.paused_reason} Resume it first.", FAILED)
    say(nothing_due(known, now))
    return 0


def nothing_due(known: list[Source], now: datetime) -> str:
    """Return why nothing is read."""
    if not known:
        return NONE_YET
    waits = [one.due_at for one in known if one.paused_reason is None]
    if not waits:
        return "All sources are paused; onrecord sources list says why."
    return f"Nothing is due; the next look is {ahead(min(waits), now)}. “--source N” reads one now."


async def _by_the_bot(settings: Settings, only: list[int] | None) -> int:
    """Let the bot that holds the data folder read, and say what came of it."""
    async with database(address_of(settings), migrates=False) as store:
        begun = utc_now()
        asked = await asked_for(store, only)
        if isinstance(asked, int):
            return asked
        tally, waiting, heard = Tally(), {one.source_id for one in asked}, begun
        with Progress(len(asked), "sources") as progress:
            while waiting and utc_now() - heard < PATIENCE:
                await asyncio.sleep(LOOKS_EVERY)
                done, is_busy = await _done_since(store, waiting, begun)
                for one, articles in done:
                    waiting.discard(one.source_id)
                    tally.sources, tally.articles = tally.sources + 1, tally.articles + articles
                    tally.failed += one.last_error is not None
                    progress.advance(kept_line(one, articles))
                heard = utc_now() if done or is_busy else heard
    say(tally.total())
    if waiting:
        return complain(
            f"{counted(len(waiting), 'source')} not read: the bot does not read now (onrecord health)", FAILED
        )
    return FAILED if tally.failed else 0


async def _done_since(store: Database, waiting: set[int], begun: datetime) -> tuple[list[tuple[Source, int]], bool]:
    """Return which sources were looked at since, with how many articles; and whether one is being read."""
    async with store.reading() as db:
        known = [one for one in await Sources().all(db, ASKER) if one.source_id in waiting]
        given = await Sources().articles(db, ASKER, since=begun)
    done = [
        one
        for one in known
        if one.paused_reason is not None
        or (one.checked_at is not None and one.checked_at >= begun and not one.claimed_until)
    ]
    gone = waiting - {one.source_id for one in known}
    waiting -= gone
    return [(one, given.get(one.source_id, 0)) for one in done], any(one.claimed_until for one in known)


def _read(tally: Tally, progress: Progress | None, source: Source, look: Look) -> None:
    tally.sources += 1
    tally.articles += look.articles
    tally.failed += look.error is not None
    line = read_line(source, look)
    if progress is None:
        say(line)
    else:
        progress.advance(line)

"""The parts that answers are made with, opened in order and closed in reverse: for the bot, the terminal and the demonstration."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.analysing import Analysts
from bot.engine import choice_of, load_engine, placing_articles
from bot.following import Following
from bot.page_reader import PageReader
from bot.starting import address_of
from config.data import samples, starters
from config.settings import SettingsError
from handlers.alerts import AlertComposer
from handlers.briefings import Briefings
from handlers.desk import Desk
from handlers.ingest import Ingest
from sources.client import ClientOptions, guarded_session, user_agent
from sources.errors import FileError
from sources.guard import Guard
from sources.opml import read_opml
from sources.parsing import feed_parser
from sources.reading import FeedReader
from store.database import database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from bot.bells import Bells
    from config.settings import Settings
    from store.database import Database

SAMPLE = "museum-pasted.txt"
"""The sample that is shown where nothing was read yet."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The open parts.

    Attributes:
        feeds: None in the demonstration, which dials nothing.
    """

    database: Database
    feeds: FeedReader | None
    reader: PageReader
    ingest: Ingest
    briefings: Briefings
    alerts: AlertComposer
    desk: Desk


@asynccontextmanager
async def opened(
    settings: Settings, bells: Bells, *, now: Callable[[], datetime], dials: bool = True, is_open: bool = False
) -> AsyncIterator[Parts]:
    """Open what answers are made with; close it in reverse order, whatever happens.

    Args:
        settings: The operator's.
        bells: Rung after what is made here.
        now: The time, aware, UTC.
        dials: Whether anything outside may be read.
        is_open: Whether everybody is an operator.

    Raises:
        StoreError: if the database cannot be opened or brought up to date.
        SettingsError: if the operator's starter feeds cannot be read.
    """
    choice = choice_of(settings)
    engine = load_engine(choice)
    bars, zone = engine.bars, settings.time_zone
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(database(address_of(settings)))
        analysts = await stack.enter_async_context(Analysts(settings.workers, choice))
        feeds = None
        if dials:
            session = await stack.enter_async_context(guarded_session(options_of(settings), clock=now))
            feeds = FeedReader(session, await stack.enter_async_context(feed_parser()))
        reader = PageReader(analysts, None if feeds is None else feeds.session, now)
        ingest = Ingest(store, bars, now, zone, alerted=bells.alerted.ring, articles=placing_articles())
        briefings = Briefings(store, bars, now, zone, queued=bells.queued.ring)
        alerts = AlertComposer(store, bars, now, zone, queued=bells.queued.ring)
        follower = None
        if feeds is not None:
            follower = Following(store, feeds, now, settings.poll_interval, bells.added.ring, starters_of(settings))
        desk = Desk(
            store,
            bars,
            now,
            reader,
            follower,
            ingest,
            briefings,
            zone,
            sample=samples()[SAMPLE],
            is_open=is_open,
            queued=bells.queued.ring,
            rescheduled=bells.rescheduled.ring,
            page_words=engine.page_words,
            summary_words={code: pack.summary for code, pack in engine.packs.items()},
        )
        yield Parts(store, feeds, reader, ingest, briefings, alerts, desk)


def starters_of(settings: Settings) -> bytes:
    """Return the list of feeds that are offered first, the operator's or ours.

    Raises:
        SettingsError: if theirs cannot be read, or is no such list: better known now than with the first tap.
    """
    if settings.starters is None:
        return starters()
    try:
        opml = settings.starters.read_bytes()
        read_opml(opml)
    except OSError as exc:
        msg = f"ONRECORD_STARTERS: {settings.starters} cannot be read: {exc.strerror}."
        raise SettingsError(msg) from exc
    except FileError as exc:
        msg = f"ONRECORD_STARTERS: {settings.starters}: {exc}"
        raise SettingsError(msg) from exc
    return opml


def options_of(settings: Settings) -> ClientOptions:
    """Return how news are read."""
    return ClientOptions(
        user_agent=user_agent(version("onrecord"), settings.contact),
        proxy=None if settings.proxy is None else settings.proxy.get_secret_value(),
        guard=Guard(settings.allowed_networks, frozenset(name.lower().rstrip(".") for name in settings.allowed_names)),
    )

"""What commands that read from outside open: the guarded client, the parser's processes, readers of pages."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot.analysing import Analysts
from bot.engine import choice_of
from bot.page_reader import PageReader
from bot.parts import options_of
from bot.starting import utc_now
from sources.client import guarded_session
from sources.parsing import feed_parser
from sources.reading import FeedReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from config.settings import Settings


@asynccontextmanager
async def feeds_open(settings: Settings) -> AsyncIterator[FeedReader]:
    """Open what reading feeds takes."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(guarded_session(options_of(settings), clock=utc_now))
        yield FeedReader(session, await stack.enter_async_context(feed_parser(processes=1)))


@asynccontextmanager
async def pages_open(settings: Settings) -> AsyncIterator[PageReader]:
    """Open what reading pages takes; the process for analysis starts with the first."""
    async with (
        guarded_session(options_of(settings), clock=utc_now) as session,
        Analysts(choice=choice_of(settings)) as analysts,
    ):
        yield PageReader(analysts, session, utc_now)

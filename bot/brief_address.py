"""A page at an address, fetched through the guard and analysed here; nothing is kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.files import InputError
from bot.page_reader import look_for_walls
from bot.parts import options_of
from config.settings import SettingsError, read_settings
from sources.addresses import clean_address
from sources.client import guarded_session
from sources.reading import fetch_page
from summaries.analysis import Wanted, analyse_html
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from bot.brief import Briefing
    from config.settings import Settings
    from sources.client import Fetched
    from summaries.engine import Engine
    from summaries.values import Analysis


def analyse_address(url: str, engine: Engine, how: Briefing) -> Analysis:
    """Fetch the page that a person asked for and return its analysis.

    Raises:
        InputError: if a setting cannot be used.
        SourceError: if it cannot be fetched, or something stands in front of the article.
        NotAnArticleError: if no article is found in it.
    """
    try:
        settings = read_settings()
    except SettingsError as exc:
        raise InputError(str(exc)) from exc
    asked = clean_address(url) or url
    page = asyncio.run(_fetched(asked, settings))
    text, at = page.text, clean_address(page.url) or page.url
    wanted = Wanted(how.method, how.sentences, how.quotes)
    try:
        analysis = analyse_html(text, engine, now=datetime.now(UTC), url=at, wanted=wanted)
    except NotAnArticleError as exc:
        look_for_walls(text, asked=asked, url=at, words=0, error=exc)
        raise
    look_for_walls(text, asked=asked, url=at, words=analysis.article.text.count(" ") + 1)
    return analysis


async def _fetched(url: str, settings: Settings) -> Fetched:
    async with guarded_session(options_of(settings)) as session:
        return await fetch_page(session, url)

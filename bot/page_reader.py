"""What somebody hands in, read: a pasted page, a file's text, an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.analysing import Form, PageTask
from sources.addresses import clean_address
from sources.errors import SourceError
from sources.reading import fetch_page
from sources.walls import wall_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.analysing import Analysts
    from sources.client import GuardedSession
    from sources.robots import RobotsKeeper
    from summaries.values import Analysis


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads pages.

    Attributes:
        session: None in the demonstration, which dials nothing.
    """

    analysts: Analysts
    session: GuardedSession | None
    now: Callable[[], datetime]

    async def page(self, text: str, *, sentences: int = 3) -> Analysis:
        """Return the analysis of a pasted page, or of HTML; see ``handlers.desk.Reader``."""
        return await self.analysts.analyse(PageTask(text, Form.EITHER, self.now(), sentences=sentences))

    async def address(self, url: str) -> Analysis:
        """Fetch the page that a person asked for and return its analysis; see ``handlers.desk.Reader``."""
        return await self.fetched(url)

    async def fetched(self, url: str, *, outlet: str | None = None, robots: RobotsKeeper | None = None) -> Analysis:
        """Fetch a page and return its analysis.

        Args:
            url: Where.
            outlet: As its feed says.
            robots: Asked first where no person asked for this page.

        Raises:
            SourceError: if it cannot be fetched, or something stands in front of the article.
            NotAnArticleError: if no article is found in it.
        """
        if self.session is None:
            raise SourceError(url, "the demonstration reads nothing from the web; paste the page instead")
        asked = clean_address(url) or url
        page = await fetch_page(self.session, asked, robots=robots)
        task = PageTask(page.text, Form.HTML, self.now(), url=clean_address(page.url) or page.url, outlet=outlet)
        analysis = await self.analysts.analyse(task)
        words = analysis.article.text.count(" ") + 1
        wall = wall_of(page.text, asked=asked, url=page.url, words=words)
        if wall is not None:
            raise SourceError(page.url, wall)
        return analysis

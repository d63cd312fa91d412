"""What has to be read, read: a pasted page, a file's text, an address, a feed's entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.analysing import AnalysisError, EntryTask, Form, PageTask
from sources.addresses import clean_address
from sources.errors import SourceError
from sources.files import entry_of
from sources.reading import fetch_page
from sources.walls import wall_of
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.analysing import Task
    from sources.client import GuardedSession
    from sources.entries import Entry
    from sources.files import FileText
    from sources.robots import RobotsKeeper
    from summaries.values import Analysis


MAX_CHARACTERS = 500_000
"""Of an article; a long book chapter has 100,000. What is longer would hold up the one transaction that writes."""


class Analyst(Protocol):
    """The part of ``Analysts`` that is needed here."""

    async def analyse(self, task: Task) -> Analysis:
        """Return the analysis of a page or an entry; raise NotAnArticleError or AnalysisError."""
        ...


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads pages.

    Attributes:
        session: None in the demonstration, which dials nothing.
    """

    analysts: Analyst
    session: GuardedSession | None
    now: Callable[[], datetime]

    async def page(self, text: str, *, sentences: int = 3) -> Analysis:
        """Return the analysis of a pasted page, or of HTML; see ``handlers.desk.Reader``."""
        try:
            return await self._analysed(PageTask(text, Form.EITHER, self.now(), sentences=sentences))
        except AnalysisError as exc:
            raise _no_article(exc) from exc

    async def file(self, found: FileText) -> Analysis:
        """Return the analysis of a file's article, a mail's with its subject, sender and date; see ``handlers.desk.Reader``."""
        if not found.is_mail:
            return await self.page(found.text)
        try:
            return await self._analysed(EntryTask(entry_of(found), self.now(), found.sender, None, is_mail=True))
        except AnalysisError as exc:
            raise _no_article(exc) from exc

    async def address(self, url: str) -> Analysis:
        """Fetch the page that a person asked for and return its analysis; see ``handlers.desk.Reader``."""
        try:
            return await self.fetched(url)
        except AnalysisError as exc:
            raise _no_article(exc) from exc

    async def entry(self, entry: Entry, *, outlet: str | None = None, language: str | None = None) -> Analysis:
        """Return the analysis of an entry that holds its whole article.

        Args:
            entry: Of a feed.
            outlet: As its feed says.
            language: The feed's, as printed.

        Raises:
            NotAnArticleError: if no article is found in it.
            AnalysisError: if it could not be read to its end.
        """
        return await self._analysed(EntryTask(entry, self.now(), outlet, language))

    async def fetched(
        self,
        url: str,
        *,
        outlet: str | None = None,
        entry: Entry | None = None,
        robots: RobotsKeeper | None = None,
    ) -> Analysis:
        """Fetch a page and return its analysis.

        Args:
            url: Where.
            outlet: As its feed says.
            entry: Whose page it is: it has the title and the date of a page that has none.
            robots: Asked first where no person asked for this page.

        Raises:
            SourceError: if it cannot be fetched, or something stands in front of the article.
            NotAnArticleError: if no article is found in it.
            AnalysisError: if it could not be read to its end.
        """
        if self.session is None:
            raise SourceError(url, "the demonstration reads nothing from the web")
        asked = clean_address(url) or url
        page = await fetch_page(self.session, asked, robots=robots)
        text, at = page.text, clean_address(page.url) or page.url
        title, printed_at = (None, None) if entry is None else (entry.title, entry.printed_at)
        task = PageTask(text, Form.HTML, self.now(), url=at, outlet=outlet, title=title, published_at=printed_at)
        try:
            analysis = await self._analysed(task)
        except NotAnArticleError as exc:
            # "The site asks to log in" helps more than "no article was found".
            look_for_walls(text, asked=asked, url=at, words=0, error=exc)
            raise
        look_for_walls(text, asked=asked, url=at, words=analysis.article.text.count(" ") + 1)
        return analysis

    async def _analysed(self, task: Task) -> Analysis:
        analysis = await self.analysts.analyse(task)
        if len(analysis.article.text) > MAX_CHARACTERS:
            msg = "This page is longer than any article. Paste the text of the article alone."
            raise NotAnArticleError(msg)
        return analysis


def look_for_walls(page: str, *, asked: str, url: str, words: int, error: Exception | None = None) -> None:
    """Refuse a page with something in front of its article.

    Args:
        page: Its HTML.
        asked: The address that was asked for.
        url: The address that answered.
        words: How many words were found in it.
        error: What was wrong with it otherwise.

    Raises:
        SourceError: if it is a consent page, a login, a paywall's stub, a check.
    """
    if (wall := wall_of(page, asked=asked, url=url, words=words)) is not None:
        raise SourceError(url, wall) from error


def _no_article(error: AnalysisError) -> NotAnArticleError:
    """Return what a person is told whose page could not be read to its end."""
    return NotAnArticleError(f"This page could not be read: {error}. Paste the text of the article alone.")

"""What handlers work with, as one value that the composition root makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from handlers.since import begins
from store.alerts import Alerts
from store.articles import Articles
from store.channels import Channels
from store.feedback import Feedback
from store.folding import SameWords
from store.handed_in import HandedIn
from store.merging import Merging
from store.outbox import Outbox
from store.people import People
from store.quotes import Quotes
from store.schedules import Schedules
from store.sources import Sources
from store.speakers import Speakers
from store.subscriptions import Subscriptions
from store.taken_names import TakenNames
from summaries.digests import Telling
from summaries.page_words import parse_page_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime, timedelta
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.briefings import Briefings
    from handlers.ingest import Ingest
    from sources.files import FileText
    from store.database import Database
    from summaries.page_words import PageWords
    from summaries.summarizers import SummaryWords
    from summaries.values import Analysis, Bars


class Reader(Protocol):
    """Turns what somebody hands in into an analysis, in another process."""

    async def page(self, text: str, *, sentences: int = 3) -> Analysis:
        """Return the analysis of a pasted page, or of HTML.

        Raises:
            NotAnArticleError: if no article is found in it.
        """
        ...

    async def file(self, found: FileText) -> Analysis:
        """Return the analysis of a file's article.

        Raises:
            NotAnArticleError: if no article is found in it.
        """
        ...

    async def address(self, url: str) -> Analysis:
        """Fetch a page and return its analysis.

        Raises:
            SourceError: if it cannot be fetched; the reason says why.
            NotAnArticleError: if no article is found in it.
        """
        ...


class Follower(Protocol):
    """Follows sources."""

    async def follow(self, url: str, *, by: str) -> str:
        """Add the source at an address (a feed, or a site that names one) and return what it is called.

        Raises:
            SourceError: if there is none; the text says why.
        """
        ...

    @property
    def starter_count(self) -> int:
        """How many starter sources there are."""
        ...

    async def starters(self, *, by: str) -> int:
        """Add the starter sources and return how many are new."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the program that answers are made with.

    Attributes:
        reader: Reads what is handed in.
        follower: None in the demonstration, which dials nothing.
        zone: Of channels that did not choose one, an IANA name.
        is_open: Whether everybody is an operator, as at one's own terminal.
        queued: Called after a commit that queued something.
        rescheduled: Called after a commit that changed when briefings are due.
        sample: A page about invented people, to show what happens to pages; empty for none.
        summary_words: By language, for summaries that are made longer; without them every word counts alike.
        page_words: What bylines and datelines are told by, which are in no summary; without words there are none.
    """

    database: Database
    bars: Bars
    now: Callable[[], datetime]
    reader: Reader
    follower: Follower | None
    ingest: Ingest
    briefings: Briefings
    zone: str = "UTC"
    sample: str = ""
    is_open: bool = False
    queued: Callable[[], None] = lambda: None
    rescheduled: Callable[[], None] = lambda: None
    summary_words: Mapping[str, SummaryWords] = field(default_factory=dict)
    page_words: PageWords = field(default_factory=lambda: parse_page_words({}))
    alerts: Alerts = field(default_factory=Alerts)
    articles: Articles = field(default_factory=Articles)
    channels: Channels = field(default_factory=Channels)
    feedback: Feedback = field(default_factory=Feedback)
    handed_in: HandedIn = field(default_factory=HandedIn)
    merging: Merging = field(default_factory=Merging)
    outbox: Outbox = field(default_factory=Outbox)
    people: People = field(default_factory=People)
    quotes: Quotes = field(default_factory=Quotes)
    same_words: SameWords = field(default_factory=SameWords)
    schedules: Schedules = field(default_factory=Schedules)
    sources: Sources = field(default_factory=Sources)
    speakers: Speakers = field(default_factory=Speakers)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    taken_names: TakenNames = field(default_factory=TakenNames)

    async def zone_of(self, db: AsyncConnection, channel: str) -> ZoneInfo:
        """Return the time zone of a channel, its chat's where it is a topic or a thread."""
        return await self.channels.zone_of(db, channel, self.zone)

    async def since(self, db: AsyncConnection, channel: str, asked: timedelta | date | None) -> datetime | None:
        """Return when that is which a channel asked for; None where it asked for all."""
        return None if asked is None else begins(asked, self.now().astimezone(await self.zone_of(db, channel)))

    async def telling(self, db: AsyncConnection, channel: str, numbers: Mapping[int, int] | None = None) -> Telling:
        """Return how a channel is told."""
        return Telling(self.bars, numbers or {}, await self.zone_of(db, channel))

"""Sources that people add: found from whatever address they give, due at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.data import starters
from sources.addresses import clean_address, without_password
from sources.discovery import find_feeds
from sources.full_text import FullText
from sources.opml import read_opml
from store.source_values import Outlet
from store.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from sources.discovery import FeedLink
    from sources.reading import FeedReader
    from store.database import Database
    from store.source_values import Source


@dataclass(frozen=True, slots=True)
class Following:
    """Follows sources; see ``handlers.desk.Follower``.

    Attributes:
        interval: Between the first two looks at a source.
        added: Called after a commit that added one.
        opml: The starter sources.
    """

    database: Database
    feeds: FeedReader
    now: Callable[[], datetime]
    interval: timedelta
    added: Callable[[], None]
    opml: bytes = field(default_factory=starters)
    sources: Sources = field(default_factory=Sources)

    async def follow(self, url: str, *, by: str) -> str:
        """Add the first feed at an address and return what it is called.

        Raises:
            SourceError: if there is none, or the address cannot be read.
        """
        source, _ = await self.add((await self.found(url))[0], by=by)
        return source.title or without_password(source.url)

    async def found(self, url: str) -> tuple[FeedLink, ...]:
        """Return the feeds at an address, typed with or without its scheme; at least one.

        Raises:
            SourceError: if there is none, or the address cannot be read.
        """
        typed = url if "://" in url else f"https://{url}"
        return await find_feeds(self.feeds, clean_address(typed) or typed)

    async def add(
        self,
        feed: FeedLink,
        *,
        by: str | None,
        full_text: str = "auto",
        tags: Sequence[str] = (),
        title: str | None = None,
    ) -> tuple[Source, bool]:
        """Return the source of a feed, and whether it is new; a known one stays as it is."""
        async with self.database.writing() as db:
            added = await self.sources.add(
                db,
                feed.url,
                title=title or feed.title,
                by=by,
                interval=self.interval,
                at=self.now(),
                full_text=full_text,
                tags=tags,
            )
        self.added()
        return added

    @property
    def starter_count(self) -> int:
        """How many starter sources there are."""
        return len(read_opml(self.opml))

    async def starters(self, *, by: str) -> int:
        """Add the starter sources and return how many are new."""
        new = 0
        async with self.database.writing() as db:
            for feed in read_opml(self.opml):
                _, is_new = await self.sources.add(
                    db,
                    feed.url,
                    title=feed.title,
                    by=by,
                    interval=self.interval,
                    at=self.now(),
                    full_text=feed.full_text or FullText.AUTO,
                    tags=feed.tags,
                    outlet=Outlet(feed.home, feed.country, feed.owner),
                )
                new += is_new
        self.added()
        return new

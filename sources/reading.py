"""Reading feeds and pages: ``fetch_feed`` and ``fetch_page``, each one look at one address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from sources.addresses import clean_address
from sources.client import Fetched, GuardedSession, fetch
from sources.errors import FeedError, HttpStatusError, NotHtmlError, SourceError, TooLargeError, UnreachedError
from sources.polling import FeedOutcome

if TYPE_CHECKING:
    from datetime import timedelta

    from sources.parsing import FeedParser
    from sources.robots import RobotsKeeper

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1"
_PAGE_TYPES = ("text/", "application/xhtml", "application/xml", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """Which feed to look at, and what we have of it.

    Attributes:
        ttl: How long it said that it stays good, when it was read last: an answer that nothing is new does not repeat it.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True)
class FeedReader:
    """What reading a feed takes: the client and the parser's process."""

    session: GuardedSession
    parser: FeedParser


async def fetch_feed(reader: FeedReader, source: FeedRequest) -> FeedOutcome:
    """Look at a feed once; whatever fails is in the outcome, in plain words."""
    try:
        fetched = await fetch(
            reader.session, source.url, etag=source.etag, last_modified=source.last_modified, accept=FEED_ACCEPT
        )
        if fetched.unchanged:
            # A 304 need not repeat the validators.
            return _good(fetched, source.url, ttl=source.ttl, etag=source.etag, last_modified=source.last_modified)
        feed = await reader.parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, read_at=reader.session.clock()
        )
    except HttpStatusError as exc:
        return FeedOutcome(error=exc.reason, gone=exc.status == HTTPStatus.GONE, retry_after=exc.retry_after)
    except SourceError as exc:
        return FeedOutcome(
            error=exc.reason,
            reached=isinstance(exc, (FeedError, TooLargeError)),
            unreached=isinstance(exc, UnreachedError),
        )
    outcome = replace(_good(fetched, source.url, ttl=feed.ttl), feed=feed)
    # "Nothing is new since" would keep us from what stands behind the break.
    return outcome if feed.is_whole else replace(outcome, etag=None, last_modified=None)


async def fetch_page(session: GuardedSession, url: str, *, robots: RobotsKeeper | None = None) -> Fetched:
    """Return the page at ``url``, to be cleaned.

    Args:
        session: The open client.
        url: Where.
        robots: Asked first whether programs may read it, and each page it sends us on to. None for the one page that a
            person asked for.

    Raises:
        RobotsError: if the site asks programs not to.
        NotHtmlError: if it is no text: a picture, a film, a PDF.
        FetchError: as ``fetch`` does.
    """
    page = await fetch(session, url, accept=PAGE_ACCEPT, robots=robots)
    kind = page.content_type.partition(";")[0].strip()
    if kind and not kind.startswith(_PAGE_TYPES):
        raise NotHtmlError(url, f"this is {kind}, not a page with text")
    return page


def _good(
    fetched: Fetched, url: str, *, ttl: timedelta | None, etag: str | None = None, last_modified: str | None = None
) -> FeedOutcome:
    return FeedOutcome(
        etag=fetched.etag or etag,
        last_modified=fetched.last_modified or last_modified,
        ttl=ttl,
        fresh_for=max((wait for wait in (ttl, fetched.fresh_for) if wait is not None), default=None),
        retry_after=fetched.retry_after,
        moved_to=_moved_to(fetched, url),
    )


def _moved_to(fetched: Fetched, url: str) -> str | None:
    """Return where a feed moved for good, as its address would be written down; counters that are added are no move."""
    moved_to = None if fetched.moved_to is None else clean_address(fetched.moved_to)
    return None if moved_to == clean_address(url) else moved_to

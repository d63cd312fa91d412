"""The feeds of a site, found from its address: what its page links to, else the usual places."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sources.addresses import address_key, clean_address
from sources.client import fetch
from sources.errors import FeedError, FetchError, ForbiddenAddressError
from sources.plain import plain
from sources.reading import FEED_ACCEPT
from sources.robots import RobotsKeeper

if TYPE_CHECKING:
    from sources.entries import ParsedFeed
    from sources.reading import FeedReader

USUAL_PATHS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/all.atom.xml",
    "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml",
)  # fmt: skip
MAX_LINKS = 20
HEAD_CHARACTERS = 500_000

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
# No "<" inside: with it, a page of a million "<link" would be read a million times.
_LINK = re.compile(r"<(?:link|a)\s([^<>]{1,2000})>", re.IGNORECASE)
_BASE = re.compile(r"<base\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a site offers; the title is None where the link has none."""

    url: str
    title: str | None = None


def feed_links(page: str, *, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds that a page names in its ``<link rel=alternate>``, in its order, each once.

    Args:
        page: Its HTML, decoded. The first 500,000 characters are read.
        url: Where it was read.
    """
    head = page[:HEAD_CHARACTERS]
    based = _BASE.search(head)
    base = urljoin(url, _attributes(based[1]).get("href", "")) if based else url
    found: dict[str, FeedLink] = {}
    for link in _LINK.finditer(head):
        attributes = _attributes(link[1])
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if kind not in _FEED_TYPES or "alternate" not in attributes.get("rel", "alternate").lower().split():
            continue
        address = clean_address(attributes.get("href", ""), base=base)
        if address is not None and len(found) < MAX_LINKS:
            found.setdefault(address_key(address) or address, FeedLink(address, plain(attributes.get("title"))))
    return tuple(found.values())


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(text)
    }


async def find_feeds(reader: FeedReader, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds at an address: itself, or those its page links to, else the first at a usual place.

    Raises:
        FetchError: if the address itself cannot be read.
        FeedError: if there is no feed.
    """
    fetched = await fetch(reader.session, url, accept=f"text/html, {FEED_ACCEPT}")
    try:
        feed = await reader.parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, read_at=reader.session.clock()
        )
    except FeedError:
        links = feed_links(fetched.text, url=fetched.url)
    else:
        return (FeedLink(fetched.moved_to or url, feed.title),)
    return links or await _at_usual_places(reader, fetched.url)


async def _at_usual_places(reader: FeedReader, url: str) -> tuple[FeedLink, ...]:
    robots = RobotsKeeper()  # the page was asked for by a person; these are guesses of a program
    for path in USUAL_PATHS:
        at = urljoin(url, path)
        if (feed := await _feed_at(reader, at, robots)) is not None:
            return (FeedLink(at, feed.title),)
    raise FeedError(url, "no feed was found: the page names none, and the usual places have none")


async def _feed_at(reader: FeedReader, url: str, robots: RobotsKeeper) -> ParsedFeed | None:
    try:
        fetched = await fetch(reader.session, url, accept=FEED_ACCEPT, robots=robots)
        return await reader.parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, read_at=reader.session.clock()
        )
    except ForbiddenAddressError:
        raise
    except (FetchError, FeedError):
        return None

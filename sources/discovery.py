"""The feeds of a site, found from its address: what its page links to, else the usual places and its news sitemaps."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sources.addresses import address_key, clean_address
from sources.client import fetch
from sources.errors import (
    BrokenFeedError,
    FeedError,
    FetchError,
    ForbiddenAddressError,
    NoNewsError,
    SitemapListError,
)
from sources.plain import plain
from sources.reading import FEED_ACCEPT
from sources.robots import RobotsKeeper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.entries import ParsedFeed
    from sources.reading import FeedReader

USUAL_PATHS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/all.atom.xml",
)  # fmt: skip
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
MAX_LINKS = 20
MOST_SITEMAPS = 6
"""That are looked at to find those of news: they lie at one host, so each takes a second and more."""
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


async def find_feeds(reader: FeedReader, url: str, *, with_sitemaps: bool = False) -> tuple[FeedLink, ...]:
    """Return the feeds at an address: itself, or those its page links to, else what is found around the site.

    Args:
        reader: What reading takes.
        url: Of a feed, a site, a page, a list of sitemaps.
        with_sitemaps: Whether news sitemaps are looked for even where the page names feeds.

    Raises:
        FetchError: if the address itself cannot be read.
        NoNewsError: if it is a sitemap without news.
        BrokenFeedError: if it is a feed, but so broken that no entry can be read.
        FeedError: if there is no feed.
    """
    robots = RobotsKeeper()  # the page was asked for by a person; what follows are guesses of a program
    fetched = await fetch(reader.session, url, accept=f"text/html, {FEED_ACCEPT}")
    try:
        feed = await reader.parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, read_at=reader.session.clock()
        )
    except SitemapListError as exc:
        if not (found := await _news_among(reader, [one for one in exc.sitemaps if _says_news(one)], robots)):
            raise FeedError(url, "this is a list of sitemaps, and none of news was found in it") from exc
        return found
    except (NoNewsError, BrokenFeedError):
        raise
    except FeedError:
        links = feed_links(fetched.text, url=fetched.url)
    else:
        return (FeedLink(clean_address(fetched.moved_to or "") or url, feed.title),)
    if not links:
        return await _around(reader, fetched.url, robots)
    return links + (await _news_sitemaps(reader, fetched.url, robots) if with_sitemaps else ())


async def _around(reader: FeedReader, url: str, robots: RobotsKeeper) -> tuple[FeedLink, ...]:
    """Return the first feed at a usual place, else the news sitemaps that the site names, else one at a usual place."""
    if (link := await _first_at(reader, url, USUAL_PATHS, robots)) is not None:
        return (link,)
    if found := await _news_sitemaps(reader, url, robots):
        return found
    if (link := await _first_at(reader, url, USUAL_SITEMAPS, robots)) is not None:
        return (link,)
    named = await robots.sitemaps(reader.session, url)
    more = "; the sitemaps that its robots.txt names list pages, not news" if named else ""
    raise FeedError(url, f"no feed was found: the page names none, and the usual places have none{more}")


async def _first_at(reader: FeedReader, url: str, paths: Sequence[str], robots: RobotsKeeper) -> FeedLink | None:
    for path in paths:
        at = urljoin(url, path)
        try:
            feed = await _feed_at(reader, at, robots)
        except ForbiddenAddressError:
            raise
        except (FetchError, FeedError):
            continue
        return FeedLink(at, feed.title)
    return None


async def _news_sitemaps(reader: FeedReader, url: str, robots: RobotsKeeper) -> tuple[FeedLink, ...]:
    """Return the news sitemaps among those that a site's robots.txt names."""
    return await _news_among(reader, await robots.sitemaps(reader.session, url), robots)


async def _news_among(reader: FeedReader, sitemaps: Sequence[str], robots: RobotsKeeper) -> tuple[FeedLink, ...]:
    """Return the news sitemaps among these and those that lists among them name; a few are looked at, no more."""
    waiting, looked, found = list(sitemaps), set[str](), list[FeedLink]()
    while waiting and len(looked) < MOST_SITEMAPS:
        waiting.sort(key=_says_news, reverse=True)  # of those that say so or do not, the site's order stays
        at = waiting.pop(0)
        if at in looked:
            continue
        looked.add(at)
        try:
            found.append(FeedLink(at, (await _feed_at(reader, at, robots)).title))
        except SitemapListError as exc:
            # Lists name an archive for each month, too.
            waiting += [one for one in exc.sitemaps if _says_news(one)]
        except (FetchError, FeedError):
            continue  # strangers' addresses: a private one is passed over like one that is gone
    return tuple(found)


def _says_news(url: str) -> bool:
    parts = urlsplit(url)
    return "news" in f"{parts.path}?{parts.query}".lower()


async def _feed_at(reader: FeedReader, url: str, robots: RobotsKeeper) -> ParsedFeed:
    fetched = await fetch(reader.session, url, accept=FEED_ACCEPT, robots=robots)
    return await reader.parser.parse(
        fetched.body, content_type=fetched.content_type, url=fetched.url, read_at=reader.session.clock()
    )

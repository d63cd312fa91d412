"""News sitemaps: sitemaps.org with the news extension; and lists of sitemaps, to find the news among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.addresses import clean_address
from sources.decoding import breaks_off
from sources.entries import FoundEntry, ParsedFeed, entries_of
from sources.errors import BrokenFeedError, NoNewsError
from sources.moments import moment_of
from sources.plain import plain

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element


MOST_SITEMAPS = 1_000
"""Of one list that are named; by the standard it has up to 50,000, of which one or two are of news."""


def read_sitemap(xml: str, *, url: str, read_at: datetime) -> ParsedFeed | None:
    """Return a news sitemap as a feed; None where it cannot be read.

    Args:
        xml: The document, which ``safe_xml`` has made.
        url: Where it was read.
        read_at: When; aware.

    Raises:
        BrokenFeedError: if it breaks off before any news.
        NoNewsError: if it has pages and none of them is news. One without any is a quiet day's.
    """
    root, is_broken = _root(xml)
    if root is None:
        return None
    is_cut = is_broken and breaks_off(xml)
    pages = [one for one in root if _name(one) == "url"]
    news = [one for one in pages if any(_name(child) == "news" for child in one)]
    if is_cut and not news:
        raise BrokenFeedError(url, "the sitemap breaks off before its first news")
    if pages and not news:
        raise NoNewsError(url)
    names = (_below(one, "news", "publication", "name") for one in news)
    return ParsedFeed(
        format="sitemap",
        title=plain(next((name for name in names if name), None)),
        home=None,
        language=next((lang for one in news if (lang := _below(one, "news", "publication", "language"))), None),
        ttl=None,
        entries=entries_of([_entry(one) for one in news], base=url, read_at=read_at),
        is_whole=not is_cut,
    )


def read_sitemap_list(xml: str, *, url: str) -> tuple[str, ...]:
    """Return the addresses of the sitemaps that a list of sitemaps (a sitemap index) names, in its order."""
    root, _ = _root(xml)
    named = (_below(one, "loc") for one in (() if root is None else root) if _name(one) == "sitemap")
    found = dict.fromkeys(clean for one in named if one and (clean := clean_address(one, base=url)) is not None)
    return tuple(found)[:MOST_SITEMAPS]


def _root(xml: str) -> tuple[_Element | None, bool]:
    """Return the root, as far as it can be read, and whether the document is not well-formed."""
    from lxml import etree  # noqa: PLC0415 - 20 ms; only sitemaps pay for it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    return etree.fromstring(xml.encode(), parser), bool(parser.error_log)


def _entry(one: _Element) -> FoundEntry:
    return FoundEntry(
        title=plain(_below(one, "news", "title")),
        link=_below(one, "loc"),
        published_at=moment_of(_below(one, "news", "publication_date")),
        updated_at=moment_of(_below(one, "lastmod")),
    )


def _below(one: _Element, *names: str) -> str | None:
    """Return the text at a path of local names; namespaces are written in many ways."""
    at: _Element | None = one
    for name in names:
        at = None if at is None else next((child for child in at if _name(child) == name), None)
    return (at.text or "").strip() or None if at is not None else None


def _name(element: _Element) -> str:
    """Return the local name of an element; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""

"""News sitemaps: sitemaps.org with the news extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.entries import FoundEntry, ParsedFeed, entries_of
from sources.moments import moment_of
from sources.plain import plain

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element


def read_sitemap(xml: str, *, url: str, read_at: datetime) -> ParsedFeed | None:
    """Return a news sitemap as a feed; None where it has no news in it.

    Args:
        xml: The document, which ``safe_xml`` has made.
        url: Where it was read.
        read_at: When; aware.
    """
    from lxml import etree  # noqa: PLC0415 - 20 ms; only sitemaps pay for it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.fromstring(xml.encode(), parser)
    if root is None:
        return None
    found = [_entry(one) for one in root if _name(one) == "url"]
    names = (_below(one, "news", "publication", "name") for one in root if _name(one) == "url")
    return ParsedFeed(
        format="sitemap",
        title=plain(next((name for name in names if name), None)),
        home=None,
        language=next((lang for one in root if (lang := _below(one, "news", "publication", "language"))), None),
        ttl=None,
        # A sitemap without titles lists pages of every kind and age, not news.
        entries=entries_of([one for one in found if one.title], base=url, read_at=read_at),
    )


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

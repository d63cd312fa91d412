"""``read_feed(body, …) -> ParsedFeed``: any feed, of any format, from its bytes.

Pure, but not to be trusted with hostile bytes in our own process: ``FeedParser`` runs it in one that can be ended.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from sources.decoding import decode, root_name, safe_xml
from sources.errors import FeedError, SitemapListError
from sources.json_feeds import read_json_feed
from sources.sitemaps import read_sitemap, read_sitemap_list
from sources.xml_feeds import read_xml_feed

if TYPE_CHECKING:
    from datetime import datetime

    from sources.entries import ParsedFeed

MAX_ENTRIES = 5_000
"""Refused before parsing. The longest news feeds have some hundreds, news sitemaps by their rules 1,000."""

MAX_BYTES = 10_000_000
"""Of a file that was compressed by its publisher; as for what is decompressed on the way."""
_GZIP = b"\x1f\x8b"

_ENTRY = re.compile(r"<(?:[\w.-]{1,20}:)?(?:item|entry|url)[\s/>]", re.IGNORECASE)


def read_feed(body: bytes, *, content_type: str, url: str, read_at: datetime) -> ParsedFeed:
    """Return the feed in ``body``; what the content type says is only a hint to the character set.

    Args:
        body: As the site sent it, decompressed.
        content_type: As sent; may be empty or wrong.
        url: Where it was read, for relative links.
        read_at: When; aware.

    Raises:
        SitemapListError: if it is a list of sitemaps.
        NoNewsError: if it is a sitemap without news.
        BrokenFeedError: if it is so broken that no entry can be read.
        FeedError: if there is no feed, it declares entities, or it has more than 5,000 entries.
    """
    if not body.strip():
        raise FeedError(url, "the site sent nothing")
    text = decode(_unpacked(body, url), content_type)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    try:
        if start == "{":
            feed = read_json_feed(text.lstrip("\ufeff"), url=url, read_at=read_at, max_entries=MAX_ENTRIES)
        else:
            feed = _read_xml(text, url=url, read_at=read_at)
    except ValueError as exc:
        raise FeedError(url, str(exc)) from exc
    if feed is None:
        raise FeedError(url, "what the site sent is not a feed")
    return feed


def _unpacked(body: bytes, url: str) -> bytes:
    """Return what a file holds that was compressed by its publisher (sitemap.xml.gz), not for the way here."""
    if not body.startswith(_GZIP):
        return body
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_BYTES + 1)
    except zlib.error as exc:
        raise FeedError(url, "what the site sent is not a feed but a broken compressed file") from exc
    if len(unpacked) > MAX_BYTES:
        raise FeedError(url, f"longer than {MAX_BYTES / 1_000_000:g} MB")
    return unpacked


def _read_xml(text: str, *, url: str, read_at: datetime) -> ParsedFeed | None:
    if "<" not in text[:100_000]:
        return None
    xml = safe_xml(text)
    if (count := sum(1 for _ in _ENTRY.finditer(xml))) > MAX_ENTRIES:
        msg = f"it has {count} entries, more than the {MAX_ENTRIES} we read"
        raise ValueError(msg)
    match root_name(xml):
        case "html" | "head" | "body" | "div" | "script":
            msg = "this is a web page, not a feed"
            raise ValueError(msg)
        case "sitemapindex":
            raise SitemapListError(url, read_sitemap_list(xml, url=url))
        case "urlset":
            return read_sitemap(xml, url=url, read_at=read_at)
        case _:
            return read_xml_feed(xml, url=url, read_at=read_at)

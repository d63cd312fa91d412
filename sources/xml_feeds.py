"""RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, by feedparser. Runs in the parser's process only."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from sources.decoding import breaks_off
from sources.entries import FoundEntry, ParsedFeed, entries_of
from sources.errors import BrokenFeedError
from sources.moments import moment_of
from sources.plain import as_html, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

BREAKS_OFF = "the feed breaks off before its first entry ends"
BROKEN = "the feed is no well-formed XML, and no entry can be read in it"
MAX_TTL = timedelta(days=1)
_ENTRY_TAG = re.compile(r"<(/?)(?:[\w.-]{1,20}:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_MAIL_AND_NAME = re.compile(r"\S{1,200}@\S{1,200}\s\(([^()]{1,200})\)")


def read_xml_feed(xml: str, *, url: str, read_at: datetime) -> ParsedFeed | None:
    """Return the feed in ``xml``, which ``safe_xml`` has made; None where there is none.

    Args:
        xml: The document from its root on.
        url: Where it was read, for relative links.
        read_at: When; aware.

    Raises:
        BrokenFeedError: if it breaks off before an entry ends, or has entries of which none can be read.
        ValueError: if it is broken beyond reading.
    """
    import feedparser  # noqa: PLC0415 - 0.1 s; only the parser's process pays for it

    try:
        # A stream, for feedparser dials and opens what it is given as a string.
        found = feedparser.parse(
            io.BytesIO(xml.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        )
    # What mutated feeds were seen to raise out of feedparser, or can; none of it is about the feed's news.
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as exc:
        msg = f"the feed is broken beyond reading ({type(exc).__name__})"
        raise ValueError(msg) from exc
    # A document that is empty but for its declaration has none of these keys.
    head = cast("Mapping[str, object]", found.get("feed") or {})
    version, entries = str(found.get("version") or ""), found.get("entries") or []
    if not version and not entries:
        return None
    is_broken = bool(found.get("bozo"))
    is_cut = is_broken and breaks_off(xml)
    if is_cut and _ends_in_an_entry(xml):
        # Half an address is another page's, and with its guid marked as seen the whole entry would never be read.
        entries = entries[:-1]
    if is_broken and not entries and (is_cut or _ENTRY_TAG.search(xml) is not None):
        # Taken for a feed without news, it would be in trouble without anybody's knowing. One that is all there and has
        # no entry is a quiet paper's, whatever is wrong with its title or stands behind its end.
        raise BrokenFeedError(url, BREAKS_OFF if is_cut else BROKEN)
    return ParsedFeed(
        format=version or "unknown",
        title=plain(_text(head, "title")),
        home=_text(head, "link"),
        language=_text(head, "language"),
        ttl=_ttl(_text(head, "ttl")),
        entries=entries_of([_entry(one) for one in entries], base=url, read_at=read_at),
        is_whole=not is_cut,
    )


def _ends_in_an_entry(xml: str) -> bool:
    """Return whether the last entry that begins has no end."""
    tags = _ENTRY_TAG.findall(xml)
    return bool(tags) and tags[-1] != "/"


def _entry(one: Mapping[str, object]) -> FoundEntry:
    bodies = list(_bodies(one))
    summary = _text(one, "summary")
    return FoundEntry(
        guid=_text(one, "id"),
        title=plain(_text(one, "title")),
        # FeedBurner puts its own counter before the publisher's address.
        link=_text(one, "feedburner_origlink") or _text(one, "link"),
        published_at=_moment(one, "published") or _moment(one, "created"),
        # Dublin Core's is "dcterms:modified", which feedparser takes for "updated"; some write "dc:modified".
        updated_at=_moment(one, "updated") or _moment(one, "dc_modified"),
        author=_author(one),
        content=max(bodies, key=len, default=None),
        summary=summary if summary and summary not in bodies else None,
    )


def _bodies(one: Mapping[str, object]) -> Iterator[str]:
    """Yield the whole texts an entry has, as HTML."""
    contents = dict.get(cast("dict[str, object]", one), "content")
    for content in contents if isinstance(contents, Sequence) else ():
        if isinstance(content, Mapping) and isinstance(value := content.get("value"), str) and value.strip():
            yield as_html(value) if content.get("type") == "text/plain" else value


def _author(one: Mapping[str, object]) -> str | None:
    """Return the author's name: RSS writes "mail (name)", Dublin Core and Atom the name."""
    printed = _text(one, "author") or ""
    # feedparser's own split knows top-level domains of up to four letters only.
    if "@" in printed and (named := _MAIL_AND_NAME.match(printed)) is not None:
        return plain(named[1])
    detail = dict.get(cast("dict[str, object]", one), "author_detail")
    name = detail.get("name") if isinstance(detail, Mapping) else None
    return plain(name if isinstance(name, str) and name else printed)


def _text(one: Mapping[str, object], name: str) -> str | None:
    # dict.get, for feedparser's own falls back from one name to another and warns about it.
    value = dict.get(cast("dict[str, object]", one), name)
    return value.strip() or None if isinstance(value, str) else None


def _moment(one: Mapping[str, object], name: str) -> datetime | None:
    """Return a date as we read it, else as feedparser does, which knows Korean, Greek and Hungarian months."""
    moment = moment_of(_text(one, name))
    parsed = dict.get(cast("dict[str, object]", one), f"{name}_parsed")
    if moment is not None or not isinstance(parsed, tuple):
        return moment
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _ttl(text: str | None) -> timedelta | None:
    """Return RSS's ``ttl``, minutes."""
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(minutes=int(text[:6])), MAX_TTL) or None

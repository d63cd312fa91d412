"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sources.entries import FoundEntry, ParsedFeed, entries_of
from sources.moments import moment_of
from sources.plain import as_html, plain

if TYPE_CHECKING:
    from datetime import datetime


def read_json_feed(text: str, *, url: str, read_at: datetime, max_entries: int) -> ParsedFeed | None:
    """Return the feed in ``text``; None where it is no JSON Feed.

    Raises:
        ValueError: if it has more than ``max_entries`` entries.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, Mapping) or "jsonfeed.org/version/" not in str(data.get("version", ""))[:100]:
        return None
    found = data.get("items")
    listed = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    if len(listed) > max_entries:
        msg = f"it has {len(listed)} entries, more than the {max_entries} we read"
        raise ValueError(msg)
    return ParsedFeed(
        format="json11" if str(data["version"]).rstrip("/").endswith("1.1") else "json10",
        title=plain(_text(data, "title")),
        home=_text(data, "home_page_url"),
        language=_text(data, "language"),
        ttl=None,
        entries=entries_of([_entry(one) for one in listed], base=url, read_at=read_at),
    )


def _entry(one: Mapping[str, object]) -> FoundEntry:
    content = _text(one, "content_html")
    if content is None and (printed := _text(one, "content_text")) is not None:
        content = as_html(printed)
    summary = _text(one, "summary")
    return FoundEntry(
        guid=_identity(one),
        title=plain(_text(one, "title")),
        link=_text(one, "url") or _text(one, "external_url"),
        published_at=moment_of(_text(one, "date_published")),
        updated_at=moment_of(_text(one, "date_modified")),
        author=_author(one),
        content=content,
        summary=as_html(summary) if summary else None,
    )


def _identity(one: Mapping[str, object]) -> str | None:
    """Return the id; the standard wants a string and asks readers to take numbers too."""
    value = one.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _text(one, "id")


def _author(one: Mapping[str, object]) -> str | None:
    """Return the names of ``authors`` (1.1), else of ``author`` (1.0)."""
    listed = one.get("authors")
    people = listed if isinstance(listed, list) else [one.get("author")]
    names = (plain(_text(person, "name")) for person in people if isinstance(person, Mapping))
    return ", ".join(name for name in names if name) or None


def _text(one: Mapping[str, object], name: str) -> str | None:
    value = one.get(name)
    # Half a surrogate pair is legal in JSON and in no database.
    return value.encode("utf-8", "replace").decode().strip() or None if isinstance(value, str) else None

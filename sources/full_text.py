"""Whether an entry holds its whole article, or its page has to be read. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from sources.plain import plain

if TYPE_CHECKING:
    from sources.entries import Entry

FULL_WORDS = 200
"""Fewer words are a teaser. The shortest news reports have about 150, the longest teasers we know 120; a short report
that is fetched although it was whole costs one request, a teaser taken for a report costs its quotes."""
MAX_CHARACTERS = 2_000_000

_CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\(more\)|read more|continue reading|read the (?:full|whole) (?:story|article)"
    r"|view article|full story|learn more)\s*(?:→|»|>|\.)?$",
    re.IGNORECASE,
)
_STUB_LINES = re.compile(r"the post .{1,300} appeared first on .{1,200}$", re.IGNORECASE)


class FullText(StrEnum):
    """What the operator says about a source."""

    AUTO = "auto"
    """The page is read where the entry looks cut."""
    ALWAYS = "always"
    NEVER = "never"


def needs_page(entry: Entry, mode: FullText) -> bool:
    """Return whether the entry's page is to be fetched; an entry without a link has none."""
    if entry.link is None or mode is FullText.NEVER:
        return False
    return mode is FullText.ALWAYS or not holds_all(entry)


def holds_all(entry: Entry) -> bool:
    """Return whether what stands in the entry is the whole article."""
    body = max(entry.content or "", entry.summary or "", key=len)
    text = plain(body[:MAX_CHARACTERS], limit=MAX_CHARACTERS) or ""
    # WordPress ends whole texts and teasers alike with this line.
    text = text[:-600] + _STUB_LINES.sub("", text[-600:])
    return len(text.split()) >= FULL_WORDS and _CUT.search(text[-80:].rstrip()) is None

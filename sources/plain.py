"""Plain text out of a line of HTML, and HTML out of plain text."""

from __future__ import annotations

import html
import re

from sources.decoding import legal

MAX_TITLE = 1_000
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")


def plain(text: str | None, *, limit: int = MAX_TITLE) -> str | None:
    """Return a title or a name as a reader sees it: tags off, references resolved, blanks single; None where empty."""
    if not text:
        return None
    # Titles are escaped once too often as often as not: "AT&amp;amp;T", "&lt;i&gt;".
    shown = legal(_TAG.sub("", html.unescape(_TAG.sub("", text[: 10 * limit]))))
    return " ".join(shown.split())[:limit] or None


def as_html(text: str) -> str:
    """Return plain text as HTML paragraphs, for the cleaner that reads entries' content."""
    blocks = (block.strip() for block in re.split(r"\n[^\S\n]*\n", text))
    return "".join(f"<p>{html.escape(block)}</p>" for block in blocks if block)

"""What a page gives once it is cleaned, and the article made of it.

A page comes as HTML (``html_page``) or as a person copies it from the browser (``pasted``); both end here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.values import Article, Paragraph, ParagraphKind, Span

if TYPE_CHECKING:
    from datetime import datetime

ID_DIGITS = 16
"""Hexadecimal digits of an article's id: 64 bits, so that a million articles collide once in 37 million stores."""


@dataclass(frozen=True, slots=True)
class CleanPage:
    """An article taken out of its page, furniture gone.

    Attributes:
        title: As printed; None where the page shows none.
        byline: The author's name or names without "By"; None where the page shows none.
        published_at: Aware, UTC. Where the page gives a time without a zone it is taken for UTC, where it gives a day
            only it is midnight UTC. None where the page does not say.
        outlet: Who published it, as the page says.
        language: ISO 639-1 code that the page claims; None where it claims none.
        url: Canonical address, as the page says.
        paragraphs: Kind and characters of each, in reading order, the title excluded. No line breaks inside.
        left_out: What was dropped, as (what, how many): ("menus", 31), ("captions", 4), ("teasers", 3), ("greetings", 1), ("footer lines", 2).
    """

    title: str | None
    byline: str | None
    published_at: datetime | None
    outlet: str | None
    language: str | None
    url: str | None
    paragraphs: tuple[tuple[ParagraphKind, str], ...]
    left_out: tuple[tuple[str, int], ...] = ()


def article_from(  # noqa: PLR0913 - all but the page are named at the call
    page: CleanPage,
    *,
    article_id: str,
    language: str,
    fetched_at: datetime,
    url: str | None = None,
    outlet: str | None = None,
) -> Article:
    """Return the article of ``page``: its title as a paragraph of its own, then its paragraphs, joined by blank lines.

    Args:
        page: What cleaning gave.
        article_id: Stable for the article; ``article_id_of`` makes one.
        language: ISO 639-1 code, "und" when it could not be told.
        fetched_at: Aware, UTC.
        url: Where it was read; the page's own canonical address goes before it.
        outlet: Known from the source; goes before what the page says.
    """
    parts = list(page.paragraphs)
    if page.title:
        parts.insert(0, (ParagraphKind.TITLE, page.title))
    paragraphs = []
    start = 0
    for kind, text in parts:
        paragraphs.append(Paragraph(Span(start, start + len(text)), kind))
        start += len(text) + 2
    return Article(
        article_id=article_id,
        url=page.url or url,
        outlet=outlet or page.outlet,
        title=page.title,
        byline=page.byline,
        text="\n\n".join(text for _, text in parts),
        paragraphs=tuple(paragraphs),
        language=language,
        published_at=page.published_at,
        fetched_at=fetched_at,
    )


def article_id_of(address_or_text: str) -> str:
    """Return an id that is the same for the same canonical address, or for the same text where there is no address."""
    # Lone surrogates come out of broken JSON; they must not stop an article.
    return hashlib.sha256(address_or_text.encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]

"""Quotes and articles as records: what ``quotes`` and ``export`` write, one JSON object or one line of a table each."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from handlers.csv_lines import csv_line
from summaries.printed import quoted_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from store.exporting import ExportedArticle, ExportedQuote, Revision
    from store.values import ArticleCard, FoundQuote

Record = dict[str, object]
"""A record: its fields by name, in the order of a table's columns."""


def quote_record(found: FoundQuote, bar: float) -> Record:
    """Return a quote with its proof, its speaker and its article.

    Args:
        found: The quote.
        bar: Confidence below which no speaker is named; how it was found and how sure that is stands there anyway.

    Raises:
        NotVerbatimError: if the quote does not stand in its paragraph.
    """
    quote, card, attribution = found.quote, found.card, found.quote.attribution
    named = quote.attributed(bar)
    return {
        "quote_id": quote.quote_id,
        "article_id": card.article_id,
        "speaker": None if named is None else found.speaker or named.name,
        "speaker_id": None if named is None else named.speaker_id,
        "quote": quoted_words(found),
        "kind": quote.kind.value,
        "speaker_mention": found.mention,
        "cue": found.cue,
        "rule": None if attribution is None else attribution.rule,
        "confidence": None if attribution is None else round(attribution.confidence, 4),
        "sentence": found.printed_sentence,
        "paragraph": found.paragraph,
        "paragraph_number": found.paragraph_index,
        "paragraph_sha256": sha256(found.paragraph.encode()).hexdigest(),
        "start": quote.span.start,
        "end": quote.span.end,
        **_card_fields(card),
    }


def exported_quote(exported: ExportedQuote, bar: float) -> Record:
    """Return a quote as ``quote_record`` does, and the revision of its article that it stands in."""
    return {"record": "quote", **quote_record(exported.found, bar), **_revision_fields(exported.revision)}


def exported_article(exported: ExportedArticle) -> Record:
    """Return an article with its text, as far as that is kept."""
    return {
        "record": "article",
        "article_id": exported.card.article_id,
        **_card_fields(exported.card),
        "text": exported.text,
        "summary": list(exported.summary),
        **_revision_fields(exported.revision),
    }


def _revision_fields(revision: Revision) -> Record:
    return {
        "revision": revision.number,
        "revision_read_at": moment(revision.read_at),
        "text_sha256": revision.text_sha256.hex(),
        "engine": revision.engine,
    }


def _card_fields(card: ArticleCard) -> Record:
    return {
        "outlet": card.outlet,
        "title": card.title,
        "byline": card.byline,
        "url": card.url,
        "language": card.language,
        "published_at": moment(card.published_at),
        "read_at": moment(card.fetched_at),
        "private_to": card.owner_channel,
    }


def moment(at: datetime | None) -> str | None:
    """Return a time as in ISO 8601, UTC, to the second."""
    return None if at is None else at.isoformat(timespec="seconds")


class Table:
    """Lines of a table (CSV as in RFC 4180, UTF-8) for spreadsheets.

    Args:
        columns: In order.
    """

    def __init__(self, columns: Iterable[str]) -> None:
        self._columns = tuple(columns)

    def head(self) -> bytes:
        """Return the line with the columns' names."""
        return _line(self._columns)

    def line(self, record: Record) -> bytes:
        """Return a record's line; what is not known is empty."""
        return _line(record.get(name) for name in self._columns)


def _line(cells: Iterable[object]) -> bytes:
    return csv_line(cells).encode("utf-8", "replace")

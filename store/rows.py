"""Rows out of values and values out of rows; nothing goes either way that is not verbatim."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from store.errors import NotVerbatimError
from store.search import search_column
from store.values import ArticleCard, FoundQuote, OpenedSpeaker, QuoteState
from summaries.values import (
    Analysis,
    Article,
    Attribution,
    NamedSpeaker,
    Paragraph,
    ParagraphKind,
    Quote,
    QuoteKind,
    Sentence,
    Span,
    Summary,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

Spans = list[list[int]]
"""Spans as JSON holds them."""


def digest(text: str) -> bytes:
    """Return the SHA-256 of ``text`` in UTF-8, the identity of a text; lone surrogates are let through."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


@cache
def engine_version() -> str:
    """Return the version of the program that analyses: what found a quote and its speaker."""
    return version("onrecord")


def newest_at(article: Article) -> datetime:
    """Return what "newest" goes by: the printed time, or when we read it where there is none or it lies ahead."""
    return article.fetched_at if article.published_at is None else min(article.published_at, article.fetched_at)


def dated(analysis: Analysis, published_at: datetime | None) -> Analysis:
    """Return an analysis with the date that is known of its article, where this reading of it found none.

    The date may have stood in a feed only, and the page be read again by its address.
    """
    article = analysis.article
    if published_at is None or article.published_at is not None:
        return analysis
    return replace(analysis, article=replace(article, published_at=published_at))


def spans_row(spans: Sequence[Span]) -> Spans:
    """Return spans as JSON holds them."""
    return [[span.start, span.end] for span in spans]


def spans_value(row: Spans) -> tuple[Span, ...]:
    """Return spans that JSON held."""
    return tuple(Span(start, end) for start, end in row)


def article_row(article: Article) -> dict[str, Any]:
    """Return the columns of ``articles`` that say what the page says."""
    return {
        "identity": article.article_id,
        "url": article.url,
        "outlet": article.outlet,
        "title": article.title,
        "byline": article.byline,
        "language": article.language,
        "published_at": article.published_at,
        "fetched_at": article.fetched_at,
        "newest_at": newest_at(article),
        "search": search_column((article.title or "", article.text)),
    }


def revision_row(analysis: Analysis, text_sha256: bytes) -> dict[str, Any]:
    """Return the columns of ``revisions`` but for article and number."""
    return {
        "text_sha256": text_sha256,
        "text": analysis.article.text,
        "paragraphs": [[part.span.start, part.span.end, part.kind.value] for part in analysis.article.paragraphs],
        "sentences": spans_row([sentence.span for sentence in analysis.sentences]),
        "summary": spans_row(analysis.summary.sentences),
        "summary_method": analysis.summary.method,
        "left_out": [list(left) for left in analysis.left_out],
        "engine": engine_version(),
        "read_at": analysis.article.fetched_at,
    }


class QuoteRows:
    """Makes the rows of one article's quotes; built once an article, asked once a quote."""

    def __init__(self, analysis: Analysis, owner_channel: str | None, article_id: int, revision: int) -> None:
        self.article_id = article_id
        self.newest_at = newest_at(analysis.article)
        self._article = analysis.article
        self._shared = {
            "article_id": article_id,
            "revision": revision,
            "owner_channel": owner_channel,
            "newest_at": self.newest_at,
        }
        self._paragraphs = [paragraph.span for paragraph in analysis.article.paragraphs]
        self._paragraph_starts = [span.start for span in self._paragraphs]
        self._sentences = [sentence.span for sentence in analysis.sentences]
        self._sentence_starts = [span.start for span in self._sentences]

    def row(self, quote: Quote, speaker: OpenedSpeaker | None) -> dict[str, Any]:
        """Return the columns of ``quotes`` but for id and state.

        Raises:
            NotVerbatimError: if the quote's words do not stand at its place.
        """
        text = self._article.text
        if quote.span.of(text) != quote.text:
            what = f"quote [{quote.span.start}, {quote.span.end}) of article {quote.article_id}"
            raise NotVerbatimError(what)
        index, paragraph = self._around(quote.span)
        printed = paragraph.of(text)
        sentence = self._sentence(quote.span, paragraph)
        # What is shown is what is found: a fragment is shown inside its printed sentence.
        shown = quote.text if quote.kind is QuoteKind.DIRECT else sentence.of(text)
        return self._shared | {
            "speaker_id": speaker and speaker.speaker_id,
            "own_speaker_id": speaker.own_id if speaker and speaker.is_merged else None,
            "kind": quote.kind.value,
            "start": quote.span.start,
            "end": quote.span.end,
            "text": quote.text,
            "quotation": quote.group,
            **_attribution_row(quote.attribution, text),
            "sentence_start": sentence.start,
            "sentence_end": sentence.end,
            "paragraph": index,
            "paragraph_start": paragraph.start,
            "paragraph_text": printed,
            "paragraph_sha256": digest(printed),
            "search": search_column((shown,), None if speaker is None else speaker.own_id),
        }

    def _around(self, span: Span) -> tuple[int, Span]:
        """Return the paragraph's index and the stretch from its start to the end of the last one the quote reaches."""
        first = max(bisect_right(self._paragraph_starts, span.start) - 1, 0)
        if not self._paragraphs:
            return 0, Span(0, len(self._article.text))
        last = max(bisect_right(self._paragraph_starts, span.end - 1) - 1, first)
        start = min(self._paragraphs[first].start, span.start)
        return first, Span(start, max(self._paragraphs[last].end, span.end))

    def _sentence(self, span: Span, paragraph: Span) -> Span:
        """Return the stretch of the sentences the quote reaches; the whole paragraph where there are none (titles)."""
        first = max(bisect_right(self._sentence_starts, span.start) - 1, 0)
        last = bisect_right(self._sentence_starts, span.end - 1) - 1
        if last < first or not self._sentences[first].overlaps(span):
            return paragraph
        start, end = min(self._sentences[first].start, span.start), max(self._sentences[last].end, span.end)
        return Span(max(start, paragraph.start), min(end, paragraph.end))


def card_value(row: Row[Any]) -> ArticleCard:
    """Return an article's card out of a row that has the columns of ``articles`` under their names."""
    return ArticleCard(
        article_id=row.article_id,
        owner_channel=row.owner_channel,
        url=row.url,
        outlet=row.outlet,
        title=row.title,
        byline=row.byline,
        language=row.language,
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        newest_at=row.newest_at,
    )


def quote_value(row: Row[Any], identity: str) -> Quote:
    """Return a quote out of a row of ``quotes``.

    Args:
        row: All columns of ``quotes``.
        identity: The article's id as the core made it.

    Raises:
        NotVerbatimError: if the kept paragraph is not what was kept, or the quote does not stand in it.
    """
    span = Span(row.start, row.end)
    inside = Span(span.start - row.paragraph_start, span.end - row.paragraph_start)
    if inside.of(row.paragraph_text) != row.text or digest(row.paragraph_text) != row.paragraph_sha256:
        what = f"quote {row.quote_id} of article {row.article_id}, as it is kept"
        raise NotVerbatimError(what)
    return Quote(
        article_id=identity,
        span=span,
        kind=QuoteKind(row.kind),
        text=row.text,
        attribution=_attribution_value(row),
        group=row.quotation,
        quote_id=row.quote_id,
    )


def found_value(row: Row[Any]) -> FoundQuote:
    """Return a quote with its proof out of a row of ``quotes`` joined with article and speaker.

    Raises:
        NotVerbatimError: as ``quote_value``.
    """
    return FoundQuote(
        quote=quote_value(row, row.identity),
        card=card_value(row),
        speaker=row.speaker_name,
        state=QuoteState(row.state),
        mention=row.mention_text,
        cue=row.cue_text,
        paragraph=row.paragraph_text,
        paragraph_start=row.paragraph_start,
        paragraph_index=row.paragraph,
        sentence=Span(row.sentence_start, row.sentence_end),
    )


def analysis_value(
    article: Row[Any], revision: Row[Any], quotes: Sequence[Quote], named: Sequence[Row[Any]]
) -> Analysis:
    """Return an analysis as it was stored, with the store's ids in it.

    Raises:
        NotVerbatimError: if the text is not what was kept, or a quote or sentence does not stand in it.
    """
    if digest(revision.text) != revision.text_sha256:
        what = f"the text of article {article.article_id}, as it is kept"
        raise NotVerbatimError(what)
    page = Article(
        article_id=article.identity,
        url=article.url,
        outlet=article.outlet,
        title=article.title,
        byline=article.byline,
        text=revision.text,
        paragraphs=tuple(Paragraph(Span(start, end), ParagraphKind(kind)) for start, end, kind in revision.paragraphs),
        language=article.language,
        published_at=article.published_at,
        fetched_at=article.fetched_at,
    )
    try:
        return Analysis(
            article=page,
            sentences=tuple(Sentence(span) for span in spans_value(revision.sentences)),
            quotes=tuple(quotes),
            named=tuple(
                NamedSpeaker(row.name, tuple(row.aliases), spans_value(row.mentions), spans_value(row.reported))
                for row in named
            ),
            summary=Summary(article.identity, spans_value(revision.summary), revision.summary_method),
            left_out=tuple((what, count) for what, count in revision.left_out),
        )
    except ValueError as exc:
        what = f"article {article.article_id}, as it is kept"
        raise NotVerbatimError(what) from exc


def _attribution_row(attribution: Attribution | None, text: str) -> dict[str, Any]:
    if attribution is None:
        columns = ("name", "rule", "confidence", "mention_start", "mention_end", "mention_text")
        return dict.fromkeys((*columns, "cue_start", "cue_end", "cue_text"))
    cue = attribution.cue
    return {
        "name": attribution.name,
        "rule": attribution.rule,
        "confidence": attribution.confidence,
        "mention_start": attribution.mention.start,
        "mention_end": attribution.mention.end,
        "mention_text": attribution.mention.of(text),
        "cue_start": cue and cue.start,
        "cue_end": cue and cue.end,
        "cue_text": cue and cue.of(text),
    }


def _attribution_value(row: Row[Any]) -> Attribution | None:
    if row.name is None:
        return None
    return Attribution(
        mention=Span(row.mention_start, row.mention_end),
        cue=None if row.cue_start is None else Span(row.cue_start, row.cue_end),
        name=row.name,
        rule=row.rule,
        confidence=row.confidence,
        speaker_id=row.speaker_id,
    )

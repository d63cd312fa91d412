"""Articles with marked quotes, for tests of what is told about them."""

from __future__ import annotations

from datetime import UTC, datetime

from summaries.paragraphs import paragraphs_of
from summaries.printed import Printed, printed_quotes
from summaries.sentences import NO_WORDS, split_sentences
from summaries.values import (
    Analysis,
    Article,
    Attribution,
    Bars,
    ParagraphKind,
    Quote,
    QuoteKind,
    Sentence,
    Span,
    Summary,
)

READ_AT = datetime(2031, 5, 13, 9, 0, tzinfo=UTC)
BARS = Bars(asked=0.7, pushed=0.9)
DIRECT, PARTIAL = QuoteKind.DIRECT, QuoteKind.PARTIAL


def article_of(text: str, *, title: str | None = None, **facts: str) -> Article:
    """Return an article; what is not said the page does not say."""
    return Article(
        "a1",
        facts.get("url"),
        facts.get("outlet"),
        title,
        facts.get("byline"),
        text,
        paragraphs_of(text, title=title),
        "en",
        None,
        READ_AT,
    )


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """Return the body's sentences."""
    body = [paragraph for paragraph in article.paragraphs if paragraph.kind is not ParagraphKind.TITLE]
    return tuple(Sentence(s) for p in body for s in split_sentences(article.text, p.span, NO_WORDS))


def quote_of(  # noqa: PLR0913 - everything but the words has a default
    article: Article,
    words: str,
    name: str | None = None,
    mention: str = "",
    *,
    kind: QuoteKind = DIRECT,
    rule: str = "verb_after_quote",
    confidence: float = 0.95,
    after: int = 0,
    quote_id: int | None = None,
    group: int | None = None,
) -> Quote:
    """Return the quote that stands at the first ``words`` from ``after`` on, with the nearest mention of its speaker."""
    start = article.text.index(words, after)
    attribution = None
    if name is not None:
        printed = mention or name
        places = [at for at in range(len(article.text)) if article.text.startswith(printed, at)]
        end = start + len(words)
        at = min(places, key=lambda place: min(abs(place - end), abs(place - start)))
        attribution = Attribution(Span(at, at + len(printed)), None, name, rule, confidence)
    span = Span(start, start + len(words))
    return Quote("a1", span, kind, words, attribution, group, quote_id)


def printed_of(article: Article, *quotes: Quote) -> tuple[Printed, ...]:
    """Return the quotes as they are printed."""
    return printed_quotes(article, sentences_of(article), quotes)


def analysis_of(article: Article, *quotes: Quote, left_out: tuple[tuple[str, int], ...] = ()) -> Analysis:
    """Return an analysis whose summary is the first sentence."""
    sentences = sentences_of(article)
    summary = Summary("a1", tuple(one.span for one in sentences[:1]), "lead")
    return Analysis(article, sentences, quotes, (), summary, left_out)

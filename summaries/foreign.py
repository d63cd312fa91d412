"""The quotes of an article in a language without data: marks by their form, speakers only next to a known cue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from summaries.quotes import Found, find_quotes
from summaries.tokens import words_of
from summaries.trees import EMPTY_TREES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.quote_words import QuoteWords
    from summaries.quotes import QuoteWeights
    from summaries.values import Article, Quote, Sentence

_BESIDE = 40
"""Characters between a quotation and the cue that is next to it."""


def find_foreign_quotes(
    article: Article, sentences: Sequence[Sentence], known: Sequence[QuoteWords], weights: QuoteWeights
) -> Found:
    """Return the article's quotes; who spoke is only said where a known language's reporting verb stands beside.

    Everything else would be guessed by the grammar of another language. Nobody is listed as named.

    Args:
        article: In a language without data.
        sentences: Of the whole text.
        known: The words of the languages with data; the one with most reporting verbs in the text is taken.
        weights: Of the quote engine.
    """
    if not known:
        return Found((), ())
    words = words_of(article.text)
    reporting = [sum(word in language.speech.reporting for word in words) for language in known]
    chosen = known[reporting.index(max(reporting))]
    # The second look at speech knows one language's ways to report.
    plain = replace(weights, attribution=replace(weights.attribution, hearing=EMPTY_TREES))
    found = find_quotes(article, sentences, chosen, plain)
    return Found(tuple(one if _beside_cue(one) else replace(one, attribution=None) for one in found.quotes), ())


def _beside_cue(quote: Quote) -> bool:
    cue = quote.attribution.cue if quote.attribution else None
    if cue is None:
        return False
    return 0 <= max(cue.start - quote.span.end, quote.span.start - cue.end) <= _BESIDE

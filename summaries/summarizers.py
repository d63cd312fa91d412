"""The extractive summary of an article, by a method chosen by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summaries.ranking import NewsWeights, choose, graph_of, news_scores
from summaries.tokens import words_of
from summaries.values import ParagraphKind, Span, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.values import Article, Sentence

METHODS = (
    "news",
    "lead",
    "lexrank",
    "textrank",
    "lsa",
    "luhn",
    "edmundson",
    "kl",
    "sumbasic",
    "reduction",
)


def summarise(  # noqa: PLR0913 - all but two have defaults
    article: Article,
    sentences: Sequence[Sentence],
    *,
    method: str = "news",
    count: int = 3,
    avoid: Sequence[Span] = (),
    stop_words: frozenset[str] = frozenset(),
    leaning: frozenset[str] = frozenset(),
    weights: NewsWeights = NewsWeights(),  # noqa: B008 - frozen
) -> Summary:
    """Return at most ``count`` whole sentences of ``article``, verbatim, in reading order.

    Args:
        article: Its titles and headings are never chosen from.
        sentences: Of the body, in reading order.
        method: One of ``METHODS``.
        count: How many sentences.
        avoid: Quotes that are shown beside the summary: sentences with them are taken only when too few others are left.
        stop_words: The language's, folded.
        leaning: Folded words with which a sentence leans on the one before it ("he", "but"): never chosen first.
        weights: Of the news ranking.

    Raises:
        ValueError: if ``method`` is unknown.
    """
    if method not in METHODS:
        msg = f"no such summary method: {method}"
        raise ValueError(msg)
    del leaning, avoid
    body = [p.span for p in article.paragraphs if p.kind in {ParagraphKind.LEAD, ParagraphKind.BODY}]
    spans = [s.span for s in sentences if any(p.covers(s.span) for p in body)]
    if method == "lead" or len(spans) <= count:
        return Summary(article.article_id, tuple(spans[:count]), method)
    texts = [span.of(article.text) for span in spans]
    if method == "news":
        words = [words_of(text) for text in texts]
        graph = graph_of(words, stop_words)
        scores = news_scores(graph, [len(each) for each in words], weights)
        best = choose(graph, scores, count, redundancy=weights.redundancy)
    else:
        from summaries.sumy_methods import best_by_sumy  # noqa: PLC0415 - sumy costs half a second

        best = best_by_sumy(method, [texts], article.title, count, stop_words)
    return Summary(article.article_id, tuple(spans[at] for at in sorted(best)), method)

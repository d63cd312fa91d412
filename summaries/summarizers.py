"""The extractive summary of an article, by a method chosen by name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.ranking import NEWS_WEIGHTS, NewsWeights, candidate, rank
from summaries.sentences import word_set
from summaries.tokens import folded
from summaries.values import ParagraphKind, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from summaries.values import Article, Sentence, Span

METHODS = ("news", "lead", "lexrank", "textrank", "lsa", "luhn", "edmundson", "kl", "sumbasic", "reduction")
"""``news`` is ours, ``lead`` the first sentences, all others are sumy's."""

_SHOWN = frozenset({ParagraphKind.LEAD, ParagraphKind.BODY})
# sumy's methods are square or worse in the sentences: KL takes 2 s for 200 of them and 25 s for 500.
SUMY_SENTENCES = 200
"""How many sentences, from the beginning of the article, sumy's methods get to see."""


@dataclass(frozen=True, slots=True)
class SummaryWords:
    """What a summary needs to know of one language; all folded.

    Attributes:
        stop_words: Frequent in every text: they do not tie sentences together.
        leaning: A sentence that begins with one leans on the sentence before it ("he", "but").
        endings: What is cut off words before they are compared, the longest first.
    """

    stop_words: frozenset[str] = frozenset()
    leaning: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()


NO_SUMMARY_WORDS = SummaryWords()
"""For a language without a pack."""


def parse_summary_words(data: Mapping[str, object]) -> SummaryWords:
    """Return a language's ``stop_words``, ``pronouns``, ``openers`` and ``endings`` as a value.

    Raises:
        ValueError: if one of them is missing or is not a string of words.
    """
    endings = sorted((folded(word) for word in word_set(data, "endings")), key=lambda word: (-len(word), word))
    leaning = word_set(data, "pronouns") | word_set(data, "openers")
    return SummaryWords(parse_stop_words(data), frozenset(folded(word) for word in leaning), tuple(endings))


def parse_stop_words(data: Mapping[str, object]) -> frozenset[str]:
    """Return a language's ``stop_words``, folded.

    Raises:
        ValueError: if they are missing or are not a string of words.
    """
    return frozenset(folded(word) for word in word_set(data, "stop_words"))


def summarise(  # noqa: PLR0913 - all but two have defaults
    article: Article,
    sentences: Sequence[Sentence],
    *,
    method: str = "news",
    count: int = 3,
    avoid: Sequence[Span] = (),
    words: SummaryWords = NO_SUMMARY_WORDS,
    weights: NewsWeights = NEWS_WEIGHTS,
) -> Summary:
    """Return at most ``count`` whole sentences of ``article``, verbatim, in reading order.

    Args:
        article: From its title and headings nothing is chosen.
        sentences: Of the body, in reading order.
        method: One of ``METHODS``.
        count: How many sentences.
        avoid: The key quotes shown beside the summary, in any order: a sentence that holds a part of one is chosen
            only when too few others are left; so is one that announces what follows ("The main points:"), except by
            ``lead``, which is the measure of the others.
        words: The language's.
        weights: Of the news ranking.

    Raises:
        ValueError: if ``method`` is unknown.
    """
    if method not in METHODS:
        msg = f"no such summary method: {method}"
        raise ValueError(msg)
    spans = _within_body(article, sentences)
    if count >= len(spans):
        return Summary(article.article_id, tuple(spans), method)
    held = _holding(spans, avoid)
    if method != "lead":
        held |= {at for at, span in enumerate(spans) if span.of(article.text).endswith(":")}
    if method == "news":
        candidates = [
            candidate(span.of(article.text), leaning=words.leaning, avoided=at in held) for at, span in enumerate(spans)
        ]
        places = rank(candidates, count, stop_words=words.stop_words, endings=words.endings, weights=weights)
    else:
        places = _by_other(method, article, spans, held, count, words)
    return Summary(article.article_id, tuple(spans[at] for at in sorted(places)), method)


def _within_body(article: Article, sentences: Sequence[Sentence]) -> list[Span]:
    """Return the spans of the sentences of lead and body paragraphs."""
    shown = [paragraph.span for paragraph in article.paragraphs if paragraph.kind in _SHOWN]
    starts = [span.start for span in shown]
    found = []
    for sentence in sentences:
        at = bisect_right(starts, sentence.span.start) - 1
        if at >= 0 and shown[at].covers(sentence.span):
            found.append(sentence.span)
    return found


def _holding(spans: Sequence[Span], avoid: Sequence[Span]) -> frozenset[int]:
    """Return the places of the spans that overlap one of ``avoid``; ``spans`` are in reading order."""
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    return frozenset(
        at for quote in avoid for at in range(bisect_right(ends, quote.start), bisect_left(starts, quote.end))
    )


def _by_other(  # noqa: PLR0913, PLR0917 - one call, apart for its length only
    method: str, article: Article, spans: Sequence[Span], held: frozenset[int], count: int, words: SummaryWords
) -> list[int]:
    """Return the places that ``lead`` or one of sumy's methods chooses."""
    free = [at for at in range(len(spans)) if at not in held]
    open_to_choice = free if len(free) >= count else list(range(len(spans)))
    if method == "lead":
        return open_to_choice[:count]
    from summaries.sumy_methods import best_by_sumy  # noqa: PLC0415 - sumy brings nltk, which costs half a second

    seen = open_to_choice[:SUMY_SENTENCES]
    texts = [spans[at].of(article.text) for at in seen]
    chosen = best_by_sumy(method, texts, count=count, title=article.title, words=words)
    if seen[chosen[0]] and _leans(texts[chosen[0]], words):
        # Nobody knows who the "he" of a first sentence is: choose again among those that stand alone.
        standing = [at for at, text in enumerate(texts) if at == 0 or not _leans(text, words)]
        if len(standing) >= count:
            texts = [texts[at] for at in standing]
            again = best_by_sumy(method, texts, count=count, title=article.title, words=words)
            chosen = [standing[at] for at in again]
    return [seen[at] for at in chosen]


def _leans(sentence: str, words: SummaryWords) -> bool:
    return candidate(sentence, leaning=words.leaning).leans

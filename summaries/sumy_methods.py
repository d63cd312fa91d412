"""sumy's algorithms over our sentences, and our news ranking as one of sumy's summarizers.

Imported only where one of them is asked for: sumy brings nltk, which costs half a second. Nothing is downloaded: sumy's own
Tokenizer, which would, is not used.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers._summarizer import AbstractSummarizer
from sumy.summarizers.edmundson import EdmundsonSummarizer
from sumy.summarizers.kl import KLSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.reduction import ReductionSummarizer
from sumy.summarizers.sum_basic import SumBasicSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from summaries.ranking import NEWS_WEIGHTS, NewsWeights, candidate, rank
from summaries.sentences import NO_WORDS, SentenceWords, split_sentences
from summaries.tokens import words_of
from summaries.values import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from summaries.summarizers import SummaryWords

_SUMMARIZERS: dict[str, Callable[[], AbstractSummarizer]] = {
    "lexrank": LexRankSummarizer,
    "textrank": TextRankSummarizer,
    "lsa": LsaSummarizer,
    "luhn": LuhnSummarizer,
    "edmundson": EdmundsonSummarizer,
    "kl": KLSummarizer,
    "sumbasic": SumBasicSummarizer,
    "reduction": ReductionSummarizer,
}


class Tokenizer:
    """What sumy asks of a tokenizer, answered by our own splitter; give it to any of sumy's parsers."""

    def __init__(self, words: SentenceWords = NO_WORDS) -> None:
        self._words = words

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        """Return the sentences of one paragraph."""
        if not paragraph:
            return ()
        whole = Span(0, len(paragraph))
        return tuple(span.of(paragraph) for span in split_sentences(paragraph, whole, self._words))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the folded words of one sentence."""
        return tuple(words_of(sentence))


class NewsSummarizer(AbstractSummarizer):  # type: ignore[misc]  # sumy has no types
    """Our news ranking wherever sumy takes a summarizer; set its attributes as with sumy's own.

    For programs that use sumy, and for comparing: ``--method news`` asks ``rank`` itself, because sumy costs half a
    second to import. ``benchmarks/bench_summaries.py`` checks that both choose the same.

    Attributes:
        stop_words: Folded; they do not tie sentences together.
        leaning: Folded; a sentence that begins with one leans on the sentence before it.
        endings: What is cut off words before they are compared.
        weights: The numbers of the ranking.
    """

    stop_words: frozenset[str] = frozenset()
    leaning: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    weights: NewsWeights = NEWS_WEIGHTS

    def __call__(self, document: ObjectDocumentModel, sentences_count: int) -> tuple[Sentence, ...]:
        """Return the chosen sentences in reading order."""
        sentences: tuple[Sentence, ...] = document.sentences
        candidates = [candidate(str(sentence), leaning=self.leaning) for sentence in sentences]
        best = rank(candidates, sentences_count, stop_words=self.stop_words, endings=self.endings, weights=self.weights)
        return tuple(sentences[at] for at in sorted(best))


def best_by_sumy(
    method: str, sentences: Sequence[str], *, count: int, title: str | None, words: SummaryWords
) -> list[int]:
    """Return the places of the sentences that one of sumy's algorithms chooses, in reading order.

    Args:
        method: A name out of ``summarizers.METHODS`` that is sumy's.
        sentences: Of the body, in reading order.
        count: How many to choose.
        title: Edmundson looks for its words.
        words: The language's; to Edmundson, those with which a sentence leans on another speak against it ("stigma").
    """
    tokenizer = Tokenizer()
    row = [Sentence(sentence, tokenizer) for sentence in sentences]
    heading = [Sentence(title, tokenizer, is_heading=True)] if title else []
    summarizer = _SUMMARIZERS[method]()
    if method == "edmundson":
        # It refuses empty lists; a word that no text holds is as good as none.
        summarizer.bonus_words = (set(words_of(title or "")) - words.stop_words) or {"\0"}
        summarizer.stigma_words = words.leaning or {"\0"}
        summarizer.null_words = words.stop_words or {"\0"}
    else:
        summarizer.stop_words = words.stop_words
    if not any(sentence.words for sentence in row):
        return list(range(min(count, len(row))))  # some of its algorithms stumble over texts without a word
    # sumy compares sentences by their text; two that read the same are two all the same.
    places = {id(sentence): at for at, sentence in enumerate(row)}
    with warnings.catch_warnings():
        # LSA warns of short texts, which are no mistake of anybody's.
        warnings.simplefilter("ignore", UserWarning)
        chosen = summarizer(ObjectDocumentModel([Paragraph([*heading, *row])]), count)
    return sorted(places[id(sentence)] for sentence in chosen)

"""sumy's algorithms over our sentences, and our news ranking as one of sumy's summarizers.

Imported only where one of them is asked for: sumy brings nltk, which costs half a second. Nothing is downloaded: sumy's own
Tokenizer, which would, is not used.
"""

from __future__ import annotations

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

from summaries.ranking import NewsWeights, choose, graph_of, news_scores
from summaries.sentences import NO_WORDS, SentenceWords, split_sentences
from summaries.tokens import words_of
from summaries.values import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    """Our news ranking wherever sumy takes a summarizer.

    Attributes:
        stop_words: Folded; they do not tie sentences together.
    """

    stop_words: frozenset[str] = frozenset()
    weights = NewsWeights()

    def __call__(self, document: ObjectDocumentModel, sentences_count: int) -> tuple[Sentence, ...]:
        """Return the chosen sentences in reading order."""
        sentences = document.sentences
        words = [sentence.words for sentence in sentences]
        graph = graph_of(words, self.stop_words)
        scores = news_scores(graph, [len(each) for each in words], self.weights)
        best = choose(graph, scores, sentences_count, redundancy=self.weights.redundancy)
        return tuple(sentences[at] for at in sorted(best))


def best_by_sumy(
    method: str, paragraphs: Sequence[Sequence[str]], title: str | None, count: int, stop_words: frozenset[str]
) -> list[int]:
    """Return the places (counted over all paragraphs) of the sentences that one of sumy's algorithms chooses.

    Args:
        method: A name out of ``summarizers.METHODS`` that is sumy's.
        paragraphs: The sentences of each paragraph.
        title: Edmundson counts its words for more.
        count: How many sentences.
        stop_words: Folded.
    """
    tokenizer = Tokenizer()
    rows = [[Sentence(sentence, tokenizer) for sentence in paragraph] for paragraph in paragraphs]
    flat = [sentence for row in rows for sentence in row]
    if title:
        rows.insert(0, [Sentence(title, tokenizer, is_heading=True)])
    summarizer = _SUMMARIZERS[method]()
    if method == "edmundson":
        # The bonus words are the title's, as in the paper's title method; stigma words it cannot do without.
        summarizer.bonus_words = words_of(title or "") or ["said"]
        summarizer.stigma_words = summarizer.null_words = stop_words or ["the"]
    else:
        summarizer.stop_words = stop_words
    places = {id(sentence): at for at, sentence in enumerate(flat)}
    chosen = summarizer(ObjectDocumentModel([Paragraph(row) for row in rows]), count)
    return sorted(places[id(sentence)] for sentence in chosen)

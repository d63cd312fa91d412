"""Which sentences of an article tell its news: a pure function of their words and places.

A sentence is worth what the rest of the article takes up from it (the similarity of all later sentences to it), plus
a prior for the place where newspapers put their news: the beginning. The graph of similarities is never built: sums
over later sentences are running sums over words, so time and memory are linear in the text, whatever its length.
After Zheng and Lapata, "Sentence Centrality Revisited for Unsupervised Summarization" (ACL 2019): on news, a walk
over an undirected graph (LexRank, TextRank) loses to the first three sentences, forward edges alone do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.tokens import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_OPENS_WITH_MARK = re.compile(r"[\"“„‟‘‚'«»‹›]|''")
_GLUED_CAPTION = re.compile(r"\s\.$")
_SHORTEST_STEM = 4  # letters; "his" keeps its s
# Worths lie between -count and 2, so each of these outranks all of them.
_AVOIDED = 1e6
_LEANS_ALONE = 1e3


@dataclass(frozen=True, slots=True)
class NewsWeights:
    """The few numbers of the news ranking; docs/measurements.md says how they were chosen.

    The worth of the sentence that most is taken up from is 1; everything else is relative to it.

    Attributes:
        lead: Worth of standing among the first n sentences of the body, n being the number asked for.
        full: Words below which a sentence is worth less in proportion.
        repetition: What a sentence loses for being the same as a chosen one; less where less alike.
        weak: Factor for questions, sentences that open with a quotation or break one off, glued captions, and
            sentences that lean on one that is not chosen.
    """

    lead: float = 0.6
    full: int = 15
    repetition: float = 1.0
    weak: float = 0.7


NEWS_WEIGHTS = NewsWeights()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the ranking knows of one sentence.

    Attributes:
        words: Folded, stop words included.
        leans: Whether it cannot be understood without the sentence before it ("But he …").
        weak: Whether it is a question, a piece of a quotation or a caption.
        avoided: Whether it should be chosen only when nothing else is left.
    """

    words: Sequence[str]
    leans: bool = False
    weak: bool = False
    avoided: bool = False


def candidate(sentence: str, *, leaning: frozenset[str], avoided: bool = False) -> Candidate:
    """Return what the ranking knows of ``sentence``.

    Args:
        sentence: As printed.
        leaning: Folded words with which a sentence leans on the one before it ("he", "but").
        avoided: Whether it should be chosen only when nothing else is left.
    """
    words = words_of(sentence)
    weak = (
        sentence.endswith("?")
        or _OPENS_WITH_MARK.match(sentence) is not None
        or _GLUED_CAPTION.search(sentence) is not None
        or sentence.count("“") != sentence.count("”")
        or sentence.count('"') % 2 == 1
    )
    return Candidate(words, leans=bool(words) and words[0] in leaning, weak=weak, avoided=avoided)


def rank(
    candidates: Sequence[Candidate],
    count: int,
    *,
    stop_words: frozenset[str] = frozenset(),
    endings: tuple[str, ...] = (),
    weights: NewsWeights = NEWS_WEIGHTS,
) -> list[int]:
    """Return the places of the ``count`` best sentences, best first.

    The first in reading order never leans on a sentence that is not chosen, and no avoided sentence is chosen, while
    there are others.

    Args:
        candidates: The sentences of the body, in reading order.
        count: How many to choose; fewer come out where there are fewer.
        stop_words: Folded words that do not tie sentences together.
        endings: What is cut off words before they are compared, the longest first.
        weights: The numbers of the ranking.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s that a caller without a summary does not pay

    size = len(candidates)
    graph = graph_of([each.words for each in candidates], stop_words, endings)
    lengths = np.array([len(each.words) for each in candidates], dtype=np.float64)
    weak = np.array([each.weak for each in candidates], dtype=bool)
    avoided = np.array([each.avoided for each in candidates], dtype=bool)
    # The first sentence has none before it to lean on.
    alone = np.array([at > 0 and each.leans for at, each in enumerate(candidates)], dtype=bool)
    places = np.arange(size)

    worth = forward_centrality(graph) + weights.lead * (places < count)
    worth *= np.minimum(1.0, lengths / weights.full) * np.where(weak, weights.weak, 1.0)
    worth -= _AVOIDED * avoided

    chosen: list[int] = []
    repeats = np.zeros(size)
    while len(chosen) < min(count, size):
        now = np.where(alone & (worth > 0), worth * weights.weak, worth) - weights.repetition * repeats
        now -= _LEANS_ALONE * (alone & (places < min(chosen, default=size)))
        now[chosen] = -np.inf
        best = int(np.argmax(now))
        chosen.append(best)
        alone[best + 1 : best + 2] = False
        repeats = np.maximum(repeats, graph.similar_to(best))
    return chosen


@dataclass(frozen=True, slots=True)
class Graph:
    """Sentences and their words as a sparse matrix of ``values`` at (``rows``, ``columns``).

    Each row has length 1 or is empty; entries are sorted by row.
    """

    sentences: int
    words: int
    rows: Integers
    columns: Integers
    values: Floats

    def similar_to(self, place: int) -> Floats:
        """Return, per sentence, the cosine (0 to 1) of its words with those of the sentence at ``place``."""
        import numpy as np  # noqa: PLC0415 - as above

        start, end = np.searchsorted(self.rows, [place, place + 1])
        its_words = np.zeros(self.words)
        its_words[self.columns[start:end]] = self.values[start:end]
        return _sums(self.rows, self.values * its_words[self.columns], self.sentences)


def graph_of(sentences: Sequence[Sequence[str]], stop_words: frozenset[str], endings: tuple[str, ...] = ()) -> Graph:
    """Return the graph of ``sentences``, each given by its folded words; rare words tie more than frequent ones."""
    import numpy as np  # noqa: PLC0415 - as above

    known: dict[str, int] = {}
    stems: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[int] = []
    for at, sentence in enumerate(sentences):
        seen: dict[int, int] = {}
        for word in sentence:
            if word in stop_words:
                continue
            column = known.get(word)
            if column is None:
                column = known[word] = stems.setdefault(_stem(word, endings), len(stems))
            seen[column] = seen.get(column, 0) + 1
        rows.extend([at] * len(seen))
        columns.extend(seen)
        counts.extend(seen.values())
    row_ids, column_ids = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    spread = np.bincount(column_ids, minlength=len(stems))
    values = np.log1p(np.array(counts, dtype=np.float64)) * np.log1p(len(sentences) / spread[column_ids])
    lengths = np.sqrt(_sums(row_ids, values**2, len(sentences)))
    return Graph(len(sentences), len(stems), row_ids, column_ids, values / lengths[row_ids])


def _sums(groups: Integers, values: Floats, size: int) -> Floats:
    """Return the sum of ``values`` per group."""
    import numpy as np  # noqa: PLC0415 - as above

    # Without the cast an empty input gives integers.
    return np.bincount(groups, weights=values, minlength=size).astype(np.float64)


def _stem(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) >= len(ending) + _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def forward_centrality(graph: Graph) -> Floats:
    """Return, per sentence, the sum of similarities of all later sentences to it; the largest is 1 (or all are 0)."""
    import numpy as np  # noqa: PLC0415 - as above

    by_word = np.argsort(graph.columns, kind="stable")  # within a word, by sentence
    running = np.cumsum(graph.values[by_word])
    last = np.searchsorted(graph.columns[by_word], np.arange(graph.words), side="right") - 1
    later = np.empty_like(graph.values)
    later[by_word] = running[last][graph.columns[by_word]] - running
    sums = _sums(graph.rows, graph.values * later, graph.sentences)
    top = sums.max(initial=0.0)
    return sums / top if top > 0 else sums

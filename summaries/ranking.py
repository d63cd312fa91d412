"""Which sentences of an article tell its news: a pure function of their words and places.

A sentence is worth its centrality in the graph of sentences that share words, plus a prior for standing early: news
is written so that an editor can cut it from the end. The graph is never built: one step of its random walk is two
passes over the words (X·(Xᵀ·p)), so time and memory are linear in the text, whatever its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_STEPS = 12
_DAMPING = 0.85


@dataclass(frozen=True, slots=True)
class NewsWeights:
    """The few numbers of the news ranking; docs/measurements.md says how they were chosen.

    Attributes:
        lead: Worth of the first sentence's place against the worth of the most central sentence (1).
        half_life: Sentences after which the worth of the place has halved.
        redundancy: Cosine (0 to 1) above which a sentence repeats a chosen one.
        short: Words below which a sentence loses worth in proportion.
    """

    lead: float = 2.0
    half_life: float = 2.0
    redundancy: float = 0.6
    short: int = 8


@dataclass(frozen=True, slots=True)
class Graph:
    """The words of sentences as a sparse matrix: ``rows`` (sentence), ``columns`` (word), ``values``.

    Each row has length 1 or is empty.
    """

    sentences: int
    words: int
    rows: Integers
    columns: Integers
    values: Floats

    def similarity_to(self, weights: Floats) -> Floats:
        """Return, per sentence, the sum over all sentences of similarity times ``weights``."""
        import numpy as np  # noqa: PLC0415 - 0.1 s that a caller without a summary does not pay

        by_word = np.bincount(self.columns, weights=self.values * weights[self.rows], minlength=self.words)
        shared: Floats = np.bincount(
            self.rows, weights=self.values * by_word[self.columns], minlength=self.sentences
        ).astype(np.float64)
        return shared


def graph_of(sentences: Sequence[Sequence[str]], stop_words: frozenset[str]) -> Graph:
    """Return the graph of ``sentences`` (folded words each); stop words do not tie sentences together."""
    import numpy as np  # noqa: PLC0415 - as above

    known: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[float] = []
    for at, sentence in enumerate(sentences):
        seen: dict[int, int] = {}
        for word in sentence:
            if word not in stop_words:
                column = known.setdefault(word, len(known))
                seen[column] = seen.get(column, 0) + 1
        rows.extend([at] * len(seen))
        columns.extend(seen)
        counts.extend(seen.values())
    row_ids, column_ids = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    spread = np.bincount(column_ids, minlength=len(known))
    values = np.log1p(np.array(counts)) * np.log1p(len(sentences) / spread[column_ids])
    lengths = np.sqrt(np.bincount(row_ids, weights=values**2, minlength=len(sentences)))
    return Graph(len(sentences), len(known), row_ids, column_ids, values / lengths[row_ids])


def centrality(graph: Graph) -> Floats:
    """Return, per sentence, its share in a random walk over shared words; the largest is 1 (all 0 without words)."""
    import numpy as np  # noqa: PLC0415 - as above

    degree = np.maximum(graph.similarity_to(np.ones(graph.sentences)), 1e-12)
    walk = np.full(graph.sentences, 1.0 / max(1, graph.sentences))
    for _ in range(_STEPS):
        walk = (1 - _DAMPING) / graph.sentences + _DAMPING * graph.similarity_to(walk / degree)
    walk[np.bincount(graph.rows, minlength=graph.sentences) == 0] = 0.0
    top = walk.max(initial=0.0)
    return walk / top if top > 0 else walk


def news_scores(graph: Graph, lengths: Sequence[int], weights: NewsWeights) -> Floats:
    """Return what each sentence is worth: centrality plus the worth of its place, less where it is short.

    Args:
        graph: Of the article's body sentences, in reading order.
        lengths: Words per sentence, stop words included.
        weights: The numbers of the ranking.
    """
    import numpy as np  # noqa: PLC0415 - as above

    place = weights.lead * 0.5 ** (np.arange(graph.sentences) / weights.half_life)
    fullness = np.minimum(1.0, np.array(lengths, dtype=np.float64) / weights.short)
    return (centrality(graph) + place) * fullness


def choose(graph: Graph, scores: Floats, count: int, *, redundancy: float) -> list[int]:
    """Return the places of the best ``count`` sentences that do not repeat each other, best first.

    Where only repetitions are left, they are taken after all.
    """
    import numpy as np  # noqa: PLC0415 - as above

    chosen: list[int] = []
    left = scores.copy()
    repeats = np.zeros(graph.sentences)
    while len(chosen) < min(count, graph.sentences):
        # A repetition sinks below everything else, but keeps its order among repetitions.
        best = int(np.argmax(np.where(repeats > redundancy, left - 1e6, left)))
        chosen.append(best)
        left[best] = -np.inf
        one = np.zeros(graph.sentences)
        one[best] = 1.0
        repeats = np.maximum(repeats, graph.similarity_to(one))
    return chosen

"""How likely each line of a page belongs to its article: a linear-chain model whose weights come from a file.

A page is read from top to bottom in four states: before the article, in it, in something that interrupts it, after it.
The article is entered once and left once. ``benchmarks/train_lines.py`` learns the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BEFORE, BODY, INNER, AFTER = range(4)
MOVES = (
    (BEFORE, BEFORE),
    (BEFORE, BODY),
    (BODY, BODY),
    (BODY, INNER),
    (BODY, AFTER),
    (INNER, INNER),
    (INNER, BODY),
    (AFTER, AFTER),
)
"""What may follow what; a page ends in the article or after it."""

Four = tuple[float, float, float, float]
_NOTHING: Four = (0.0, 0.0, 0.0, 0.0)
_STEEPEST = 50.0
"""Where scores are cut, so that no exponential overflows; learned scores stay within ±20."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights of the line model.

    Attributes:
        weights: Feature → score for each of the four states.
        moves: Scores of ``MOVES``, in that order.
    """

    weights: Mapping[str, Four]
    moves: tuple[float, ...]

    def body_chances(self, features: Sequence[Sequence[str]]) -> list[float]:
        """Return for every line of a page how likely it is part of the article, 0 to 1.

        Forward and backward through the chain, each step scaled to 1; linear in the lines.
        """
        emitted = [self._emitted(names) for names in features]
        stay, enter, on, interrupt, leave, inside, back, over = map(exp, self.moves)
        forward: list[Four] = []
        b, m, i, a = 1.0, 0.0, 0.0, 0.0
        for index, (eb, em, ei, ea) in enumerate(emitted):
            if index:
                b, m, i, a = b * stay, b * enter + m * on + i * back, m * interrupt + i * inside, m * leave + a * over
            else:
                m = 1.0
            b, m, i, a = b * eb, m * em, i * ei, a * ea
            total = b + m + i + a
            b, m, i, a = b / total, m / total, i / total, a / total
            forward.append((b, m, i, a))
        chances = [0.0] * len(emitted)
        b, m, i, a = 0.0, 1.0, 0.0, 1.0
        for index in range(len(emitted) - 1, -1, -1):
            fb, fm, fi, fa = forward[index]
            whole = fb * b + fm * m + fi * i + fa * a
            chances[index] = fm * m / whole if whole else 0.0
            eb, em, ei, ea = emitted[index]
            b, m, i, a = b * eb, m * em, i * ei, a * ea
            b, m, i, a = b * stay + m * enter, m * on + i * interrupt + a * leave, i * inside + m * back, a * over
            total = b + m + i + a
            b, m, i, a = b / total, m / total, i / total, a / total
        return chances

    def _emitted(self, names: Sequence[str]) -> Four:
        """Return how well a line's features fit each state, the best one 1."""
        b = m = i = a = 0.0
        weights = self.weights
        for name in names:
            eb, em, ei, ea = weights.get(name, _NOTHING)
            b += eb
            m += em
            i += ei
            a += ea
        top = max(b, m, i, a)
        low = top - _STEEPEST
        return exp(max(b, low) - top), exp(max(m, low) - top), exp(max(i, low) - top), exp(max(a, low) - top)


def parse_line_model(data: Mapping[str, object]) -> LineModel:
    """Return the model that ``config/weights/lines.json`` holds.

    Raises:
        ValueError: if a feature has not four weights or a move is missing.
    """
    features, moves = data.get("features"), data.get("moves")
    if not isinstance(features, dict) or not isinstance(moves, list) or len(moves) != len(MOVES):
        msg = f"not a line model: it needs features and {len(MOVES)} moves"
        raise ValueError(msg)
    weights: dict[str, Four] = {}
    for name, scores in features.items():
        before, body, inner, after = map(float, scores)
        weights[name] = (before, body, inner, after)
    return LineModel(weights, tuple(map(float, moves)))

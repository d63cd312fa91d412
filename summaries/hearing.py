"""Whether marked words are speech, asked once more when a speaker was looked for: a title has none, a remark has.

The first look (``speech``) sees the words and what stands beside them. What it finds doubtful is kept until here, where
the likeliest speaker, the verb and the quotations around tell more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from summaries.attribution import SIGNS
from summaries.values import QuoteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.attribution import Choice
    from summaries.speech import SpokenStretch
    from summaries.trees import Trees

DOUBTFUL = 0.2
"""Probability of the first look from which marked words are kept for the second one."""
HEARD = 0.5
"""Probability of the second look from which they are speech; between .4 and .6 the end-to-end F1 is flat."""
HEARING_SIGNS = (*SIGNS, "whole", "stretches", "nobody", "first_look")
_SURE = 1e-6
"""Least distance of a probability from 0 and 1, so that its odds are finite."""


def is_heard(spoken: SpokenStretch, text: str) -> bool:
    """Return whether the second look may judge a stretch: the marked data have no single marks and no '' at all."""
    opened = spoken.stretch.opened
    return not spoken.stretch.single and (opened is None or opened.of(text) != "''")


def hearing_rows(spoken: Sequence[SpokenStretch], choices: Sequence[Choice | None]) -> list[list[float]]:
    """Return one row of HEARING_SIGNS a stretch."""
    nobody = [0.0] * len(SIGNS)
    return [
        [
            *(choice.signs if choice is not None else nobody),
            one.kind is QuoteKind.DIRECT,
            min(len(spoken), 60),
            choice is None,
            log_odds(one.probability),
        ]
        for one, choice in zip(spoken, choices, strict=True)
    ]


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, finite for 0 and 1."""
    kept = min(max(probability, _SURE), 1 - _SURE)
    return math.log(kept / (1 - kept))


def hear(text: str, spoken: Sequence[SpokenStretch], choices: Sequence[Choice | None], trees: Trees) -> list[float]:
    """Return for each stretch the probability that it is speech.

    The paragraphs of one quotation are all speech or none is. Without trees, the first look's word stands.

    Args:
        text: The article's.
        spoken: Its stretches.
        choices: The likeliest speaker of each.
        trees: Learned from HEARING_SIGNS.
    """
    if not trees.features:
        return [one.probability for one in spoken]
    scores = trees.scores(hearing_rows(spoken, choices))
    heard = [
        _second(one, score) if is_heard(one, text) else one.probability
        for one, score in zip(spoken, scores, strict=True)
    ]
    best: dict[int, float] = {}
    for one, probability in zip(spoken, heard, strict=True):
        if one.group is not None:
            best[one.group] = max(best.get(one.group, 0.0), probability)
    return [
        probability if one.group is None else best[one.group] for one, probability in zip(spoken, heard, strict=True)
    ]


def _second(one: SpokenStretch, score: float) -> float:
    """Return the second look's probability: a fragment may be dropped, a whole sentence is only doubted."""
    probability = 1 / (1 + math.exp(-log_odds(one.probability) - score))
    kept = one.kind is QuoteKind.DIRECT and one.probability >= HEARD
    return max(probability, HEARD) if kept else probability

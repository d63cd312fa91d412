"""The scorer: which mention names a quotation's speaker, and how sure that is."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from summaries.cues import CueKind
from summaries.mentions import MentionKind
from summaries.trees import Trees, parse_trees

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from summaries.candidates import Candidates
    from summaries.resolution import Resolver


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising line through points: what a raw score means as a probability."""

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def probability(self, score: float) -> float:
        """Return the probability for a raw score, between the points by straight lines."""
        at = bisect_left(self.scores, score)
        if at == 0:
            return self.probabilities[0]
        if at == len(self.scores):
            return self.probabilities[-1]
        left, right = self.scores[at - 1], self.scores[at]
        part = (score - left) / (right - left)
        return self.probabilities[at - 1] + part * (self.probabilities[at] - self.probabilities[at - 1])


@dataclass(frozen=True, slots=True)
class AttributionWeights:
    """The learned numbers of the attribution.

    Attributes:
        mention: Scores a mention as a quotation's speaker.
        pronoun: Scores a named person as what a pronoun means.
        calibration: Turns the share of belief in a speaker into a probability.
    """

    mention: Trees
    pronoun: Trees
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Choice:
    """A quotation's likeliest speaker.

    Attributes:
        entity: Number of the entity in the cast; -1 for a pronoun or quantity that stays what it is.
        mention: Number of the mention that names or points at it.
        share: Of the belief, 0 to 1.
        rule: Why, in the words of docs/design.md.
        cue: Place of the cue, -1 for none.
    """

    entity: int
    mention: int
    share: float
    rule: str
    cue: int


def parse_attribution_weights(data: Mapping[str, object]) -> AttributionWeights:
    """Return the weights of ``config/weights/attribution.json``."""
    plain = cast("Mapping[str, Any]", data)
    calibration = plain["calibration"]
    return AttributionWeights(
        parse_trees(plain["mention"]),
        parse_trees(plain["pronoun"]),
        Calibration(tuple(calibration["scores"]), tuple(calibration["probabilities"])),
    )


def softmax(scores: Sequence[float]) -> list[float]:
    """Return shares that add up to 1."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def choose(candidates: Candidates, resolver: Resolver, weights: AttributionWeights) -> list[Choice | None]:
    """Return every quotation's likeliest speaker, None where nobody comes into question."""
    chosen: list[list[int]] = []
    rows: list[list[float]] = []
    for quote in range(len(candidates.reading.place_of)):
        numbers, described = candidates.describe(quote)
        chosen.append(numbers)
        rows.extend(described)
    scores = weights.mention.scores(rows)
    choices: list[Choice | None] = []
    at = 0
    for quote, numbers in enumerate(chosen):
        shares = softmax(scores[at : at + len(numbers)]) if numbers else []
        at += len(numbers)
        choices.append(_choice(candidates, resolver, quote, dict(zip(numbers, shares, strict=True))))
    return choices


def _choice(candidates: Candidates, resolver: Resolver, quote: int, shares: Mapping[int, float]) -> Choice | None:
    if not shares:
        return None
    beliefs: dict[tuple[int, int], float] = defaultdict(float)
    support: dict[tuple[int, int], tuple[float, int]] = {}
    for number, share in shares.items():
        meant = resolver.entities(number)
        if not meant:
            # A pronoun that nobody on the page explains speaks for itself.
            meant = {-1: 1.0}
        for entity, part in meant.items():
            key = (entity, number if entity < 0 else -1)
            beliefs[key] += share * part
            support[key] = max(support.get(key, (0.0, number)), (share * part, number))
    key = max(beliefs, key=lambda one: (beliefs[one], -support[one][1]))
    number = support[key][1]
    rule, cue = rule_of(candidates, quote, number)
    return Choice(key[0], number, beliefs[key], rule, cue)


def rule_of(candidates: Candidates, quote: int, number: int) -> tuple[str, int]:
    """Return the name of the rule under which a mention speaks, and the place of its cue."""
    reading, scene = candidates.reading, candidates.scene
    place, mention = reading.place_of[quote], scene.mentions[number]
    right, left = candidates.link(number)
    link = left if left.how == 1 or (left.place >= 0 and right.how in {0, 4}) else right
    if reading.paragraph[mention.start] < reading.paragraph[place]:
        near = (
            reading.paragraph[place] == reading.paragraph[mention.start] + 1
            and reading.quotes[place] == reading.quotes[mention.end - 1]
        )
        return (
            "speaker_in_previous_paragraph"
            if near and reading.quote[mention.start] < 0 and _no_quote(candidates, mention.start)
            else "carry_over"
        ), link.place
    if link.place < 0:
        after_it = reading.low[mention.outer_end] if mention.outer_end < len(reading) else ""
        if after_it == ":":
            return "name_and_colon", -1
        return ("mention_before_quote" if mention.start < place else "mention_after_quote"), -1
    cue = scene.cues[link.place]
    side = "before" if link.place < place else "after"
    if cue.kind is CueKind.ACCORDING:
        return f"according_to_{side}_quote", link.place
    if reading.breaks[max(place, link.place)] != reading.breaks[min(place, link.place)]:
        return f"verb_in_sentence_{side}_quote", link.place
    return f"verb_{side}_quote", link.place


def _no_quote(candidates: Candidates, place: int) -> bool:
    """Return whether the paragraph of a piece holds no quotation."""
    reading = candidates.reading
    first, last = candidates.paragraph_range[reading.paragraph[place]]
    return reading.quotes[last - 1] + (reading.quote[last - 1] >= 0) == reading.quotes[first]


def is_named(kind: MentionKind) -> bool:
    """Return whether a kind of mention gives a speaker a name of their own."""
    return kind is MentionKind.NAME

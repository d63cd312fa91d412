"""The scorer: which mention names a quotation's speaker, and how sure that is."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from summaries.candidate_rows import FEATURES, Describer
from summaries.candidates import How
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
        again: Corrects these scores once the quotations around have been looked at.
        pronoun: Scores a named person as what a pronoun means.
        hearing: Corrects the probability that marked words are speech, once a speaker was looked for (``hearing``).
        sureness: Scores a chosen speaker as right or wrong, from SIGNS.
        calibration: Turns that score into a probability.
    """

    mention: Trees
    again: Trees
    pronoun: Trees
    hearing: Trees
    sureness: Trees
    calibration: Calibration


NAMELESS = 0.2
"""Most that "We" or "some" may be sure of: no bar that names a speaker lies so low."""
ORDER = 8.0
"""What the order of words adds to a mention's score: enough to go before all others unless those agree strongly."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A quotation's likeliest speaker.

    Attributes:
        entity: Number of the entity in the cast; -1 for a pronoun or quantity that stays what it is.
        mention: Number of the mention that names or points at it.
        share: Of the belief, 0 to 1.
        signs: What the confidence is judged by: SIGNS.
        rule: Why, in the words of docs/model-card.md.
        cue: Place of the cue, -1 for none.
    """

    entity: int
    mention: int
    share: float
    signs: tuple[float, ...]
    rule: str
    cue: int


def parse_attribution_weights(data: Mapping[str, object]) -> AttributionWeights:
    """Return the weights of ``config/weights/attribution.json``."""
    plain = cast("Mapping[str, Any]", data)
    calibration = plain["calibration"]
    return AttributionWeights(
        parse_trees(plain["mention"]),
        parse_trees(plain.get("again", {})),
        parse_trees(plain["pronoun"]),
        parse_trees(plain.get("hearing", {})),
        parse_trees(plain.get("sureness", {})),
        Calibration(tuple(calibration["scores"]), tuple(calibration["probabilities"])),
    )


def softmax(scores: Sequence[float]) -> list[float]:
    """Return shares that add up to 1."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


@dataclass(frozen=True, slots=True)
class Table:
    """All candidates of an article's quotations, in one table.

    Attributes:
        candidates: For each quotation the numbers of its candidates.
        rows: One row of FEATURES a candidate, quotation after quotation.
    """

    candidates: tuple[tuple[int, ...], ...]
    rows: list[list[float]]

    def parts(self, scores: Sequence[float]) -> list[list[float]]:
        """Return the shares of belief in each quotation's candidates."""
        shares, at = [], 0
        for numbers in self.candidates:
            shares.append(softmax(scores[at : at + len(numbers)]) if numbers else [])
            at += len(numbers)
        return shares


def table_of(candidates: Candidates) -> Table:
    """Return the candidates of all quotations of an article."""
    describer = Describer(candidates)
    described = [describer.describe(quote) for quote in range(len(candidates.reading.place_of))]
    return Table(tuple(tuple(numbers) for numbers, _ in described), [row for _, rows in described for row in rows])


def beliefs_of(table: Table, resolver: Resolver, shares: Sequence[Sequence[float]]) -> list[dict[int, float]]:
    """Return, for each quotation, the belief in every entity."""
    found = []
    for numbers, parts in zip(table.candidates, shares, strict=True):
        beliefs: dict[int, float] = defaultdict(float)
        for number, share in zip(numbers, parts, strict=True):
            for entity, part in resolver.entities(number).items():
                beliefs[entity] += share * part
        found.append(beliefs)
    return found


AGAIN_FEATURES = (
    "share", "belief", "before", "before_2", "before_far", "before_breaks", "before_paragraphs", "after", "after_far", "after_breaks",
    "after_paragraphs", "page", "before_top", "after_top", "same_mention_before", "same_mention_after", "candidates", "said_inside_meant",
)  # fmt: skip


def rows_again(candidates: Candidates, table: Table, resolver: Resolver, scores: Sequence[float]) -> list[list[float]]:
    """Return one row of FEATURES and AGAIN_FEATURES a candidate: how it fits the quotations around."""
    reading = candidates.reading
    shares = table.parts(scores)
    beliefs = beliefs_of(table, resolver, shares)
    page: dict[int, float] = defaultdict(float)
    for one in beliefs:
        for entity, belief in one.items():
            page[entity] += belief
    rows: list[list[float]] = []
    at = 0
    nobody: dict[int, float] = {}
    last = len(beliefs) - 1
    surnames = [one.name.rsplit(maxsplit=1)[-1].lower() for one in candidates.scene.cast.entities]
    for quote, numbers in enumerate(table.candidates):
        place = reading.place_of[quote]
        before = _between(candidates, quote - 1, place) if quote else [99, 9, 9]
        after = _between(candidates, quote + 1, place) if quote < last else [99, 9, 9]
        ahead = beliefs[quote - 1] if quote else nobody
        earlier = beliefs[quote - 2] if quote > 1 else nobody
        behind = beliefs[quote + 1] if quote < last else nobody
        of_before = dict(zip(table.candidates[quote - 1], shares[quote - 1], strict=True)) if quote else nobody
        of_after = dict(zip(table.candidates[quote + 1], shares[quote + 1], strict=True)) if quote < last else nobody
        said = candidates.said(quote)
        for number, share in zip(numbers, shares[quote], strict=True):
            meant = resolver.entities(number)
            rows.append(
                [
                    *table.rows[at],
                    share,
                    _meant(meant, beliefs[quote]),
                    _meant(meant, ahead),
                    _meant(meant, earlier),
                    *before,
                    _meant(meant, behind),
                    *after,
                    _meant(meant, page) / (last + 1),
                    max(ahead.values(), default=0),
                    max(behind.values(), default=0),
                    of_before.get(number, 0),
                    of_after.get(number, 0),
                    len(numbers),
                    sum(part for entity, part in meant.items() if surnames[entity] in said),
                ]
            )
            at += 1
    return rows


def _meant(meant: Mapping[int, float], beliefs: Mapping[int, float]) -> float:
    return sum(part * beliefs.get(entity, 0) for entity, part in meant.items())


def _between(candidates: Candidates, quote: int, place: int) -> list[float]:
    """Return pieces, sentence ends and paragraphs between a piece and another quotation."""
    reading = candidates.reading
    other = reading.place_of[quote]
    near, far = min(other, place), max(other, place)
    return [
        min(far - near, 99),
        min(reading.breaks[far] - reading.breaks[near], 9),
        min(reading.paragraph[far] - reading.paragraph[near], 9),
    ]


def choose(
    candidates: Candidates,
    resolver: Resolver,
    weights: AttributionWeights,
    speech: Sequence[float],
    by_order: Sequence[int] = (),
) -> list[Choice | None]:
    """Return every quotation's likeliest speaker, None where nobody comes into question.

    Args:
        candidates: Of the article.
        resolver: Of the article.
        weights: Learned.
        speech: For each quotation the probability that it is one.
        by_order: For each quotation the mention that the order of words makes its speaker, -1 for none; empty for a
            language whose order the weights have learned.
    """
    table = table_of(candidates)
    scores = weights.mention.scores(table.rows)
    around = rows_again(candidates, table, resolver, scores)
    scores = [one + other for one, other in zip(scores, weights.again.scores(around), strict=True)]
    if by_order:
        wanted = [number == first for first, some in zip(by_order, table.candidates, strict=True) for number in some]
        scores = [score + ORDER * more for score, more in zip(scores, wanted, strict=True)]
    choices: list[Choice | None] = []
    at = 0
    for quote, (numbers, shares) in enumerate(zip(table.candidates, table.parts(scores), strict=True)):
        rows = around[at : at + len(numbers)]
        at += len(numbers)
        choices.append(_choice(candidates, resolver, _Question(quote, numbers, shares, rows, speech[quote])))
    return choices


@dataclass(frozen=True, slots=True)
class _Question:
    """One quotation: its candidates, the belief in each, their rows of ``rows_again``, the probability that it is speech."""

    quote: int
    numbers: tuple[int, ...]
    shares: list[float]
    rows: list[list[float]]
    speech: float


SIGNS = (
    *FEATURES, *AGAIN_FEATURES, "belief_again", "runner_up", "speech", "share_again", "part", "described", "pronoun_people", "named_on_page", "name_words", "sexed",
)  # fmt: skip


def _choice(candidates: Candidates, resolver: Resolver, asked: _Question) -> Choice | None:
    if not asked.numbers:
        return None
    beliefs: dict[tuple[int, int], float] = defaultdict(float)
    support: dict[tuple[int, int], tuple[float, int]] = {}
    for at, (number, share) in enumerate(zip(asked.numbers, asked.shares, strict=True)):
        # A pronoun that nobody on the page explains speaks for itself.
        for entity, part in (resolver.entities(number) or {-1: 1.0}).items():
            key = (entity, number if entity < 0 else -1)
            beliefs[key] += share * part
            support[key] = max(support.get(key, (-1.0, 0)), (share * part, -at))
    key = max(beliefs, key=lambda one: (beliefs[one], support[one]))
    at = -support[key][1]
    number = asked.numbers[at]
    belief = min(beliefs[key], 1.0)
    runner_up = max((belief for one, belief in beliefs.items() if one != key), default=0.0)
    meant_one = candidates.scene.cast.entities[key[0]] if key[0] >= 0 else None
    meant = resolver.entities(number)
    signs = (
        *asked.rows[at],
        belief,
        runner_up,
        asked.speech,
        asked.shares[at],
        meant.get(key[0], 0.0),
        meant_one is not None and meant_one.kind is MentionKind.DESCRIPTION,
        len(meant),
        len(meant_one.mentions) if meant_one else 0,
        len(meant_one.name.split()) if meant_one else 0,
        bool(meant_one and meant_one.sex),
    )
    rule, cue = rule_of(candidates, asked.quote, number)
    return Choice(key[0], number, belief, signs, rule, cue)


def confidences(choices: Sequence[Choice | None], weights: AttributionWeights) -> list[float]:
    """Return for each choice the probability that it is right; 0 for none, at most NAMELESS where nobody is named."""
    made = [choice for choice in choices if choice is not None]
    scores = weights.sureness.scores([choice.signs for choice in made])
    found = iter(
        weights.calibration.probability(1 / (1 + math.exp(-base_of(choice) - score)))
        for choice, score in zip(made, scores, strict=True)
    )
    sure = [0.0 if choice is None else next(found) for choice in choices]
    return [
        min(probability, NAMELESS) if choice is not None and choice.entity < 0 else probability
        for choice, probability in zip(choices, sure, strict=True)
    ]


def with_speech(choice: Choice, probability: float) -> Choice:
    """Return a choice judged by another probability that the words are speech."""
    at = SIGNS.index("speech")
    return replace(choice, signs=(*choice.signs[:at], probability, *choice.signs[at + 1 :]))


def base_of(choice: Choice) -> float:
    """Return the score from which the sureness goes on: the log odds of belief times speech."""
    speech = choice.signs[SIGNS.index("speech")]
    share = min(max(choice.share * speech, 0.005), 0.995)
    return math.log(share / (1 - share))


def rule_of(candidates: Candidates, quote: int, number: int) -> tuple[str, int]:
    """Return the name of the rule under which a mention speaks, and the place of its cue."""
    reading, scene = candidates.reading, candidates.scene
    place, mention = reading.place_of[quote], scene.mentions[number]
    right, left = candidates.link(number)
    weak = right.how in {How.NONE, How.FARTHER}
    link = left if left.how is How.NEXT or (left.place >= 0 and weak) else right
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

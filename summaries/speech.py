"""Which stretches between marks are words that someone spoke or wrote, how much of them, and how sure that is.

Titles of works, names of things, nicknames, terms and scare quotes stand in marks too. A logistic regression over the
features of ``speech_features`` tells them apart; its weights were learned by ``benchmarks/train_speech.py``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from summaries.marks import Stretch, quoted_stretches
from summaries.speech_features import SpeechWords, parse_speech_words, stretch_features, surroundings
from summaries.values import Paragraph, ParagraphKind, QuoteKind, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "SpeechWeights",
    "SpeechWords",
    "SpokenStretch",
    "parse_speech_weights",
    "parse_speech_words",
    "speech_stretches",
]


@dataclass(frozen=True, slots=True)
class SpeechWeights:
    """What each feature adds to the log odds that a stretch is speech; features not named add nothing."""

    of: Mapping[str, float]

    def probability(self, score: float) -> float:
        """Return the probability for a sum of weights."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class SpokenStretch:
    """A stretch that is speech (or writing: a tweet, a statement).

    Attributes:
        span: The words, without marks and without a comma that belongs to the reporter's sentence.
        kind: Whether a whole sentence or a fragment stands in the marks.
        group: Shared by the paragraphs of one quotation that runs over several, None for all others.
        probability: That it is speech, 0 to 1.
        stretch: What stood between the marks.
    """

    span: Span
    kind: QuoteKind
    group: int | None
    probability: float
    stretch: Stretch


def parse_speech_weights(data: Mapping[str, object]) -> SpeechWeights:
    """Return the weights out of ``config/weights/speech.json``.

    Raises:
        TypeError: if there is no table of weights, or one of them is no number.
    """
    table = data.get("weights")
    if not isinstance(table, dict):
        msg = "speech weights: no table of weights"
        raise TypeError(msg)
    weights: dict[str, float] = {}
    for name, weight in table.items():
        if not isinstance(weight, int | float):
            msg = f"speech weights: {name} is no number"
            raise TypeError(msg)
        weights[str(name)] = float(weight)
    return SpeechWeights(weights)


def speech_stretches(  # noqa: PLR0913 - the article's three parts, the language's two, and the bar
    text: str,
    paragraphs: Sequence[Paragraph],
    sentences: Sequence[Sentence],
    words: SpeechWords,
    weights: SpeechWeights,
    *,
    at_least: float = 0.5,
) -> tuple[SpokenStretch, ...]:
    """Return the stretches that are speech with a probability of ``at_least``, in reading order.

    Nothing inside another one is returned. Time is linear in the text.
    """
    stretches = trimmed_stretches(text, quoted_stretches(text, paragraphs), words)
    scores = [
        sum(weights.of.get(feature, 0.0) + words.added.get(feature, 0.0) for feature in features)
        for features in features_of(text, paragraphs, sentences, stretches, words)
    ]
    groups = _groups(stretches)
    best: dict[int, float] = {}
    for score, group in zip(scores, groups, strict=True):
        if group is not None:
            best[group] = max(best.get(group, score), score)
    found = []
    for stretch, score, group in zip(stretches, scores, groups, strict=True):
        # The paragraphs of one quotation are all speech or none is.
        probability = weights.probability(score if group is None else best[group])
        if probability >= at_least:
            spoken = _without_comma(text, stretch)
            found.append(SpokenStretch(spoken, _kind(text, stretch, words), group, probability, stretch))
    return tuple(found)


def trimmed_stretches(text: str, stretches: Sequence[Stretch], words: SpeechWords) -> list[Stretch]:
    """Return the stretches that stand in no other one; where a closing mark was lost, the reporter's words are cut."""
    return [_without_reporter(text, stretch, words) for stretch in stretches if not stretch.nested]


def features_of(
    text: str,
    paragraphs: Sequence[Paragraph],
    sentences: Sequence[Sentence],
    stretches: Sequence[Stretch],
    words: SpeechWords,
) -> Iterator[list[str]]:
    """Yield the features of each stretch; ``stretches`` must not overlap and be in reading order."""
    starts = [sentence.span.start for sentence in sentences]
    double = any(
        not stretch.single and paragraphs[stretch.paragraph].kind is not ParagraphKind.TITLE for stretch in stretches
    )
    for i, stretch in enumerate(stretches):
        paragraph = paragraphs[stretch.paragraph]
        within = paragraph.span
        start, end = _outer(stretch)
        left, right = within.start, within.end
        if i and stretches[i - 1].paragraph == stretch.paragraph:
            left = _outer(stretches[i - 1])[1]
        if i + 1 < len(stretches) and stretches[i + 1].paragraph == stretch.paragraph:
            right = _outer(stretches[i + 1])[0]
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, end - 1) - 1
        sentence = Span(
            sentences[first].span.start if first >= 0 else within.start,
            max(end, sentences[last].span.end if last >= 0 else within.end),
        )
        around = replace(
            surroundings(text, stretch, within, Span(min(left, start), max(right, end)), sentence),
            among_double=double and stretch.paragraph > 0 and paragraph.kind is not ParagraphKind.TITLE,
            two_apostrophes=stretch.opened is not None and stretch.opened.of(text) == "''",
        )
        yield list(stretch_features(stretch.span.of(text), around, stretch, paragraph.kind, words))


def _outer(stretch: Stretch) -> tuple[int, int]:
    """Return where a stretch begins and ends with its marks."""
    start = stretch.opened.start if stretch.opened else stretch.span.start
    end = stretch.closed.end if stretch.closed else stretch.span.end
    return start, end


def _groups(stretches: Sequence[Stretch]) -> list[int | None]:
    """Return the number of each stretch's multi-paragraph quotation, counted from 0 over the article."""
    groups: list[int | None] = [None] * len(stretches)
    count = 0
    for i in range(1, len(stretches)):
        before = stretches[i - 1]
        if stretches[i].continues and before.open_at_end:
            if groups[i - 1] is None:
                groups[i - 1] = count
                count += 1
            groups[i] = groups[i - 1]
    return groups


# Where a reporter's clause begins inside a stretch whose closing mark was lost.
_CLAUSE_START = re.compile(r"[,?!]\s+(?=[^\W\d_])")
_CLAUSE_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_REACH = 4
"""Words of a reporter's clause among which its verb stands: "said Ana Pardo", "Mayor Piet Vos said"."""


def _without_reporter(text: str, stretch: Stretch, words: SpeechWords) -> Stretch:
    """Return the stretch cut before ", said engineer Ana Pardo" if its closing mark was lost."""
    if stretch.closed is not None:
        return stretch
    for comma in _CLAUSE_START.finditer(text, stretch.span.start, stretch.span.end):
        clause = text[comma.end() : min(stretch.span.end, comma.end() + 80)]
        if _reports(clause, words):
            return replace(stretch, span=Span(stretch.span.start, comma.start() + 1), open_at_end=False)
    return stretch


def _reports(clause: str, words: SpeechWords) -> bool:
    """Return whether a clause begins with a reporting verb, or with a name or pronoun and such a verb."""
    for distance, match in enumerate(_CLAUSE_WORD.finditer(clause)):
        word = match.group()
        if word.lower() in words.tags:
            # "…, the mayor says they said" goes on being quoted; a name or nothing stands before the reporter's verb.
            return distance == 0 or clause[:1].isupper() or distance == 1
        if distance >= _CLAUSE_REACH:
            break
    return False


def _without_comma(text: str, stretch: Stretch) -> Span:
    """Return the words without a last comma: it belongs to the reporter's sentence."""
    end = stretch.span.end
    while end - 1 > stretch.span.start and (text[end - 1] == "," or text[end - 1].isspace()):
        end -= 1
    return Span(stretch.span.start, end)


# Bounded, so that a run of blanks is read once.
_SECOND_SENTENCE = re.compile(r"[.?!…]\s\W{0,4}[A-ZÀ-ÞА-Я]")
_LETTER = re.compile(r"[^\W_]")


def _kind(text: str, stretch: Stretch, words: SpeechWords) -> QuoteKind:
    """Return whether a whole sentence or a fragment stands in the marks."""
    inner = stretch.span.of(text)
    if stretch.continues or stretch.open_at_end or _SECOND_SENTENCE.search(inner):
        return QuoteKind.DIRECT
    start, end = _outer(stretch)
    before = text[max(0, start - 2) : start].rstrip()
    led_in = before[-1:].isalnum()  # she said that “Kiel cannot pay”, but …
    # British and continental papers print the comma behind the marks.
    ended = inner[-1] in _ENDED or (not led_in and text[end : end + 1] in {",", "."})
    first = _LETTER.search(inner)
    if first is None or not ended:
        return QuoteKind.PARTIAL
    said = re.findall(r"[\w'’]+", inner[:200])
    clause = len(said) >= _CLAUSE_LENGTH or any(word.lower().replace("’", "'") in words.clause for word in said)
    if first.group().islower() or first.group().isdigit():
        # “The dam held,” she said, “but only because the rain stopped.”
        return QuoteKind.DIRECT if before.endswith(",") and clause else QuoteKind.PARTIAL
    # “No,” she said; but: she goes by “Coach.”
    return QuoteKind.DIRECT if clause or not led_in else QuoteKind.PARTIAL


_ENDED = frozenset(".?!…,")
_CLAUSE_LENGTH = 5
"""Words with a capital and an end that are a sentence even where no known verb stands among them."""

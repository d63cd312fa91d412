"""Marked articles as the engine reads them, and the figures of what was predicted for them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.scoring import yardstick
from summaries.attribution import AttributionWeights, Calibration, Table, table_of
from summaries.hearing import DOUBTFUL
from summaries.paragraphs import paragraphs_of
from summaries.quote_words import table
from summaries.quotes import QuoteWeights, parse_quote_words, prepare
from summaries.sentences import parse_sentence_words, split_sentences
from summaries.speech import parse_speech_weights, speech_stretches
from summaries.trees import EMPTY_TREES
from summaries.values import Article, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from summaries.candidates import Candidates
    from summaries.mentions import Mention
    from summaries.quote_words import QuoteWords
    from summaries.speech import SpeechWeights, SpokenStretch

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "config" / "weights"
EMPTY = EMPTY_TREES
UNLEARNED = AttributionWeights(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, Calibration((0.0, 1.0), (0.0, 1.0)))
SURE = {"named", "coref-agree", "entity", "description"}


@dataclass(slots=True)
class Page:
    """One marked article, read."""

    marked: dict[str, Any]
    article: Article
    spoken: tuple[SpokenStretch, ...]
    candidates: Candidates
    table: Table
    gold: list[dict[str, Any] | None]
    """For every stretch the marked quote it matches."""


def load_language(code: str) -> dict[str, object]:
    """Return a language's files, the stem of each to what it holds."""
    folder = ROOT / "config" / "languages" / code
    data: dict[str, object] = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    data.update({path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")})
    return data


class Reader:
    """Reads marked articles as the engine would."""

    def __init__(self, data: Path) -> None:
        language = load_language("en")
        self.score = yardstick(data)
        self.words: QuoteWords = parse_quote_words(language)
        self.sentence_words = parse_sentence_words(table(table(language, "text"), "sentences"))
        self.speech = parse_speech_weights(json.loads((WEIGHTS / "speech.json").read_text("utf-8")))

    def article(self, marked: dict[str, Any]) -> tuple[Article, tuple[Sentence, ...]]:
        """Return a marked article and its sentences."""
        text = marked["text"]
        paragraphs = paragraphs_of(text)
        sentences = tuple(
            Sentence(span) for one in paragraphs for span in split_sentences(text, one.span, self.sentence_words)
        )
        now = datetime(2026, 1, 1, tzinfo=UTC)
        return Article(marked["id"], None, None, None, None, text, paragraphs, "en", None, now), sentences

    def page(self, marked: dict[str, Any], speech: SpeechWeights | None = None) -> Page:
        """Return a marked article with its candidates and its marked quotes.

        Args:
            marked: The article.
            speech: Weights of the speech filter; those that are shipped where None.
        """
        article, sentences = self.article(marked)
        filtering = speech or self.speech
        spoken = speech_stretches(
            article.text, article.paragraphs, sentences, self.words.speech, filtering, at_least=DOUBTFUL
        )
        weights = QuoteWeights(self.speech, UNLEARNED)
        candidates, _ = prepare(article, [one.span for one in spoken], self.words, weights)
        golds = self.score.stretches(marked["quotes"])
        gold: list[dict[str, Any] | None] = []
        for one in spoken:
            span = {"start": one.span.start, "end": one.span.end}
            best = max(golds, key=lambda g: self.score.overlap(g, span), default=None)
            gold.append(best if best is not None and self.score.overlap(best, span) >= self.score.OVERLAP else None)
        return Page(marked, article, spoken, candidates, table_of(candidates), gold)

    def pages(self, path: Path, most: int | None = None, speech: Sequence[SpeechWeights] = ()) -> list[Page]:
        """Return the articles of a file, at most so many.

        Args:
            path: JSON lines.
            most: None for all.
            speech: Weights of the speech filter by fold, where the file is what the shipped ones were learned from.
        """
        lines = path.read_text("utf-8").splitlines()[:most]
        return [
            self.page(json.loads(line), speech[number % len(speech)] if speech else None)
            for number, line in enumerate(lines)
        ]


def inside(page: Page, mention: Mention, span: list[int]) -> bool:
    """Return whether a mention's words and the marked speaker's share a character."""
    reading = page.candidates.reading
    return reading.starts[mention.outer_start] < span[1] and span[0] < reading.ends[mention.outer_end - 1]


def right_candidates(page: Page, gold: dict[str, Any], chosen: list[int], score: ModuleType) -> list[bool]:
    """Return which of a quotation's candidates name its speaker."""
    scene, reading = page.candidates.scene, page.candidates.reading
    right = [False] * len(chosen)
    span = gold.get("speaker_span")
    if span:
        inner = [i for i, n in enumerate(chosen) if inside(page, scene.mentions[n], span)]
        whole = [i for i in inner if reading.starts[scene.mentions[chosen[i]].start] >= span[0] - 1]
        if inner:
            first = min(
                whole or inner,
                key=lambda i: (scene.mentions[chosen[i]].modifier, scene.mentions[chosen[i]].outer_start),
            )
            right[first] = True
    if gold.get("speaker") and gold["speaker_how"] in SURE - {"description"}:
        for i, number in enumerate(chosen):
            entity = scene.cast.entity_of[number]
            if (
                entity >= 0
                and not scene.mentions[number].kind
                and score.same_speaker(gold["speaker"], scene.cast.entities[entity].name)
            ):
                right[i] = True
    return right


def figures(score: ModuleType, pages: list[Page], predicted: list[dict[str, Any]]) -> dict[str, float]:
    """Return the figures that are asked for."""
    gold = [page.marked for page in pages]
    whole, long = score.score_quotes(gold, predicted), score.score_quotes(gold, predicted, min_words=5)
    found = {
        "e2e": whole["end_to_end_f1"],
        "e2e5": long["end_to_end_f1"],
        "span": whole["span_f1"],
        "acc": whole["speaker_accuracy"],
    }
    found |= {key[17:-1]: value for key, value in whole.items() if key.startswith("speaker_accuracy[")}
    return {key: round(value, 4) for key, value in found.items()}


def isotonic(raw: list[float], right: list[bool]) -> Calibration:
    """Return the rising line through the shares of right answers (pool adjacent violators over sixty bins)."""
    order = sorted(zip(raw, right, strict=True))
    size = max(1, len(order) // 60)
    blocks: list[list[float]] = []
    for start in range(0, len(order), size):
        part = order[start : start + size]
        blocks.append([sum(r for r, _ in part), sum(ok for _, ok in part), len(part)])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    scores = [round(a / n, 5) for a, _, n in blocks]
    probabilities = [round(k / n, 4) for _, k, n in blocks]
    return Calibration((0.0, *scores, 1.0), (0.0, *probabilities, probabilities[-1]))


@dataclass(slots=True)
class Judged:
    """Predictions that count for named_precision.

    Attributes:
        sure: Their confidence.
        right: Whether each is right.
        known: Whether each stands for a marked quote with a known speaker.
    """

    sure: list[float]
    right: list[bool]
    known: list[bool]

    def at(self, bar: float) -> tuple[float, float]:
        """Return named_precision and named_share at a bar."""
        kept = [at for at, sure in enumerate(self.sure) if sure >= bar]
        known = sum(self.known)
        return (
            sum(self.right[at] for at in kept) / max(1, len(kept)),
            sum(self.known[at] for at in kept) / max(1, known),
        )

    def bar_for(self, precision: float) -> float:
        """Return the lowest bar from which on the precision is reached at every higher one, too."""
        best = 1.0
        for step in range(999, 400, -1):
            if self.at(step / 1000)[0] < precision and self.at(step / 1000)[1] > 0.05:  # noqa: PLR2004 - a share of noise
                break
            best = step / 1000
        return best


def is_right(score: ModuleType, page: Page, gold: dict[str, Any] | None, name: str) -> bool:
    """Return whether a name is right for the marked quote (None: under words that are no quote)."""
    if gold is None or not gold.get("speaker"):
        return False
    namesakes = score.shared_surnames([q["speaker"] for q in page.marked["quotes"] if q.get("speaker")])
    return bool(score.same_speaker(gold["speaker"], name, namesakes))


def counts(score: ModuleType, gold: dict[str, Any] | None) -> bool:
    """Return whether a prediction for a marked quote counts: unsure speakers do not."""
    return gold is None or gold["speaker_how"] not in score.UNSURE - {"no-source"}

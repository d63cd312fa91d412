"""Learn who said it: ``python -m benchmarks.train_attribution DATA [--quick]`` writes config/weights/attribution.json.

Everything is chosen inside the training articles: the trees, the calibration and the two bars come from five folds
over articles, each predicted by weights that have not seen it. The dev articles are only looked at.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import sys
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.boosting import Groups, Settings, grow
from summaries.attribution import AttributionWeights, Calibration, choose
from summaries.candidates import FEATURES, Candidates
from summaries.paragraphs import paragraphs_of
from summaries.quote_words import table
from summaries.quotes import QuoteWeights, attribution_of, parse_quote_words, prepare
from summaries.resolution import PRONOUN_FEATURES, Resolver
from summaries.sentences import parse_sentence_words, split_sentences
from summaries.speech import parse_speech_weights, speech_stretches
from summaries.trees import Trees
from summaries.values import Article, Sentence

if TYPE_CHECKING:
    from types import ModuleType

    from summaries.mentions import Mention
    from summaries.quote_words import QuoteWords
    from summaries.speech import SpokenStretch

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "config" / "weights"
FOLDS = 5
EMPTY = Trees((), (), (), ())
SURE = {"named", "coref-agree", "entity", "description"}
MENTION = Settings(trees=300, depth=6, rate=0.07)
PRONOUN = Settings(trees=120, depth=4, rate=0.07, smoothing=4.0, columns=0.5)


@dataclass(slots=True)
class Page:
    """One marked article, read."""

    marked: dict[str, Any]
    article: Article
    spoken: tuple[SpokenStretch, ...]
    candidates: Candidates
    gold: list[dict[str, Any] | None]
    """For every stretch the marked quote it matches."""


def scorer_of(data: Path) -> ModuleType:
    """Return the module that scores, from the data folder's tools."""
    spec = importlib.util.spec_from_file_location("score", data / "tools" / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"no scorer under {data}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
        self.score = scorer_of(data)
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

    def page(self, marked: dict[str, Any]) -> Page:
        """Return a marked article with its candidates and its marked quotes."""
        article, sentences = self.article(marked)
        spoken = speech_stretches(article.text, article.paragraphs, sentences, self.words.speech, self.speech)
        weights = QuoteWeights(self.speech, AttributionWeights(EMPTY, EMPTY, Calibration((0, 1), (0, 1))))
        candidates, _ = prepare(article, [one.span for one in spoken], self.words, weights)
        golds = self.score.stretches(marked["quotes"])
        gold: list[dict[str, Any] | None] = []
        for one in spoken:
            span = {"start": one.span.start, "end": one.span.end}
            best = max(golds, key=lambda g: self.score.overlap(g, span), default=None)
            gold.append(best if best is not None and self.score.overlap(best, span) >= self.score.OVERLAP else None)
        return Page(marked, article, spoken, candidates, gold)

    def pages(self, path: Path, most: int | None = None) -> list[Page]:
        """Return the articles of a file, at most so many."""
        lines = path.read_text("utf-8").splitlines()[:most]
        return [self.page(json.loads(line)) for line in lines]


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


def mention_groups(pages: list[Page], score: ModuleType) -> tuple[Groups, list[int]]:
    """Return the choice of a mention for every matched quote, and each group's page."""
    rows: list[list[float]] = []
    right: list[bool] = []
    sizes: list[int] = []
    owner: list[int] = []
    for number, page in enumerate(pages):
        for quote, gold in enumerate(page.gold):
            if gold is None or gold["speaker_how"] == "no-source":
                continue
            chosen, described = page.candidates.describe(quote)
            if not chosen:
                continue
            rows.extend(described)
            right.extend(right_candidates(page, gold, chosen, score))
            sizes.append(len(chosen))
            owner.append(number)
    return (
        Groups(np.array(rows, np.float64), np.array(right, np.float64), np.array(sizes), np.ones(len(sizes))),
        owner,
    )


def pronoun_groups(pages: list[Page], score: ModuleType) -> tuple[Groups, list[int]]:
    """Return the choice of a person for every marked pronoun, and each group's page."""
    rows: list[list[float]] = []
    right: list[bool] = []
    sizes: list[int] = []
    weights: list[float] = []
    owner: list[int] = []
    for number, page in enumerate(pages):
        resolver = Resolver(page.candidates, EMPTY)
        scene, reading = page.candidates.scene, page.candidates.reading
        starts = {reading.starts[m.start]: n for n, m in enumerate(scene.mentions)}
        seen = set()
        for gold in page.marked["quotes"]:
            span = gold.get("speaker_span")
            if not span or gold["speaker_how"] not in {"coref-agree", "coref-unsure"} or span[0] in seen:
                continue
            seen.add(span[0])
            at = starts.get(span[0], -1)
            if at < 0 or not scene.mentions[at].sex or scene.mentions[at].end - scene.mentions[at].start > 1:
                continue
            chosen, described = resolver.describe(at)
            if not chosen:
                continue
            rows.extend(described)
            right.extend(score.same_speaker(gold["speaker"], scene.cast.entities[e].name) for e in chosen)
            sizes.append(len(chosen))
            weights.append(1.0 if gold["speaker_how"] == "coref-agree" else 0.4)
            owner.append(number)
    return Groups(np.array(rows, np.float64), np.array(right, np.float64), np.array(sizes), np.array(weights)), owner


def predict(pages: list[Page], weights: QuoteWeights) -> list[dict[str, Any]]:
    """Return what ``extract`` would print for the pages."""
    out = []
    for page in pages:
        choices = choose(page.candidates, Resolver(page.candidates, weights.attribution.pronoun), weights.attribution)
        quotes = []
        for one, choice in zip(page.spoken, choices, strict=True):
            found = {"quote": one.span.of(page.article.text), "start": one.span.start, "end": one.span.end}
            if choice is not None:
                made = attribution_of(page.candidates.scene, choice, one, weights)
                mention = made.mention.of(page.article.text)
                found |= {
                    "speaker": made.name,
                    "confidence": made.confidence,
                    "rule": made.rule,
                    "speaker_mention": mention,
                }
                found["raw"] = choice.share * one.probability
            quotes.append(found)
        out.append({"id": page.marked["id"], "quotes": quotes})
    return out


def at_bar(predicted: list[dict[str, Any]], bar: float) -> list[dict[str, Any]]:
    """Return predictions without the names under a bar."""
    return [
        {**page, "quotes": [q if q.get("confidence", 0) >= bar else {**q, "speaker": None} for q in page["quotes"]]}
        for page in predicted
    ]


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
    """Return the rising line through the shares of right answers (pool adjacent violators over twenty-five bins)."""
    order = sorted(zip(raw, right, strict=True))
    size = max(1, len(order) // 25)
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


def judged(score: ModuleType, pages: list[Page], predicted: list[dict[str, Any]]) -> tuple[list[float], list[bool]]:
    """Return the raw score and the rightness of every prediction that counts for named_precision."""
    raw, right = [], []
    for page, made in zip(pages, predicted, strict=True):
        namesakes = score.shared_surnames([q["speaker"] for q in page.marked["quotes"] if q.get("speaker")])
        for gold, quote in zip(page.gold, made["quotes"], strict=True):
            if "raw" not in quote or (gold is not None and gold["speaker_how"] in score.UNSURE - {"no-source"}):
                continue
            raw.append(quote["raw"])
            right.append(
                gold is not None
                and gold["speaker_how"] != "no-source"
                and score.same_speaker(gold["speaker"], quote["speaker"], namesakes)
            )
    return raw, right


def bar_for(
    score: ModuleType, pages: list[Page], predicted: list[dict[str, Any]], precision: float
) -> tuple[float, float, float]:
    """Return the lowest bar with this named_precision, and its precision and share."""
    gold = [page.marked for page in pages]
    for step in range(60, 200):
        bar = step / 200
        found = score.score_quotes(gold, at_bar(predicted, bar))
        if found["named_precision"] >= precision:
            return bar, round(found["named_precision"], 4), round(found["named_share"], 4)
    return math.inf, 0.0, 0.0


def plain(trees: Trees) -> dict[str, object]:
    """Return trees as they stand in the file."""
    return {"names": trees.names, "features": trees.features, "thresholds": trees.thresholds, "values": trees.values}


def fit(groups: tuple[Groups, list[int]], left_out: int | None, names: tuple[str, ...], settings: Settings) -> Trees:
    """Return trees learned from the pages of all folds but one."""
    data, owner = groups
    chosen = np.array([i for i, page in enumerate(owner) if left_out is None or page % FOLDS != left_out])
    return grow(data.pick(chosen), names, settings)


def main() -> None:
    """Train, measure, write."""
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("data", type=Path)
    cli.add_argument("--quick", action="store_true", help="no folds: only look at dev; keep the old calibration")
    cli.add_argument("--trees", type=int, default=MENTION.trees)
    asked = cli.parse_args()
    reader = Reader(asked.data)
    score = reader.score
    folder = asked.data / "data" / "quotes" / "polnear"
    train, dev = reader.pages(folder / "train.jsonl"), reader.pages(folder / "dev.jsonl")
    mentions, pronouns = mention_groups(train, score), pronoun_groups(train, score)
    print(f"{len(mentions[1])} quotes with {len(mentions[0].rows)} candidates, {len(pronouns[1])} pronouns")
    settings = replace(MENTION, trees=asked.trees)
    line = Calibration((0.0, 1.0), (0.0, 1.0))

    def learned(left_out: int | None, calibration: Calibration) -> QuoteWeights:
        return QuoteWeights(
            reader.speech,
            AttributionWeights(
                fit(mentions, left_out, FEATURES, settings),
                fit(pronouns, left_out, PRONOUN_FEATURES, PRONOUN),
                calibration,
            ),
        )

    about: dict[str, object] = {
        "date": datetime.now(UTC).date().isoformat(),
        "data": "PolNeAR train (840 US news articles)",
        "seed": MENTION.seed,
        "command": "python -m benchmarks.train_attribution DATA",
    }
    bars = {"asked": 0.7, "pushed": 0.85}
    if not asked.quick:
        predicted: list[dict[str, Any]] = [{}] * len(train)
        for fold in range(FOLDS):
            numbers = [n for n in range(len(train)) if n % FOLDS == fold]
            for n, made in zip(numbers, predict([train[n] for n in numbers], learned(fold, line)), strict=True):
                predicted[n] = made
        about["five_fold"] = figures(score, train, predicted)
        print("five folds", about["five_fold"])
        line = isotonic(*judged(score, train, predicted))
        for page in predicted:
            for quote in page["quotes"]:
                if "raw" in quote:
                    quote["confidence"] = line.probability(quote["raw"])
        for name, precision in (("asked", 0.905), ("pushed", 0.955)):
            bar, reached, share = bar_for(score, train, predicted, precision)
            bars[name] = bar
            about[f"five_fold_{name}"] = {"bar": bar, "named_precision": reached, "named_share": share}
            print(name, about[f"five_fold_{name}"])
    weights = learned(None, line)
    looked = predict(dev, weights)
    about["dev"] = figures(score, dev, looked)
    print("dev", about["dev"])
    for name, bar in bars.items():
        found = score.score_quotes([page.marked for page in dev], at_bar(looked, bar))
        about[f"dev_{name}"] = {key: round(found[key], 4) for key in ("named_precision", "named_share")}
        print(name, about[f"dev_{name}"])
    made = {
        "about": about,
        "bars": bars,
        "calibration": {"scores": line.scores, "probabilities": line.probabilities},
        "pronoun": plain(weights.attribution.pronoun),
        "mention": plain(weights.attribution.mention),
    }
    (WEIGHTS / "attribution.json").write_text(json.dumps(made, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Learn the weights that tell speech from titles, names and scare quotes: ``python -m benchmarks.train_speech [DATA]``.

Reads DATA/data/quotes/polnear/train.jsonl, prints five-fold figures and writes config/weights/speech.json.
A logistic regression with a penalty on large weights, fitted by Newton's method; rare features are left out.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from summaries.marks import Stretch, quoted_stretches
from summaries.paragraphs import paragraphs_of
from summaries.sentences import parse_sentence_words, split_sentences
from summaries.speech import (
    SpeechWeights,
    features_of,
    parse_speech_words,
    speech_stretches,
    trimmed_stretches,
)
from summaries.values import Sentence

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "config/weights/speech.json"
ENGLISH = ROOT / "config/languages/en"
FOLDS = 5
SEED = 0
FEWEST = 5  # times a feature must be seen in training
PENALTY = 1.5  # of half the squared weights; 1 to 6 differ by .001 F1 in cross-validation
STEPS = 25
STILL = 1e-6  # a step this small changes nothing any more
OVERLAP = 0.8  # of the longer one: the same stretch, as the score has it
COVERED = 0.5  # of a stretch: the data cut long quotes at odd sentence ends, the pieces are speech all the same
LEFT_OUT = 0.005  # smaller weights change nothing

# Not learned, because the data mark stretches in “ and " only and leave all others unmarked, headline quotes too.
BY_HAND = {
    "two_apostrophes": -12.0,  # ''so'' is unmarked throughout; on the web, two apostrophes are seldom a quotation
    "single_in_headline_case": -6.0,  # ‘You Don’t Win’: the words were said, these capitals were not
    # The data mark some titles, terms and placards as quotes ("titled": 7 of 11). They are none.
    "signs_beside": -3.0,
    "terms_beside": -3.0,
    "works_beside": -3.0,
    "single_among_double": -2.5,  # a paper that quotes in double marks sets terms and crossheads in single ones
}

Example = tuple[list[str], bool]


def main() -> int:
    """Cross-validate, fit on everything, write the weights."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    path = data / "data/quotes/polnear/train.jsonl"
    if not path.exists():
        print(f"no marked articles: {path}")
        return 1
    articles = [json.loads(line) for line in path.open(encoding="utf-8")]
    random.Random(SEED).shuffle(articles)  # noqa: S311 - folds, not secrets
    examples = [_examples(article) for article in articles]
    folds = [_fold_figures(articles, examples, fold) for fold in range(FOLDS)]
    figures = {name: round(float(np.mean([fold[name] for fold in folds])), 4) for name in folds[0]}
    print(figures)
    weights = fit([example for group in examples for example in group])
    about = {
        "what": "log odds that a quoted stretch is speech, per feature of summaries/speech_features.py",
        "made_by": "benchmarks/train_speech.py",
        "date": datetime.now(UTC).date().isoformat(),
        "data": "PolNeAR (LREC 2018; package MIT, articles their publishers'), 840 training articles; numbers only",
        "seed": SEED,
        "five_fold_means": figures,
        "set_by_hand": sorted(BY_HAND),
    }
    kept = {name: round(w, 3) for name, w in sorted(weights.items()) if abs(w) >= LEFT_OUT}
    WEIGHTS.write_text(json.dumps({"about": about, "weights": kept}, ensure_ascii=False, indent=1) + "\n")
    return 0


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


WORDS = parse_speech_words(_toml(ENGLISH / "speech.toml"))
SENTENCE_WORDS = parse_sentence_words(_toml(ENGLISH / "text.toml")["sentences"])


def _sentences(text: str) -> list[Sentence]:
    spans = (
        span for paragraph in paragraphs_of(text) for span in split_sentences(text, paragraph.span, SENTENCE_WORDS)
    )
    return [Sentence(span) for span in spans]


def _examples(article: dict[str, Any]) -> list[Example]:
    """Return the stretches of one article that can be learned from, each with its features and whether it is speech."""
    text = article["text"]
    paragraphs = paragraphs_of(text)
    stretches = trimmed_stretches(text, quoted_stretches(text, paragraphs), WORDS)
    golds = [(quote["start"], quote["end"]) for quote in article["quotes"]]
    found = []
    for stretch, features in zip(
        stretches, features_of(text, paragraphs, _sentences(text), stretches, WORDS), strict=True
    ):
        part = covered(stretch, golds)
        same = max((_overlap(stretch, gold) for gold in golds), default=0.0) >= OVERLAP
        if _learnable(text, stretch) and (same or part >= COVERED or not part):
            found.append((features, same or part >= COVERED))
    return found


def _learnable(text: str, stretch: Stretch) -> bool:
    return not stretch.single and (stretch.opened is None or stretch.opened.of(text) != "''")


def _overlap(stretch: Stretch, gold: tuple[int, int]) -> float:
    start, end = gold
    common = min(end, stretch.span.end) - max(start, stretch.span.start)
    return max(0, common) / max(end - start, stretch.span.end - stretch.span.start)


def covered(stretch: Stretch, golds: list[tuple[int, int]]) -> float:
    """Return the share of a stretch that marked quotes cover."""
    common = sum(max(0, min(end, stretch.span.end) - max(start, stretch.span.start)) for start, end in golds)
    return common / (stretch.span.end - stretch.span.start)


def fit(examples: list[Example]) -> dict[str, float]:
    """Return the weight of each feature, those set by hand included."""
    seen = Counter(name for features, _ in examples for name in set(features))
    names = sorted(name for name, count in seen.items() if count >= FEWEST)
    column = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(examples), len(names)))
    for row, (features, _) in enumerate(examples):
        for name in features:
            if name in column:
                x[row, column[name]] += 1
    y = np.array([speech for _, speech in examples], dtype=float)
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (probability - y) + PENALTY * weights
        curvature = (x * (probability * (1 - probability))[:, None]).T @ x + PENALTY * np.eye(len(names))
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < STILL:
            break
    return dict(zip(names, map(float, weights), strict=True)) | BY_HAND


def weights_by_fold(articles: list[dict[str, Any]], folds: int) -> list[SpeechWeights]:
    """Return for each fold the weights learned from all others; an article's fold is its number modulo ``folds``."""
    examples = [_examples(article) for article in articles]
    return [
        SpeechWeights(fit([e for number, group in enumerate(examples) if number % folds != fold for e in group]))
        for fold in range(folds)
    ]


def _fold_figures(articles: list[dict[str, Any]], examples: list[list[Example]], fold: int) -> dict[str, float]:
    """Return how well the other folds' weights find the speech of this one, as ``score.py quotes`` counts it."""
    weights = SpeechWeights(fit([e for i, group in enumerate(examples) if i % FOLDS != fold for e in group]))
    golds = found = hits = 0
    loss = 0.0
    tried = 0
    for article, group in list(zip(articles, examples, strict=True))[fold::FOLDS]:
        text = article["text"]
        spoken = speech_stretches(text, paragraphs_of(text), _sentences(text), WORDS, weights)
        marked = [(quote["start"], quote["end"]) for quote in article["quotes"]]
        golds += len(marked)
        found += len(spoken)
        hits += sum(any(_overlap(s.stretch, gold) >= OVERLAP for gold in marked) for s in spoken)
        for features, speech in group:
            probability = weights.probability(sum(weights.of.get(name, 0.0) for name in features))
            loss -= math.log(probability if speech else 1 - probability)
            tried += 1
    precision, recall = hits / found, hits / golds
    f1 = 2 * precision * recall / (precision + recall)
    return {"span_precision": precision, "span_recall": recall, "span_f1": f1, "log_loss": loss / tried}


if __name__ == "__main__":
    sys.exit(main())

"""How well quotes and their speakers are found, stage by stage: ``python -m benchmarks.bench_quotes [DATA]``.

Runs ``onrecord extract`` itself on the marked articles and counts with ``tools/score.py``. The stages: the span; the
cue (the verb the data name is, or is a part of, ours); the mention (the words that name the speaker, or a part of
them); the resolution (where the mention is right, the person is). What was measured five-fold inside the training
articles stands in the weights' files and is printed from there.
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.extract import Extracting, extract_lines

if TYPE_CHECKING:
    from types import ModuleType

WEIGHTS = Path(__file__).parent.parent / "config/weights"
SAMPLE = 8  # errors of each kind that are printed
SEED = 0
KINDS = ("named", "entity", "coref-agree", "description")
Documents = list[dict[str, Any]]


def main() -> int:
    """Print the tables; return 1 where the marked articles are not there."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    quotes = data / "data/quotes"
    if not quotes.exists():
        print(f"no marked articles: {quotes}")
        return 1
    score = _scorer(data)
    gold = _read(quotes / "polnear/dev.jsonl")
    found, seconds = _extract(gold, 0.0)
    words = sum(len(document["text"].split()) for document in gold)
    print(f"polnear/dev at bar 0 ({words / seconds:,.0f} words/s, one core, whole analysis)")
    _figures(score, gold, found)
    _stages(score, gold, found)
    for bar in ("asked", "pushed"):
        result = score.score_quotes(gold, _extract(gold, bar)[0])
        print(f"bar {bar}: named_precision {result['named_precision']:.3f}, named_share {result['named_share']:.3f}")
    _samples(score, gold, found)
    _five_fold()
    cases = _read(quotes / "phenomena.jsonl")
    print("\nphenomena at bar 0")
    _figures(score, cases, _extract(cases, 0.0)[0])
    german = _read(quotes / "german_wikinews/dev.jsonl")
    print("\ngerman_wikinews/dev, kind Direct, the words that name the speaker")
    result = score.score_quotes(german, _extract(german, 0.0)[0], kinds={"Direct"}, field="speaker_mention")
    _line("", result, ("span_precision", "span_recall", "exact_share", "speaker_accuracy", "named_share"))
    return 0


def _scorer(data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", data / "tools/score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(data / "tools/score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(path: Path) -> Documents:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _extract(documents: Documents, bar: float | str) -> tuple[Documents, float]:
    """Return what ``extract`` prints for the texts, and the seconds it took, loading included."""
    lines = [json.dumps({"id": d["id"], "text": d["text"]}).encode() for d in documents]
    began = time.perf_counter()
    answers = [json.loads(line) for line in extract_lines(lines, Extracting(bar=bar))]
    return answers, time.perf_counter() - began


def _line(name: str, result: dict[str, float], wanted: tuple[str, ...]) -> None:
    print(f"  {name:24s}" + "  ".join(f"{key} {result[key]:.3f}" for key in wanted))


def _figures(score: ModuleType, gold: Documents, found: Documents) -> None:
    wanted = ("span_precision", "span_recall", "span_f1", "exact_share", "speaker_accuracy", "end_to_end_f1")
    _line("all", score.score_quotes(gold, found), wanted)
    _line("five words and more", score.score_quotes(gold, found, min_words=5), wanted)


def _stages(score: ModuleType, gold: Documents, found: Documents) -> None:
    """Print, by kind of speaker, how far the quotes get: span, cue, mention, resolution."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    answers = {document["id"]: score.stretches(document["quotes"]) for document in found}
    for document in gold:
        for marked in score.stretches(document["quotes"]):
            count = counts[marked.get("speaker_how", "")]
            count["quotes"] += 1
            ours = max(answers[document["id"]], key=lambda one: score.overlap(marked, one), default=None)
            if ours is None or score.overlap(marked, ours) < score.OVERLAP:
                continue
            count["span"] += 1
            if marked.get("verb") and marked.get("speaker_mention"):
                count["with a cue"] += 1
                count["cue"] += _same_cue(marked["verb"], ours["cue"])
            mention = score.same_mention(marked.get("speaker_mention"), ours["speaker_mention"])
            count["mention"] += mention
            count["resolution"] += mention and score.same_speaker(marked["speaker"], ours["speaker"])
    print("  by kind of speaker: quotes, spans found, cue right, mention right, of these the person right")
    for kind in KINDS:
        count = counts[kind]
        shares = (("span", "quotes"), ("cue", "with a cue"), ("mention", "span"), ("resolution", "mention"))
        table = "  ".join(f"{part} {count[part] / max(1, count[whole]):.3f}" for part, whole in shares)
        print(f"    {kind:14s}{count['quotes']:4d}  {table}")


def _same_cue(marked: str, ours: str | None) -> bool:
    words = set(re.findall(r"\w+", marked.lower()))
    return bool(ours) and bool(words & set(re.findall(r"\w+", str(ours).lower())))


def _samples(score: ModuleType, gold: Documents, found: Documents) -> None:
    errors: list[tuple[str, ...]] = []
    score.score_quotes(gold, found, errors=errors)
    by_kind: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for error in errors:
        by_kind[error[0]].append(error)
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    for kind, some in sorted(by_kind.items()):
        print(f"  {kind}: {len(some)}, for instance")
        for error in chance.sample(some, min(SAMPLE, len(some))):
            print("    " + " | ".join(str(part) for part in error[1:]))


def _five_fold() -> None:
    for name in ("speech", "attribution"):
        about = json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8")).get("about", {})
        print(f"  five-fold inside polnear/train, {name}:")
        for key, value in about.items():
            if key.startswith("five_fold"):
                print(f"    {key}: {json.dumps(value)}")


if __name__ == "__main__":
    sys.exit(main())

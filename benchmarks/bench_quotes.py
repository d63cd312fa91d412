"""How well quotes and their speakers are found, stage by stage: ``python -m benchmarks.bench_quotes [DATA]``.

Runs ``onrecord extract`` itself on the marked articles and counts with ``tools/score.py``. The stages: the span; the
cue (the verb the data name is, or is a part of, ours); the mention (the words that name the speaker, or a part of
them); the resolution (where the mention is right, the person is). What was measured five-fold inside the training
articles stands in the weights' files and is printed from there.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.scoring import yardstick
from bot.extract import Extracting, extract_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

WEIGHTS = Path(__file__).parent.parent / "config/weights"
SAMPLE = 8  # errors of each kind that are printed
SEED = 0
KINDS = ("named", "entity", "coref-agree", "description")
AROUND = 90  # characters on either side of a sample
Documents = list[dict[str, Any]]
Pair = tuple[dict[str, Any], dict[str, Any] | None]
"""A marked quote and the one of ours that matches it."""


def main() -> int:
    """Print the tables; return 1 where the marked articles are not there."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    quotes = data / "data/quotes"
    if not quotes.exists():
        print(f"no marked articles: {quotes}")
        return 1
    score = yardstick(data)
    gold = _read(quotes / "polnear/dev.jsonl")
    found, seconds = _extract(gold, 0.0)
    words = sum(len(document["text"].split()) for document in gold)
    print(f"polnear/dev at bar 0 ({words / seconds:,.0f} words/s, one core, whole analysis)")
    _figures(score, gold, found)
    pairs = _pairs(score, gold, found)
    for least in (0, 5):
        _stages(score, pairs, least)
    for bar in ("asked", "pushed"):
        result = score.score_quotes(gold, _extract(gold, bar)[0])
        print(f"bar {bar}: named_precision {result['named_precision']:.3f}, named_share {result['named_share']:.3f}")
    _samples(score, gold, found, pairs)
    _five_fold()
    cases = _read(quotes / "phenomena.jsonl")
    print("\nphenomena at bar 0")
    _figures(score, cases, _extract(cases, 0.0)[0])
    german = _read(quotes / "german_wikinews/dev.jsonl")
    print("\ngerman_wikinews/dev, kind Direct, the words that name the speaker")
    result = score.score_quotes(german, _extract(german, 0.0)[0], kinds={"Direct"}, field="speaker_mention")
    _line("", result, ("span_precision", "span_recall", "exact_share", "speaker_accuracy", "named_share"))
    return 0


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


def _stages(score: ModuleType, pairs: list[Pair], least: int) -> None:
    """Print, by kind of speaker, how far the quotes get: span, cue, mention, resolution."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for marked, ours in pairs:
        if len(score.words(marked["quote"])) < least:
            continue
        for kind in ("all", marked.get("speaker_how", "")):
            counts[kind].update(_reached(score, marked, ours))
    print(f"  stages, {f'quotes of {least} words and more' if least else 'all quotes'}, by kind of speaker:")
    for kind in ("all", *KINDS):
        count = counts[kind]
        shares = (("span", "quotes"), ("cue", "with a cue"), ("mention", "known"), ("resolution", "mention"))
        table = "  ".join(f"{part} {count[part] / max(1, count[whole]):.3f}" for part, whole in shares)
        print(f"    {kind:12s}{count['quotes']:5d}  {table}  speaker {count['right'] / max(1, count['known']):.3f}")


def _reached(score: ModuleType, marked: dict[str, Any], ours: dict[str, Any] | None) -> Iterator[str]:
    """Yield what a marked quote is counted for: each stage that it could reach, and each that it did."""
    yield "quotes"
    if ours is None:
        return
    yield "span"
    if marked.get("verb"):
        yield "with a cue"
        if _same_cue(marked["verb"], ours["cue"]):
            yield "cue"
    if not marked.get("speaker") or marked.get("speaker_how") in score.UNSURE:
        return
    yield "known"
    right = score.same_speaker(marked["speaker"], ours["speaker"])
    if right:
        yield "right"
    if score.same_mention(marked.get("speaker_mention"), ours["speaker_mention"]):
        yield "mention"
        if right:
            yield "resolution"


def _pairs(score: ModuleType, gold: Documents, found: Documents) -> list[Pair]:
    """Return every marked quote with ours, None where none matches; each document of ours gets the list ``matched``."""
    pairs: list[Pair] = []
    answers = {document["id"]: document for document in found}
    for document in gold:
        ours = score.stretches(answers[document["id"]]["quotes"])
        here: list[Pair] = []
        for marked in score.stretches(document["quotes"]):
            best = max(ours, key=lambda one: score.overlap(marked, one), default=None)
            matches = best is not None and score.overlap(marked, best) >= score.OVERLAP
            here.append(({**marked, "id": document["id"]}, best if matches else None))
        answers[document["id"]]["matched"] = [one for _, one in here]
        pairs += here
    return pairs


def _same_cue(marked: str, ours: str | None) -> bool:
    words = set(re.findall(r"\w+", marked.lower()))
    return bool(ours) and bool(words & set(re.findall(r"\w+", str(ours).lower())))


def _samples(score: ModuleType, gold: Documents, found: Documents, pairs: list[Pair]) -> None:
    """Print some errors of each kind, with what stands around them."""
    texts = {document["id"]: document["text"] for document in gold}
    errors: dict[str, list[str]] = defaultdict(list)
    for marked, ours in pairs:
        kind = _error(score, marked, ours)
        if kind:
            answer = f"  ours: {ours['speaker']} ({ours['speaker_mention']})" if ours else ""
            where = _around(texts[marked["id"]], marked)
            errors[kind].append(f"{where}\n      marked: {marked['speaker']} ({marked['speaker_mention']}){answer}")
    for document in found:
        for ours in score.stretches(document["quotes"]):
            if not any(pair is not None and pair["start"] == ours["start"] for pair in document["matched"]):
                errors["no quote in the data"].append(
                    f"{_around(texts[document['id']], ours)}\n      ours: {ours['speaker']}"
                )
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    for kind, some in sorted(errors.items()):
        print(f"  {kind}: {len(some)}, for instance")
        for error in chance.sample(some, min(SAMPLE, len(some))):
            print(f"    {error}")


def _error(score: ModuleType, marked: dict[str, Any], ours: dict[str, Any] | None) -> str:
    """Return at which stage a marked quote was lost, "" where at none."""
    if ours is None:
        return "span not found"
    if not marked.get("speaker") or marked["speaker_how"] in score.UNSURE:
        return ""
    if score.same_speaker(marked["speaker"], ours["speaker"]):
        return ""
    same = score.same_mention(marked.get("speaker_mention"), ours["speaker_mention"])
    return f"{marked['speaker_how']}: {'mention right, person wrong' if same else 'another mention'}"


def _around(text: str, quote: dict[str, Any]) -> str:
    start, end = quote["start"], quote["end"]
    inner = text[start:end] if end - start <= AROUND else f"{text[start : start + 40]} […] {text[end - 40 : end]}"
    return f"{text[max(0, start - AROUND) : start]}⟦{inner}⟧{text[end : end + AROUND]}".replace("\n", "¶")


def _five_fold() -> None:
    for name in ("speech", "attribution"):
        about = json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8")).get("about", {})
        print(f"  five-fold inside polnear/train, {name}:")
        for key, value in about.items():
            if key.startswith("five_fold"):
                print(f"    {key}: {json.dumps(value)}")


if __name__ == "__main__":
    sys.exit(main())

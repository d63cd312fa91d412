"""How well and how fast texts become paragraphs and sentences, and their language is told.

``python -m benchmarks.bench_sentences [FOLDER]``; FOLDER holds the marked articles.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.scoring import best_of, marked, rows, score
from bot.engine import load_engine
from summaries.language import language_of
from summaries.paragraphs import paragraphs_of
from summaries.sentences import split_sentences

if TYPE_CHECKING:
    from summaries.engine import Engine
    from summaries.values import Span

CASES = Path(__file__).parents[1] / "tests" / "summaries" / "sentences_news_cases.json"
LANGUAGES = (("en", "quotes/polnear/dev.jsonl"), ("de", "quotes/german_wikinews/dev.jsonl"))
SIZES = (250_000, 500_000, 1_000_000, 2_000_000)  # characters


def sentences_of(engine: Engine, text: str, code: str = "en") -> list[Span]:
    """Return the sentences of all paragraphs of ``text``."""
    words = engine.packs[code].sentences
    return [span for each in paragraphs_of(text) for span in split_sentences(text, each.span, words)]


def cases(engine: Engine) -> None:
    """Print how many of the hard cases come out exactly."""
    known: list[list[str]] = json.loads(CASES.read_text("utf-8"))
    exact = 0
    for case in known:
        text = " ".join(case)
        exact += [span.of(text) for span in sentences_of(engine, text)] == case
    print(f"{'hard cases, exact':40} {exact} of {len(known)}")


def boundaries(engine: Engine, folder: Path) -> None:
    """Print precision and recall of sentence boundaries, and the time they take."""
    path = marked(folder, "stories/basil_dev.jsonl")
    if path is None:
        return
    articles = rows(path)
    texts = [str(article["text"]) for article in articles]
    predicted = [
        {
            "id": article["id"],
            "text": text,
            "sentences": [{"start": span.start, "end": span.end} for span in sentences_of(engine, text)],
        }
        for article, text in zip(articles, texts, strict=True)
    ]
    for name, value in score(folder, "sentences", articles, predicted).items():
        print(f"{name:40} {value:.3f}")
    words = sum(len(text.split()) for text in texts)
    taken = best_of(3, lambda: [(language_of(text, engine.stop_words), sentences_of(engine, text)) for text in texts])
    print(f"{'language, paragraphs and sentences':40} {1e6 * taken / words:.2f} µs a word")
    whole = "\n\n".join(texts)
    for size in SIZES:
        page = (whole * (size // len(whole) + 1))[:size]
        taken = best_of(1, partial(sentences_of, engine, page))
        print(f"{f'the same, one page of {size:,} characters':40} {taken:.3f} s")


def languages(engine: Engine, folder: Path) -> None:
    """Print how often the language of a whole article, and of its first 200 characters, is told rightly."""
    for code, name in LANGUAGES:
        path = marked(folder, name)
        if path is None:
            continue
        texts = [str(row["text"]) for row in rows(path)]
        for beginning in (None, 200):
            right = sum(language_of(text[:beginning], engine.stop_words) == code for text in texts)
            what = f"{code}, {'whole' if beginning is None else f'{beginning} characters'}"
            print(f"{'language right: ' + what:40} {right} of {len(texts)}")


def main() -> None:
    """Print all figures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    engine = load_engine()
    cases(engine)
    boundaries(engine, folder)
    languages(engine, folder)


if __name__ == "__main__":
    main()

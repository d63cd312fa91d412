"""How fast the whole analysis is: words a second from text, pasted pages and HTML; linear or not; start of the command.

``python -m benchmarks.bench_speed [FOLDER]``; FOLDER holds the marked articles. One core; CPU time, best of three.
"""

from __future__ import annotations

import html
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.scoring import best_of, rows
from bot.engine import load_engine
from summaries.analysis import Wanted, analyse_html, analyse_pasted, analyse_text

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = (250_000, 500_000, 1_000_000, 2_000_000)  # characters
SENTENCES = 1_000
STARTS = 5
SAMPLE = Path(__file__).parents[1] / "config" / "samples" / "reservoir-wire.txt"


def as_page(text: str) -> str:
    """Return an article as the HTML page it may have been, with what stands around one."""
    title, *body = [line for line in text.split("\n") if line.strip()]
    menu = "".join(f'<li><a href="/{n}">Part {n}</a></li>' for n in range(40))
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in body)
    head = f"<head><title>{html.escape(title)}</title></head>"
    return (
        f"<html>{head}<body><ul>{menu}</ul><article><h1>{html.escape(title)}</h1>{paragraphs}</article></body></html>"
    )


def speeds(folder: Path) -> None:
    """Print words a second by kind of input."""
    engine = load_engine()
    texts = [str(row["text"]) for row in rows(folder / "data/quotes/polnear/dev.jsonl")]
    pages = [str(row["page"]) for row in rows(folder / "data/pages/pasted_dev.jsonl")]
    inputs = (
        ("text", texts, analyse_text),
        ("pasted", pages, analyse_pasted),
        ("html", [as_page(text) for text in texts], analyse_html),
    )
    for name, given, analyse in inputs:
        words = sum(len(page.split()) for page in (texts if name == "html" else given))
        analyse(given[0], engine, now=NOW)  # what is loaded only once

        def work(given: list[str] = given, analyse: Callable[..., object] = analyse) -> None:
            for page in given:
                analyse(page, engine, now=NOW)

        print(f"{name:10s} {words / best_of(ROUNDS, work):9.0f} words/s  ({len(given)} pages, {words} words)")


def linearity(folder: Path) -> None:
    """Print the microseconds a word for ever longer articles, and the time of 1,000 sentences with their summary."""
    engine = load_engine()
    whole = "\n\n".join(str(row["text"]) for row in rows(folder / "data/quotes/polnear/dev.jsonl"))
    while len(whole) < SIZES[-1]:
        whole += "\n\n" + whole
    for size in SIZES:
        text = whole[:size]
        for name, analyse in (("text", analyse_text), ("pasted", analyse_pasted)):

            def work(text: str = text, analyse: Callable[..., object] = analyse) -> None:
                analyse(text, engine, now=NOW)

            print(f"{size:9d} characters {name:7s} {1e6 * best_of(1, work) / len(text.split()):6.1f} µs/word")
    analysis = analyse_text(whole, engine, now=NOW)
    text = whole[: analysis.sentences[SENTENCES - 1].span.end]
    wanted = Wanted("lead", 3, 0), Wanted("news", 3, 0)
    lead, news = (best_of(ROUNDS, lambda one=one: analyse_text(text, engine, now=NOW, wanted=one)) for one in wanted)  # type: ignore[misc]
    print(f"1,000 sentences: analysis {1000 * news:.0f} ms, of which the summary {1000 * (news - lead):.0f} ms")


def start() -> None:
    """Print the CPU time of ``onrecord brief`` on a small file, start of Python included."""
    command = [sys.executable, "-m", "bot", "brief", str(SAMPLE)]
    taken = []
    for _ in range(STARTS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"onrecord brief on {SAMPLE.name}: {min(taken):.2f} s of CPU")


def main() -> int:
    """Print everything; return 0."""
    start()
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    if not (folder / "data").is_dir():
        print(f"no marked articles in {folder}: speeds are not measured")
        return 0
    speeds(folder)
    linearity(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

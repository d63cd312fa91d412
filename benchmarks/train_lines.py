"""Learn the line model: ``python -m benchmarks.train_lines DATA`` writes ``config/weights/lines.json``.

A linear-chain conditional random field, four states, L2. Every page is learned from in three forms: as rendered, as a
browser's copy without indentation and empty lines, and its marked body alone (a clean article has no furniture).
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.scoring import rows
from bot.engine import load_engine
from summaries.line_model import AFTER, BEFORE, BODY, INNER, MOVES
from summaries.pasted_lines import features_of, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from summaries.page_words import PageWords

    Numbers = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parent.parent / "config" / "weights" / "lines.json"
PAGES = "pages/pasted_dev.jsonl"
STATES = 4
L2 = 60.0
"""Chosen among 1 to 250, five-fold: 1 gives F1 .86, 30 to 100 are alike, 250 is worse. Few pages, so it is strong."""
RAREST = 3
"""A feature on fewer lines is not learned."""
STEPS = 60
NEVER = -1e9


@dataclass(frozen=True)
class Marked:
    """One page: the features of its lines and the state each is in."""

    features: list[list[str]]
    states: list[int]


def forms_of(page: str, body: str) -> Iterator[tuple[str, str]]:
    """Yield a page in the three forms that are learned from, each with its body."""
    yield page, body
    bare = [re.sub(r"^[*+o] ", "", line.strip()) for line in page.splitlines()]
    yield "\n".join(line for line in bare if line), body
    yield body, body


def seen_in(page: str, body: str, words: PageWords) -> Marked:
    """Return what is seen of a page's lines, with the states that its body gives them."""
    lines = read_lines(page)
    texts = [_letters(line.text) for line in lines]
    wanted = [text for text in (_letters(re.sub(r"^\s*[*+o•] ", "", line)) for line in body.splitlines()) if text]
    is_body, met = [False] * len(lines), set()
    for match in difflib.SequenceMatcher(None, texts, wanted, autojunk=False).get_matching_blocks():
        for offset in range(match.size):
            is_body[match.a + offset] = True
            met.add(match.b + offset)
    # Paragraphs that the page cuts elsewhere: long lines that are part of one, or hold one.
    for text in (text for index, text in enumerate(wanted) if index not in met):
        for index, line in enumerate(texts):
            is_body[index] |= len(line) > 25 and (line in text or text in line)  # noqa: PLR2004 - shorter ones may be anything
    inside = [index for index, yes in enumerate(is_body) if yes]
    first, last = (inside[0], inside[-1]) if inside else (len(lines), len(lines))
    states = [
        BEFORE if index < first else AFTER if index > last else BODY if yes else INNER
        for index, yes in enumerate(is_body)
    ]
    return Marked(features_of(lines, words.phrases, words.categories), states)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


class Chain:
    """The likelihood of marked pages under weights, and its slope."""

    def __init__(self, pages: Sequence[Marked]) -> None:
        pages = [page for page in pages if BODY in page.states]
        lines = Counter(name for page in pages for names in page.features for name in set(names))
        self.names = sorted(name for name, count in lines.items() if count >= RAREST)
        numbers = {name: number for number, name in enumerate(self.names)}
        self.shape = (len(pages), max(len(page.states) for page in pages))
        rows: list[int] = []
        columns: list[int] = []
        starts: list[int] = []
        self.held = np.zeros(self.shape, bool)
        gold = np.zeros((*self.shape, STATES))
        self.gold_moves = np.zeros((STATES, STATES))
        for number, page in enumerate(pages):
            self.held[number, : len(page.states)] = True
            np.add.at(self.gold_moves, (page.states[:-1], page.states[1:]), 1)
            for position, (names, state) in enumerate(zip(page.features, page.states, strict=True)):
                gold[number, position, state] = 1
                starts.append(len(columns))
                columns += sorted({numbers[name] for name in names if name in numbers})
                rows += [number * self.shape[1] + position] * (len(columns) - starts[-1])
        self.rows, self.columns, self.starts = np.array(rows), np.array(columns), np.array(starts)
        self.gold = gold.reshape(-1, STATES)
        self.allowed = np.zeros((STATES, STATES), bool)
        self.allowed[tuple(np.array(MOVES).T)] = True
        self.start = np.array([0, 0, NEVER, NEVER])
        self.end = np.array([NEVER, 0, NEVER, 0])

    @property
    def size(self) -> int:
        """How many numbers there are to learn."""
        return (len(self.names) + STATES) * STATES

    def split(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Return weights (feature, state) and moves (from, to)."""
        moves = np.where(self.allowed, numbers[-STATES * STATES :].reshape(STATES, STATES), NEVER)
        return numbers[: -STATES * STATES].reshape(-1, STATES), moves

    def loss(self, numbers: Numbers) -> tuple[float, Numbers]:
        """Return the penalised negative log-likelihood and its gradient."""
        weights, moves = self.split(numbers)
        emitted = np.zeros((self.shape[0] * self.shape[1], STATES))
        emitted[self.rows[self.starts]] = np.add.reduceat(weights[self.columns], self.starts, axis=0)
        scores = emitted.reshape(*self.shape, STATES)
        forward, backward, total, moved = self._passes(scores, moves)
        chances = (np.exp(forward + backward - total[:, None, None]) * self.held[:, :, None]).reshape(-1, STATES)
        gold = (emitted * self.gold).sum() + (moves[self.allowed] * self.gold_moves[self.allowed]).sum()
        excess = (chances - self.gold)[self.rows]
        slope = np.stack(
            [np.bincount(self.columns, excess[:, state], len(self.names)) for state in range(STATES)], axis=1
        )
        gradient = np.concatenate([slope.ravel(), np.where(self.allowed, moved - self.gold_moves, 0).ravel()])
        return float(total.sum() - gold + L2 / 2 * (numbers @ numbers)), gradient + L2 * numbers

    def _passes(self, scores: Numbers, moves: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return forward and backward scores, the log of each page's total, and expected moves."""
        length = self.shape[1]
        forward, backward = np.zeros_like(scores), np.zeros_like(scores)
        forward[:, 0] = scores[:, 0] + self.start
        for at in range(1, length):
            step = np.logaddexp.reduce(forward[:, at - 1, :, None] + moves, axis=1) + scores[:, at]
            forward[:, at] = np.where(self.held[:, at, None], step, forward[:, at - 1])
        total = np.logaddexp.reduce(forward[:, -1] + self.end, axis=1)
        backward[:, -1] = self.end
        moved = np.zeros((STATES, STATES))
        for at in range(length - 1, 0, -1):
            ahead = scores[:, at] + backward[:, at]
            both = moves + ahead[:, None, :]
            held = self.held[:, at]
            backward[:, at - 1] = np.where(held[:, None], np.logaddexp.reduce(both, axis=2), backward[:, at])
            moved += np.exp(forward[held, at - 1, :, None] + both[held] - total[held, None, None]).sum(axis=0)
        return forward, backward, total, moved


def minimum_of(chain: Chain, steps: int = STEPS, memory: int = 10) -> Numbers:
    """Return the numbers with the least loss, by L-BFGS with backtracking."""
    place = np.zeros(chain.size)
    loss, slope = chain.loss(place)
    pairs: list[tuple[Numbers, Numbers]] = []
    for _ in range(steps):
        way = -_uphill(slope, pairs)
        stride = 1.0 if pairs else 1.0 / float(np.abs(slope).sum())
        while True:
            ahead = place + stride * way
            new_loss, new_slope = chain.loss(ahead)
            if new_loss <= loss + 1e-4 * stride * float(slope @ way) or stride < 1e-12:  # noqa: PLR2004 - Armijo's rule
                break
            stride /= 2
        if float((ahead - place) @ (new_slope - slope)) > 0:
            pairs = [*pairs, (ahead - place, new_slope - slope)][-memory:]
        place, loss, slope = ahead, new_loss, new_slope
    return place


def _uphill(slope: Numbers, pairs: Sequence[tuple[Numbers, Numbers]]) -> Numbers:
    """Return the slope times the inverse curvature that the last steps showed (two-loop recursion)."""
    way, shares = slope.copy(), []
    for step, bend in reversed(pairs):
        share = float(step @ way) / float(step @ bend)
        way -= share * bend
        shares.append(share)
    if pairs:
        step, bend = pairs[-1]
        way *= float(step @ bend) / float(bend @ bend)
    for (step, bend), share in zip(pairs, reversed(shares), strict=True):
        way += step * (share - float(bend @ way) / float(step @ bend))
    return way


def learned(pages: Sequence[Marked]) -> dict[str, object]:
    """Return features and moves as the weights file holds them."""
    chain = Chain(pages)
    weights, moves = chain.split(minimum_of(chain))
    features = {
        name: [round(float(score), 3) for score in scores] for name, scores in zip(chain.names, weights, strict=True)
    }
    return {
        "features": {name: scores for name, scores in features.items() if any(scores)},
        "moves": [round(float(moves[move]), 3) for move in MOVES],
    }


def read_pages(data: Path) -> list[dict[str, str]]:
    """Return the marked pages."""
    return [{name: str(value) for name, value in row.items()} for row in rows(data / "data" / PAGES)]


def main(data: Path) -> None:
    """Learn from all pages and write the weights."""
    words = load_engine().page_words
    pages = [seen_in(*form, words) for page in read_pages(data) for form in forms_of(page["page"], page["body"])]
    about = {
        "what": "states before, body, inner, after; read by summaries/line_model.py",
        "learned": "2026-11-23",
        "by": "benchmarks/train_lines.py, no chance in it (no seed)",
        "from": "91 marked pages (scrapinghub article-extraction-benchmark, MIT), three forms each",
        "figures": "docs/measurements.md, Pages",
    }
    model = learned(pages)
    text = json.dumps({"about": about, **model}, ensure_ascii=False, indent=0)
    # One feature a line, so that a change can be read.
    text = re.sub(r"\[\n([^\[\]]*)\n\]", lambda match: f"[{match[1].replace(chr(10), ' ')}]", text)
    WEIGHTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

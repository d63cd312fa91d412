"""How well pasted pages are cleaned, five-fold by page, and how fast: ``python -m benchmarks.bench_pages DATA``."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.scoring import marked, yardstick
from benchmarks.train_lines import PAGES, forms_of, learned, read_pages, seen_in
from bot.engine import load_engine
from summaries.errors import NotAnArticleError
from summaries.line_model import LineModel, parse_line_model
from summaries.pages import CleanPage
from summaries.pasted import read_pasted

if TYPE_CHECKING:
    from types import ModuleType

    from summaries.page_words import PageWords

FOLDS = 5
SEEDS = (7, 11)
"""How pages are dealt into folds changes F1 by up to a point: two deals."""
FORMS = ("as rendered", "browser's copy", "clean body")
NO_PAGE = CleanPage(None, None, None, None, None, None, ())


@dataclass(frozen=True)
class Score:
    """Mean precision and recall over pages."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def cleaned(page: str, words: PageWords, model: LineModel) -> CleanPage:
    """Return the clean page, an empty one where no article is found."""
    try:
        return read_pasted(page, words, model)
    except NotAnArticleError:
        return NO_PAGE


def folds(count: int, seed: int) -> list[list[int]]:
    """Deal page numbers into folds."""
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311 - a deal, not a secret
    return [order[start::FOLDS] for start in range(FOLDS)]


def five_fold(data: Path, words: PageWords, seed: int) -> dict[str, list[tuple[str, CleanPage]]]:
    """Return for each form (marked body, clean page) of every page, each cleaned by a model that never saw it."""
    pages = read_pages(data)
    forms = [list(forms_of(page["page"], page["body"])) for page in pages]
    features = [[seen_in(*form, words) for form in each] for each in forms]
    found: dict[str, list[tuple[str, CleanPage]]] = {form: [] for form in FORMS}
    for fold in folds(len(pages), seed):
        held = set(fold)
        model = parse_line_model(
            learned([one for index, each in enumerate(features) if index not in held for one in each])
        )
        for index in fold:
            for form, (page, body) in zip(FORMS, forms[index], strict=True):
                found[form].append((body, cleaned(page, words, model)))
    return found


def mean_score(found: list[tuple[str, CleanPage]], score: ModuleType) -> Score:
    """Return precision and recall of four-word shingles, as the yardstick counts them."""
    gold = [{"id": str(number), "body": body} for number, (body, _) in enumerate(found)]
    predicted = [
        {"id": str(number), "text": "\n\n".join(text for _, text in page.paragraphs)}
        for number, (_, page) in enumerate(found)
    ]
    scores = score.score_pages(gold, predicted)
    return Score(scores["precision"], scores["recall"])


def title_share(pages: list[dict[str, str]], titles: list[str | None]) -> tuple[float, float]:
    """Return (share of pages with a telling address whose title has half its words, share with any title)."""
    right = telling = 0
    for page, title in zip(pages, titles, strict=True):
        slug = max(page["url"].lower().rstrip("/").split("/")[3:], key=lambda part: part.count("-"), default="")
        wanted = {word for word in slug.replace(".html", "").split("-") if len(word) > 3 and word.isalpha()}  # noqa: PLR2004 - ids are short
        if len(wanted) < 3:  # noqa: PLR2004 - an address without words tells nothing
            continue
        telling += 1
        letters = "".join((title or "").lower().split())
        right += sum(word in letters for word in wanted) * 2 >= len(wanted)
    return right / telling, sum(title is not None for title in titles) / len(titles)


def main(data: Path) -> None:
    """Print the table."""
    if marked(data, PAGES) is None:
        return
    words, score = load_engine().page_words, yardstick(data)
    pages = read_pages(data)
    for seed in SEEDS:
        found = five_fold(data, words, seed)
        for form, each in found.items():
            got = mean_score(each, score)
            print(
                f"five-fold, deal {seed}, {form}: precision {got.precision:.3f} recall {got.recall:.3f} F1 {got.f1:.3f}"
            )
        by_body = dict(found["as rendered"])
        right, any_title = title_share(pages, [by_body[page["body"]].title for page in pages])
        print(
            f"five-fold, deal {seed}: title holds half the address's words {right:.2f}, a title found {any_title:.2f}"
        )
    model = parse_line_model(
        learned([seen_in(*form, words) for page in pages for form in forms_of(page["page"], page["body"])])
    )
    started = time.process_time()
    for page in pages:
        cleaned(page["page"], words, model)
    seconds, count = time.process_time() - started, sum(len(page["page"].split()) for page in pages)
    print(f"speed: {seconds / count * 1e6:.1f} µs a word ({count} words, {count / seconds:.0f} words/s)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How well and how fast articles find their stories.

``python -m benchmarks.bench_stories [FOLDER]``; FOLDER holds the marked articles.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

from benchmarks.scoring import best_of, marked, rows, score
from bot.engine import load_engine, load_story_words, placing_articles
from bot.stories import story_lines
from store.database import database
from summaries.analysis import analyse_text
from summaries.stories import StoryPlacer, StoryText, placed

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, object]
A_DAY = datetime(2026, 3, 2, tzinfo=UTC)
UNRELATED = 3000
RESTART_EVERY = 40  # articles
SHORT = 40  # characters of a line that is no sentence


def by_day(articles: Sequence[Row], seed: int | None = None) -> list[Row]:
    """Return articles in the order of their days; within a day as they stand, or shuffled."""
    given = list(articles)
    if seed is not None:
        Random(seed).shuffle(given)  # noqa: S311 - an order, no secret
    return sorted(given, key=lambda one: str(one["published_at"]))


def in_one_week(articles: Sequence[Row], seed: int) -> list[Row]:
    """Return the articles as if all events had begun in one week: time tells them apart no more."""
    random, shifts = Random(seed), {}  # noqa: S311 - days, no secret
    first: dict[object, datetime] = {}
    for one in articles:
        at = datetime.fromisoformat(str(one["published_at"])).replace(tzinfo=UTC)
        first[one["story"]] = min(at, first.get(one["story"], at))
    for story, at in first.items():
        shifts[story] = A_DAY + timedelta(days=random.randrange(7)) - at
    return [
        {
            **one,
            "published_at": (
                datetime.fromisoformat(str(one["published_at"])).replace(tzinfo=UTC) + shifts[one["story"]]
            ).isoformat(),
        }
        for one in articles
    ]


def others(path: Path, seed: int) -> list[Row]:
    """Return articles that are in no marked event, thrown into the same week."""
    random, found = Random(seed), []  # noqa: S311 - days, no secret
    for row in rows(path):
        title, _, text = str(row["text"]).lstrip().partition("\n")
        at = A_DAY + timedelta(days=random.randrange(7))
        found.append({"id": row["id"], "title": title[:200], "text": text, "published_at": at.isoformat()})
    return found


def filtered(articles: Sequence[Row]) -> list[Row]:
    """Return what the filter prints for these articles."""
    return [json.loads(line) for line in story_lines(json.dumps(one).encode() for one in articles)]


async def stored(articles: Sequence[Row]) -> list[Row]:
    """Return where the store places these articles when they are analysed and saved, with a restart now and then."""
    engine, found = load_engine(), []
    with TemporaryDirectory() as folder:
        for first in range(0, len(articles), RESTART_EVERY):
            kept = placing_articles()
            async with database(f"sqlite:///{folder}/stories.db") as opened:
                for one in articles[first : first + RESTART_EVERY]:
                    at = datetime.fromisoformat(str(one["published_at"])).replace(tzinfo=UTC)
                    title, text = str(one["title"]), str(one["text"])
                    page = analyse_text(text, engine, now=at, title=title, url=f"https://{one['id']}.example/")
                    async with opened.writing() as db:
                        saved = await kept.save(db, page, owner_channel=None, seen_at=at)
                    found.append({"id": one["id"], "story": saved.story_id, "copy_of": saved.copy_of})
    return found


def report(
    folder: Path, what: str, gold: Sequence[Row], articles: Sequence[Row], *, predicted: list[Row] | None = None
) -> None:
    """Print the figures of the marked articles among all."""
    predicted = filtered(articles) if predicted is None else predicted
    found = score(folder, "stories", gold, predicted)
    stories, copies = len({one["story"] for one in predicted}), sum(one["copy_of"] is not None for one in predicted)
    print(
        f"{what:52} P {found['precision']:.3f} R {found['recall']:.3f} F1 {found['f1']:.3f}"
        f"  {len(predicted)} articles, {stories} stories, {copies} copies",
        flush=True,
    )


def quality(folder: Path, events: Path, background: Path) -> None:
    """Print how well marked events are found, in the order of days and under harder conditions."""
    gold = rows(events)
    names = sorted({str(one["story"]) for one in gold})
    report(folder, "by day", gold, by_day(gold))
    by_store = asyncio.run(stored(by_day(gold)))
    report(folder, f"by day, in the store, restarted every {RESTART_EVERY}", gold, by_day(gold), predicted=by_store)
    for seed in range(3):
        report(folder, f"by day, shuffled within the day ({seed})", gold, by_day(gold, seed))
    for half in range(2):
        part = [one for one in gold if names.index(str(one["story"])) % 2 == half]
        report(folder, f"every other event ({half})", part, by_day(part))
    for seed in range(3):
        week = in_one_week(gold, seed)
        report(folder, f"all events in one week ({seed})", gold, by_day(week, seed))
        report(folder, f"the same among 840 others ({seed})", gold, by_day([*week, *others(background, seed)], seed))
    for bar in (0.1, 0.12, 0.16, 0.18):
        with patch("summaries.stories.ALIKE", bar):
            report(folder, f"by day, ALIKE {bar}", gold, by_day(gold))
            mixed = by_day([*in_one_week(gold, 0), *others(background, 0)], 0)
            report(folder, f"one week among 840 others, ALIKE {bar}", gold, mixed)


def unrelated(background: Path) -> list[StoryText]:
    """Return articles of one week about nothing in common: sentences drawn from all over, names made up for each."""
    random = Random(5)  # noqa: S311 - words, no secret
    pool = [line for row in rows(background) for line in re.split(r"(?<=[.”]) ", str(row["text"])) if len(line) > SHORT]
    found = []
    for number in range(UNRELATED):
        name = "".join(random.choices("bdfgklmnprstv", k=4)) + f"o{number}"
        text = " ".join(
            f"{line} {name} said." if at % 3 == 0 else line for at, line in enumerate(random.sample(pool, 12))
        )
        at = A_DAY + timedelta(minutes=random.randrange(7 * 24 * 60))
        found.append(StoryText(str(number), f"{name} {random.choice(pool)[:60]}", text, at))
    return sorted(found, key=lambda one: one.published_at)


def load(background: Path) -> None:
    """Print what 3,000 unrelated articles of a week become, and what they cost."""
    articles = unrelated(background)
    found, state = placed(articles, load_story_words())
    most = max(len(one.story.article_ids) for one in state.stories)
    print(
        f"{UNRELATED} unrelated articles of one week: {len({one.story_id for one in found})} stories, the largest of {most}"
    )
    placer = StoryPlacer(state)
    taken = best_of(1, lambda: [placer.place(article) for article in articles[:300]])
    print(f"an article with {len(state.stories)} stories open: {1e3 * taken / 300:.2f} ms")
    print(f"going on from a state: {1e3 * best_of(3, lambda: StoryPlacer(state).state()):.0f} ms")
    tracemalloc.start()
    kept = StoryPlacer(state)
    print(f"memory of the index over that state: {tracemalloc.get_traced_memory()[0] / 1e6:.0f} MB")
    tracemalloc.stop()
    del kept


def main() -> None:
    """Print all figures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    events, background = marked(folder, "stories/basil_dev.jsonl"), marked(folder, "quotes/polnear/train.jsonl")
    if events is None or background is None:
        return
    quality(folder, events, background)
    load(background)


if __name__ == "__main__":
    main()

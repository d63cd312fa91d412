"""How good and how fast summaries are, ours and sumy's.

``python -m benchmarks.bench_summaries [FOLDER]``; FOLDER holds the marked articles.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sumy.parsers.plaintext import PlaintextParser

from benchmarks.scoring import best_of, marked, rows, score
from bot.engine import load_engine
from summaries.paragraphs import paragraphs_of
from summaries.ranking import NEWS_WEIGHTS, NewsWeights
from summaries.sentences import split_sentences
from summaries.summarizers import METHODS, summarise
from summaries.sumy_methods import NewsSummarizer, Tokenizer
from summaries.tokens import words_of
from summaries.values import Article, Sentence

if TYPE_CHECKING:
    from summaries.engine import Engine, LanguagePack

NEIGHBOURS: tuple[tuple[str, NewsWeights], ...] = (
    ("no prior for the place", replace(NEWS_WEIGHTS, lead=0.0)),
    ("lead 0.4", replace(NEWS_WEIGHTS, lead=0.4)),
    ("lead 0.9", replace(NEWS_WEIGHTS, lead=0.9)),
    ("lead 100 (the place decides)", replace(NEWS_WEIGHTS, lead=100.0)),
    ("full 10", replace(NEWS_WEIGHTS, full=10)),
    ("full 20", replace(NEWS_WEIGHTS, full=20)),
    ("repetition 0.5", replace(NEWS_WEIGHTS, repetition=0.5)),
    ("repetition 2", replace(NEWS_WEIGHTS, repetition=2.0)),
    ("weak 0.5", replace(NEWS_WEIGHTS, weak=0.5)),
    ("weak 1", replace(NEWS_WEIGHTS, weak=1.0)),
)
SENTENCES = (100, 1_000, 10_000)
SLOW_FROM = 1_000  # sentences; more than that only ours reads


def taken_apart(text: str, pack: LanguagePack) -> tuple[Article, list[Sentence]]:
    """Return an article of ``text`` and its sentences."""
    paragraphs = paragraphs_of(text)
    article = Article("a", None, None, None, None, text, paragraphs, "en", None, datetime(2026, 11, 23, tzinfo=UTC))
    return article, [Sentence(span) for each in paragraphs for span in split_sentences(text, each.span, pack.sentences)]


def predictions(
    articles: list[dict[str, object]], pack: LanguagePack, method: str, weights: NewsWeights = NEWS_WEIGHTS
) -> list[dict[str, object]]:
    """Return what ``extract`` would print, as far as the yardstick reads it."""
    found: list[dict[str, object]] = []
    for row in articles:
        article, sentences = taken_apart(str(row["text"]), pack)
        spans = summarise(article, sentences, method=method, words=pack.summary, weights=weights).sentences
        shown = [{"start": span.start, "end": span.end, "text": span.of(article.text)} for span in spans]
        found.append({"id": row["id"], "text": article.text, "summary": shown})
    return found


def quality(engine: Engine, folder: Path) -> None:
    """Print every method's mean ROUGE over the first three sentences, and that of our numbers' neighbours."""
    path = marked(folder, "summaries/newts_dev.jsonl")
    if path is None:
        return
    pack, articles = engine.packs["en"], rows(path)
    middle = len(articles) // 2
    print(
        f"{'method':32} {'all':>6} {'first half':>10} {'second half':>11} {'ROUGE-1':>8} {'ROUGE-2':>8} {'-Lsum':>6} words"
    )
    trials = [(method, method, NEWS_WEIGHTS) for method in METHODS]
    trials += [(f"news, {name}", "news", weights) for name, weights in NEIGHBOURS]
    for name, method, weights in trials:
        predicted = predictions(articles, pack, method, weights)
        halves = [
            score(folder, "summaries", articles[part], predicted[part]) for part in (slice(middle), slice(middle, None))
        ]
        # The mean of the halves is the figure for all, but for the odd article.
        both = {figure: (halves[0][figure] + halves[1][figure]) / 2 for figure in halves[0]}
        print(
            f"{name:32} {both['over_lead']:+6.2f} {halves[0]['over_lead']:+10.2f} {halves[1]['over_lead']:+11.2f} "
            f"{both['ours_rouge1']:8.3f} {both['ours_rouge2']:8.3f} {both['ours_rougeLsum']:6.3f} "
            f"{both['words_ours']:5.0f}",
            flush=True,
        )


def through_sumy(engine: Engine, folder: Path) -> None:
    """Print how many summaries are the same where our ranking runs as one of sumy's summarizers."""
    path = marked(folder, "summaries/newts_dev.jsonl")
    if path is None:
        return
    pack, same, articles = engine.packs["en"], 0, rows(path)
    summarizer = NewsSummarizer()
    summarizer.stop_words, summarizer.leaning = pack.summary.stop_words, pack.summary.leaning
    summarizer.endings = pack.summary.endings
    for row in articles:
        article, sentences = taken_apart(str(row["text"]), pack)
        shown = summarise(article, sentences, words=pack.summary).sentences
        dom = PlaintextParser(article.text, Tokenizer(pack.sentences)).document
        same += [" ".join(str(one).split()) for one in summarizer(dom, len(shown))] == [
            " ".join(span.of(article.text).split()) for span in shown
        ]
    print(f"{'the same summary through sumy':40} {same} of {len(articles)}")


def titles(engine: Engine, folder: Path) -> None:
    """Print the share of a title's words that stand in the summary, on articles tuned on by nobody.

    A check on other texts: what helps one kind of reference only would lose here.
    """
    path = marked(folder, "stories/basil_dev.jsonl")
    if path is None:
        return
    pack, articles = engine.packs["en"], rows(path)
    for method in METHODS:
        shares = []
        for row, predicted in zip(articles, predictions(articles, pack, method), strict=True):
            wanted = set(words_of(str(row["title"]))) - pack.summary.stop_words
            spans = predicted["summary"]
            assert isinstance(spans, list)
            shares.append(len(wanted & set(words_of(" ".join(span["text"] for span in spans)))) / max(1, len(wanted)))
        print(f"{'words of the title in ' + method:40} {sum(shares) / len(shares):.3f}")


def speed(engine: Engine) -> None:
    """Print the time from sentences to summary, words included, by method and length.

    sumy's methods read the first ``SUMY_SENTENCES`` only.
    """
    pack = engine.packs["en"]
    for size in SENTENCES:
        lines = (
            f"Town {n % 97} sent {n % 31} boats to harbour {n % 13} on day {n}, its mayor of {n % 7} years said."
            for n in range(size)
        )
        article, sentences = taken_apart("\n".join(lines), pack)
        for method in METHODS if size <= SLOW_FROM else ("news",):
            work = partial(summarise, article, sentences, method=method, words=pack.summary)
            taken = best_of(3 if method == "news" else 1, work)
            print(f"{f'{method}, {size:,} sentences':40} {1e3 * taken:.1f} ms", flush=True)


def main() -> None:
    """Print all figures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    engine = load_engine()
    quality(engine, folder)
    through_sumy(engine, folder)
    titles(engine, folder)
    speed(engine)


if __name__ == "__main__":
    main()

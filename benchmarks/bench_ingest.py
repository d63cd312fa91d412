"""Speed of reading in: ``python -m benchmarks.bench_ingest DATA [ARTICLES]``.

DATA is not needed; ARTICLES is how many pages to make (300 unless given), each of about 400 words with five quotes of
three people out of two hundred, drawn from a fixed seed. They are analysed in two real worker processes and saved, with
alerts for twenty subscriptions, by the real transaction into SQLite in a temporary folder.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from statistics import quantiles
from typing import TYPE_CHECKING

from bot.analysing import Analysts, Form, PageTask
from bot.engine import load_engine
from handlers.ingest import Ingest
from store.channels import Access, Channels
from store.database import Database, database
from store.subscriptions import Subscriptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.values import Analysis

ARTICLES = 300
WORKERS = 2
IN_FLIGHT = 8
"""Pages handed in beside each other, as sources are read."""
SUBSCRIPTIONS = 20
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = ("Ana", "Piet", "Lena", "Viktor", "Ada", "Tom", "Ilva", "Mara", "Otto", "Jon")
LAST = ("Pardo", "Vos", "Marek", "Orlan", "Toll", "Ruhl", "Brandt", "Selk", "Haas", "Lind")
PLACES = ("Vessin", "Lenn", "Brenn", "Selm", "Ostra")
THINGS = ("the dam", "the harbour", "the old bridge", "the grain fund", "the night trains", "the school roofs")
DOINGS = (
    "The council of {place} voted on Monday to keep {thing} open for another year, after a long debate in a full hall.",
    "A report that was handed to the government in {place} says that {thing} will cost twice what was planned.",
    "Engineers walked along {thing} in the morning and found no damage, although the rain had lasted for three days.",
    "The opposition left the room before the count and has said that it will go to court over {thing}.",
    "Nobody in {place} could say on Tuesday how long the work would take, or who would pay for it in the end.",
)
SAYINGS = (
    "“We will rebuild {thing} before winter, whatever the capital says,” {name} told reporters in {place}.",
    "“{place} has waited long enough for {thing},” said {name}.",
    "{name} said that {thing} was safe. “It held because everybody did their work,” {surname} said.",
    "“Nobody likes a bill, but this one is fair,” said {name}, who sits on the board in {place}.",
    "The plan is “a paper umbrella”, {name} said on Friday.",
)


def pages(count: int) -> list[PageTask]:
    """Return the tasks of reading invented pages of about 400 words."""
    chance = random.Random(7)  # noqa: S311 - a fixed seed is the point
    return [PageTask(_page(chance, number), Form.HTML, NOW, url=_url(number)) for number in range(count)]


def _url(number: int) -> str:
    return f"https://post.example/{number}"


def told_and_said(chance: random.Random, paragraphs: int) -> tuple[str, str, list[str], list[str]]:
    """Return where it happens, what it is about, the reporter's paragraphs, and five with a quote each."""
    place, thing = chance.choice(PLACES), chance.choice(THINGS)
    people = [f"{chance.choice(FIRST)} {chance.choice(('', 'van '))}{chance.choice(LAST)}" for _ in range(3)]
    said = [
        chance.choice(SAYINGS).format(place=place, thing=thing, name=name, surname=name.partition(" ")[2])
        for name in (*people, people[0], people[1])
    ]
    told = [
        " ".join(chance.choice(DOINGS).format(place=chance.choice(PLACES), thing=thing) for _ in range(3))
        for _ in range(paragraphs)
    ]
    return place, thing, told, said


def _page(chance: random.Random, number: int) -> str:
    place, thing, told, said = told_and_said(chance, 6)
    text = [line for pair in zip(told, said, strict=False) for line in pair] + told[5:]
    title = f"Report {number}: {place} argues over {thing}"
    body = "".join(f"<p>{line}</p>" for line in text)
    return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"


async def subscribe(opened: Database) -> None:
    """Set subscriptions up, one a channel."""
    async with opened.writing() as db:
        for number in range(SUBSCRIPTIONS):
            channel = f"telegram:{number}"
            name = f"{FIRST[number % 10]} {LAST[number // 2]}"
            await Channels().add(db, channel, access=Access.ALLOWED, at=NOW)
            await Subscriptions().add(db, channel, name, speaker_id=None, by=None, at=NOW)


async def analysed_in_processes(analysts: Analysts, tasks: Sequence[PageTask]) -> list[Analysis]:
    """Return the analyses, a few pages in flight at a time."""
    turns = asyncio.Semaphore(IN_FLIGHT)

    async def one(task: PageTask) -> Analysis:
        async with turns:
            return await analysts.analyse(task)

    return await asyncio.gather(*(one(task) for task in tasks))


async def measured(count: int) -> None:
    """Print the figures."""
    tasks = pages(count)
    with tempfile.TemporaryDirectory() as folder:
        async with database(f"sqlite:///{folder}/onrecord.db") as opened, Analysts(WORKERS) as analysts:
            await subscribe(opened)
            ingest = Ingest(opened, load_engine().bars, lambda: NOW)
            started = time.perf_counter()
            await asyncio.gather(*(analysts.analyse(task) for task in tasks[:WORKERS]))
            print(f"start of {WORKERS} processes with a page each: {time.perf_counter() - started:.2f} s")

            started = time.perf_counter()
            analyses = await analysed_in_processes(analysts, tasks)
            seconds = time.perf_counter() - started
            words = sum(len(each.article.text.split()) for each in analyses)
            quotes = sum(len(each.quotes) for each in analyses)
            print(f"analysis alone: {count / seconds:.0f} articles/s, {words / seconds:,.0f} words/s")
            print(f"  an article has {words / count:.0f} words and {quotes / count:.1f} quotes")

            spent = []
            started, busy = time.perf_counter(), time.process_time()
            for each in analyses[: count // 2]:
                begun = time.perf_counter()
                await ingest.save(each)
                spent.append(1000 * (time.perf_counter() - begun))
            seconds, busy = time.perf_counter() - started, time.process_time() - busy
            cuts = quantiles(spent, n=100)
            print(f"save alone: {len(spent) / seconds:.0f} articles/s, p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")
            print(f"  {1000 * busy / len(spent):.1f} ms of CPU each, the database's thread included")

            turns = asyncio.Semaphore(IN_FLIGHT)

            async def whole(task: PageTask) -> None:
                async with turns:
                    await ingest.save(await analysts.analyse(task))

            started = time.perf_counter()
            rest = tasks[count // 2 :]
            await asyncio.gather(*(whole(task) for task in rest))
            print(f"analysis and save: {len(rest) / (time.perf_counter() - started):.0f} articles/s")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    # Their memory is known once they have ended.
    print(f"memory at most: {own:.0f} MB here, {theirs:.0f} MB in a worker")


if __name__ == "__main__":
    asyncio.run(measured(int(sys.argv[2]) if len(sys.argv) > 2 else ARTICLES))  # noqa: PLR2004 - the second argument

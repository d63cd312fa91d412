"""A thousand feeds through the whole path: ``python -m benchmarks.bench_whole_ingest DATA [FEEDS [ENTRIES]]``.

DATA is not needed. A server in a process of its own has FEEDS feeds (1,000 unless given) of ENTRIES (10) of about 400
words, each feed at an address of its own in 127.0.0.0/8, so that the rule of one request at a time per host holds as
outside. They are polled, fetched, parsed, analysed in two worker processes and saved in SQLite, with alerts for twenty
subscriptions, by the real parts. Then one feed in twenty has news, and all are looked at again.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import socket
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from aiohttp import ClientSession, web

from benchmarks.bench_ingest import subscribe, told_and_said
from bot.bells import Bells
from bot.entry_reading import EntryReading
from bot.notices import Notices
from bot.parts import opened
from bot.polling import Polling
from config.settings import Settings
from store.sources import Sources

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.looks import Look
    from bot.parts import Parts
    from store.source_values import Source

FEEDS = 1_000
ENTRIES = 10
CHANGED = 20
"""One feed in so many has news in the second pass."""
WORKERS = 2
CONTROL = "127.0.0.1"
PRINTED = datetime(2026, 11, 20, 10, tzinfo=UTC)


def entry_html(number: int, at: int) -> str:
    """Return an article of about 400 words with five quotes, always the same for the same numbers."""
    chance = random.Random(number * 1_000 + at)  # noqa: S311 - a fixed seed is the point
    _, _, told, said = told_and_said(chance, 5)
    return "".join(f"<p>{line}</p>" for pair in zip(told, said, strict=True) for line in pair)


def feed_of(number: int, version: int, entries: int) -> bytes:
    """Return a feed; with each version one entry is new and one is gone."""
    items = "".join(
        f"<item><title>Report {number}-{at}</title><link>/news/{number}/{at}</link><guid isPermaLink='false'>{at}</guid>"
        f"<pubDate>{format_datetime(PRINTED + timedelta(hours=at))}</pubDate>"
        f"<description>{escape(entry_html(number, at))}</description></item>"
        for at in range(version, version + entries)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()


@dataclass(slots=True)
class Seen:
    """What the server saw."""

    in_flight: dict[str, int] = field(default_factory=dict)
    most: int = 0
    feeds: int = 0
    unconditional: int = 0
    unchanged: int = 0
    twice: int = 0
    others: int = 0
    asked: set[str] = field(default_factory=set)
    second_pass: bool = False


async def serve(port: int, entries: int) -> None:
    """Serve the feeds until the process is ended; ``/next`` begins the second pass and tells what was seen."""
    seen = Seen()

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/next":
            told = {
                name: getattr(seen, name) for name in ("most", "feeds", "unconditional", "unchanged", "twice", "others")
            }
            seen.feeds = seen.unconditional = seen.unchanged = seen.twice = seen.others = seen.most = 0
            seen.asked.clear()
            seen.second_pass = True
            return web.json_response(told)
        host = request.host
        seen.in_flight[host] = seen.in_flight.get(host, 0) + 1
        seen.most = max(seen.most, seen.in_flight[host])
        await asyncio.sleep(0.01)
        seen.in_flight[host] -= 1
        return _feed(request, seen, entries)

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, socket.create_server(("", port))).start()
    await asyncio.Event().wait()


def _feed(request: web.Request, seen: Seen, entries: int) -> web.Response:
    if not request.path.startswith("/feed/"):
        seen.others += 1
        return web.Response(status=404)
    number = int(request.path.rpartition("/")[2])
    seen.feeds += 1
    seen.twice += request.path in seen.asked
    seen.asked.add(request.path)
    seen.unconditional += "If-None-Match" not in request.headers
    version = int(seen.second_pass and number % CHANGED == 0)
    if request.headers.get("If-None-Match") == f'"{version}"':
        seen.unchanged += 1
        return web.Response(status=304)
    return web.Response(
        body=feed_of(number, version, entries), headers={"ETag": f'"{version}"'}, content_type="text/xml"
    )


@asynccontextmanager
async def server(entries: int) -> AsyncIterator[int]:
    """Run the server in a process of its own; yield its port."""
    with socket.create_server(("", 0)) as free:
        port: int = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bench_whole_ingest", "serve", str(port), str(entries)
    )
    try:
        async with ClientSession() as http:
            for _ in range(200):
                try:
                    async with http.get(f"http://{CONTROL}:{port}/"):
                        break
                except OSError:
                    await asyncio.sleep(0.1)
        yield port
    finally:
        process.kill()
        await process.wait()


async def told_by(port: int) -> dict[str, int]:
    """Return what the server saw, and begin the second pass."""
    async with ClientSession() as http, http.get(f"http://{CONTROL}:{port}/next") as response:
        told: dict[str, int] = json.loads(await response.text())
        return told


@dataclass(slots=True)
class Pass:
    """What the looks of one pass gave."""

    looks: int = 0
    articles: int = 0
    failed: int = 0

    def count(self, _: Source, look: Look) -> None:
        """Count one look."""
        self.looks += 1
        self.articles += look.articles
        self.failed += look.error is not None or bool(look.unread)


def polling_of(parts: Parts, settings: Settings) -> Polling:
    """Return what looks at sources."""
    assert parts.feeds is not None
    return Polling(
        parts.database, parts.feeds, EntryReading(parts.database, parts.reader, parts.ingest, _now), _now, Notices(_now).source_paused,
        chance=lambda: 0.0, shortest=settings.poll_interval,
    )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


async def measured(count: int, entries: int) -> None:
    """Print the figures of both passes."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None, data_dir=Path(folder), workers=WORKERS, allowed_networks=(ip_network("127.0.0.0/8"),)
        )  # type: ignore[call-arg] # pydantic reads it
        async with server(entries) as port, opened(settings, Bells(), now=_now) as parts:
            await subscribe(parts.database)
            urls = [f"http://127.1.{at // 250}.{at % 250 + 1}:{port}/feed/{at}" for at in range(count)]
            async with parts.database.writing() as db:
                added = [await Sources().add(db, url, interval=settings.poll_interval, at=_now()) for url in urls]
            numbers = [source.source_id for source, _ in added]
            polling = polling_of(parts, settings)
            for name in ("first pass", "second pass"):
                async with parts.database.writing() as db:
                    await Sources().look_now(db, numbers, now=_now())
                done = Pass()
                polling.looked = done.count
                begun, busy = time.perf_counter(), time.process_time()
                await polling.once(numbers)
                seconds, busy = time.perf_counter() - begun, time.process_time() - busy
                print(
                    f"{name}: {seconds:.1f} s, {done.looks} sources, {done.articles} articles ({done.articles / seconds:.0f}/s), "
                    f"{done.failed} failed; {busy:.1f} s of CPU here; the server saw {await told_by(port)}",
                    flush=True,
                )
                own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(f"  main process: {own} MB at most; load {os.getloadavg()[0]:.1f}", flush=True)
    # Known once they have ended.
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"largest child: {theirs.ru_maxrss // 1024} MB at most; {theirs.ru_utime + theirs.ru_stime:.1f} s of CPU in all "
        f"other processes (analysis, parsers, the server) in both passes"
    )


def _main(words: list[str]) -> None:
    if words[0] == "serve":
        asyncio.run(serve(int(words[1]), int(words[2])))
        return
    feeds, entries = (*(int(word) for word in words[1:3]), *(FEEDS, ENTRIES)[len(words) - 1 :])
    asyncio.run(measured(feeds, entries))


if __name__ == "__main__":
    _main(sys.argv[1:] or ["-"])

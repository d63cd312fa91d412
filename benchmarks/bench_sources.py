"""Sources: a thousand feeds on loopback, hostile feeds, and mutated ones.

Each feed has an address of its own in 127.0.0.0/8, so that the rule of one request at a time per host holds as outside.
Analysis is not in these figures; it has its own.
"""

from __future__ import annotations

import asyncio
import random
import resource
import socket
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING

from aiohttp import web

from sources.client import ClientOptions, guarded_session
from sources.errors import FeedError
from sources.feeds import read_feed
from sources.guard import Guard
from sources.parsing import FeedParser, feed_parser
from sources.reading import FeedReader, FeedRequest, fetch_feed
from tests.sources.test_hostile_feeds import feeds, mutant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FEEDS = 1_000
ENTRIES = 10
WORDS = 400
CHANGED = 20
"""One feed in so many has news in the second pass."""
MUTANTS = 5_000
SEED = 20261123
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(slots=True)
class Seen:
    """What the server saw."""

    in_flight: dict[str, int] = field(default_factory=dict)
    most: int = 0
    requests: int = 0
    second_pass: bool = False


def _feed(number: int, version: int) -> bytes:
    text = "It held all night, the keeper said, and nobody slept. " * (WORDS // 10)
    entries = "".join(
        f"<item><title>Dam {number} holds {at}</title><link>/news/{number}/{at}</link><guid isPermaLink='false'>{at}</guid>"
        f"<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
        for at in range(version, version + ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{entries}</channel></rss>".encode()


@asynccontextmanager
async def _server(seen: Seen) -> AsyncIterator[int]:
    async def answer(request: web.Request) -> web.Response:
        host = request.host
        seen.requests += 1
        seen.in_flight[host] = seen.in_flight.get(host, 0) + 1
        seen.most = max(seen.most, seen.in_flight[host])
        await asyncio.sleep(0.01)
        seen.in_flight[host] -= 1
        number = int(request.path.rpartition("/")[2])
        version = int(seen.second_pass and number % CHANGED == 0)
        if request.headers.get("If-None-Match") == f'"{version}"':
            return web.Response(status=304)
        return web.Response(body=_feed(number, version), headers={"ETag": f'"{version}"'}, content_type="text/xml")

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    with socket.create_server(("", 0)) as listening:
        await web.SockSite(runner, listening).start()
        try:
            yield listening.getsockname()[1]
        finally:
            await runner.cleanup()


async def _passes(reader: FeedReader) -> None:
    seen = Seen()
    async with _server(seen) as port:
        wanted = [FeedRequest(f"http://127.1.{at // 250}.{at % 250 + 1}:{port}/{at}") for at in range(FEEDS)]
        for name in ("first pass", "second pass, 95 % unchanged"):
            begun, before = time.perf_counter(), seen.requests
            outcomes = await asyncio.gather(*(fetch_feed(reader, one) for one in wanted))
            seconds = time.perf_counter() - begun
            entries = sum(len(outcome.feed.entries) for outcome in outcomes if outcome.feed is not None)
            failed = sum(outcome.error is not None for outcome in outcomes)
            print(
                f"{name}: {seconds:.1f} s, {seen.requests - before} requests, {entries} entries "
                f"({entries / seconds:.0f}/s), {failed} failed, at most {seen.most} in flight per host"
            )
            wanted = [FeedRequest(one.url, outcome.etag) for one, outcome in zip(wanted, outcomes, strict=True)]
            seen.second_pass = True
    print(f"main process, server included: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


def _hostile() -> dict[str, bytes]:
    bomb = b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 100_000 + b'">]><rss version="2.0"><channel><title>' + b"&a;" * 33_000
    item = b"<item><title>Dam %d holds</title><description>" + b"It held. " * 210 + b"</description></item>"
    start = b'<rss version="2.0"><channel>'
    return {
        "entity bomb, 200 KB": bomb,
        "3 MB of entries (1,500)": start + b"".join(item % at for at in range(1_500)),
        "10 MB of entries (4,900)": start + b"".join(item % at for at in range(4_900)),
        "10 MB in one entry": start + b"<item><description>" + b"It held. " * 1_100_000 + b"</description></item>",
        "100,000 entries": start + b"<item/>" * 100_000,
        "elements in elements, 1 MB": start + b"<item><a>" + b"<a>" * 330_000,
        "HTML in HTML, 1 MB": start + b"<item><description>" + b"&lt;div&gt;" * 100_000 + b"</description></item>",
        "links in HTML, 2 MB": start
        + b"<item><description>"
        + b"&lt;a href='x'&gt;" * 110_000
        + b"</description></item>",
        "half a tag, 5 MB": start + b"<item><title>" + b"<" * 5_000_000,
        "half a comment, 5 MB": start + b"<!--" * 1_250_000,
        "ampersands, 5 MB": start + b"<item><title>" + b"&" * 5_000_000,
        "attributes, 2 MB": start + b"<item " + b"".join(b"a%d='b' " % at for at in range(150_000)) + b"/>",
        "namespaces, 2 MB": start + b"<item " + b"".join(b"xmlns:a%d='b' " % at for at in range(110_000)) + b"/>",
        "JSON in JSON, 10 MB": b'{"a":' * 2_000_000,
        "a picture, 5 MB": random.Random(SEED).randbytes(5_000_000),  # noqa: S311 - not for secrets
        "blanks, 10 MB": b" " * 10_000_000,
    }


async def _one_hostile(parser: FeedParser, name: str, body: bytes) -> None:
    begun = time.perf_counter()
    try:
        feed = await parser.parse(body, content_type="text/xml", url="https://news.example/", read_at=NOW)
        said = f"read, {len(feed.entries)} entries"
    except FeedError as exc:
        said = exc.reason
    print(f"{name}: {time.perf_counter() - begun:.2f} s, {said}")


def _mutated() -> None:
    chance, known = random.Random(SEED), feeds()  # noqa: S311 - not for secrets
    worst, read, begun = 0.0, 0, time.perf_counter()
    for _ in range(MUTANTS):
        body, started = mutant(chance, chance.choice(known)), time.perf_counter()
        try:
            read_feed(body, content_type="text/xml", url="https://news.example/", read_at=NOW)
            read += 1
        except FeedError:
            pass
        worst = max(worst, time.perf_counter() - started)
    seconds = time.perf_counter() - begun
    print(
        f"{MUTANTS} mutated feeds: {seconds:.1f} s, {read} read, the others refused, the slowest {worst * 1000:.0f} ms"
    )


async def _main() -> None:
    options = ClientOptions("OnRecord/bench", guard=Guard(networks=(ip_network("127.0.0.0/8"),)))
    async with guarded_session(options) as session, feed_parser() as parser:
        await _passes(FeedReader(session, parser))
    for name, body in _hostile().items():
        async with feed_parser() as parser:
            await _one_hostile(parser, name, body)
    print(f"the parser's processes: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB at most")
    _mutated()


if __name__ == "__main__":
    asyncio.run(_main())
    sys.exit(0)

"""Reading in while everything goes wrong: ``python -m benchmarks.soak_ingest [DATA] [KILLS]``; ``make soak``.

The real process (``onrecord ingest --once``) reads ten feeds on loopback that print without end. It is killed (-9) at
random moments, KILLS times (50 unless given); then its disk is full, then another process holds its database for 30 s.
In the end what is stored is compared, row by row, with what a process stored that nobody disturbed. DATA is not needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aiohttp import web

from store.channels import Access, Channels
from store.database import database
from store.sources import Sources
from store.subscriptions import Subscriptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KILLS = 50
FEEDS = 10
PRINTED = 4
"""Entries that each feed prints between two starts."""
LATEST_KILL = 4.0
"""Seconds after the first look at a feed."""
SEED = 20261125
LOCKED_FOR = 30.0
ROOM = 600_000
"""Bytes that are left on the disk before it is full."""
READER = "telegram:7"
PATIENCE = 180.0
TABLES = {
    "articles": "SELECT url, title, language, revision FROM articles",
    "texts": "SELECT a.url, r.number, hex(r.text_sha256) FROM revisions r JOIN articles a USING (article_id)",
    "quotes": "SELECT a.url, q.start, q.text, q.name, q.state FROM quotes q JOIN articles a USING (article_id)",
    "mentions": "SELECT a.url, m.name FROM mentions m JOIN articles a USING (article_id)",
    "stories": "SELECT a.url FROM story_articles s JOIN articles a USING (article_id)",
    "sightings": "SELECT a.url, s.source_id FROM sightings s JOIN articles a USING (article_id)",
    "entries read": "SELECT e.entry, a.url FROM seen_entries e LEFT JOIN articles a USING (article_id)",
    "alerts": "SELECT a.url, q.text FROM alerts JOIN quotes q USING (quote_id) JOIN articles a USING (article_id)",
}
"""What must be the same, without numbers and times."""


@dataclass
class Site:
    """Feeds, each at an address of its own, that hold their articles whole.

    Attributes:
        printed: How many entries each feed has.
        looked: Set with each look.
    """

    feeds: list[str] = field(default_factory=list)
    printed: int = 0
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        """Return a feed."""
        if request.path != "/feed":
            raise web.HTTPNotFound
        self.looked.set()
        feed = int(request.host.split(":")[0].rpartition(".")[2])
        items = "".join(_item(feed, number) for number in range(self.printed))
        xml = f'<rss version="2.0"><channel><title>Post {feed}</title>{items}</channel></rss>'
        return web.Response(text=xml, content_type="application/rss+xml")


def _item(feed: int, number: int) -> str:
    chance = random.Random(feed * 100_000 + number)  # noqa: S311 - a fixed seed is the point
    words = " ".join("".join(chance.choices("abdeiklmnorstu", k=6)) for _ in range(12))
    title = f"Post {feed} prints {words[:27]}"
    text = "".join(
        f"<p>{line}</p>"
        for line in (
            f"The council of {words[:6].title()} met on Monday for the {number + 1}th time, in a full hall with {words}.",
            f"“We will mend gate {number} at {words} before winter,” said Piet Vos, the mayor of post {feed}.",
            f"“Nobody pays for {words[::-1]} twice,” Ada Toll told reporters after the meeting.",
            "The opposition left the room before the count and has said that it will go to court over the matter.",
        )
    )
    at = format_datetime(datetime.now(UTC))
    return (
        f"<item><title>{title}</title><link>https://post{feed}.example/{number}</link><guid isPermaLink='false'>{number}"
        f"</guid><pubDate>{at}</pubDate><description><![CDATA[{text}]]></description></item>"
    )


async def prepare(folder: Path, site: Site) -> None:
    """Make a database that follows the feeds as if they had been read before, with a wish for what Vos says."""
    now = datetime.now(UTC)
    async with database(f"sqlite:///{folder / 'onrecord.db'}") as store, store.writing() as db:
        await Channels().add(db, READER, access=Access.ALLOWED, at=now)
        await Subscriptions().add(db, READER, "Piet Vos", speaker_id=None, by=None, at=now)
        for url in site.feeds:
            source, _ = await Sources().add(db, url, interval=timedelta(minutes=5), at=now)
            await Sources().change(db, READER, source.source_id, {"full_text": "never"})
            await Sources().answered(
                db,
                source.source_id,
                now=now,
                interval=timedelta(minutes=5),
                due_at=now,
                etag=None,
                last_modified=None,
            )


async def started(folder: Path, before: Callable[[], None] | None = None) -> asyncio.subprocess.Process:
    """Start the process, with every source due."""
    with contextlib.closing(sqlite3.connect(folder / "onrecord.db", timeout=60)) as connection, connection:
        connection.execute("UPDATE sources SET due_at = 0")
    env = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    env |= {"ONRECORD_DATA_DIR": str(folder), "ONRECORD_ALLOWED_NETWORKS": "127.0.0.0/8", "ONRECORD_PUSHED_BAR": "0.5"}
    command = (sys.executable, "-m", "bot", "ingest", "--once")
    null = subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        *command, env=env, stdin=null, stdout=null, stderr=null, preexec_fn=before
    )


async def read_all(folder: Path, expected: int) -> int:
    """Start the process until everything is stored; return how often that took."""
    for starts in range(1, 20):
        process = await started(folder)
        async with asyncio.timeout(PATIENCE):
            await process.wait()
        if count(folder, "articles") >= expected:
            return starts
    return -1


def rows(folder: Path, table: str) -> Counter[tuple[object, ...]]:
    """Return what a table holds."""
    with contextlib.closing(sqlite3.connect(folder / "onrecord.db")) as connection:
        return Counter(tuple(row) for row in connection.execute(TABLES[table]))


def count(folder: Path, table: str) -> int:
    """Return how many rows a table has."""
    return rows(folder, table).total()


async def kills(folder: Path, site: Site, times: int) -> None:
    """Let the feeds print, start the process, kill it."""
    chance = random.Random(SEED)  # noqa: S311 - moments, no secret
    grown = 0
    for number in range(times):
        site.printed += PRINTED
        site.looked.clear()
        before = count(folder, "articles")
        process = await started(folder)
        async with asyncio.timeout(PATIENCE):
            await site.looked.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(0, LATEST_KILL)):
                await process.wait()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        grown += count(folder, "articles") > before
        if number % 10 == 9:  # noqa: PLR2004 - a sign of life now and then
            print(f"  {number + 1} kills, {count(folder, 'articles')} of {FEEDS * site.printed} articles", flush=True)
    print(f"{times} kills at 0 to {LATEST_KILL:.0f} s after the first look; {grown} of them after something was stored")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Yield a folder on a disk of its own that is nearly full; None where we may not make one."""
    place = folder / "disk"
    place.mkdir()
    size = sum(each.stat().st_size for each in folder.iterdir() if each.is_file()) + ROOM
    mount = ("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    made = subprocess.run(mount, check=False, capture_output=True)  # noqa: S603 - ours
    try:
        yield place if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", str(place)], check=True)  # noqa: S603, S607 - ours


def _copied(source: Path, target: Path) -> None:
    """Copy a database that nobody has open."""
    for each in target.glob("onrecord.db*"):
        each.unlink()
    for each in source.glob("onrecord.db*"):
        shutil.copy(each, target)


async def full(folder: Path, site: Site) -> None:
    """Let the disk be full while the process reads, then give it room."""
    site.printed += 10 * PRINTED
    before = count(folder, "articles")
    with small_disk(folder) as place:
        if place is None:
            size = (folder / "onrecord.db").stat().st_size + ROOM
            # Writing beyond is refused, as on a full disk, with another error.
            process = await started(folder, partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size)))
        else:
            _copied(folder, place)
            process = await started(place)
        async with asyncio.timeout(PATIENCE):
            code = await process.wait()
        if place is not None:
            _copied(place, folder)
    how = "by a limit of the process" if place is None else "on a disk of its own"
    print(f"disk full ({how}): {count(folder, 'articles') - before} articles stored before, exit {code}", flush=True)


async def locked(folder: Path, site: Site) -> None:
    """Hold the database's lock while the process reads."""
    site.printed += PRINTED
    site.looked.clear()
    before = count(folder, "articles")
    process = await started(folder)
    await site.looked.wait()
    with contextlib.closing(sqlite3.connect(folder / "onrecord.db", isolation_level=None, timeout=10)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        await asyncio.sleep(LOCKED_FOR)
        meanwhile = count(folder, "articles") - before
        holder.execute("ROLLBACK")
    async with asyncio.timeout(PATIENCE):
        code = await process.wait()
    after = time.monotonic() - begun - LOCKED_FOR
    print(
        f"locked for {LOCKED_FOR:.0f} s: {meanwhile} articles stored by then, all read {after:.1f} s later, exit {code}"
    )


async def main(times: int) -> bool:
    """Print what was lost, doubled or half stored; return whether nothing was."""
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    for number in range(1, FEEDS + 1):
        await web.TCPSite(runner, f"127.0.7.{number}", 0).start()
    site.feeds = [f"http://{host}:{port}/feed" for host, port in runner.addresses]
    with TemporaryDirectory() as disturbed, TemporaryDirectory() as quiet:
        folder, other = Path(disturbed), Path(quiet)
        await prepare(folder, site)
        await prepare(other, site)
        await kills(folder, site, times)
        await full(folder, site)
        await locked(folder, site)
        expected = FEEDS * site.printed
        starts = await read_all(folder, expected)
        await read_all(other, expected)
        print(f"{expected} articles printed; what was left took {starts} starts without disturbance")
        good = True
        for table in TABLES:
            here, there = rows(folder, table), rows(other, table)
            lost, more = (there - here).total(), (here - there).total()
            good &= not lost and not more
            print(f"{table:<13} {here.total():>6} rows; lost {lost}, doubled or half stored {more}")
        with contextlib.closing(sqlite3.connect(folder / "onrecord.db")) as connection:
            print(f"integrity: {connection.execute('PRAGMA integrity_check').fetchone()[0]}")
            print(f"references that point at nothing: {len(connection.execute('PRAGMA foreign_key_check').fetchall())}")
    await runner.cleanup()
    return good


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[2]) if len(sys.argv) > 2 else KILLS)) else 1)  # noqa: PLR2004 - DATA first

"""Sources that mean harm: each ends with a reason that its list shows, dials nothing private, and holds no other up."""

from __future__ import annotations

import asyncio
import gzip
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sources.guard import Guard, parse_networks
from sources.parsing import feed_parser
from store.sources import Sources
from tests.bot.newsroom import ANA, Newsroom, Site, polling_with
from tests.sources.servers import Names, raw_server, response, session
from tests.sources.test_parsing import BOMB

if TYPE_CHECKING:
    from store.database import Database

NARROW = Guard(networks=parse_networks(("127.77.0.0/16",)))
DEADLINE = timedelta(seconds=4)  # ten megabytes come in half a second, on a busy machine in three
HEAD = b"HTTP/1.1 200 OK\r\n"


class HostileSite(Site):
    """A site whose feeds mean harm, beside one that means well."""

    async def answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        """Answer one request, or never."""
        path = head.split()[1]
        match path:
            case "/drip" | "/headers":
                writer.write(HEAD + (b"\r\n" if path == "/drip" else b""))
                for _ in range(10_000):
                    writer.write(b"x" if path == "/drip" else b"X: y\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.05)
            case "/endless" | "/fifty":
                writer.write(HEAD + (b"\r\n" if path == "/endless" else b"Content-Length: 50000000\r\n\r\n"))
                writer.write(b"<rss version='2.0'><channel>")
                for _ in range(50 if path == "/fifty" else 10_000):
                    writer.write(b"<item><title>It held.</title></item>" * 28_000)
                    await writer.drain()
            case _:
                await super().answer(head, writer)


HOSTILE = {
    "/bomb": (response(BOMB.encode()), "declares entities"),
    "/gzip": (response(gzip.compress(b"0" * 60_000_000), headers={"Content-Encoding": "gzip"}), "longer than 10 MB"),
    "/endless": (None, "longer than 10 MB"),
    "/fifty": (None, "longer than 10 MB"),
    "/short": (response(b"<rss>", length=5_000), "broke off"),
    "/drip": (None, "no whole answer in time"),
    "/headers": (None, "no whole answer in time"),
    "/loop": (response(status="301 Moved", headers={"Location": "/loop"}), "more than 5 redirects"),
    "/binary": (response(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400), "not a feed"),
    "/entries": (response(b"<rss><channel>" + b"<item/>" * 100_000), "more than the 5000 we read"),
    "/encoding": (response(b"\xff\xfe" + b"<rss>\xd8" * 5_000), "not a feed"),
    "/deep": (response(b"<rss version='2.0'><channel><item><title>" + b"<" * 5_000_000), "too long to parse"),
    "/private": (response(status="302 Found", headers={"Location": "http://2130706433/"}), "the address is private"),
}


async def test_hostile_sources_end_with_a_reason_and_hold_nobody_up(opened: Database) -> None:
    """All at once, beside one that means well: it is read as if it were alone."""
    site = HostileSite(feeds={"/feed": [1, 2]})
    site.says = {path: body for path, (body, _) in HOSTILE.items() if body is not None}
    room = Newsroom(opened, site)
    seconds: dict[int, float] = {}
    # One host has one request at a time: each of them gets a host of its own, as outside.
    names = Names({f"{path[1:]}.example": [["127.77.0.1"]] for path in (*HOSTILE, "/feed")})
    async with (
        raw_server(site.answer, host="127.77.0.1") as server,
        session(guard=NARROW, deadline=DEADLINE, resolver=names) as client,
        feed_parser(soon=timedelta(seconds=1), deadline=timedelta(seconds=2)) as parser,
    ):
        site.base = server.base
        room.polling = polling_with(room, client, parser)
        room.polling.looked = lambda source, _: seconds.update({source.source_id: time.monotonic() - begun})
        port = server.base.rpartition(":")[2]
        begun = time.monotonic()
        async with room.database.writing() as db:
            numbers = {
                path: (
                    await Sources().add(
                        db, f"http://{path[1:]}.example:{port}{path}", interval=timedelta(minutes=5), at=room.at
                    )
                )[0].source_id
                for path in (*HOSTILE, "/feed")
            }
        assert await room.polling.once(sorted(numbers.values())) == []
    async with room.database.reading() as db:
        known = {one.source_id: one for one in await Sources().all(db, ANA)}
    for path, (_, reason) in HOSTILE.items():
        assert reason in (known[numbers[path]].last_error or "nothing"), path
        assert known[numbers[path]].failures == 1
    assert known[numbers["/feed"]].last_error is None
    assert (await room.counted())[0] == 2
    assert max(seconds.values()) < 20

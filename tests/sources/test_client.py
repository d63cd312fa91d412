"""The client against servers that mean well, and against servers that do not."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import pytest
from aiohttp import encode_basic_auth as encode

from sources.client import MAX_BYTES, MAX_WAIT, fetch, fresh_for, redirect_target, user_agent, wait_of
from sources.errors import (
    FetchError,
    FetchTimeoutError,
    ForbiddenAddressError,
    HttpStatusError,
    RefusedError,
    TooLargeError,
    UnreachedError,
    UnsafeError,
)
from sources.guard import Guard, parse_networks
from tests.sources.servers import Names, by_path, raw_server, response, saying, session
from tests.sources.test_guard import PRIVATE, SPELT

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohappyeyeballs import AddrInfoType
    from aiohttp.abc import ResolveResult

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
SHORT = timedelta(seconds=0.3)
NARROW = Guard(networks=parse_networks(("127.77.0.0/16",)))
"""Allows the first server of a test, and not the address it leads to."""


async def test_an_answer_is_read_to_its_end() -> None:
    """Body, validators and how long it stays good come back in one value."""
    headers = {"ETag": '"v1"', "Last-Modified": "Sun, 06 Sep 2026 07:00:00 GMT", "Cache-Control": "public, max-age=600"}
    page = response(b"<rss/>", headers=headers | {"Content-Type": "Text/XML; charset=UTF-8"})
    async with raw_server(saying(page)) as server, session() as client:
        fetched = await fetch(client, f"{server.base}/feed")
    assert (fetched.status, fetched.body, fetched.url) == (200, b"<rss/>", f"{server.base}/feed")
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Sun, 06 Sep 2026 07:00:00 GMT")
    assert fetched.fresh_for == timedelta(minutes=10)
    assert fetched.content_type == "text/xml; charset=utf-8"
    assert not fetched.unchanged
    assert fetched.moved_to is None


async def test_what_is_known_is_not_sent_again() -> None:
    """ETag and Last-Modified go back as they came; 304 is an answer, not an error."""
    async with raw_server(saying(response(status="304 Not Modified"))) as server, session() as client:
        fetched = await fetch(client, server.base, etag='W/"v1"', last_modified="Sun, 06 Sep 2026 07:00:00 GMT")
    assert fetched.unchanged
    assert fetched.body == b""
    assert 'If-None-Match: W/"v1"' in server.requests[0]
    assert "If-Modified-Since: Sun, 06 Sep 2026 07:00:00 GMT" in server.requests[0]
    assert "User-Agent: OnRecord/test" in server.requests[0]


async def test_nothing_has_changed_is_no_answer_to_who_knows_nothing() -> None:
    """Else a new source would count as read in, and all that it then has as news."""
    async with raw_server(saying(response(status="304 Not Modified"))) as server, session() as client:
        with pytest.raises(FetchError, match="was not asked that"):
            await fetch(client, server.base)


@pytest.mark.parametrize(
    ("target", "kept"),
    [("/b", True), ("http://{host}/b", True), ("http://{other}/b", False), ("http://bo:x@{host}/b", False)],
)
async def test_a_password_goes_along_to_the_same_place_only(target: str, *, kept: bool) -> None:
    """A private feed that is sent on within its host is read; whoever else it is sent on to learns nothing."""
    async with raw_server(saying(response(b"here")), host="127.0.0.2") as other:

        async def answer(head: str, writer: asyncio.StreamWriter) -> None:
            to = target.format(host=server.base.removeprefix("http://"), other=other.base.removeprefix("http://"))
            moved = response(status="301 Moved", headers={"Location": to})
            writer.write(moved if head.split()[1] == "/a" else response(b"here"))

        async with raw_server(answer) as server, session() as client:
            fetched = await fetch(client, server.base.replace("http://", "http://ana:secret@") + "/a")
    sent = f"Authorization: {encode('ana', 'secret')}"
    assert sent in server.requests[0]
    assert (sent in (server.requests + other.requests)[1]) is kept
    assert ("ana:secret" in str(fetched.moved_to)) is kept


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("http://ana:x@a.example/f", "https://a.example/f", "https://ana:x@a.example/f"),
        ("http://ana:x@a.example/f", "https://a.example:443/f", "https://ana:x@a.example:443/f"),
        ("http://ana:x@a.example:80/f", "https://a.example:443/f", "https://ana:x@a.example:443/f"),
        ("http://ana:x@a.example:80/f", "http://a.example/g", "http://ana:x@a.example/g"),
        ("http://ana:x@a.example:8080/f", "https://a.example/f", "https://a.example/f"),
        ("http://ana:x@a.example/f", "https://a.example:80/f", "https://a.example:80/f"),
        ("http://ana:x@a.example/f", "https://a.example:0/f", "https://a.example:0/f"),
        ("http://ana:x@a.example/f", "https://b.example:443/f", "https://b.example:443/f"),
        ("https://ana:x@a.example/f", "http://a.example:443/f", "http://a.example:443/f"),
        ("https://ana:x@a.example/f", "http://a.example/f", "http://a.example/f"),  # in plain sight
        ("https://ana:x@a.example/f", "https://www.a.example/f", "https://www.a.example/f"),
        ("https://ana:x@a.example/f", "https://a.example:8443/f", "https://a.example:8443/f"),
        ("http://ana:x@a.example:8080/f", "/g", "http://ana:x@a.example:8080/g"),
        ("http://a.example/f", "https://a.example/f#x", "https://a.example/f#x"),
    ],
)
def test_where_a_redirect_leads(url: str, location: str, target: str) -> None:
    """A name and password go along to the same host, never from https to http, nor to another port."""
    assert redirect_target(url, location) == target


async def test_a_validator_cannot_break_the_header() -> None:
    """A line break that got into a stored ETag is not sent."""
    async with raw_server(saying(response(b"x"))) as server, session() as client:
        await fetch(client, server.base, etag='"a"\r\nX-Evil: 1')
    assert "Evil" not in server.requests[0]


@pytest.mark.parametrize(
    ("status", "later", "moved"),
    [(301, 301, "/c"), (308, 301, "/c"), (302, 301, None), (301, 302, "/b"), (307, 307, None), (303, 308, None)],
)
async def test_a_move_for_good_is_told(status: int, later: int, moved: str | None) -> None:
    """Only an unbroken chain of 301 and 308 moves the address; what comes after a passing redirect does not count."""
    pages = {
        "/a": response(status=f"{status} Moved", headers={"Location": "/b"}),
        "/b": response(status=f"{later} Moved", headers={"Location": "/c"}),
        "/c": response(b"here"),
    }
    async with raw_server(by_path(pages)) as server, session() as client:
        fetched = await fetch(client, f"{server.base}/a")
    assert fetched.url == f"{server.base}/c"
    assert fetched.moved_to == (None if moved is None else server.base + moved)


@pytest.mark.parametrize(
    ("status", "wait"), [("429 Slow down", 120), ("503 Busy", 120), ("404 Not Found", None), ("410 Gone", None)]
)
async def test_a_refusal_has_its_status_and_its_wait(status: str, wait: int | None) -> None:
    """Retry-After comes with the error."""
    page = response(b"no", status=status, headers={} if wait is None else {"Retry-After": str(wait)})
    async with raw_server(saying(page)) as server, session() as client:
        with pytest.raises(HttpStatusError) as caught:
            await fetch(client, server.base)
    assert caught.value.status == int(status[:3])
    assert caught.value.retry_after == (None if wait is None else timedelta(seconds=wait))


async def test_a_redirect_loop_ends() -> None:
    """Five redirects are followed, the sixth is not."""
    async with (
        raw_server(saying(response(status="302 Found", headers={"Location": "/again"}))) as server,
        session() as client,
    ):
        with pytest.raises(FetchError, match="more than 5 redirects"):
            await fetch(client, server.base)
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "target", [*SPELT, *(f"[{one}]" if ":" in one else one for one in PRIVATE), "localhost", "printer.local"]
)
async def test_no_redirect_leads_into_private_space(target: str) -> None:
    """Wherever the first answer points, nothing private is dialled."""
    page = response(status="302 Found", headers={"Location": f"http://{target}/"})
    async with raw_server(saying(page), host="127.77.0.1") as server, session(guard=NARROW) as client:
        with pytest.raises(ForbiddenAddressError):
            await fetch(client, server.base)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://", "http://[::1"]
)
async def test_no_redirect_leads_to_another_scheme(target: str) -> None:
    """Only http and https, after a redirect too."""
    async with (
        raw_server(saying(response(status="301 Moved", headers={"Location": target}))) as server,
        session() as client,
    ):
        with pytest.raises(FetchError):
            await fetch(client, server.base)


@pytest.mark.parametrize("address", [one for one in PRIVATE if one != "::ffff:0:127.0.0.1"])
async def test_no_name_leads_into_private_space(address: str) -> None:
    """A public name with a private address is refused at the dial, whatever the name server says."""
    names = Names({"news.example": [[address]]})
    async with session(guard=Guard(), resolver=names) as client:
        with pytest.raises(ForbiddenAddressError):
            await fetch(client, "http://news.example/feed")


class Watched(Guard):
    """A guard that keeps which addresses got a socket."""

    dialled: ClassVar[list[str]] = []

    def socket_for(self, info: AddrInfoType) -> socket.socket:
        """Return a socket, and remember what for."""
        made = super().socket_for(info)
        self.dialled.append(str(info[4][0]))
        return made


async def test_no_spelling_of_private_space_is_dialled() -> None:
    """Typed, redirected to, or named by a name server: of more than forty spellings none gets as far as a socket."""
    hosts = [
        *SPELT,
        *(f"[{one}]" if ":" in one else one for one in PRIVATE),
        "localhost",
        "printer.local",
        "a.localhost",
    ]
    names = Names({f"n{at}.example": [[one]] for at, one in enumerate(PRIVATE) if one != "::ffff:0:127.0.0.1"})
    pages = {
        f"/{at}": response(status="302 Found", headers={"Location": f"http://{one}/"}) for at, one in enumerate(hosts)
    }
    Watched.dialled.clear()
    async with (
        raw_server(by_path(pages), host="127.77.0.1") as server,
        session(guard=Watched(NARROW.networks), resolver=names) as client,
    ):
        typed = [f"http://{host}/feed" for host in hosts]
        for url in [*typed, *(server.base + path for path in pages), *(f"http://{name}/" for name in names.known)]:
            with pytest.raises(ForbiddenAddressError):
                await fetch(client, url)
    assert len(hosts) + len(names.known) > 40
    assert set(Watched.dialled) == {"127.77.0.1"}


async def test_a_name_that_changes_its_mind_is_refused() -> None:
    """DNS rebinding: the address is judged when it is dialled, each time."""
    names = Names({"news.example": [["127.77.0.1"], ["127.0.0.1"]]})
    async with raw_server(saying(response(b"ok")), host="127.77.0.1") as server:
        port = server.base.rpartition(":")[2]
        async with session(guard=NARROW, resolver=names) as client:
            await fetch(client, f"http://news.example:{port}/")
            client.http.connector.clear_dns_cache()  # type: ignore[union-attr] # it is a TCP connector
            with pytest.raises(ForbiddenAddressError):
                await fetch(client, f"http://news.example:{port}/")


async def test_a_private_address_beside_a_public_one_is_left_out() -> None:
    """Of a name's addresses only those allowed are dialled."""
    names = Names({"news.example": [["10.0.0.1", "127.77.0.1"]]})
    async with (
        raw_server(saying(response(b"ok")), host="127.77.0.1") as server,
        session(guard=NARROW, resolver=names) as client,
    ):
        fetched = await fetch(client, f"http://news.example:{server.base.rpartition(':')[2]}/")
    assert fetched.body == b"ok"


async def _drip(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _slow_headers(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silence(_: str, writer: asyncio.StreamWriter) -> None:
    del writer
    await asyncio.Event().wait()


@pytest.mark.parametrize("answer", [_drip, _slow_headers, _silence])
async def test_a_slow_answer_ends_at_the_deadline(answer: Callable[..., object]) -> None:
    """The deadline is for the whole exchange: bytes that drip do not start it again."""
    async with raw_server(answer) as server, session(deadline=SHORT) as client:  # type: ignore[arg-type] # all are coroutines
        with pytest.raises(FetchError) as caught:
            await fetch(client, server.base)
    assert isinstance(caught.value, FetchTimeoutError) or answer is _slow_headers  # 128 headers may come first


async def test_redirects_share_the_deadline() -> None:
    """A chain of slow redirects has no more time than one answer."""

    async def answer(_: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(response(status="302 Found", headers={"Location": "/next"}))

    async with raw_server(answer) as server, session(deadline=SHORT) as client:
        with pytest.raises(FetchTimeoutError):
            await fetch(client, server.base)
    assert len(server.requests) == 2


async def _endless(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def test_an_endless_body_is_cut_off() -> None:
    """Bytes are counted while they arrive."""
    async with raw_server(_endless) as server, session() as client:
        with pytest.raises(TooLargeError, match="longer than 10 MB"):
            await fetch(client, server.base)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_compression_bomb_is_cut_off(coding: str) -> None:
    """200 KB that would be 200 MB cost a few MB: the body is inflated no further than it is read."""
    zeros = b"0" * 200_000_000
    bomb = gzip.compress(zeros, 9) if coding == "gzip" else zlib.compress(zeros, 9)
    del zeros
    async with raw_server(saying(response(bomb, headers={"Content-Encoding": coding}))) as server, session() as client:
        tracemalloc.start()
        try:
            with pytest.raises(TooLargeError):
                await fetch(client, server.base)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 4 * MAX_BYTES


async def test_a_compressed_body_is_read() -> None:
    """Compression is undone, and the limit counts what comes out."""
    page = response(gzip.compress(b"<rss/>" * 1000), headers={"Content-Encoding": "gzip"})
    async with raw_server(saying(page)) as server, session() as client:
        assert (await fetch(client, server.base)).body == b"<rss/>" * 1000
    async with raw_server(saying(page)) as server, session(max_bytes=5_999) as client:
        with pytest.raises(TooLargeError):
            await fetch(client, server.base)


@pytest.mark.parametrize(
    "data",
    [
        response(b"short", length=5000),
        response(b"not gzip", headers={"Content-Encoding": "gzip"}),
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00\xff" * 1000,
        b"",
    ],
)
async def test_a_broken_answer_is_a_fetch_error(data: bytes) -> None:
    """Lengths that lie, bodies that break off, other protocols: a clear error, no other."""
    async with raw_server(saying(data)) as server, session(deadline=timedelta(seconds=2)) as client:
        with pytest.raises(FetchError):
            await fetch(client, server.base)


async def test_a_length_too_short_lets_nothing_through() -> None:
    """What comes after the length that was claimed is nobody's: it is never taken for the body or the next answer."""
    async with raw_server(saying(response(b"first second", length=5))) as server, session() as client:
        for _ in range(2):
            with suppress(FetchError):
                assert (await fetch(client, server.base)).body == b"first"


async def test_nobody_there_is_a_fetch_error() -> None:
    """A closed port, and a name that does not exist."""
    async with raw_server(saying(b"")) as server:
        base = server.base
    async with session(resolver=Names({})) as client:
        for url in (base, "http://nowhere.example/"):
            with pytest.raises(UnreachedError, match="cannot be reached") as caught:
                await fetch(client, url)
            assert isinstance(caught.value, RefusedError) is (url == base)


async def test_a_site_that_cannot_be_spoken_to_safely_is_no_line_that_is_down() -> None:
    """What answers, but not with TLS, is the site's own trouble; a broken certificate ends in the same place."""

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"plain"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server, session() as client:
        with pytest.raises(UnsafeError, match="no safe connection") as caught:
            await fetch(client, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert not isinstance(caught.value, UnreachedError)


async def test_a_name_that_is_not_answered_is_a_line_that_may_be_down() -> None:
    """A time-out before there is a connection says nothing of the site; one after it (see above) does."""

    class Silent(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            await asyncio.sleep(9)
            return await super().resolve(host, port, family)

    async with session(resolver=Silent({}), deadline=SHORT) as client:
        with pytest.raises(UnreachedError, match="no connection in time"):
            await fetch(client, "http://news.example/")


async def test_a_proxy_carries_everything_and_private_targets_are_still_refused() -> None:
    """With a proxy only what stands in the address can be checked, and it is."""
    async with raw_server(saying(response(b"by proxy"))) as proxy, session(guard=Guard(), proxy=proxy.base) as client:
        assert (await fetch(client, "http://news.example/feed")).body == b"by proxy"
        with pytest.raises(ForbiddenAddressError):
            await fetch(client, "http://127.1/feed")
    assert proxy.base not in repr(client.options)  # it may hold a password
    assert proxy.requests[0].startswith("GET http://news.example/feed")
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Sun, 06 Sep 2026 08:02:00 GMT", 120),
        ("Sun, 06 Sep 2026 07:00:00 GMT", 0),
        ("99999999999999", MAX_WAIT.total_seconds()),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_how_long_a_site_asks_us_to_wait(header: str | None, seconds: float | None) -> None:
    """Seconds or a date; never more than a week."""
    assert wait_of(header, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": "public, s-maxage=9, max-age=300"}, 300),
        ({"Cache-Control": "no-cache, max-age=300"}, None),
        ({"Expires": "Sun, 06 Sep 2026 08:15:00 GMT"}, 900),
        ({"Expires": "0"}, None),
        ({"Cache-Control": "max-age=99999999999999"}, MAX_WAIT.total_seconds()),
        ({}, None),
    ],
)
def test_how_long_an_answer_stays_good(headers: dict[str, str], seconds: float | None) -> None:
    """Cache-Control before Expires."""
    assert fresh_for(headers, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_the_user_agent_says_who_we_are() -> None:
    """And how to reach the operator; what could end the header is taken out."""
    assert user_agent("0.1", "news@example.org") == "OnRecord/0.1 (news reader; news@example.org)"
    assert user_agent("0.1", "a)\r\nX: (b") == "OnRecord/0.1 (news reader; a X: b)"
    assert user_agent("0.1", "") == "OnRecord/0.1 (news reader)"

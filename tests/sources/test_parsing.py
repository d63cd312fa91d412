"""Feeds are parsed in a process that can be ended; hostile ones cost their own source one failure."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from sources.errors import BrokenFeedError, FeedError, NoNewsError, ParseTimeoutError, SitemapListError
from sources.feeds import read_feed
from sources.parsing import feed_parser

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
URL = "https://news.example/feed"
GOOD = b"""<rss version="2.0"><channel><title>News</title><ttl>30</ttl><item><title>Dam holds</title>
<link>/dam</link><guid isPermaLink="false">d1</guid><pubDate>Sun, 06 Sep 2026 07:00:00 +0200</pubDate>
<description>It held.</description></item></channel></rss>"""

BOMB = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>'
PARAMETER = '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]><rss><channel/></rss>'
HIDDEN = (
    '<!-- <rss > --><!DOCTYPE x [<!ATTLIST item a CDATA "aaaaaaaaaaaaaaaaaaaaaa">]><rss version="2.0"><channel/></rss>'
)


@pytest.mark.parametrize(
    "document", [BOMB, OUTSIDE, PARAMETER, HIDDEN, BOMB.lower(), "\n" * 20_000 + BOMB, "x" * 20_000 + BOMB]
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_declarations_are_refused(document: str, charset: str) -> None:
    """No parser ever sees a declaration, in whatever character set it comes."""
    with pytest.raises(FeedError, match=r"entities|not a feed"):
        read_feed(document.encode(charset), content_type="", url=URL, read_at=NOW)


@pytest.mark.parametrize("charset", ["utf-7", "cp037", "idna", "punycode", "unicode_escape", "rot13"])
def test_a_label_cannot_smuggle_a_declaration_in(charset: str) -> None:
    """Character sets that could spell "<!" otherwise are not used, whatever the document says."""
    smuggled = b"+ADwAIQ-ENTITY +ADwAIQ-DOCTYPE"
    body = f'<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel><title>'.encode() + smuggled
    feed = read_feed(body + b"</title></channel></rss>", content_type="", url=URL, read_at=NOW)
    assert "<!" not in (feed.title or "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "nothing"),
        (b"   \n", "nothing"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not a feed"),
        (b"%PDF-1.7 ...", "not a feed"),
        (b"\x1f\x8b\x08" + b"\x00\xff" * 100, "not a feed"),
        (b"<!DOCTYPE html><html><head><title>News</title></head><body><p>Hello</p></body></html>", "web page"),
        (b"<html><body>404</body></html>", "web page"),
        (b'{"version": "1", "items": []}', "not a feed"),
        (b"[1, 2]", "not a feed"),
        (b"{" * 100_000, "not a feed"),
        (b'{"a":' * 100_000, "not a feed"),
        (b"no feed at all", "not a feed"),
        (gzip.compress(b"0" * 60_000_000), "longer than 10 MB"),
        (b"\x1f\x8b\x08 no such file", "broken compressed file"),
        (b'<?xml version="1.0"?>', "not a feed"),
        (b"<note><to>Ana</to></note>", "not a feed"),
        (b"<rss><channel>" + b"<item/>" * 5_001, "more than the 5000"),
        (b"<feed>" + b"<entry>" * 100_000, "more than the 5000"),
        (b"<urlset>" + b"<url><loc>a</loc></url>" * 100_000 + b"</urlset>", "more than the 5000"),
        (b"<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>", "list of sitemaps"),
        (b"<urlset><url><loc>https://a.example/about</loc></url></urlset>", "lists a site's pages, not its news"),
        (b'{"version":"https://jsonfeed.org/version/1.1","items":[' + b"{}," * 5_000 + b"{}]}", "more than the 5000"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    """The reason is what the operator sees in the list of sources."""
    with pytest.raises(FeedError, match=reason):
        read_feed(body, content_type="application/rss+xml", url=URL, read_at=NOW)


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><title>x & y</title></channel></rss>",
        "<rss version='2.0'><channel><title>News</title></channel></rss><script>count()</script>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>x & y</title></feed>",
    ],
)
def test_a_whole_feed_without_news_is_quiet_whatever_is_wrong_with_it(body: str) -> None:
    """A paper that printed nothing is not in trouble."""
    feed = read_feed(body.encode(), content_type="", url=URL, read_at=NOW)
    assert (feed.entries, feed.is_whole) == ((), True)


@pytest.mark.parametrize(
    "body", ["<rss version='2.0'><channel><title>x & y</title>", "<rss version='2.0'><channel><it"]
)
def test_a_feed_that_breaks_off_without_news_is_in_trouble(body: str) -> None:
    """Nobody knows what stood behind the break."""
    with pytest.raises(BrokenFeedError, match="breaks off"):
        read_feed(body.encode(), content_type="", url=URL, read_at=NOW)


def test_a_file_that_its_publisher_compressed_is_read() -> None:
    """Sitemaps come as .xml.gz, and no header says so."""
    feed = read_feed(gzip.compress(GOOD), content_type="application/x-gzip", url=URL, read_at=NOW)
    assert [entry.title for entry in feed.entries] == ["Dam holds"]


async def test_a_feed_comes_back_whole_from_the_process() -> None:
    """Every field survives the way there and back; one process serves many feeds."""
    direct = read_feed(GOOD, content_type="text/xml", url=URL, read_at=NOW)
    async with feed_parser() as parser:
        for _ in range(3):
            assert await parser.parse(GOOD, content_type="text/xml", url=URL, read_at=NOW) == direct
    assert direct.ttl == timedelta(minutes=30)
    assert direct.newest_at == datetime(2026, 9, 6, 5, tzinfo=UTC)


async def test_a_refused_feed_leaves_the_process_serving() -> None:
    """A failure belongs to its own source."""
    async with feed_parser() as parser:
        with pytest.raises(FeedError, match="entities"):
            await parser.parse(BOMB.encode(), content_type="", url=URL, read_at=NOW)
        assert len((await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)).entries) == 1


async def test_sitemaps_that_are_no_feeds_are_told_apart() -> None:
    """What stands in a list of sitemaps comes back, each address once; of pages without news only that."""
    named = ("/news.xml", "https://b.example/s.xml", "javascript:x()", "/news.xml", "")
    body = "".join(f"<sitemap><loc> {one} </loc></sitemap>" for one in named)
    async with feed_parser(processes=1) as parser:
        with pytest.raises(SitemapListError, match="list of sitemaps") as caught:
            await parser.parse(f"<sitemapindex>{body}</sitemapindex>".encode(), content_type="", url=URL, read_at=NOW)
        assert caught.value.sitemaps == ("https://news.example/news.xml", "https://b.example/s.xml")
        with pytest.raises(NoNewsError, match="lists a site's pages"):
            await parser.parse(b"<urlset><url><loc>/about</loc></url></urlset>", content_type="", url=URL, read_at=NOW)


async def test_a_parser_that_does_not_end_is_ended() -> None:
    """At the deadline its process is killed; the next feed gets a new one."""
    deep = b"<rss version='2.0'><channel><item><description>" + b"&lt;b&gt;" * 400_000
    async with feed_parser(deadline=timedelta(seconds=0.01)) as parser:
        with pytest.raises(ParseTimeoutError, match="too long"):
            await parser.parse(deep, content_type="", url=URL, read_at=NOW)
    async with feed_parser() as parser:
        await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)


async def test_feeds_that_take_long_keep_no_others_waiting() -> None:
    """Two of them hold both processes for the fast lane's time, once; from then on they have a lane of their own."""
    long = b"<rss version='2.0'><channel><item><title>" + b"<" * 5_000_000
    async with feed_parser(soon=timedelta(seconds=1), deadline=timedelta(seconds=1.5)) as parser:

        async def slow(number: int) -> str:
            with pytest.raises(ParseTimeoutError) as caught:
                await parser.parse(long, content_type="", url=f"{URL}/{number}", read_at=NOW)
            return caught.value.reason

        first = [asyncio.ensure_future(slow(number)) for number in (1, 2)]
        await asyncio.sleep(0.1)
        await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)
        assert not any(task.done() for task in first)
        again = [asyncio.ensure_future(slow(number)) for number in (1, 2, 1, 2)]
        await asyncio.sleep(0.1)
        await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)
        assert not all(task.done() for task in again)
        said = await asyncio.gather(*first, *again)
    assert set(said) == {"it takes too long to parse", "it takes long to parse, and too many such feeds are waiting"}


async def test_a_feed_that_was_slow_once_comes_back() -> None:
    """The machine was busy, or the feed is another now."""
    async with feed_parser(soon=timedelta(seconds=0.001)) as parser:
        for _ in range(3):
            assert len((await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)).entries) == 1


MEMORY = """
import asyncio, resource
from datetime import UTC, datetime, timedelta
from sources.errors import FeedError
from sources.parsing import feed_parser
start = b"<rss version='2.0'><channel><item "
bodies = [
    start + b"><a>" + b"<a>" * 330_000,
    start + b"><title>" + b"&" * 5_000_000,
    start + b"".join(b"xmlns:a%d='b' " % at for at in range(110_000)) + b"/>",
    start + b"".join(b"a%d='b' " % at for at in range(150_000)) + b"/>",
    start + b"><description>" + b"It held. " * 1_100_000 + b"</description></item>",
    b'{"a":' * 2_000_000,
]
async def main():
    for body in bodies:
        async with feed_parser(soon=timedelta(seconds=0.001), deadline=timedelta(seconds=2)) as parser:
            try:
                await parser.parse(body, content_type="", url="https://a.example/", read_at=datetime.now(UTC))
            except FeedError:
                pass
asyncio.run(main())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep a process to its memory limit")
def test_no_feed_takes_more_than_200_mb() -> None:
    """Whatever is in it: the process that reads it has a limit, and is ended at it."""
    ran = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True, timeout=120)
    assert int(ran.stdout) <= 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep a process to its memory limit")
async def test_a_parser_that_runs_out_of_memory_is_replaced() -> None:
    """Namespaces by the ten thousand; the next feed is read."""
    spaces = b"<rss version='2.0'><channel><item " + b"".join(b"xmlns:a%d='b' " % at for at in range(110_000)) + b"/>"
    async with feed_parser(processes=1) as parser:
        with pytest.raises(FeedError):
            await parser.parse(spaces, content_type="", url=URL, read_at=NOW)
        assert len((await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)).entries) == 1


async def test_a_cancelled_parse_leaves_nothing_half_said() -> None:
    """The next feed's answer is its own."""
    async with feed_parser() as parser:
        await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)
        task = asyncio.ensure_future(parser.parse(GOOD * 200, content_type="", url=URL, read_at=NOW))
        for _ in range(3):
            await asyncio.sleep(0)  # it has begun
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len((await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)).entries) == 1


async def test_an_idle_process_is_ended() -> None:
    """It holds memory; the next feed starts another."""
    async with feed_parser(idle=timedelta()) as parser:
        await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)
        for _ in range(3):
            await asyncio.sleep(0)
        assert len((await parser.parse(GOOD, content_type="", url=URL, read_at=NOW)).entries) == 1

"""Feeds and pages over real sockets: what one look gives."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources.discovery import FeedLink, feed_links, find_feeds
from sources.errors import (
    FeedError,
    HttpStatusError,
    NoNewsError,
    NotHtmlError,
    PrivateAddressError,
    RobotsError,
    RobotsUnreadableError,
)
from sources.guard import Guard
from sources.parsing import feed_parser
from sources.reading import FeedReader, FeedRequest, fetch_feed, fetch_page
from sources.robots import MAX_SITEMAPS, RobotsKeeper, parse_robots
from tests.sources.servers import by_path, raw_server, response, saying, session
from tests.sources.test_parsing import BOMB, GOOD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NEWS = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
    b"<url><loc>https://news.example/dam</loc><n:news><n:title>Dam holds</n:title></n:news></url></urlset>"
)


@asynccontextmanager
async def reader(**changes: object) -> AsyncIterator[FeedReader]:
    """Open a reader that may dial loopback."""
    async with session(**changes) as client, feed_parser() as parser:
        yield FeedReader(client, parser)


async def test_a_feed_is_read_and_then_unchanged() -> None:
    """The second look sends what the first one got, and costs no parsing."""
    fresh = response(GOOD, headers={"ETag": '"v1"', "Cache-Control": "max-age=60"})
    async with reader() as reading:
        async with raw_server(saying(fresh)) as server:
            first = await fetch_feed(reading, FeedRequest(server.base))
        assert first.feed is not None
        assert [entry.title for entry in first.feed.entries] == ["Dam holds"]
        assert (first.etag, first.fresh_for) == ('"v1"', timedelta(minutes=30))  # ttl is longer than max-age
        async with raw_server(saying(response(status="304 Not Modified"))) as server:
            second = await fetch_feed(reading, FeedRequest(server.base, first.etag, first.last_modified))
        assert 'If-None-Match: "v1"' in server.requests[0]
    assert (second.feed, second.error, second.etag) == (None, None, '"v1"')


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (response(status="404 Not Found"), "HTTP 404"),
        (response(status="500 Broken"), "HTTP 500"),
        (response(BOMB.encode()), "entities"),
        (response(b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 5000, headers={"Content-Type": "image/png"}), "not a feed"),
        (response(b"<html><body>Sign in</body></html>"), "web page"),
        (response(b"<rss><channel>" + b"<item><title>a</title></item>" * 100_000), "more than the 5000"),
        (response(b"x" * 11_000_000), "longer than 10 MB"),
        (response(GOOD[: GOOD.index(b"</item>")]), "the feed breaks off before its first entry ends"),
        (response(b"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>"), "breaks off before its first entry"),
        (response(b"<rss><channel><title>A & B<item/></channel></rss>"), "no well-formed XML"),
        (response(NEWS[: NEWS.index(b"<n:news>")]), "breaks off before its first news"),
        (response(NEWS[: NEWS.index(b"<url>")]), "breaks off before its first news"),
        (response(GOOD, length=50_000), "broke off"),
        (b"", "no good answer"),
        (response(status="302 Found", headers={"Location": "/"}), "redirects"),
        (response(status="302 Found", headers={"Location": "http://10.0.0.1/"}), "private"),
    ],
)
async def test_every_failure_has_a_reason_and_the_next_source_is_read(page: bytes, reason: str) -> None:
    """One source's trouble is its own."""
    async with reader() as reading:
        async with raw_server(saying(page)) as server:
            outcome = await fetch_feed(reading, FeedRequest(server.base))
        async with raw_server(saying(response(GOOD))) as server:
            other = await fetch_feed(reading, FeedRequest(server.base))
    assert reason in (outcome.error or "")
    assert outcome.feed is None
    assert other.feed is not None


async def test_gone_and_busy_are_told_apart() -> None:
    """410 pauses, 429 waits."""
    pages = {
        "/gone": response(status="410 Gone"),
        "/busy": response(status="429 Too Many", headers={"Retry-After": "90"}),
    }
    async with reader() as reading, raw_server(by_path(pages)) as server:
        gone = await fetch_feed(reading, FeedRequest(f"{server.base}/gone"))
        busy = await fetch_feed(reading, FeedRequest(f"{server.base}/busy"))
    assert gone.gone
    assert not busy.gone
    assert busy.retry_after == timedelta(seconds=90)


async def test_what_a_feed_says_of_its_freshness_holds_until_it_says_otherwise() -> None:
    """An answer that nothing is new cannot repeat the ttl, and is no reason to come sooner."""
    async with reader() as reading, raw_server(saying(response(status="304 Not Modified"))) as server:
        for said, fresh_for in ((timedelta(minutes=30), timedelta(minutes=30)), (None, None)):
            outcome = await fetch_feed(reading, FeedRequest(server.base, '"v1"', ttl=said))
            assert (outcome.ttl, outcome.fresh_for) == (said, fresh_for)


async def test_a_counter_that_is_added_is_no_move() -> None:
    """A feed that is sent on to its own address with a tracker stays where it is."""
    pages = {
        "/feed": response(status="301 Moved", headers={"Location": "/feed?utm_source=rss"}),
        "/feed?utm_source=rss": response(GOOD),
        "/old": response(status="301 Moved", headers={"Location": "/feed?utm_source=rss#top"}),
    }
    async with reader() as reading, raw_server(by_path(pages)) as server:
        assert (await fetch_feed(reading, FeedRequest(f"{server.base}/feed"))).moved_to is None
        assert (await fetch_feed(reading, FeedRequest(f"{server.base}/old"))).moved_to == f"{server.base}/feed"


async def test_relative_links_follow_redirects() -> None:
    """They are relative to where the feed was found, and the move is told."""
    pages = {
        "/feed": response(status="301 Moved", headers={"Location": "/new/feed"}),
        "/new/feed": response(GOOD.replace(b"/dam", b"dam")),
    }
    async with reader() as reading, raw_server(by_path(pages)) as server:
        outcome = await fetch_feed(reading, FeedRequest(f"{server.base}/feed"))
    assert outcome.moved_to == f"{server.base}/new/feed"
    assert outcome.feed is not None
    assert outcome.feed.entries[0].link == f"{server.base}/new/dam"


async def test_a_page_is_read_where_robots_let_us() -> None:
    """robots.txt is asked once per site, then kept."""
    robots = response(b"User-agent: *\nDisallow: /private\n")
    page = response(b"<p>It held.</p>", headers={"Content-Type": "text/html"})
    pages = {"/robots.txt": robots, "/dam": page, "/private/a": page}
    keeper = RobotsKeeper()
    async with session() as client, raw_server(by_path(pages)) as server:
        for _ in range(2):
            assert (await fetch_page(client, f"{server.base}/dam", robots=keeper)).body == b"<p>It held.</p>"
        with pytest.raises(RobotsError):
            await fetch_page(client, f"{server.base}/private/a", robots=keeper)
        # The one page that a person asked for.
        assert (await fetch_page(client, f"{server.base}/private/a")).status == 200
    assert sum("GET /robots.txt" in head for head in server.requests) == 1


@pytest.mark.parametrize(("status", "allowed"), [("404 Not Found", True), ("403 No", True), ("503 Busy", False)])
async def test_a_site_without_robots_is_open_and_one_in_trouble_is_left_alone(status: str, *, allowed: bool) -> None:
    """As RFC 9309 says."""
    pages = {"/robots.txt": response(status=status), "/dam": response(b"ok")}
    async with session() as client, raw_server(by_path(pages)) as server:
        if allowed:
            assert (await fetch_page(client, f"{server.base}/dam", robots=RobotsKeeper())).body == b"ok"
        else:
            with pytest.raises(RobotsError):
                await fetch_page(client, f"{server.base}/dam", robots=RobotsKeeper())


async def test_robots_that_cannot_be_reached_or_lead_home_let_nothing_be_read() -> None:
    """A line that breaks says nothing of what the site allows; a robots.txt in private space is not read at all."""
    pages = {"/robots.txt": response(b"User-agent", length=5_000), "/dam": response(b"ok")}
    async with session() as client, raw_server(by_path(pages)) as server:
        with pytest.raises(RobotsUnreadableError):
            await fetch_page(client, f"{server.base}/dam", robots=RobotsKeeper())
        pages["/robots.txt"] = response(status="302 Found", headers={"Location": "http://10.0.0.1/robots.txt"})
        with pytest.raises(PrivateAddressError):
            await fetch_page(client, f"{server.base}/dam", robots=RobotsKeeper())
    assert not any("/dam" in head for head in server.requests)


async def test_robots_are_asked_wherever_a_redirect_leads() -> None:
    """Links in feeds lead through counters and shorteners: the site they end at is asked, too, and asked once."""
    robots = response(b"User-agent: *\nDisallow: /private\n")
    pages = {"/robots.txt": robots, "/private/a": response(b"x"), "/dam": response(b"ok")}
    async with raw_server(by_path(pages), host="127.0.0.2") as site:
        sent_on = {
            f"/{at}": response(status="302 Found", headers={"Location": site.base + path})
            for at, path in enumerate(["/private/a", "/dam", "/dam"])
        }
        keeper = RobotsKeeper()
        async with raw_server(by_path(sent_on)) as counter, session() as client:
            with pytest.raises(RobotsError):
                await fetch_page(client, f"{counter.base}/0", robots=keeper)
            pair = (fetch_page(client, f"{counter.base}/{at}", robots=keeper) for at in (1, 2))
            assert [page.body for page in await asyncio.gather(*pair)] == [b"ok", b"ok"]
    for server in (site, counter):
        assert sum("GET /robots.txt" in head for head in server.requests) == 1
    assert not any("private" in head for head in site.requests)


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "video/mp4"])
async def test_what_is_no_page_is_refused(kind: str) -> None:
    """The reason names what it is."""
    async with session() as client, raw_server(saying(response(b"..", headers={"Content-Type": kind}))) as server:
        with pytest.raises(NotHtmlError, match=kind):
            await fetch_page(client, server.base)


ROBOTS = """
User-agent: Googlebot
Disallow: /

User-agent: *  # everybody
Disallow: /
Allow: /news/
Disallow: /news/*.pdf$
Allow: /$

User-agent: OnRecord
User-agent: Other
Disallow: /drafts
"""


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        (ROBOTS, "/drafts/1", False),
        (ROBOTS, "/other", True),  # the group that names us stands alone
        (ROBOTS.replace("OnRecord", "Bing"), "/news/a", True),  # the longest rule wins, not the first
        (ROBOTS.replace("OnRecord", "Bing"), "/news/a.pdf", False),
        (ROBOTS.replace("OnRecord", "Bing"), "/news/a.pdf?x=1", True),
        (ROBOTS.replace("OnRecord", "Bing"), "/", True),
        (ROBOTS.replace("OnRecord", "Bing"), "/about", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a%20b", "/a%20b/c", False),
        ("User-agent: *\nDisallow: /*" + "a*" * 2000 + "b", "/" + "a" * 3000, True),
        ("Disallow: /", "/a", True),  # rules of nobody
        ("<html>not found</html>", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_robots_rules(text: str, path: str, *, allowed: bool) -> None:
    """RFC 9309: our group or everybody's, the longest match, stars and the end mark."""
    assert parse_robots(text).allow(f"https://news.example{path}") is allowed


def test_robots_name_sitemaps() -> None:
    """Whoever they speak to, each once; what is no whole address is none."""
    text = "Sitemap: https://a.example/1.xml\nUser-agent: Other\nDisallow: /\nSITEMAP:https://a.example/1.xml # news\n"
    rules = parse_robots(
        text + "Sitemap: /2.xml\nSitemap: javascript:x()\nUser-agent: *\nSitemap: http://b.example/3.xml"
    )
    assert rules.sitemaps == ("https://a.example/1.xml", "http://b.example/3.xml")
    many = "".join(f"Sitemap: https://a.example/{number}\n" for number in range(100_000))
    assert len(parse_robots(many).sitemaps) == MAX_SITEMAPS


PAGE = """<html><head><base href="https://news.example/site/">
<link rel="stylesheet" href="a.css"><link rel=alternate type=application/rss+xml title="World &amp; News" href=world.xml>
<LINK TYPE='application/atom+xml' REL='alternate' HREF='/atom'><link rel="alternate" type="application/rss+xml" href="http://news.example/atom/">
<link rel="alternate" hreflang="de" type="text/html" href="/de"><link rel="alternate" type="application/rss+xml" href="javascript:x()">
</head></html>"""


def test_a_pages_feeds_are_found() -> None:
    """In its order, each once, whole addresses."""
    assert feed_links(PAGE, url="https://news.example/x") == (
        FeedLink("https://news.example/site/world.xml", "World & News"),
        FeedLink("https://news.example/atom"),
    )


def test_a_page_of_half_links_costs_no_time() -> None:
    """Time is linear in the page."""
    assert feed_links("<link " * 200_000, url="https://news.example/") == ()
    assert feed_links("<link a=" + "'" * 1_000_000, url="https://news.example/") == ()


async def test_feeds_are_found_from_an_address() -> None:
    """The address itself, what its page names, or a usual place."""
    linking = b'<html><head><link rel="alternate" type="application/rss+xml" href="/f"></head></html>'
    cases = [
        ({"/": response(GOOD)}, ""),
        ({"/": response(linking)}, "/f"),
        ({"/": response(b"<html></html>"), "/rss.xml": response(GOOD), "/feed": response(b"<html/>")}, "/rss.xml"),
    ]
    async with reader() as reading:
        for pages, path in cases:
            async with raw_server(by_path(pages)) as server:
                found = await find_feeds(reading, server.base)
                assert [link.url for link in found] == [server.base + path]
        usual = {"/": response(b"<html></html>"), "/sitemap-news.xml": urlset(news=True)}
        async with raw_server(by_path(usual)) as server:
            expected = (FeedLink(f"{server.base}/sitemap-news.xml", "Vessin Post"),)
            assert await find_feeds(reading, server.base) == expected
        closed = {
            "/": response(b"<html></html>"),
            "/feed": response(GOOD),
            "/robots.txt": response(b"User-agent: *\nDisallow: /feed"),
        }
        async with raw_server(by_path(closed)) as server:  # guesses are a program's
            with pytest.raises(FeedError, match="no feed was found"):
                await find_feeds(reading, server.base)
        async with raw_server(by_path({"/": response(b"<html></html>")})) as server:
            with pytest.raises(FeedError, match="no feed was found"):
                await find_feeds(reading, server.base)
            with pytest.raises(HttpStatusError):
                await find_feeds(reading, f"{server.base}/nothing")


def urlset(*, news: bool) -> bytes:
    """Return a sitemap with one page."""
    told = "<n:news><n:publication><n:name>Vessin Post</n:name></n:publication><n:title>Dam holds</n:title></n:news>"
    return response(f"<urlset xmlns:n='x'><url><loc>/dam</loc>{told if news else ''}</url></urlset>".encode())


def sitemaps(base: str, *paths: str) -> bytes:
    """Return a list of sitemaps."""
    return response(
        f"<sitemapindex>{''.join(f'<sitemap><loc>{base}{path}</loc></sitemap>' for path in paths)}</sitemapindex>".encode()
    )


async def test_news_sitemaps_are_found_by_what_robots_name() -> None:
    """Directly and through lists, those that say news first, a few and no more; private and lost ones are passed over."""
    pages = {"/": response(b"<html></html>")}
    async with reader() as reading, raw_server(by_path(pages)) as server:
        named = [
            *(f"{server.base}/{number}.xml" for number in range(9)),
            "http://10.0.0.1/news.xml",
            f"{server.base}/lost-news.xml",
            f"{server.base}/lists.xml",
            f"{server.base}/news/list.xml",
        ]
        robots = "User-agent: *\nDisallow: /shut\n" + "".join(f"Sitemap: {one}\n" for one in named)
        pages |= {
            "/robots.txt": response(robots.encode()),
            "/news/list.xml": sitemaps(server.base, "/2026-08.xml", "/sport-news.xml", "/shut/news.xml"),
            "/sport-news.xml": urlset(news=True),
            "/shut/news.xml": urlset(news=True),
            "/0.xml": urlset(news=False),
        }
        found = await find_feeds(reading, server.base)
        assert found == (FeedLink(f"{server.base}/sport-news.xml", "Vessin Post"),)
        asked = [head.split()[1] for head in server.requests]
        assert [path for path in asked if path.endswith(".xml")][-4:] == [
            "/lost-news.xml",
            "/news/list.xml",
            "/sport-news.xml",
            "/0.xml",
        ]
        assert not {"/2026-08.xml", "/shut/news.xml"} & set(asked)
        # The list itself may be given, too.
        assert await find_feeds(reading, f"{server.base}/news/list.xml") == found


async def test_news_sitemaps_beside_feeds_are_found_when_asked_for() -> None:
    """Who looks around a site sees both; who follows it needs no second and more for what its page names."""
    linking = b'<html><head><link rel="alternate" type="application/rss+xml" href="/f"></head></html>'
    pages = {"/": response(linking), "/news.xml": urlset(news=True)}
    async with reader() as reading, raw_server(by_path(pages)) as server:
        pages["/robots.txt"] = response(f"Sitemap: {server.base}/news.xml".encode())
        feed = FeedLink(f"{server.base}/f")
        assert await find_feeds(reading, server.base) == (feed,)
        assert len(server.requests) == 1
        both = (feed, FeedLink(f"{server.base}/news.xml", "Vessin Post"))
        assert await find_feeds(reading, server.base, with_sitemaps=True) == both


async def test_sitemaps_without_news_are_said_to_be_that() -> None:
    """Given by its address, in a list, or by robots.txt."""
    pages = {"/": response(b"<html></html>"), "/pages.xml": urlset(news=False)}
    async with reader() as reading, raw_server(by_path(pages)) as server:
        pages["/list.xml"] = sitemaps(server.base, "/pages.xml", "/old-news.xml")
        pages["/robots.txt"] = response(f"Sitemap: {server.base}/pages.xml".encode())
        with pytest.raises(NoNewsError, match="lists a site's pages, not its news"):
            await find_feeds(reading, f"{server.base}/pages.xml")
        with pytest.raises(FeedError, match="none of news was found in it"):
            await find_feeds(reading, f"{server.base}/list.xml")
        with pytest.raises(FeedError, match="names list pages, not news"):
            await find_feeds(reading, server.base)
        looked = await fetch_feed(reading, FeedRequest(f"{server.base}/pages.xml"))
        assert "lists a site's pages, not its news" in (looked.error or "")


async def test_the_guard_stands_without_an_allow_list() -> None:
    """Loopback is private: nothing reaches the server."""
    async with raw_server(saying(response(GOOD))) as server, reader(guard=Guard()) as reading:
        outcome = await fetch_feed(reading, FeedRequest(server.base))
    assert "private" in (outcome.error or "")
    assert server.requests == []

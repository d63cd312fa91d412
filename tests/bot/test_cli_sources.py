"""The commands on where articles come from, as an operator types them, against a news site on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from bot.commands import sources as commands
from bot.commands.add import keep_all
from bot.commands.at_hand import AtHand
from bot.commands.checking import check_all, check_source, look_around, look_at
from bot.commands.ingest import read_sources
from bot.commands.source_lists import follow_all, write_all
from bot.commands.sources import Listing, add_sources, show_list
from bot.starting import address_of
from config.settings import Settings
from sources.full_text import FullText
from sources.opml import read_opml
from store.database import database
from tests.bot.feeds import NewsSite, news_site
from tests.handlers.pages import DAM, HARBOUR
from tests.sources.servers import by_path, raw_server, response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs commands with a data folder that may read from loopback."""

    folder: Path

    async def types(self, *arguments: str, given: bytes = b"", **variables: str) -> tuple[int, str, str]:
        """Run a command to its end; return its exit code, what it printed and what it complained of."""
        process = await self.begins(*arguments, **variables)
        async with asyncio.timeout(180):
            out, err = await process.communicate(given)
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def begins(self, *arguments: str, **variables: str) -> asyncio.subprocess.Process:
        """Start a command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
        env = kept | {"ONRECORD_DATA_DIR": str(self.folder / "data"), "ONRECORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=env | variables,
            cwd=self.folder,
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Return a terminal with an empty data folder."""
    return Terminal(tmp_path)


@pytest.fixture
async def post() -> AsyncIterator[NewsSite]:
    """Return a news site that has printed two articles."""
    async with news_site() as site:
        site.names_feed = True  # else the usual places are tried, a second apart
        now = datetime.now(UTC)
        site.prints(DAM, now - 3 * HOUR)
        site.prints(HARBOUR, now - 2 * HOUR)
        yield site


@pytest.fixture
async def at_hand(tmp_path: Path) -> AsyncIterator[AtHand]:
    """Return what commands work with: settings that allow loopback, and the database of that data folder."""
    settings = Settings(_env_file=None, data_dir=tmp_path, allowed_networks=(ip_network("127.0.0.0/8"),))  # type: ignore[call-arg] # pydantic reads it
    async with database(address_of(settings)) as opened:
        yield AtHand(settings, opened)


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed, without the log, which commands keep silent."""
    lines = capsys.readouterr().out.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("20"))


async def added(at_hand: AtHand, *urls: str, full_text: str = "auto", tags: tuple[str, ...] = ()) -> int:
    """Add sources as the command does."""
    return await add_sources(urls, at_hand, full_text=full_text, tags=tags, title=None)


async def test_a_source_is_added_checked_and_read(
    at_hand: AtHand, post: NewsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """By any page of its site; it is said what it is, and each look has its line."""
    assert await added(at_hand, f"{post.base}/0", tags=("World",)) == 0
    out = capsys.readouterr().out
    assert out.startswith("1  Vessin Post (")
    assert "onrecord ingest --once --source 1" in out
    await added(at_hand, post.feed)
    assert "was followed already" in capsys.readouterr().out

    assert await check_source(1, at_hand) == 0
    out = capsys.readouterr().out
    for said in (
        "Source 1, Vessin Post",
        "never looked at, next look now",
        "answers with RSS 2.0, “Vessin Post”, 2 entries, the newest 2 hours ago",
        "0 of 2 entries hold the whole article; full text: auto",
        "newest article: “Harbour fees rise in spring”",
        "from its page; robots.txt lets us",
    ):
        assert said in out
    assert await check_all(at_hand) == 0
    assert capsys.readouterr().out.startswith("   1  Vessin Post answers: RSS 2.0")

    assert await read_sources(at_hand.settings, once=True, source=None) == 0
    assert printed(capsys) == "   1  Vessin Post: 2 articles\n1 source read: 2 articles.\n"
    assert await read_sources(at_hand.settings, once=True, source=None) == 0
    assert capsys.readouterr().out.startswith("Nothing is due; the next look is in ")
    assert await read_sources(at_hand.settings, once=True, source=1) == 0
    assert "Vessin Post: nothing new" in capsys.readouterr().out
    assert await read_sources(at_hand.settings, once=True, source=9) == 1

    await show_list(Listing(), at_hand)
    out = capsys.readouterr().out
    assert out.startswith(
        "1 source, 0 gave nothing in the last day.\n   1  Vessin Post: 2 articles in the last day, last answer"
    )
    assert f"{post.feed} · World" in out


async def test_sources_are_paused_resumed_changed_and_removed(
    at_hand: AtHand, post: NewsSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each says what it did; a number that is nobody's is refused."""
    monkeypatch.setattr(commands, "with_store", lambda work: work)
    await added(at_hand, post.feed)
    capsys.readouterr()

    async def types(work: object) -> tuple[int, str, str]:
        code = await work(at_hand)  # type: ignore[operator] # what with_store would run
        return code, *capsys.readouterr()

    assert (await types(commands.pause([1])))[1].startswith("Vessin Post is paused.")
    assert (
        "Not read any more. Paused by the operator."
        in (await types(commands.list_sources(Listing(in_trouble=True))))[1]
    )
    assert await read_sources(at_hand.settings, once=True, source=1) == 1
    assert "Resume it first" in capsys.readouterr().err
    assert "is read again" in (await types(commands.resume([1])))[1]
    await types(commands.change([1], full_text="never", title="The Post"))
    assert (await types(commands.list_sources(Listing(tag="World"))))[1] == "No source in 'World'.\n"
    assert (await types(commands.list_sources(Listing(in_trouble=True))))[1] == "No source is in trouble.\n"
    out = (await types(commands.list_sources(Listing())))[1]
    assert "The Post: 0 articles in the last day, no answer yet, next look now" in out
    assert "pages are never fetched" in out
    listed = json.loads((await types(commands.list_sources(Listing(form="json"))))[1])
    assert (listed["id"], listed["full_text"], listed["title"]) == (1, "never", "The Post")
    assert "followed no more" in (await types(commands.remove([1])))[1]
    code, _, err = await types(commands.remove([1]))
    assert (code, err) == (1, "onrecord: there is no source 1; onrecord sources list shows them\n")
    assert "No sources yet" in (await types(commands.list_sources(Listing())))[1]


async def test_a_feed_without_entries_is_said_to_be_one(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is counted out of nothing."""
    feed = b"<rss version='2.0'><channel><title>Post</title></channel></rss>"
    async with raw_server(by_path({"/feed": response(feed)})) as server:
        await added(at_hand, f"{server.base}/feed")
        assert await check_source(1, at_hand) == 0
    out = capsys.readouterr().out
    assert ("holds no entries: it is empty" in out, "0 of 0" in out) == (True, False)


async def test_a_feed_that_breaks_off_is_in_trouble(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """Where it is read, listed, checked and added; one that gives some entries is read, and the check says more."""
    whole = (
        b"<rss version='2.0'><channel><title>Post</title><item><title>A</title><link>/a</link></item></channel></rss>"
    )
    pages = {"/feed": response(whole), "/cut": response(whole[:60]), "/part": response(whole[:-16])}
    reason = "the feed breaks off before its first entry ends"
    async with raw_server(by_path(pages)) as server:
        await added(at_hand, f"{server.base}/feed")
        assert await added(at_hand, f"{server.base}/cut") == 1
        assert f"{server.base}/cut: {reason}." in capsys.readouterr().err
        assert await look_at(f"{server.base}/part", FullText.NEVER, at_hand.settings) == 1  # its entry holds nothing
        out = capsys.readouterr().out
        assert ("1 entry" in out, "breaks off: the entries that end before that are read" in out) == (True, True)
        pages["/feed"] = pages["/cut"]
        assert await read_sources(at_hand.settings, once=True, source=None) == 1
        assert f"   1  Post: failed: {reason}\n" in printed(capsys)
        assert await check_source(1, at_hand) == 1
        assert f"cannot be read: {reason}" in capsys.readouterr().out
    await show_list(Listing(in_trouble=True), at_hand)
    assert f"Failed 1 time in a row, since a moment ago: {reason}" in capsys.readouterr().out


async def test_a_site_that_has_no_https_is_said_to_be_typed_with_http(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether its port is closed or does not speak TLS; who typed a scheme knows of it."""

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"plain"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    typed = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        assert (await look_around(typed, at_hand.settings), await added(at_hand, f"ana:secret@{typed}/feed")) == (1, 1)
        err = capsys.readouterr().err
    said = "no safe connection can be made to the site; if it has no https, type “http://"
    assert [f"{said}{typed}”" in err, f"{said}{typed}/feed”." in err, "secret" in err] == [True, True, False]
    assert await look_around(typed, at_hand.settings) == 1
    assert f"the site cannot be reached; if it has no https, type “http://{typed}”" in capsys.readouterr().err
    for given in (f"https://{typed}", f"http://{typed}"):
        assert await look_around(given, at_hand.settings) == 1
        assert "if it has no https" not in capsys.readouterr().err


async def test_a_source_that_fails_says_why(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """In the summary line, in the list, and by the exit code."""
    feed = (
        b"<rss version='2.0'><channel><title>Post</title><item><title>A</title><link>/a</link></item></channel></rss>"
    )
    async with raw_server(by_path({"/feed": response(feed)})) as server:
        await added(at_hand, f"{server.base}/feed")
    capsys.readouterr()
    assert await read_sources(at_hand.settings, once=True, source=None) == 1
    assert printed(capsys).splitlines() == [
        "   1  Post: failed: the site cannot be reached",
        "1 source read: 0 articles, 1 failed.",
    ]
    await show_list(Listing(), at_hand)
    assert "Failed 1 time in a row, since a moment ago: the site cannot be reached" in capsys.readouterr().out
    assert await check_all(at_hand) == 1
    assert capsys.readouterr().out == "   1  Post FAILS: the site cannot be reached\n"


async def test_what_is_no_feed_is_explained(
    at_hand: AtHand, post: NewsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page says where its feed is; private addresses stay closed."""
    assert await look_at(f"{post.base}/0", FullText.AUTO, at_hand.settings) == 1
    out = capsys.readouterr().out
    assert "cannot be read: this is a web page, not a feed" in out
    assert f"but there is a feed at {post.base}/feed.xml" in out
    assert await look_around(f"{post.base}/0", at_hand.settings) == 0
    assert capsys.readouterr().out == f"{post.base}/feed.xml\tVessin Post\n"
    closed = replace(at_hand, settings=at_hand.settings.model_copy(update={"allowed_networks": ()}))
    assert await added(closed, post.feed) == 1
    assert "the address is private" in capsys.readouterr().err
    assert await look_around(post.feed, closed.settings) == 1


LIST = b"""<opml version="2.0"><body><outline text="World"><outline text="Asia">
<outline xmlUrl="https://a.example/feed" text="A"/></outline>
<outline xmlUrl="https://ana:secret@b.example/feed" text="B"/></outline></body></opml>"""


async def test_lists_go_in_and_out_with_their_folders(
    at_hand: AtHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is exported is what was imported; a password is left out unless it is asked for."""
    assert await follow_all(read_opml(LIST), at_hand) == 0
    assert capsys.readouterr().out.startswith("2 new sources, 0 known already. A")
    path = tmp_path / "out.opml"
    assert await write_all(str(path), at_hand, with_passwords=False) == 0
    said, complained = capsys.readouterr()
    assert said == f"2 sources written to {path}.\n"
    assert "1 address written without user name and password" in complained
    assert b"secret" not in path.read_bytes()
    assert [(feed.title, feed.tags) for feed in read_opml(path.read_bytes())] == [
        ("A", ("World", "Asia")),
        ("B", ("World",)),
    ]
    await show_list(Listing(tag="Asia"), at_hand)
    out = capsys.readouterr().out
    assert "World · Asia" in out
    assert "secret" not in out
    await write_all(str(path), at_hand, with_passwords=True)
    assert read_opml(path.read_bytes())[1].url == "https://ana:secret@b.example/feed"
    other = read_opml(LIST.replace(b'text="World"', b'text="Europe"'))
    capsys.readouterr()
    await follow_all(other, at_hand)  # a folder that is new is added to those it stands in
    assert capsys.readouterr().out.startswith("0 new sources, 2 known already.")
    await show_list(Listing(tag="Europe"), at_hand)
    assert "World · Asia · Europe" in capsys.readouterr().out
    assert await write_all(str(tmp_path / "no" / "folder.opml"), at_hand, with_passwords=True) == 2
    assert await follow_all((), at_hand) == 1


WHOSE = b"""<opml version="2.0" xmlns:onrecord="urn:onrecord:opml"><body><outline text="World">
<outline xmlUrl="https://a.example/feed" text="A" htmlUrl="https://a.example/" onrecord:country="GB"
 onrecord:owner="Ana &amp; Co, family-owned" onrecord:fullText="always" category="Asia"/></outline>
<outline xmlUrl="https://b.example/feed" text="https://b.example/feed"/></body></opml>"""


async def test_a_list_comes_back_whole_from_the_store(
    at_hand: AtHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Country, owner, site, folders and whether pages are fetched are kept and shown; a barer list takes nothing away."""
    bare = b'<opml><body><outline xmlUrl="https://a.example/feed"/></body></opml>'
    for listed in (WHOSE, bare):
        assert await follow_all(read_opml(listed), at_hand) == 0
    path = tmp_path / "out.opml"
    assert await write_all(str(path), at_hand, with_passwords=True) == 0
    assert read_opml(path.read_bytes()) == read_opml(WHOSE)
    capsys.readouterr()
    await show_list(Listing(), at_hand)
    assert "pages are always fetched · GB · Ana & Co, family-owned" in capsys.readouterr().out
    await show_list(Listing(form="json"), at_hand)
    listed = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (listed["home"], listed["country"], listed["owner"]) == (
        "https://a.example/",
        "GB",
        "Ana & Co, family-owned",
    )


async def test_a_list_comes_by_standard_input(terminal: Terminal) -> None:
    """Where there is no database yet it is made; what is no list is refused."""
    assert (await terminal.types("sources", "import", "-", given=LIST))[0] == 0
    code, out, _ = await terminal.types("sources", "export")
    assert (code, len(read_opml(out.encode()))) == (0, 2)
    code, _, err = await terminal.types("sources", "import", "none.opml")
    assert (code, err) == (2, "onrecord: none.opml: No such file or directory\n")


NEWSLETTER = b"""From: Vessin Post <news@post.example>
Subject: Harbour fees rise in spring
Date: Sun, 06 Sep 2026 07:00:00 +0000
Content-Type: text/html; charset=utf-8

<html><body><p>Harbour fees in Lenn will rise in spring, the port said on Saturday, after a long debate.</p>
<p>\xe2\x80\x9cNobody likes a bill, but the quay needs new walls,\xe2\x80\x9d said Piet Vos, the mayor of Vessin.</p></body></html>"""


async def test_articles_are_added_for_everybody(
    at_hand: AtHand, tmp_path: Path, post: NewsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """From an address, a mail and a file; each with its card; what cannot be read has its line and the exit code."""
    mail, page = tmp_path / "news.eml", tmp_path / "dam.txt"
    mail.write_bytes(NEWSLETTER)
    page.write_text(DAM)
    assert await keep_all([f"{post.base}/0", str(mail), str(page)], at_hand) == 0
    out = capsys.readouterr().out
    assert "Dam at Vessin holds through the night" in out
    assert "Article 1, kept: everybody who was let in finds it." in out
    assert "> “Nobody likes a bill, but the quay needs new walls”" in out
    assert "Vessin Post" in out
    assert "Article 2, kept" in out
    assert await keep_all([f"{post.base}/nothing", "none.html"], at_hand) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"onrecord: {post.base}/nothing: the site answered HTTP 404.",
        "onrecord: none.html: no such file.",
    ]


async def test_a_page_is_briefed_at_its_address(terminal: Terminal, post: NewsSite) -> None:
    """Fetched through the guard; nothing is kept, and nothing private is dialled."""
    code, out, err = await terminal.types("brief", f"{post.base}/0")
    assert (code, err) == (0, "")
    assert out.startswith("Dam at Vessin holds through the night\n")
    assert not (terminal.folder / "data").exists()
    code, _, err = await terminal.types("brief", "http://127.1/", ONRECORD_ALLOWED_NETWORKS="")
    assert code == 2
    assert err.startswith("onrecord: http://127.1/: the address is private; ONRECORD_ALLOWED_NETWORKS")


async def test_beside_a_running_bot_the_bot_reads(terminal: Terminal, post: NewsSite) -> None:
    """One process dials; the command shows what came of it. Without --once it says that there is nothing to do."""
    await terminal.types("sources", "add", post.feed)
    first = await terminal.begins("ingest")
    assert first.stdout is not None
    async with asyncio.timeout(180):
        assert (await first.stdout.readline()).startswith(b"Reading what is due")
        assert b"2 articles" in await first.stdout.readline()
        code, _, err = await terminal.types("ingest")
        assert code == 1
        assert "It reads what is due by itself" in err
        post.prints(DAM.replace("Vessin", "Brenn"), datetime.now(UTC))
        code, out, err = await terminal.types("ingest", "--source", "1")
    assert (code, err) == (0, "")
    assert out == "   1  Vessin Post: 1 article\n1 source read: 1 article.\n"
    first.terminate()
    out = (await first.communicate())[0].decode()
    assert first.returncode == 0
    assert out.splitlines()[-1] == "2 sources read: 3 articles."

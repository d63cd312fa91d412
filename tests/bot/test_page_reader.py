"""A page that somebody hands in is fetched, told from walls, and read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.analysing import AnalysisError, Form, PageTask, Task, analysed
from bot.page_reader import PageReader
from sources.errors import ForbiddenAddressError, HttpStatusError, NotHtmlError, RobotsError, SourceError
from sources.files import FileText
from sources.guard import Guard
from sources.robots import RobotsKeeper
from summaries.errors import NotAnArticleError
from tests.handlers.pages import DAM, NOW
from tests.sources.servers import by_path, raw_server, response, saying, session

if TYPE_CHECKING:
    from sources.client import GuardedSession
    from summaries.values import Analysis

HTML = {"Content-Type": "text/html; charset=utf-8"}
WALLED = "<p>Already a subscriber? Log in to your account to go on reading, or choose the plan that suits you best.</p>"


class InProcess:
    """Reads pages here, which is faster than to start a process."""

    async def analyse(self, task: Task) -> Analysis:
        """Return the analysis."""
        return analysed(task)


def article(text: str = DAM, head: str = "") -> bytes:
    """Return the answer of a site that has an article."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    return response(
        f"<html><head>{head}</head><body><article>{paragraphs}</article></body></html>".encode(), headers=HTML
    )


def reader(client: GuardedSession | None) -> PageReader:
    """Return a reader of pages."""
    return PageReader(InProcess(), client, lambda: NOW)


async def test_a_page_is_fetched_and_read() -> None:
    """It is known by the address that answered, without trackers."""
    pages = {"/dam?utm_source=x": response(status="302 Found", headers={"Location": "/2026/dam"})}
    pages |= {"/dam": pages.pop("/dam?utm_source=x"), "/2026/dam": article()}
    async with session() as client, raw_server(by_path(pages)) as server:
        found = await reader(client).address(f"{server.base}/dam?utm_source=x#top")
    assert found.article.url == f"{server.base}/2026/dam"
    assert found.article.fetched_at == NOW
    assert len(found.quotes) == 4


async def test_pasted_text_and_pasted_html_are_told_apart() -> None:
    """People paste what they have."""
    html = article().partition(b"\r\n\r\n")[2].decode()
    for page in (DAM, html):
        found = await reader(None).page(page, sentences=2)
        assert len(found.summary.sentences) == 2
        assert found.quotes[0].attribution is not None
        assert found.quotes[0].attribution.name == "Ana Pardo"


async def test_a_page_longer_than_any_article_is_refused() -> None:
    """Ten megabytes of quotations would hold up everybody who wants to write."""
    analysis = analysed(PageTask(DAM, Form.EITHER, NOW))

    class Long:
        async def analyse(self, _: Task) -> Analysis:
            text = analysis.article.text + " " + "It held. " * 60_000
            return replace(analysis, article=replace(analysis.article, text=text))

    with pytest.raises(NotAnArticleError, match="longer than any article"):
        await PageReader(Long(), None, lambda: NOW).page(DAM)


async def test_a_mail_is_read_with_its_subject_sender_and_date() -> None:
    """As an entry of its sender's; other files are read as what is pasted."""
    mail = FileText(
        DAM.partition("\n\n")[2],
        is_html=False,
        title="Dam at Vessin holds",
        sender="Vessin Post",
        published_at=NOW,
        is_mail=True,
    )
    found = await reader(None).file(mail)
    article = found.article
    assert (article.title, article.outlet, article.published_at) == ("Dam at Vessin holds", "Vessin Post", NOW)
    assert len(found.quotes) == 4
    assert (await reader(None).file(FileText(DAM, is_html=False))).article.outlet is None


async def test_private_addresses_are_refused() -> None:
    """Nobody reads the operator's own network through the bot; also not by a redirect."""
    async with raw_server(saying(article())) as server:
        async with session(guard=Guard()) as client:
            with pytest.raises(ForbiddenAddressError):
                await reader(client).address(server.base)
        assert server.requests == []
    away = response(status="302 Found", headers={"Location": "http://10.0.0.1/"})
    async with session() as client, raw_server(saying(away)) as server:
        with pytest.raises(ForbiddenAddressError):
            await reader(client).address(server.base)


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        (response(status="404 Not Found"), HttpStatusError, "HTTP 404"),
        (response(b"%PDF", headers={"Content-Type": "application/pdf"}), NotHtmlError, "application/pdf"),
        (response(b"<html><body><a href=/>Home</a></body></html>", headers=HTML), NotAnArticleError, "article"),
        (article(WALLED, head="<title>Just a moment...</title>"), SourceError, "whether we are a person"),
        (article(DAM, head='<script>{"isAccessibleForFree": false}</script>'), SourceError, "paywall"),
    ],
)
async def test_what_is_no_article_says_what_it_is(answer: bytes, error: type[Exception], reason: str) -> None:
    """A wall is named, not stored."""
    async with session() as client, raw_server(saying(answer)) as server:
        with pytest.raises(error, match=reason):
            await reader(client).address(server.base)


async def test_a_wall_without_text_is_named_too() -> None:
    """That the site asks to log in helps more than that no article was found."""
    pages = {
        "/dam": response(status="302 Found", headers={"Location": "/login?next=dam"}),
        "/login?next=dam": response(b"<html><body><form><input></form></body></html>", headers=HTML),
    }
    async with session() as client, raw_server(by_path(pages)) as server:
        with pytest.raises(SourceError, match="log in"):
            await reader(client).address(f"{server.base}/dam")


async def test_robots_are_asked_where_no_person_asked() -> None:
    """A person may read any page, a program what its site lets it read."""
    pages = {"/robots.txt": response(b"User-agent: *\nDisallow: /"), "/dam": article()}
    async with session() as client, raw_server(by_path(pages)) as server:
        with pytest.raises(RobotsError):
            await reader(client).fetched(f"{server.base}/dam", robots=RobotsKeeper())
        assert (await reader(client).address(f"{server.base}/dam")).quotes


async def test_the_demonstration_dials_nothing() -> None:
    """It says what to do instead."""
    with pytest.raises(SourceError, match="reads nothing from the web"):
        await reader(None).address("https://post.example/dam")


class Overtaxed:
    """Reads nothing in time."""

    async def analyse(self, task: Task) -> Analysis:
        """Give up."""
        del task
        msg = "reading the page took longer than 60 s"
        raise AnalysisError(msg)


async def test_who_handed_in_a_page_that_takes_too_long_is_told_what_to_do() -> None:
    """Handlers know what is no article; of processes they know nothing."""
    async with session() as client, raw_server(saying(article())) as server:
        slow = PageReader(Overtaxed(), client, lambda: NOW)
        for asked in (slow.page(DAM), slow.address(server.base)):
            with pytest.raises(NotAnArticleError, match=r"longer than 60 s\. Paste the text"):
                await asked

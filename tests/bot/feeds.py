"""A news site on loopback whose feed grows while a test runs."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime


@dataclass(slots=True)
class NewsSite:
    """Articles, each with a page of its own, and the feed that lists them.

    Attributes:
        looks: How often the feed was read.
        pages: How often a page was read.
        names_feed: Whether its pages say where the feed is.
        changed: Set with each of both.
    """

    base: str = ""
    looks: int = 0
    pages: int = 0
    names_feed: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _articles: list[tuple[str, datetime]] = field(default_factory=list)

    def prints(self, text: str, at: datetime) -> None:
        """Print an article: a text whose first line is its title, paragraphs parted by blank lines."""
        self._articles.append((text, at))

    @property
    def feed(self) -> str:
        """The address of the feed."""
        return f"{self.base}/feed.xml"

    async def answer_feed(self, _: web.Request) -> web.Response:
        """Return the feed."""
        self.looks += 1
        self.changed.set()
        items = "".join(
            f"<item><title>{escape(_title(text))}</title><link>{self.base}/{number}</link>"
            f"<guid>{self.base}/{number}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
            for number, (text, at) in enumerate(self._articles)
        )
        xml = f'<rss version="2.0"><channel><title>Vessin Post</title>{items}</channel></rss>'
        return web.Response(text=xml, content_type="application/rss+xml")

    async def answer_page(self, request: web.Request) -> web.Response:
        """Return an article's page."""
        if not request.match_info["number"].isdigit():
            raise web.HTTPNotFound  # robots.txt
        self.pages += 1
        self.changed.set()
        text, at = self._articles[int(request.match_info["number"])]
        title, *paragraphs = text.split("\n\n")
        body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
        head = f'<title>{escape(title)}</title><meta property="article:published_time" content="{at.isoformat()}">'
        if self.names_feed:
            head += '<link rel="alternate" type="application/rss+xml" title="Vessin Post" href="/feed.xml">'
        page = (
            f"<!DOCTYPE html><html lang=en><head>{head}</head><body><article><h1>{escape(title)}</h1>{body}</article>"
        )
        return web.Response(text=page, content_type="text/html")


@asynccontextmanager
async def news_site() -> AsyncIterator[NewsSite]:
    """Serve a news site."""
    site = NewsSite()
    app = web.Application()
    app.router.add_get("/feed.xml", site.answer_feed)
    app.router.add_get("/{number}", site.answer_page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


def _title(text: str) -> str:
    return text.partition("\n")[0]

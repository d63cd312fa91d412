"""``FeedParser``: parses feeds in processes of their own, which have a deadline and can be ended.

feedparser is good at broken feeds and has no limits of its own; a feed that eats time or memory must cost its own
source one failure, and nothing else anything. So there are two lanes: what is not parsed soon goes to the back of a slow
one, and begins there the next time, so that the others never wait longer than the fast lane's deadline.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.entries import Entry, ParsedFeed
from sources.errors import BrokenFeedError, FeedError, NoNewsError, ParseTimeoutError, SitemapListError
from sources.processes import ProcessDiedError, Processes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

DEADLINE = timedelta(seconds=10)
"""For one feed in the slow lane; the longest we take, 10 MB of plain items, needs about half of it."""
SOON = timedelta(seconds=3)
"""For one feed in the fast lane, the start of its process included (0.3 s, 1 s on a busy machine); feeds of a few hundred
kilobytes need a tenth of a second."""
IDLE = timedelta(minutes=1)
"""After which the process is ended; the next feed starts another in about 0.3 s."""
PROCESSES = 2
"""Of the fast lane; the slow one has one more."""
MOST_WAITING = 4
"""Feeds in the slow lane; above that one more fails at once, and backs off, instead of holding its place in the polling."""
MOST_KNOWN = 1_000
"""Slow feeds that are remembered; above that the oldest are forgotten."""


class FeedParser:
    """Parses feeds, as many at a time as it has processes; open it with ``feed_parser()``."""

    def __init__(
        self,
        *,
        deadline: timedelta = DEADLINE,
        soon: timedelta = SOON,
        idle: timedelta = IDLE,
        processes: int = PROCESSES,
    ) -> None:
        self._fast = Processes("sources.feed_worker", deadline=min(soon, deadline), idle=idle, count=processes)
        self._slow = Processes("sources.feed_worker", deadline=deadline, idle=idle, count=1)
        self._known_slow: OrderedDict[str, None] = OrderedDict()
        self._waiting = 0

    async def parse(self, body: bytes, *, content_type: str, url: str, read_at: datetime) -> ParsedFeed:
        """Return the feed in ``body``; see ``read_feed``.

        Raises:
            FeedError: if there is no feed in it that we would read, be it a SitemapListError, a NoNewsError or a
                BrokenFeedError.
            ParseTimeoutError: if the parser did not end in time, or died.
        """
        request = json.dumps({"url": url, "content_type": content_type, "read_at": read_at.isoformat()}).encode()
        try:
            found: dict[str, object] = json.loads(await self._answer(url, request, body))
        except TimeoutError as exc:
            raise ParseTimeoutError(url, "it takes too long to parse") from exc
        except ProcessDiedError as exc:
            self._is_slow(url)
            raise ParseTimeoutError(url, "it takes more memory to parse than we give it") from exc
        match found:
            case {"feed": dict(feed)}:
                return _feed(feed)
            case {"sitemaps": list(sitemaps)}:
                raise SitemapListError(url, tuple(str(one) for one in sitemaps))
            case {"no_news": _}:
                raise NoNewsError(url)
            case {"broken": str(reason)}:
                raise BrokenFeedError(url, reason)
            case _:
                raise FeedError(url, str(found.get("reason")))

    async def close(self) -> None:
        """End the processes. Nothing may be parsed meanwhile."""
        await self._fast.close()
        await self._slow.close()

    async def _answer(self, url: str, *frames: bytes) -> bytes:
        if url not in self._known_slow:
            with suppress(TimeoutError):
                return await self._fast.ask(*frames)
            self._is_slow(url)
        if self._waiting >= MOST_WAITING:
            raise ParseTimeoutError(url, "it takes long to parse, and too many such feeds are waiting")
        self._waiting += 1
        try:
            begun = time.monotonic()
            answer = await self._slow.ask(*frames)
        finally:
            self._waiting -= 1
        if time.monotonic() - begun < SOON.total_seconds() / 2:
            self._known_slow.pop(url, None)  # it was the machine that was slow, or the feed is another now
        return answer

    def _is_slow(self, url: str) -> None:
        self._known_slow[url] = None
        self._known_slow.move_to_end(url)
        if len(self._known_slow) > MOST_KNOWN:
            self._known_slow.popitem(last=False)


@asynccontextmanager
async def feed_parser(
    *, deadline: timedelta = DEADLINE, soon: timedelta = SOON, idle: timedelta = IDLE, processes: int = PROCESSES
) -> AsyncIterator[FeedParser]:
    """Open a parser; end its processes when the block ends. They start when they are needed."""
    parser = FeedParser(deadline=deadline, soon=soon, idle=idle, processes=processes)
    try:
        yield parser
    finally:
        await parser.close()


def _feed(data: Mapping[str, object]) -> ParsedFeed:
    """Return what the process answered as values again."""
    listed = data["entries"]
    assert isinstance(listed, list)
    ttl = data["ttl"]
    return ParsedFeed(
        format=str(data["format"]),
        title=_text(data["title"]),
        home=_text(data["home"]),
        language=_text(data["language"]),
        ttl=timedelta(seconds=ttl) if isinstance(ttl, int | float) else None,
        entries=tuple(_entry(one) for one in listed),
        is_whole=data["is_whole"] is True,
    )


def _entry(data: Mapping[str, object]) -> Entry:
    return Entry(
        identity=str(data["identity"]),
        title=_text(data["title"]),
        link=_text(data["link"]),
        published_at=_moment(data["published_at"]),
        updated_at=_moment(data["updated_at"]),
        author=_text(data["author"]),
        content=_text(data["content"]),
        summary=_text(data["summary"]),
        mark=_text(data["mark"]),
        changed_at=_moment(data["changed_at"]),
        is_ahead=data["is_ahead"] is True,
        text_mark=_text(data["text_mark"]),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None

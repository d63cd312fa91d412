"""``FeedParser``: parses feeds in a process of its own, which has a deadline and can be ended.

feedparser is good at broken feeds and has no limits of its own; a feed that eats time or memory must cost its own
source one failure, and nothing else anything.
"""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.entries import Entry, ParsedFeed
from sources.errors import FeedError, ParseTimeoutError
from sources.processes import ProcessDiedError, Processes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

DEADLINE = timedelta(seconds=10)
"""For one feed; the longest we take, 10 MB of plain items, needs about half of it."""
IDLE = timedelta(minutes=1)
"""After which the process is ended; the next feed starts another in about 0.3 s."""
PROCESSES = 2
"""So that a feed that takes all its time does not keep the others waiting."""


class FeedParser:
    """Parses feeds, as many at a time as it has processes; open it with ``feed_parser()``."""

    def __init__(self, *, deadline: timedelta = DEADLINE, idle: timedelta = IDLE, processes: int = PROCESSES) -> None:
        self._processes = Processes("sources.feed_worker", deadline=deadline, idle=idle, count=processes)

    async def parse(self, body: bytes, *, content_type: str, url: str, read_at: datetime) -> ParsedFeed:
        """Return the feed in ``body``; see ``read_feed``.

        Raises:
            FeedError: if there is no feed in it that we would read.
            ParseTimeoutError: if the parser did not end in time, or died.
        """
        request = json.dumps({"url": url, "content_type": content_type, "read_at": read_at.isoformat()}).encode()
        try:
            answer: dict[str, dict[str, object]] = json.loads(await self._processes.ask(request, body))
        except TimeoutError as exc:
            raise ParseTimeoutError(url, "it takes too long to parse") from exc
        except ProcessDiedError as exc:
            raise ParseTimeoutError(url, "it takes more memory to parse than we give it") from exc
        if "feed" not in answer:
            raise FeedError(url, str(answer.get("reason")))
        return _feed(answer["feed"])

    async def close(self) -> None:
        """End the processes. Nothing may be parsed meanwhile."""
        await self._processes.close()


@asynccontextmanager
async def feed_parser(
    *, deadline: timedelta = DEADLINE, idle: timedelta = IDLE, processes: int = PROCESSES
) -> AsyncIterator[FeedParser]:
    """Open a parser; end its processes when the block ends. They start when they are needed."""
    parser = FeedParser(deadline=deadline, idle=idle, processes=processes)
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
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None

"""``FeedParser``: parses feeds in a process of its own, which has a deadline and can be ended.

feedparser is good at broken feeds and has no limits of its own; a feed that eats time or memory must cost its own
source one failure, and nothing else anything.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.entries import Entry, ParsedFeed
from sources.errors import FeedError, ParseTimeoutError
from sources.feed_worker import LENGTH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

DEADLINE = timedelta(seconds=10)
"""For one feed; the longest we take, 10 MB of plain items, needs about half of it."""
IDLE = timedelta(minutes=1)
"""After which the process is ended; the next feed starts another in about 0.3 s."""
PROCESSES = 2
"""So that a feed that takes all its time does not keep the others waiting."""
MAX_ANSWER_BYTES = 64_000_000
# Everything else in our environment may be a secret; the parser needs none of it.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "TZ")


class FeedParser:
    """Parses feeds, as many at a time as it has processes; open it with ``feed_parser()``."""

    def __init__(self, *, deadline: timedelta = DEADLINE, idle: timedelta = IDLE, processes: int = PROCESSES) -> None:
        self._waiting = [_ParserProcess(deadline=deadline, idle=idle) for _ in range(processes)]
        self._free = asyncio.Semaphore(processes)

    async def parse(self, body: bytes, *, content_type: str, url: str, read_at: datetime) -> ParsedFeed:
        """Return the feed in ``body``; see ``read_feed``.

        Raises:
            FeedError: if there is no feed in it that we would read.
            ParseTimeoutError: if the parser did not end in time, or died.
        """
        async with self._free:
            # The one used last, so that the others may go to rest.
            process = self._waiting.pop()
            try:
                return await process.parse(body, content_type=content_type, url=url, read_at=read_at)
            finally:
                self._waiting.append(process)

    async def close(self) -> None:
        """End the processes. Nothing may be parsed meanwhile."""
        for process in self._waiting:
            await process.close()


class _ParserProcess:
    """One process, started with its first feed, ended when nothing came for a while."""

    def __init__(self, *, deadline: timedelta = DEADLINE, idle: timedelta = IDLE) -> None:
        self._deadline = deadline
        self._idle = idle
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._bedtime: asyncio.TimerHandle | None = None

    async def parse(self, body: bytes, *, content_type: str, url: str, read_at: datetime) -> ParsedFeed:
        """Return the feed in ``body``; the errors are those of ``FeedParser.parse``."""
        request = json.dumps({"url": url, "content_type": content_type, "read_at": read_at.isoformat()}).encode()
        async with self._turn:
            self._stay_up()
            whole = False
            try:
                async with asyncio.timeout(self._deadline.total_seconds()):
                    answer = await self._ask(request, body)
                whole = True
            except TimeoutError as exc:
                raise ParseTimeoutError(url, "it takes too long to parse") from exc
            except (asyncio.IncompleteReadError, ConnectionError) as exc:
                raise ParseTimeoutError(url, "it takes more memory to parse than we give it") from exc
            finally:
                # After half an exchange (a cancelled one, too) nobody knows what the next frame belongs to.
                if whole:
                    self._rest_later()
                else:
                    await self._end()
        if "feed" not in answer:
            raise FeedError(url, str(answer.get("reason")))
        return _feed(answer["feed"])

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            self._stay_up()
            await self._end()

    async def _ask(self, request: bytes, body: bytes) -> dict[str, dict[str, object]]:
        process = self._process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.writelines([LENGTH.pack(len(request)), request, LENGTH.pack(len(body)), body])
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        if length > MAX_ANSWER_BYTES:
            raise ConnectionError
        answer: dict[str, dict[str, object]] = json.loads(await process.stdout.readexactly(length))
        return answer

    async def _start(self) -> Process:
        environment = {name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None}
        # -P: nothing beside the program may stand in for a module.
        command = (sys.executable, "-P", "-m", "sources.feed_worker")
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        # Reads what is left, closes the pipes and waits, in one.
        with suppress(ConnectionError):
            await process.communicate()

    def _stay_up(self) -> None:
        if self._bedtime is not None:
            self._bedtime.cancel()
            self._bedtime = None

    def _rest_later(self) -> None:
        """End the process when nothing came for a while: it holds some 40 MB."""
        self._bedtime = asyncio.get_running_loop().call_later(self._idle.total_seconds(), self._rest)

    def _rest(self) -> None:
        process, self._bedtime = self._process, None
        if process is not None and process.stdin is not None and not self._turn.locked():
            self._process = None
            process.stdin.close()  # the end of its input ends it


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
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None

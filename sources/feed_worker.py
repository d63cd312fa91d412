"""The parser's process: frames in on standard input, frames out on standard output, until the input ends.

A request is two frames, a JSON object (url, content_type, read_at) and the body; an answer is one, a JSON object with
``feed`` or ``reason``. JSON, not pickle: what
comes back out of a process that read hostile bytes must not be able to run anything here.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.errors import FeedError
from sources.feeds import read_feed
from sources.frames import framed, read_frame

if TYPE_CHECKING:
    from sources.entries import ParsedFeed

MEMORY_BYTES = 170_000_000
"""Of private memory; with the shared libraries that is at most 200 MB. docs/measurements.md says what feeds need."""


def main() -> None:
    """Answer requests until the input ends."""
    _limit_memory()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (request := read_frame(source)) is not None and (body := read_frame(source)) is not None:
        answer = json.dumps(_answer(json.loads(request), body), default=_plain).encode()
        target.writelines(framed(answer))
        target.flush()


def _answer(request: dict[str, str], body: bytes) -> dict[str, object]:
    try:
        feed: ParsedFeed = read_feed(
            body,
            content_type=request["content_type"],
            url=request["url"],
            read_at=datetime.fromisoformat(request["read_at"]),
        )
    except FeedError as exc:
        return {"reason": exc.reason}
    except RecursionError:
        return {"reason": "its elements lie too deep in each other"}
    # A MemoryError ends the process: what is left of it cannot be trusted with the next feed.
    return {"feed": asdict(feed)}


def _plain(value: object) -> str | float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    assert isinstance(value, datetime)
    return value.isoformat()


def _limit_memory() -> None:
    """Let the system refuse memory above the limit, where it can (Linux; macOS and Windows do not)."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main()

"""The parser's process: frames in on standard input, frames out on standard output, until the input ends.

A request is two frames, a JSON object (url, content_type, read_at) and the body; an answer is one, a JSON object with
``feed``, or why there is none: ``sitemaps``, ``no_news``, how it is ``broken``, or a ``reason``. JSON, not pickle: what comes back out of a
process that read hostile bytes must not be able to run anything here.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.errors import BrokenFeedError, FeedError, NoNewsError, SitemapListError
from sources.feeds import read_feed
from sources.frames import framed, read_frame
from sources.memory import limit_memory

if TYPE_CHECKING:
    from sources.entries import ParsedFeed

MEMORY_BYTES = 170_000_000
"""Of private memory; with the shared libraries that is at most 200 MB. docs/measurements.md says what feeds need."""


def main() -> None:
    """Answer requests until the input ends."""
    limit_memory(MEMORY_BYTES)
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
    except SitemapListError as exc:
        return {"sitemaps": exc.sitemaps}
    except NoNewsError:
        return {"no_news": True}
    except BrokenFeedError as exc:
        return {"broken": exc.reason}
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


if __name__ == "__main__":
    main()

"""Mutated feeds: whatever comes, there is a feed or a reason, soon."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from sources.errors import FeedError, ParseTimeoutError
from sources.parsing import feed_parser
from tests.sources.test_feeds import CASES, FEEDS

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
SEED = 20261123
MUTANTS = 5_000
_SPLICES = (
    b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml version='1.0'?>", b"\0", b"\xff\xfe",
    b"&a;", b"&#0;", b"&#xD800;", b"&#99999999999;", b"<item>", b"</item>", b"<entry>", b"\xed\xa0\x80", b"<a " * 50,
    b"xmlns:a='b'", b"\xef\xbb\xbf", b"&" * 50, b'"', b"<div>" * 200, b"<table><tr>" * 40,
)  # fmt: skip


def mutant(chance: random.Random, body: bytes) -> bytes:
    """Return ``body`` with one to six bytes or pieces changed, doubled, taken out or put in."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.randint(0, 60))
        match chance.randrange(5):
            case 0:
                data[at:end] = b""
            case 1:
                data[at:at] = data[at:end] * chance.randint(1, 20)
            case 2:
                data[at:at] = chance.choice(_SPLICES)
            case 3:
                data[at:end] = chance.randbytes(end - at)
            case _:
                data[at:] = b""
    return bytes(data)


def feeds() -> list[bytes]:
    """Return the feeds with known values, in the order of their names."""
    return [(FEEDS / case["file"]).read_bytes() for case in CASES]


@pytest.mark.parametrize("part", range(8))
async def test_mutated_feeds_give_a_feed_or_a_reason(part: int) -> None:
    """In the parser's process, which none of them ends, and what is read keeps the promises of an entry."""
    chance = random.Random(SEED + part)  # noqa: S311 - not for secrets
    known, refused = feeds(), list[FeedError]()
    async with feed_parser(processes=1) as parser:
        for _ in range(MUTANTS // 8):
            body = mutant(chance, chance.choice(known))
            try:
                feed = await parser.parse(body, content_type="text/xml", url="https://news.example/", read_at=NOW)
            except FeedError as exc:
                refused.append(exc)
                continue
            for entry in feed.entries:
                assert entry.identity
                assert entry.link is None or entry.link.startswith(("http://", "https://"))
                assert entry.published_at is None or entry.published_at <= NOW
    assert not any(isinstance(exc, ParseTimeoutError) for exc in refused)
    assert not any("codec" in exc.reason for exc in refused)  # a library's words tell an operator nothing

"""Feeds with known values: the standards' shapes, and what publishers really send."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.feeds import read_feed

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
CASES: list[dict[str, Any]] = json.loads((FEEDS / "expected.json").read_text())
NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)


def _shown(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_a_feed_is_read_as_its_rule_says(case: dict[str, Any]) -> None:
    """Every count, title, link, identity and UTC date; the rule stands in expected.json."""
    url = case.get("url", "https://news.example/feed.xml")
    feed = read_feed((FEEDS / case["file"]).read_bytes(), content_type=case["content_type"], url=url, read_at=NOW)
    assert len(feed.entries) == len(case["entries"]), case["rule"]
    for entry, expected in zip(feed.entries, case["entries"], strict=True):
        for name, value in expected.items():
            if name == "content_has":
                assert value in (entry.content or ""), case["rule"]
            else:
                assert _shown(getattr(entry, name)) == value, case["rule"]
    for name in ("format", "title", "home", "language", "newest_at"):
        if name in case:
            assert _shown(getattr(feed, name)) == case[name], case["rule"]
    if "ttl_minutes" in case:
        assert feed.ttl == timedelta(minutes=case["ttl_minutes"])
    assert len({entry.identity for entry in feed.entries}) == len(feed.entries)


def test_there_are_enough_cases() -> None:
    """The promise is at least sixty."""
    assert len(CASES) >= 60

"""`onrecord stories`: articles in, story numbers out, in order, whatever a line holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.stories import story_lines

DAM = {
    "title": "Cracks found in Kessel dam",
    "text": "Divers found cracks in the Kessel dam above Stellarn, Ottoline Feher said.",
    "published_at": "2026-03-02",
}
DAM_AGAIN = {
    "title": "Kessel dam is safe, Feher says",
    "text": "Cracks that divers found in the Kessel dam are thin, Ottoline Feher told Stellarn.",
    "published_at": "2026-03-02T18:00:00+01:00",
}
PORTRAIT = {"title": "Lost portrait found", "text": "A portrait by Ambrose Teyl hung behind a boiler for sixty years."}


def placed(*lines: object) -> list[dict[str, Any]]:
    """Return what comes out for objects, or for bytes as they are."""
    given = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(line) for line in story_lines(given)]


def test_each_line_gets_its_story() -> None:
    """Dates, times with a zone and none at all; ids come out as they went in."""
    found = placed({"id": 1, **DAM}, b"\n", {"id": "two", **PORTRAIT}, {"id": 3, **DAM_AGAIN})
    assert [(one["id"], one["story"], one["error"]) for one in found] == [(1, 1, None), ("two", 2, None), (3, 1, None)]


def test_a_copy_says_of_what() -> None:
    """The same words under another headline."""
    body = f"{DAM['text']} {PORTRAIT['text']} {DAM_AGAIN['text']} Engineers will watch the wall day and night."
    found = placed({"id": 1, **DAM, "text": body}, {"id": 2, **DAM_AGAIN, "text": body})
    assert [(one["story"], one["copy_of"]) for one in found] == [(1, None), (1, "1")]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{", "line 2: not JSON"),
        (b"[]", "line 2: not a JSON object"),
        (b'"\xff"', "line 2: not UTF-8"),
        (b" " * (32 * 1024 * 1024) + b"{}", "line 2: longer than 32 MB"),
        ({"title": "x"}, 'line 2: an object with "id" and "title" or "text" is needed'),
        ({"id": 7}, 'an object with "id" and "title" or "text" is needed'),
        ({"id": 7, "title": ["x"]}, '"title" is not a string'),
        ({"id": 7, "title": "x", "published_at": "Monday"}, "\"published_at\" is not a time as in ISO 8601: 'Monday'"),
    ],
)
def test_a_bad_line_is_told_and_the_run_goes_on(line: object, error: str) -> None:
    """Its error is in its place, and it is no story."""
    first, bad, last = placed({"id": 1, **DAM}, line, {"id": 3, **DAM_AGAIN})
    assert (first["story"], bad["story"], last["story"]) == (1, None, 1)
    assert bad["error"] == error

"""Lines of JSON in and out, as filters for corpora read and write them."""

from __future__ import annotations

import json
from typing import Any

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes; no article is longer, and a file that is no JSON lines may have no line end."""


class BadLineError(Exception):
    """An input line is not what a filter reads; the text says why."""


def object_of(line: bytes) -> dict[str, Any]:
    """Return the JSON object in a line.

    Raises:
        BadLineError: if there is none.
    """
    if len(line) > LONGEST_LINE:
        msg = f"longer than {LONGEST_LINE // 1024 // 1024} MB"
        raise BadLineError(msg)
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        msg = "not UTF-8"
        raise BadLineError(msg) from exc
    except (ValueError, RecursionError) as exc:
        msg = "not JSON"
        raise BadLineError(msg) from exc
    if not isinstance(found, dict):
        msg = "not a JSON object"
        raise BadLineError(msg)
    return found


def line_of(found: dict[str, Any]) -> bytes:
    """Return an object as one line, its end included."""
    try:
        return json.dumps(found, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Lone surrogates, escaped in the input: as escapes they go out again.
        return json.dumps(found).encode() + b"\n"

"""Lines of JSON in and out, as filters for corpora read and write them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes; no article is longer, and a file that is no JSON lines may have no line end."""


class BadLineError(Exception):
    """An input line is not what a filter reads; the text says why."""


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file's lines; of one that is too long, only its beginning, which is too long as well."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line
        # A device or a picture may have no line end for ever: what nobody looks at is not kept.
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 1)


def object_of(line: bytes) -> dict[str, Any]:
    """Return the JSON object in a line.

    Raises:
        BadLineError: if there is none.
    """
    if len(line) > LONGEST_LINE:
        msg = f"longer than {LONGEST_LINE // 1024 // 1024} MB"
        raise BadLineError(msg)
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
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


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity: Python's reader takes them for JSON, and would give them out again."""
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        _no_number(digits)
    return number


def has_id(given: dict[str, Any]) -> bool:
    """Return whether an object has an ``id`` that is a string or a number."""
    found = given.get("id")
    return isinstance(found, str | int | float) and not isinstance(found, bool)


def line_of(found: dict[str, Any]) -> bytes:
    """Return an object as one line, its end included."""
    try:
        return json.dumps(found, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Lone surrogates, escaped in the input: as escapes they go out again.
        return json.dumps(found).encode() + b"\n"

"""A page out of a file or standard input: its text, or one line that says why there is none."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sources.decoding import decode
from sources.errors import FileError

MAX_BYTES = 20 * 1024 * 1024
"""No page is longer; a device or the wrong file may be."""
_BINARY_SHARE = 0.02
"""Share of control characters and undecodable bytes from which a file is no text; pasted pages have a few."""
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_KINDS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3\x00", "a database"),
)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class InputError(Exception):
    """A page could not be read: there is no such file, or it may not be opened."""


class NoTextError(InputError):
    """A file could be read, but there is no text in it."""


def is_address(path: str) -> bool:
    """Return whether what was given is an address, not a file."""
    return _ADDRESS.match(path) is not None


def is_mail(path: str) -> bool:
    """Return whether a file is a mail, as its name says."""
    return path.lower().endswith(".eml")


def read_page(path: str) -> str:
    """Return the text of a page, whatever its character set.

    Args:
        path: A file's path, "-" for standard input.

    Raises:
        NoTextError: if the file is empty or no text.
        InputError: if it cannot be read.
    """
    body = _bytes_of(path)
    if len(body) > MAX_BYTES:
        msg = f"larger than {MAX_BYTES // 1024 // 1024} MB; no article is"
        raise InputError(msg)
    return _page_of_mail(path, body) if is_mail(path) else text_of(body)


def _page_of_mail(path: str, body: bytes) -> str:
    """Return a mail as a page with its subject, sender and date."""
    from sources.entry_pages import page_of  # noqa: PLC0415 - start-up: other files need none of it
    from sources.files import entry_of, read_file  # noqa: PLC0415 - the same

    try:
        found = read_file(path, body)
    except FileError as exc:
        raise NoTextError(str(exc)) from exc
    return page_of(entry_of(found), outlet=found.sender)


def _bytes_of(path: str) -> bytes:
    try:
        if path == "-" and sys.stdin is None:
            return b""  # whoever started us has closed it
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        msg = "no such file"
        raise InputError(msg) from exc
    except IsADirectoryError as exc:
        msg = "a folder, not a file"
        raise InputError(msg) from exc
    except PermissionError as exc:
        msg = "may not be read (permission denied)"
        raise InputError(msg) from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the path
        msg = f"cannot be read ({getattr(exc, 'strerror', None) or exc})"
        raise InputError(msg) from exc


def text_of(body: bytes) -> str:
    """Return the text of a file's bytes.

    Raises:
        NoTextError: if there is none.
    """
    if not body.strip():
        msg = "empty"
        raise NoTextError(msg)
    for beginning, kind in _KINDS:
        if body.startswith(beginning):
            msg = f"{kind}, not text or HTML. Copy the article out of it and pass that"
            raise NoTextError(msg)
    text = _utf_16(body) or decode(body)
    if len(_NO_TEXT.findall(text)) > _BINARY_SHARE * len(text):
        msg = "not text (binary data)"
        raise NoTextError(msg)
    return text


def _utf_16(body: bytes) -> str | None:
    """Return UTF-16 text that has no mark at its beginning, None where every other byte is not mostly zero."""
    sample = body[:2000]
    for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[first::2]
        if len(half) > 1 and half.count(0) > 0.7 * len(half) and sample.count(0) < 0.6 * len(sample):
            return body.decode(codec, "replace").removeprefix("\ufeff")
    return None

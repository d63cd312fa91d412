"""Text out of a file that somebody sent: .html, .txt and .eml (a newsletter)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import PurePath
from typing import TYPE_CHECKING

from sources.decoding import decode
from sources.entries import Entry
from sources.errors import FileError
from sources.moments import moment_of
from sources.plain import as_html, plain

if TYPE_CHECKING:
    from datetime import datetime

MAX_BYTES = 10_000_000
MAX_PARTS = 200
"""Parts of a mail that are looked at; a newsletter has two to ten."""
MAX_DIVIDERS = 5_000
"""Lines that may divide parts. The standard library takes 27 µs for each: a mail of nothing else took half a minute."""
MAX_HEADER = 20_000
"""Bytes of all headers that are read for subject and sender; servers add some 5,000."""

_HTML_NAMES = {".html", ".htm", ".xhtml"}
_TEXT_NAMES = {".txt", ".text", ".md", ""}
# "-- " stands above a mail's signature, other rules between its parts.
_RULE = re.compile(r"^[^\S\n]*(?:--|[-=_*~#]{3,})[^\S\n]*$", re.MULTILINE)
# A short first line may also name who speaks ("Ida Moe, the mayor, said,"): only one that greets is its own paragraph.
_GREETING_WORDS = (
    "dear|hello|hi|hey|greetings|welcome|good (?:morning|afternoon|evening|day)"
    "|liebe[rs]?|sehr geehrte[rs]?|hallo|moin|servus|grüezi|grüß gott|willkommen|(?:schönen )?guten (?:morgen|tag|abend)"
)
_SALUTATION = re.compile(
    rf"(?:\A|\n[^\S\n]*\n)[^\S\n]*(?=(?:{_GREETING_WORDS})\b)[^\s][^\n]{{1,40}}[,!][^\S\n]{{0,40}}\n(?=[^\S\n]*[^\s])",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file holds.

    Attributes:
        text: HTML or plain text, decoded.
        is_html: Which of the two.
        title: A mail's subject; None for other files.
        sender: A mail's sender, by name; None for other files.
        published_at: When a mail was sent; None for other files.
        is_mail: Whether it is a mail.
    """

    text: str
    is_html: bool
    title: str | None = None
    sender: str | None = None
    published_at: datetime | None = None
    is_mail: bool = False


def entry_of(mail: FileText) -> Entry:
    """Return a mail as an entry of a feed, which is read with its title, sender and date."""
    content = mail.text if mail.is_html else as_html(_divided(mail.text))
    printed = mail.published_at
    return Entry("mail", mail.title, None, printed, None, None, content, None)


def _divided(text: str) -> str:
    """Return a plain mail with empty lines where it has others' signs of a new paragraph: rules, and a salutation's end."""
    return _SALUTATION.sub(r"\g<0>\n", _RULE.sub("", text))


def read_file(name: str, data: bytes) -> FileText:
    """Return the text of a file; what kind it is, its name says.

    Raises:
        FileError: if it cannot be read; the message is for whoever sent it.
    """
    if len(data) > MAX_BYTES:
        msg = f"This file has {len(data) / 1_000_000:.0f} MB; up to {MAX_BYTES // 1_000_000} MB can be read."
        raise FileError(msg)
    kind = PurePath(name).suffix.lower()
    if kind not in _HTML_NAMES | _TEXT_NAMES | {".eml"}:
        msg = f"Files of the kind {kind[:20]} cannot be read. Send a .txt, .html or .eml file, or paste the text."
        raise FileError(msg)
    try:
        found = _mail(data) if kind == ".eml" else _text(data, is_html=kind in _HTML_NAMES)
    except RecursionError as exc:
        msg = "This mail has parts within parts within parts; forward only the newsletter itself."
        raise FileError(msg) from exc
    if not found.text.strip():
        msg = "This file holds no text."
        raise FileError(msg)
    return found


def _text(data: bytes, *, is_html: bool) -> FileText:
    text = decode(data)
    # Pictures and archives under a wrong name.
    if text.count("\0") + text.count("\ufffd") > len(text) // 100 + 10:
        msg = "This file is not text, whatever its name says."
        raise FileError(msg)
    text = text.replace("\0", "")
    return FileText(text, is_html or _MARKUP.search(text, 0, 2_000) is not None)


def _mail(data: bytes) -> FileText:
    """Return a mail's text, HTML preferred: newsletters put only a link into their plain part."""
    if data.count(b"\n--") > MAX_DIVIDERS:
        msg = "This mail has too many parts; forward only the newsletter itself."
        raise FileError(msg)
    mail = message_from_bytes(data, policy=policy.compat32)
    bodies: dict[str, str] = {}
    for number, part in enumerate(mail.walk()):
        if number >= MAX_PARTS:
            break
        kind = part.get_content_type()
        if kind in {"text/html", "text/plain"} and part.get_content_disposition() != "attachment":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                bodies.setdefault(kind, decode(payload, f"charset={part.get_content_charset() or ''}"))
    html = bodies.get("text/html", "")
    return FileText(
        text=html or bodies.get("text/plain", ""),
        is_html=bool(html),
        title=plain(_header(data, "subject")),
        sender=plain(parseaddr(_header(data, "from")[:500])[0]),
        published_at=moment_of(str(mail.get("date", ""))),
        is_mail=True,
    )


def _header(data: bytes, name: str) -> str:
    """Return a header as people read it; empty where there is none, or none that can be read."""
    head = message_from_bytes(data.partition(b"\n\n")[0][:MAX_HEADER], policy=policy.default)
    assert isinstance(head, EmailMessage)
    try:
        return str(head.get(name, ""))
    # The standard library's header parser stumbles over broken headers in many ways.
    except (ValueError, IndexError, AttributeError, LookupError, TypeError, RecursionError):
        return ""

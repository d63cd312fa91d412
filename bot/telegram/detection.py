"""Stretches in which Telegram would find a name, command, tag or address by itself.

Its server looks for them in every text, marked or not: a page that prints "@durov" would ping a stranger, "/start" would
become a command to tap. Found here on purpose a little wider than there; checked against TDLib in the tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = re.compile(
    r"@\w+"
    r"|(?<![\w/<>])/[A-Za-z0-9_]+"
    # A tag may hold a middle dot, a zero-width non-joiner, Sinhala; one of digits only is none.
    r"|#[\w\u00b7\u200c\u0d80-\u0dff]*"
    r"|\$(?:1INCH|[A-Z]{1,8})",
)
_TOKEN = re.compile(r"\S+")
_DIGITS = re.compile(r"#\d*$")
_NUMERIC_ADDRESS = re.compile(r"\d\.\d+\.\d+\.\d")
# What follows the dot before the last name of an address: letters, or the marks of scripts that need them.
_LABEL = re.compile(r"(?<=\.)[^\W\d_](?:[^\W\d_]|[^\x00-\x7f\u2010-\u205e\s])+")
_AROUND = "\"'“”‘’„‚«»‹›()[]{}<>.,;:!?…—–-"


def detected(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges that have to be covered, in no order, perhaps overlapping. Time is linear in the text."""
    for match in _SIGNS.finditer(text):
        if not _DIGITS.match(match[0]):
            yield match.span()
    for match in _TOKEN.finditer(text):
        token = match[0]
        if "." in token or "://" in token:
            core = token.strip(_AROUND)
            if core and _is_address(token):
                start = match.start() + token.index(core)
                yield start, start + len(core)


def _is_address(token: str) -> bool:
    """Return whether a word could be read as a web or e-mail address."""
    if "://" in token or _NUMERIC_ADDRESS.search(token):
        return True
    # "said.It" is a missing blank to Telegram too: a name with only its first letter large is no top-level domain.
    return any(not (label[0] != label[0].lower() and label[1:] == label[1:].lower()) for label in _LABEL.findall(token))

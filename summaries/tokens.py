"""The words of a text, folded for comparing; never shown to anybody."""

from __future__ import annotations

import re
import unicodedata

# One pass and no nested quantifier: linear in the text.
_WORD = re.compile(r"\w+(?:'\w+)*")
_COMBINING = re.compile(r"[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Return ``text`` without case and accents and with straight apostrophes; its length may differ."""
    if text.isascii():
        return text.lower()
    # Compatibility forms too: a ligature or a full-width letter is the same word.
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text).casefold()).replace("’", "'")


def words_of(text: str) -> list[str]:
    """Return the folded words of ``text`` in reading order, without a possessive ending.

    Numbers are words; marks, signs and underscores alone are not. Time is linear in the text.
    """
    return [word.removesuffix("'s") for word in _WORD.findall(folded(text)) if word[0] != "_"]

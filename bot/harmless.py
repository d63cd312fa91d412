"""Text without what a terminal would obey: names of sources, addresses and reasons are written by strangers."""

from __future__ import annotations

import unicodedata

# Control characters (ESC, and U+009B, which some terminals obey as ESC [), and those that turn the reading direction.
_OBEYED = {"Cc", "Cf"}


def harmless(text: str) -> str:
    """Return text in which nothing but line breaks and tabs moves the cursor, paints, or hides."""
    return "".join(" " if unicodedata.category(char) in _OBEYED and char not in "\n\t" else char for char in text)

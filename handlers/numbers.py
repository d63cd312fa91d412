"""Numbers that buttons and people write behind a command."""

from __future__ import annotations

LONGEST = 12
"""Digits; no row's number has more, and more would not fit a database's whole numbers."""
GREATEST = 10**LONGEST - 1
"""What is taken for a number where only one can stand."""


def number_in(written: str) -> int | None:
    """Return the number that is written, None where it is none."""
    written = written.strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) <= LONGEST else None

"""Shingles: words that stand beside each other, hashed so that texts which share some are found by them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence


def shingle_hashes(words: Sequence[str], size: int) -> list[int]:
    """Return the hash of each ``size`` words that follow each other, in reading order; none for fewer words.

    Args:
        words: Folded, without blanks in them.
        size: At least 1.
    """
    # Encoded once, not once a shingle. crc32, since Python's own hashes of strings change with each start.
    encoded = [word.encode(errors="replace") for word in words]
    printed = b" ".join(encoded)
    starts = [0, *accumulate([len(word) + 1 for word in encoded])]
    return [crc32(printed[start : end - 1]) for start, end in zip(starts, starts[size:], strict=False)]

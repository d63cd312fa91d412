"""Words beside each other, hashed."""

from __future__ import annotations

from zlib import crc32

import pytest

from summaries.shingles import shingle_hashes


@pytest.mark.parametrize(
    "words", [[], ["one"], ["one", "two"], ["a", "straße", "ñ", "четыре", "half \ud800"], list("abcdefgh")]
)
@pytest.mark.parametrize("size", [1, 2, 4])
def test_each_shingle_is_hashed_as_if_it_stood_alone(words: list[str], size: int) -> None:
    """The hashes are kept in databases: they must stay what they were."""
    alone = [" ".join(words[at : at + size]).encode(errors="replace") for at in range(len(words) - size + 1)]
    assert shingle_hashes(words, size) == [crc32(each) for each in alone]

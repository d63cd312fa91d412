"""Which quotes of a changed text are no news."""

from __future__ import annotations

import pytest

from store.folding import Kept
from store.rematching import reworded

SAID = "We will rebuild all of the old gates above the town before the winter comes"


@pytest.mark.parametrize(
    ("now", "speaker", "is_old"),
    [
        (SAID.replace("old ", ""), 7, True),
        ("We will rebuild all of the old gates above the town", 7, True),  # a part
        (SAID.replace("will", "will not"), 7, False),  # the sense turned
        (SAID.replace("all", "12"), 7, False),  # a figure
        (SAID + ", and the harbour wall and the mill behind it as well", 7, False),  # says more
        (SAID.replace("old ", ""), 8, False),  # somebody else's now
        ("The ministry has promised us money by October", 7, False),
    ],
)
def test_what_is_said_in_other_words_is_no_news(now: str, speaker: int, *, is_old: bool) -> None:
    """Small changes and cuts are not told again; what says another thing, or more, is."""
    new = Kept(2, now, speaker, None)
    assert reworded([Kept(1, SAID, 7, None)], [new]) == (frozenset({2}) if is_old else frozenset())

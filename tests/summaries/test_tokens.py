"""Words, folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.tokens import folded, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The minister’s plan, she said.", ["the", "minister", "plan", "she", "said"]),
        ("They don’t; we can't.", ["they", "don't", "we", "can't"]),
        ("Zoë Müller paid €3.4bn in İzmir", ["zoe", "muller", "paid", "3", "4bn", "in", "izmir"]),
        ("_ __ — “…” 12", ["12"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    """Case, accents, kinds of apostrophe and possessives do not tell two words apart."""
    assert words_of(text) == words


@given(st.text())
def test_folding_twice_changes_nothing_for_plain_text(text: str) -> None:
    """Whatever the text: words come out, none is empty, none holds a blank."""
    assert all(word and not word.isspace() for word in words_of(folded(text)))

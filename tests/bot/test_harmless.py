"""What commands print moves no cursor."""

from __future__ import annotations

import pytest

from bot.harmless import harmless


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Vessin Post\nBrenn", "Vessin Post\nBrenn"),
        ("\x1b[2JVessin", " [2JVessin"),
        ("\x9b2JVessin", " 2JVessin"),
        ("a\u202eb\rc", "a b c"),
        ("Zażółć “gęślą” — jaźń", "Zażółć “gęślą” — jaźń"),
    ],
)
def test_titles_cannot_command_a_terminal(text: str, printed: str) -> None:
    """Escape sequences and turned directions become blanks; letters stay."""
    assert harmless(text) == printed

"""A page that a client cut into pieces is whole again."""

from __future__ import annotations

import random

import pytest

from bot.telegram.pastes import joined
from tests.platforms.telegram_text import cut_as_clients_do, cut_as_desktop_does

SAID = (
    "the harbour of Port Vane stays open said Ida Moor on Friday while nobody in town was told why it had closed before"
)


def page(seed: int, gap: str) -> str:
    """Return a page of made-up sentences, long enough to be cut."""
    chance = random.Random(seed)  # noqa: S311 - a made-up page is no secret
    paragraphs = []
    for _ in range(60):
        sentences = (
            " ".join(chance.choices(SAID.split(), k=12)).capitalize() + "." for _ in range(chance.randint(1, 3))
        )
        paragraphs.append(" ".join(sentences))
    return gap.join(paragraphs)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_desktop_paste_is_whole(gap: str) -> None:
    """Cut at lines, so nothing is to be guessed but which kind of line it was."""
    pages = [page(seed, gap) for seed in range(50)]
    assert [joined(cut_as_desktop_does(text)) for text in pages] == pages


def test_a_paste_from_a_phone_is_nearly_always_whole() -> None:
    """Cut in words and between them, blanks dropped: what cannot be known is guessed by the page's own words."""
    pages = [page(seed, "\n\n") for seed in range(100)]
    whole = sum(joined(cut_as_clients_do(text)).split() == text.split() for text in pages)
    assert whole >= 90


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("x" * 4090 + " harbo", "ur", "harbour"),  # 4096 units: within a word
        ("x" * 4086 + " Vane said", "Moor", "Vane said Moor"),  # small, then large: two words
        ("x" * 4082 + " it is closed.", "Now", "it is closed.\nNow"),  # a blank is missing after a sentence
        ("harbour " + "x" * 4080 + " opens,", "harbour", "opens, harbour"),  # one unit is missing: a blank
        ("x" * 4083 + " it closed.", "Now", "it closed.\n\nNow"),  # two are missing: a blank line
        ("x" * 4088 + " “", "Now” x", "“Now”"),  # 6 are missing, no line in sight
    ],
)
def test_what_is_missing_tells_what_was_dropped(before: str, after: str, text: str) -> None:
    """4,096 less the length of a piece is the number of blanks that were dropped at its end."""
    assert text in joined([before, after]).replace("“ Now", "“Now")

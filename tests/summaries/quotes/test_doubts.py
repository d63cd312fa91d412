"""What keeps a name below a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from summaries.attribution import NAMELESS
from summaries.doubts import is_transcript
from summaries.relays import DOUBTED, LIKELY

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Finder


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Best: Did you sign it? Quill: I sign many things.", True),
        ("OPERATOR: Which service? CALLER: Fire, please hurry.", True),
        ("Q: Did you sign it? A: Never.", True),
        ("It went so. Mayor Best: Did you? Anders Quill: No. Best: Truly?", True),
        ("Best: Did you sign it?\n \n  Quill: I sign many things.", True),
        ("\n Best: Did you sign it\n \nMayor Quill: I sign many things.", True),
        ("\n " * 2_000, False),
        ("Best: No." + "\n " * 2_000, False),
        ("Best: No." + "\n " * 900 + "Quill: I sign many things.", True),
        ("My rule is this: never sign. Note: never.", False),
        ("He said: Fine. She: no.", False),
        ("We will sign it.", False),
    ],
)
def test_labels_make_a_transcript(said: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    """Two labels, the first of them at the beginning, or three anywhere."""
    assert is_transcript(said) is expected


def test_a_transcript_in_one_pair_of_marks_is_nobodys(find: Finder) -> None:
    """Several people speak in it, so no bar names one of them."""
    text = "Prosecutor Dan Aldous said: “Best: Did you sign it? Quill: I sign many things. Best: This one?”"
    (quote,) = find(text).quotes
    assert quote.attribution is not None
    assert quote.attribution.confidence <= NAMELESS


SIBLINGS = "Peter Lantz is a lawyer. His sister, the dentist Marion Lantz, is not. "


@pytest.mark.parametrize(
    ("text", "most"),
    [
        # The page is about the first one, the second one was named last.
        (SIBLINGS + "“The dam will drown three villages,” Lantz said.", LIKELY),
        # Which of two is "the elder" no suffix tells.
        ("Peter Lantz is a lawyer. Paul Lantz is not. “The dam will drown us,” said the elder Lantz.", LIKELY),
        # Somebody whom no mention was found for.
        (
            "George Havel has a brother.\n\n“I would have burned it,” said Havel.\n\n“He loves a scene,” said the younger.",
            DOUBTED,
        ),
    ],
)
def test_whom_a_name_means_may_be_open(find: Finder, text: str, most: float) -> None:
    """What may mean another one is shown, if at all, to who asks for it."""
    attribution = find(text).quotes[-1].attribution
    assert attribution is not None
    assert attribution.confidence <= most


@pytest.mark.parametrize(
    "text",
    [
        "Peter Lantz is a lawyer. “The dam will drown three villages,” Lantz said.",
        # Named in full three times as often: the page is about him.
        "Peter Lantz is a lawyer. Marion Lantz is not. Peter Lantz came. Peter Lantz stayed. “The dam will drown us,” Lantz said.",
        "George Havel Sr. founded the brewery; George Havel Jr. sold it.\n\n“I would have burned it first,” the elder Havel said.",
    ],
)
def test_one_of_a_name_is_sure(find: Finder, text: str) -> None:
    """A surname that one person has, or one of two much more often, means that one."""
    attribution = find(text).quotes[-1].attribution
    assert attribution is not None
    assert attribution.confidence > LIKELY
    assert attribution.name in {"Peter Lantz", "George Havel Sr."}

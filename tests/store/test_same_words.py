"""Which printed quotes are the same words; everything doubtful stays apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.same_words import MOST_KEYS, SHINGLE, WINDOW, Fold, Said, fold_of, keys_of, not_theirs
from store.search import words
from tests.store.samples import NOON

DAY = timedelta(days=1)
LONG = "We will rebuild both gates of the dam before the winter storms come back"


def said(text: str, speaker: int | str | None = 1, story: int | None = None, days: int = 0) -> Said:
    """Return a quote to compare."""
    return Said(tuple(words(text)), speaker, NOON + days * DAY, story)


@pytest.mark.parametrize(
    ("new", "old", "fold"),
    [
        (LONG, LONG, Fold.EQUAL),
        (LONG.replace(" of", ", of"), LONG + ".", Fold.EQUAL),
        (LONG.replace("before the", "before"), LONG, Fold.NEARLY),  # a filler left out
        (LONG.replace("storms", "storm"), LONG, Fold.NEARLY),  # another ending
        (LONG.replace("will", "won’t"), LONG, None),  # turns the sense
        (LONG.replace("will", "will not"), LONG, None),
        (LONG.replace("both", "2"), LONG.replace("both", "3"), None),
        (LONG.replace("dam", "bridge"), LONG, None),  # another thing
        (LONG.replace("winter", "next big"), LONG, None),  # two words of fourteen
        ("rebuild both gates of the dam", LONG, Fold.PART),
        ("both gates of the dam", LONG, None),  # five words say little outside their story
        (LONG, "rebuild both gates of the dam", Fold.WHOLE),
        (LONG + " soon", LONG, Fold.NEARLY),
        (LONG + " unless nobody pays for it all", LONG, Fold.WHOLE),
        ("not " + LONG, LONG, Fold.WHOLE),  # what is added may turn it: told anew
        ("We shall see then", "We shall see then", Fold.EQUAL),
        ("No comment", "No comment", None),
        ("", "", None),
    ],
)
def test_words_of_one_speaker(new: str, old: str, fold: Fold | None) -> None:
    """Printed by two outlets on one day, in no known story."""
    assert fold_of(said(new), said(old)) == fold


@pytest.mark.parametrize(
    ("text", "days", "one_story", "folds"),
    [
        (LONG, 400, False, True),
        ("We shall see then", 6, False, True),
        ("We shall see then", 8, False, False),  # people say that often
        ("practically impossible", 0, True, True),
        ("practically impossible", 0, False, False),
    ],
)
def test_how_far_apart_and_in_which_story(text: str, days: int, *, one_story: bool, folds: bool) -> None:
    """The fewer words, the nearer they have to stand."""
    story = 3 if one_story else None
    assert (fold_of(said(text, story=story, days=days), said(text, story=story)) is Fold.EQUAL) is folds


def test_parts_inside_a_story_are_short() -> None:
    """Three words of what its articles all quote are known there, also months later; two are not."""
    whole = said(LONG, story=3)
    assert fold_of(said("of the dam", story=3), whole) is Fold.PART
    assert fold_of(said("the dam", story=3), whole) is None
    assert fold_of(said("rebuild both gates of the dam", days=40), said(LONG)) is None


@pytest.mark.parametrize(
    ("new", "old", "speakers", "fold"),
    [
        (LONG, LONG, (1, 2), None),  # never, whatever the words
        (LONG, LONG, (1, "a spokesman"), None),
        (LONG, LONG, ("a spokesman", "a spokesman"), Fold.EQUAL),
        ("We shall see then", "We shall see then", ("a spokesman", "a spokesman"), None),  # another one on each page
        (LONG, LONG, (None, 1), Fold.EQUAL),
        (LONG, LONG, (1, None), Fold.NAMED),  # the one with a name is shown
        (LONG, LONG, (None, None), Fold.EQUAL),
        ("We shall see then", "We shall see then", (None, 1), None),  # could be another's
        (LONG, f"{LONG} and {LONG}", (None, 1), None),
        (f"{LONG} {LONG}", f"{LONG} {LONG} and {LONG}", (None, 1), Fold.PART),
        (f"{LONG} {LONG}", f"{LONG} {LONG} and {LONG}", (1, None), None),  # would hide what nobody says
        (f"{LONG} {LONG} and {LONG}", f"{LONG} {LONG}", (1, None), Fold.NAMED),
        (f"{LONG} {LONG} and {LONG}", f"{LONG} {LONG}", (None, 1), None),  # would hide who says it
    ],
)
def test_speakers(new: str, old: str, speakers: tuple[int | str | None, int | str | None], fold: Fold | None) -> None:
    """Two names are two statements; nobody's words are somebody's only if they are many."""
    assert fold_of(said(new, speakers[0]), said(old, speakers[1])) == fold


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"]), max_size=60)


@given(TEXTS, st.integers(0, 60), st.integers(0, 20))
def test_a_run_of_common_words_is_a_common_key(text: list[str], start: int, before: int) -> None:
    """Eight words in a row are found wherever they stand, unless the text is so long that it has too many keys."""
    part = text[start : start + SHINGLE + WINDOW - 1]
    around = [f"x{number}" for number in range(before)] + part + ["y", "z"]
    if len(part) == SHINGLE + WINDOW - 1 and max(len(keys_of(text)), len(keys_of(around))) < MOST_KEYS:
        assert keys_of(part) <= keys_of(text)
        assert keys_of(part) <= keys_of(around)


def test_few_words_have_no_keys() -> None:
    """They are looked for in their story only; long texts have a bounded number."""
    assert keys_of(["no", "comment", "yet"]) == frozenset()
    assert len(keys_of(["no", "comment", "as", "yet"])) == 1
    assert len(keys_of([f"w{number}" for number in range(500)])) == MOST_KEYS


@pytest.mark.parametrize(
    ("words_", "speaker", "taken", "wrong"),
    [
        (LONG, 1, 1, True),
        (LONG.replace("storms", "storm"), 1, 1, True),
        ("rebuild both gates of the dam", 1, 1, True),
        ("We shall see then", 1, 1, False),  # other words of theirs
        (LONG, 2, 1, False),  # another name is judged by itself
        (LONG, None, 1, False),
        (LONG, 1, None, False),  # nobody judged
        (LONG, "a spokesman", "a spokesman", True),
        (LONG, "a spokeswoman", "a spokesman", False),
    ],
)
def test_whose_words_are_not(words_: str, speaker: int | str | None, taken: int | str | None, *, wrong: bool) -> None:
    """What an operator said of a quote holds for the same words with the same name."""
    judged = replace(said(LONG, None), taken=taken)
    assert not_theirs(said(words_, speaker), judged) is wrong


def test_what_lost_one_name_goes_under_another_but_not_under_that_one() -> None:
    """Nobody's words are shown with who says them, unless that is who does not say them."""
    nobody = said(LONG, 1).without_name()
    assert (nobody.speaker, nobody.taken) == (None, 1)
    assert fold_of(nobody, said(LONG, 2)) is Fold.EQUAL
    assert fold_of(said(LONG, 2), nobody) is Fold.NAMED
    assert fold_of(nobody, said(LONG, 1)) is None
    assert fold_of(said(LONG, 1), nobody) is None
    few = said("We shall see then", 1).without_name()
    assert fold_of(few, few) is Fold.EQUAL  # as sure as when it had the name
    assert fold_of(few, said("We shall see then", None)) is None

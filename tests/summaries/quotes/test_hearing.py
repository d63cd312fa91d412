"""The second look at what is speech."""

from __future__ import annotations

import pytest

from summaries.attribution import SIGNS, Choice, with_speech
from summaries.hearing import HEARING_SIGNS, hear, hearing_rows, is_heard, log_odds
from summaries.marks import Stretch
from summaries.speech import SpokenStretch
from summaries.trees import EMPTY_TREES, Trees
from summaries.values import QuoteKind, Span

TEXT = "“One two three,” said Roth. ''Four'' and ‘five’."
# Whole sentences become likelier by 3, fragments less likely by 3.
BY_KIND = Trees(HEARING_SIGNS, [[HEARING_SIGNS.index("whole")]], [[0.5]], [[-3.0, 3.0]])


def stretch(kind: QuoteKind, *, opened: str = "“", single: bool = False, group: int | None = None) -> SpokenStretch:
    """Return a stretch of TEXT that is speech as likely as not."""
    at = TEXT.index(opened)
    mark, words = Span(at, at + len(opened)), Span(at + len(opened), at + len(opened) + 3)
    found = Stretch(words, mark, None, single=single, nested=False, open_at_end=False, continues=False, paragraph=0)
    return SpokenStretch(words, kind, group, 0.5, found)


CHOICE = Choice(0, 0, 0.9, tuple(0.25 for _ in SIGNS), "carry_over", -1)


def test_without_trees_the_first_look_counts() -> None:
    """Nothing learned, nothing changed."""
    assert hear(TEXT, [stretch(QuoteKind.PARTIAL)], [None], EMPTY_TREES) == [0.5]


def test_what_surrounds_a_stretch_moves_its_probability() -> None:
    """The trees' score is added to the log odds of the first look."""
    whole, part = hear(TEXT, [stretch(QuoteKind.DIRECT), stretch(QuoteKind.PARTIAL)], [CHOICE, None], BY_KIND)
    assert [whole, part] == pytest.approx([0.9526, 0.0474], abs=0.001)


def test_the_paragraphs_of_one_quotation_are_all_speech_or_none_is() -> None:
    """The likeliest of them speaks for all."""
    paragraphs = [stretch(QuoteKind.DIRECT, group=0), stretch(QuoteKind.PARTIAL, group=0)]
    first, second = hear(TEXT, paragraphs, [None, None], BY_KIND)
    assert first == second > 0.9


def test_marks_that_the_data_do_not_know_are_left_alone() -> None:
    """Single marks and two apostrophes are unmarked there throughout: nothing about them was learned."""
    unknown = [stretch(QuoteKind.PARTIAL, opened="‘", single=True), stretch(QuoteKind.PARTIAL, opened="''")]
    assert not any(is_heard(one, TEXT) for one in unknown)
    assert hear(TEXT, unknown, [None, None], BY_KIND) == [0.5, 0.5]


def test_a_row_holds_the_choice_and_the_first_look() -> None:
    """Where nobody came into question the choice's signs are zero."""
    with_speaker, without = hearing_rows([stretch(QuoteKind.DIRECT), stretch(QuoteKind.PARTIAL)], [CHOICE, None])
    assert with_speaker == [*CHOICE.signs, True, 2, False, 0.0]
    assert without == [*(0.0 for _ in SIGNS), False, 2, True, 0.0]


def test_a_choice_is_judged_by_the_second_look() -> None:
    """Only the sign for speech changes."""
    changed = with_speech(CHOICE, 0.75).signs
    assert [name for name, old, new in zip(SIGNS, CHOICE.signs, changed, strict=True) if old != new] == ["speech"]


def test_log_odds_are_finite() -> None:
    """Certainty has no odds; it is taken for nearly that."""
    assert -14 < log_odds(0.0) < -13 < 13 < log_odds(1.0) < 14

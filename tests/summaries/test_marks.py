"""Where quotation marks open and close."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.marks import quoted_stretches
from summaries.paragraphs import paragraphs_of


def inside(text: str) -> list[str]:
    """Return the words of each stretch, in reading order."""
    return [stretch.span.of(text) for stretch in quoted_stretches(text, paragraphs_of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The dam held,” she said.", ["The dam held,"]),
        ('"The dam held," she said.', ["The dam held,"]),
        ('"The dam held,” she said.', ["The dam held,"]),  # opened straight, closed curly
        ('“The dam held," she said.', ["The dam held,"]),
        ("“The dam held,“ she said.", ["The dam held,"]),  # an opening mark that closes
        ("“The dam held. “", ["The dam held."]),  # the same behind a blank, at the end
        ("“The dam held.“[Herald.] More soon.", ["The dam held."]),  # the same, glued to what follows
        ("”The dam held,” she said.", ["The dam held,"]),  # Swedish, or a slip
        ("” The dam held,” she said.", ["The dam held,"]),  # a blank after it, at the paragraph's beginning
        ("« Le barrage tient », dit-elle.", ["Le barrage tient"]),
        ("«Le barrage tient», dit-elle.", ["Le barrage tient"]),
        ("»Der Damm hielt«, sagte sie.", ["Der Damm hielt"]),
        ("„Der Damm hielt“, sagte sie.", ["Der Damm hielt"]),
        ('„Der Damm hielt", sagte sie.', ["Der Damm hielt"]),
        ("„Der Damm hielt”, sagte sie.", ["Der Damm hielt"]),
        ("‚Der Damm hielt‘, sagte sie.", ["Der Damm hielt"]),
        ("‹Le barrage tient›, dit-elle.", ["Le barrage tient"]),
        ("›Der Damm hielt‹, sagte sie.", ["Der Damm hielt"]),
        ("``The dam held,'' she said.", ["The dam held,"]),
        ("‘The dam isn’t safe,’ she said.", ["The dam isn’t safe,"]),
        ("'The dam isn't safe,' she said.", ["The dam isn't safe,"]),
        ("They said—“the dam held”—and left.", ["the dam held"]),
        ('She said ("the dam held") and left.', ["the dam held"]),
    ],
)
def test_every_family_of_marks_is_paired(text: str, expected: list[str]) -> None:
    """Newsrooms mix families in one pair; what closes is told by the opener's family and by what stands around."""
    assert inside(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It isn't the '90s, rock 'n' roll is dead and the workers' rights with it.",
        "Get 'em while they're hot, ’tis said.",
        "The pole was 6'2\" long and the door 3'4\" wide.",
        'A 12" disc and a 3.5" one.',
        "The wall cracked at four.” The crew left.",  # nothing was opened
        '<a href="https://example.org/dam" title="The dam">here</a>',
        "“” and “ ” and “—” hold no words.",
        "O‘Hara spoke.",
        "a”b",
    ],
)
def test_other_uses_of_the_characters_open_nothing(text: str) -> None:
    """Apostrophes, feet and inches, attributes of markup and stray marks are no quotations."""
    assert inside(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'It was in my parents' day,' he said.", ["It was in my parents' day,"]),  # the clause's end beats the plural
        ("The 'Friends' reunion is off.", ["Friends"]),  # nothing else closes it
        ("A 'fair game' rule, the 'Horizons' plan.", ["fair game", "Horizons"]),
        ("The ‘one’ and the ‘other’.", ["one", "other"]),
        ("She called it 'daft", []),  # never closed
        ("The 'best 'of.", []),
        ("The 'Boys' and the parents' night.", ["Boys"]),  # of two that may be plurals' the first
        ("The 'Boys' were' late.", ["Boys"]),  # a later one that ends no clause does not outweigh it
        ("The 'Boys' were 5' tall", ["Boys"]),
        ("He said “it's 'over'” and left.", ["it's 'over'", "over"]),
        ("He said “it's 'over” and left.", ["it's 'over"]),  # the inner one cannot reach out
        ("‘He shouted “run” and I ran,’ she said.", ["He shouted “run” and I ran,", "run"]),
    ],
)
def test_single_marks_are_told_from_apostrophes(text: str, expected: list[str]) -> None:
    """A single mark closes at the first word's end that is no plural's, or at the clause's end behind one."""
    assert inside(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“He said “go” and I went,” she said.", [("He said “go” and I went,", False), ("go", True)]),
        ('"He said "go" and I went," she said.', [('He said "go" and I went,', False), ("go", True)]),
        ("“He said «go» and I went,” she said.", [("He said «go» and I went,", False), ("go", True)]),
        (
            "“The dam held. Then she said: “It is over.”",
            [("The dam held. Then she said:", False), ("It is over.", False)],
        ),
    ],
)
def test_a_mark_inside_is_nested_or_shows_that_one_was_lost(text: str, expected: list[tuple[str, bool]]) -> None:
    """It is nested where the paragraph closes more than it opens; else the one before it lost its closing mark."""
    found = quoted_stretches(text, paragraphs_of(text))
    assert [(stretch.span.of(text), stretch.nested) for stretch in found] == expected


def test_a_speaker_who_goes_on_gets_no_closing_mark() -> None:
    """The paragraphs of one quotation all open; only the last one closes."""
    text = "Vos said: “First the sirens failed.\n\n“Then the phones went.\n\n“By dawn it was over.”\n\n“No,” said Maes."
    found = quoted_stretches(text, paragraphs_of(text))
    assert [(s.open_at_end, s.continues, s.closed is None) for s in found] == [
        (True, False, True),
        (True, True, True),
        (False, True, False),
        (False, False, False),
    ]


def test_a_paragraph_that_goes_on_may_lack_its_opening_mark() -> None:
    """Where the paragraph before was left open, a closing mark closes what began with this one."""
    text = "Vos said: “First the sirens failed.\n\nThen the phones went.” He wept."
    found = quoted_stretches(text, paragraphs_of(text))
    assert [stretch.span.of(text) for stretch in found] == ["First the sirens failed.", "Then the phones went."]
    assert found[1].opened is None
    assert found[1].continues


def test_british_paragraphs_go_on_too() -> None:
    """A curly single mark that begins a paragraph and is closed nowhere runs to its end."""
    text = "‘First the sirens failed.\n\n‘Then the phones went.’\n\n'Last of all"
    found = quoted_stretches(text, paragraphs_of(text))
    assert [(s.span.of(text), s.open_at_end, s.single) for s in found] == [
        ("First the sirens failed.", True, True),
        ("Then the phones went.", False, True),
    ]


def test_marks_are_outside_and_blanks_too() -> None:
    """The span holds words only; the marks have their own spans."""
    text = "She said: “ it held ” twice."
    (found,) = quoted_stretches(text, paragraphs_of(text))
    assert found.span.of(text) == "it held"
    assert found.opened is not None
    assert found.closed is not None
    assert (found.opened.of(text), found.closed.of(text)) == ("“", "”")
    assert found.paragraph == 0


def test_nesting_has_an_end() -> None:
    """Deeper than print ever goes, opening marks open nothing more."""
    text = "“a " * 6 + "b" + "”" * 6
    assert [stretch.nested for stretch in quoted_stretches(text, paragraphs_of(text))] == [False, True, True, True]


@given(st.text(alphabet="ab, .\n“”\"'‘’„«»‹›`-—6", max_size=80))
def test_any_text_gives_ordered_stretches_inside_their_paragraphs(text: str) -> None:
    """Stretches are in reading order, inside their paragraph, and those that are not nested do not overlap."""
    paragraphs = paragraphs_of(text)
    found = quoted_stretches(text, paragraphs)
    assert [stretch.span.start for stretch in found] == sorted(stretch.span.start for stretch in found)
    assert all(paragraphs[stretch.paragraph].span.covers(stretch.span) for stretch in found)
    outer = [stretch for stretch in found if not stretch.nested]
    assert not any(a.span.overlaps(b.span) for a, b in itertools.pairwise(outer))
    assert all(any(character.isalnum() for character in stretch.span.of(text)) for stretch in found)


@pytest.mark.parametrize("piece", ["“", "'a ", "'a “", "“a ", "‘a’ ", "``a ", '="', "“" * 9 + "a" + "”" * 9])
def test_time_is_linear_in_marks(piece: str) -> None:
    """A page of 100,000 marks is read in seconds, whatever they are."""
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    quoted_stretches(text, paragraphs_of(text))
    assert time.process_time() - began < 10

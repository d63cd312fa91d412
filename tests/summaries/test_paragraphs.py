"""Paragraphs and their kinds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.paragraphs import paragraphs_of
from summaries.values import ParagraphKind

ARTICLE = """Harbour of Port Ansel reopens

The harbour reopened on Monday, its master said.

“We are ready,” said Ida Brandt.

What happens next

The first ferry leaves at noon.
"""


def test_kinds_of_an_article() -> None:
    """Title, lead, body, heading, body: as a reader would name them."""
    kinds = [(p.kind.value, p.span.of(ARTICLE)) for p in paragraphs_of(ARTICLE, title="Harbour of  Port Ansel reopens")]
    assert kinds == [
        ("title", "Harbour of Port Ansel reopens"),
        ("lead", "The harbour reopened on Monday, its master said."),
        ("body", "“We are ready,” said Ida Brandt."),
        ("heading", "What happens next"),
        ("body", "The first ferry leaves at noon."),
    ]


def test_a_title_that_the_text_does_not_show_is_no_paragraph() -> None:
    """A title may come from the page's head: then the text begins with its lead."""
    assert paragraphs_of("The harbour reopened.", title="Harbour")[0].kind is ParagraphKind.LEAD


def test_a_text_that_is_its_title_has_no_body() -> None:
    """Nothing but a title is a title."""
    assert [p.kind for p in paragraphs_of("Harbour", title="Harbour")] == [ParagraphKind.TITLE]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("What happens next", True),
        ("3 things to know", True),
        ("“We are ready”", False),  # words of somebody
        ("The ferry left.", False),  # a sentence
        ("The minister said:", False),  # leads to the next line
        ("and then nothing", False),  # goes on
        ("A line of more than ten words is too long to be a heading", False),
        ("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenträgerverordnungsentwurf", False),
    ],
)
def test_a_short_line_between_paragraphs_is_a_heading(line: str, *, heading: bool) -> None:
    """Short, no mark at its end, begins like a title, stands between running text."""
    kinds = [p.kind for p in paragraphs_of(f"The lead.\n\n{line}\n\nThe body.")]
    assert (kinds[1] is ParagraphKind.HEADING) == heading


def test_short_lines_in_a_row_are_a_list() -> None:
    """A list of names is text, not headings; nor is the last line one, for it heads nothing."""
    text = "They are:\nIda Brandt\nTomas Lehm\nThe body.\nMore"
    assert {p.kind for p in paragraphs_of(text)[1:]} == {ParagraphKind.BODY}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\n \t\n"])
def test_every_kind_of_line_end_ends_a_paragraph(end: str) -> None:
    """Files of three systems, word processors and JSON all break lines their way."""
    text = f"{end}  One.\u00a0{end}{end}Two. "
    assert [p.span.of(text) for p in paragraphs_of(text)] == ["One.", "Two."]


@given(st.text(alphabet=st.sampled_from("aB .\n\r\u2028\x85\x0b\u00a0\t”?")) | st.text(), st.text() | st.none())
def test_paragraphs_cover_everything_but_blanks(text: str, title: str | None) -> None:
    """Whatever the text, nothing is lost, nothing overlaps, no paragraph begins or ends with a blank."""
    at = 0
    for paragraph in paragraphs_of(text, title=title):
        assert not text[at : paragraph.span.start].strip()
        words = paragraph.span.of(text)
        assert words == words.strip()
        assert "\n" not in words
        at = paragraph.span.end
    assert not text[at:].strip()

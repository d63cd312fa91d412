"""A quote as it is printed: its sentence, and the reporter's words beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from summaries.errors import NotVerbatimError
from summaries.printed import clipped, is_read_as, printed_quotes, quoted_words, reporting_words, verbatim
from summaries.values import Span
from tests.summaries.told import PARTIAL, article_of, printed_of, quote_of


@pytest.mark.parametrize(
    ("text", "quote", "mention", "expected"),
    [
        ("“Boats go,” stressed Orlan.", "Boats go", "Orlan", "stressed Orlan"),
        ("“Boats go,” Orlan said in a speech in Ost.", "Boats go", "Orlan", "Orlan said in a speech in Ost"),
        ("Orlan said: “Boats go.”", "Boats go.", "Orlan", "Orlan said"),
        ("“Boats go,” Orlan said, “and stay away.”", "Boats go", "Orlan", "Orlan said"),
        ("He said “boats” on Monday.", "boats", "He", "He said"),
        ("‘Boats go’, Orlan says", "Boats go", "Orlan", "Orlan says"),
        ("“Orlan is me,” he said.", "Orlan is me", "Orlan", None),  # the mention stands inside the quote
        ("Orlan spoke. “Boats go.”", "Boats go.", "Orlan", None),  # not in the quote's sentence
        (f"“Boats go,” Orlan said {'in the rain ' * 20}.", "Boats go", "Orlan", None),  # too long to stand under it
    ],
)
def test_the_reporters_words_beside_a_quote(text: str, quote: str, mention: str, expected: str | None) -> None:
    """One stretch of the quote's own sentence, without the marks and commas that join it to the quote."""
    article = article_of(text)
    (printed,) = printed_of(article, quote_of(article, quote, "Viktor Orlan", mention))
    assert reporting_words(printed) == expected


def test_what_is_carried_on_or_said_by_nobody_has_no_words_beside_it() -> None:
    """The mention stands somewhere else."""
    article = article_of("“Boats go,” Orlan said.")
    carried = quote_of(article, "Boats go", "Orlan", rule="carry_over")
    for quote in (carried, replace(carried, attribution=None)):
        (printed,) = printed_of(article, quote)
        assert reporting_words(printed) is None


def test_the_sentences_around_a_quote() -> None:
    """From the start of the sentence that it starts in to the end of the one that it ends in."""
    article = article_of("Title here\n\nIt rained. “Boats go. Boats stay,” he said. It rained on.", title="Title here")
    (printed,) = printed_of(article, quote_of(article, "Boats go. Boats stay"))
    assert printed.sentence.of(article.text) == "“Boats go. Boats stay,” he said."
    (titled,) = printed_of(article, quote_of(article, "here"))
    assert titled.sentence.of(article.text) == "Title here"
    bare = replace(article, title=None)
    (without,) = printed_of(bare, quote_of(bare, "here"))
    assert without.sentence.of(article.text) == "Title here"


def test_without_sentences_the_paragraph_stands_for_them() -> None:
    """A heading may be none."""
    article = article_of("It rained. “Boats go,” he said.")
    (printed,) = printed_quotes(article, (), [quote_of(article, "Boats go")])
    assert printed.sentence.of(article.text) == article.text


def test_words_that_do_not_stand_on_the_page_are_not_shown() -> None:
    """Law 1: every stretch is checked before it goes into a message."""
    article = article_of("“Boats go,” Orlan said.\n\nMore.")
    (printed,) = printed_of(article, quote_of(article, "Boats go", "Orlan"))
    assert quoted_words(printed) == "Boats go"
    with pytest.raises(NotVerbatimError) as caught:
        quoted_words(replace(printed, paragraph=printed.paragraph.replace("go", "no")))
    assert (caught.value.article_id, caught.value.start) == ("a1", 1)
    with pytest.raises(NotVerbatimError):
        verbatim(printed, Span(10, 28))


def test_a_pronoun_and_a_description_are_read_as_somebody() -> None:
    """A name that stands there, in part or with a title, is not."""
    text = "“Boats go,” he said to President Orlan, the Kharvian president."
    article = article_of(text)
    told = {
        mention: is_read_as(printed_of(article, quote_of(article, "Boats go", "Viktor Orlan", mention))[0])
        for mention in ("he", "President Orlan", "the Kharvian president")
    }
    assert told == {"he": True, "President Orlan": False, "the Kharvian president": True}
    assert not is_read_as(printed_of(article, quote_of(article, "Boats go"))[0])


LONG = "Finch spoke as he hosted shipowners for dinner, adding that he has a “warm friendship” with Belsky – and left."


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (200, LONG),
        (80, "adding that he has a “warm friendship” with Belsky – and left."),
        (60, "adding that he has a “warm friendship” with Belsky"),
        (108, "adding that he has a “warm friendship” with Belsky – and left."),
        (40, "he has a “warm friendship” with"),
        (10, "warm friendship"),
    ],
)
def test_a_long_sentence_is_cut_between_clauses_then_between_words(limit: int, expected: str) -> None:
    """What must be in it always is; later clauses are kept before earlier ones."""
    kept = Span(LONG.index("warm"), LONG.index("warm") + 15)
    assert clipped(LONG, kept, limit).of(LONG) == expected


def test_a_cut_at_the_sentences_own_ends_keeps_them() -> None:
    """Room on one side only is room."""
    text = "“Warm” was how he put it in the end of that long evening by the sea"
    assert clipped(text, Span(1, 5), 30).of(text) == "“Warm” was how he"
    assert clipped(text, Span(64, 67), 30).of(text) == "by the sea"
    early = "He said “boats go” in Ost, in the rain of that morning, at last."
    assert clipped(early, Span(8, 18), 30).of(early) == "He said “boats go” in Ost,"
    late = "In Ost, in the rain of that morning, he said “boats go”."
    assert clipped(late, Span(45, 55), 40).of(late) == "he said “boats go”."
    last_too_long = "In short, a “word” here, and then a very long ending that goes on and on."
    assert clipped(last_too_long, Span(12, 18), 30).of(last_too_long) == "In short, a “word” here,"
    solid = "x" * 30 + "“Warm”" + "y" * 30
    assert clipped(solid, Span(31, 35), 20).of(solid) == "Warm"


def test_a_fragment_in_single_marks_is_found() -> None:
    """Kinds do not matter to where it stands."""
    article = article_of("Boats ‘fair game’, Orlan says")
    (printed,) = printed_of(article, quote_of(article, "fair game", "Orlan", kind=PARTIAL))
    assert printed.paragraph == article.text
    assert printed.paragraph_index == 0

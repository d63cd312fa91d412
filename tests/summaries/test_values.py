"""Values cannot be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from summaries.message import Action, Actions, Divider, Heading, List, Message, Paragraph, Picture, QuoteBlock, Run
from summaries.values import (
    Analysis,
    Article,
    Attribution,
    ParagraphKind,
    Quote,
    QuoteKind,
    Sentence,
    Span,
    Summary,
)
from summaries.values import Paragraph as TextParagraph

TEXT = "Dam holds\n\n“It held,” said Ana Pardo."
TITLE = TextParagraph(Span(0, 9), ParagraphKind.TITLE)
BODY = TextParagraph(Span(11, 37), ParagraphKind.BODY)
NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
ARTICLE = Article("a1", None, None, "Dam holds", None, TEXT, (TITLE, BODY), "en", None, NOW)
PARDO = Attribution(Span(27, 36), Span(22, 26), "Ana Pardo", "verb_before_speaker", 0.9)
QUOTE = Quote("a1", Span(12, 19), QuoteKind.DIRECT, "It held", PARDO)
ANALYSIS = Analysis(ARTICLE, (Sentence(BODY.span),), (QUOTE,), (), Summary("a1", (BODY.span,), "news"))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3)])
def test_a_span_is_never_empty_or_reversed(start: int, end: int) -> None:
    """An empty or reversed range of characters cannot be made."""
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


def test_spans_know_their_place() -> None:
    """A span covers what lies inside and overlaps what shares a character; touching ends share none."""
    assert Span(0, 4).covers(Span(1, 4))
    assert not Span(0, 4).covers(Span(1, 5))
    assert Span(0, 4).overlaps(Span(3, 9))
    assert not Span(0, 4).overlaps(Span(4, 9))


def test_the_body_begins_after_the_title() -> None:
    """Without a title it begins at once; with nothing else it begins at the end."""
    assert ARTICLE.body_start == 11
    assert replace(ARTICLE, paragraphs=(BODY,)).body_start == 11
    assert replace(ARTICLE, paragraphs=(TITLE,)).body_start == len(TEXT)


def test_a_quote_that_is_not_verbatim_cannot_be_analysed() -> None:
    """The first law: every quote stands, character for character, in the article."""
    with pytest.raises(ValueError, match="not verbatim"):
        replace(ANALYSIS, quotes=(replace(QUOTE, text="It holds"),))


def test_a_summary_holds_whole_sentences_only() -> None:
    """A stretch that is no sentence of the body is refused."""
    with pytest.raises(ValueError, match="not a sentence"):
        replace(ANALYSIS, summary=Summary("a1", (Span(12, 19),), "news"))


def test_a_speaker_below_the_bar_is_not_named() -> None:
    """The bar decides; the attribution itself stays with the quote."""
    assert QUOTE.attributed(0.9) is PARDO
    assert QUOTE.attributed(0.91) is None
    assert replace(QUOTE, attribution=None).attributed(0.0) is None


def test_a_carried_on_speaker_is_known_as_such() -> None:
    """What is inferred from the quote before is marked when it is shown."""
    assert replace(PARDO, rule="carry_over").carried_on
    assert not PARDO.carried_on


def test_a_message_can_be_read_aloud() -> None:
    """The plain text holds every word of a message, without any styling."""
    message = Message(
        (
            Heading((Run("Ana Pardo"),)),
            QuoteBlock((Run("“It held”"),)),
            Paragraph((Run("said "), Run("Ana Pardo"))),
            List(((Run("one"),), (Run("two"),))),
            Divider(),
            Picture(b"", "a dam"),
            Actions((Action("Yes", command="/q1"), Action("No"))),
        )
    )
    assert message.plain_text() == "Ana Pardo\n“It held”\nsaid Ana Pardo\n• one\n• two\na dam\n[Yes] [No]"

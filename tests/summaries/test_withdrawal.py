"""A name that is taken back goes from what was sent; the words stay."""

from __future__ import annotations

from summaries.message import Actions, Divider, Heading, Message, Paragraph, QuoteBlock, Run, Style
from summaries.withdrawal import withdrawn

NOTE = Paragraph((Run("Speaker withdrawn 15:02.", Style.BOLD),))


def quote(words: str, mark: str = "") -> QuoteBlock:
    """Return a whole quote."""
    return QuoteBlock((Run("“"), Run(words, verbatim=True), Run("”"), *((Run(f" {mark}"),) if mark else ())))


def name(text: str) -> Paragraph:
    """Return a speaker's line."""
    return Paragraph((Run(text, Style.BOLD),))


ALERT = Message(
    (
        Heading((Run("Piet Vos", Style.BOLD), Run(" · 2 new quotes"))),
        Divider(),
        quote("We will rebuild the gates"),
        quote("And the road", "¹"),
        Paragraph((Run("Vos said", Style.SMALL, verbatim=True), Run(" · "), Run("/q1 /q2"))),
        Divider(),
        Paragraph((Run("In part", Style.BOLD),)),
        QuoteBlock((Run("He called it ", verbatim=True), Run("“a paper umbrella”", Style.BOLD, verbatim=True))),
        Paragraph((Run("“"), Run("He", verbatim=True), Run("”"), Run(" is read as Vos"), Run(" · /q3"))),
        Divider(),
        Paragraph((Run("A note"),)),
        Actions(()),
    )
)


def test_words_that_stand_in_another_quote_are_not_that_quote() -> None:
    """What was taken back is a quote, whole: one word of it is in many."""
    assert withdrawn(ALERT, names={"Piet Vos"}, words={"the gates", "paper"}, note=NOTE) is None


def test_the_name_goes_where_nothing_else_stands_under_it() -> None:
    """With what we said of whom a pronoun means; the page's own words stay, and the numbers."""
    told = withdrawn(
        ALERT, names=["Piet Vos"], words=["We will rebuild the gates", "And the road", "a paper umbrella"], note=NOTE
    )
    assert told is not None
    assert told.plain_text() == (
        "Speaker withdrawn 15:02.\n“We will rebuild the gates”\n“And the road” ¹\nVos said · /q1 /q2\nIn part\n"
        "He called it “a paper umbrella”\n/q3\nA note\n"
    )


def test_what_is_still_theirs_stays_under_the_name() -> None:
    """What is not moves behind it, with the words under it where all above them go."""
    told = withdrawn(ALERT, names=["Piet Vos"], words=["And the road"], note=NOTE)
    assert told is not None
    assert told.plain_text().splitlines() == [
        "Piet Vos · 2 new quotes",
        "“We will rebuild the gates”",
        "Vos said · /q1 /q2",
        "In part",
        "He called it “a paper umbrella”",
        "“He” is read as Vos · /q3",
        "Speaker withdrawn 15:02.",
        "“And the road” ¹",
        "A note",
    ]
    both = withdrawn(ALERT, names=["Piet Vos"], words=["And the road", "We will rebuild the gates"], note=NOTE)
    assert both is not None
    assert both.plain_text().splitlines()[1:7] == [
        "In part",
        "He called it “a paper umbrella”",
        "“He” is read as Vos · /q3",
        "Speaker withdrawn 15:02.",
        "“We will rebuild the gates”",
        "“And the road” ¹",
    ]


def test_others_of_a_briefing_keep_their_names() -> None:
    """Also where they say the same words; a message without such a quote is not changed at all."""
    title = Heading((Run("Dam holds", Style.BOLD, verbatim=True),))
    briefing = Message(
        (title, Paragraph(()), name("Ana Pardo"), quote("Never"), name("Piet Vos"), quote("Never"), title)
    )
    told = withdrawn(briefing, names=["Piet Vos"], words=["Never"], note=NOTE)
    assert told is not None
    assert told.plain_text() == "Dam holds\n\nAna Pardo\n“Never”\nSpeaker withdrawn 15:02.\n“Never”\nDam holds"
    assert withdrawn(briefing, names=["Piet Vos"], words=["Always"], note=NOTE) is None
    assert withdrawn(briefing, names=["Nobody"], words=["Never"], note=NOTE) is None


def test_a_description_goes_however_it_begins_its_line() -> None:
    """Headings begin with a capital, what a quote's attribution says may not."""
    message = Message((name("The harbour master"), quote("We will rebuild the gates")))
    gone = withdrawn(message, names=["the harbour master"], words={"We will rebuild the gates"}, note=NOTE)
    assert gone == Message((NOTE, quote("We will rebuild the gates")))

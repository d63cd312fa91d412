"""Statements: quotes of one speaker that stand together, folded, ranked, grouped."""

from __future__ import annotations

from dataclasses import replace

from summaries.statements import Statement, by_speaker, key_statements, opening_of, ranked, statements_of
from tests.summaries.told import DIRECT, PARTIAL, article_of, printed_of, quote_of

BAR = 0.7
TEXT = """Boats would be ‘fair game’, Belsky says

Boats on the river would be “fair game”, Anton Belsky said on Tuesday.

“If any patrols turn up on the river, they will be fair game for our gunboats,” Belsky stressed.

“And if a settlement is signed, then I see no use for their boats.”

Nothing is quoted in this paragraph.

“River guarantees must be for both,” Belsky insisted.

He called it a “proper decision” and “next to hopeless”.

“A calming presence is all we want,” said Etienne Marchais.
"""
ARTICLE = article_of(TEXT, title="Boats would be ‘fair game’, Belsky says")
BELSKY = "Anton Belsky"
QUOTES = (
    quote_of(ARTICLE, "fair game", BELSKY, "Belsky", kind=PARTIAL),
    quote_of(ARTICLE, "fair game", BELSKY, "Anton Belsky", kind=PARTIAL, after=45),
    quote_of(ARTICLE, "If any patrols turn up on the river, they will be fair game for our gunboats", BELSKY, "Belsky"),
    quote_of(
        ARTICLE,
        "And if a settlement is signed, then I see no use for their boats.",
        BELSKY,
        "Belsky",
        rule="carry_over",
        confidence=0.6,
    ),
    quote_of(ARTICLE, "River guarantees must be for both", BELSKY, "Belsky"),
    quote_of(ARTICLE, "proper decision", BELSKY, "He", kind=PARTIAL),
    quote_of(ARTICLE, "next to hopeless", BELSKY, "He", kind=PARTIAL),
    quote_of(ARTICLE, "A calming presence is all we want", "Etienne Marchais"),
)


def found() -> tuple[Statement, ...]:
    """Return the statements of the article."""
    return statements_of(printed_of(ARTICLE, *QUOTES), BAR, opening=opening_of(ARTICLE))


def words(statement: Statement) -> list[str]:
    """Return the first word of each quote."""
    return [each.quote.text.split()[0] for each in statement.quotes]


def test_quotes_of_one_speaker_in_paragraphs_that_follow_each_other_are_one_statement() -> None:
    """A paragraph without quotes ends a statement, another speaker does too."""
    assert [words(one) for one in found()] == [["If", "And"], ["River", "proper", "next"], ["A"]]


def test_what_repeats_a_part_of_a_longer_quote_is_folded_into_it() -> None:
    """Headline and opening line repeat the whole sentence below them."""
    first = found()[0]
    assert [each.paragraph_index for each in first.repeats] == [1, 0]


def test_of_two_that_are_alike_the_one_in_the_body_is_kept() -> None:
    """Its sentence says most about it; a headline's least."""
    text = "Dam ‘safe’, says Feher\n\nThe dam is “safe”, Feher said.\n\nFeher called the dam “safe” again."
    article = article_of(text, title="Dam ‘safe’, says Feher")
    places = [0, 23, 55]
    quotes = [quote_of(article, "safe", "Feher", kind=PARTIAL, after=at) for at in places]
    (only,) = statements_of(printed_of(article, *quotes), BAR)
    assert [each.paragraph_index for each in only.quotes] == [2]
    assert [each.paragraph_index for each in only.repeats] == [1, 0]


def test_nearly_the_same_words_are_folded_and_other_speakers_words_are_not() -> None:
    """A headline drops a word or two; two people may well say the same."""
    text = (
        "“We will take the weight off the wall and look at every metre of it,” Feher said.\n\n"
        "“We will take the weight off the wall and look at every metre,” Feher said.\n\n"
        "“We will take the weight off the wall and look at every metre of it,” Varga said.\n\n“…”"
    )
    article = article_of(text)
    long, short = "We will take the weight off the wall and look at every metre of it", "look at every metre,”"
    quotes = [
        quote_of(article, long, "Feher"),
        quote_of(article, text[text.index("We", 10) : text.index(short) + 19], "Feher", after=20),
        quote_of(article, long, "Varga", after=100),
        quote_of(article, "…"),
    ]
    statements = statements_of(printed_of(article, *quotes), BAR)
    assert [(one.speaker, len(one.quotes), len(one.repeats)) for one in statements] == [
        ("Feher", 1, 1),
        ("Varga", 1, 0),
        (None, 1, 0),
    ]


def test_below_the_bar_there_is_no_speaker_but_what_is_carried_on_stays_with_its_statement() -> None:
    """Carried on needs to be likelier than not; one quotation over paragraphs needs nothing."""
    quotes = list(QUOTES)
    assert quotes[3].attribution is not None
    quotes[3] = replace(quotes[3], attribution=replace(quotes[3].attribution, confidence=0.4))
    assert [one.speaker for one in statements_of(printed_of(ARTICLE, *quotes), BAR)][1] is None
    quotes[2], quotes[3] = replace(quotes[2], group=0), replace(quotes[3], group=0)
    assert words(statements_of(printed_of(ARTICLE, *quotes), BAR)[0]) == ["If", "And"]


def test_whole_sentences_go_first_and_every_speaker_before_anybodys_second() -> None:
    """Fragments, what is carried on and what nobody is named for come later."""
    assert [(one.speaker, words(one)[0]) for one in ranked(found())] == [
        (BELSKY, "If"),
        ("Etienne Marchais", "A"),
        (BELSKY, "River"),
    ]


def test_key_statements_are_cut_at_their_end_only() -> None:
    """What is carried on is never shown without what it is carried on from, and fragments beside whole ones are left."""
    assert [words(one) for one in key_statements(found(), 4)] == [["If", "And"], ["A"], ["River"]]
    assert [words(one) for one in key_statements(found(), 1)] == [["If"]]
    assert key_statements(found(), 0) == []


def test_a_fragment_without_a_speaker_tells_nothing() -> None:
    """A song's title in marks looks like one; a whole sentence that nobody is named for is speech all the same."""
    fragment, whole = (replace(one, attribution=None) for one in (QUOTES[5], QUOTES[2]))
    nobody = [Statement(None, printed_of(ARTICLE, one), (), 3.0) for one in (fragment, whole)]
    assert [one.kind for one in (fragment, whole)] == [PARTIAL, DIRECT]
    assert key_statements(nobody, 5) == nobody[1:]


def test_statements_are_grouped_by_speaker_and_nobody_comes_last() -> None:
    """Speakers come in the order of their first statement."""
    nobody = Statement(None, printed_of(ARTICLE, replace(QUOTES[4], attribution=None)), (), 3.0)
    groups = by_speaker([nobody, *found()])
    assert [(name, len(group)) for name, group in groups] == [(BELSKY, 2), ("Etienne Marchais", 1), (None, 1)]


def test_quotes_are_whole_or_in_part() -> None:
    """A statement tells them apart."""
    second = found()[1]
    assert [each.quote.kind for each in second.whole] == [DIRECT]
    assert [each.quote.kind for each in second.parts] == [PARTIAL, PARTIAL]


def test_ten_people_may_say_the_same() -> None:
    """Each keeps the quote."""
    names = ["Abel", "Bruno", "Carl", "Dora", "Emil", "Frida", "Gustav", "Hanna", "Ivo", "Jana"]
    article = article_of("\n\n".join(f"“It is safe,” {name} said." for name in names))
    quotes = [
        quote_of(article, "It is safe", name, after=paragraph.span.start)
        for name, paragraph in zip(names, article.paragraphs, strict=True)
    ]
    assert [one.speaker for one in statements_of(printed_of(article, *quotes), BAR)] == names


def test_a_phrase_that_is_repeated_a_thousand_times_takes_no_longer() -> None:
    """Time is linear: each piece is looked for in a few quotes only."""
    text = "\n\n".join(f"“It is safe number {n % 7}, we say, and {n} is a number,” Feher said." for n in range(3000))
    article = article_of(text)
    quotes = [
        replace(
            QUOTES[4],
            span=replace(paragraph.span, start=paragraph.span.start + 1, end=paragraph.span.end - 14),
            text=text[paragraph.span.start + 1 : paragraph.span.end - 14],
        )
        for paragraph in article.paragraphs
    ]
    assert len(statements_of(printed_of(article, *quotes), BAR)) >= 1

"""What is told of a page and of a speaker, word for word as printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from gettext import NullTranslations

import pytest

from summaries.digests import QuotedPage, Telling, as_heading, quotes_message, summary_message
from summaries.errors import NotVerbatimError
from summaries.message import Message, QuoteBlock, Style
from summaries.origins import origin_runs, told_time
from summaries.statements import by_speaker, statements_of
from tests.summaries.told import BARS, PARTIAL, analysis_of, article_of, printed_of, quote_of

TITLE = "Boats would be ‘fair game’, Belsky says"
TEXT = f"""{TITLE}

Boats on the river would be “fair game”, Anton Belsky said on Tuesday.

"If any patrols turn up, they will be fair game for our gunboats," Belsky stressed in his address in Ost.

"And if a settlement is signed, then I see no use for their boats.”

Nothing is quoted in this paragraph.

“River guarantees must be for both,” insisted Belsky.

Another day went by.

He called the seat a “proper decision”, but the talks were “next to hopeless,” in his words.

The Kharvian president spoke of “calm waters”.

Finch made the remark as he hosted a good many of his country’s shipowners and their families at the Long House for \
dinner on Monday evening, adding that he has a “warm friendship” with the leader and voicing hope for a truce to come.
"""
ARTICLE = article_of(TEXT, title=TITLE, byline="Noor Adeline")
BELSKY, FINCH = "Anton Belsky", "Calder Finch"
WHOLE = (
    quote_of(ARTICLE, "If any patrols turn up, they will be fair game for our gunboats", BELSKY, "Belsky", quote_id=11),
    quote_of(
        ARTICLE,
        "And if a settlement is signed, then I see no use for their boats.",
        BELSKY,
        "Belsky",
        rule="carry_over",
        confidence=0.8,
        quote_id=12,
    ),
    quote_of(ARTICLE, "River guarantees must be for both", BELSKY, "Belsky", quote_id=13, confidence=0.72),
)
QUOTES = (
    quote_of(ARTICLE, "fair game", BELSKY, "Belsky", kind=PARTIAL),
    quote_of(ARTICLE, "fair game", BELSKY, "Anton Belsky", kind=PARTIAL, after=45),
    *WHOLE,
    quote_of(ARTICLE, "proper decision", BELSKY, "He", kind=PARTIAL, quote_id=14),
    quote_of(ARTICLE, "next to hopeless", BELSKY, "He", kind=PARTIAL),
    quote_of(ARTICLE, "calm waters", BELSKY, "The Kharvian president", kind=PARTIAL),
    quote_of(ARTICLE, "warm friendship", FINCH, "Finch", kind=PARTIAL),
)
TELLING = Telling(BARS, numbers={11: 1, 12: 2, 13: 3, 14: 4})


def lines(message: Message) -> list[str]:
    """Return the words of a message."""
    return message.plain_text().splitlines()


def told(name: str, *, telling: Telling = TELLING, pages: int = 1) -> Message:
    """Return the digest of one speaker."""
    statements = dict(by_speaker(statements_of(printed_of(ARTICLE, *QUOTES), BARS.asked)))[name]
    return quotes_message(name, [QuotedPage(ARTICLE, statements)] * pages, telling)


def test_a_digest_shows_whole_quotes_then_fragments_in_their_sentences() -> None:
    """Statements stand together, with the words that name the speaker under them; what is inferred is marked."""
    assert lines(told(BELSKY)) == [
        "Anton Belsky · 6 quotes on 1 page: 3 whole, 3 in part",
        "“If any patrols turn up, they will be fair game for our gunboats”",
        "“And if a settlement is signed, then I see no use for their boats.” ¹",
        "Belsky stressed in his address in Ost · /q1 /q2",
        "“River guarantees must be for both” ²",
        "insisted Belsky · /q3",
        "In part (the reporter’s sentences; quoted words bold)",
        "He called the seat a “proper decision”, but the talks were “next to hopeless,” in his words.",
        "The Kharvian president spoke of “calm waters”.",
        "“He” and “The Kharvian president” are read as Belsky · /q4",
        "¹ No name beside it on the page; carried on from the quote before.",
        "² Likely, not certain.",
        "By Noor Adeline · no outlet, date or address on the page",
    ]


def test_quoted_words_of_a_fragment_are_bold_with_the_pages_own_marks() -> None:
    """A comma before the closing mark is inside it, as printed."""
    blocks = [block for block in told(BELSKY).blocks if isinstance(block, QuoteBlock)]
    bold = [run.text for block in blocks for run in block.runs if run.style is Style.BOLD]
    assert bold == ["“proper decision”", "“next to hopeless,”", "“calm waters”"]


def test_what_is_the_pages_is_verbatim_and_what_is_ours_is_not() -> None:
    """Every verbatim run stands in the article, character for character."""
    for message in (told(BELSKY), summary_message(analysis_of(ARTICLE, *QUOTES), TELLING)):
        for block in message.blocks:
            runs = getattr(block, "runs", ())
            assert all(run.text in f"{TEXT} Noor Adeline" for run in runs if run.verbatim)


def test_one_fragment_has_no_numbers_and_no_reading() -> None:
    """Nothing is said that is not there."""
    assert lines(told(FINCH)) == [
        "Calder Finch · 1 quote on 1 page, in part",
        "In part (the reporter’s sentences; quoted words bold)",
        TEXT.splitlines()[-1],
        "By Noor Adeline · no outlet, date or address on the page",
    ]


def test_several_pages_have_each_their_origin() -> None:
    """The origin stands under what is from there."""
    found = lines(told(BELSKY, pages=2))
    assert found[0] == "Anton Belsky · 12 quotes on 2 pages: 6 whole, 6 in part"
    assert found.count("By Noor Adeline · no outlet, date or address on the page") == 2


def test_whole_quotes_alone_and_without_words_beside_them() -> None:
    """A carried-on quote alone has nothing under it."""
    statements = statements_of(printed_of(ARTICLE, WHOLE[1]), BARS.asked)
    message = quotes_message(BELSKY, [QuotedPage(ARTICLE, statements)], Telling(BARS))
    assert lines(message)[:3] == [
        "Anton Belsky · 1 quote on 1 page",
        "“And if a settlement is signed, then I see no use for their boats.” ¹",
        "¹ No name beside it on the page; carried on from the quote before.",
    ]


def test_a_whole_quote_by_a_pronoun_says_whom_it_is_read_as() -> None:
    """Whatever is inferred is said where it is shown."""
    article = article_of("The talks failed.\n\nHe said: “The river is ours.” Belsky left at noon.")
    quote = quote_of(article, "The river is ours.", BELSKY, "He", quote_id=11)
    (statement,) = statements_of(printed_of(article, quote), BARS.asked)
    message = quotes_message(BELSKY, [QuotedPage(article, (statement,))], TELLING)
    assert "He said · “He” is read as Anton Belsky · /q1" in lines(message)


def test_numbers_stand_alone_where_nothing_else_does() -> None:
    """Of carried-on quotes and of fragments that name their speaker."""
    numbered = replace(QUOTES[-1], quote_id=14)
    statements = statements_of(printed_of(ARTICLE, WHOLE[1], numbered), BARS.asked)
    assert "/q2" in lines(quotes_message(BELSKY, [QuotedPage(ARTICLE, statements[:1])], TELLING))
    assert "/q4" in lines(quotes_message(FINCH, [QuotedPage(ARTICLE, statements[1:])], TELLING))


def test_one_pronoun_is_read_as_the_whole_name_where_no_shorter_form_is_printed() -> None:
    """With "He" alone the name is the longest form on the page."""
    statements = statements_of(printed_of(ARTICLE, QUOTES[5]), BARS.asked)
    message = quotes_message(BELSKY, [QuotedPage(ARTICLE, statements)], Telling(BARS))
    assert "“He” is read as Anton Belsky" in lines(message)


def test_three_readings_are_a_list() -> None:
    """Commas between, "and" before the last."""
    article = article_of("He spoke of “calm”.\n\nShe spoke of “storm”.\n\nThey spoke of “rain”.")
    quotes = [
        quote_of(article, word, BELSKY, mention, kind=PARTIAL)
        for word, mention in (("calm", "He"), ("storm", "She"), ("rain", "They"))
    ]
    statements = statements_of(printed_of(article, *quotes), BARS.asked)
    message = quotes_message(BELSKY, [QuotedPage(article, statements)], Telling(BARS))
    assert "“He”, “She” and “They” are read as Anton Belsky" in lines(message)


def test_a_summary_shows_what_happened_and_who_said_what() -> None:
    """Long sentences around fragments are cut with "[…]"; what was left out is counted."""
    analysis = analysis_of(ARTICLE, *QUOTES, left_out=(("menus", 31), ("captions", 4), ("teasers", 1)))
    assert lines(summary_message(analysis, TELLING, quotes=4)) == [
        TITLE,
        "By Noor Adeline · no outlet, date or address on the page",
        "• Boats on the river would be “fair game”, Anton Belsky said on Tuesday.",
        "Anton Belsky",
        "“If any patrols turn up, they will be fair game for our gunboats”",
        "“And if a settlement is signed, then I see no use for their boats.” ¹",
        "“River guarantees must be for both” ²",
        "Calder Finch, in part",
        "[…] adding that he has a “warm friendship” with the leader and voicing hope for a truce to come.",
        "1 of 9 sentences, unchanged. Left out: menus, 4 captions, 1 teaser.",
        "¹ No name beside it on the page; carried on from the quote before.",
        "² Likely, not certain.",
    ]


def test_a_summary_without_a_title_without_sentences_and_without_quotes() -> None:
    """What the page lacks is said."""
    article = article_of("Rain fell.")
    bare = analysis_of(article)
    empty = replace(bare, summary=replace(bare.summary, sentences=()))
    assert lines(summary_message(empty, TELLING)) == [
        "Untitled",
        "no byline, outlet, date or address on the page",
        "0 of 1 sentence, unchanged. Nobody is quoted.",
    ]


def test_quotes_of_nobody_are_shown_as_such() -> None:
    """Below the bar no name is shown."""
    article = article_of("“It rains and it rains,” somebody said. Fog crept in.")
    quote = quote_of(article, "It rains and it rains", "Somebody", "somebody", confidence=0.3)
    found = lines(summary_message(analysis_of(article, quote), TELLING))
    assert found[3:5] == ["Speaker not named for certain", "“It rains and it rains”"]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("die Bürgermeisterin", "Die Bürgermeisterin"),
        ("officials", "Officials"),
        ("eKontor AG", "eKontor AG"),
        ("al-Nasir", "al-Nasir"),
        ("3Sat", "3Sat"),
    ],
)
def test_who_is_only_described_begins_a_line_with_a_capital(name: str, heading: str) -> None:
    """It is a heading of ours; what is printed stays as it is printed."""
    assert as_heading(name) == heading


def test_a_fragment_in_a_sentence_that_is_cut_behind_it() -> None:
    """Both ends are marked."""
    words = "“warm friendship”"
    article = article_of(f"He has a {words} with the leader, who {'came and went ' * 20}and stayed.")
    quote = quote_of(article, "warm friendship", BELSKY, "He", kind=PARTIAL)
    found = lines(summary_message(analysis_of(article, quote), TELLING))
    assert f"He has a {words} with the leader, […]" in found


def test_a_fragment_inside_a_fragment_is_bold_once() -> None:
    """Repeats that overlap what is bold add nothing."""
    article = article_of("Belsky said “calm waters” and “calm waters” in 'one' breath")
    first = quote_of(article, "calm waters", BELSKY, "Belsky", kind=PARTIAL)
    again = quote_of(article, "calm waters", BELSKY, "Belsky", kind=PARTIAL, after=25)
    inside = quote_of(article, "calm", BELSKY, "Belsky", kind=PARTIAL)
    end = quote_of(article, "breath", BELSKY, "Belsky", kind=PARTIAL)
    start = quote_of(article, "Belsky", BELSKY, "Belsky", kind=PARTIAL)
    statements = statements_of(printed_of(article, start, first, inside, again, end), BARS.asked)
    message = quotes_message(BELSKY, [QuotedPage(article, statements)], Telling(BARS))
    runs = [run for block in message.blocks if isinstance(block, QuoteBlock) for run in block.runs]
    assert "".join(run.text for run in runs) == article.text
    bold = [run.text for run in runs if run.style is Style.BOLD]
    assert bold == ["Belsky", "“calm waters”", "“calm waters”", "breath"]


def test_a_quote_that_does_not_stand_on_its_page_is_not_shown() -> None:
    """A fault of ours: better no digest than a false one."""
    (printed,) = printed_of(ARTICLE, WHOLE[0])
    broken = replace(printed, paragraph=printed.paragraph.replace("fair", "far!"))
    statements = statements_of([broken], BARS.asked)
    with pytest.raises(NotVerbatimError):
        quotes_message(BELSKY, [QuotedPage(ARTICLE, statements)], TELLING)


PRINTED_AT = datetime(2031, 5, 13, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"byline": "Ana Pardo"}, "By Ana Pardo · no outlet, date or address on the page"),
        ({"outlet": "Courier"}, "Courier · no byline, date or address on the page"),
        (
            {"byline": "Ana Pardo", "outlet": "Courier", "url": "https://www.courier.example/a?b"},
            "By Ana Pardo · Courier · courier.example · no date on the page",
        ),
        ({"url": "https://[broken"}, "https://[broken · no byline, outlet or date on the page"),
        ({}, "no byline, outlet, date or address on the page"),
    ],
)
def test_an_origin_says_what_is_missing(facts: dict[str, str], expected: str) -> None:
    """What the page lacks is said, never guessed."""
    assert "".join(run.text for run in origin_runs(article_of("Text.", **facts), NullTranslations())) == expected


def test_a_whole_origin_misses_nothing_and_tells_the_time_in_the_readers_zone() -> None:
    """Midnight UTC stands for a day without a time."""
    article = article_of("Text.", byline="Ana Pardo", outlet="Courier", url="https://courier.example/a")
    article = replace(article, published_at=PRINTED_AT)
    zone = timezone(timedelta(hours=2), "CEST")
    runs = origin_runs(article, NullTranslations(), zone)
    assert "".join(run.text for run in runs) == "By Ana Pardo · Courier · 13 May 2031, 16:10 CEST · courier.example"
    assert [run.link for run in runs if run.link] == ["https://courier.example/a"]
    assert told_time(PRINTED_AT.replace(hour=0, minute=0), NullTranslations(), zone) == "13 May 2031"
    only_date = replace(article_of("Text."), published_at=PRINTED_AT)
    assert "".join(run.text for run in origin_runs(only_date, NullTranslations())) == (
        "13 May 2031, 14:10 UTC · no byline, outlet or address on the page"
    )


def test_an_origin_says_when_a_page_was_handed_in() -> None:
    """What was pasted has no time of its own."""
    at = datetime(2026, 9, 6, 14, 2, tzinfo=UTC)
    runs = origin_runs(article_of("Text."), NullTranslations(), handed_in=at)
    assert "handed in 6 September 2026, 14:02 UTC" in "".join(run.text for run in runs)

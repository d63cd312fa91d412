"""Which quoted stretches are speech, how much of them, and how sure that is."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.paragraphs import paragraphs_of
from summaries.sentences import NO_WORDS, parse_sentence_words, split_sentences
from summaries.speech import SpokenStretch, parse_speech_weights, parse_speech_words, speech_stretches
from summaries.values import QuoteKind, Sentence

CONFIG = Path(__file__).parents[2] / "config"
WEIGHTS = parse_speech_weights(json.loads((CONFIG / "weights/speech.json").read_text(encoding="utf-8")))


def spoken(text: str, language: str = "en", *, title: str | None = None, at_least: float = 0.5) -> list[SpokenStretch]:
    """Return the speech in a text of a language; "xx" has no pack."""
    folder = CONFIG / "languages" / language
    data = {
        name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) if folder.exists() else {}
        for name in ("speech", "text")
    }
    sentence_words = parse_sentence_words(data["text"]["sentences"]) if folder.exists() else NO_WORDS
    paragraphs = paragraphs_of(text, title=title)
    sentences = [Sentence(span) for p in paragraphs for span in split_sentences(text, p.span, sentence_words)]
    words = parse_speech_words(data["speech"])
    return list(speech_stretches(text, paragraphs, sentences, words, WEIGHTS, at_least=at_least))


def said(text: str, language: str = "en") -> list[str]:
    """Return the words of the speech in a text."""
    return [stretch.span.of(text) for stretch in spoken(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “harbour peace” ended on Sunday.",
        "She wrote the novel “The Glass Pier” in a winter.",
        "The podcast “Low Water” is back.",
        "Dario “The Crane” Belmonte won in three rounds.",
        "The Maritime School “Compass” hosted the crews.",
        "A speech titled “Ways out of the fog” was handed out.",
        "Roth's “Low Water” show is back.",
        "Jo Tarr, 44, a teacher who goes by “Coach.”",
    ],
)
def test_titles_names_and_terms_are_no_speech(text: str) -> None:
    """What only stands in marks because it is a name, a title or a term was said by nobody."""
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The dam held,” said engineer Ida Roth.", ["The dam held"]),
        ("Ida Roth said the dam was “good for a century” and left.", ["good for a century"]),
        ("Ida Roth called the plan “a house without a roof”.", ["a house without a roof"]),
        ("The pier was “doomed”, according to Roth.", ["doomed"]),
        ("In a post on Telegram, Ida Roth wrote: “The dam held.”", ["The dam held."]),
        ("‘The dam isn’t safe,’ said Ida Roth.", ["The dam isn’t safe"]),
    ],
)
def test_speech_comes_without_the_reporters_comma(text: str, expected: list[str]) -> None:
    """The marks are left out, and a last comma: it belongs to the reporter's sentence. Full stops stay."""
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Der Damm hat gehalten“, sagte die Ingenieurin Ida Roth.", ["Der Damm hat gehalten"]),
        ("Roth nannte den Plan »völlig unausgereift« und ging.", ["völlig unausgereift"]),
        ("Das Schiff „Morgenröte“ lief am Montag aus.", []),
        ("Die Stadt kündigte das Projekt „Neue Mitte“ an.", []),
        ("Sie liest die Zeitschrift „Hafen heute“.", []),
    ],
)
def test_german_is_read_with_its_own_words(text: str, expected: list[str]) -> None:
    """German papers set names in marks, so a few capitals without a verb need more to be speech."""
    assert said(text, "de") == expected


def test_a_language_without_a_pack_is_read_by_its_form() -> None:
    """A whole sentence in marks that stands as a paragraph of its own is speech in any language."""
    assert said("«La digue a tenu toute la nuit, et nous aussi.»", "xx") == [
        "La digue a tenu toute la nuit, et nous aussi."
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("“The dam held,” said Ida Roth.", ["direct"]),
        ("Ida Roth said the dam was “good for a century” and left.", ["partial"]),
        ("Ida Roth said it “held well,” but not for long.", ["partial"]),
        ("“The dam held,” said Ida Roth, “but it will not hold again.”", ["direct", "direct"]),
        ("“The dam,” said Ida Roth, “good for a century.”", ["direct", "partial"]),  # no verb: a fragment
        ("Ida Roth said: “it held. The rest is weather”.", ["direct"]),  # more than a sentence
        ("Ida Roth counted: “12”, then left, she said.", ["partial"]),
        ("“It held”, said Ida Roth.", ["direct"]),  # the comma behind the marks
        ("Ida Roth said that “Kiel cannot pay for all of it”, but that it will.", ["partial"]),
        ("“No,” said Ida Roth.", ["direct"]),
        ("Ida Roth, whom they call “Coach,” said it held.", ["partial"]),
        ("“…,” said Ida Roth.", []),
    ],
)
def test_a_quote_is_direct_when_a_whole_sentence_stands_in_the_marks(text: str, kinds: list[str]) -> None:
    """Everything else is a fragment inside the reporter's sentence and is shown there."""
    assert [stretch.kind.value for stretch in spoken(text, at_least=0.0)] == kinds


def test_a_paragraph_that_lost_its_opening_mark_is_in_the_group_too() -> None:
    """Where the paragraph before was left open, the words up to the closing mark go on."""
    text = (
        "Vos said: “First the sirens failed.\n\nThen all the phones in the harbour office went dead, one after the "
        "other, and nobody could tell us what we were to do.”"
    )
    assert [stretch.group for stretch in spoken(text)] == [0, 0]


def test_a_quotation_over_paragraphs_is_one_group() -> None:
    """Its paragraphs share a number and are all as sure as the surest."""
    text = (
        "Vos said: “First the sirens failed.\n\n“Then the phones.\n\n“By dawn it was over.”\n\n"
        "“No,” said Maes.\n\nMaes said: “We left.\n\n“All of us.”"
    )
    found = spoken(text)
    assert [stretch.group for stretch in found] == [0, 0, 0, None, 1, 1]
    assert len({stretch.probability for stretch in found[:3]}) == 1
    assert all(stretch.kind is QuoteKind.DIRECT for stretch in found[:3])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We saw it at four, said engineer Ida Roth.", "We saw it at four"),
        ("“We saw it at four, Ida Roth said.", "We saw it at four"),
        ("“Did you see it? asked Ida Roth.", "Did you see it?"),
        ("“We saw it at four, she said.", "We saw it at four"),
        ("“We saw it, the four of us and the dog.", "We saw it, the four of us and the dog."),
        (
            "“We saw it at four, as the men who were there have said.",
            "We saw it at four, as the men who were there have said.",
        ),
        ("“We saw it, yes, he never said a word.", "We saw it, yes, he never said a word."),
        ("“Well, look, Roth thinks it held.", "Well, look, Roth thinks it held."),  # no tag
        ("“We saw it, no.", "We saw it, no."),
    ],
)
def test_where_the_closing_mark_was_lost_the_reporters_clause_ends_the_quote(text: str, expected: str) -> None:
    """A reporting verb right behind a comma, alone or with a name or pronoun before it, is the reporter's."""
    assert [stretch.span.of(text) for stretch in spoken(text, at_least=0.0)] == [expected]


def test_headlines_in_capitals_are_not_quoted() -> None:
    """‘You Must Leave’ was said in other letters; a headline in running case is quoted as printed."""
    assert spoken("Roth: ‘You Must Leave The Harbour’\n\nIt rained.", title="Roth: ‘You Must Leave The Harbour’") == []
    title = "Boats would be ‘fair game for inspection’, Roth says"
    (found,) = spoken(f"{title}\n\nIt rained.", title=title)
    assert found.stretch.single


def test_single_marks_in_an_article_that_quotes_in_double_ones_are_mostly_terms() -> None:
    """They need more to be speech than in an article that quotes in single marks."""
    alone = "Roth said the dam was ‘good for a century’ and left."
    among = "“It held,” said Roth.\n\n" + alone
    assert spoken(among, at_least=0.0)[1].probability < spoken(alone, at_least=0.0)[0].probability


def test_two_apostrophes_are_not_taken_for_a_quotation() -> None:
    """Unless `` opened it."""
    assert said("''The dam held,'' said Ida Roth.") == []
    assert said("``The dam held,'' said Ida Roth.") == ["The dam held"]


def test_nothing_inside_a_quote_is_a_quote() -> None:
    """Who speaks may quote; the words are the speaker's."""
    assert said("“He said ‘run’, so I ran,” said Ida Roth.") == ["He said ‘run’, so I ran"]


@pytest.mark.parametrize("data", [{}, {"weights": []}, {"weights": {"always": "much"}}])
def test_weights_are_numbers(data: dict[str, object]) -> None:
    """A damaged file is told at once."""
    with pytest.raises(TypeError, match="speech weights"):
        parse_speech_weights(data)


@pytest.mark.parametrize("data", [{"clause": 3}, {"added": []}, {"added": {"always": "much"}}])
def test_words_are_strings_or_lists(data: dict[str, object]) -> None:
    """A damaged language pack is told at once."""
    with pytest.raises(TypeError, match="speech words"):
        parse_speech_words(data)


def test_further_reporting_verbs_are_added() -> None:
    """The language's cues add their forms to those of the pack."""
    words = parse_speech_words({"reporting": ["said"], "clause": "i you"}, reporting=["quoth"])
    assert words.reporting == {"said", "quoth"}
    assert words.clause == {"i", "you"}


@pytest.mark.parametrize("language", ["en", "de", "xx"])
@given(text=st.text(alphabet="aB1 ,.\n“”\"'‘’„«»#@!?:—-’s", max_size=60))
def test_any_text_gives_verbatim_speech_in_order(language: str, text: str) -> None:
    """Spans hold words, are in order and never overlap."""
    found = spoken(text, language, at_least=0.0)
    assert all(any(c.isalnum() for c in stretch.span.of(text)) for stretch in found)
    ends = [0, *(stretch.span.end for stretch in found)]
    assert all(end <= stretch.span.start for end, stretch in zip(ends, found, strict=False))
    assert all(0.0 <= stretch.probability <= 1.0 for stretch in found)


@pytest.mark.parametrize("piece", ["“a” ", "“a, said b ", "“a “b” ", "“a,", "“a. "])
def test_time_is_linear_in_stretches(piece: str) -> None:
    """Eight times the stretches in one paragraph take about eight times as long, not sixty-four times."""

    def seconds(stretches: int) -> float:
        began = time.process_time()
        spoken(piece * stretches)
        return time.process_time() - began

    seconds(10)  # what is loaded only once
    assert seconds(6_000) <= max(0.1, 24 * seconds(750))

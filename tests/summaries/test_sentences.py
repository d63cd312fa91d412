"""Sentence boundaries."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summaries.sentences import NO_WORDS, parse_sentence_words, split_sentences
from summaries.values import Span
from tests.summaries.packs import SENTENCE_WORDS, TEXT

CASES: list[list[str]] = json.loads((Path(__file__).parent / "sentences_news_cases.json").read_text("utf-8"))
# Two cases keep a tag and the quotation after it together; a third ("We will not accept it," he said.) parts them, and
# so does marked news, three times out of four.
PARTED = pytest.mark.xfail(strict=True, reason="a full stop after a speaker's tag ends our sentence")


def split(text: str, language: str = "en") -> list[str]:
    """Return the sentences of a text of one paragraph."""
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)), SENTENCE_WORDS[language])]


@pytest.mark.parametrize(
    "sentences",
    [pytest.param(case, id=case[0][:40], marks=[PARTED] if len(case) == 1 else []) for case in CASES],
)
def test_a_hard_case_of_the_news(sentences: list[str]) -> None:
    """Joined with blanks, the sentences are found again."""
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["“Will you stay?” Ilves asked.", "Nobody answered."],
        ["“Enough!” Ida Brandt told reporters on Monday.", "She left."],
        ["“Will it rain?”", "Wade said he was sure of it."],
        ["“Are they?”", "Lawmakers in the old hall applauded."],
        ["“Why?”", "“Because.”"],
        ["He called it “a shame [...] and a scandal” again.", "Then he left."],
        ["“We knew it would be hard.", "… We need to go on,” he said."],
        ["… But she stayed."],
        ["Lee (D-Ore.) Vale and Mark (R-Fla.) Stone voted no.", "(They had said so.)", "It passed."],
        ["The office opens at 9 a.m. Monday.", "It shuts at 5 p.m.", "Staff go home."],
        ["He works in the U.S. Senate.", "He lives in the U.S.", "Readers of his books do too."],
        ["She came from the U.S."],
        ["They left Plan B.", "The rest is known."],
        ["It was over . ", "Scroll down ."],
        ["Is it true?!", "Yes."],
        ["The end came at once.”", "Nobody spoke."],
        ["A first line.", "- A point.", "• Another."],
        ["See No. 5 and Sept. 4."],
        ["He bought Yum! Brands.", "iPads were next."],
    ],
)
def test_a_boundary(sentences: list[str]) -> None:
    """More hard places: tags after questions, omissions, brackets, clocks, acronyms, captions, lists."""
    sentences = [sentence.strip() for sentence in sentences]
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Am 4. September tagte der 2. Ausschuss in Ansel.", "Er vertagte sich."],
        ["„Wir bleiben“, sagte Dr. Ida Brandt.", "„Wirklich?“, fragte Tomas Lehm.", "Sie nickte."],
        ["Das geschah 2019.", "Die Firma Lehm & Co. KG schwieg.", "Papst Gregor XII. Ratgeber auch."],
        ["Sie verlor ca. 3 Mio. Euro usw. im Jahr.", "Das war am 5.", "Dann kam Hilfe."],
        ["„Kommt er?“ Lehm fragte zweimal."],
    ],
)
def test_a_german_boundary(sentences: list[str]) -> None:
    """Ordinals, low opening marks, German abbreviations."""
    assert split(" ".join(sentences), "de") == sentences


def test_without_a_pack_marks_and_capitals_decide() -> None:
    """A language that we know nothing of is split at full stops before capitals."""
    text = "Il est venu. Elle est partie. J. Dupont reste."
    spans = split_sentences(text, Span(0, len(text)), NO_WORDS)
    assert [span.of(text) for span in spans] == ["Il est venu.", "Elle est partie.", "J. Dupont reste."]


def test_offsets_are_into_the_whole_text() -> None:
    """A paragraph in the middle of a text is split where it stands."""
    text = "Title\n\n One. Two. \n\nThree."
    assert [span.of(text) for span in split_sentences(text, Span(6, 19), SENTENCE_WORDS["en"])] == ["One.", "Two."]


def test_data_without_a_list_are_refused() -> None:
    """A language pack that lacks a list is a mistake somebody should hear of."""
    data = {**TEXT["en"]["sentences"], "titles": ["Mr"]}
    with pytest.raises(ValueError, match="titles is not a string"):
        parse_sentence_words(data)


@given(
    st.text(alphabet=st.sampled_from("aB1 .?!…“”\"'’()[]-\u00a0\u3002")) | st.text(),
    st.sampled_from([NO_WORDS, *SENTENCE_WORDS.values()]),
)
@example("? [\u00a0", NO_WORDS)  # an opening mark with nothing but a blank behind it
def test_sentences_cover_everything_but_blanks(text: str, words: object) -> None:
    """Whatever the text, nothing is lost, nothing overlaps, no sentence begins or ends with a blank."""
    if not text:
        return
    at = 0
    for span in split_sentences(text, Span(0, len(text)), words):  # type: ignore[arg-type]  # hypothesis loses the type
        assert not text[at : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "text",
    ["." * 100_000, ". " * 100_000, "A. " * 100_000, "”" * 100_000, " " * 100_000, "… “" * 100_000, "a" * 100_000],
)
def test_time_is_linear(text: str) -> None:
    """A row of marks or one endless line takes seconds at most, not hours."""
    start = time.process_time()
    split_sentences(text, Span(0, len(text)), SENTENCE_WORDS["en"])
    assert time.process_time() - start < 10

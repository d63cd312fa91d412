"""The main job on a page as it is really pasted: the look-alike of the page this project started from.

All its traps are in it: captions printed twice with and without a credit, mixed marks, a headline in single marks, quotes
without a cue, "The … president" and "He", share bars, teasers at the end.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.extract import Extracting, extract_lines
from summaries.analysis import analyse_pasted
from summaries.digests import QuotedPage, Telling, quotes_message, summary_message
from summaries.printed import printed_quotes
from summaries.statements import by_speaker, key_statements, opening_of, statements_of
from summaries.values import Analysis, QuoteKind

if TYPE_CHECKING:
    from datetime import datetime

    from summaries.engine import Engine
    from summaries.message import Message
    from summaries.statements import Statement

DATA = Path(__file__).parent / "data"
PAGE = (DATA / "lookalike.txt").read_text("utf-8")
GOLD: dict[str, Any] = json.loads((DATA / "lookalike.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def analysis(engine: Engine, now: datetime) -> Analysis:
    """Return the page, analysed."""
    return analyse_pasted(PAGE, engine, now=now)


@pytest.fixture(scope="module")
def statements(analysis: Analysis, engine: Engine) -> tuple[Statement, ...]:
    """Return the page's statements at the bar for answers."""
    printed = printed_quotes(analysis.article, analysis.sentences, analysis.quotes)
    return statements_of(printed, engine.bars.asked, opening=opening_of(analysis.article))


def all_text(message: Message) -> str:
    """Return everything a message says."""
    return message.plain_text()


def test_title_byline_and_language(analysis: Analysis) -> None:
    """Kept as facts about the article, whatever stands around them."""
    article = analysis.article
    assert (article.title, article.byline, article.language) == (GOLD["title"], GOLD["byline"], GOLD["language"])
    assert article.published_at is None


def test_all_of_the_body_and_nothing_else(analysis: Analysis) -> None:
    """No caption, no share bar, no teaser; the text starts with the title."""
    title, *body = [paragraph.span.of(analysis.article.text) for paragraph in analysis.article.paragraphs]
    assert title == GOLD["title"]
    assert body == GOLD["body"]


def test_all_quotes_have_the_right_name_and_there_are_none_besides(analysis: Analysis) -> None:
    """The president by office and by pronoun, too."""
    found = [
        (quote.text, named.name if (named := quote.attribution) else None, quote.kind.value)
        for quote in analysis.quotes
    ]
    assert found == [(one["quote"], one["speaker"], one["kind"]) for one in GOLD["quotes"]]


def test_extract_gives_the_same() -> None:
    """Through the filter for corpora, with offsets into the text it gives."""
    line = json.dumps({"id": "page", "page": PAGE}).encode()
    (found,) = (json.loads(one) for one in extract_lines([line], Extracting(0.0)))
    text = found["text"]
    assert [(one["quote"], one["speaker"]) for one in found["quotes"]] == [
        (one["quote"], one["speaker"]) for one in GOLD["quotes"]
    ]
    assert all(text[one["start"] : one["end"]] == one["quote"] for one in found["quotes"])
    assert text[found["body_start"] :] == "\n\n".join(GOLD["body"])


def test_nothing_is_shown_without_its_speaker(statements: tuple[Statement, ...]) -> None:
    """At the bar for answers every quote of the page has a name, carried-on ones with the statement they belong to."""
    named = {each.quote.text: one.speaker for one in statements for each in (*one.quotes, *one.repeats)}
    assert named == {one["quote"]: one["speaker"] for one in GOLD["quotes"]}


def test_stretches_fold_into_fewer_quotes(statements: tuple[Statement, ...]) -> None:
    """Headline, opening line, standfirst and the second "proper decision" repeat others."""
    speaker = GOLD["quotes"][0]["speaker"]
    theirs = [one for one in statements if one.speaker == speaker]
    assert sum(len(one.quotes) for one in theirs) == GOLD["folded"]
    assert sum(len(one.quotes) + len(one.repeats) for one in theirs) == 11


def test_the_key_quotes_of_the_main_speaker_are_whole_sentences(statements: tuple[Statement, ...]) -> None:
    """Fragments are shown only for those who have nothing else."""
    key = key_statements(statements, 5)
    assert [each.quote.kind for each in key[0].quotes] == [QuoteKind.DIRECT] * 3
    assert {one.speaker for one in key} == {one["speaker"] for one in GOLD["quotes"]}


def test_nothing_of_the_furniture_is_ever_shown(
    analysis: Analysis, statements: tuple[Statement, ...], engine: Engine
) -> None:
    """Neither in the summary nor in anybody's digest."""
    telling = Telling(engine.bars)
    messages = [summary_message(analysis, telling, quotes=100)]
    for name, group in by_speaker(statements):
        messages.append(quotes_message(name or "", [QuotedPage(analysis.article, group)], telling))
    shown = "\n".join(map(all_text, messages))
    assert [words for words in GOLD["never_shown"] if words in shown] == []


def test_a_summary_is_three_sentences_of_the_body(analysis: Analysis) -> None:
    """Whole, verbatim, in reading order."""
    chosen = [span.of(analysis.article.text) for span in analysis.summary.sentences]
    assert len(chosen) == 3
    assert [sentence for sentence in chosen if not any(sentence in paragraph for paragraph in GOLD["body"])] == []
    assert list(analysis.summary.sentences) == sorted(analysis.summary.sentences)

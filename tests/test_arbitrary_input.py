"""Whatever comes in: no exception but "no article found", time linear in the page, every span verbatim."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summaries.analysis import analyse_html, analyse_pasted, analyse_text
from summaries.digests import QuotedPage, Telling, quotes_message, summary_message
from summaries.errors import NotAnArticleError
from summaries.printed import printed_quotes
from summaries.statements import by_speaker, statements_of
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from summaries.engine import Engine
    from summaries.values import Analysis

ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f", "\n\n", "\r\n\r\n", " "]
PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(ENDS),
    st.sampled_from(
        ["“", "”", '"', "'", "’", "‘", "„", "«", "»", "‹", "`", "(", "[", "…", ".", "?", "!", ",", ":", "—"]
    ),
    st.sampled_from(
        ["\x00", "\ufeff", "\u202e", "\u200f", "\u200d", "\U0001f468\u200d\U0001f469", "e\u0301", "\ud800", "ﬁ", "İ"]
    ),
    st.sampled_from(
        [
            "“We stay,” said Ana Pardo.",
            "Mr. Orlan told the U.S. Senate: “No.”",
            "he said",
            "according to her",
            "By Ana Pardo",
            "Read more",
            "Die Ministerin sagte: „Nein.“",
            "The president of Kharvia, Anton Belsky, said on Monday that it was “over”.",
        ]
    ),
)
PAGES = st.lists(PIECES, max_size=40).map("".join)
UNHURRIED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(analysis: Analysis, engine: Engine) -> None:
    """Assert that every span is verbatim and that all of it can be told."""
    text = analysis.article.text
    paragraphs = [paragraph.span for paragraph in analysis.article.paragraphs]
    assert paragraphs == sorted(paragraphs)
    assert all(
        one.span.end <= len(text) and one.span.of(text).strip() == one.span.of(text) for one in analysis.sentences
    )
    for quote in analysis.quotes:
        assert quote.span.of(text) == quote.text
        assert any(paragraph.covers(quote.span) for paragraph in paragraphs)
    telling = Telling(engine.bars)
    message = summary_message(analysis, telling, quotes=1000)
    for block in message.blocks:
        assert all(
            run.text in text or not run.verbatim for run in getattr(block, "runs", ()) if block is not message.blocks[1]
        )
    printed = printed_quotes(analysis.article, analysis.sentences, analysis.quotes)
    for name, group in by_speaker(statements_of(printed, 0.0)):
        quotes_message(name or "?", [QuotedPage(analysis.article, group)], telling)


@UNHURRIED
@given(page=PAGES)
def test_any_text_is_analysed(engine: Engine, page: str) -> None:
    """Also with NULs, lone surrogates, right-to-left marks and every kind of line end."""
    analysis = analyse_text(page, engine, now=NOW)
    assert analysis.article.text == page
    check(analysis, engine)


@UNHURRIED
@given(page=PAGES, title=st.text(max_size=30))
def test_any_text_with_any_title_is_analysed(engine: Engine, page: str, title: str) -> None:
    """The title may be blank, or marks."""
    check(analyse_text(f"{title}\n\n{page}", engine, now=NOW, title=title), engine)


@UNHURRIED
@given(page=PAGES)
def test_any_pasted_page_is_an_article_or_none(engine: Engine, page: str) -> None:
    """Nothing but "no article found"."""
    try:
        analysis = analyse_pasted(page, engine, now=NOW)
    except NotAnArticleError:
        return
    check(analysis, engine)


@settings(UNHURRIED, max_examples=25)
@given(page=PAGES, wrapped=st.booleans())
def test_any_html_is_an_article_or_none(engine: Engine, page: str, wrapped: bool) -> None:  # noqa: FBT001 - drawn
    """Nothing but "no article found"."""
    html = f"<html><body><article><h1>{page[:20]}</h1><p>{page}</p><p>{page}</article>" if wrapped else page
    try:
        analysis = analyse_html(html, engine, now=NOW)
    except NotAnArticleError:
        return
    check(analysis, engine)


SENTENCE = "“We will stay as long as it takes,” Water Minister Ottoline Feher said on Monday in Ost. He left at 5 p.m. "
HUGE = {
    "marks": lambda size: '"' * size,
    "curly marks": lambda size: "“”" * (size // 2),
    "apostrophes": lambda size: "' " * (size // 2),
    "opening marks": lambda size: "“a " * (size // 3),
    "full stops": lambda size: "." * size,
    "blanks": lambda size: "a" + " " * size + "b",
    "line ends": lambda size: "\r\n" * (size // 2),
    "one line": lambda size: SENTENCE * (size // len(SENTENCE)),
    "one word": lambda size: "x" * size,
    "capitals": lambda size: "Anton Belsky " * (size // 13),
    "cues": lambda size: "he said " * (size // 8),
    "many lines": lambda size: (SENTENCE + "\n\n") * (size // len(SENTENCE)),
    "captions": lambda size: "Anton Belsky at the Dam, 3 May Photo: AP\n" * (size // 41),
}
SMALL, LARGE = 5_000, 40_000


@pytest.mark.parametrize("shape", HUGE)
@pytest.mark.parametrize("analyse", [analyse_text, analyse_pasted])
def test_time_is_linear_in_the_page(engine: Engine, shape: str, analyse: Callable[..., Analysis]) -> None:
    """Eight times the page takes about eight times as long, far from the 64 times of quadratic time."""

    def seconds(size: int) -> float:
        page = HUGE[shape](size)
        taken = []
        for _ in range(2):
            start = time.process_time()
            with suppress(NotAnArticleError):
                analyse(page, engine, now=NOW)
            taken.append(time.process_time() - start)
        return min(taken)

    seconds(1_000)  # what is loaded only once
    # A tenth of a second is nothing, whatever the ratio: clocks and caches.
    assert seconds(LARGE) <= max(0.1, 24 * seconds(SMALL))


@pytest.mark.parametrize(
    "page",
    [SENTENCE * (1_000_000 // len(SENTENCE)), '"' * 100_000, "“a” " * 50_000],
    ids=["one line of 1 MB", "100,000 marks", "100,000 marks in pairs"],
)
def test_hard_pages_are_analysed(engine: Engine, page: str) -> None:
    """And every span of them is verbatim."""
    analysis = analyse_text(page, engine, now=NOW)
    assert all(quote.span.of(page) == quote.text for quote in analysis.quotes)
    summary_message(analysis, Telling(engine.bars))

"""Articles made of clean pages, and the data that cleaning reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from summaries.errors import NotAnArticleError, SummariesError
from summaries.line_model import MOVES, parse_line_model
from summaries.page_words import parse_page_words
from summaries.pages import CleanPage, article_from, article_id_of
from summaries.values import ParagraphKind

NOW = datetime(2026, 3, 3, tzinfo=UTC)
BODY = ((ParagraphKind.LEAD, "The vote is over."), (ParagraphKind.BODY, "“No,” she said."))
PAGE = CleanPage("Harbour vote", "Ana Pardo", NOW, "The Tern", "en", "https://tern.example/1", BODY)


def test_an_articles_text_starts_with_its_title() -> None:
    """Title and paragraphs are joined by blank lines, and every span covers its paragraph exactly."""
    article = article_from(PAGE, article_id="a1", language="en", fetched_at=NOW)
    assert article.text == "Harbour vote\n\nThe vote is over.\n\n“No,” she said."
    assert [(p.kind, p.span.of(article.text)) for p in article.paragraphs] == [
        (ParagraphKind.TITLE, "Harbour vote"),
        *BODY,
    ]
    assert (article.title, article.byline, article.published_at) == ("Harbour vote", "Ana Pardo", NOW)


def test_a_page_without_a_title() -> None:
    """Its text is its paragraphs."""
    page = CleanPage(None, None, None, None, None, None, BODY)
    article = article_from(page, article_id="a1", language="en", fetched_at=NOW, url="https://tern.example/2")
    assert article.body_start == 0
    assert article.url == "https://tern.example/2"


def test_the_canonical_address_and_the_known_outlet_go_first() -> None:
    """Feeds add parameters to addresses; templates say odd things about outlets."""
    article = article_from(PAGE, article_id="a1", language="en", fetched_at=NOW, url="https://x.example", outlet="Tern")
    assert (article.url, article.outlet) == ("https://tern.example/1", "Tern")


def test_ids_are_stable_and_survive_lone_surrogates() -> None:
    """The same address has the same id on every machine and in every year."""
    assert article_id_of("https://tern.example/1") == "84de6010cea189e4"
    assert article_id_of("\ud800") != article_id_of("")


def test_errors_are_told_in_plain_words() -> None:
    """The reason is the message."""
    error = NotAnArticleError("No article here.")
    assert str(error) == error.reason == "No article here."
    assert isinstance(error, SummariesError)


@pytest.mark.parametrize("data", [{}, {"features": {}, "moves": [0.0]}, {"features": [], "moves": [0.0] * len(MOVES)}])
def test_a_file_that_is_no_line_model(data: dict[str, object]) -> None:
    """It is refused at the start, not when a page comes."""
    with pytest.raises(ValueError, match="not a line model"):
        parse_line_model(data)


def test_the_line_model_reads_a_page_as_a_whole() -> None:
    """One line in doubt between two of the article is likelier part of it than the same line alone."""
    model = parse_line_model(
        {
            "features": {"body": [0, 3, 0, 0], "doubt": [0, 0, 0, 0], "menu": [3, 0, 0, 3]},
            "moves": [0, 0, 1, -1, 0, 0, 0, 0],
        }
    )
    inside = model.body_chances([["menu"], ["body"], ["doubt"], ["body"], ["menu"]])
    outside = model.body_chances([["menu"], ["doubt"], ["menu"], ["body"]])
    assert inside[2] > 0.5 > outside[1]
    assert model.body_chances([]) == []


def test_scores_that_no_exponential_holds() -> None:
    """Weights as large as they come give chances, not an overflow."""
    model = parse_line_model({"features": {"x": [9e9, -9e9, 0, 0]}, "moves": [0] * len(MOVES)})
    assert all(0 <= chance <= 1 for chance in model.body_chances([["x"]] * 3))


def test_page_words_of_no_language() -> None:
    """Without words nothing is furniture, and nobody is the author."""
    words = parse_page_words({"en": {}, "de": "nothing"})
    assert not words.phrases.search("share this article")
    assert not words.byline.match("By Ana Pardo")

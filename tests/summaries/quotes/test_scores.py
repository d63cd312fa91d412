"""Learned numbers: trees and calibration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from summaries.attribution import Calibration
from summaries.paragraphs import paragraphs_of
from summaries.quote_words import listed_forms, regular_forms
from summaries.quotes import QuoteWeights, find_quotes, parse_quote_words
from summaries.trees import Trees, parse_trees
from summaries.values import Article, Sentence, Span

if TYPE_CHECKING:
    from summaries.quote_words import QuoteWords


def test_a_tree_asks_one_question_a_level() -> None:
    """The first level is the lowest bit of the leaf, larger values set it."""
    trees = Trees(("a", "b"), [[0, 1]], [[0.5, 0.5]], [[1.0, 2.0, 3.0, 4.0]])
    assert trees.scores([[0, 0], [1, 0], [0, 1], [1, 1]]) == [1.0, 2.0, 3.0, 4.0]


def test_no_trees_and_no_rows_score_nothing() -> None:
    """Data without trees leave every score at zero."""
    assert parse_trees({}).scores([[1.0], [2.0]]) == [0.0, 0.0]
    assert Trees(("a",), [[0]], [[0.5]], [[1.0, 2.0]]).scores([]) == []


def test_many_rows_are_scored_in_parts() -> None:
    """More rows than fit one part come back in order."""
    trees = Trees(("a",), [[0]], [[299.5]], [[1.0, 2.0]])
    assert trees.scores([[n] for n in range(600)]) == [1.0] * 300 + [2.0] * 300


@pytest.mark.parametrize(
    ("score", "probability"), [(-1, 0.0), (0.0, 0.0), (0.25, 0.2), (0.5, 0.4), (0.75, 0.7), (2, 1.0)]
)
def test_a_calibration_is_a_line_through_points(score: float, probability: float) -> None:
    """Between points it is straight, outside it stays."""
    assert Calibration((0.0, 0.5, 1.0), (0.0, 0.4, 1.0)).probability(score) == pytest.approx(probability)


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("add", ["add", "adds", "added", "adding"]),
        ("note", ["note", "notes", "noted", "noting"]),
        ("reply", ["reply", "replies", "replied", "replying"]),
        ("say", ["say", "says", "sayed", "saying"]),
        ("stress", ["stress", "stresses", "stressed", "stressing"]),
    ],
)
def test_regular_verbs_need_no_list(lemma: str, forms: list[str]) -> None:
    """English inflection by its spelling rules."""
    assert [printed for printed, _ in regular_forms(lemma)] == forms


def test_irregular_forms_are_told_by_their_endings() -> None:
    """The first listed form is the third person, "-ing" is what it looks like, the rest are past."""
    assert listed_forms("say", ("says", "said", "saying")) == (
        ("say", "base"),
        ("says", "third"),
        ("said", "past"),
        ("saying", "ing"),
    )


def test_a_language_may_list_every_form() -> None:
    """Where inflection is "listed", words stand as they are printed."""
    data = {"quotes": {"inflection": "listed", "verbs": {"say": "sagte erklärte"}}}
    assert {form: verb.form for form, verb in parse_quote_words(data).verbs.items()} == {
        "sagte": "past",
        "erklärte": "past",
    }


def test_a_language_without_data_knows_no_words() -> None:
    """Everything is optional."""
    words: QuoteWords = parse_quote_words({})
    assert not words.verbs
    assert not words.titles


def test_without_the_second_look_the_first_one_counts(words: QuoteWords, weights: QuoteWeights) -> None:
    """The trees that look around are a correction: without them everything still has a speaker."""
    text = "“Guarantees must hold,” stressed Viktor Orlan."
    first = replace(weights, attribution=replace(weights.attribution, again=parse_trees({})))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    article = Article("a", None, None, None, None, text, paragraphs_of(text), "en", None, now)
    (quote,) = find_quotes(article, (Sentence(Span(0, len(text))),), words, first).quotes
    assert quote.attribution is not None
    assert quote.attribution.name == "Viktor Orlan"

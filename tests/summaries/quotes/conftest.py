"""English, as it is shipped, for the tests of the quote engine."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from summaries.paragraphs import paragraphs_of
from summaries.quote_words import table
from summaries.quotes import Found, QuoteWeights, find_quotes, parse_quote_weights, parse_quote_words, prepare
from summaries.sentences import parse_sentence_words, split_sentences
from summaries.values import Article, Sentence

if TYPE_CHECKING:
    from summaries.candidates import Candidates
    from summaries.quote_words import QuoteWords
    from summaries.resolution import Resolver

CONFIG = Path(__file__).parents[3] / "config"
Finder = Callable[..., Found]
Preparer = Callable[[str], "tuple[Candidates, Resolver]"]


def files(folder: Path) -> dict[str, object]:
    """Return the stem of each file of a folder to what it holds."""
    found: dict[str, object] = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    found.update({path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")})
    return found


@pytest.fixture(scope="session")
def english() -> dict[str, object]:
    """Return the data of the English pack."""
    return files(CONFIG / "languages" / "en")


@pytest.fixture(scope="session")
def words(english: dict[str, object]) -> QuoteWords:
    """Return the English words."""
    return parse_quote_words(english)


@pytest.fixture(scope="session")
def weights() -> QuoteWeights:
    """Return the shipped weights."""
    return parse_quote_weights(files(CONFIG / "weights"))


@pytest.fixture(scope="session")
def find(english: dict[str, object], words: QuoteWords, weights: QuoteWeights) -> Finder:
    """Return a function that finds the quotes of a text."""
    of_sentences = parse_sentence_words(table(table(english, "text"), "sentences"))

    def found(text: str, title: str | None = None) -> Found:
        paragraphs = paragraphs_of(text, title=title)
        sentences = tuple(Sentence(s) for p in paragraphs for s in split_sentences(text, p.span, of_sentences))
        now = datetime(2026, 1, 1, tzinfo=UTC)
        article = Article("a", None, None, title, None, text, paragraphs, "en", None, now)
        return find_quotes(article, sentences, words, weights)

    return found


@pytest.fixture(scope="session")
def read(words: QuoteWords, weights: QuoteWeights) -> Preparer:
    """Return a function that reads a text without quotations."""

    def made(text: str) -> tuple[Candidates, Resolver]:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        article = Article("a", None, None, None, None, text, paragraphs_of(text), "en", None, now)
        return prepare(article, [], words, weights)

    return made

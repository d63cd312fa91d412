"""The shipped furniture words and line model, as the bot loads them."""

from __future__ import annotations

from config import data
from summaries.pasted import parse_line_model, parse_page_words

WORDS = parse_page_words({code: data.language_data(code, "pages")["pages"] for code in ("de", "en")})


def _model() -> dict[str, object]:
    found = data.weights()["lines"]
    assert isinstance(found, dict)
    return found


MODEL = parse_line_model(_model())

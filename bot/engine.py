"""The engine, put together from the data that ``config`` holds and the types that ``summaries`` parses them into."""

from __future__ import annotations

from config import data
from summaries.engine import Engine, LanguagePack, parse_language_pack
from summaries.pasted import parse_line_model, parse_page_words
from summaries.quotes import parse_quote_weights, parse_quote_words
from summaries.values import Bars


def load_engine(*, asked_bar: float | None = None, pushed_bar: float | None = None) -> Engine:
    """Return the engine with all languages that have data. Takes some 50 ms: make one a process.

    Args:
        asked_bar: Goes before the bar shipped with the weights, 0 to 1.
        pushed_bar: The same for what is pushed.
    """
    languages = {code: data.language_data(code) for code in data.languages()}
    weights = data.weights()
    pages = {code: known["pages"] for code, known in languages.items() if "pages" in known}
    return Engine(
        packs={code: _pack(known) for code, known in languages.items()},
        page_words=parse_page_words(pages),
        line_model=parse_line_model(_table(weights, "lines")),
        quote_weights=parse_quote_weights(weights),
        bars=_bars(_table(_table(weights, "attribution"), "bars"), asked_bar, pushed_bar),
    )


def _pack(known: dict[str, object]) -> LanguagePack:
    quotes = parse_quote_words(known) if "quotes" in known else None
    return parse_language_pack(_table(known, "text"), quotes)


def _table(known: dict[str, object], name: str) -> dict[str, object]:
    found = known.get(name)
    return found if isinstance(found, dict) else {}


def _bars(shipped: dict[str, object], asked: float | None, pushed: float | None) -> Bars:
    """Return the bars: what was set, else what was learned, else a careful guess."""
    learned = {name: float(value) for name, value in shipped.items() if isinstance(value, (int, float))}
    return Bars(
        asked=learned.get("asked", 0.5) if asked is None else asked,
        pushed=learned.get("pushed", 0.85) if pushed is None else pushed,
    )

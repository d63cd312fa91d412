"""The engine, put together from the data that ``config`` holds and the types that ``summaries`` parses them into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import data
from summaries.ranking import NewsWeights
from summaries.story_data import parse_story_words
from summaries.values import Bars

if TYPE_CHECKING:
    from config.settings import Settings
    from store.articles import Articles
    from summaries.engine import Engine, LanguagePack
    from summaries.stories import StoryState

# Round numbers that no data chose: the same ranking a little nearer to the first sentences.
_ROUND_NEWS_WEIGHTS = NewsWeights(lead=1.0, full=10, repetition=1.0, weak=0.5)


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What an operator may choose of the engine.

    Attributes:
        asked_bar: Goes before the bar shipped with the weights, 0 to 1.
        pushed_bar: The same for what is pushed.
        noncommercial: Whether numbers may be used that were chosen by looking at data which are free for
            non-commercial use only; docs/model-card.md says which these are.
    """

    asked_bar: float | None = None
    pushed_bar: float | None = None
    noncommercial: bool = True


AS_SHIPPED = EngineChoice()


def choice_of(settings: Settings) -> EngineChoice:
    """Return what the operator's settings choose."""
    return EngineChoice(settings.asked_bar, settings.pushed_bar, settings.noncommercial)


def load_engine(choice: EngineChoice = AS_SHIPPED) -> Engine:
    """Return the engine with all languages that have data. Takes some 50 ms: make one a process."""
    from summaries.engine import Engine  # noqa: PLC0415 - what only needs the bars, or keeps articles, reads no page
    from summaries.pasted import parse_line_model, parse_page_words  # noqa: PLC0415 - the same
    from summaries.quotes import parse_quote_weights  # noqa: PLC0415 - the same

    languages = {code: data.language_data(code) for code in data.languages()}
    weights = data.weights()
    pages = {code: known["pages"] for code, known in languages.items() if "pages" in known}
    return Engine(
        packs={code: _pack(known, noncommercial=choice.noncommercial) for code, known in languages.items()},
        page_words=parse_page_words(pages),
        line_model=parse_line_model(_table(weights, "lines")),
        quote_weights=parse_quote_weights(weights),
        bars=_bars(weights, choice),
        news_weights=NewsWeights() if choice.noncommercial else _ROUND_NEWS_WEIGHTS,
    )


def load_bars(choice: EngineChoice = AS_SHIPPED) -> Bars:
    """Return the engine's bars: all that showing what is kept needs of it."""
    return _bars(data.weights("attribution"), choice)


def load_story_words() -> StoryState:
    """Return what is known of words before the first article is placed in a story."""
    return parse_story_words(_table(data.weights("stories"), "stories"))


def placing_articles() -> Articles:
    """Return the store's articles, which places those that are shared in stories: keep one for all."""
    from store.articles import Articles  # noqa: PLC0415 - what only reads pages opens no database
    from store.stories import Stories  # noqa: PLC0415 - the same

    return Articles(stories=Stories(begins=load_story_words()))


def _pack(known: dict[str, object], *, noncommercial: bool) -> LanguagePack:
    from summaries.engine import parse_language_pack  # noqa: PLC0415 - as above
    from summaries.quotes import parse_quote_words  # noqa: PLC0415 - the same

    if not noncommercial:
        # What a language adds to the weights of speech was chosen on german_wikinews; its words were not.
        speech = {name: value for name, value in _table(known, "speech").items() if name != "added"}
        known = {**known, "speech": speech}
    quotes = parse_quote_words(known) if "quotes" in known else None
    return parse_language_pack(_table(known, "text"), quotes)


def _table(known: dict[str, object], name: str) -> dict[str, object]:
    found = known.get(name)
    return found if isinstance(found, dict) else {}


def _bars(weights: dict[str, object], choice: EngineChoice) -> Bars:
    """Return the bars: what was set, else what was learned, else a careful guess."""
    shipped = _table(_table(weights, "attribution"), "bars")
    learned = {name: float(value) for name, value in shipped.items() if isinstance(value, (int, float))}
    return Bars(
        asked=learned.get("asked", 0.5) if choice.asked_bar is None else choice.asked_bar,
        pushed=learned.get("pushed", 0.85) if choice.pushed_bar is None else choice.pushed_bar,
    )

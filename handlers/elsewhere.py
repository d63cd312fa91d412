"""Which other outlets print the same words as quotes that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from handlers.wording import small
from summaries.message import Paragraph, Run, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.values import ArticleCard, FoundQuote, Sighting


def outlet_of(sighting: Sighting) -> str | None:
    """Return what an outlet is called: its name, else its site."""
    return sighting.outlet or urlsplit(sighting.url or "").hostname


def same_words_runs(
    shown: Sequence[int], sightings: Mapping[int, Iterable[Sighting]], card: ArticleCard
) -> tuple[Run, ...]:
    """Return " · same words in Courier, Gazette" for quotes of one article; nothing where they stand nowhere else.

    Args:
        shown: Their ids.
        sightings: Where else words stand, by quote.
        card: The article: its own outlet is not told again.
    """
    outlets = {one: _names(sightings.get(one, ()), card) for one in shown}
    names = list(dict.fromkeys(name for each in outlets.values() for name in each))
    everywhere = [name for name in names if all(name in each for each in outlets.values())]
    runs: list[Run] = []
    for words, some in (
        (" · same words in ", everywhere),
        (" · some of it in the same words in ", [name for name in names if name not in everywhere]),
    ):
        if some:
            runs += [small(words), Run(", ".join(some), Style.SMALL, verbatim=True)]
    return tuple(runs)


def seen_line(found: FoundQuote, sightings: Iterable[Sighting]) -> list[Paragraph]:
    """Return "First seen here · same words in Courier", or where they were first seen; nothing where only here.

    What is seen first need not have been printed first.
    """
    others = list(sightings)
    names = _names(others, found.card)
    if not names:
        return []
    listed = Run(", ".join(names), Style.SMALL, verbatim=True)
    first = min(others, key=lambda one: one.quote_id)
    if (found.quote.quote_id or 0) < first.quote_id:
        return [Paragraph((small("First seen here · same words in "), listed))]
    origin = outlet_of(first)
    if origin is None:
        return [Paragraph((small("Same words in "), listed))]
    there = Run(origin, Style.SMALL, verbatim=True)
    if names == [there.text]:
        return [Paragraph((small("Same words in "), listed, small(", first seen there")))]
    return [Paragraph((small("Same words in "), listed, small(" · first seen in "), there))]


def _names(sightings: Iterable[Sighting], card: ArticleCard) -> list[str]:
    own = {card.outlet, urlsplit(card.url or "").hostname}
    return list(dict.fromkeys(name for one in sightings if (name := outlet_of(one)) and name not in own))

"""Statements: the quotes of one speaker in paragraphs that follow each other, folded, ranked and grouped by speaker.

A statement travels whole, so that “If any troops …” is never shown without the “And if …” that goes with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.tokens import words_of
from summaries.values import ParagraphKind, QuoteKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from summaries.values import Article, Quote

_SHINGLE = 3
"""Words of the pieces by which two long quotes are compared."""
_REPEATS = 0.7
"""Share of the shorter quote's pieces in the longer from which it counts as its repetition (other tense, a word cut)."""
_CANDIDATES = 8
"""Quotes that one piece is looked for in: bounds the work on pages that repeat one phrase a thousand times."""
_OPENING_PARAGRAPHS = 4
_LONG_WORD = 4
"""Letters from which a word counts for salience; the shorter ones are mostly grammar."""
_FULL_LENGTH = 20
"""Words from which a longer quote is worth no more."""
_TITLE_LAST = {ParagraphKind.TITLE: 0, ParagraphKind.HEADING: 0, ParagraphKind.LEAD: 1, ParagraphKind.BODY: 2}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one speaker says in paragraphs that follow each other.

    Attributes:
        speaker: The name; None where no attribution reaches the bar.
        quotes: In reading order, repetitions folded away; never empty.
        repeats: Quotes elsewhere on the page that repeat one of these, or a part of it.
        worth: What it is ranked by; comparable inside one article.
    """

    speaker: str | None
    quotes: tuple[Quote, ...]
    repeats: tuple[Quote, ...]
    worth: float

    @property
    def whole(self) -> tuple[Quote, ...]:
        """The quotes that are whole sentences."""
        return tuple(quote for quote in self.quotes if quote.kind is QuoteKind.DIRECT)

    @property
    def parts(self) -> tuple[Quote, ...]:
        """The quotes that are fragments of the reporter's sentences."""
        return tuple(quote for quote in self.quotes if quote.kind is QuoteKind.PARTIAL)


def statements_of(article: Article, quotes: Sequence[Quote], bar: float) -> tuple[Statement, ...]:
    """Return the statements of an article in reading order, repetitions folded.

    Args:
        article: The quotes are its quotes.
        quotes: In reading order.
        bar: Confidence, 0 to 1, below which a quote has no speaker here.
    """
    paragraphs = _paragraph_numbers(article, quotes)
    kept, repeats = _folded(article, quotes, paragraphs, bar)
    worths = _Worth(article, quotes, bar)
    runs: list[list[int]] = []
    for at in kept:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and _speaker(quotes[last], bar) is not None
            and _speaker(quotes[last], bar) == _speaker(quotes[at], bar)
            and paragraphs[at] - paragraphs[last] <= 1
        ):
            runs[-1].append(at)
        else:
            runs.append([at])
    return tuple(
        Statement(
            _speaker(quotes[run[0]], bar),
            tuple(quotes[at] for at in run),
            tuple(quotes[other] for at in run for other in repeats.get(at, ())),
            max(worths.of(quotes[at]) for at in run),
        )
        for run in runs
    )


def ranked(statements: Iterable[Statement]) -> list[Statement]:
    """Return statements, the most telling first.

    Whole sentences go before fragments and named speakers before nobody; each speaker's best goes before anybody's
    second, so that a page with three voices is not told by one.
    """
    order = sorted(statements, key=lambda one: (one.speaker is None, not one.whole, -one.worth))
    seen: set[str | None] = set()
    firsts: list[Statement] = []
    others: list[Statement] = []
    for one in order:
        (others if one.speaker in seen or one.speaker is None else firsts).append(one)
        seen.add(one.speaker)
    return firsts + others


def key_statements(statements: Iterable[Statement], count: int) -> list[Statement]:
    """Return the most telling statements, best first, with ``count`` quotes in all.

    A statement that is too long for what is left loses quotes at its end, never at its beginning: what is carried on
    stays with what it is carried on from.
    """
    chosen: list[Statement] = []
    left = count
    for one in ranked(statements):
        if left <= 0:
            break
        # Fragments that stand beside whole sentences of the same statement say little.
        quotes = (one.whole or one.quotes)[:left]
        chosen.append(Statement(one.speaker, quotes, one.repeats, one.worth))
        left -= len(quotes)
    return chosen


def key_quotes(article: Article, quotes: Sequence[Quote], bar: float, count: int) -> tuple[Quote, ...]:
    """Return the ``count`` most telling quotes of an article, best statement first."""
    if count <= 0:
        return ()
    return tuple(quote for one in key_statements(statements_of(article, quotes, bar), count) for quote in one.quotes)


def by_speaker(statements: Iterable[Statement]) -> list[tuple[str | None, tuple[Statement, ...]]]:
    """Return statements grouped by speaker, speakers in the order in which they first come, nobody last."""
    groups: dict[str | None, list[Statement]] = {}
    for one in statements:
        groups.setdefault(one.speaker, []).append(one)
    return [(name, tuple(group)) for name, group in sorted(groups.items(), key=lambda each: each[0] is None)]


def _speaker(quote: Quote, bar: float) -> str | None:
    attribution = quote.attributed(bar)
    return None if attribution is None else attribution.name


def _paragraph_numbers(article: Article, quotes: Iterable[Quote]) -> list[int]:
    starts = [paragraph.span.start for paragraph in article.paragraphs]
    return [bisect_right(starts, quote.span.start) - 1 for quote in quotes]


def _folded(
    article: Article, quotes: Sequence[Quote], paragraphs: Sequence[int], bar: float
) -> tuple[list[int], dict[int, list[int]]]:
    """Return the places of the quotes that repeat no other, and of those that repeat them.

    The longer of two quotes is kept; of two that are alike, the one that stands in the body, where its sentence says
    most about it.
    """
    words = [words_of(quote.text) for quote in quotes]
    order = sorted(
        range(len(quotes)),
        key=lambda at: (-len(words[at]), -_TITLE_LAST[article.paragraphs[paragraphs[at]].kind], at),
    )
    kept: list[int] = []
    repeats: dict[int, list[int]] = {}
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    pieces: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in order:
        said = tuple(words[at])
        original = next(
            (
                other
                for other in (*same[said][:_CANDIDATES], *_holders(said, words, pieces))
                if _may_be_one(quotes[at], quotes[other], bar)
            ),
            None,
        )
        if original is not None:
            repeats.setdefault(original, []).append(at)
            continue
        kept.append(at)
        same[said].append(at)
        for size in (1, 2, _SHINGLE):
            for piece in _pieces(said, size):
                if len(pieces[piece]) < _CANDIDATES:
                    pieces[piece].append(at)
    return sorted(kept), repeats


def _pieces(words: Sequence[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def _holders(
    said: tuple[str, ...], words: Sequence[Sequence[str]], pieces: dict[tuple[str, ...], list[int]]
) -> list[int]:
    """Return places of longer quotes that hold these words, nearly or exactly, best first."""
    size = min(_SHINGLE, len(said))
    wanted = _pieces(said, size) if size else set()
    shared = Counter(other for piece in wanted for other in pieces.get(piece, ()))
    found = [other for other, count in shared.most_common(_CANDIDATES) if count >= _REPEATS * len(wanted)]
    if len(said) > _SHINGLE:
        return found
    return [other for other in found if said in _pieces(words[other], len(said))]


def _may_be_one(quote: Quote, other: Quote, bar: float) -> bool:
    """Return whether two quotes may be of one speaker."""
    one, two = _speaker(quote, bar), _speaker(other, bar)
    return one is None or one == two


class _Worth:
    """What a quote is worth: its length, what it shares with the article's opening, its speaker's weight."""

    def __init__(self, article: Article, quotes: Sequence[Quote], bar: float) -> None:
        opening = article.paragraphs[:_OPENING_PARAGRAPHS]
        self._opening = {word for each in opening for word in _long_words(each.span.of(article.text))}
        self._bar = bar
        self._said: Counter[str | None] = Counter()
        for quote in quotes:
            self._said[_speaker(quote, bar)] += 1 + quote.text.count(" ")

    def of(self, quote: Quote) -> float:
        """Return the worth, 0 to 3."""
        words = _long_words(quote.text)
        salience = sum(word in self._opening for word in words) / len(words) if words else 0.0
        length = min(1.0, (1 + quote.text.count(" ")) / _FULL_LENGTH)
        speaker = self._said[_speaker(quote, self._bar)] / max(1, self._said.total())
        return salience + length + speaker


def _long_words(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) >= _LONG_WORD]

"""Statements: the quotes of one speaker in paragraphs that follow each other, folded, ranked and grouped by speaker.

A statement travels whole, so that “If any troops …” is never shown without the “And if …” that goes with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.tokens import words_of
from summaries.values import QuoteKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from summaries.printed import PrintedQuote
    from summaries.values import Article

CARRIED_BAR = 0.5
"""Confidence from which a carried-on quote stays with the one it is carried on from: likelier than not."""
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
    quotes: tuple[PrintedQuote, ...]
    repeats: tuple[PrintedQuote, ...]
    worth: float

    @property
    def whole(self) -> tuple[PrintedQuote, ...]:
        """The quotes that are whole sentences."""
        return tuple(each for each in self.quotes if each.quote.kind is QuoteKind.DIRECT)

    @property
    def parts(self) -> tuple[PrintedQuote, ...]:
        """The quotes that are fragments of the reporter's sentences."""
        return tuple(each for each in self.quotes if each.quote.kind is QuoteKind.PARTIAL)


def statements_of(quotes: Sequence[PrintedQuote], bar: float, *, opening: str = "") -> tuple[Statement, ...]:
    """Return the statements of one article in reading order, repetitions folded.

    Args:
        quotes: Of the article, in reading order.
        bar: Confidence, 0 to 1, below which a quote has no speaker here.
        opening: Title and first paragraphs: quotes that share their words are worth more.
    """
    speakers = _speakers(quotes, bar)
    words = [words_of(each.quote.text) for each in quotes]
    kept, repeats = _folded(quotes, speakers, words)
    worth = _Worth(quotes, speakers, words, opening)
    runs: list[list[int]] = []
    for at in kept:
        last = runs[-1][-1] if runs else None
        if last is not None and _goes_on(last, at, quotes, speakers):
            runs[-1].append(at)
        else:
            runs.append([at])
    return tuple(
        Statement(
            speakers[run[0]],
            tuple(quotes[at] for at in run),
            tuple(quotes[other] for at in run for other in repeats.get(at, ())),
            max(worth.of(at) for at in run),
        )
        for run in runs
    )


def _goes_on(last: int, at: int, quotes: Sequence[PrintedQuote], speakers: Sequence[str | None]) -> bool:
    between = quotes[at].paragraph_index - quotes[last].paragraph_index
    return speakers[last] is not None and speakers[last] == speakers[at] and between <= 1


def ranked(statements: Iterable[Statement]) -> list[Statement]:
    """Return statements, the most telling first.

    Whole sentences go before fragments, named speakers before nobody, and what has its speaker beside it before what
    is only carried on; each speaker's best goes before anybody's second, so that a page with three voices is not told
    by one.
    """
    order = sorted(statements, key=lambda one: (one.speaker is None, not one.whole, _is_carried(one), -one.worth))
    seen: set[str | None] = {None}
    firsts: list[Statement] = []
    others: list[Statement] = []
    for one in order:
        (others if one.speaker in seen else firsts).append(one)
        seen.add(one.speaker)
    return firsts + others


def _is_carried(statement: Statement) -> bool:
    """Return whether the first whole quote of a statement has no name beside it."""
    attribution = (statement.whole or statement.quotes)[0].quote.attribution
    return attribution is not None and attribution.carried_on


def key_statements(statements: Iterable[Statement], count: int) -> list[Statement]:
    """Return the most telling statements, best first, with ``count`` quotes in all.

    Fragments that nobody is named for are none of them: a title or a phrase in marks looks the same. A statement that
    is too long for what is left loses quotes at its end, never at its beginning: what is carried on stays with what it
    is carried on from.
    """
    chosen: list[Statement] = []
    left = count
    for one in ranked(statements):
        if left <= 0:
            break
        if one.speaker is None and not one.whole:
            continue
        # Fragments that stand beside whole sentences of the same statement say little.
        quotes = (one.whole or one.quotes)[:left]
        chosen.append(Statement(one.speaker, quotes, one.repeats, one.worth))
        left -= len(quotes)
    return chosen


def by_speaker(statements: Iterable[Statement]) -> list[tuple[str | None, tuple[Statement, ...]]]:
    """Return statements grouped by speaker, speakers in the order in which they first come, nobody last."""
    groups: dict[str | None, list[Statement]] = {}
    for one in statements:
        groups.setdefault(one.speaker, []).append(one)
    return [(name, tuple(group)) for name, group in sorted(groups.items(), key=lambda each: each[0] is None)]


def opening_of(article: Article) -> str:
    """Return the title and first paragraphs, what ``statements_of`` weighs quotes against."""
    return "\n".join(each.span.of(article.text) for each in article.paragraphs[:_OPENING_PARAGRAPHS])


def _speakers(quotes: Sequence[PrintedQuote], bar: float) -> list[str | None]:
    """Return each quote's speaker, None below the bar.

    What is carried on from the quote before it needs less: it is shown with that quote and marked as carried on, and
    without it a statement would lose its second half.
    """
    speakers: list[str | None] = []
    for at, each in enumerate(quotes):
        attribution = each.quote.attribution
        needed = bar
        if attribution is not None and at and speakers[-1] == each.speaker:
            if each.quote.group is not None and each.quote.group == quotes[at - 1].quote.group:
                needed = 0.0  # one quotation, whose paragraphs have one speaker
            elif attribution.carried_on:
                needed = min(bar, CARRIED_BAR)
        speakers.append(each.speaker if each.quote.attributed(needed) else None)
    return speakers


def _folded(
    quotes: Sequence[PrintedQuote], speakers: Sequence[str | None], words: Sequence[list[str]]
) -> tuple[list[int], dict[int, list[int]]]:
    """Return the places of the quotes that repeat no other, and of those that repeat them.

    The longer of two quotes is kept; of two that are alike, the one that stands below title and first paragraph,
    where its sentence says most about it.
    """
    order = sorted(range(len(quotes)), key=lambda at: (-len(words[at]), -min(2, quotes[at].paragraph_index), at))
    kept: list[int] = []
    repeats: dict[int, list[int]] = {}
    pieces: dict[tuple[str, ...], list[int]] = defaultdict(list)
    # Pieces of one or two words are looked for only where a quote has no more.
    sizes = {min(_SHINGLE, len(said)) for said in words if said}
    found = [_pieces(said, min(_SHINGLE, len(said))) if said else frozenset() for said in words]
    if len(sizes) <= 1 and sum(map(len, found)) == len(frozenset().union(*found)):
        # As on most pages: nothing that one quote says stands in another.
        return list(range(len(quotes))), {}
    for at in order:
        holders = _holders(found[at], pieces)
        original = next((other for other in holders if speakers[at] in {None, speakers[other]}), None)
        if original is not None:
            repeats.setdefault(original, []).append(at)
            continue
        kept.append(at)
        for size in sizes:
            for piece in _pieces(words[at], size):
                holders = pieces[piece]
                if len(holders) < _CANDIDATES:
                    holders.append(at)
    return sorted(kept), repeats


def _pieces(words: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*[words[start:] for start in range(size)], strict=False))


def _holders(wanted: frozenset[tuple[str, ...]], pieces: Mapping[tuple[str, ...], list[int]]) -> list[int]:
    """Return the places of quotes that hold these pieces, all of them or nearly, best first."""
    shared = Counter(other for piece in wanted & pieces.keys() for other in pieces[piece])
    return [other for other, count in shared.most_common(_CANDIDATES) if count >= _REPEATS * len(wanted)]


class _Worth:
    """What a quote is worth: its length, what it shares with the article's opening, its speaker's weight."""

    def __init__(
        self,
        quotes: Sequence[PrintedQuote],
        speakers: Sequence[str | None],
        words: Sequence[list[str]],
        opening: str,
    ) -> None:
        self._quotes, self._speakers, self._words = quotes, speakers, words
        self._opening = set(_long_words(words_of(opening)))
        self._said: Counter[str | None] = Counter()
        for each, speaker in zip(quotes, speakers, strict=True):
            self._said[speaker] += 1 + each.quote.text.count(" ")
        self._all = max(1, self._said.total())

    def of(self, at: int) -> float:
        """Return the worth of the quote at a place, 0 to 3."""
        text = self._quotes[at].quote.text
        words = _long_words(self._words[at])
        salience = sum(word in self._opening for word in words) / len(words) if words else 0.0
        length = min(1.0, (1 + text.count(" ")) / _FULL_LENGTH)
        return salience + length + self._said[self._speakers[at]] / self._all


def _long_words(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= _LONG_WORD]

"""An article as the attribution reads it: words and punctuation, each quotation folded into one piece.

Folding makes distances mean what they mean to a reader: “…,” said Orlan is two words away from its quotation,
however long that is. Everything is counted in pieces; prefix sums make "how many … between" a subtraction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.quote_words import QuoteWords
    from summaries.values import Paragraph, Span

# "the pope.The older brother": a blank was lost after the full stop; "U.S." and "ver.di" are one word.
WORD = re.compile(r"\w+(?:(?:['’&\-]|(?<![a-zà-ÿ])\.|\.(?![A-ZÀ-Þ][a-zà-ÿ]))\w+)*|[^\w\s]")
PREFIX = re.compile(r"[^\W\d_]{1,4}['’-](?=\w)")
POSSESSIVE = re.compile(r"['’][sS]$")
MARKS = frozenset("\"'“”„«»‹›‘’‚`‟")
SHORT = 4
"""Letters of a word that a full stop before a number may cut short ("Sept.")."""
LONGEST_WORD = 60
"""Characters; what is longer (an address, noise) is never a name or a verb."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The pieces of one article, in reading order; all tuples have one entry a piece.

    Attributes:
        low: A word in lower case without its possessive ending; a mark of punctuation; "" for a quotation.
        capital: Whether a word begins with a capital or a digit-free letter in upper case.
        possessive: Whether the word was printed with 's.
        quote: The number of the folded quotation, -1 for words.
        paragraph: The number of the paragraph.
        breaks: Ends of sentences before this piece, from the article's start.
        commas: Commas before this piece.
        quotes: Quotations before this piece.
        place_of: The piece that each quotation became.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    low: tuple[str, ...]
    capital: tuple[bool, ...]
    possessive: tuple[bool, ...]
    quote: tuple[int, ...]
    paragraph: tuple[int, ...]
    breaks: tuple[int, ...]
    commas: tuple[int, ...]
    quotes: tuple[int, ...]
    place_of: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.low)

    def printed(self, place: int) -> str:
        """Return a piece as printed, without a possessive ending."""
        return self.text[self.starts[place] : self.ends[place]]

    def sentence_start(self, place: int) -> bool:
        """Return whether a sentence or a paragraph begins with this piece (opening punctuation aside)."""
        return place == 0 or self.breaks[place] != self.breaks[place - 1]


class _Pieces:
    """The growing columns of a Reading."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.low: list[str] = []
        self.capital: list[bool] = []
        self.possessive: list[bool] = []
        self.quote: list[int] = []
        self.paragraph: list[int] = []

    def add(  # noqa: PLR0913 - one argument a column
        self, start: int, end: int, low: str, *, paragraph: int, capital: bool, possessive: bool, quote: int
    ) -> None:
        self.starts.append(start)
        self.ends.append(end)
        self.low.append(low)
        self.capital.append(capital)
        self.possessive.append(possessive)
        self.quote.append(quote)
        self.paragraph.append(paragraph)

    def add_words(self, text: str, start: int, end: int, paragraph: int, words: QuoteWords) -> None:
        """Add the words and the punctuation of a stretch that holds no quotation."""
        taken = start
        for found in WORD.finditer(text, start, end):
            printed, at, to = found.group(), found.start(), found.end()
            # The comma inside the marks belongs to neither side.
            if at < taken or (printed == "," and self.quote and self.quote[-1] >= 0 and self.ends[-1] == at):
                continue
            if printed in MARKS:
                # The plural's possessive: "Democrats’ campaign".
                if self.ends and self.ends[-1] == at and self.low[-1].endswith("s"):
                    self.possessive[-1] = True
                continue
            ending = POSSESSIVE.search(printed) if len(printed) <= LONGEST_WORD else None
            low = printed[: ending.start()].lower() if ending else printed.lower()
            if ending is None and ("'" in printed or "’" in printed):
                head = re.split("['’]", low, maxsplit=1)[0]
                low = head if head in words.subjects else low.replace("’", "'")
            # An abbreviation keeps its full stop, which then ends no sentence.
            if (
                text[to : to + 1] == "."
                and to < end
                and (
                    "." in printed
                    or low + "." in words.titles
                    or low + "." in words.suffixes
                    or (len(printed) == 1 and printed.isupper())
                )
            ):
                to += 1
                taken = to
            # "al-Assad" is a name as "Assad" is.
            capital = printed[0].isupper() or (prefixed(printed, words) or printed)[0].isupper()
            self.add(
                at,
                at + ending.start() if ending else to,
                low,
                paragraph=paragraph,
                capital=capital,
                possessive=ending is not None,
                quote=-1,
            )


def prefixed(word: str, words: QuoteWords) -> str | None:
    """Return a word without the particle that is written in one with it, None without one: "Assad" of "al-Assad"."""
    found = PREFIX.match(word)
    if found is None or found[0].lower().replace("’", "'") not in words.particles:
        return None
    return word[found.end() :]


def read_article(text: str, paragraphs: Sequence[Paragraph], quotes: Sequence[Span], words: QuoteWords) -> Reading:
    """Return the article's pieces.

    Args:
        text: The article's text.
        paragraphs: In reading order, not overlapping.
        quotes: The quotations, marks excluded, in reading order, not overlapping, none across paragraphs.
        words: Of the article's language.
    """
    pieces = _Pieces()
    place_of: list[int] = []
    number = 0
    for index, paragraph in enumerate(paragraphs):
        at, end = paragraph.span.start, paragraph.span.end
        while number < len(quotes) and quotes[number].start < end:
            quote = quotes[number]
            pieces.add_words(text, at, quote.start, index, words)
            place_of.append(len(pieces.low))
            pieces.add(quote.start, quote.end, "", paragraph=index, capital=False, possessive=False, quote=number)
            at = quote.end
            number += 1
        pieces.add_words(text, at, end, index, words)
    breaks, commas, seen = _sums(text, pieces)
    return Reading(
        text,
        tuple(pieces.starts),
        tuple(pieces.ends),
        tuple(pieces.low),
        tuple(pieces.capital),
        tuple(pieces.possessive),
        tuple(pieces.quote),
        tuple(pieces.paragraph),
        breaks,
        commas,
        seen,
        tuple(place_of),
    )


def _sums(text: str, pieces: _Pieces) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return, for every piece, how many ends of sentences, commas and quotations stand before it."""
    breaks, commas, quotes = [], [], []
    broken = comma = quoted = 0
    total = len(pieces.low)
    for place in range(total):
        if place and (
            pieces.paragraph[place] != pieces.paragraph[place - 1] or _ends_sentence(text, pieces, place - 1, place)
        ):
            broken += 1
        breaks.append(broken)
        commas.append(comma)
        quotes.append(quoted)
        comma += pieces.low[place] == ","
        quoted += pieces.quote[place] >= 0
    return tuple(breaks), tuple(commas), tuple(quotes)


def _ends_sentence(text: str, pieces: _Pieces, place: int, after: int) -> bool:
    """Return whether a sentence ends between two pieces of one paragraph."""
    if pieces.quote[place] < 0:
        if pieces.low[place] == ".":
            # "Inc. said", "Nov. 8": what goes on with a small letter, or after a short word with a number, was short.
            low = pieces.low[after]
            if low[:1].isdigit():
                return len(pieces.low[place - 1]) > SHORT
            return pieces.capital[after] if low[:1].isalpha() else low not in {".", ")", "…"}
        return pieces.low[place] in {"!", "?"}
    # “The dam held.” Next to a small letter or to “…?” Ilves asked: the sentence goes on.
    last = text[pieces.ends[place] - 1]
    goes_on = pieces.quote[after] < 0 and not pieces.capital[after]
    return last == "." and not goes_on

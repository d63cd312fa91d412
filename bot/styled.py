"""Text with styled stretches, and where to cut it when a platform's limit is reached.

Offsets count characters (code points) of ``StyledText.text`` and are half-open. Sizes are UTF-16 code units: what Telegram
counts, and never less than what Slack counts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from summaries.message import Run, Style

# Both platforms drop or blank these; done here, so that what we measure is what they store. U+202A to U+202E turn the
# reading direction of everything behind them and are removed by Telegram's server. A lone surrogate is not UTF-8.
_CLEANED: dict[int, str | None] = dict.fromkeys((*range(0x20), 0x7F), " ")
_CLEANED |= dict.fromkeys(range(0x202A, 0x202F))
_CLEANED |= {ord("\n"): "\n", ord("\r"): None, 0x2028: "\n", 0x2029: "\n"}
_CLEANED |= dict.fromkeys(range(0xD800, 0xE000), "�")
# Letters by their category, but drawn as nothing: Hangul fillers and the empty Braille pattern.
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# A sentence ends with its closing marks; the blank after it goes with the cut.
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»›)\]]{0,4}(?=\s)")
_BLANK = re.compile(r"\s")
_LINK = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e]+")
# A cut in the first quarter of the room would leave a crumb of a message behind.
_LEAST_SHARE = 4


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def is_link(address: str) -> bool:
    """Return whether an address may be put behind words: on the web, without blanks and control characters.

    A page states its own address, and a terminal obeys an escape sequence in a link as it does one in the text.
    """
    return _LINK.fullmatch(address) is not None


def is_visible(text: str) -> bool:
    """Return whether anything of the text is drawn; platforms refuse a message that shows nothing."""
    return any(unicodedata.category(char)[0] not in "ZC" and char not in _DRAWN_AS_NOTHING for char in text)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run's place in the text, never empty."""

    start: int
    end: int
    style: Style
    link: str | None
    verbatim: bool


@dataclass(frozen=True, slots=True)
class StyledText:
    """Characters, and how they are set.

    Attributes:
        stretches: In reading order, without gaps or overlaps; together they cover the text.
    """

    text: str
    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, runs: Iterable[Run]) -> StyledText:
        """Return the runs one after the other, cleaned of what no platform keeps, blanks at both ends excluded."""
        text, stretches = [], []
        at = 0
        for run in runs:
            cleaned = run.text.translate(_CLEANED)
            if cleaned:
                link = run.link if run.link and is_link(run.link) else None
                stretches.append(Stretch(at, at + len(cleaned), run.style, link, run.verbatim))
                text.append(cleaned)
                at += len(cleaned)
        return cls("".join(text), tuple(stretches)).trimmed()

    def part(self, start: int, end: int) -> StyledText:
        """Return the characters of a range with their styles."""
        kept = (
            replace(stretch, start=max(stretch.start, start) - start, end=min(stretch.end, end) - start)
            for stretch in self.stretches
            if stretch.start < end and stretch.end > start
        )
        return StyledText(self.text[start:end], tuple(kept))

    def trimmed(self) -> StyledText:
        """Return it without blanks at its ends."""
        start = len(self.text) - len(self.text.lstrip())
        end = len(self.text.rstrip())
        if start == 0 and end == len(self.text):
            return self
        return self.part(start, max(start, end))

    def pieces(self, limit: int) -> Iterator[StyledText]:
        """Yield it in pieces of at most ``limit`` units, blanks at the cuts dropped.

        Cut between lines, then sentences, then before words out of an article; inside them only where they
        are longer than a whole piece, then between sentences, words, and at last characters.
        """
        start, end = 0, len(self.text)
        while start < end:
            last = self._reach(start, limit)
            cut = end if last >= end else self._cut(start, last, limit)
            piece = self.part(start, cut).trimmed()
            if piece.text:
                yield piece
            start = cut

    def _reach(self, start: int, limit: int) -> int:
        """Return how far ``limit`` units lead from ``start``."""
        window = self.text[start : start + limit]
        while (over := units(window) - limit) > 0:
            window = window[: -((over + 1) // 2)]
        return start + len(window)

    def _cut(self, start: int, last: int, limit: int) -> int:
        """Return where to cut, in (start, last]."""
        least = start + (last - start) // _LEAST_SHARE
        verbatim = self._verbatim(start, last)

        def is_free(at: int) -> bool:
            before = bisect_left(verbatim, (at,)) - 1
            return before < 0 or verbatim[before][1] <= at

        window = self.text[start : last + 1]
        lines = [start + i + 1 for i, char in enumerate(window[:-1]) if char == "\n"]
        sentences = [start + match.end() for match in _SENTENCE_END.finditer(window) if start + match.end() <= last]
        for candidates in (lines, sentences):
            for at in reversed(candidates):
                if at >= least and is_free(at):
                    return at
        if verbatim and verbatim[-1][1] > last:
            crossing, its_end = verbatim[-1]
            if crossing > start and units(self.text[crossing:its_end]) <= limit:
                return crossing
        blanks = [start + match.start() for match in _BLANK.finditer(window) if match.start()]
        for candidates in (lines, sentences, blanks):
            if candidates and candidates[-1] >= least:
                return candidates[-1]
        return self._between_signs(start, last)

    def _verbatim(self, start: int, last: int) -> list[tuple[int, int]]:
        """Return the whole stretches out of an article that touch a range, neighbours of other styles joined."""
        joined: list[tuple[int, int]] = []
        for stretch in self.stretches:
            if not stretch.verbatim or (stretch.end <= start and not joined):
                continue
            if joined and joined[-1][1] == stretch.start:
                joined[-1] = (joined[-1][0], stretch.end)
            elif stretch.start < last:
                joined.append((stretch.start, stretch.end))
        return joined

    def _between_signs(self, start: int, last: int) -> int:
        """Return the last place that does not part a sign from what is drawn with it (accents, joiners, flags)."""
        for at in range(last, max(start, last - 32), -1):
            before, after = self.text[at - 1], self.text[at]
            joined = "\u200d" in (before, after) or unicodedata.category(after)[0] == "M"
            # Two regional indicators are one flag; which two belong together only the run's start tells.
            joined |= "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
            joined |= "\U0001f3fb" <= after <= "\U0001f3ff"
            if not joined:
                return at
        return last

"""Where the quotation marks of a text open and close: typed pairs, paragraph by paragraph, with recovery.

Newsrooms mix “ and " in one pair, forget a mark, paste LaTeX and write feet and inches with the same characters.
Nothing is decided here about what the words between two marks are; see ``speech`` for that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.values import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.values import Paragraph


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words between two marks, or between one mark and where its fellow must have been lost.

    Attributes:
        span: The words, marks and blanks at the ends excluded.
        opened: The opening mark; None where it was lost (the words then begin with the paragraph).
        closed: The closing mark; None where it was lost or is not printed.
        single: Whether the marks are single ones.
        nested: Whether it stands inside another stretch.
        open_at_end: Whether it runs to its paragraph's end without a closing mark.
        continues: Whether it goes on with a stretch that was left open in the paragraph before.
        paragraph: Index of its paragraph among those that were given.
    """

    span: Span
    opened: Span | None
    closed: Span | None
    single: bool
    nested: bool
    open_at_end: bool
    continues: bool
    paragraph: int


# Apostrophes inside words are skipped here already: they are nine in ten of all these characters.
# Addresses and attributes of markup (name="…") are passed over whole.
_MARK = re.compile(r"(?<=\w)=[\"“”][^\"“”<>\n]{0,300}[\"“”]|``|''|[“”\"„‟«»‹›‚]|(?<!\w)['’‘‛]|['’‘‛](?!\w)")
_SINGLES = frozenset("'’‘‛‹›‚")
_OPENING = frozenset(("“", "„", "‟", "``", "«", "‹", "‚", "‘", "‛"))
_ONLY_CLOSING = frozenset(("”", "»"))
# What may stand between the words and a mark without belonging to either.
_BEFORE_OPENING = frozenset("([{<—–-/¿¡|*_>+…:,;")
_AFTER_CLOSING = frozenset(")]}>.,;:!?—–-/|*_…")
_CLOSERS = {
    "“": frozenset(("”", '"', "“", "''", "‟")),
    "”": frozenset(("”", '"', "“", "''")),
    '"': frozenset(('"', "”", "“", "''", "‟")),
    "‟": frozenset(('"', "”", "“", "''")),
    "``": frozenset(("''", '"', "”", "“")),
    "''": frozenset(("''", '"', "”")),
    "„": frozenset(("“", "”", '"', "''", "‟")),
    "«": frozenset(("»",)),
    "»": frozenset(("«", "»")),
    "‘": frozenset(("’", "'", "‘")),
    "‛": frozenset(("’", "'")),
    "'": frozenset(("'", "’")),
    "’": frozenset(("’", "'")),
    "‚": frozenset(("‘", "’", "'")),
    "‹": frozenset(("›",)),
    "›": frozenset(("‹", "›")),
}
# Words that begin with an apostrophe: no quotation opens there.
_ELIDED = re.compile(
    r"(?:\d0s|\d\d\b|em|til|tis|twas|twill|cause|cuz|n|round|bout|fore|neath|nother|cept|nuff|ere|im|er|un|s)\b",
    re.IGNORECASE,
)
_INCHES = re.compile(r"\d ?['’′] ?\d{1,2}(?:½|¼|¾|\.\d)?$|\d[-/x×. ]?\d*$")


_DEEPEST = 4
"""Quotations inside each other; print has three. Without an end, 100,000 opening marks would cost their square."""
_FARTHEST = 60
"""Marks after which a single mark is not looked for any more; for the same reason."""


@dataclass(slots=True)
class _Mark:
    """A mark with what its neighbours say: whether it can only open, only close, or both."""

    kind: str
    start: int
    end: int
    opens: bool
    closes: bool

    @property
    def single(self) -> bool:
        """Whether it is a single mark."""
        return self.kind in _SINGLES

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


def quoted_stretches(text: str, paragraphs: Sequence[Paragraph]) -> tuple[Stretch, ...]:
    """Return the stretches between marks, in reading order; a nested one follows the one it stands in.

    Time is linear in the text.
    """
    found: list[Stretch] = []
    left_open = False
    for index, paragraph in enumerate(paragraphs):
        reader = _Reader(text, paragraph.span, index, left_open=left_open)
        stretches = reader.read()
        found += stretches
        left_open = reader.left_open
    return tuple(found)


def _marks(text: str, within: Span) -> list[_Mark]:
    """Return the marks of a paragraph; marks that touch are read as one, for what stands around them."""
    found = [
        (m.group(), m.start(), m.end()) for m in _MARK.finditer(text, within.start, within.end) if m.group()[0] != "="
    ]
    marks: list[_Mark] = []
    first = 0
    while first < len(found):
        last = first
        while last + 1 < len(found) and found[last + 1][1] == found[last][2]:
            last += 1
        start, end = found[first][1], found[last][2]
        before = text[start - 1] if start > within.start else " "
        after = text[end] if end < within.end else " "
        room_before = before.isspace() or before in _BEFORE_OPENING
        room_after = after.isspace() or after in _AFTER_CLOSING
        # A comma or colon that touches a mark stands before a quotation only where no blank follows the mark.
        opens = room_before and not (after.isspace() or (room_after and not before.isspace()))
        closes = room_after and not before.isspace()
        marks += [_Mark(kind, at, to, opens, closes) for kind, at, to in found[first : last + 1]]
        first = last + 1
    return marks


class _Reader:
    """Pairs the marks of one paragraph."""

    def __init__(self, text: str, within: Span, index: int, *, left_open: bool) -> None:
        self.text = text
        self.within = within
        self.index = index
        self.continues = left_open
        self.left_open = False
        self.marks = _marks(text, within)
        self.stack: list[_Mark] = []
        self.found: list[Stretch] = []
        self.single_closers: dict[int, int] = {}
        self.surplus = self._surplus()

    def _surplus(self) -> list[int]:
        """Return, for each mark, how many more double marks close than open from it on."""
        surplus = [0] * (len(self.marks) + 1)
        for i in range(len(self.marks) - 1, -1, -1):
            mark = self.marks[i]
            step = 0
            if not mark.single:
                step = -1 if _likely_opens(mark) else 1
            surplus[i] = surplus[i + 1] + step
        return surplus

    def read(self) -> list[Stretch]:
        """Return the paragraph's stretches, in reading order."""
        for i, mark in enumerate(self.marks):
            if mark.single:
                self._single(i, mark)
            else:
                self._double(i, mark)
        self._end()
        return sorted(self.found, key=lambda stretch: (stretch.span.start, -stretch.span.end))

    def _double(self, i: int, mark: _Mark) -> None:
        top = self._top_double()
        if top is None:
            self._double_outside(mark)
        elif mark.kind in _CLOSERS[top.kind] and not self._opens_inside(top, mark):
            self._close(top, mark)
        elif self._may_open(mark):
            same_family = bool(_CLOSERS[mark.kind] & _CLOSERS[top.kind])
            if same_family and self.surplus[i] < 1:
                self._lose_closer(top, mark.start)
            if len(self.stack) < _DEEPEST:
                self._open(mark)

    def _double_outside(self, mark: _Mark) -> None:
        """Read a double mark where no double one is open."""
        if self._may_open(mark) and not self._measures(mark):
            self._open(mark)
        elif self.continues and not self.found and mark.closes and mark.kind in _ONLY_CLOSING and not self.stack:
            # The quotation was left open in the paragraph before and its new opening mark was not printed.
            self._emit(None, mark, Span(self.within.start, mark.start))

    def _opens_inside(self, top: _Mark, mark: _Mark) -> bool:
        """Return whether a mark that could close ``top`` opens something inside it instead."""
        if mark.kind in {"”", "''", "»"} or (mark.kind == "“" and top.kind == "„"):
            return mark.opens and mark.kind == top.kind
        if mark.kind in {"“", "``"}:
            return mark.opens
        return mark.opens or (not mark.closes and self._measures(mark))

    def _may_open(self, mark: _Mark) -> bool:
        if mark.kind in {"”", "»"}:
            return mark.opens or (mark.kind == "”" and mark.start == self.within.start)
        return not mark.closes

    def _measures(self, mark: _Mark) -> bool:
        """Return whether the mark stands for inches: 6'2", 3.5"."""
        return mark.kind == '"' and bool(_INCHES.search(self.text[max(self.within.start, mark.start - 8) : mark.start]))

    def _single(self, i: int, mark: _Mark) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and top.single:
            if self.single_closers.get(top.start) == i:
                self._close(top, mark)
            return
        if not _single_opens(self.text, mark):
            return
        closer = self._single_closer(i)
        if closer is not None:
            self.single_closers[mark.start] = closer
            self.stack.append(mark)

    def _single_closer(self, i: int) -> int | None:
        """Return the index of the mark that closes the single mark at ``i``.

        The search ends at the next single mark that opens, and where the stretch around this one closes.
        """
        wanted = _CLOSERS[self.marks[i].kind]
        inside = 0
        weak: int | None = None
        for j in range(i + 1, min(len(self.marks), i + _FARTHEST)):
            mark = self.marks[j]
            if not mark.single:
                inside += 1 if _likely_opens(mark) else -1
                if inside < 0:
                    break
            elif inside == 0:
                if mark.kind in wanted and _single_closes(self.text, mark, self.within):
                    if self._possessive(mark):
                        # The first one that may be a plural's is weighed against later ones.
                        weak = j if weak is None else weak
                    elif weak is None or self._ends_clause(mark):
                        return j
                elif _single_opens(self.text, mark):
                    break
        return weak

    def _possessive(self, mark: _Mark) -> bool:
        """Return whether the mark could be the apostrophe of a plural: "workers' rights"."""
        return self.text[mark.start - 1] in "sxz" and self.text[mark.end : mark.end + 2].strip()[:1].isalpha()

    def _ends_clause(self, mark: _Mark) -> bool:
        return self.text[mark.start - 1] in ",.!?…"

    def _top_double(self) -> _Mark | None:
        """Return the innermost open double mark."""
        return next((mark for mark in reversed(self.stack) if not mark.single), None)

    def _open(self, mark: _Mark) -> None:
        self.stack.append(mark)

    def _close(self, opener: _Mark, closer: _Mark) -> None:
        del self.stack[self.stack.index(opener) :]
        self._emit(opener, closer, Span(opener.end, max(closer.start, opener.end + 1)))

    def _lose_closer(self, opener: _Mark, end: int) -> None:
        """Take the stretch as ended, without a mark, before the next one opens."""
        del self.stack[self.stack.index(opener) :]
        self._emit(opener, None, Span(opener.end, max(end, opener.end + 1)))

    def _end(self) -> None:
        """Settle what is still open where the paragraph ends: the outermost double mark runs on."""
        opener = next((mark for mark in self.stack if not mark.single), None)
        self.stack.clear()
        if opener is not None and opener.end < self.within.end:
            self.left_open = self._emit(opener, None, Span(opener.end, self.within.end), open_at_end=True)
        if not self.left_open:
            self._single_to_the_end()

    def _single_to_the_end(self) -> None:
        """Read British paragraphs: ‘ opens the paragraph, nothing closes it, the speaker goes on."""
        if not self.marks or self.found:
            return
        first = self.marks[0]
        if first.kind == "‘" and first.start == self.within.start and first.opens:
            self.left_open = self._emit(first, None, Span(first.end, self.within.end), open_at_end=True)

    def _emit(self, opener: _Mark | None, closer: _Mark | None, inner: Span, *, open_at_end: bool = False) -> bool:
        """Keep a stretch unless nothing but blanks and marks stands in it; return whether it was kept."""
        words = inner.of(self.text)
        left = len(words) - len(words.lstrip())
        right = len(words.rstrip())
        if left >= right or not any(character.isalnum() for character in words):
            return False
        known = opener or closer
        self.found.append(
            Stretch(
                span=Span(inner.start + left, inner.start + right),
                opened=opener.span if opener else None,
                closed=closer.span if closer else None,
                single=known is not None and known.single,
                nested=bool(self.stack),
                open_at_end=open_at_end,
                continues=self.continues and (opener is None or opener.start == self.within.start),
                paragraph=self.index,
            )
        )
        return True


def _likely_opens(mark: _Mark) -> bool:
    """Return the first guess at a double mark, from its form and its neighbours alone."""
    if mark.kind in _OPENING:
        return not mark.closes
    return mark.opens


def _single_opens(text: str, mark: _Mark) -> bool:
    """Return whether a single mark can open: no apostrophe of "'90s", "'em" or "workers'"."""
    return mark.opens and (mark.kind not in {"'", "’"} or not _ELIDED.match(text, mark.end))


def _single_closes(text: str, mark: _Mark, within: Span) -> bool:
    """Return whether a single mark can close."""
    return not (mark.opens or mark.start == within.start or text[mark.start - 1].isspace())

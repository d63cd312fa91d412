"""The lines of a pasted page, and what can be seen of each: the features that the line model weighs.

Features are names ("w=5", "more:most"); most know nothing of the language, the rest come from furniture words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LOOKED_AT = 600
"""Characters of a line that are looked at for words of furniture: they stand in short lines or at an end."""
LONG = 12
"""Words from which a line that ends like a sentence counts as prose."""
SHORT = 4
"""Words up to which a line is but a few words."""
NEAR = 5
"""Lines before and after that make a line's surroundings."""

_BULLETS = "*+•▪●◦‣·"
_EMPTY = re.compile(r"[\s*+•▪●◦‣·|_\-–—=#~<>/\\]*")
_END = re.compile(r"[.!?…。！？][\"'”’»“)\]]*$")
_SENTENCE_INSIDE = re.compile(r"[.!?…][\"'”’»)\]]* |[。！？]")
_SEEN = (
    ("address", re.compile(r"https?://|www\.|\S@\S{1,80}?\.\w")),
    ("handle", re.compile(r"(?:^|[\s(])[@#]\w")),
    ("glued", re.compile(r"[a-zß-ÿ][A-ZÀ-Þ][a-zß-ÿ]")),
    ("separators", re.compile(r" [|·•»›] |^[|»›]")),
    ("time", re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")),
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD_BUCKETS = (1, 2, 3, 5, 8, 12, 18, 30, 60)
_QUOTES = frozenset('"“”„«»‟')
_LINES_SINCE_A_DATE = ((4, 1), (9, 2), (40, 3))


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something.

    Attributes:
        text: As pasted, blanks at the ends and a rendered bullet excluded.
        indent: Blanks before it, a tab counted as one.
        bullet: Whether a rendered bullet stood before it.
        gap: Whether an empty line stands before it.
        words: Between blanks; where a script has no blanks, two characters count as a word.
    """

    text: str
    indent: int
    bullet: bool
    gap: bool
    words: int

    @property
    def ends(self) -> bool:
        """Whether it ends like a sentence."""
        return ending_of(self.text) in _SENTENCE_ENDS


_SENTENCE_ENDS = frozenset(".…")


def read_lines(page: str) -> list[Line]:
    """Return the lines of a page that hold something, in order."""
    lines: list[Line] = []
    gap = False
    for raw in page.splitlines():
        text = raw.strip()
        bullet = text[1:2].isspace() and (text[0] in _BULLETS or (text[0] == "o" and raw[0].isspace()))
        if bullet:
            text = text[2:].lstrip()
        if _EMPTY.fullmatch(text):
            gap = True
            continue
        lines.append(Line(text, len(raw) - len(raw.lstrip()), bullet, gap, words_in(text)))
        gap = False
    return lines


def words_in(text: str) -> int:
    """Return the number of words between blanks; in scripts without blanks, two characters count as a word."""
    words = len(text.split())
    return words if text.isascii() else words + len(_CJK.findall(text)) // 2


def features_of(lines: Sequence[Line], phrases: re.Pattern[str], categories: Mapping[str, str]) -> list[list[str]]:
    """Return the names of the features of every line of a page.

    Args:
        lines: Of one page.
        phrases: Finds words of furniture in lower case.
        categories: What each of them is part of.
    """
    counts = Counter(line.text for line in lines)
    # Menus repeat their lines; each text is looked at once.
    known: dict[str, list[str]] = {}
    found: list[list[str]] = []
    for line in lines:
        if line.text not in known:
            known[line.text] = [*_of_text(line), *_of_furniture(line.text, phrases, categories)]
        found.append([*known[line.text], "again"] if counts[line.text] > 1 else list(known[line.text]))
    made = [[name for name in names if name.endswith((":most", ":start"))] for names in found]
    dated = [
        line.words < LONG and not {"time:short", "time", "moment:start"}.isdisjoint(names)
        for line, names in zip(lines, found, strict=True)
    ]
    for index, more in enumerate(zip(_of_neighbours(lines, made), _of_place(lines), _since(dated), strict=True)):
        for names in more:
            found[index].extend(names)
    return found


def _of_text(line: Line) -> Iterator[str]:
    """Yield what is seen of a line's text alone, whatever the language."""
    head = line.text[:LOOKED_AT]
    size, end = _bucket(line.words), ending_of(line.text)
    yield from ("bias", f"w={size}", f"e={end}", f"w={size} e={end}", f"s={_start_of(head[0])}")
    yield f"inside={min(len(_SENTENCE_INSIDE.findall(head)), 3)}"
    yield from _of_tokens(head.split())
    if head.isupper():
        yield "upper"
    if not _QUOTES.isdisjoint(head):
        yield "quote"
    digits = sum(map(str.isdigit, head))
    if digits:
        yield f"digits={min(10 * digits // len(head), 4)}"
    if ", " in head:
        yield "comma"
    for name, pattern in _SEEN:
        if pattern.search(head):
            yield name if line.words > SHORT + 1 else f"{name}:short"
    if "©" in head or "(c) " in head:
        yield "©"


def _of_tokens(tokens: Sequence[str]) -> Iterator[str]:
    """Yield how a line's words are written."""
    if len(tokens) <= 2:  # noqa: PLR2004 - one or two words say nothing
        return
    capital = sum(token[0].isupper() for token in tokens)
    yield f"capital={5 * capital // len(tokens)}"
    shouted = sum(len(token) > SHORT - 1 and token.isupper() for token in tokens)
    if shouted:
        yield f"shouted={min(4 * shouted // len(tokens), 2)}"
    yield f"long={min(sum(map(len, tokens)) // len(tokens), 8)}"


def _of_furniture(text: str, phrases: re.Pattern[str], categories: Mapping[str, str]) -> Iterator[str]:
    """Yield which furniture words a line has, and whether it starts with them, ends with them or is made of them."""
    lower = (text if len(text) <= LOOKED_AT else f"{text[:LOOKED_AT]} {text[-80:]}").lower()
    covered: Counter[str] = Counter()
    for match in phrases.finditer(lower):
        category = categories[match[0]]
        yield from _of_phrase(lower, match, category)
        covered[category] += match.end() - match.start() + 1
    for category, characters in covered.items():
        yield f"{category}:some"
        if 2 * characters > len(lower):
            yield f"{category}:most"
    if covered:
        yield "furniture:some"
        if 2 * sum(covered.values()) > len(lower):
            yield "furniture:most"


def _of_phrase(lower: str, match: re.Match[str], category: str) -> Iterator[str]:
    """Yield where in its line a furniture word stands; a mark may stand before it, a word may follow."""
    after = lower.count(" ", match.end())
    if match.start() <= 1:
        yield f"{category}:start"
        if lower[match.end() : match.end() + 2].lstrip().startswith(":"):
            yield f"{category}:label"
    if after <= 1:
        yield f"{category}:end"
    if category == "credit":
        if lower.endswith(")") and match.start() > lower.rfind("(") > 0:
            yield "credit in brackets"
        if lower[match.end() : match.end() + 1] == ":" and after <= NEAR:
            yield "credit with a name"


def _bucket(words: int) -> int:
    """Return which size class a number of words falls into."""
    return sum(words > limit for limit in _WORD_BUCKETS)


def ending_of(text: str) -> str:
    """Return how a line ends: like a sentence ("."), with dots ("…"), a colon, a comma, a mark, or just so ("0")."""
    tail = text[-4:]
    if tail.endswith(("...", "…")):
        return "…"
    if _END.search(tail):
        return "."
    return tail[-1] if tail[-1] in ':,;"”»)' else "0"


def _start_of(character: str) -> str:
    """Return what sort of character a line starts with."""
    if character.isalpha():
        return "A" if character.isupper() else "a"
    if character.isdigit():
        return "1"
    return '"' if character in _QUOTES or character in "'‘’" else "-"


def shape_of(line: Line) -> str:
    """Return a line's shape: prose (P), sentence (s), words without an end (T, t), a few words (m), a point (B, b)."""
    if line.bullet:
        return "B" if line.words >= LONG else "b"
    ends = ending_of(line.text) in '.:"”»'
    if line.words >= LONG:
        return "P" if ends else "T"
    if ends:
        return "s"
    return "t" if line.words > SHORT else "m"


def _of_neighbours(lines: Sequence[Line], made: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield, line by line, what stands around it."""
    shapes = [shape_of(line) for line in lines]
    prose = [0, *accumulate(shape == "P" for shape in shapes)]
    edged = ["|", "|", *shapes, "|", "|"]
    for index, line in enumerate(lines):
        me = shapes[index]
        two_up, one_up, _, one_down, two_down = edged[index : index + 5]
        names = [f"me={me}", f"-2={two_up}", f"-1={one_up}", f"+1={one_down}", f"+2={two_down}"]
        names += [f"me={me} -1={one_up}", f"me={me} +1={one_down}"]
        before = prose[index] - prose[max(0, index - NEAR)]
        after = prose[min(len(lines), index + 1 + NEAR)] - prose[index + 1]
        names += [
            f"before={min(before, 3)}",
            f"after={min(after, 3)}",
            f"around={min(before, 2)}{min(after, 2)} me={me}",
        ]
        if index:
            names += [f"-1 {name}" for name in made[index - 1]]
            if lines[index - 1].words > SHORT - 1 and line.text.startswith(lines[index - 1].text):
                names.append("begins like the last")
        if index + 1 < len(lines):
            names += [f"+1 {name}" for name in made[index + 1]]
            if line.words > SHORT - 1 and lines[index + 1].text.startswith(line.text):
                names.append("begins the next")
        yield names


def _of_place(lines: Sequence[Line]) -> Iterator[list[str]]:
    """Yield, line by line, where it stands: indentation against that of most prose, gaps, share of prose above."""
    weights = [min(line.words, 100) if shape_of(line) in "PB" else 0 for line in lines]
    sums = [0, *accumulate(weights)]
    indents: Counter[int] = Counter()
    for line, weight in zip(lines, weights, strict=True):
        indents[line.indent] += weight
    main = max(indents, key=indents.__getitem__, default=0)
    rendered = len(indents) > 2  # noqa: PLR2004 - a browser's copy has one or two
    for index, line in enumerate(lines):
        shape = shape_of(line)
        names = ["bullet" if line.bullet else "plain", "gap" if line.gap else "no gap"]
        names.append(f"share={10 * sums[index] // (sums[-1] or 1) if sums[index] else 'none'}")
        if rendered:
            place = (line.indent > main) - (line.indent < main)
            names += [f"indent={place}", f"indent={place} me={shape}"]
            if index:
                names.append("indent as before" if lines[index - 1].indent == line.indent else "indent changes")
        if index + 1 < len(lines):
            names.append("gap after" if lines[index + 1].gap else "no gap after")
            if rendered:
                names.append("indent as after" if lines[index + 1].indent == line.indent else "indent will change")
        yield names


def _since(dated: Sequence[bool]) -> Iterator[list[str]]:
    """Yield, line by line, how far above it the last short line with a date or time stands: articles follow one."""
    latest = -1_000
    for index, has_date in enumerate(dated):
        yield [f"since moment={next((name for limit, name in _LINES_SINCE_A_DATE if index - latest < limit), 4)}"]
        if has_date:
            latest = index

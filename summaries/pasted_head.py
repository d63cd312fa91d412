"""The head of a pasted page: its title, byline and date, out of the lines above and around the first of the article."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.dates import moment_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from summaries.page_words import PageWords
    from summaries.pasted_lines import Line

LOOK_BACK = 60
"""Lines above the article in which its title is looked for; galleries and share bars may stand between."""
LOOK_ON = 3
"""Lines of the article in which a byline or a date is looked for: some stand below the lead."""
LINES_ABOVE_CLEAN_TEXT = 2
MAX_TITLE_WORDS = 30
MAX_BYLINE_WORDS = 16
MAX_DATE_WORDS = 22
MAX_BARE_DATE_WORDS = 9
LEAST_TITLE_SCORE = 2.0
COMPARED_WORDS = 400
"""Words of the article that a title is compared with."""
MAX_NAME_WORDS = 5

_WORD = re.compile(r"\w{4,}")
_CUT = re.compile(r"\s[|·•–—/-]\s?|\s*[|•·(@\d:;]|\s+(?:Updated|Published|Posted)\b|\s{3,}|\t")
_JOINT = re.compile(r"\s*,\s*|\s+(?:and|und|&)\s+")
_POINTS = ("- ", "– ", "— ")
_SEPARATORS = tuple("-–—|·•/")
_PARTICLES = frozenset((
    "al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "ten", "ter",
    "van", "von", "zu",
))  # fmt: skip
_NOISE = ("share", "signup", "account", "cookies", "rights", "more", "comments", "tags", "advertisement", "service")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above an article.

    Attributes:
        title: The number of its line; None where no line looks like one.
        byline: Names without "By".
        used: The numbers of the lines that hold title, byline or date, and nothing of the article.
    """

    title: int | None
    byline: str | None
    published_at: datetime | None
    used: frozenset[int]


def head_of(
    lines: Sequence[Line],
    found: Sequence[Sequence[str]],
    body: Sequence[int],
    captions: AbstractSet[int],
    words: PageWords,
) -> Head:
    """Return title, byline and date of the article whose lines are ``body``.

    Args:
        lines: Of the page.
        found: Their features.
        body: Numbers of the article's lines, at least one, in order; the title may be among them.
        captions: Numbers of the lines that belong to pictures.
        words: Furniture words.
    """
    title = _title(lines, found, body, words)
    start = max(0, body[0] - LOOK_BACK) if title is None else title + 1
    near = [*range(start, body[0]), *(index for index in body[: LOOK_ON + 1] if index != title)]
    if title is not None and title > 0 and title - 1 not in body:
        near += [title - 1, *([title - 2] if title > 1 else [])]
    used = {title} if title is not None else set()
    byline = published_at = None
    for index in near:
        if index in captions:
            continue
        line = lines[index]
        author = byline_in(line.text, line.words, words)
        moment = moment_in(line.text, words.months) if author or _is_dateline(line, found[index]) else None
        if author or moment:
            used.add(index)
        byline, published_at = byline or author, published_at or moment
    if byline is None and title is not None:
        byline = _lone_name(lines, found, range(title + 1, body[0] if body[0] > title else title + 1), words)
    return Head(title, byline, published_at, frozenset(used))


def _title(lines: Sequence[Line], found: Sequence[Sequence[str]], body: Sequence[int], words: PageWords) -> int | None:
    """Return the line that is likeliest the title; None where none is likely."""
    spoken = _spoken(lines, body)
    counts = Counter(line.text for line in lines)
    candidates = list(range(max(0, body[0] - LOOK_BACK), body[0]))
    if _starts_with_title(lines, body):
        candidates.append(body[0])
    best, best_score = None, LEAST_TITLE_SCORE
    for index in candidates:
        line = lines[index]
        if not 2 <= line.words <= MAX_TITLE_WORDS or _is_no_title(line, found[index], words):  # noqa: PLR2004 - one word is a menu
            continue
        score = _title_score(lines, found, index, spoken) - 0.04 * (body[0] - index)
        score += 1.0 if counts[line.text] > 1 else 0.0
        # A clean article starts with it; deep inside a page a first line without an end is rather a point or a caption.
        score += 2.0 if index == body[0] <= LINES_ABOVE_CLEAN_TEXT else 0.0
        if score > best_score:
            best, best_score = index, score
    return best


def _is_no_title(line: Line, found: Sequence[str], words: PageWords) -> bool:
    """Return whether a line is furniture, a point of a list, a byline or a date."""
    if (
        line.text.startswith(_POINTS)
        or "furniture:most" in found
        or "©" in found
        or byline_in(line.text, line.words, words)
    ):
        return True
    return line.words <= MAX_BYLINE_WORDS // 2 and moment_in(line.text, words.months) is not None


def _title_score(lines: Sequence[Line], found: Sequence[Sequence[str]], index: int, spoken: frozenset[str]) -> float:
    """Return how much a line looks like a title; each part was checked against the words of the pages' addresses."""
    line, names = lines[index], set(found[index])
    own = {word.lower() for word in _WORD.findall(line.text)}
    score = 3.0 * len(own & spoken) / len(own) if own else -1.0
    score += 1.0 if 5 <= line.words <= 20 else 0.0  # noqa: PLR2004 - where nearly all headlines lie
    score -= 1.0 if line.words <= (4 if "upper" in names else 2) else 0.0  # sections and names of sites
    score -= 1.5 if line.text.endswith(".") else 0.0
    score -= 1.0 if line.bullet else 0.0
    score -= 1.0 if line.text[0].islower() else 0.0
    score -= 2.0 if names & {"begins the next", "begins like the last"} and not _is_twin(lines, index) else 0.0
    score -= 1.5 if any(f"{category}:start" in names for category in _NOISE) else 0.0
    score -= 1.0 if names & {"credit:some", "credit in brackets", "address:short"} else 0.0
    below = found[index + 1 : index + 5]
    score += 1.0 if any("moment:start" in near or "time:short" in near or "time" in near for near in below) else 0.0
    return score


def _is_twin(lines: Sequence[Line], index: int) -> bool:
    """Return whether the line stands twice in a row: titles do, captions come back longer."""
    return lines[index].text in {lines[near].text for near in (index - 1, index + 1) if 0 <= near < len(lines)}


def _starts_with_title(lines: Sequence[Line], body: Sequence[int]) -> bool:
    """Return whether the article's first line may be its title: it does not end like a sentence."""
    return len(body) > 1 and not lines[body[0]].ends and lines[body[0]].text[-1] not in ",;:"


def _spoken(lines: Sequence[Line], body: Sequence[int]) -> frozenset[str]:
    """Return the longer words of the article's beginning, its first line left out where that may be the title."""
    skipped = 1 if _starts_with_title(lines, body) else 0
    spoken: set[str] = set()
    left = COMPARED_WORDS
    for index in body[skipped:]:
        spoken.update(word.lower() for word in _WORD.findall(lines[index].text[: 12 * COMPARED_WORDS]))
        left -= lines[index].words
        if left < 0:
            break
    return frozenset(spoken)


def _is_dateline(line: Line, names: Sequence[str]) -> bool:
    """Return whether a line may hold the date of publication: it says so, or holds little else."""
    if line.words > MAX_DATE_WORDS or (line.ends and line.words > MAX_DATE_WORDS // 2):
        return False
    return not {"moment:start", "moment:some"}.isdisjoint(names) or line.words <= MAX_BARE_DATE_WORDS


def byline_in(text: str, size: int, words: PageWords) -> str | None:
    """Return the names behind "By" at the start of a short line; None where the line is none."""
    if size > MAX_BYLINE_WORDS or text.endswith((".", "?", "!")):
        return None
    before = words.byline.match(text)
    return _names(text[before.end() :], words.roles) if before else None


def _names(text: str, roles: frozenset[str]) -> str | None:
    """Return the names that ``text`` starts with, as printed; roles and agencies behind them are cut off."""
    cut = _CUT.search(text)
    stretch = text[: cut.start()] if cut else text
    end = start = 0
    for joint in [*_JOINT.finditer(stretch), None]:
        part = stretch[start : joint.start() if joint else len(stretch)].strip()
        if not _is_name(part, roles, at_least=2 if end or len(stretch.split()) > 2 else 1):  # noqa: PLR2004 - "By Friday the"
            break
        end = joint.start() if joint else len(stretch)
        start = joint.end() if joint else len(stretch)
    return stretch[:end].strip(" ,") or None


def _is_name(part: str, roles: frozenset[str], *, at_least: int) -> bool:
    """Return whether a few words are written like a person's name."""
    tokens = part.split()
    if not at_least <= len(tokens) <= MAX_NAME_WORDS or (
        at_least > 1 and (part.lower() in roles or tokens[-1].lower() in roles)
    ):
        return False
    return tokens[-1][0].isupper() and all(token[0].isupper() or token in _PARTICLES for token in tokens)


def _lone_name(lines: Sequence[Line], found: Sequence[Sequence[str]], between: range, words: PageWords) -> str | None:
    """Return a name that stands by itself between title and article, next to a date ("Tom Ruhl, Staff Writer")."""
    dated = [index for index in between if moment_in(lines[index].text, words.months)]
    for index in between:
        line = lines[index]
        if index in dated:
            name = _names(line.text, words.roles)
            if name and len(name.split()) > 1 and line.text[len(name) :].lstrip()[:1] in _SEPARATORS:
                return name
            continue
        if line.words > MAX_NAME_WORDS + 2 or "furniture:some" in found[index]:
            continue
        if any(abs(index - other) <= 2 for other in dated):  # noqa: PLR2004 - a portrait's line may stand between
            name = _names(line.text, words.roles)
            if name and len(name.split()) > 1:
                return name
    return None

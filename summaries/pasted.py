"""``CleanPage`` out of a page as a person copies it from the browser, menus and captions included.

The line model says how likely each line is part of the article; the lines are taken that make the best expected match.
Rules then find title, byline and date, and take out what stands between paragraphs: captions, advertisements, links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from summaries.errors import NotAnArticleError
from summaries.line_model import LineModel, parse_line_model
from summaries.page_words import PageWords, parse_page_words
from summaries.pages import CleanPage
from summaries.pasted_head import Head, byline_in, head_of
from summaries.pasted_lines import LONG, Line, features_of, read_lines, shape_of
from summaries.pasted_wrapping import unwrapped
from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["LineModel", "PageWords", "parse_line_model", "parse_page_words", "read_pasted"]

MAX_HEADING_WORDS = 14
LEAST_WORDS = 6
"""Words that the longest sentence of an article has at least; without one, a page is menus or a list of headlines."""
LEAST_LETTERS = 12
MAX_STRAY_WORDS = 8
"""A line of the article with more words is not dropped for a furniture word in it."""
CLEAN_SHARE = 0.85
"""Share of a page's words that stand in prose, from which it counts as clean text that a person cut out already."""
AHEAD = 6
"""Lines that may interrupt an article: an advertisement, links to others."""
LEAST_CHANCE = 0.05
KEPT_CHANCE = 0.3
"""Share of the last line's chance from which a line of prose below it carries the article on."""
BETWEEN = 0.15
"""Chance from which a line between two of the article is a heading, where it is set like one."""
TEASER_WORDS = 5
"""Words from which a line left out below the article counts as a teaser; shorter ones count as menus."""

MAX_LABEL_WORDS = 5
"""Words of a line that says that links follow, at most ("Most read in world news")."""
BOX_LINES = 8
"""Lines of a box that stands among an article's lines, at most."""
OFFER_WORDS = 30
"""Words up to which a line in a box that offers something may be part of it."""

_STRAY = frozenset({"furniture:most", "advertisement:start"})
_OFFERED = frozenset({"signup:start", "signup:most", "signup:end", "cookies:start", "cookies:most"})
_OPENERS = "\"“„«»‘'"
_NO_ARTICLE = "No article was found in this page. Copy the whole article, with its title, and paste it again."
_EMPTY = "There is nothing in this page. Copy the whole article, with its title, and paste it again."


def read_pasted(page: str, words: PageWords, model: LineModel) -> CleanPage:
    """Return the article of a pasted page.

    Lines are kept as pasted, blanks at their ends and rendered bullets excluded; lines broken at a fixed width are
    joined by a blank. Time is linear in the page.

    Args:
        page: What was pasted, with any line ends.
        words: Furniture words.
        model: Weights of the line model.

    Raises:
        NotAnArticleError: if no article is found.
    """
    lines = unwrapped(read_lines(page))
    if not lines:
        raise NotAnArticleError(_EMPTY)
    found = features_of(lines, words.phrases, words.categories)
    chosen = _chosen(lines, found, model)
    captions = {index for index in range(len(lines)) if _is_caption(lines, found, index)}
    head = head_of(lines, found, chosen, captions, words)
    captions -= head.used
    left = {*head.used, *captions, *_offers(lines, found), *_links(lines, found)}
    body = [index for index in chosen if index not in left and not _is_stray(lines, found, index, head, words)]
    if not any(_tells(lines[index]) for index in body):
        raise NotAnArticleError(_NO_ARTICLE)
    return CleanPage(
        title=None if head.title is None else lines[head.title].text,
        byline=head.byline,
        published_at=head.published_at,
        outlet=None,
        language=None,
        url=None,
        paragraphs=tuple(_paragraphs(lines, body)),
        left_out=_left_out(lines, head, body, captions),
    )


def _chosen(lines: Sequence[Line], found: Sequence[Sequence[str]], model: LineModel) -> list[int]:
    """Return the numbers of the lines that are likeliest the article, at least one, in order."""
    chances = model.body_chances(found)
    chosen = set(_best_match(chances, lines))
    chosen.update(_going_on(lines, found, chances, max(chosen)))
    first, last = min(chosen), max(chosen)
    if _is_clean(lines, found):
        sentences = [index for index, line in enumerate(lines) if _is_sentence(line)]
        chosen.update(range(min(first, sentences[0]), max(last, sentences[-1]) + 1))
    between = [index for index in range(first + 1, last) if index + 1 in chosen and index not in chosen]
    chosen.update(index for index in between if index - 1 in chosen and _is_spoken(lines[index]))
    chosen.update(index for index in between if chances[index] > BETWEEN and _is_heading_there(lines, found, index))
    return sorted(chosen)


def _best_match(chances: Sequence[float], lines: Sequence[Line]) -> list[int]:
    """Return the likeliest lines, as many as make the best expected F1 over words.

    Better than the likeliest path or a bar at one half: a page of which little is sure still gives its likeliest part.
    """
    order = sorted(range(len(chances)), key=lambda index: -chances[index])
    whole = sum(chance * line.words for chance, line in zip(chances, lines, strict=True))
    right = taken = 0.0
    best, best_count = -1.0, 1
    for count, index in enumerate(order, 1):
        right += chances[index] * lines[index].words
        taken += lines[index].words
        if right > best * (taken + whole):
            best, best_count = right / (taken + whole), count
    return order[:best_count]


def _going_on(
    lines: Sequence[Line], found: Sequence[Sequence[str]], chances: Sequence[float], last: int
) -> Iterator[int]:
    """Yield the numbers of prose lines below the ``last`` one, while the chance does not break off.

    Where an article is interrupted and goes on, it gets less and less likely, but not suddenly; below its end it does.
    """
    at = last + 1
    while at <= min(last + AHEAD, len(lines) - 1):
        is_prose = lines[at].words >= LONG and _is_sentence(lines[at]) and "furniture:most" not in found[at]
        if is_prose and chances[at] >= max(LEAST_CHANCE, KEPT_CHANCE * chances[last]):
            yield at
            last = at
        at += 1


def _is_clean(lines: Sequence[Line], found: Sequence[Sequence[str]]) -> bool:
    """Return whether a page is nothing but prose with its headings: then nothing between is left out."""
    prose = sum(line.words for line in lines if _is_sentence(line))
    if not prose or prose < CLEAN_SHARE * sum(line.words for line in lines):
        return False
    return not any("furniture:most" in names or "begins the next" in names or "©" in names for names in found)


def _tells(line: Line) -> bool:
    """Return whether a line is a sentence long enough for an article, and in letters."""
    return line.words >= LEAST_WORDS and _is_sentence(line) and sum(map(str.isalpha, line.text[:200])) >= LEAST_LETTERS


def _is_sentence(line: Line) -> bool:
    """Return whether a line ends like a sentence, or goes on after a colon."""
    return line.ends or line.text[-1] in ':"”»“'


def _is_spoken(line: Line) -> bool:
    """Return whether a line is speech ("“No.”"): between two lines of the article it is one of them."""
    return line.text[0] in _OPENERS and _is_sentence(line)


def _is_heading_there(lines: Sequence[Line], found: Sequence[Sequence[str]], index: int) -> bool:
    """Return whether a line is set like a heading above the next line, and has no furniture words."""
    line, below = lines[index], lines[index + 1]
    if line.bullet or line.words > MAX_HEADING_WORDS or not (line.gap and below.gap) or line.indent != below.indent:
        return False
    return {"furniture:most", "more:label", "again"}.isdisjoint(found[index])


def _is_caption(lines: Sequence[Line], found: Sequence[Sequence[str]], index: int) -> bool:
    """Return whether a line is a picture's caption or credit.

    A caption that comes twice (once for the eyes, once for the screen reader) is longer the second time, by its credit.
    """
    names = found[index]
    if lines[index].text[:6].casefold() == "file -" or "credit in brackets" in names:
        return True
    if "credit with a name" in names or ("credit:most" in names and not lines[index].ends):
        return True
    credited = "credit:end" in names or "rights:end" in names or "rights:some" in names
    if "begins like the last" in names and (credited or "begins the next" in found[index - 1]):
        return lines[index].text != lines[index - 1].text or credited
    return "begins the next" in names and lines[index + 1].text != lines[index].text


def _offers(lines: Sequence[Line], found: Sequence[Sequence[str]]) -> set[int]:
    """Return the numbers of the lines of boxes that offer a newsletter or a subscription.

    Such a box starts with a short line that offers and ends with the last line near it that speaks of the same or of
    privacy; what stands between praises the offer, in sentences like an article's.
    """
    offers: set[int] = set()
    for index, line in enumerate(lines):
        if line.words > MAX_STRAY_WORDS or line.ends or {"signup:start", "signup:most"}.isdisjoint(found[index]):
            continue
        end = index
        for below in range(index + 1, min(len(lines), index + BOX_LINES)):
            if lines[below].words > OFFER_WORDS or _is_spoken(lines[below]):
                break
            if not _OFFERED.isdisjoint(found[below]):
                end = below
        offers.update(range(index, end + 1))
    return offers


def _links(lines: Sequence[Line], found: Sequence[Sequence[str]]) -> set[int]:
    """Return the numbers of the lines of boxes that lead to other articles: a short line that says so, then headlines.

    Without a headline below it, it may be a heading of the article ("Next steps").
    """
    links: set[int] = set()
    for index, line in enumerate(lines):
        if line.words > MAX_LABEL_WORDS or _is_sentence(line) or {"more:start", "more:most"}.isdisjoint(found[index]):
            continue
        end = index + 1
        while end < min(len(lines), index + BOX_LINES) and not _is_sentence(lines[end]):
            end += 1
        if end > index + 1:
            links.update(range(index, end))
    return links


def _is_stray(lines: Sequence[Line], found: Sequence[Sequence[str]], index: int, head: Head, words: PageWords) -> bool:
    """Return whether a line stands among the article's but is none: the title again, a byline, a link, a notice."""
    line, names = lines[index], found[index]
    if head.title is not None and line.text == lines[head.title].text:
        return True
    if byline_in(line.text, line.words, words) is not None:
        return True
    if line.words <= MAX_STRAY_WORDS and not line.ends and not _STRAY.isdisjoint(names):
        return True
    return "more:label" in names and not line.ends


def _paragraphs(lines: Sequence[Line], body: Sequence[int]) -> list[tuple[ParagraphKind, str]]:
    """Return kinds and texts; the first paragraph that is no heading is the lead. The last one never is a heading."""
    kinds = [_kind(lines, body, position) for position in range(len(body))]
    kinds[kinds.index(ParagraphKind.BODY)] = ParagraphKind.LEAD
    return [(kind, lines[index].text) for kind, index in zip(kinds, body, strict=True)]


def _kind(lines: Sequence[Line], body: Sequence[int], position: int) -> ParagraphKind:
    """Return whether a line of the article is a heading: short, without an end, above prose."""
    line = lines[body[position]]
    if line.bullet or line.words > MAX_HEADING_WORDS or _is_sentence(line) or line.text[-1] in ",;":
        return ParagraphKind.BODY
    below = lines[body[position + 1]] if position + 1 < len(body) else None
    if below is None or line.text[0].islower() or line.text[0] in "-–—":
        return ParagraphKind.BODY
    return ParagraphKind.HEADING if _is_sentence(below) and below.words >= LONG else ParagraphKind.BODY


def _left_out(
    lines: Sequence[Line], head: Head, body: Sequence[int], captions: set[int]
) -> tuple[tuple[str, int], ...]:
    """Return what was dropped, and how many: captions (lines of one picture count once), menus, teasers."""
    kept = {*body, *head.used}
    end = body[-1]
    counts = {"captions": 0, "menus": 0, "teasers": 0}
    for index, line in enumerate(lines):
        if index in kept:
            continue
        if index in captions:
            counts["captions"] += index - 1 not in captions
        elif index > end and line.words >= TEASER_WORDS and shape_of(line) in "tTsPB":
            counts["teasers"] += 1
        else:
            counts["menus"] += 1
    return tuple((what, count) for what, count in counts.items() if count)

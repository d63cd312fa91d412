"""``CleanPage`` out of HTML, through trafilatura (text in, text out; its download parts are never touched).

Lists and block quotations inside the article stay, captions go. Characters that no reader sees (soft hyphens, zero
widths) are taken out: the text is what the page shows.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from summaries.errors import NotAnArticleError
from summaries.pages import CleanPage
from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

MAX_CHARACTERS = 4_000_000
"""What is read of a page. The longest article pages we saw have 2 million, nearly all of it scripts."""
FAST_ABOVE = 400_000
"""Characters of HTML above which trafilatura does not ask its second opinions, which copy the tree several times."""
CELL_WORDS = 8
"""A table cell with fewer words is data, with more it is text in a layout table (newsletters)."""

_START = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|\?xml|html|head|body|article|main|section|div|p|h[1-6]|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
# XML 1.0 allows no others below the blank; lxml refuses to build text with them. Lone surrogates come out of bad JSON.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BREAK = "\x1f"  # no page's text holds it: see _NO_TEXT
_BLANKS = re.compile(r"\s+")
# Tags of trafilatura's own. What stands between the parts of a holder is no text.
_HOLDERS = frozenset({"body", "list", "table", "row"})
_BLOCKS = _HOLDERS | {"head", "p", "item", "quote", "code", "cell"}
_DATE_PATHS = (
    "//meta[@property='article:published_time' or @name='article:published_time' or @itemprop='datePublished']/@content",
    "//meta[@name='parsely-pub-date' or @name='date' or @name='pubdate']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//article//time/@datetime",
)
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_NO_ARTICLE = "No article was found in this page. Is it a single article, and not a front page or a login page?"


class _Element(Protocol):
    """What is asked of the elements that trafilatura gives; lxml has a public name for HTML's only."""

    tag: str
    text: str | None
    tail: str | None

    def getparent(self) -> _Element | None: ...


def looks_like_html(text: str) -> bool:
    """Return whether ``text`` is the source of a page, not what a browser shows of it."""
    return _START.match(text.removeprefix("\ufeff")[:4096]) is not None


def read_html(
    html: str, *, url: str | None = None, title: str | None = None, published_at: datetime | None = None
) -> CleanPage:
    """Return the article of an HTML page.

    Args:
        html: The page's source, decoded.
        url: Where it was read; makes relative canonical addresses whole.
        title: Known from elsewhere; for a page that has none.
        published_at: Likewise.

    Raises:
        NotAnArticleError: if no article is found, whatever is broken in the page.
    """
    # trafilatura takes 0.4 s to import.
    import trafilatura  # noqa: PLC0415 - only HTML pays for it
    from lxml.etree import LxmlError  # noqa: PLC0415 - the same

    source = _NO_TEXT.sub("", html[:MAX_CHARACTERS])
    try:
        tree = trafilatura.load_html(source)
        if tree is None:
            raise NotAnArticleError(_NO_ARTICLE)
        printed_at, language = _published(tree, source), _language(tree)
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            fast=len(source) > FAST_ABOVE,
            favor_precision=True,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    # What lxml, htmldate and trafilatura can raise on trees nobody wrote by hand. Nothing we made does with today's releases.
    except (  # pragma: no cover - see above
        LxmlError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError,
    ) as exc:  # fmt: skip
        raise NotAnArticleError(_NO_ARTICLE) from exc
    if found is None or isinstance(found, dict) or found.body is None:
        raise NotAnArticleError(_NO_ARTICLE)
    title = _seen(found.title or "") or _seen(title or "") or None
    paragraphs = tuple(_paragraphs(found.body, title))
    if all(kind is ParagraphKind.HEADING for kind, _ in paragraphs):
        raise NotAnArticleError(_NO_ARTICLE)
    return CleanPage(
        title=title,
        byline=_seen((found.author or "").replace(";", ",")) or None,
        published_at=printed_at or _moment(found.date) or published_at,
        outlet=_seen(found.sitename or "") or None,
        language=language,
        url=_address(found.url, url),
        paragraphs=paragraphs,
    )


def _seen(text: str) -> str:
    """Return what a browser shows of ``text``: runs of blanks as one, unseen characters gone."""
    return _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip()


def _paragraphs(body: _Element, title: str | None) -> Iterator[tuple[ParagraphKind, str]]:
    """Yield the article's paragraphs in reading order, the title excluded; the first that is no heading is the lead."""
    first = ParagraphKind.LEAD
    for is_heading, text in _blocks(body):
        if is_heading and _same(text, title):
            continue
        if is_heading:
            yield ParagraphKind.HEADING, text
        else:
            yield first, text
            first = ParagraphKind.BODY


def _same(heading: str, title: str | None) -> bool:
    """Return whether a heading is the title, printed again."""
    return title is not None and heading.casefold() == title.casefold()


def _blocks(body: _Element) -> Iterator[tuple[bool, str]]:
    """Yield (is it a heading, text) of every line of text, in reading order; never empty.

    A block's text may go on behind a block inside it: a list in a point of a list, a paragraph in a cell.
    """
    from lxml.etree import iterwalk  # noqa: PLC0415 - only HTML pays for it

    open_blocks, parts = ["body"], [""]
    # Not by recursion: pages nest as deep as they like.
    for event, part in iterwalk(body, events=("start", "end")):
        is_start, is_inline = event == "start", _is_inline(part)
        if part.tag in _BLOCKS and not is_inline:
            yield from _lines(open_blocks[-1], parts)
            parts = []
            if is_start:
                open_blocks.append(part.tag)
            else:
                open_blocks.pop()
        elif part.tag == "quote":
            parts.append("“" if is_start else "”")
        elif part.tag == "lb" and is_start:
            parts.append(_BREAK)
        parts.append((part.text if is_start else part.tail) or "")


def _lines(tag: str, parts: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Yield the lines of a stretch of a block's own text, where that is text for people."""
    for text in filter(None, map(_seen, "".join(parts).split(_BREAK))):
        if tag in _HOLDERS or (tag == "cell" and text.count(" ") < CELL_WORDS - 1):
            continue
        yield tag == "head", text


def _is_inline(part: _Element) -> bool:
    """Return whether a quotation or code stands inside a sentence; a browser sets marks around the former."""
    parent = part.getparent()
    return part.tag in {"quote", "code"} and parent is not None and parent.tag == "p"


def _address(stated: str | None, read_at: str | None) -> str | None:
    """Return the canonical address that a page states, unless it cannot be its own; then the one it was read at.

    An article is known by it: a page that claims another site's address, or a template that prints the front page's on
    every page, would become a revision of somebody else's article.
    """
    if not stated or not read_at:
        return stated
    try:
        said, here = urlsplit(stated), urlsplit(read_at)
    except ValueError:
        return read_at
    one, other = (part.netloc.rpartition("@")[2].removeprefix("www.") for part in (said, here))
    same_site = one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
    to_front = said.path in {"", "/"} and not said.query and here.path not in {"", "/"}
    return stated if same_site and not to_front else read_at


def _language(tree: HtmlElement) -> str | None:
    """Return the two-letter code of the page's ``lang``."""
    code = (tree.get("lang") or "")[:2].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None  # noqa: PLR2004 - ISO 639-1


def _published(tree: HtmlElement, source: str) -> datetime | None:
    """Return when the page says it was published, to the minute; trafilatura alone knows the day only."""
    for path in _DATE_PATHS:
        for value in tree.xpath(path)[:3]:
            if moment := _moment(str(value)):
                return moment
    stated = _LD_DATE.search(source)
    return _moment(stated[1]) if stated else None


def _moment(value: str | None) -> datetime | None:
    """Return an ISO date or time as aware UTC; without a zone it is taken for UTC."""
    try:
        moment = datetime.fromisoformat((value or "").strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

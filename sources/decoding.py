"""Bytes made text, and text made safe for a parser: the one place where character sets and declarations are judged."""

from __future__ import annotations

import codecs
import re
import sys

# Longest first: a UTF-32 mark begins with a UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without a mark, "<" or "{" beside NUL bytes says it (XML 1.0, appendix F).
_SHAPES = (
    (re.compile(rb"[<{\s]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[<{\s]"), "utf-32-be"),
    (re.compile(rb"[<{\s]\x00"), "utf-16-le"),
    (re.compile(rb"\x00[<{\s]"), "utf-16-be"),
)
_IN_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_IN_HTML = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
# Character sets of the web. Other codecs of Python are not for text, or take quadratic time (punycode).
_KNOWN = re.compile(r"(?:iso8859|iso2022|cp\d|koi8|mac|shift_jis|euc|gb|big5|hz|johab|tis|ptcp|kz)")
_STATEFUL = {"iso2022_jp", "hz"}
# XML 1.0 allows none of these; one of them makes a strict parser give up the whole feed.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Programs that think in UTF-16 write an emoji as the numbers of its halves (&#55357;&#56832;). XML knows no such
# characters, and one of them made parsers give up whole feeds. "amp;": escaped once more, as in titles.
_HALVES = re.compile(
    r"&(?:amp;)?#(?:x(d[89ab][0-9a-f]{2})|(5[56]\d{3}));&(?:amp;)?#(?:x(d[c-f][0-9a-f]{2})|(5[67]\d{3}));",
    re.IGNORECASE,
)
# Numbers that may be of no character; most of any text's are not looked at one by one.
_ODD_NUMBER = re.compile(
    r"&(?:amp;)?#(?:x(d[89a-f][0-9a-f]{2}|fff[ef]|[0-9a-f]{1,2}|[0-9a-f]{5,})(?![0-9a-f])"
    r"|(5[5-7]\d{3}|6553[45]|\d{1,2}|\d{7,})(?!\d));?",
    re.IGNORECASE,
)
_MOST_DIGITS = 10

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_DECLARATION = re.compile(r"<!\s*(?:ENTITY|ATTLIST|ELEMENT|NOTATION)\b", re.IGNORECASE)
_SUBSET = re.compile(r"<!\s*DOCTYPE[^<>\[]{0,2000}\[", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!\s*DOCTYPE[^<>\[]{0,2000}>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(?:rss|rdf|feed|channel|opml|urlset|sitemapindex)[\s>]", re.IGNORECASE)
HEAD_CHARACTERS = 16_384
"""Where a root element is looked for; before it stand declarations, comments and the warnings of broken scripts."""


class DeclarationError(ValueError):
    """A document declares entities or a type of its own: a bomb, or nothing a feed needs."""

    def __init__(self) -> None:
        super().__init__("it declares entities, which no feed needs; it was not parsed")


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a feed or page, whatever it says about its character set.

    UTF-8 is believed before any label: text that is not UTF-8 hardly ever decodes as UTF-8, while labels are often
    wrong. Bytes that fit nothing become U+FFFD. Time is linear in the body.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for shape, name in _SHAPES:
        if shape.match(body):
            return body.decode(name, "replace")
    label = _labelled(body, content_type)
    if label not in _STATEFUL:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as exc:
            # One broken byte in a long UTF-8 text is a cut-off character, not another character set.
            if label == "utf-8" or (label is None and exc.start > 0 and not body[: exc.start].isascii()):
                return body.decode("utf-8", "replace")
    return body.decode(label or "cp1252", "replace")


def _labelled(body: bytes, content_type: str) -> str | None:
    """Return the codec that the document, else the header, names; None where neither names one we know."""
    head = body[:4096]
    inside = _IN_XML.match(head) or _IN_HTML.search(head)
    outside = _IN_HEADER.search(content_type)
    for name in (inside[1].decode() if inside else None, outside[1] if outside else None):
        try:
            codec = codecs.lookup(name).name if name else ""
        except LookupError:
            continue
        if codec in {"ascii", "iso8859-1"}:
            return "cp1252"  # as browsers do: latin-1 on the web has curly quotation marks
        if codec == "utf-8":
            return codec
        if _KNOWN.match(codec.replace("-", "")):
            return "gb18030" if codec in {"gb2312", "gbk"} else codec
    return None


def legal(text: str) -> str:
    """Return ``text`` without characters that no XML document, database or chat takes: controls, half surrogates."""
    return _NO_XML.sub("", text)


def _whole(halves: re.Match[str]) -> str:
    """Return the character of two halves; what they are not stays."""
    pair = chr(_number(halves[1], halves[2])) + chr(_number(halves[3], halves[4]))
    try:
        whole = pair.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return halves[0]
    return whole if len(whole) == 1 else halves[0]


def _if_legal(reference: re.Match[str]) -> str:
    number = _number(reference[1], reference[2])
    return reference[0] if number <= sys.maxunicode and _NO_XML.match(chr(number)) is None else "\ufffd"


def _number(as_hex: str | None, as_decimal: str | None) -> int:
    digits = as_hex or as_decimal or ""
    if len(digits.lstrip("0")) > _MOST_DIGITS:
        return sys.maxunicode + 1
    return int(digits.lstrip("0") or "0", 16 if as_hex else 10)


def safe_xml(text: str) -> str:
    """Return XML that a parser may be given: no declarations, no characters that XML forbids, nothing before the root.

    A bare document type (RSS 0.91 has one) is cut out; the parser sees none at all.

    Raises:
        DeclarationError: if entities, attributes or elements are declared, or a document type has a part of its own.
    """
    # First what XML forbids, then the search: NUL bytes between the letters hid a declaration from it.
    clean = _ODD_NUMBER.sub(_if_legal, _HALVES.sub(_whole, legal(text)))
    if _DECLARATION.search(clean) is not None or _SUBSET.search(clean, 0, HEAD_CHARACTERS) is not None:
        raise DeclarationError
    root = _ROOT.search(clean, 0, HEAD_CHARACTERS)
    if root is not None:
        return clean[root.start() :]
    head = _DOCTYPE.sub("", _XML_DECLARATION.sub("", clean[:HEAD_CHARACTERS], count=1))
    return head + clean[HEAD_CHARACTERS:]


def breaks_off(xml: str) -> bool:
    """Return whether a document that is not well-formed ends before its root does."""
    ended = re.compile(rf"</(?:[\w.-]{{1,40}}:)?{re.escape(root_name(xml))}\s*>", re.IGNORECASE)
    return ended.search(xml) is None


def root_name(xml: str) -> str:
    """Return the local name of the first element, lower case; empty where there is none."""
    found = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})").search(xml, 0, HEAD_CHARACTERS)
    return found[1].lower() if found else ""

"""The paragraphs of a clean text, each with its kind."""

from __future__ import annotations

import re

from summaries.values import Paragraph, ParagraphKind, Span

# Everything that any of our inputs breaks a line with: files of three systems, Word's soft break (\v),
# page breaks (\f) and what HTML and JSON smuggle in (U+0085, U+2028, U+2029).
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
# A line that ends like this is running text, or leads to what follows it.
_ENDS_LIKE_TEXT = re.compile(r"[.!?…:;,\"”’»“)\]—–-]$")
_HEADING_WORDS = 10
_HEADING_CHARACTERS = 80


def paragraphs_of(text: str, *, title: str | None = None) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a clean text in reading order.

    Args:
        text: A clean text; a paragraph is what stands between two line breaks of any kind, blanks trimmed.
        title: The article's title. Where the first paragraph is the title, it is of kind TITLE.

    Returns:
        Non-empty paragraphs. The first one of the body is the LEAD; a short line without a full stop between two
        paragraphs of running text is a HEADING. Time is linear in the text.
    """
    spans = [span for line in _LINE.finditer(text) if (span := _trimmed(text, line.start(), line.end())) is not None]
    kinds = [ParagraphKind.BODY] * len(spans)
    first = 1 if title is not None and spans and _same_line(spans[0].of(text), title) else 0
    kinds[:first] = [ParagraphKind.TITLE] * first
    if len(spans) > first:
        kinds[first] = ParagraphKind.LEAD
    looks = [_looks_like_heading(span.of(text)) for span in spans]
    for at in range(first + 1, len(spans) - 1):
        # Two in a row are a list or a table, not headings.
        if looks[at] and not looks[at - 1] and not looks[at + 1]:
            kinds[at] = ParagraphKind.HEADING
    return tuple(Paragraph(span, kind) for span, kind in zip(spans, kinds, strict=True))


def _trimmed(text: str, start: int, end: int) -> Span | None:
    line = text[start:end]
    kept = line.strip()
    if not kept:
        return None
    start += len(line) - len(line.lstrip())
    return Span(start, start + len(kept))


def _same_line(line: str, title: str) -> bool:
    return line == title or line.split() == title.split()


def _looks_like_heading(line: str) -> bool:
    return (
        len(line) <= _HEADING_CHARACTERS
        and not _ENDS_LIKE_TEXT.search(line)
        and len(line.split()) <= _HEADING_WORDS
        and (line[0].isupper() or line[0].isdigit())
    )

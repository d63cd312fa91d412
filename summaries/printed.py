"""A quote as it is printed: its paragraph, its sentence and the reporter's words beside it.

What is shown is always checked here: nothing goes on that does not stand, character for character, on the page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from summaries.errors import NotVerbatimError
from summaries.tokens import words_of
from summaries.values import ParagraphKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from summaries.values import Article, Quote, Sentence

_MARKS = '“”„‟"«»'
_AROUND = re.compile(r"[\s,:;–—‘’']+")
_LONGEST_WORDS = 160
"""Characters of the reporter's words that are shown under a quote; longer ones are left away, not cut."""
_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+[–—]\s+")


class PrintedQuote(Protocol):
    """A quote with the paragraph it is printed in; the store's quotes are such, and ``Printed`` is."""

    @property
    def quote(self) -> Quote:
        """The quote; its spans are offsets into the article's text."""
        ...

    @property
    def mention(self) -> str | None:
        """The printed words that name or point at the speaker; None without attribution."""
        ...

    @property
    def speaker(self) -> str | None:
        """The speaker's name, whatever the bar; None where nobody comes into question."""
        ...

    @property
    def paragraph(self) -> str:
        """The paragraph, as printed."""
        ...

    @property
    def paragraph_start(self) -> int:
        """Where the paragraph starts in the article's text."""
        ...

    @property
    def paragraph_index(self) -> int:
        """Which of the article's paragraphs it is, from 0, title included."""
        ...

    @property
    def sentence(self) -> Span:
        """The printed sentence or sentences around the quote, inside the paragraph; offsets into the article's text."""
        ...


@dataclass(frozen=True, slots=True)
class Printed:
    """A quote with the paragraph it is printed in; ``PrintedQuote`` says what each field is."""

    quote: Quote
    mention: str | None
    speaker: str | None
    paragraph: str
    paragraph_start: int
    paragraph_index: int
    sentence: Span


def printed_quotes(article: Article, sentences: Sequence[Sentence], quotes: Iterable[Quote]) -> tuple[Printed, ...]:
    """Return quotes of an article with their paragraphs and sentences; a quote in the title has the title for both."""
    paragraph_starts = [paragraph.span.start for paragraph in article.paragraphs]
    sentence_starts = [sentence.span.start for sentence in sentences]
    # Slices are copies: a page may be one paragraph with ten thousand quotes.
    texts: dict[int, str] = {}
    found = []
    for quote in quotes:
        index = bisect_right(paragraph_starts, quote.span.start) - 1
        paragraph = article.paragraphs[index]
        if index not in texts:
            texts[index] = paragraph.span.of(article.text)
        around = paragraph.span
        if paragraph.kind is not ParagraphKind.TITLE:
            around = _sentences_around(sentences, sentence_starts, quote.span, paragraph.span)
        attribution = quote.attribution
        found.append(
            Printed(
                quote,
                attribution.mention.of(article.text) if attribution else None,
                attribution.name if attribution else None,
                texts[index],
                paragraph.span.start,
                index,
                around,
            )
        )
    return tuple(found)


def _sentences_around(sentences: Sequence[Sentence], starts: Sequence[int], span: Span, paragraph: Span) -> Span:
    first = bisect_right(starts, span.start) - 1
    last = bisect_right(starts, span.end - 1) - 1
    if first < 0 or not paragraph.covers(sentences[first].span):
        return paragraph
    return Span(sentences[first].span.start, min(paragraph.end, max(span.end, sentences[last].span.end)))


def verbatim(printed: PrintedQuote, span: Span) -> str:
    """Return the printed characters of ``span``, an offset range of the article's text.

    Raises:
        NotVerbatimError: if the quote's words do not stand where they should, or the span leaves the paragraph.
    """
    paragraph, start, quote = printed.paragraph, printed.paragraph_start, printed.quote
    whole = Span(start, start + len(paragraph))
    if not whole.covers(span) or paragraph[quote.span.start - start : quote.span.end - start] != quote.text:
        raise NotVerbatimError(quote.article_id, quote.span.start)
    return paragraph[span.start - start : span.end - start]


def quoted_words(printed: PrintedQuote) -> str:
    """Return the quote's words, checked against the paragraph.

    Raises:
        NotVerbatimError: as ``verbatim``. A quotation that goes over paragraphs is checked against its own text.
    """
    return verbatim(printed, printed.quote.span)


def reporting_words(printed: PrintedQuote) -> str | None:
    """Return the printed words beside the quote that say who speaks ("stressed Putin"), None where there are none.

    They are one stretch of the quote's own sentence: from the quotation to the next one, or to the sentence's end.
    """
    quote, sentence = printed.quote, printed.sentence
    attribution = quote.attribution
    if attribution is None or attribution.carried_on or not sentence.covers(attribution.mention):
        return None
    text = verbatim(printed, sentence)
    start, end = attribution.mention.start - sentence.start, attribution.mention.end - sentence.start
    if quote.span.overlaps(attribution.mention):
        return None
    inner_start, inner_end = quote.span.start - sentence.start, quote.span.end - sentence.start
    left = inner_end if inner_end <= start else 0
    right = inner_start if inner_start >= end else len(text)
    left = max([left, *(text.rfind(mark, left, start) + 1 for mark in _MARKS)])
    right = min([right, *(at for mark in _MARKS if (at := text.find(mark, end, right)) >= 0)])
    words = _trimmed(text[left:right])
    if right == len(text):
        words = words.removesuffix(".")
    return words if 0 < len(words) <= _LONGEST_WORDS else None


def _trimmed(words: str) -> str:
    start = _AROUND.match(words)
    words = words[start.end() :] if start else words
    kept = len(words)
    while kept and _AROUND.fullmatch(words[kept - 1]):
        kept -= 1
    return words[:kept]


def is_read_as(printed: PrintedQuote) -> bool:
    """Return whether the page points at the speaker by a pronoun or a description that shares no word with the name."""
    if printed.mention is None or printed.speaker is None:
        return False
    return not set(words_of(printed.mention)) & set(words_of(printed.speaker))


def clipped(text: str, kept: Span, limit: int) -> Span:
    """Return the part of a sentence to show when all of it is too long.

    Args:
        text: The sentence.
        kept: What must be in it; offsets into ``text``.
        limit: Characters; exceeded only by ``kept`` itself.

    Returns:
        ``kept`` with as many whole clauses around it as fit, later ones first; where not even its own clause fits,
        with whole words.
    """
    if len(text) <= limit:
        return Span(0, len(text))
    clauses = [0, *(gap.end() for gap in _CLAUSE.finditer(text)), len(text)]
    first = bisect_right(clauses, kept.start) - 1
    last = next(at for at, start in enumerate(clauses) if start >= kept.end)
    if clauses[last] - clauses[first] > limit:
        return _words_around(text, kept, Span(clauses[first], clauses[last]), limit)
    grown = True
    while grown:
        grown = False
        if last + 1 < len(clauses) and clauses[last + 1] - clauses[first] <= limit:
            last, grown = last + 1, True
        elif first > 0 and clauses[last] - clauses[first - 1] <= limit:
            first, grown = first - 1, True
    start, end = clauses[first], clauses[last]
    return Span(start, start + len(text[start:end].rstrip(" –—\t")))


def _words_around(text: str, kept: Span, clause: Span, limit: int) -> Span:
    room = max(0, limit - (kept.end - kept.start)) // 2
    start, end = max(clause.start, kept.start - room), min(clause.end, kept.end + room)
    if start > clause.start:
        blank = text.find(" ", start, kept.start)
        start = blank + 1 if blank >= 0 else kept.start
    if end < clause.end:
        blank = text.rfind(" ", kept.end, end)
        end = blank if blank >= 0 else kept.end
    return Span(start, start + len(text[start:end].rstrip()))

"""What a briefing is made of.

All values are immutable; all datetimes are timezone-aware UTC.
Offsets count characters (code points), not bytes, and are half-open: ``text[start:end]``.
Unless said otherwise they are offsets into ``Article.text``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open, non-empty range of characters."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            msg = f"not a span: [{self.start}, {self.end})"
            raise ValueError(msg)

    def of(self, text: str) -> str:
        """Return the characters this span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Return whether ``other`` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end


class ParagraphKind(StrEnum):
    """What a paragraph is to the article."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: a stretch of the text without a line break, blanks at its ends excluded."""

    span: Span
    kind: ParagraphKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, blanks at its ends excluded; never across paragraphs."""

    span: Span


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned page.

    Attributes:
        article_id: Stable for one article: made from its address, or from its text where it has none.
        url: Canonical address, None for pasted text that did not say.
        outlet: Who published it, as the page says; None where it does not.
        title: None where the page shows none. Where the text starts with it, the first paragraph is of kind TITLE.
        byline: The author's name or names without "By"; None where the page shows none.
        text: Paragraphs joined by blank lines, or exactly the text that was given.
        paragraphs: In reading order, not overlapping; they cover everything but line breaks and blanks.
        language: ISO 639-1 code, "und" when it could not be told.
        published_at: None where the page does not say.
        fetched_at: When we read it.
    """

    article_id: str
    url: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    text: str
    paragraphs: tuple[Paragraph, ...]
    language: str
    published_at: datetime | None
    fetched_at: datetime

    @property
    def body_start(self) -> int:
        """Where the body begins: the start of the first paragraph that is not the title."""
        for paragraph in self.paragraphs:
            if paragraph.kind is not ParagraphKind.TITLE:
                return paragraph.span.start
        return len(self.text)


class QuoteKind(StrEnum):
    """How much of the speaker's words stand in marks."""

    DIRECT = "direct"
    """A whole sentence or more."""
    PARTIAL = "partial"
    """A fragment inside the reporter's sentence."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have spoken, why we think so, and how sure we are.

    Attributes:
        mention: The printed words that name or point at the speaker ("Putin", "the Russian president", "he").
        cue: The printed words that signal reporting ("said", "according to"); None where the page has none.
        name: The speaker's name, the longest form on the page; what a pronoun or nominal was resolved to. Where
            nothing on the page names the speaker, the printed description ("a spokesman for the ministry").
        rule: The named rule that decided ("verb_after_quote", "carry_over", …); docs/design.md lists them.
        confidence: Calibrated probability, 0 to 1, that ``name`` is right.
        speaker_id: Given by the store; None in the core.
    """

    mention: Span
    cue: Span | None
    name: str
    rule: str
    confidence: float
    speaker_id: int | None = None

    @property
    def carried_on(self) -> bool:
        """Whether no name stands beside the quote on the page: carried on from the quote before."""
        return self.rule == "carry_over"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that stand in quotation marks and were spoken or written by someone.

    Attributes:
        article_id: The article it stands in.
        span: The quoted words: marks excluded, and a comma excluded that belongs to the reporter's sentence only.
        text: Exactly ``span.of(article.text)``.
        group: Shared by the paragraphs of one multi-paragraph quotation, None for all others.
        attribution: The likeliest speaker whatever the bar; None where nobody comes into question.
        quote_id: Given by the store; None in the core.
    """

    article_id: str
    span: Span
    kind: QuoteKind
    text: str
    attribution: Attribution | None = None
    group: int | None = None
    quote_id: int | None = None

    def attributed(self, bar: float) -> Attribution | None:
        """Return the attribution if it reaches ``bar`` (0 to 1), else None."""
        if self.attribution is None or self.attribution.confidence < bar:
            return None
        return self.attribution


@dataclass(frozen=True, slots=True)
class NamedSpeaker:
    """Somebody an article names, quoted or not.

    Attributes:
        name: The longest form on the page.
        aliases: All printed forms, the longest first.
        mentions: Where the forms stand (pronouns and nominals excluded).
        reported: Sentences that report what they said without quotation marks.
    """

    name: str
    aliases: tuple[str, ...]
    mentions: tuple[Span, ...]
    reported: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Whole sentences of one article, verbatim, in reading order.

    Attributes:
        method: The name under which the ranking can be chosen ("news", "lexrank", …).
    """

    article_id: str
    sentences: tuple[Span, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The confidences above which a speaker is named; settings move them.

    Attributes:
        asked: For answers to a question, where likely speakers are marked.
        pushed: For alerts and briefings.
    """

    asked: float
    pushed: float


@dataclass(frozen=True, slots=True)
class Opening:
    """What an article's story is found by; made where the article is analysed, not where it waits for its turn.

    Attributes:
        counts: Word to how often it stands in title and opening, as ``stories.opening_counts`` returns it.
        hashes: Of some of the shingles at its beginning: its copies have the same.
    """

    counts: Mapping[str, int]
    hashes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of one article.

    Raises:
        ValueError: if a quote or a sentence is not, character for character, a stretch of the article's text.

    Attributes:
        sentences: Of the body, title excluded.
        left_out: What cleaning dropped, as (what, how many): ("captions", 4). Empty for clean text.
        opening: What the article's story is found by; None where it was not analysed just now. It says nothing that the
            article does not.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    named: tuple[NamedSpeaker, ...]
    summary: Summary
    left_out: tuple[tuple[str, int], ...] = ()
    opening: Opening | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        text = self.article.text
        for quote in self.quotes:
            if quote.span.of(text) != quote.text:
                msg = f"not verbatim: quote [{quote.span.start}, {quote.span.end}) of article {self.article.article_id}"
                raise ValueError(msg)
        known = {sentence.span for sentence in self.sentences}
        for span in self.summary.sentences:
            if span not in known:
                msg = f"not a sentence: [{span.start}, {span.end}) of article {self.article.article_id}"
                raise ValueError(msg)

"""What the store hands out; each is read in one transaction and never changes.

Ids are the store's own numbers. ``Article.article_id`` stays what the core made of address or text;
``article_id`` in these values is the store's number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from summaries.values import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from store.names import Match
    from summaries.values import Analysis, ParagraphKind, Quote


class Outcome(StrEnum):
    """What became of an article that was handed in."""

    NEW = "new"
    REVISED = "revised"
    """Known, with another text (or, re-analysed, perhaps with other quotes)."""
    KNOWN = "known"
    """Known, with the same text, be it from another address."""


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """What a saved analysis became.

    Attributes:
        quotes: All quotes of the article as they stand now, with ``quote_id`` and ``speaker_id``; in reading order.
        new_quotes: Ids of those that were not there before, in other words neither: what an alert may be about.
        same_words: Of the new ones, those whose words stood in another article before, with the quote that is listed.
        story_id: Where a shared article was placed when it was new; None for all others.
        copy_of: The earlier article whose words it has; None where it is nobody's copy, or not new.
    """

    article_id: int
    outcome: Outcome
    owner_channel: str | None
    quotes: tuple[Quote, ...]
    new_quotes: frozenset[int]
    same_words: Mapping[int, int] = field(default_factory=dict)
    story_id: int | None = None
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class OpenedSpeaker:
    """Whom a page's name stands for.

    Attributes:
        speaker_id: Under whom quotes are listed.
        own_id: Whom the page names: another where an operator merged the two.
    """

    speaker_id: int
    own_id: int

    @property
    def is_merged(self) -> bool:
        """Whether the name was another speaker's before a merge."""
        return self.speaker_id != self.own_id


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """An article without its text.

    Attributes:
        owner_channel: The chat it was pasted in; None when it is shared.
        newest_at: What "newest" goes by: printed, or read where the page does not say.
    """

    article_id: int
    owner_channel: str | None
    url: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    language: str
    published_at: datetime | None
    fetched_at: datetime
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it was read last.

    Attributes:
        analysis: None once retention dropped the text; the quotes are still found, each with its paragraph.
        kinds: Of its paragraphs, in order; kept when the text is not.
    """

    card: ArticleCard
    analysis: Analysis | None
    kinds: tuple[ParagraphKind, ...] = ()


class QuoteState(StrEnum):
    """Whether a quote may be shown."""

    CURRENT = "current"
    REMOVED = "removed"
    """The outlet took it out of the article, or reads otherwise now."""
    WITHDRAWN = "withdrawn"
    """The operator took it back."""


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A quote with its proof.

    Attributes:
        quote: Its spans are offsets into the text of the article's revision that it stands in.
        speaker: The speaker's name over all articles; None where nobody is known.
        mention: The printed words of ``quote.attribution.mention``; None without attribution.
        cue: The printed words of its cue.
        paragraph: The paragraph it is printed in, kept as long as the quote.
        paragraph_start: Offset of ``paragraph`` in the text.
        paragraph_index: Which of the article's paragraphs it is, from 0, title included.
        sentence: The printed sentence (or sentences) around it, as offsets into the text; inside the paragraph.
    """

    quote: Quote
    card: ArticleCard
    speaker: str | None
    state: QuoteState
    mention: str | None
    cue: str | None
    paragraph: str
    paragraph_start: int
    paragraph_index: int
    sentence: Span

    @property
    def printed_sentence(self) -> str:
        """The characters of ``sentence``."""
        return self.in_paragraph(self.sentence).of(self.paragraph)

    def in_paragraph(self, span: Span) -> Span:
        """Return ``span``, a range of the text, as a range of ``paragraph``."""
        return Span(span.start - self.paragraph_start, span.end - self.paragraph_start)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Another article in which the words of a quote stand.

    Attributes:
        read_at: When we read it: what is seen first here need not have been printed first.
    """

    quote_id: int
    article_id: int
    outlet: str | None
    url: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A speaker whom a typed name may mean.

    Attributes:
        near: 0 to 100; 100 but for ``Match.NEAR``.
        quotes: How many of their quotes the asker sees.
        articles: In how many articles these stand.
        named: How many articles the asker sees name them.
    """

    speaker_id: int
    name: str
    match: Match
    near: float
    quotes: int
    articles: int
    named: int


@dataclass(frozen=True, slots=True)
class Naming:
    """An article that names a speaker.

    Attributes:
        mentions: Where, as offsets into the text.
        reported: Sentences that report them without quotation marks.
    """

    article: StoredArticle
    name: str
    mentions: tuple[Span, ...]
    reported: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker and how often they are quoted."""

    speaker_id: int
    name: str
    quotes: int
    articles: int

"""Everything an analysis needs to know beside the page: language data, learned weights and bars, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summaries.language import UNKNOWN
from summaries.ranking import NewsWeights
from summaries.sentences import NO_WORDS, SentenceWords, parse_sentence_words
from summaries.summarizers import NO_SUMMARY_WORDS, SummaryWords, parse_summary_words
from summaries.tokens import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summaries.pasted import LineModel, PageWords
    from summaries.quote_words import QuoteWords
    from summaries.quotes import QuoteWeights
    from summaries.values import Bars

_READ_CHARACTERS = 4_000  # as much as the language test reads


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """What one language adds.

    Attributes:
        summary: For the summary and the language test.
        sentences: For the sentence splitter.
        quotes: For the quote engine; None where the language has no data for it.
    """

    summary: SummaryWords
    sentences: SentenceWords
    quotes: QuoteWords | None


NO_PACK = LanguagePack(NO_SUMMARY_WORDS, NO_WORDS, None)
"""For a language without data: sentences by their marks alone, and no quotes rather than wrong ones."""


def parse_language_pack(text: Mapping[str, object], quotes: QuoteWords | None) -> LanguagePack:
    """Return a language's data as a value.

    Args:
        text: What the language's ``text.toml`` holds.
        quotes: What ``quotes.parse_quote_words`` made of the rest.

    Raises:
        ValueError: if a list of words is missing.
    """
    sentences = text.get("sentences")
    return LanguagePack(
        summary=parse_summary_words(text),
        sentences=parse_sentence_words(sentences if isinstance(sentences, dict) else {}),
        quotes=quotes,
    )


@dataclass(frozen=True, slots=True)
class Engine:
    """Language data, weights and bars; the same value gives the same analysis everywhere.

    Attributes:
        packs: By ISO 639-1 code.
        page_words: Of the furniture around articles, all languages together.
        line_model: Tells a pasted page's body from its furniture.
        quote_weights: Learned numbers of the quote engine.
        bars: Above which confidence a speaker is named.
        news_weights: Of the summary.
    """

    packs: Mapping[str, LanguagePack]
    page_words: PageWords
    line_model: LineModel
    quote_weights: QuoteWeights
    bars: Bars
    news_weights: NewsWeights = field(default_factory=NewsWeights)

    @property
    def stop_words(self) -> dict[str, frozenset[str]]:
        """The stop words of every language, for the language test."""
        return {code: pack.summary.stop_words for code, pack in self.packs.items()}

    def pack_for(self, language: str, text: str) -> LanguagePack:
        """Return the data for a text.

        Args:
            language: Its code. Where that is "und" (a line or two, too short to tell) the pack with the most stop
                words in the text is taken.
            text: Read only where the language is "und".
        """
        if language != UNKNOWN:
            return self.packs.get(language, NO_PACK)
        words = words_of(text[:_READ_CHARACTERS])
        counted = {code: sum(word in pack.summary.stop_words for word in words) for code, pack in self.packs.items()}
        best = max(counted, key=lambda code: counted[code], default=UNKNOWN)
        return self.packs[best] if counted.get(best) else NO_PACK

"""Which sentences tell no news but who wrote it, where and when: bylines and datelines, which stay in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from summaries.pasted_head import byline_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from summaries.page_words import PageWords
    from summaries.values import Sentence

MAX_CHARACTERS = 200
MAX_DATELINE_WORDS = 9
LOWER_SHARE = 4
"""One word in so many may be without a capital in a dateline ("Selm, den 3. November")."""

_DASHES = ("—", "–", "-")
_ENDS = (".", "!", "?", "…", ":", '"', "”", "“", "»", "«")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


def told_sentences(text: str, sentences: Iterable[Sentence], words: PageWords) -> list[Sentence]:
    """Return the sentences of an article's text that a summary may hold."""
    return [one for one in sentences if not is_byline_or_dateline(one.span.of(text), words)]


def is_byline_or_dateline(sentence: str, words: PageWords) -> bool:
    """Return whether a sentence is only "By Ana Pardo" or "SELM, Nov 3 (VNA) —"."""
    if len(sentence) > MAX_CHARACTERS or sentence.endswith(_ENDS):
        return False
    return byline_in(sentence, len(sentence.split()), words) is not None or _is_dateline(sentence, words)


def _is_dateline(sentence: str, words: PageWords) -> bool:
    tokens = sentence.split()
    if len(tokens) > MAX_DATELINE_WORDS or LOWER_SHARE * sum(token[0].islower() for token in tokens) > len(tokens):
        return False
    if sentence.endswith(_DASHES):
        return True
    return _DIGIT.search(sentence) is not None and not words.months.keys().isdisjoint(
        _LETTERS.findall(sentence.lower())
    )

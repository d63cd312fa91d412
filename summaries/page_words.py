"""Furniture words: what stands around articles, by language, as one typed value."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NEVER = "(?!)"
NOTICE_WORDS = 200
"""A notice about cookies or privacy has fewer words; what is longer is an article, whatever it speaks of."""
LEAST_OF_NOTICE = 3
WORDS_A_PHRASE = 25
"""A notice has one of its phrases in so many words, at least. None of 2,200 marked articles has, nor their openings."""


@dataclass(frozen=True, slots=True)
class MailWords:
    """Words of what a newsletter says to its reader, of all languages together; all in lower case, "email" unhyphenated.

    Attributes:
        greeting: What a greeting begins with ("good morning").
        thanks: What a sentence to the reader begins with, news never ("thank you for reading").
        aside: What a greeting goes on with ("here is what").
        toward: What a greeting names a newsletter or its sender behind ("from", "to").
        joins: What a greeting goes on behind ("and"), beside commas and dashes.
        farewell: What a goodbye begins with ("see you tomorrow").
        footer: What a footer's sentence begins with ("you are receiving this email").
        links: What stands on a footer's links ("unsubscribe").
        between: Words that may stand between links ("or", "here").
        postal: What a postal address has ("street"), also at the end of a longer word.
    """

    greeting: re.Pattern[str]
    thanks: re.Pattern[str]
    aside: re.Pattern[str]
    toward: re.Pattern[str]
    joins: re.Pattern[str]
    farewell: re.Pattern[str]
    footer: re.Pattern[str]
    links: re.Pattern[str]
    between: frozenset[str]
    postal: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PageWords:
    """Furniture words of all languages together: a page's language is not known before it is clean.

    Attributes:
        categories: Phrase in lower case → what it is part of ("share", "cookies", "more", "credit", …).
        phrases: Finds them in lower-case text, at word boundaries, the longest first.
        byline: Matches what stands before an author's name, at the start of a line.
        roles: What stands behind the name and is none ("staff writer"), in lower case.
        months: Name or abbreviation in lower case, without its dot → 1 to 12.
        mail: What newsletters say to their readers.
    """

    categories: Mapping[str, str]
    phrases: re.Pattern[str]
    byline: re.Pattern[str]
    roles: frozenset[str]
    months: Mapping[str, int]
    mail: MailWords

    def is_notice(self, text: str) -> bool:
        """Return whether a text is what a site shows before its article: a notice about cookies or privacy."""
        words = text.count(" ")
        if words > NOTICE_WORDS:
            return False
        found = sum(self.categories[match[0]] == "cookies" for match in self.phrases.finditer(text.lower()))
        return found >= max(LEAST_OF_NOTICE, words / WORDS_A_PHRASE)


def parse_page_words(data: Mapping[str, object]) -> PageWords:
    """Return the furniture words; ``data`` maps the code of each language to what its ``pages.toml`` holds.

    A phrase that two languages list counts for the first of them.
    """
    categories: dict[str, str] = {}
    before: list[str] = []
    roles: set[str] = set()
    months: dict[str, int] = {}
    for tables in data.values():
        for category, phrases in _table(tables, "furniture").items():
            for phrase in _strings(phrases):
                categories.setdefault(phrase, category)
        byline = _table(tables, "byline")
        before += _strings(byline.get("before"))
        roles.update(_strings(byline.get("roles")))
        for month, number in _table(_table(tables, "dates"), "months").items():
            months[month] = int(str(number))
    return PageWords(
        categories,
        re.compile(_one_of(categories)),
        re.compile(rf"{_one_of(before)}\s*:?\s+(?=\w)", re.IGNORECASE),
        frozenset(roles),
        months,
        _mail_words([_table(tables, "mail") for tables in data.values()]),
    )


def _mail_words(tables: Iterable[Mapping[str, object]]) -> MailWords:
    """Return the words of newsletters, out of each language's table."""
    lists: dict[str, list[str]] = {field.name: [] for field in fields(MailWords)}
    for table in tables:
        for name, phrases in lists.items():
            phrases.extend(_strings(table.get(name)))
    between, postal = lists.pop("between"), lists.pop("postal")
    return MailWords(
        between=frozenset(between),
        postal=re.compile(rf"(?:{'|'.join(map(re.escape, postal))})(?!\w)" if postal else _NEVER),
        **{name: re.compile(_one_of(phrases)) for name, phrases in lists.items()},
    )


def _one_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of the phrases at word boundaries, the longest first."""
    found = sorted(phrases, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)" if found else _NEVER


def _table(data: object, name: str) -> Mapping[str, object]:
    """Return a table inside a table; empty where there is none."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _strings(found: object) -> list[str]:
    """Return a list of strings; empty where there is none."""
    return [str(word).lower() for word in found] if isinstance(found, list) else []

"""Names joined to people: which printed names are one person's, and whom a bare surname means."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summaries.cues import NOTHING
from summaries.mentions import MentionKind
from summaries.reading import prefixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.mentions import Mention
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading

SHORT_FORM = 3
"""Letters from which the beginning of a first name is its short form."""
FULL_NAME = 2
"""Words of a first name and a surname."""
CLEARLY = 3
"""Times as often in full as another one of the same surname: then the page is about this one."""
RECENT = 20
"""Mentions back from a bare surname among which somebody was named in full last."""


def folded(word: str) -> str:
    """Return a word in lower case without accents and full stops: "Bořil" and "Boril" are one name."""
    if word.isascii():
        return word.lower().strip(".")
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower().strip(".")


@dataclass(slots=True)
class Name:
    """A name's words while names are being joined."""

    words: tuple[str, ...]
    first_at: int
    suffix: str
    sex: str
    mentions: list[int]
    full: list[int] = field(default_factory=list)
    acting: list[int] = field(default_factory=list)


def name_words(reading: Reading, mention: Mention, words: QuoteWords) -> tuple[tuple[str, ...], str]:
    """Return a name's words for comparing, and its suffix ("jr")."""
    found, suffix = [], ""
    for place in range(mention.start, mention.end):
        low = reading.low[place]
        if low in words.suffixes and place > mention.start:
            suffix = low.strip(".")
        elif low[:1].isalnum():
            found.append(folded(prefixed(low, words) or low))
    return tuple(found), suffix


def compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names of several words with one last word may be one person's."""
    a, b = one[0], other[0]
    if a == b or a in other[:-1] or b in one[:-1]:
        return True
    short, long = (a, b) if len(a) < len(b) else (b, a)
    # "J. Trump" and "Donald J. Trump" share no first letter; "Don" and "Donald" share the beginning.
    # "Al" and "Alice" are two people, "J." and "Don" may stand for a longer name.
    return long.startswith(short) and (len(short) == 1 or len(short) >= SHORT_FORM)


class Joiner:
    """Joins the names of one page."""

    def __init__(self, reading: Reading, mentions: Sequence[Mention], words: QuoteWords) -> None:
        self.reading, self.mentions, self.words = reading, mentions, words
        self.names: list[Name] = []
        self.by_last: dict[str, list[Name]] = defaultdict(list)
        self.by_first: dict[str, list[Name]] = defaultdict(list)
        self.shared: set[int] = set()

    def join(self) -> list[Name]:
        """Return the names of the page, each with its mentions, in order of first mention."""
        singles: list[tuple[int, str, str]] = []
        exact: dict[tuple[tuple[str, ...], str], Name] = {}
        for number, mention in enumerate(self.mentions):
            if mention.kind is not MentionKind.NAME:
                continue
            found, suffix = name_words(self.reading, mention, self.words)
            if len(found) == 1:
                singles.append((number, found[0], suffix))
                continue
            known = exact.get((found, suffix))
            if known is None:
                known = self.known(found, suffix, mention.sex) or self.new(found, number, suffix, mention.sex)
                exact[found, suffix] = known
            known.mentions.append(number)
            known.full.append(number)
            # After "a photo of Ida Moe", "Moe" may still be the other one.
            before = self.reading.low[mention.outer_start - 1] if mention.outer_start else ""
            if not mention.modifier and before not in self.words.grammar.get("prepositions", NOTHING):
                known.acting.append(number)
            if len(found) > len(known.words):
                known.words = found
        for number, word, suffix in singles:
            self.single(number, word, suffix).mentions.append(number)
        for name in self.names:
            name.mentions.sort()
        return sorted(self.names, key=lambda name: name.mentions[0])

    def known(self, found: tuple[str, ...], suffix: str, sex: str) -> Name | None:
        """Return the known name that a name of several words is another form of, None without."""
        for name in self.by_last[found[-1]][:20]:
            if name.suffix == suffix and not (sex and name.sex and sex != name.sex) and compatible(found, name.words):
                return name
        return None

    def new(self, found: tuple[str, ...], number: int, suffix: str, sex: str) -> Name:
        """Return a name that is new on the page, and keep it."""
        if not sex and len(found) > 1:
            sex = self.words.first_names.get(found[0], "")
        name = Name(found, number, suffix, sex if sex in {"male", "female"} else "", [])
        self.names.append(name)
        self.by_last[found[-1]].append(name)
        if len(found) > 1:
            self.by_first[found[0]].append(name)
        return name

    def single(self, number: int, word: str, suffix: str) -> Name:
        """Return whom a single name means: by its surname, else its first name, else somebody new."""
        sex = self.mentions[number].sex
        lasts = [n for n in self.by_last[word][:20] if not suffix or n.suffix == suffix]
        if sex:
            # "Mr. Obama" on a page that prints Michelle Obama alone in full is somebody else.
            lasts = [n for n in lasts if self.sex_of(n) in {sex, ""}]
            agreeing = [n for n in lasts if self.sex_of(n) == sex]
            lasts = agreeing or lasts
        lasts = [n for n in lasts if n.words[0] not in self.words.countries] or lasts
        if lasts:
            lasts = self.of_generation(lasts, number)
            meant = self.likeliest(lasts, number)
            if self.is_open(lasts, meant, number):
                self.shared.add(number)
            return meant
        firsts = self.by_first[word]
        if len(firsts) == 1 and not suffix and (word in self.words.first_names or len(firsts[0].words) == FULL_NAME):
            return firsts[0]
        return self.new((word,), number, suffix, sex)

    def generation(self, number: int) -> str:
        """Return "elder" or "younger" where such a word stands before a mention ("the senior Havel"), "" without."""
        start = self.mentions[number].start
        before = self.reading.low[start - 1] if start else ""
        return next((name for name in ("elder", "younger") if before in self.words.grammar.get(name, NOTHING)), "")

    def of_generation(self, names: list[Name], number: int) -> list[Name]:
        """Return the one of a father and a son of one name that "the elder Havel" means; all where no suffix tells."""
        told = self.generation(number)
        wanted = [name for name in names if (name.suffix == "jr") == (told == "younger")]
        return wanted if told and len(wanted) == 1 else names

    def is_open(self, names: Sequence[Name], meant: Name, number: int) -> bool:
        """Return whether a bare surname may mean somebody else than is thought likeliest.

        Papers mean by it whom the page is about, who comes first, or who was named in full last: these have to be one.
        """
        people = [name for name in names if name.full and name.words[0] in self.words.first_names]
        rivals = [name for name in people if name.suffix != meant.suffix or name.words[0] != meant.words[0]]
        if not rivals:
            return False
        if self.generation(number):
            return True
        rivals = [name for name in rivals if len(name.full) * CLEARLY > len(meant.full)]
        people = [meant, *rivals]
        latest = max(
            people, key=lambda name: max((at for at in name.acting if number - RECENT < at < number), default=-1)
        )
        return latest is not meant or min(people, key=lambda name: name.first_at) is not meant

    def sex_of(self, name: Name) -> str:
        """Return a name's sex as its titles tell, else its first name; "" where neither does."""
        told = self.words.first_names.get(name.words[0], "") if len(name.words) > 1 else ""
        return name.sex or (told if told in {"male", "female"} else "")

    def likeliest(self, names: Sequence[Name], number: int) -> Name:
        """Return whom a bare surname means: the one named in full most often, of equals the one before it."""
        return max(
            names,
            # "Endorse Orlan" in a headline is no first name.
            key=lambda name: (
                name.words[0] in self.words.first_names,
                len(name.full),
                name.first_at <= number,
                name.first_at,
            ),
        )

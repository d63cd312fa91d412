"""When two printed names are one person, and whom a typed name may mean: pure decisions.

A wrong join puts words into somebody's mouth, so every rule here is one that print itself follows; whatever is left
open stays apart.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from store.search import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Cyrillic as English-language agencies print it; what differs between systems is levelled below.
CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгґдезийіїклмнопрстуфыэєё",
            ("a", "b", "v", "g", "g", "d", "e", "z", "i", "i", "i", "i", *"klmnoprstuf", "y", "e", "e", "e"),
            strict=True,
        )
    )
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ь": "", "ъ": ""}
)
# Spellings of one sound that English-language print mixes at the end of names, y read as i: Zelenskyy, Zelenskij.
ENDINGS = ("ii", "ij")
SPELLINGS_FROM = 5  # letters; in shorter words i and y tell people apart ("Li" and "Ly")
NEAR = 80.0  # rapidfuzz ratio, 0 to 100: one letter in five ("puttin" to "putin" is 91, "macaron" to "macron" 92)
ESTABLISHED = 5  # articles that name somebody in full, before the surname alone will do …
ESTABLISHED_OVER = 10  # … and so many times as many as name all others of that surname together
# A name that begins with one of these is a surname: "von der Leyen", "de la Cruz", "al-Assad", "Le Pen".
PARTICLES = frozenset(
    [
        "von",
        "vom",
        "van",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "lo",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "ter",
        "ten",
        "zu",
        "zur",
        "af",
        "av",
    ]
)
# Before a full name they are no part of it; between two people's names "Sens." and "Reps." are easily left to the first.
TITLES = frozenset(
    [
        "president",
        "sen",
        "sens",
        "senator",
        "senators",
        "rep",
        "reps",
        "gov",
        "govs",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "herr",
        "frau",
    ]
)
TITLED = 3  # words: a title and at least a full name; "President Warfield" may be a ship
# As people write them who have no umlauts on the keyboard; folded they are plain vowels.
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe"})
DIGRAPH = re.compile("([aou])e")
MIN_NEAR_LETTERS = 4  # shorter names are near to too many


class Match(IntEnum):
    """How a typed name met a speaker, the best first."""

    FULL = 0
    """The whole of a printed form."""
    WORD = 1
    """Whole words of a printed form, its surname among them."""
    PART = 2
    """Whole words of a printed form, the surname not among them."""
    PREFIX = 3
    """The beginning of a word of a printed form."""
    NEAR = 4
    """Spelt nearly like a printed form or a word of it."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """One printed form of a speaker.

    Attributes:
        folded: As ``fold_name`` returns it.
        whole: Whether it is the speaker's name itself, not another form of it.
        merged_into: Whom an operator made the speaker one with; None where nobody did.
    """

    speaker_id: int
    folded: str
    whole: bool = False
    merged_into: int | None = None

    @property
    def person(self) -> int:
        """Under whom the speaker is listed."""
        return self.speaker_id if self.merged_into is None else self.merged_into


_again = lru_cache(maxsize=4096)  # an article's names are folded again with each article that has them


@_again
def fold_name(printed: str) -> str:
    """Return what all spellings of one name share: small letters, no accents, hyphens or initials' points."""
    return " ".join(
        _fold_word(word) for word in words(printed.replace("'s ", " ").removesuffix("'s").removesuffix("’s"))
    )


def surname_of(folded: str) -> str:
    """Return the last word of a folded name; empty for an empty one."""
    return folded.rpartition(" ")[2]


def is_full(folded: str) -> bool:
    """Return whether a folded name has a given name (or an initial) and a surname, not particles and a surname only."""
    first, _, rest = folded.partition(" ")
    return bool(rest) and first not in PARTICLES


@_again
def spelt_out(printed: str) -> str:
    """Return a name folded with its umlauts as two letters: "Müller" is printed "Mueller", too, and neither is "Muller"."""
    return fold_name(printed.translate(UMLAUTS))


@_again
def looked_up(printed: str) -> frozenset[str]:
    """Return the surnames under which a name's other spellings are kept."""
    surname = surname_of(fold_name(printed))
    return frozenset({surname, surname_of(spelt_out(printed)), DIGRAPH.sub(r"\1", surname)} - {""})


@_again
def level(folded: str) -> str:
    """Return what is compared of a folded name: without "the" and titles before it, its first initials together.

    "J. D. Vance" is "JD Vance", "Aleksei" is "Alexei", "el-" is "al-"; whether there is an "al-" at all tells people apart.
    """
    names = folded.split(" ")
    if names[0] == "the" and len(names) > 1:
        del names[0]
    while names[0] in TITLES and len(names) >= TITLED:
        del names[0]
    initials = next((place for place, word in enumerate(names) if len(word) > 1), 0)
    if initials > 1:
        names[:initials] = ["".join(names[:initials])]
    if names[0].startswith("aleks"):
        names[0] = "alex" + names[0].removeprefix("aleks")
    return " ".join("al" if word == "el" and 0 < place < len(names) - 1 else word for place, word in enumerate(names))


def same_person(one: str, other: str) -> bool:
    """Return whether two folded full names are one person's: equal, or but for initials in the middle."""
    one, other = level(one), level(other)
    if one == other:
        return True
    if not (is_full(one) and is_full(other)):
        return False
    first, *middle, last = one.split(" ")
    other_first, *other_middle, other_last = other.split(" ")
    if (first, last) != (other_first, other_last):
        return False
    # "John F Kennedy" is "John Kennedy"; "Foreign Affairs Ministry" is not "Foreign Ministry", nor is "George H W
    # Bush" "George W Bush".
    initials = [word for word in (*middle, *other_middle) if len(word) > 1]
    return not initials and not (middle and other_middle)


def joins(folded: str, known: Iterable[KnownName], articles: Mapping[int, int]) -> int | None:
    """Return the speaker that a page's name belongs to, or None to open a new one.

    Args:
        folded: The longest form on the page, folded.
        known: Forms of speakers that share its surname.
        articles: How many articles name each of them; asked only for a surname alone.
    """
    names, asked = list(known), level(folded)
    whole = {name.speaker_id for name in names if name.whole and level(name.folded) == asked}
    if not is_full(asked):
        return _established(asked, names, whole, articles) or min(whole, default=None)
    if whole:
        return min(whole)
    near = [name for name in names if same_person(asked, name.folded)]
    if len({name.person for name in near}) != 1:
        return None
    # Of several that were merged, the one whose form it is: an undo gives it back to them.
    return min(near, key=lambda name: (name.folded != folded, name.speaker_id)).speaker_id


def _established(surname: str, names: list[KnownName], alone: set[int], articles: Mapping[int, int]) -> int | None:
    """Return the one bearer of a surname whom everybody writes about, None where there is none or more than one.

    What counts is who bears the surname, not who was ever printed by it.

    Args:
        surname: With its particles.
        names: Forms of all that bear its last word.
        alone: Speakers known by nothing but this word: bodies ("Kremlin"), and people no page named in full.
        articles: How many articles name each.
    """
    counts: Counter[int] = Counter()
    for speaker, person in {(name.speaker_id, name.person) for name in names}:
        counts[person] += articles.get(speaker, 0)
    known_alone = {name.person for name in names if name.speaker_id in alone}
    bearers = {name.person for name in names if is_full(level(name.folded))} - known_alone
    called_so = bearers & {name.person for name in names if level(name.folded).endswith(f" {surname}")}
    if not called_so:
        return None
    most, person = max((counts[one], one) for one in called_so)
    others = sum(counts[one] for one in bearers) - most
    by_itself = max((counts[one] for one in known_alone), default=0)
    return person if most >= max(ESTABLISHED, ESTABLISHED_OVER * others, by_itself) else None


def ranked(typed: str, known: Iterable[KnownName]) -> list[tuple[Match, float, int]]:
    """Return whom ``typed`` may mean, the best match first, each speaker once, with how near (0 to 100) it is.

    Near spellings are looked for only where nothing else was found.
    """
    asked = fold_name(typed)
    if not asked:
        return []
    names = list(known)
    best: dict[int, tuple[Match, float, int]] = {}
    for name in names:
        match = _plain_match(asked, name.folded)
        if match is not None:
            found = (match, 100.0, name.speaker_id)
            best[name.speaker_id] = min(found, best.get(name.speaker_id, found))
    if not best and len(asked) >= MIN_NEAR_LETTERS:
        for speaker, score in _near(asked, names):
            if score > best.get(speaker, (Match.NEAR, 0.0, speaker))[1]:
                best[speaker] = (Match.NEAR, score, speaker)
    return sorted(best.values(), key=lambda found: (found[0], -found[1], found[2]))


def _fold_word(word: str) -> str:
    latin = word.translate(CYRILLIC)
    if len(latin) < SPELLINGS_FROM:
        return latin
    level = latin.replace("y", "i")
    return level[:-1] if level.endswith(ENDINGS) else level


def _plain_match(asked: str, folded: str) -> Match | None:
    if asked == folded:
        return Match.FULL
    asked_words, name_words = asked.split(" "), folded.split(" ")
    if set(asked_words) <= set(name_words):
        return Match.WORD if name_words[-1] in asked_words else Match.PART
    if all(any(word.startswith(part) for word in name_words) for part in asked_words):
        return Match.PREFIX
    return None


def _near(asked: str, names: list[KnownName]) -> Iterable[tuple[int, float]]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - 20 ms, and only misspelt names need it

    full = [name.folded for name in names]
    last = [surname_of(folded) for folded in full]
    for forms in (full, last):
        for _, score, index in process.extract(asked, forms, scorer=fuzz.ratio, score_cutoff=NEAR, limit=50):
            yield names[index].speaker_id, score

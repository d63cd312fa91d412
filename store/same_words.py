"""When two printed quotes are the same words: pure decisions, and the keys by which such quotes find each other.

Outlets print one statement in many forms: with another comma, a word cut, one sentence of three. What is folded is not
shown, and not told again; so what is doubtful stays apart, and words of two named people are never one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from summaries.shingles import shingle_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SHINGLE = 4
"""Words of a shingle."""
WINDOW = 5
"""Shingles in a row of which the smallest is a key: quotes that share ``SHINGLE + WINDOW - 1`` words in a row share one."""
MOST_KEYS = 12
"""Keys of one quote; of a longer one the smallest, the same in every copy."""

LONG = 8
"""Words from which on nobody says the same twice by chance."""
PHRASE = 4
"""Words from which on the same ones are one saying for ``SAME_WEEK``; fewer are only inside one story."""
PART = 6
"""Words of a part that is known as one outside its story; inside it, ``STORY_PART`` are enough."""
STORY_PART = 3
SAME_WEEK = timedelta(days=7)
SAME_MONTH = timedelta(days=30)
"""How far apart a part, or other wording, may be printed."""
LITTLE_MORE = 1.25
"""A later quote that is longer by no more has no news in it."""
DIFFERENT = 8
"""One word in so many may be another, or be missing, in words that are nearly the same."""
FILLER = 4
"""Letters of a word that may be missing at most."""
ALIKE = 75.0
"""rapidfuzz ratio, 0 to 100, of two spellings of one word ("organised", "organized": 89; "sign", "signed": 80)."""
# Of what is said, these turn the sense. "…nt" for "don’t" and the like, whose apostrophes are folded away.
TURNING = re.compile(r"no|not|nor|non|never|none|nie|nicht|kein\w*|ohne|ne|pas|\w+nt|.*\d.*")


class Fold(IntEnum):
    """How a new quote and one that was there are one; the surest first."""

    EQUAL = 0
    """The same words: shown under the first."""
    NEARLY = 1
    """Small differences: shown under the first."""
    PART = 2
    """The new one is a part of the old: shown under it."""
    WHOLE = 3
    """The old one is a part of the new, which says more: it is shown under the new one."""
    NAMED = 4
    """The same words, of which only the new ones have a speaker: the old are shown under them."""

    @property
    def new_leads(self) -> bool:
        """Whether the new quote is the one that is shown."""
        return self in {Fold.WHOLE, Fold.NAMED}


@dataclass(frozen=True, slots=True)
class Said:
    """A quote, as far as it is compared.

    Attributes:
        words: Folded, as ``store.search.words`` gives them.
        speaker: Who says it: a speaker's id, a printed description of somebody who has none, or None for nobody.
        at: When its article was printed.
        story: Its article's; None where it has none.
        taken: Who does not say it, by an operator's word, and was taken for the speaker; None where nobody was.
    """

    words: tuple[str, ...]
    speaker: int | str | None
    at: datetime
    story: int | None
    taken: int | str | None = None

    def without_name(self) -> Said:
        """Return it once the name is taken back."""
        return replace(self, speaker=None, taken=self.speaker)


def keys_of(words: Sequence[str]) -> frozenset[int]:
    """Return what quotes with the same, or partly the same, words are found by; none for fewer than ``SHINGLE``."""
    hashes = shingle_hashes(words, SHINGLE)
    if len(hashes) <= WINDOW:
        return frozenset((min(hashes),)) if hashes else frozenset()
    found = set(map(min, zip(*[hashes[at:] for at in range(WINDOW)], strict=False)))
    return frozenset(sorted(found)[:MOST_KEYS]) if len(found) > MOST_KEYS else frozenset(found)


def fold_of(new: Said, old: Said) -> Fold | None:
    """Return how two quotes are one, None where they are not, or not surely."""
    if new.speaker != old.speaker and new.speaker is not None and old.speaker is not None:
        return None
    if (new.speaker is not None and new.speaker == old.taken) or (old.speaker is not None and old.speaker == new.taken):
        return None
    alike = _alike(new.words, old.words)
    if alike is None or not _surely(alike, new, old):
        return None
    if new.speaker == old.speaker:
        return alike
    if new.speaker is None:
        # Nobody's words do not hide somebody's.
        return None if alike is Fold.WHOLE else alike
    return None if alike is Fold.PART else Fold.NAMED


def not_theirs(new: Said, judged: Said) -> bool:
    """Return whether a quote is given to whom an operator took the same words from."""
    return judged.taken is not None and judged.taken == new.speaker and fold_of(new.without_name(), judged) is not None


def _alike(new: tuple[str, ...], old: tuple[str, ...]) -> Fold | None:
    if new == old:
        return Fold.EQUAL if new else None
    if len(new) < len(old):
        if _holds(old, new):
            return Fold.PART
    elif _holds(new, old):
        little = len(old) >= LONG and len(new) <= LITTLE_MORE * len(old) and not _turned(new, old)
        return Fold.NEARLY if little else Fold.WHOLE
    return Fold.NEARLY if _nearly(new, old) else None


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def _turned(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Return whether what one says more may turn the sense."""
    return any(TURNING.fullmatch(word) for word in set(longer) - set(shorter))


def _nearly(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Return whether two texts differ in spellings and fillers only, in one word of ``DIFFERENT`` at most."""
    most = max(len(new), len(old))
    allowed = most // DIFFERENT
    if min(len(new), len(old)) < LONG or most - min(len(new), len(old)) > allowed:
        return False
    # Cheap, and refuses nearly all: the aligning below costs a hundred times as much.
    if len(set(new) ^ set(old)) > 2 * allowed:
        return False
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - 20 ms, and few quotes get here

    changes = Levenshtein.editops(new, old)
    if len(changes) > allowed:
        return False
    return all(
        _is_small(
            new[change.src_pos] if change.tag != "insert" else "",
            old[change.dest_pos] if change.tag != "delete" else "",
        )
        for change in changes
    )


def _is_small(one: str, other: str) -> bool:
    """Return whether a word may stand for another, or for none (the empty one), without a change of sense."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - as above

    if any(TURNING.fullmatch(word) for word in (one, other)):
        return False
    return fuzz.ratio(one, other) >= ALIKE if one and other else len(one or other) <= FILLER


def _surely(alike: Fold, new: Said, old: Said) -> bool:
    """Return whether so many words, so far apart, are one saying."""
    count = min(len(new.words), len(old.words))
    one_story = new.story is not None and new.story == old.story
    apart = abs(new.at - old.at)
    mine, theirs = (one.taken if one.speaker is None else one.speaker for one in (new, old))
    if mine != theirs or not isinstance(mine, int):
        # Words that nobody says may be another's, and "a spokesman" is another one on each page.
        least = LONG if alike is Fold.EQUAL else 2 * LONG
        return count >= least and (alike is Fold.EQUAL or apart <= SAME_MONTH)
    if alike is Fold.EQUAL:
        return count >= LONG or one_story or (count >= PHRASE and apart <= SAME_WEEK)
    if alike is Fold.NEARLY:
        return apart <= SAME_MONTH
    return (one_story and count >= STORY_PART) or (count >= PART and apart <= SAME_MONTH)

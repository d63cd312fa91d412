"""For every quotation the mentions that may be its speaker, and how mentions and reporting verbs go together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueForm, CueKind
from summaries.mentions import MentionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summaries.aliases import Cast
    from summaries.cues import Cue
    from summaries.mentions import Mention
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading

BEFORE, AFTER = 12, 7
"""Candidates in the quotation's paragraph, before it and after it."""
BEFORE_PARAGRAPH, AFTER_PARAGRAPH = 5, 3
"""Candidates in the paragraphs around."""
REACH = 90
"""Pieces in which candidates are looked for, to either side."""
CUE_REACH = 25
"""Pieces in which a quotation's cues are looked for, to either side."""
APART = 5
"""Words of a description in front of a name that stands apart: "the ship’s first mate, Willa Crane,"."""
SAID = re.compile(r"[^\W_]+")
MOST_SAID = 400
"""Characters of a quotation whose words are looked at."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that was found in one article."""

    reading: Reading
    cues: Mapping[int, Cue]
    mentions: tuple[Mention, ...]
    cast: Cast
    words: QuoteWords


class How(IntEnum):
    """How a reporting verb stands to a mention; the numbers are features of the learned weights."""

    NONE = 0
    NEXT = 1
    """Next to it, adverbs aside."""
    APPOSITION = 2
    """After an apposition, or some words away."""
    RELATIVE = 3
    """In a relative clause."""
    FARTHER = 4
    """Further on in the sentence."""


SUBJECT = frozenset((How.NEXT, How.APPOSITION))
"""The verb to the right whose subject a mention surely is."""


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and the reporting verb whose subject it seems to be.

    Attributes:
        place: Of the cue; -1 for none.
        how: How the two go together.
    """

    place: int = -1
    how: How = How.NONE


NO_LINK = Link()


class Candidates:
    """Finds the candidates of one article's quotations and describes them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.reading = scene.reading
        grammar = scene.words.grammar
        self.adverbs = grammar.get("adverbs", NOTHING)
        self.auxiliaries = grammar.get("auxiliaries", NOTHING)
        self.articles = grammar.get("articles", NOTHING) | grammar.get("possessives", NOTHING)
        self.prepositions = grammar.get("prepositions", NOTHING)
        self.mention_starts = [mention.start for mention in scene.mentions]
        self.verb_places = sorted(
            place for place, cue in scene.cues.items() if cue.is_verb or cue.kind is CueKind.ACCORDING
        )
        self.noun_places = sorted(place for place, cue in scene.cues.items() if cue.kind is CueKind.NOUN)
        self.links: dict[int, tuple[Link, Link]] = {}
        self.paragraph_range = self._paragraphs()
        self.spoke = self._spoke()

    def _paragraphs(self) -> dict[int, tuple[int, int]]:
        ranges: dict[int, tuple[int, int]] = {}
        for place, paragraph in enumerate(self.reading.paragraph):
            start, _ = ranges.get(paragraph, (place, place))
            ranges[paragraph] = (start, place + 1)
        return ranges

    def _spoke(self) -> list[int]:
        """Return how often each entity stands next to a reporting verb."""
        counts = [0] * len(self.scene.cast.entities)
        for number, entity in enumerate(self.scene.cast.entity_of):
            if entity >= 0:
                right, left = self.link(number)
                counts[entity] += right.how in SUBJECT or left.how is How.NEXT
        return counts

    def link(self, number: int) -> tuple[Link, Link]:
        """Return a mention's verb to the right (it is the subject) and to the left (inverted order, or its object)."""
        if number not in self.links:
            mention = self.scene.mentions[number]
            self.links[number] = (self._right(mention), self._left(mention))
        return self.links[number]

    def verb_at(self, place: int, limit: int = 4) -> int:
        """Return the reporting verb at a place, adverbs and auxiliaries skipped; -1 for none."""
        reading, cues = self.reading, self.scene.cues
        for at in range(place, min(place + limit, len(reading))):
            if reading.quote[at] >= 0:
                return -1
            cue = cues.get(at)
            if cue is not None and cue.is_verb:
                return at
            low = reading.low[at]
            if low not in self.adverbs and low not in self.auxiliaries and low != "who":
                return -1
        return -1

    def _right(self, mention: Mention) -> Link:
        reading, at = self.reading, mention.outer_end
        for start in (mention.end, mention.outer_end):
            found = self.verb_at(start)
            if found >= 0 and reading.breaks[found] == reading.breaks[mention.start]:
                return Link(found, How.NEXT)
        link = self._behind_comma(mention)
        if link is not NO_LINK:
            return link
        following = bisect_left(self.verb_places, at)
        for place in self.verb_places[following : following + 1]:
            if place - at < CUE_REACH and reading.breaks[place] == reading.breaks[mention.start]:
                return Link(place, How.RELATIVE if reading.low[at] == "who" else How.FARTHER)
        return NO_LINK

    def _behind_comma(self, mention: Mention) -> Link:
        """Return the verb behind what stands in commas, brackets or dashes after a mention, or behind its own comma."""
        reading, at = self.reading, mention.outer_end
        apart = self._apart(mention)
        if apart >= 0:
            return Link(apart, How.APPOSITION)
        if at >= len(reading) or reading.low[at] not in {",", "(", "–", "—", "-"}:
            return NO_LINK
        closer = {"(": ")"}.get(reading.low[at], reading.low[at])
        for close in range(at + 1, min(at + CUE_REACH, len(reading))):
            if reading.breaks[close] != reading.breaks[mention.start] or reading.quote[close] >= 0:
                break
            if reading.low[close] == closer:
                found = self.verb_at(close + 1)
                if found >= 0:
                    clause = reading.low[at + 1] in {"who", "which"}
                    return Link(found, How.RELATIVE if clause else How.APPOSITION)
        return NO_LINK

    def _apart(self, mention: Mention) -> int:
        """Return the verb of a name that stands apart ("the first mate, Willa Crane, said"), -1 without."""
        at = mention.outer_end
        if at >= len(self.reading) or self.reading.low[at] != "," or not self._stands_apart(mention):
            return -1
        found = self.verb_at(at + 1)
        return found if found >= 0 and self.scene.cues[found].form is not CueForm.ING else -1

    def _stands_apart(self, mention: Mention) -> bool:
        """Return whether a name stands behind a comma and an article's noun: "the first mate, Willa Crane, said"."""
        reading, start = self.reading, mention.outer_start
        if mention.kind is not MentionKind.NAME or start < APART or reading.low[start - 1] != ",":
            return False
        nouns = range(start - 2, max(-1, start - APART - 2), -1)
        for at in nouns:
            if reading.quote[at] >= 0 or reading.breaks[at] != reading.breaks[start] or not reading.low[at].isalpha():
                return False
            if reading.low[at] in self.articles:
                return at < start - 2
        return False

    def _left(self, mention: Mention) -> Link:
        reading, cues = self.reading, self.scene.cues
        at = mention.outer_start - 1
        for step in range(4):
            place = at - step
            if place < 0 or reading.quote[place] >= 0 or reading.breaks[place] != reading.breaks[mention.start]:
                break
            cue = cues.get(place)
            if cue is not None and cue.kind is not CueKind.NOUN:
                return Link(place, How.NEXT if step == 0 else How.APPOSITION)
            if cue is None and step == 0 and reading.low[place] == "to" and place and place - 1 in cues:
                according = cues[place - 1].kind is CueKind.ACCORDING
                return Link(place - 1, How.NEXT if according else How.APPOSITION)
        return NO_LINK

    def of(self, quote: int) -> list[int]:
        """Return the numbers of the mentions that may be a quotation's speaker."""
        reading, starts = self.reading, self.mention_starts
        place = reading.place_of[quote]
        paragraph = reading.paragraph[place]
        first, last = self.paragraph_range[paragraph]
        here = bisect_left(starts, place)
        low = bisect_left(starts, max(first, place - REACH))
        high = bisect_right(starts, min(last, place + REACH))
        chosen = list(range(max(low, here - BEFORE), here))
        if low < here - BEFORE:
            chosen.insert(0, low)  # the paragraph's first mention is often its subject
        chosen.extend(range(here, min(high, here + AFTER, bisect_left(starts, last))))
        before = bisect_left(starts, first)
        chosen = [*range(max(bisect_left(starts, max(0, first - REACH)), before - BEFORE_PARAGRAPH), before), *chosen]
        after = bisect_left(starts, last)
        chosen.extend(range(after, min(after + AFTER_PARAGRAPH, bisect_left(starts, min(last + 30, len(reading))))))
        return chosen

    def cues_around(self, place: int) -> tuple[int, int]:
        """Return the nearest reporting verbs before and after a piece, in its sentence; -1 for none."""
        reading = self.reading
        at = bisect_left(self.verb_places, place)
        before = self.verb_places[at - 1] if at else -1
        if before >= 0 and (place - before > CUE_REACH or reading.breaks[before] != reading.breaks[place]):
            before = -1
        after = self.verb_places[at] if at < len(self.verb_places) else -1
        if after >= 0 and (after - place > CUE_REACH or reading.breaks[after] != reading.breaks[place]):
            after = -1
        return before, after

    def said(self, quote: int) -> frozenset[str]:
        """Return the words of a quotation, in lower case."""
        reading, place = self.reading, self.reading.place_of[quote]
        start = reading.starts[place]
        return frozenset(SAID.findall(reading.text[start : min(reading.ends[place], start + MOST_SAID)].lower()))

"""For every quotation the mentions that may be its speaker, each with what can be seen: a row of numbers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueForm, CueKind
from summaries.mentions import MentionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
FAR = 99

QUOTE_FEATURES = (
    "q_words", "q_comma", "q_stop", "q_asks", "q_capital", "q_opens_paragraph", "q_closes_paragraph", "q_alone", "q_first_paragraph",
    "q_after_colon", "q_after_comma", "q_after_that", "q_next_stop", "q_next_comma", "q_next_verb", "q_number", "q_total",
    "q_before_quote", "q_after_quote", "q_words_before", "q_words_after", "q_mentions_before", "q_mentions_after",
    "cb_kind", "cb_form", "cb_far", "cb_common", "cb_negated", "ca_kind", "ca_form", "ca_far", "ca_common", "noun_far", "q_sole",
)  # fmt: skip
MENTION_FEATURES = (
    "after", "far", "breaks", "paragraphs", "commas", "quotes_between", "mentions_between", "rank", "kind", "role", "pronoun",
    "definite", "indefinite", "owned", "titled", "unsure", "modifier", "body", "person", "plural", "opens_sentence", "opens_paragraph",
    "frequency", "spoke", "preposition", "by", "to", "of", "after_and", "after_comma", "before_comma", "before_verb", "before_be",
    "after_verb", "link", "link_kind", "link_form", "link_far", "link_breaks", "link_quotes", "link_common", "link_negated",
    "back", "back_kind", "back_form", "back_far", "back_breaks", "back_quotes", "back_common",
    "cb_gap", "cb_mentions", "cb_subject", "ca_gap", "ca_mentions", "ca_subject", "told", "according", "who", "inside_other", "colon_label",
    "outer_words", "same_sentence_first",
)  # fmt: skip
FEATURES = QUOTE_FEATURES + MENTION_FEATURES


@dataclass(frozen=True, slots=True)
class Scene:
    """All that was found in one article."""

    reading: Reading
    cues: Mapping[int, Cue]
    mentions: tuple[Mention, ...]
    cast: Cast
    words: QuoteWords


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and the reporting verb whose subject it seems to be.

    Attributes:
        place: Of the cue; -1 for none.
        how: 1 next to it, 2 after an apposition, 3 in a relative clause, 4 further on in the sentence.
    """

    place: int = -1
    how: int = 0


NO_LINK = Link()


class Candidates:
    """Finds the candidates of one article's quotations and describes them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.reading = scene.reading
        grammar = scene.words.grammar
        self.adverbs = grammar.get("adverbs", NOTHING)
        self.auxiliaries = grammar.get("auxiliaries", NOTHING)
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
                counts[entity] += right.how in {1, 2} or left.how == 1
        return counts

    def link(self, number: int) -> tuple[Link, Link]:
        """Return a mention's verb to the right (it is the subject) and to the left (inverted order, or its object)."""
        if number not in self.links:
            mention = self.scene.mentions[number]
            self.links[number] = (self._right(mention), self._left(mention))
        return self.links[number]

    def _verb_at(self, place: int, limit: int = 4) -> int:
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
        reading = self.reading
        total, at = len(reading), mention.end
        for start in (mention.end, mention.outer_end):
            found = self._verb_at(start)
            if found >= 0 and reading.breaks[found] == reading.breaks[mention.start]:
                return Link(found, 1)
        at = mention.outer_end
        if at < total and reading.low[at] in {",", "(", "–", "—", "-"}:
            closer = {"(": ")"}.get(reading.low[at], reading.low[at])
            for close in range(at + 1, min(at + CUE_REACH, total)):
                if reading.breaks[close] != reading.breaks[mention.start] or reading.quote[close] >= 0:
                    break
                if reading.low[close] == closer:
                    found = self._verb_at(close + 1)
                    if found >= 0:
                        return Link(found, 3 if at + 1 < total and reading.low[at + 1] in {"who", "which"} else 2)
        following = bisect_left(self.verb_places, at)
        for place in self.verb_places[following : following + 1]:
            if place - at < CUE_REACH and reading.breaks[place] == reading.breaks[mention.start]:
                relative = at < total and reading.low[at : at + 2][:1] == ("who",)
                return Link(place, 3 if relative else 4)
        return NO_LINK

    def _left(self, mention: Mention) -> Link:
        reading, cues = self.reading, self.scene.cues
        at = mention.outer_start - 1
        for step in range(4):
            place = at - step
            if place < 0 or reading.quote[place] >= 0 or reading.breaks[place] != reading.breaks[mention.start]:
                break
            cue = cues.get(place)
            if cue is not None and cue.kind is not CueKind.NOUN:
                return Link(place, 1 if step == 0 else 2)
            if cue is None and step == 0 and reading.low[place] == "to" and place and place - 1 in cues:
                return Link(place - 1, 1 if cues[place - 1].kind is CueKind.ACCORDING else 2)
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

    def describe(self, quote: int) -> tuple[list[int], list[list[float]]]:
        """Return a quotation's candidates and one row of FEATURES for each."""
        chosen = self.of(quote)
        place = self.reading.place_of[quote]
        before, after = self.cues_around(place)
        head = self._quote_row(place, before, after, chosen)
        # Rank: how many candidates of the same side stand nearer.
        ahead = [n for n in chosen if self.mention_starts[n] < place]
        ranks = {number: len(ahead) - 1 - i for i, number in enumerate(ahead)}
        ranks.update({number: i for i, number in enumerate(chosen[len(ahead) :])})
        return chosen, [head + self._mention_row(number, place, before, after, ranks[number]) for number in chosen]

    def _quote_row(self, place: int, before: int, after: int, chosen: Sequence[int]) -> list[float]:
        reading, cues = self.reading, self.scene.cues
        start, end = reading.starts[place], reading.ends[place]
        text = reading.text
        first, last = self.paragraph_range[reading.paragraph[place]]
        previous = reading.low[place - 1] if place > first else "¶"
        following = reading.low[place + 1] if place + 1 < last else "¶"
        closing = text[end - 1]
        cb, ca = cues.get(before), cues.get(after)
        nouns = bisect_left(self.noun_places, place)
        noun_far = place - self.noun_places[nouns - 1] if nouns else FAR
        number = reading.quotes[place] - reading.quotes[first]
        total = reading.quotes[last - 1] + (reading.quote[last - 1] >= 0) - reading.quotes[first]
        mentions = [self.mention_starts[n] for n in chosen]
        return [
            min(text.count(" ", start, end) + 1, 60),
            closing == "," or text[end : end + 1] == ",",
            closing == ".",
            closing in "?!",
            text[start].isupper(),
            place == first,
            place == last - 1,
            place == first and place == last - 1,
            reading.paragraph[place] == 0,
            previous == ":",
            previous == ",",
            previous == "that",
            following in {".", "¶"},
            following == ",",
            self._verb_at(place + 1, 1) >= 0,
            min(number, 9),
            min(total, 9),
            place > first and reading.quote[place - 1] >= 0,
            place + 1 < last and reading.quote[place + 1] >= 0,
            min(place - first, 60),
            min(last - 1 - place, 60),
            sum(first <= s < place for s in mentions),
            sum(place < s < last for s in mentions),
            cb.kind if cb else 0,
            cb.form if cb else -1,
            place - before if cb else FAR,
            bool(cb and cb.common),
            bool(cb and cb.negated),
            ca.kind if ca else 0,
            ca.form if ca else -1,
            after - place if ca else FAR,
            bool(ca and ca.common),
            min(noun_far, FAR),
            len(reading.place_of) == 1,
        ]

    def _mention_row(self, number: int, place: int, before: int, after: int, rank: int) -> list[float]:
        reading, scene = self.reading, self.scene
        mention = scene.mentions[number]
        entity_number = scene.cast.entity_of[number]
        entity = scene.cast.entities[entity_number] if entity_number >= 0 else None
        is_after = mention.start > place
        near, far = (place, mention.start) if is_after else (mention.end - 1, place)
        between = abs(bisect_left(self.mention_starts, place) - number) - is_after * 0 - (0 if is_after else 1)
        first, _ = self.paragraph_range[reading.paragraph[mention.start]]
        before_it = reading.low[mention.outer_start - 1] if mention.outer_start > first else "¶"
        after_it = reading.low[mention.outer_end] if mention.outer_end < len(reading) else "¶"
        low = reading.low[mention.start]
        right, left = self.link(number)
        return [
            is_after,
            min(far - near, FAR),
            min(abs(reading.breaks[far] - reading.breaks[near]), 9),
            reading.paragraph[mention.start] - reading.paragraph[place],
            min(reading.commas[far] - reading.commas[near], 9),
            min(reading.quotes[far] - reading.quotes[near] - (reading.quote[near] >= 0), 5),
            min(between, 20),
            rank,
            mention.kind,
            mention.role,
            {"he": 1, "she": 2, "they": 3, "it": 4, "i": 5, "we": 6}.get(mention.head, 0)
            if mention.kind is MentionKind.PRONOUN
            else 0,
            mention.determiner in {"the", "this", "that"},
            mention.determiner in {"a", "an", "one", "another"},
            mention.determiner in {"his", "her", "their", "its"},
            bool(mention.title),
            mention.unsure,
            mention.modifier,
            mention.body or bool(entity and entity.body),
            bool(entity and entity.person),
            low in {"they", "we", "some", "many", "others", "both"} or mention.role == 2,  # noqa: PLR2004 - Role.PEOPLE
            reading.sentence_start(mention.outer_start),
            mention.outer_start == first,
            min(len(entity.mentions), 12) if entity else 0,
            min(self.spoke[entity_number], 6) if entity else 0,
            before_it in self.prepositions,
            before_it == "by",
            before_it == "to",
            before_it == "of",
            before_it == "and",
            before_it == ",",
            after_it == ",",
            self._verb_at(mention.outer_end) >= 0,
            after_it in self.auxiliaries,
            left.how,
            *self._link_row(right, place),
            *self._link_row(left, place)[:-1],
            *self._cue_row(mention, number, before, right, left),
            *self._cue_row(mention, number, after, right, left),
            self._told(left),
            left.place >= 0 and scene.cues[left.place].kind is CueKind.ACCORDING,
            after_it in {"who", "which"} or reading.low[mention.outer_end : mention.outer_end + 2] == (",", "who"),
            reading.quote[mention.start] >= 0,
            after_it == ":" and mention.outer_start == first,
            min(mention.outer_end - mention.outer_start, 12),
            not is_after
            and reading.sentence_start(mention.outer_start)
            and reading.breaks[near] == reading.breaks[place],
        ]

    def _link_row(self, link: Link, place: int) -> list[float]:
        """Return how, kind, form, distance from the quotation, breaks, quotations between, common, negated."""
        if link.place < 0:
            return [0, 0, -1, FAR, 9, 9, 0, 0]
        reading, cue = self.reading, self.scene.cues[link.place]
        near, far = min(link.place, place), max(link.place, place)
        return [
            link.how,
            cue.kind,
            cue.form,
            min(far - near, FAR) * (1 if link.place < place else -1),
            min(reading.breaks[far] - reading.breaks[near], 9),
            min(reading.quotes[far] - reading.quotes[near] - (reading.quote[near] >= 0), 5),
            cue.common,
            cue.negated,
        ]

    def _cue_row(self, mention: Mention, number: int, cue: int, right: Link, left: Link) -> list[float]:
        """Return how a mention stands to one of the quotation's cues: gap, mentions between, which end of it."""
        if cue < 0:
            return [FAR, 20, 0]
        gap = cue - mention.end if cue >= mention.end else cue - mention.start
        between = abs(bisect_left(self.mention_starts, cue) - number) - (1 if cue >= mention.end else 0)
        if right.place == cue:
            subject = 10 - right.how
        elif left.place == cue:
            subject = left.how
        else:
            subject = 0
        return [max(-FAR, min(gap, FAR)), min(between, 20), subject]

    def _told(self, left: Link) -> bool:
        """Return whether a mention is who is told: the object of "told" or of "asked", not of inverted order."""
        if left.place < 0:
            return False
        cue = self.scene.cues[left.place]
        return cue.kind in {CueKind.TELL, CueKind.ASK} and cue.form is not CueForm.PASSIVE

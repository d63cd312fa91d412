"""Who speaks by the order of the words, where a language puts its verb second: „…“, sagte Roth. Roth sagte: „…“. Dazu sagte Roth: „…“.

The learned weights know English order only; what this finds goes before them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueKind
from summaries.mentions import MentionKind, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.candidates import Scene
    from summaries.mentions import Mention

_AFTER = 6
"""Pieces behind a quotation in which its clause's verb begins: „…“, so sagte …"""
_BEFORE = 30
"""Pieces before a quotation in which its clause's verb stands."""
_CLOSING = frozenset((",", ")", "–"))
_AGENTS = frozenset(("von", "vom"))
_SUBJECT = 7
"""Pieces between a verb and a subject behind it: "sagte am Montag in Bern die Ministerin"."""


def speakers_by_order(scene: Scene) -> list[int]:
    """Return for each quotation the number of the mention that speaks by the order of words, -1 where that is open."""
    finder = _Finder(scene)
    speakers: list[int] = []
    for place in scene.reading.place_of:
        found = finder.speaker(place)
        if found < 0 and finder.is_reported(place):
            found = finder.goes_on(place, speakers)
        speakers.append(found)
    return speakers


class _Finder:
    """Looks around one quotation after the other."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.reading = scene, scene.reading
        self.starts = [mention.outer_start for mention in scene.mentions]
        self.ending = {mention.outer_end: number for number, mention in enumerate(scene.mentions)}
        self.oblique = scene.words.grammar.get("oblique", NOTHING)
        self.postpositions = scene.words.grammar.get("postpositions", NOTHING)
        self.quoting = scene.words.grammar.get("quoting", NOTHING)
        self.impersonal = scene.words.grammar.get("impersonal", NOTHING)
        self.reported = scene.words.grammar.get("reported", NOTHING)
        self.comparing = scene.words.grammar.get("comparing", NOTHING)
        self.leading = scene.words.grammar.get("leading", NOTHING)
        self.passed_over = scene.words.grammar.get("adverbs", NOTHING) | scene.words.grammar.get("auxiliaries", NOTHING)

    def speaker(self, place: int) -> int:
        """Return the speaker of the quotation at a piece."""
        found = self._behind(place)
        return found if found >= 0 else self._in_front(place)

    def is_reported(self, place: int) -> bool:
        """Return whether the sentence of a quotation only reports, by its mood: "Man habe „nichts gewusst“"."""
        reading, sentence = self.reading, self.reading.breaks[place]
        around = range(max(0, place - _BEFORE), min(place + _BEFORE, len(reading)))
        return any(reading.low[at] in self.reported and reading.breaks[at] == sentence for at in around)

    def goes_on(self, place: int, speakers: Sequence[int]) -> int:
        """Return who reports in the sentences before, in the same paragraph; ``speakers`` are those of the quotations before."""
        reading = self.reading
        at = place
        while at > 0 and self._same_sentence(at - 1, place):
            at -= 1
        for back in range(at - 1, max(-1, at - 2 * _BEFORE), -1):
            if reading.paragraph[back] != reading.paragraph[place]:
                break
            quote = reading.quote[back]
            if quote >= 0:
                return speakers[quote]
            cue = self.scene.cues.get(back)
            if cue is not None and cue.is_verb:
                after = self._first_after(back, back + _SUBJECT, any_case=False)
                # "Der Damm sei sicher, sagte Roth": a tag, not the verb of what opens the sentence.
                tag = after >= 0 and back > 0 and reading.low[back - 1] == ","
                found = after if tag else self._subject(back, after)
                if found >= 0:
                    return found
        return -1

    def _same_sentence(self, one: int, other: int) -> bool:
        breaks = self.reading.breaks
        return min(one, other) >= 0 and max(one, other) < len(breaks) and breaks[one] == breaks[other]

    def _behind(self, place: int) -> int:
        """Return who speaks in the clause behind a quotation: the first one behind its verb."""
        at = self._first_verb(place, range(place + 1, min(place + _AFTER, len(self.reading))))
        if at < 0:
            return -1
        if self.reading.low[at] in self.postpositions:
            return self._before(at)
        return self._first_after(at, at + _SUBJECT, any_case=self._governs(at))

    def _in_front(self, place: int) -> int:
        """Return who speaks in the clause before a quotation: right before its verb, else behind it."""
        told = self._as_told(place)
        if told >= 0:
            return told
        at = self._first_verb(place, range(place - 1, max(-1, place - _BEFORE), -1))
        if at < 0:
            return -1
        if self.reading.low[at] in self.postpositions:
            return self._before(at)
        governed = self._governs(at)
        after = self._first_after(at, min(place, at + _SUBJECT), any_case=governed)
        return after if governed else self._subject(at, after)

    def _first_verb(self, place: int, around: range) -> int:
        """Return the first verb, or word such as "laut", around a quotation, within its sentence; -1 for none."""
        for at in around:
            if self.reading.quote[at] >= 0 or not self._same_sentence(place, at):
                break
            cue = self.scene.cues.get(at)
            if cue is not None and cue.kind is not CueKind.NOUN:
                return at
        return -1

    def _governs(self, verb: int) -> bool:
        """Return whether who speaks stands behind this word in any case: "laut dem Sprecher"."""
        return self.scene.cues[verb].kind is CueKind.ACCORDING

    def _as_told(self, place: int) -> int:
        """Return who speaks in "Wie die Ministerin am Montag sagte, sieht der Rat darin „kein Hindernis“", -1 for nobody."""
        reading = self.reading
        first = place
        while first > max(0, place - _BEFORE) and self._same_sentence(first - 1, place):
            first -= 1
        if reading.low[first] not in self.comparing or not reading.sentence_start(first):
            return -1
        comma = next((at for at in range(first, place) if reading.low[at] == ","), -1)
        cue = self.scene.cues.get(comma - 1)
        if comma < 0 or cue is None or not cue.is_verb:
            return -1
        told = self._first_after(first, comma, any_case=False)
        # "Wie der Sender meldete, soll Ida Roth gesagt haben" is said by who is reported, not by who reports.
        return told if told >= 0 and self._is_somebody(told) else -1

    def _is_somebody(self, number: int) -> bool:
        mention = self.scene.mentions[number]
        if mention.kind is MentionKind.NAME:
            return self.scene.cast.entities[self.scene.cast.entity_of[number]].person
        return mention.kind is MentionKind.PRONOUN or mention.role is Role.PERSON

    def _subject(self, verb: int, after: int) -> int:
        """Return the subject of a verb before a quotation; ``after`` is who stands behind the verb, -1 for nobody."""
        before = self._before(verb)
        low = self.reading.low[verb]
        # "Der Sender zitierte Roth": who is quoted speaks. "…, so Roth": always behind.
        if low in self.leading or (low in self.quoting and after >= 0):
            return after
        if before < 0:
            opening = self._opening(verb)
            apart = self.ending.get(verb - 1, -1)
            if apart >= 0 and self.reading.low[verb - 1] == "," and self._is_named(apart):
                return apart
            if opening >= 0 and self.reading.low[verb - 1] in _CLOSING:
                return opening
            return after if after >= 0 else self._last_before(verb)
        thing = self.scene.mentions[before].role is Role.OTHER
        return after if thing and after >= 0 else before

    def _is_named(self, number: int) -> bool:
        """Return whether a mention names a person and stands apart: "die Sprecherin, Sandra Boser, erklärte"."""
        mention, reading = self.scene.mentions[number], self.reading
        before = reading.low[mention.outer_start - 1] if mention.outer_start else ""
        named = mention.kind is MentionKind.NAME and self._is_somebody(number)
        return named and before == "," and self._may_speak(mention)

    def _opening(self, verb: int) -> int:
        """Return who opens the verb's sentence: "Ida Roth, 58, Ingenieurin aus Kiel, sagte"."""
        number = bisect_left(self.starts, verb)
        found = -1
        while number > 0 and self._same_sentence(self.starts[number - 1], verb):
            number -= 1
            found = number
        opens = found >= 0 and self.reading.sentence_start(self.starts[found])
        return found if opens and self._may_speak(self.scene.mentions[found]) else -1

    def _last_before(self, verb: int) -> int:
        """Return the last subject before a verb at its clause's end: "soll Roth in Kiel gesagt haben"."""
        number = bisect_left(self.starts, verb) - 1
        while number >= 0 and self._same_sentence(self.starts[number], verb):
            mention = self.scene.mentions[number]
            if self._quoted_between(mention.start, verb):
                break
            if self._may_speak(mention) and self.reading.low[mention.outer_start - 1] not in _AGENTS:
                return number
            number -= 1
        return -1

    def _before(self, place: int) -> int:
        """Return who stands right before a piece, as a subject does."""
        reading = self.reading
        while place > 0 and self._same_sentence(place, place - 1) and reading.low[place - 1] in self.passed_over:
            place -= 1
        number = self.ending.get(place, -1)
        return number if number >= 0 and self._may_speak(self.scene.mentions[number]) else -1

    def _first_after(self, place: int, end: int, *, any_case: bool) -> int:
        """Return the first one behind a verb who may be its subject, or behind a preposition in any case."""
        number = bisect_left(self.starts, place + 1)
        while number < len(self.starts) and self.starts[number] < end:
            mention = self.scene.mentions[number]
            if not self._same_sentence(place, mention.start) or self._quoted_between(place, mention.start):
                break
            thing_said = mention.modifier and self.reading.low[place] in self.impersonal
            if any_case or thing_said or self._may_speak(mention):
                return number
            number += 1
        return -1

    def _quoted_between(self, one: int, other: int) -> bool:
        return self.reading.quotes[one] != self.reading.quotes[other]

    def _may_speak(self, mention: Mention) -> bool:
        """Return whether the form allows a subject: "dem Sender" is none."""
        if mention.kind is MentionKind.PRONOUN:
            return True
        return self.reading.low[mention.outer_start] not in self.oblique and not mention.modifier

"""The mentions of an article whose language writes every noun with a capital: German.

A capital names nobody there, so phrases are read instead: a determiner, small adjectives, nouns, and what hangs on them
("der Sprecher des Ministeriums"). A phrase behind a preposition is no subject and comes only in question behind words like
"laut"; a name is known by a first name, a title, a role ("Vatikansprecher") or the name of a body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueKind
from summaries.mentions import Mention, MentionKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summaries.cues import Cue
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading

_ADJECTIVES = 4
"""Small words between a determiner and its noun."""
_HANGING = 8
"""Pieces that may hang on a noun: "des Deutschen Fußball-Bundes"."""
_ENDING = 5
"""Letters at least of a role that ends a compound: "Vatikansprecher"."""
_LONGEST_NAME = 8
"""Pieces of a name."""
_LONGEST = 60
"""Letters of a noun whose end is looked at; what is longer is noise."""
_AGENTS = frozenset(("von", "vom"))
_PARTICIPLE = "end"
_ADJECTIVE_ENDINGS = ("e", "er", "en", "em", "es")


def find_noun_mentions(reading: Reading, cues: Mapping[int, Cue], words: QuoteWords) -> tuple[Mention, ...]:
    """Return the mentions of a reading in reading order; those inside quotations are not among them."""
    return tuple(_Finder(reading, cues, words).find())


class _Finder:
    """Reads phrases left to right."""

    def __init__(self, reading: Reading, cues: Mapping[int, Cue], words: QuoteWords) -> None:
        grammar = words.grammar
        self.reading, self.cues, self.words = reading, cues, words
        self.determiners = grammar.get("determiners", NOTHING) | grammar.get("possessives", NOTHING)
        self.genitives = grammar.get("genitives", NOTHING)
        self.prepositions = grammar.get("prepositions", NOTHING)
        self.not_names = grammar.get("not_names", NOTHING)
        self.premodifiers = grammar.get("premodifiers", NOTHING)
        self.closed = (
            self.prepositions
            | self.determiners
            | grammar.get("conjunctions", NOTHING)
            | grammar.get("auxiliaries", NOTHING)
            | grammar.get("adverbs", NOTHING)
        )
        self.small_words = grammar.get("openers", NOTHING) | grammar.get("leading", NOTHING) | self.closed
        self.ageing = grammar.get("aged", NOTHING)
        self.aged = dict.fromkeys(grammar.get("male_articles", NOTHING), "male")
        self.aged |= dict.fromkeys(grammar.get("female_articles", NOTHING), "female")
        low = reading.low
        # Capitals inside sentences: at the beginning of one, the same words are nouns as well.
        self.nouns = {
            low[at] for at, capital in enumerate(reading.capital) if capital and not reading.sentence_start(at)
        }
        self.known_roles: dict[str, str] = {}
        self.found: list[Mention] = []
        self.surnames: set[str] = set()

    def find(self) -> list[Mention]:
        """Return the mentions."""
        self.surnames = self._surnames()
        place = 0
        while place < len(self.reading):
            place = self._read(place)
        return self._without_things()

    def _without_things(self) -> list[Mention]:
        """Return the mentions without things in sentences in which somebody stands: people speak, not things."""
        breaks = self.reading.breaks
        peopled = {breaks[one.start] for one in self.found if one.role is not Role.OTHER}
        return [one for one in self.found if one.role is not Role.OTHER or breaks[one.start] not in peopled]

    def _surnames(self) -> set[str]:
        """Return the last words of full names ("Ida Roth", "Ministerin Wrede Roth"): later they stand alone."""
        low, names = self.reading.low, set()
        for place in range(len(low)):
            if not self._noun(place):
                continue
            first = low[place] in self.words.first_names
            last = self._name_end(place) - 1 if first or self._role(low[place]) == "person" else place
            # "Ministerin Roth" alone may be "Präsident Frankreichs": behind a role, a name has two words.
            if last > place + (not first):
                names.add(low[last])
        return names

    def _noun(self, place: int) -> bool:
        reading = self.reading
        return (
            place < len(reading)
            and reading.quote[place] < 0
            and reading.capital[place]
            and not (reading.sentence_start(place) and not self._noun_in_front(place))
        )

    def _noun_in_front(self, place: int) -> bool:
        """Return whether the capital that begins a sentence is a noun's: "Besonders" is none."""
        low = self.reading.low[place]
        if low in self.small_words:
            return False
        words = self.words
        known = low in self.nouns or low in words.first_names or low in words.organisations
        cue = self.cues.get(place + 1)
        # "Relativierend sagte Gall" begins with a participle.
        speaks = cue is not None and cue.is_verb and self._joined(place + 1) and not low.endswith(_PARTICIPLE)
        return known or speaks or bool(self._role(low)) or (self._joined(place + 1) and self.reading.capital[place + 1])

    def _joined(self, place: int) -> bool:
        """Return whether a piece is a word in one sentence with the piece before it."""
        reading = self.reading
        return (
            0 < place < len(reading)
            and reading.quote[place] < 0
            and not reading.sentence_start(place)
            and reading.low[place][:1].isalnum()
        )

    def _name_end(self, place: int) -> int:
        """Return where the capitals that begin at a place end, "von der" inside included."""
        end = place + 1
        # Bounded, or a page of nothing but capitals would be read once for each of them.
        while end - place < _LONGEST_NAME and self._joined(end):
            if self._noun(end):
                end += 1
                continue
            ahead = end
            while ahead - end < 3 and self._joined(ahead) and self.reading.low[ahead] in self.words.particles:  # noqa: PLR2004 - "von und zu"
                ahead += 1
            # Only a person's name goes on so: "Angela von der Aue", not "Bürgermeister von Neuss".
            known = self.reading.low[end - 1] in self.words.first_names
            if ahead == end or not known or not (self._joined(ahead) and self._noun(ahead)):
                break
            end = ahead + 1
        return end

    def _role(self, word: str) -> str:
        """Return what sort of speaker a noun is; the end of a compound decides."""
        found = self.known_roles.get(word)
        if found is None:
            roles = self.words.roles
            ends = (word[at:] for at in range(2, min(len(word), _LONGEST) - _ENDING + 1))
            known = roles.get(word) or roles.get(word.rsplit("-", 1)[-1]) or roles.get(word.removesuffix("s"))
            found = known or next((roles[end] for end in ends if end in roles), "")
            self.known_roles[word] = found
        return found

    def _read(self, place: int) -> int:
        """Read what begins at a place; return where to go on."""
        reading, low = self.reading, self.reading.low[place]
        if reading.quote[place] >= 0 or not low[:1].isalpha():
            return place + 1
        if low in self.words.subjects and low in self.words.pronouns:
            self._add_pronoun(place)
            return place + 1
        if low in self.aged and self._is_aged(place + 1):
            sex = self.aged[low]
            person = "he" if sex == "male" else "she"
            self.found.append(Mention(MentionKind.PRONOUN, place, place + 2, place, place + 2, person, sex=sex))
            return place + 2
        start, noun = place, place
        if low in self.determiners:
            noun = place + 1
            while noun - start <= _ADJECTIVES and self._adjective(noun):
                noun += 1
        else:
            # Without a determiner, only known words: "verbrachte Barrett" is a verb and a name.
            while (
                noun - start <= _ADJECTIVES and self.reading.low[noun] in self.premodifiers and self._joined(noun + 1)
            ):
                noun += 1
        if not self._noun(noun) or (noun > start and not self._joined(noun)):
            return place + 1
        return self._add_phrase(start, noun)

    def _is_aged(self, place: int) -> bool:
        """Return whether a piece is "63-Jährige": who was named before, as a pronoun says it."""
        if not self._joined(place) or not self.reading.low[place][0].isdigit():
            return False
        ending = self.reading.printed(place).rpartition("-")[2]
        return ending[:1].isupper() and ending.lower() in self.ageing

    def _adjective(self, place: int) -> bool:
        reading = self.reading
        if place >= len(reading) or reading.quote[place] >= 0 or reading.capital[place] or place in self.cues:
            return False
        low = reading.low[place]
        return low not in self.closed and low.endswith(_ADJECTIVE_ENDINGS) and low not in self.words.pronouns

    def _add_pronoun(self, place: int) -> None:
        person = self.words.pronouns[self.reading.low[place]]
        sex = {"he": "male", "she": "female"}.get(person, "")
        if person in {"he", "she"}:
            self.found.append(Mention(MentionKind.PRONOUN, place, place + 1, place, place + 1, person, sex=sex))

    def _add_phrase(self, start: int, noun: int) -> int:
        """Add a phrase that begins at ``start`` and whose first noun stands at ``noun``; return where to go on."""
        reading = self.reading
        end = self._name_end(noun)
        name = self._name_start(noun, end)
        if name == end and start == noun and end - noun == 1 and self._beside_verb(noun):
            name = noun
        outer_end = self._hanging_end(end)
        governed = self._governed(start)
        head = reading.low[end - 1]
        if governed == "other":
            if self._role(head) == "document":
                # "heißt es in der Mitteilung": it speaks, but nothing else behind such a preposition.
                self.found.append(
                    Mention(
                        MentionKind.DESCRIPTION, start, end, start, outer_end, head, role=Role.DOCUMENT, modifier=True
                    )
                )
            elif name < end and self._is_person(noun, name, end):
                # "der Prozess gegen Egon Tiede": he does not speak here, but "er" may mean him.
                self._add_name(start, name, end, outer_end, modifier=True)
            return max(end, noun + 1)
        if name < end:
            self._add_name(start, name, end, outer_end)
            return end
        role = self._role(head)
        if not role and (head in self.not_names or head in self.words.cue_nouns):
            return end  # "nach Angaben des Leiters": who hangs on it speaks
        self.found.append(
            Mention(
                MentionKind.DESCRIPTION,
                start,
                end,
                start,
                outer_end,
                head,
                role=Role[role.upper()] if role else Role.OTHER,
                sex=self._sex(head),
                determiner="the" if reading.low[start] in self.determiners else "",
            )
        )
        self._add_hanging(end, outer_end)
        return outer_end

    def _add_hanging(self, start: int, end: int) -> None:
        """Add the person that hangs on a noun: "die Pläne von Ministerin Ida Roth", whom "sie" may mean later."""
        noun = start + 1
        if noun >= end or self.reading.low[start] not in _AGENTS or not self._noun(noun):
            return
        last = min(self._name_end(noun), end)
        name = self._name_start(noun, last)
        if name < last and self._is_person(noun, name, last):
            self._add_name(noun, name, last, last, modifier=True)

    def _is_person(self, noun: int, name: int, end: int) -> bool:
        """Return whether a name of several words has a first name, or a title before it."""
        low = self.reading.low
        titled = name > noun and self._role(low[name - 1]) == "person"
        return titled or low[name] in self.words.first_names or (end - name == 1 and low[name] in self.surnames)

    def _add_name(self, start: int, name: int, end: int, outer_end: int, *, modifier: bool = False) -> None:
        """Add a name that begins at ``name`` in a phrase that begins at ``start``."""
        low, known = self.reading.low, self.words.organisations
        head = low[end - 1]
        title = low[name - 1] if name > start and low[name - 1] not in self.determiners else ""
        body = head in known or head.rsplit("-", 1)[-1] in known
        self.found.append(
            Mention(
                MentionKind.NAME, name, end, start, outer_end, head,
                title=title, sex=self._sex(title), modifier=modifier, body=body and not title,
            )
        )  # fmt: skip

    def _beside_verb(self, place: int) -> bool:
        """Return whether a bare noun is a reporting verb's subject: "Merkel entgegnete", "sagte Raab"."""
        low = self.reading.low[place]
        if low in self.not_names or low in self.words.cue_nouns or self._role(low):
            return False
        beside = (place + 1,) if self.reading.sentence_start(place) else (place - 1, place + 1)
        return any(at in self.cues and self.cues[at].is_verb and self._joined(max(at, place)) for at in beside)

    def _sex(self, word: str) -> str:
        found = self.words.titles.get(word, "")
        if found in {"male", "female"}:
            return found
        return "female" if word.endswith("in") and self._role(word) == "person" else ""

    def _name_start(self, noun: int, end: int) -> int:
        """Return where the name proper begins in the nouns of a phrase; ``end`` where they name nobody."""
        low = self.reading.low
        for place in range(noun, end):
            if low[place] in self.words.first_names and place + 1 < end:
                return place
        titled = [place for place in range(noun, end - 1) if low[place] in self.words.titles or self._role(low[place])]
        if titled:
            return titled[-1] + 1
        last = low[end - 1]
        if last in self.surnames or last in self.words.organisations or self._acronym(end - 1):
            return end - 1 if last in self.surnames else noun
        several = end - noun > 1
        alone = noun == 0 or self.reading.low[noun - 1] not in self.determiners
        # "Kofi Akande" has no determiner; two nouns in a row without one are a name.
        return noun if several and alone and not self._role(last) else end

    def _acronym(self, place: int) -> bool:
        printed = self.reading.printed(place)
        return 1 < len(printed) <= _ENDING and printed.isupper()

    def _governed(self, start: int) -> str:
        """Return what a phrase hangs on: "" for nothing, "cue" for "laut", "other" for another preposition or noun."""
        reading = self.reading
        if not self._joined(start) or start == 0 or reading.quote[start - 1] >= 0:
            return ""
        before = reading.low[start - 1]
        cue = self.cues.get(start - 1)
        if cue is not None:
            return "cue" if cue.kind is CueKind.ACCORDING else ""
        if before in _AGENTS:
            # "nach Angaben von …", and whoever speaks in the passive.
            return "cue"
        return "other" if before in self.prepositions else ""

    def _hanging_end(self, end: int) -> int:
        """Return where "des Ministeriums", "(SPD)" or "von Neuss" after a noun ends."""
        reading = self.reading
        while end < len(reading) and reading.quote[end] < 0 and not reading.sentence_start(end):
            low = reading.low[end]
            if low == "(":
                close = next((at for at in range(end, min(end + _HANGING, len(reading))) if reading.low[at] == ")"), -1)
                if close < 0:
                    break
                end = close + 1
                continue
            if low not in self.genitives and low not in _AGENTS | {"für"}:
                break
            noun = end + 1
            if noun < len(reading) and reading.low[noun] in self.determiners:
                noun += 1
            while noun - end <= _ADJECTIVES and self._adjective(noun):
                noun += 1
            if not (self._joined(noun) and self._noun(noun)):
                break
            end = self._name_end(noun)
        return end

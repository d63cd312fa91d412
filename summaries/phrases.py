"""Where names and descriptions begin and end: the extents of noun phrases, told by closed word classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summaries.cues import Cue
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading

LONGEST_NAME = 8
"""Pieces; a longer run of capitals is a headline."""
LONG_RUN = 3
"""Pieces before the last one from which a run of capitals is more than a name."""
LEFT_OF_HEAD = 6
"""Pieces that a description may have before its head."""
RIGHT_OF_HEAD = 7
"""Pieces that a description may have after its head ("for the ministry of …")."""


class Phrases:
    """The word classes of one reading, and the extents of what they form. Each question takes constant time."""

    def __init__(self, reading: Reading, cues: Mapping[int, Cue], words: QuoteWords) -> None:
        grammar = words.grammar
        self.reading, self.cues, self.words = reading, cues, words
        self.determiners = grammar.get("determiners", NOTHING)
        self.owners = grammar.get("possessives", NOTHING)
        self.prepositions = grammar.get("prepositions", NOTHING)
        self.adverbs = grammar.get("adverbs", NOTHING)
        self.auxiliaries = grammar.get("auxiliaries", NOTHING)
        self.quantities = self.determiners - grammar.get("articles", NOTHING)
        self.premodifiers = grammar.get("premodifiers", NOTHING)
        self.verbs = grammar.get("verbs", NOTHING)
        self.owners_in_names = grammar.get("owners_in_names", NOTHING)
        self.name_links = grammar.get("name_links", NOTHING)
        self.complements = grammar.get("complements", NOTHING)
        self.inner_complements = grammar.get("inner_complements", NOTHING)
        self.affiliating = grammar.get("affiliating", NOTHING)
        self.relative = grammar.get("relative", NOTHING)
        self.introducing = grammar.get("introducing", NOTHING)
        self.not_names = grammar.get("not_names", NOTHING)
        self.closed = (
            self.prepositions | self.auxiliaries | grammar.get("conjunctions", NOTHING) | frozenset(words.pronouns)
        ) - self.owners
        # "the U.S. While Orlan …": a capital that can only open a sentence ends the name before it.
        self.breaking = (
            self.closed
            | self.determiners
            | self.adverbs
            | {low for low, verb in words.verbs.items() if verb.form == "third"}
        ) - (self.auxiliaries & frozenset(words.first_names))
        self.openers = grammar.get("openers", NOTHING) | self.closed | self.determiners | self.adverbs | self.owners
        self.small = frozenset(
            low for low, capital in zip(reading.low, reading.capital, strict=True) if not capital and low.isalpha()
        )
        self.surnames = frozenset(
            reading.low[place]
            for place in range(1, len(reading))
            if reading.capital[place] and reading.capital[place - 1] and reading.low[place - 1] in words.first_names
        )

    def joined(self, place: int) -> bool:
        """Return whether a piece is a word in one sentence with the word before it."""
        reading = self.reading
        return (
            place < len(reading)
            and reading.quote[place] < 0
            and not reading.sentence_start(place)
            and (reading.low[place][:1].isalnum() or reading.low[place] == "&")
        )

    def is_name_word(self, place: int) -> bool:
        """Return whether a piece may be a part of a name."""
        reading = self.reading
        return (
            reading.capital[place]
            and reading.quote[place] < 0
            and not (reading.low[place] in self.not_names and not self.is_first_name(place))
            and reading.low[place] not in self.breaking
            and reading.low[place] not in self.owners
        )

    def is_first_name(self, place: int) -> bool:
        """Return whether a month or the like stands before a name: "Jan Moe", "May Lind"."""
        reading = self.reading
        return reading.low[place] in self.words.first_names and self.joined(place + 1) and reading.capital[place + 1]

    def is_common(self, place: int) -> bool:
        """Return whether a word that opens a sentence owes its capital to that only."""
        low = self.reading.low[place]
        if low in self.words.first_names:
            return False
        return low in self.small or low.endswith(("ly", "ing")) or place in self.cues

    def before_verb(self, place: int) -> bool:
        """Return whether a reporting verb with a subject follows at once, adverbs and auxiliaries aside."""
        reading = self.reading
        for at in range(place, min(place + 4, len(reading))):
            if not self.joined(at):
                return False
            cue = self.cues.get(at)
            if cue is not None and cue.is_verb:
                return cue.form is not CueForm.INFINITIVE
            if reading.low[at] not in self.adverbs and reading.low[at] not in self.auxiliaries:
                return False
        return False

    def continues_left(self, place: int) -> bool:
        """Return whether the piece before a piece is a word of the same sentence."""
        before = self.reading.low[place - 1] if place else ""
        return self.joined(place) and (before[:1].isalnum() or before == "&")

    def is_title(self, place: int) -> bool:
        """Return whether a piece may stand before a name as its title."""
        return self.titles(self.reading.low[place]) and place not in self.cues

    def titles(self, low: str) -> bool:
        """Return whether a word may be a title; of "secretary-treasurer", both parts have to be."""
        titles, roles = self.words.titles, self.words.roles
        if low in titles or roles.get(low) == "person":
            return True
        return "-" in low and all(part in titles or roles.get(part) == "person" for part in low.split("-"))

    def is_lower_role(self, place: int) -> bool:
        """Return whether a piece is a role in small letters."""
        return not self.reading.capital[place] and self.reading.low[place] in self.words.roles

    def modifies(self, end: int) -> bool:
        """Return whether what ends here only modifies the noun that follows ("Trump campaign", "White House aides")."""
        if not self.joined(end):
            return False
        low = self.reading.low[end]
        return low in self.words.roles and end not in self.cues

    def run_end(self, place: int) -> int:
        """Return where the run of capitals that begins at ``place`` ends."""
        reading, words = self.reading, self.words
        end = place + 1
        total = len(reading)
        while end < total and end - place < LONGEST_NAME * 2 and self.joined(end):
            if reading.possessive[end - 1] and not (end - 1 == place and self.opens_name(place)):
                break
            low = reading.low[end]
            if self.is_name_word(end):
                end += 1
                continue
            linked = low in words.particles or low == "&" or self.is_name_link(end)
            before = reading.low[end - 1]
            if low == "of" and (
                before in words.organisations or before in words.titles or words.roles.get(before, "people") != "people"
            ):
                linked = True
            if not linked:
                break
            ahead = end + 1
            while ahead < total and ahead - end < 3 and self.joined(ahead) and reading.low[ahead] in words.particles:  # noqa: PLR2004 - "von der"
                ahead += 1
            if ahead >= total or not self.joined(ahead) or not self.is_name_word(ahead):
                break
            end = ahead + 1
        return end

    def is_name_link(self, place: int) -> bool:
        """Return whether a preposition in a capital stands inside a body's name: "Reporters Without Borders"."""
        reading = self.reading
        return (
            reading.low[place] in self.name_links
            and reading.capital[place]
            and reading.low[place - 1].endswith("s")
            and reading.capital[place - 1]
            and self.joined(place + 1)
            and reading.capital[place + 1]
        )

    def opens_name(self, place: int) -> bool:
        """Return whether an owner is the beginning of a body's name: "People’s Daily", "Women’s March"."""
        return (
            self.reading.low[place] in self.owners_in_names
            and self.reading.possessive[place]
            and self.joined(place + 1)
            and self.reading.capital[place + 1]
        )

    def name_start(self, start: int, head: int) -> int:
        """Return where the name proper begins after the titles of a run that ends with ``head``."""
        reading, words = self.reading, self.words
        if reading.low[head] in words.organisations:
            return start
        for place in range(head - 1, start - 1, -1):
            low = reading.low[place]
            if low in words.titles or (self.titles(low) and low not in words.first_names):
                if place > start and reading.low[place - 1] in words.first_names and low not in words.titles:
                    continue
                after = place + 1
                # "Secretary of State Hillary Clinton"
                if reading.low[after] == "of" and after + 2 <= head:
                    after += 2
                return after
        if head - start >= LONG_RUN and words.first_names.keys().isdisjoint(reading.low[start : head - 1]):
            # "New York City Public Advocate Trish Lind": titles that no list knows stand before a first name.
            start = head - 1 if reading.low[head - 1] in words.first_names else start
        while start < head and reading.low[start] in words.countries and reading.low[start] not in words.first_names:
            if start + 1 == head and reading.low[head] not in words.first_names:
                break
            start += 1
        return start

    def premodified(self, place: int) -> int:
        """Return where the words before a title begin: "former Florida", "Republican presidential"."""
        reading = self.reading
        for _ in range(LEFT_OF_HEAD):
            if not self.continues_left(place):
                break
            if reading.possessive[place - 1]:
                # "Ana Pardo’s former secretary Idris Kone"
                return self.owner_start(place - 1)
            low = reading.low[place - 1]
            if not reading.capital[place - 1]:
                known = low in self.premodifiers or low in self.words.countries or "-" in low or low in self.words.roles
            else:
                inside = self.continues_left(place - 1) and low not in self.determiners
                known = self.is_name_word(place - 1) and (inside or low not in self.openers)
            if not known or place - 1 in self.cues:
                break
            place -= 1
        return place

    def description_start(self, head: int, heard: int) -> int:
        """Return where the words before a head begin, the determiner included.

        Args:
            head: Place of the head.
            heard: Where the description before it ends, 0 without.
        """
        reading = self.reading
        start = head
        strange = cut = -1
        for _ in range(LEFT_OF_HEAD):
            if not self.continues_left(start):
                break
            low = reading.low[start - 1]
            if low in self.closed or low in self.adverbs or low in self.verbs:
                break
            if start - 1 in self.cues and self.cues[start - 1].is_verb:
                break
            if strange >= 0 and start <= heard:
                # "The mayor hugged donors": a whole description stands before a word that may be a verb.
                return strange + 1
            if cut < 0 <= strange and reading.capital[start - 1] and not reading.possessive[start - 1]:
                cut = strange + 1
            start -= 1
            if low in self.determiners or low in self.owners:
                # "one of the", "all the": the first determiner of several.
                return start - (self.continues_left(start) and reading.low[start - 1] in self.quantities)
            if reading.possessive[start]:
                return self.owner_start(start)
            known = low in self.premodifiers or low in self.words.roles or low in self.words.countries or "-" in low
            if strange < 0 and not known and not reading.capital[start]:
                strange = start
        # "Viktor Orlan met donors": no determiner, so what stands between the capitals and the head may be a verb.
        return start if cut < 0 else cut

    def owner_start(self, place: int) -> int:
        """Return where the owner before "'s" begins: "Powell", "the old newspaper"."""
        reading = self.reading
        start = name = place
        for _ in range(4):
            if not self.continues_left(start) or reading.low[start - 1] in self.closed or start - 1 in self.cues:
                break
            start -= 1
            if reading.low[start] in self.determiners:
                return start
            if name == start + 1 and reading.capital[name] and self.is_name_word(start):
                name = start
        return name

    def description_end(self, end: int) -> int:
        """Return where "for the ministry" after a head ends."""
        reading = self.reading
        if not self.joined(end) or reading.low[end] not in self.prepositions:
            return end
        if reading.low[end] not in self.complements:
            return end
        at = end + 1
        while at < end + RIGHT_OF_HEAD and self.joined(at):
            low = reading.low[at]
            if (
                at in self.cues
                or low in self.verbs
                or low in self.auxiliaries
                or low in self.introducing
                or (low in self.words.pronouns and low not in self.owners)
            ):
                break
            if low in self.prepositions and low not in self.inner_complements:
                break
            at += 1
        return at if at > end + 1 else end

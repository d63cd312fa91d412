"""The places of an article that name or point at someone: names, descriptions ("the Russian president"), pronouns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summaries.cues import Cue
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading

LONGEST_NAME = 8
"""Pieces; a longer run of capitals is a headline."""
LEFT_OF_HEAD = 6
"""Pieces that a description may have before its head."""
RIGHT_OF_HEAD = 7
"""Pieces that a description may have after its head ("for the ministry of …")."""


class MentionKind(IntEnum):
    """What sort of words a mention is; the numbers are features of the learned weights."""

    NAME = 0
    DESCRIPTION = 1
    PRONOUN = 2
    QUANTITY = 3
    """"One", "another", "some": somebody without a name or a noun."""


class Role(IntEnum):
    """What sort of speaker a description's head makes; the numbers are features of the learned weights."""

    NONE = 0
    PERSON = 1
    PEOPLE = 2
    BODY = 3
    DOCUMENT = 4
    OTHER = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention, in pieces of the reading (half-open).

    Attributes:
        start: Where the words that name begin, titles and the like excluded.
        end: Where they end.
        outer_start: Where title, demonym or determiner begin.
        outer_end: Where "for the ministry" and the like end.
        head: The last word of a name, the head of a description, the person of a pronoun.
        title: The printed title or role before a name ("president"); "" without.
        sex: "male", "female" or "" as title or pronoun tell.
        determiner: The word a description begins with.
        unsure: A single capital at the start of a sentence: perhaps no name.
        modifier: Stands before a noun that it modifies ("the *Trump* campaign") or owns ("*Trump’s* campaign").
        body: Looks like the name of a body.
    """

    kind: MentionKind
    start: int
    end: int
    outer_start: int
    outer_end: int
    head: str
    role: Role = Role.NONE
    title: str = ""
    sex: str = ""
    determiner: str = ""
    unsure: bool = False
    modifier: bool = False
    body: bool = False


class _Finder:
    """Finds the mentions of one reading, left to right."""

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
        self.found: list[Mention] = []

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

    def find(self) -> tuple[Mention, ...]:
        reading, words = self.reading, self.words
        place, total = 0, len(reading)
        while place < total:
            low = reading.low[place]
            if reading.quote[place] >= 0 or not low[:1].isalpha():
                place += 1
            elif low in words.pronouns:
                self.add_pronoun(place, words.pronouns[low])
                place += 1
            elif self.is_name_word(place):
                place = self.add_run(place)
            elif low in words.roles and place not in self.cues:
                place = self.add_description(place, Role[words.roles[low].upper()])
            elif low in words.roles and words.roles[low] == "document":
                place = self.add_description(place, Role.DOCUMENT)
            else:
                if low in self.quantities and self.before_verb(place + 1):
                    self.found.append(Mention(MentionKind.QUANTITY, place, place + 1, place, place + 1, low))
                place += 1
        self.add_subjects()
        self.found.sort(key=lambda mention: (mention.start, mention.end))
        return tuple(self.found)

    def add_pronoun(self, place: int, person: str) -> None:
        if person in {"who", "you"}:
            return
        sex = {"he": "male", "she": "female"}.get(person, "")
        owner = self.reading.low[place] not in self.words.subjects
        self.found.append(
            Mention(MentionKind.PRONOUN, place, place + 1, place, place + 1, person, sex=sex, modifier=owner)
        )

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

    def run_end(self, place: int) -> int:
        """Return where the run of capitals that begins at ``place`` ends."""
        reading, words = self.reading, self.words
        end = place + 1
        total = len(reading)
        while end < total and end - place < LONGEST_NAME * 2 and not reading.possessive[end - 1] and self.joined(end):
            low = reading.low[end]
            if self.is_name_word(end):
                end += 1
                continue
            linked = low in words.particles or low == "&"
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

    def add_run(self, place: int) -> int:
        """Add what a run of capitals names; return where to go on."""
        reading, words = self.reading, self.words
        start, end = place, self.run_end(place)
        opens = reading.sentence_start(place)
        while start < end and reading.low[start] in self.openers and (opens or reading.low[start] in self.determiners):
            start += 1
        if opens and start == place and end - start > 1 and self.is_common(start):
            start += 1
        if start == end or (reading.low[start] in words.particles and end - start == 1):
            return place + 1
        head = end - 1
        while head > start and reading.low[head] in words.suffixes:
            head -= 1
        head_of = self.capital_head(start, head, end)
        if head_of is not None:
            return self.add_description(head, head_of)
        name = self.name_start(start, head)
        unsure = (
            opens and start == place and end - start == 1 and not reading.possessive[start] and self.is_common(start)
        )
        if unsure:
            return end
        self.add_name(start, name, end, head, unsure=opens and end - start == 1)
        return end

    def is_common(self, place: int) -> bool:
        """Return whether a word that opens a sentence owes its capital to that only."""
        low = self.reading.low[place]
        if low in self.words.first_names:
            return False
        return low in self.small or low.endswith(("ly", "ing")) or place in self.cues

    def capital_head(self, start: int, head: int, end: int) -> Role | None:
        """Return the role of a run of capitals that is a description ("White House Officials"), None of a name."""
        reading, words = self.reading, self.words
        low = reading.low[head]
        before = reading.low[head - 1] if head > start else ""
        if low in self.surnames or (before in words.titles and before not in words.roles):
            return None  # "Mr. King"; "Baker" where the page has a "Jim Baker"
        if low in words.roles and (end - start == 1 or low not in words.first_names):
            return None if self.joined(end) and self.is_lower_role(end) else Role[words.roles[low].upper()]
        titled = low in words.titles and head == end - 1 and end - start > 1
        return Role.PERSON if titled and reading.low[start] not in words.first_names else None

    def is_lower_role(self, place: int) -> bool:
        return not self.reading.capital[place] and self.reading.low[place] in self.words.roles

    def name_start(self, start: int, head: int) -> int:
        """Return where the name proper begins after the titles of a run that ends with ``head``."""
        reading, words = self.reading, self.words
        if reading.low[head] in words.organisations:
            return start
        for place in range(head - 1, start - 1, -1):
            low = reading.low[place]
            if low in words.titles or (words.roles.get(low) == "person" and low not in words.first_names):
                if place > start and reading.low[place - 1] in words.first_names and low not in words.titles:
                    continue
                after = place + 1
                # "Secretary of State Hillary Clinton"
                if reading.low[after] == "of" and after + 2 <= head:
                    after += 2
                return after
        while start < head and reading.low[start] in words.countries and reading.low[start] not in words.first_names:
            if start + 1 == head and reading.low[head] not in words.first_names:
                break
            start += 1
        return start

    def add_name(self, start: int, name: int, end: int, head: int, *, unsure: bool) -> None:
        reading, words = self.reading, self.words
        outer = start
        titles = [reading.low[place] for place in range(start, name)]
        while self.continues_left(outer) and self.is_title(outer - 1):
            outer -= 1
            titles.insert(0, reading.low[outer])
        if titles:
            outer = self.premodified(outer)
            while self.found and self.found[-1].start >= outer and self.found[-1].kind is not MentionKind.PRONOUN:
                self.found.pop()
        sex = next((words.titles[t] for t in reversed(titles) if words.titles.get(t, "neutral") != "neutral"), "")
        title = titles[-1] if titles else ""
        body = any(reading.low[place] in words.organisations for place in range(name, end)) and not title
        owner = reading.possessive[end - 1] or self.modifies(end)
        self.found.append(
            Mention(
                MentionKind.NAME,
                name,
                end,
                outer,
                end,
                reading.low[head],
                title=title,
                sex=sex,
                unsure=unsure,
                modifier=owner,
                body=body,
            )
        )

    def continues_left(self, place: int) -> bool:
        """Return whether the piece before a piece is a word of the same sentence."""
        before = self.reading.low[place - 1] if place else ""
        return self.joined(place) and (before[:1].isalnum() or before == "&")

    def is_title(self, place: int) -> bool:
        low = self.reading.low[place]
        return (low in self.words.titles or self.words.roles.get(low) == "person") and place not in self.cues

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
                known = self.is_name_word(place - 1) and low not in self.openers
            if not known or place - 1 in self.cues:
                break
            place -= 1
        return place

    def modifies(self, end: int) -> bool:
        """Return whether what ends here only modifies the noun that follows ("Trump campaign", "White House aides")."""
        if not self.joined(end):
            return False
        low = self.reading.low[end]
        return low in self.words.roles and end not in self.cues

    def add_description(self, head: int, role: Role) -> int:
        """Add the description with this head; return where to go on."""
        reading, words = self.reading, self.words
        # "campaign manager": the last noun is the head.
        while (
            self.joined(head + 1)
            and reading.low[head + 1] in words.roles
            and head + 1 not in self.cues
            and not (reading.possessive[head])
        ):
            head += 1
            role = Role[words.roles[reading.low[head]].upper()]
        if self.joined(head + 1) and not reading.possessive[head] and self.is_name_word(head + 1):
            return head + 1  # a title: the name takes it
        start = self.description_start(head)
        end = self.description_end(head + 1)
        while self.found and self.found[-1].start >= start and self.found[-1].kind is not MentionKind.PRONOUN:
            self.found.pop()
        sex = words.titles.get(reading.low[head], "")
        self.found.append(
            Mention(
                MentionKind.DESCRIPTION,
                start,
                head + 1,
                start,
                end,
                reading.low[head],
                role=role,
                sex=sex if sex in {"male", "female"} else "",
                determiner=reading.low[start] if start < head else "",
                modifier=reading.possessive[head],
            )
        )
        return head + 1

    def description_start(self, head: int) -> int:
        """Return where the words before a head begin, the determiner included."""
        reading = self.reading
        start = head
        strange = cut = -1
        heard = self.found[-1].end if self.found and self.found[-1].kind is MentionKind.DESCRIPTION else 0
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
        if reading.low[end] not in {"of", "for", "from", "in", "at", "with", "on", "to"}:
            return end
        at = end + 1
        while at < end + RIGHT_OF_HEAD and self.joined(at):
            low = reading.low[at]
            if (
                at in self.cues
                or low in self.verbs
                or low in self.auxiliaries
                or (low in self.words.pronouns and low not in self.owners)
            ):
                break
            if low in self.prepositions and low not in {"of", "for"}:
                break
            at += 1
        return at if at > end + 1 else end

    def add_subjects(self) -> None:
        """Add what stands where a reporting verb's subject stands and was not found otherwise."""
        reading = self.reading
        taken = {place for mention in self.found for place in range(mention.outer_start, mention.outer_end)}
        for cue_place, cue in self.cues.items():
            if not cue.is_verb or cue.form in {CueForm.INFINITIVE, CueForm.ING}:
                continue
            at = cue_place - 1
            while (
                at >= 0
                and self.joined(at + 1)
                and (reading.low[at] in self.adverbs or reading.low[at] in self.auxiliaries)
            ):
                at -= 1
            if at < 0 or not self.joined(at + 1):
                continue
            low = reading.low[at]
            if at in taken or not low.isalpha() or low in self.closed or low in self.openers or low.endswith("ed"):
                continue
            start = self.description_start(at)
            if any(place in taken for place in range(start, at + 1)):
                start = at
            self.found.append(
                Mention(
                    MentionKind.DESCRIPTION,
                    start,
                    at + 1,
                    start,
                    at + 1,
                    low,
                    role=Role.OTHER,
                    determiner=reading.low[start] if start < at else "",
                )
            )
            taken.update(range(start, at + 1))


def find_mentions(reading: Reading, cues: Mapping[int, Cue], words: QuoteWords) -> tuple[Mention, ...]:
    """Return the mentions of a reading in reading order; those inside quotations are not among them."""
    return tuple(replace(mention) for mention in _Finder(reading, cues, words).find())

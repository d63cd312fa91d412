"""The places of an article that name or point at someone: names, descriptions ("the Russian president"), pronouns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from summaries.cues import CueForm
from summaries.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summaries.cues import Cue
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading


LONGEST_CLAUSE = 16
"""Pieces between a subject and its verb: "one passenger, who asked not to be named, said"."""


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


class _Finder(Phrases):
    """Finds the mentions of one reading, left to right."""

    def __init__(self, reading: Reading, cues: Mapping[int, Cue], words: QuoteWords) -> None:
        super().__init__(reading, cues, words)
        self.found: list[Mention] = []

    def heard(self) -> int:
        """Return where the last mention ends if it is a description, else 0."""
        return self.found[-1].end if self.found and self.found[-1].kind is MentionKind.DESCRIPTION else 0

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

    def add_run(self, place: int) -> int:
        """Add what a run of capitals names; return where to go on."""
        reading, words = self.reading, self.words
        start, end = place, self.run_end(place)
        # A bracket before the capital changes nothing: "(See Sexton’s list" names no "See Sexton".
        bracketed = place > 0 and reading.low[place - 1] in {"(", "["} and reading.sentence_start(place - 1)
        opens = reading.sentence_start(place) or bracketed
        while (
            start < end
            and reading.low[start] in self.openers
            and (opens or reading.low[start] in self.determiners)
            and not self.opens_name(start)
        ):
            start += 1
        linked = any(self.is_name_link(at) for at in range(place + 1, end))
        if opens and start == place and end - start > 1 and self.is_common(start) and not linked:
            start += 1
        if start == end or (reading.low[start] in words.particles and end - start == 1):
            return place + 1
        if end - start == 1 and reading.low[start][1:2] == "-" and start and reading.low[start - 1] in {"(", ","}:
            return end  # party and state: "(D-Md.)"
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

    def add_name(self, start: int, name: int, end: int, head: int, *, unsure: bool) -> None:
        reading, words = self.reading, self.words
        outer = start
        titles = [reading.low[place] for place in range(start, name)]
        while self.continues_left(outer) and self.is_title(outer - 1):
            outer -= 1
            titles.insert(0, reading.low[outer])
        if titles:
            outer = self.premodified(outer)
        elif self.of_country(outer):
            outer -= 1
        if outer < start:
            while self.found and self.found[-1].start >= outer and self.found[-1].kind is not MentionKind.PRONOUN:
                self.found.pop()
        sex = next((words.titles[t] for t in reversed(titles) if words.titles.get(t, "neutral") != "neutral"), "")
        title = titles[-1] if titles else ""
        body = not title and (
            self.opens_name(name)
            or any(reading.low[place] in words.organisations for place in range(name, end))
            or any(self.is_name_link(place) for place in range(name + 1, end))
        )
        owner = reading.possessive[end - 1] or self.modifies(end)
        if not titles and not owner and self.belongs(start, end):
            return
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

    def belongs(self, start: int, end: int) -> bool:
        """Return whether a name only tells where the one before it is from, and let that one hold it.

        "Ana Pardo of the University of Brack said": who spoke is not the university.
        """
        reading, words = self.reading, self.words
        link = start - 1
        if link > 0 and reading.low[link] in self.determiners:
            link -= 1
        before = self.found[-1] if self.found else None
        if before is None or before.kind is not MentionKind.NAME or before.outer_end != link or before.modifier:
            return False
        if reading.low[link] not in self.affiliating or not all(map(self.joined, range(link, start + 1))):
            return False
        first = reading.low[before.start]
        person = not before.body and before.end - before.start > 1 and (before.title or first in words.first_names)
        if not person or reading.low[start] in words.first_names:
            return False
        self.found[-1] = replace(before, outer_end=end)
        return True

    def of_country(self, place: int) -> bool:
        """Return whether a country owns the name that begins at a place: "Norvia’s Lars Berg" is not Norvia."""
        owner = self.continues_left(place) and self.reading.possessive[place - 1]
        return owner and self.reading.low[place - 1] in self.words.countries

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
        start = self.description_start(head, self.heard())
        end = self.description_end(head + 1)
        name = start + (reading.low[start] in self.determiners)
        if (
            role is Role.BODY
            and reading.capital[name]
            and not reading.possessive[head]
            and self.belongs(name, head + 1)
        ):
            return head + 1
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

    def before_clause(self, comma: int) -> int:
        """Return the word that a clause ending at a comma tells of ("one passenger, who had waited, said"), or -1."""
        reading = self.reading
        for at in range(comma - 1, max(comma - LONGEST_CLAUSE, 0), -1):
            if reading.quote[at] >= 0 or reading.sentence_start(at):
                return -1
            if reading.low[at] == ",":
                return at - 1 if reading.low[at + 1] in self.relative else -1
        return -1

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
            if at >= 0 and reading.low[at] == ",":
                at = self.before_clause(at)
            elif at < 0 or not self.joined(at + 1):
                continue
            if at < 0:
                continue
            low = reading.low[at]
            if at in taken or not low.isalpha() or low in self.closed or low in self.openers or low.endswith("ed"):
                continue
            start = self.description_start(at, 0)
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
    return _Finder(reading, cues, words).find()

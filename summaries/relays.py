"""Who speaks where one person reports another: “Vik said Rime had told her the hull was “like cheese”” is Rime's.

The learned weights see one verb a mention. These rules read the two verbs of such sentences by the order of words, and
what they find goes before the weights; where they find that more than one reading is left, nobody is sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from summaries.cues import NOTHING, CueForm, CueKind
from summaries.mentions import MentionKind, Role

if TYPE_CHECKING:
    from summaries.candidates import Candidates
    from summaries.mentions import Mention

LIKELY = 0.85
"""Most that may be sure of what an answer may show and no alert: one of two readings, the likelier one."""
DOUBTED = 0.5
"""Most that may be sure of what is one of two readings: no answer names anybody."""
_REACH = 25
"""Pieces of a sentence that are looked at on either side of a quotation."""
_BEHIND = 8
"""Pieces behind a quotation in which its reporter's verb stands: “…,” Ida Moe of the Kelm Echo said."""
_BETWEEN = 7
"""Pieces between a reporter's verb and who is reported: "told the court that", "wrote on Monday that"."""
_TIED = 7
"""Pieces between a noun that is said and its quotation: "a claim by Lars Dahl that it was “over”"."""
_OWNED = 4
"""Pieces of whose something is: "the hospital’s own" website."""
_OBJECT = 2
"""Pieces of a pronoun and a colon: "told her:"."""
_PAUSES = frozenset((",", ";", ":", "–", "—"))
_PEOPLE = frozenset((Role.PERSON, Role.PEOPLE))


class Relay(NamedTuple):
    """What the order of words says about one quotation.

    Attributes:
        mention: Number of the mention that speaks, -1 where the weights decide.
        most: The most that may be sure of any speaker.
    """

    mention: int = -1
    most: float = 1.0


OPEN = Relay()


def relays_of(candidates: Candidates) -> list[Relay]:
    """Return for each quotation who speaks by the order of words, where one person reports another."""
    finder = _Finder(candidates)
    return [finder.find(place) for place in candidates.reading.place_of]


class _Finder:
    """Reads the sentence around one quotation after the other."""

    def __init__(self, candidates: Candidates) -> None:
        self.candidates, self.reading = candidates, candidates.reading
        scene = candidates.scene
        self.cues, self.mentions = scene.cues, scene.mentions
        grammar = scene.words.grammar
        self.relaying, self.calling = grammar.get("relaying", NOTHING), grammar.get("calling", NOTHING)
        self.claims, self.denying = grammar.get("claims", NOTHING), grammar.get("denying", NOTHING)
        self.suffered, self.modals = grammar.get("suffered", NOTHING), grammar.get("modals", NOTHING)
        self.turning = grammar.get("conjunctions", NOTHING) - {"that"}
        self.starting = {mention.outer_start: number for number, mention in enumerate(self.mentions)}
        self.owning = {mention.end: number for number, mention in enumerate(self.mentions) if mention.modifier}
        self.subject_of: dict[int, int] = {}
        for number, mention in enumerate(self.mentions):
            verb = self._verb(mention)
            if verb >= 0:
                self.subject_of[verb] = number

    def _low(self, place: int) -> str:
        return self.reading.low[place] if 0 <= place < len(self.reading) else ""

    def _same(self, one: int, other: int) -> bool:
        return self.reading.breaks[one] == self.reading.breaks[other]

    def _verb(self, mention: Mention) -> int:
        """Return the verb that a mention is the subject of, close behind it; of "Moe as saying", "saying"."""
        if mention.modifier:
            return -1
        for end in (mention.end, mention.outer_end):
            if self._low(end) == "as" and end + 1 in self.cues and self.cues[end + 1].form is CueForm.ING:
                return end + 1
            found = self.candidates.verb_at(end)
            if found >= 0 and self._same(found, mention.start) and "who" not in self.reading.low[end:found]:
                return found
        return self._behind_apposition(mention)

    def _behind_apposition(self, mention: Mention) -> int:
        """Return the verb in "a colleague, Odd Rime, told", of either mention."""
        at = mention.outer_end
        inner = self.starting.get(at + 1, -1) if self._low(at) == "," else -1
        if inner < 0 or self.mentions[inner].modifier:
            return -1
        end = self.mentions[inner].outer_end
        found = self.candidates.verb_at(end + 1) if self._low(end) == "," else -1
        return found if found >= 0 and self.cues[found].form is not CueForm.ING else -1

    def find(self, place: int) -> Relay:
        """Return the relay of the quotation at a piece."""
        verb = self._verb_before(place)
        return self._in_front(verb, place) if verb >= 0 else self._behind(place)

    def _verb_before(self, place: int) -> int:
        """Return the nearest reporting verb before a quotation in its sentence, with no quotation between."""
        for at in range(place - 1, max(-1, place - _REACH), -1):
            if self.reading.quote[at] >= 0 or not self._same(at, place):
                return -1
            cue = self.cues.get(at)
            if cue is not None and cue.is_verb:
                return at
        return -1

    def _in_front(self, verb: int, place: int) -> Relay:
        """Return who speaks before a quotation, whose nearest verb is given."""
        owner, agent = self._owner(verb, place), self._agent(verb, place)
        if owner >= 0 or (agent >= 0 and self._leads(agent, verb, place)):
            return Relay(owner if owner >= 0 else agent, LIKELY)
        if self.cues[verb].form is CueForm.ING and self._low(verb - 1) in self.denying:
            # "Moe denied saying it was “over”": that is what others say she said.
            return Relay(most=LIKELY)
        you = "you" in self.reading.low[max(0, verb - 2) : verb] and self._low(verb) in self.relaying | self.calling
        if agent >= 0 or you:
            # "Moe was mocked by Dahl over her “golden age”": what follows may be hers.
            # "Welcome, Minister. You once said it was “safe”": whom that means, the words beside it do not tell.
            return Relay(most=DOUBTED)
        inner = self.subject_of.get(verb, -1)
        if inner >= 0 and self._low(verb - 1) == "as" and self._is_object(self.mentions[inner].outer_start):
            # "He quoted the paper’s website as calling it “mad”"
            return Relay(inner)
        if inner < 0 or not self._may_speak(self.mentions[inner]) or not self._reported(inner, verb):
            return OPEN
        # "Vik said Rime had called it “mad”": whose word it is, Rime’s or Vik’s for it, is open.
        sure = self._low(verb) not in self.calling and self._tight(verb, place)
        return Relay(inner) if sure else Relay(most=DOUBTED)

    def _is_object(self, start: int) -> bool:
        """Return whether a mention that begins at ``start`` is quoted by somebody; "was quoted in a report" is not."""
        for at in range(start - 1, max(-1, start - 1 - _OWNED), -1):
            cue = self.cues.get(at)
            if cue is not None and cue.is_verb:
                return cue.form is not CueForm.PASSIVE
            if self._low(at) in self.candidates.prepositions:
                break
        return False

    def _agent(self, verb: int, place: int) -> int:
        """Return who acts in "was told by Lars Dahl that", "described by Dahl as"; "was quoted by" names a reporter."""
        if self._low(verb) not in self.suffered or self._low(verb + 1) != "by" or verb + 2 >= place:
            return -1
        agent = self.starting.get(verb + 2, -1)
        return agent if agent >= 0 and not self.mentions[agent].modifier else -1

    def _leads(self, agent: int, verb: int, place: int) -> bool:
        """Return whether what who acts says follows at once: "told by Dahl that", "called by Dahl “…”"."""
        end = self.mentions[agent].outer_end
        accused = self._low(verb) == "accused" and self._low(end) == "of" and end + 1 == place
        return end == place or self._low(end) in {"that", "as"} or accused

    def _owner(self, verb: int, place: int) -> int:
        """Return whose claim another one speaks of: "rejected Dahl’s claim that it was “over”", "a claim by Dahl that"."""
        for noun in range(place - 1, max(verb, place - _TIED - 1), -1):
            if self._low(noun) not in self.claims:
                continue
            owner, behind = self.owning.get(noun, -1), noun + 1
            if owner < 0 and self._low(behind) == "by":
                owner = self.starting.get(behind + 1, -1)
                behind = self.mentions[owner].outer_end if owner >= 0 else behind
            # "Said Song’s remark “was wrong”" is said of the remark.
            said = self._low(behind) in {"that", "of"}
            pronoun = owner >= 0 and self.mentions[owner].kind is MentionKind.PRONOUN
            return owner if said and owner >= 0 and not pronoun else -1
        return -1

    def _reported(self, inner: int, verb: int) -> bool:
        """Return whether the clause of a subject and its verb is what somebody else reports."""
        start = self.mentions[inner].outer_start
        between = self.reading.low[self.mentions[inner].end : verb]
        low = self._low(verb)
        if not self.modals.isdisjoint(between) or low not in self.relaying | self.calling:
            return False
        outer = self._outer(start)
        if outer < 0:
            return False
        if self.cues[verb].form is CueForm.ING or self.cues[verb].form is CueForm.BASE:
            # "recalled Moe telling her"; but "mailed Moe saying" is said by who mailed.
            recalled = self.cues[outer].kind is CueKind.SAY and not self.mentions[inner].body
            return low in self.relaying and recalled
        return low not in self.calling or "had" in between

    def _outer(self, start: int) -> int:
        """Return the verb of who reports what a mention that begins at ``start`` says, -1 for none."""
        before = start - 1 - (self._low(start - 1) == "that")
        for at in range(before, max(-1, before - _BETWEEN), -1):
            if self.reading.quote[at] >= 0 or not self._same(at, start) or self._low(at) in _PAUSES | self.turning:
                return -1
            cue = self.cues.get(at)
            if cue is not None and cue.is_verb:
                return at if at in self.subject_of or cue.form in {CueForm.INFINITIVE, CueForm.ING} else -1
        return -1

    def _tight(self, verb: int, place: int) -> bool:
        """Return whether what stands between a verb and a quotation is all said: "told her the hull was", "told her:".

        Behind a whole clause, a colon may lead to either's words: "Vik said Rime told her the truth: “…”".
        """
        between = self.reading.low[verb + 1 : place]
        if between[-1:] == (":",) and (len(between) == 1 or (len(between) == _OBJECT and self._is_pronoun(verb + 1))):
            return True
        return not any(low in self.turning or low in _PAUSES for low in between)

    def _is_pronoun(self, place: int) -> bool:
        number = self.starting.get(place, -1)
        return number >= 0 and self.mentions[number].kind is MentionKind.PRONOUN

    def _may_speak(self, mention: Mention) -> bool:
        """Return whether a mention names or describes somebody; a pronoun is most often the reporter himself."""
        return mention.kind is MentionKind.NAME or mention.role in _PEOPLE

    def _behind(self, place: int) -> Relay:
        """Return who speaks in “…,” Mole said Dare had told her."""
        for at in range(place + 1, min(place + _BEHIND, len(self.reading))):
            if self.reading.quote[at] >= 0 or not self._same(at, place):
                return OPEN
            cue = self.cues.get(at)
            if cue is not None and cue.is_verb:
                return self._told(at, place)
        return OPEN

    def _told(self, outer: int, place: int) -> Relay:
        start = outer + 1 + (self._low(outer + 1) == "that")
        inner = self.starting.get(start, -1)
        if self.subject_of.get(outer, inner) == inner or inner < 0 or not self._may_speak(self.mentions[inner]):
            return OPEN
        verb = self._verb(self.mentions[inner])
        if verb < 0 or self._low(verb) not in self.relaying:
            return OPEN
        for at in range(verb + 1, min(verb + _REACH, len(self.reading))):
            if not self._same(at, place):
                break
            if self.reading.quote[at] >= 0 or self._low(at) in {"that", ",", ":"}:
                return OPEN
        return Relay(inner)

"""The words that signal reporting: for every piece of a reading, the cue that it is, if it is one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summaries.quote_words import QuoteWords, VerbForm
    from summaries.reading import Reading

NOTHING: frozenset[str] = frozenset()


class CueKind(IntEnum):
    """What sort of reporting a cue is; the numbers are features of the learned weights."""

    SAY = 1
    TELL = 2
    ASK = 3
    WRITE = 4
    CALL = 5
    READ = 6
    ACCORDING = 7
    NOUN = 8


class CueForm(IntEnum):
    """How the cue's verb is inflected; the numbers are features of the learned weights."""

    NONE = 0
    PAST = 1
    THIRD = 2
    ING = 3
    BASE = 4
    INFINITIVE = 5
    PASSIVE = 6


FORMS = {"past": CueForm.PAST, "third": CueForm.THIRD, "ing": CueForm.ING, "base": CueForm.BASE}


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at one piece.

    Attributes:
        negated: Whether "not" or the like stands before it.
        common: Whether it is a form of the commonest reporting verbs ("said", "says", "told").
    """

    kind: CueKind
    form: CueForm
    negated: bool = False
    common: bool = False

    @property
    def is_verb(self) -> bool:
        """Whether the cue is a verb that has a subject."""
        return self.kind < CueKind.ACCORDING


ACCORDING = Cue(CueKind.ACCORDING, CueForm.NONE)
NOUN = Cue(CueKind.NOUN, CueForm.NONE)
COMMON = frozenset({"say", "tell"})


def find_cues(reading: Reading, words: QuoteWords) -> dict[int, Cue]:
    """Return the cues of a reading by the place of their (first) piece."""
    cues: dict[int, Cue] = {}
    finder = _Finder(reading, words)
    for place, word in enumerate(reading.low):
        if word in finder.known:
            cue = finder.cue_at(place, word)
            if cue is not None:
                cues[place] = cue
    return cues


class _Finder:
    """Tells whether a word that may be a cue is one where it stands."""

    def __init__(self, reading: Reading, words: QuoteWords) -> None:
        grammar = words.grammar
        self.reading, self.words = reading, words
        self.known = frozenset(words.verbs) | words.cue_nouns | frozenset(words.according) | frozenset(words.phrases)
        self.before_noun = (
            grammar.get("determiners", NOTHING)
            | grammar.get("possessives", NOTHING)
            | (grammar.get("prepositions", NOTHING) - {"to"})
        )
        self.adverbs, self.negations = grammar.get("adverbs", NOTHING), grammar.get("negations", NOTHING)
        self.passive = grammar.get("passive", NOTHING)

    def cue_at(self, place: int, word: str) -> Cue | None:
        reading = self.reading
        opens = reading.sentence_start(place)
        if reading.capital[place] and not opens:
            return None
        after = self.words.according.get(word)
        if after is not None:
            return ACCORDING if not after or not after.isdisjoint(reading.low[place + 1 : place + 2]) else None
        before = "" if opens else reading.low[place - 1]
        verb = self.verb_at(place, word)
        noun = before in self.before_noun or (not opens and reading.possessive[place - 1])
        if verb is None or (noun and verb.form != "ing" and before != "all" and verb.lemma != "say"):
            return NOUN if word in self.words.cue_nouns else None
        form = FORMS[verb.form]
        if before == "to":
            form = CueForm.INFINITIVE
        elif form is CueForm.PAST and self.is_passive(place):
            form = CueForm.PASSIVE
        negated = any(low in self.negations for low in reading.low[max(0, place - 3) : place])
        return Cue(CueKind[verb.kind.upper()], form, negated, verb.lemma in COMMON)

    def verb_at(self, place: int, word: str) -> VerbForm | None:
        """Return the reporting verb that a word is where it stands, "pointed out" and the like included."""
        phrase = self.words.phrases.get(word)
        if phrase is not None and not phrase[1].isdisjoint(self.reading.low[place + 1 : place + 2]):
            return phrase[0]
        return self.words.verbs.get(word)

    def is_passive(self, place: int) -> bool:
        """Return whether a form of "be" stands before a participle: "was later also told"."""
        reading = self.reading
        back = place - 1
        while back > place - 4 and back >= 0 and reading.low[back] in self.adverbs:
            back -= 1
        return back >= 0 and reading.low[back] in self.passive and reading.breaks[back] == reading.breaks[place]

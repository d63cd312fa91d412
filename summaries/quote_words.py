"""The words of one language that the quote engine knows: ``QuoteWords``, parsed from plain data.

The data are what stands in ``config/languages/<code>/``; a list of words is one string, parted by blanks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from summaries.speech import SpeechWords

VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One form of a reporting verb.

    Attributes:
        lemma: The verb as a dictionary lists it.
        kind: The verb's list in the data: "say", "tell", "ask", "write", "call" or "read".
        form: "base", "third", "past" or "ing".
    """

    lemma: str
    kind: str
    form: str


@dataclass(frozen=True, slots=True)
class QuoteWords:
    """One language's words, in lower case.

    Attributes:
        verbs: Forms of reporting verbs.
        phrases: Forms of verbs that report only before certain words ("pointed" before "out"), to these words.
        according: Words that name the speaker next ("according"), to the words one of which must follow (none: any may).
        cue_nouns: Things that are said ("statement", "tweet").
        grammar: Closed word classes by name ("determiners", "prepositions", …); absent ones are empty.
        pronouns: Printed pronoun to the person it stands for ("his" to "he").
        subjects: Pronouns that can be subjects.
        titles: A title before a name, to the sex it tells: "male", "female" or "neutral".
        suffixes: "jr", "iii" and the like.
        particles: Small words inside names ("von", "de").
        roles: Head of a description, to "person", "people", "body" or "document".
        countries: Country or demonym, to one key for both.
        same_role: A role in a description, to the printed roles that it may stand for.
        organisations: Words that occur in the names of bodies.
        first_names: First name to "male", "female" or "either".
        speech: What tells speech from other marked words.
        capital_nouns: Whether every noun is written with a capital.
    """

    verbs: Mapping[str, VerbForm]
    according: Mapping[str, frozenset[str]]
    cue_nouns: frozenset[str]
    grammar: Mapping[str, frozenset[str]]
    pronouns: Mapping[str, str]
    subjects: frozenset[str]
    titles: Mapping[str, str]
    suffixes: frozenset[str]
    particles: frozenset[str]
    roles: Mapping[str, str]
    countries: Mapping[str, str]
    same_role: Mapping[str, frozenset[str]]
    organisations: frozenset[str]
    first_names: Mapping[str, str]
    speech: SpeechWords
    phrases: Mapping[str, tuple[VerbForm, frozenset[str]]] = field(default_factory=dict)
    capital_nouns: bool = False


def parse_lists(data: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return every list of words in ``data``: a name to its words."""
    return {name: tuple(value.split()) for name, value in data.items() if isinstance(value, str)}


def table(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return the table ``name`` of ``data``, empty where there is none."""
    found = data.get(name)
    return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}


def regular_forms(lemma: str) -> tuple[tuple[str, str], ...]:
    """Return an English verb's regular forms as (printed, form)."""
    if lemma.endswith("e"):
        past, ing = lemma + "d", lemma[:-1] + "ing"
    elif lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        past, ing = lemma[:-1] + "ied", lemma + "ing"
    else:
        past, ing = lemma + "ed", lemma + "ing"
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        third = lemma + "es"
    elif lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    return ((lemma, "base"), (third, "third"), (past, "past"), (ing, "ing"))


def listed_forms(lemma: str, forms: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return a verb's printed forms, told apart by their endings."""
    named = [(lemma, "base")]
    for place, form in enumerate(forms):
        named.append((form, "ing" if form.endswith("ing") else "third" if place == 0 else "past"))
    return tuple(named)


def parse_verbs(data: Mapping[str, object]) -> dict[str, VerbForm]:
    """Return every form of every reporting verb; the first list that has a verb says its kind."""
    irregular, listed = parse_lists(table(data, "irregular")), data.get("inflection") == "listed"
    forms: dict[str, VerbForm] = {}
    for kind, lemmas in parse_lists(table(data, "verbs")).items():
        for lemma in lemmas:
            for printed, form in forms_of(lemma, irregular, listed=listed):
                forms.setdefault(printed, VerbForm(lemma, kind, form))
    return forms


def parse_phrases(data: Mapping[str, object]) -> dict[str, tuple[VerbForm, frozenset[str]]]:
    """Return every form of every verb that reports only before certain words, with these words."""
    irregular, listed = parse_lists(table(data, "irregular")), data.get("inflection") == "listed"
    return {
        printed: (VerbForm(lemma, "say", form), frozenset(after))
        for lemma, after in parse_lists(table(data, "phrases")).items()
        for printed, form in forms_of(lemma, irregular, listed=listed)
    }


def forms_of(lemma: str, irregular: Mapping[str, tuple[str, ...]], *, listed: bool) -> tuple[tuple[str, str], ...]:
    """Return a verb's forms as (printed, form): the irregular ones, else by rule unless all are ``listed``."""
    if lemma in irregular:
        return listed_forms(lemma, irregular[lemma])
    return ((lemma, "past"),) if listed else regular_forms(lemma)


def inverted(lists: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return every word with the name of the (first) list that holds it."""
    found: dict[str, str] = {}
    for name, words in lists.items():
        for word in words:
            found.setdefault(word, name)
    return found


def parse_words(data: Mapping[str, object], speech: SpeechWords) -> QuoteWords:
    """Return the words of ``data``, which maps a file's stem ("quotes", "first_names") to what it holds."""
    quotes = table(data, "quotes")
    pronouns = parse_lists(table(quotes, "pronouns"))
    subjects = frozenset(pronouns.pop("subject", ()))
    titles = parse_lists(table(quotes, "titles"))
    suffixes, particles = frozenset(titles.pop("suffixes", ())), frozenset(titles.pop("particles", ()))
    names = parse_lists(table(data, "first_names"))
    names.pop("about", None)
    return QuoteWords(
        verbs=parse_verbs(quotes),
        phrases=parse_phrases(quotes),
        according={word: frozenset(after) for word, after in parse_lists(table(quotes, "according")).items()},
        cue_nouns=frozenset(parse_lists(table(quotes, "nouns")).get("words", ())),
        grammar={name: frozenset(words) for name, words in parse_lists(table(quotes, "grammar")).items()},
        pronouns=inverted(pronouns),
        subjects=subjects,
        titles=inverted(titles),
        suffixes=suffixes,
        particles=particles,
        roles=inverted(parse_lists(table(quotes, "roles"))),
        countries=inverted(parse_lists(table(quotes, "countries"))),
        same_role={name: frozenset(words) for name, words in parse_lists(table(quotes, "same_role")).items()},
        organisations=frozenset(parse_lists(table(quotes, "organisations")).get("words", ())),
        first_names=inverted(names),
        speech=speech,
        capital_nouns=quotes.get("capital_nouns") is True,
    )

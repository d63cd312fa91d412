"""Who is who on one page: names joined to people and bodies, each under the longest form that is printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.mentions import MentionKind, Role
from summaries.namesakes import FULL_NAME, Joiner, folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.mentions import Mention
    from summaries.namesakes import Name
    from summaries.quote_words import QuoteWords
    from summaries.reading import Reading

MOST_WORDS = 5
"""Words of a speaker's name; what is longer is a description of more than the speaker."""
SMALL_WORD, FEWEST, HEADLINE = 3, 3, 0.75
"""A headline: at least so many words of more than so many letters, this share of them with a capital."""
APPOSITION = 9
"""Pieces after a name in which its role is looked for: "Ruth Adeyemi, 58, an economist at …"."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that may speak.

    Attributes:
        name: The longest form on the page, titles excluded; of a description, the printed words.
        forms: All printed forms, the longest first.
        mentions: Numbers of the mentions, in reading order.
        kind: NAME or DESCRIPTION.
        sex: "male", "female" or "" where nothing tells.
        person: Whether something tells that it is a person: a title, a first name, a role.
        body: Whether the name looks like a body's.
        roles: What titles and appositions call it ("president", "economist"), lower case.
        countries: Keys of the countries that stand with the roles.
        proper: Whether the printed words are a name of its own: a person's, a body's, a description in capitals ("Post").
        headline: Whether it stands in headlines only, whose capitals say nothing.
    """

    name: str
    forms: tuple[str, ...]
    mentions: tuple[int, ...]
    kind: MentionKind
    sex: str = ""
    person: bool = False
    body: bool = False
    roles: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    proper: bool = True
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody on the page.

    Attributes:
        entities: Named ones first, in order of first mention; then descriptions.
        entity_of: For every mention its entity's number; -1 for pronouns and quantities.
        shared: Bare surnames that two people of the page have, where it is open which of them is meant.
    """

    entities: tuple[Entity, ...]
    entity_of: tuple[int, ...]
    shared: frozenset[int] = frozenset()


def find_cast(reading: Reading, mentions: Sequence[Mention], words: QuoteWords) -> Cast:
    """Return the page's people, bodies and described speakers."""
    entity_of = [-1] * len(mentions)
    headlines = headline_paragraphs(reading)
    entities: list[Entity] = []
    joiner = Joiner(reading, mentions, words)
    for name in joiner.join():
        for number in name.mentions:
            entity_of[number] = len(entities)
        entities.append(_named(reading, mentions, name, words, headlines))
    # "The mayor" is "this mayor"; "Kiel’s mayor" and "Osk’s mayor" are two.
    determiners = words.grammar.get("determiners", frozenset())
    described: dict[tuple[str, ...], list[int]] = {}
    for number, mention in enumerate(mentions):
        if mention.kind is MentionKind.DESCRIPTION:
            start = mention.start + (reading.low[mention.start] in determiners)
            described.setdefault(tuple(reading.low[start : mention.end]), []).append(number)
    for numbers in described.values():
        for number in numbers:
            entity_of[number] = len(entities)
        entities.append(_described(reading, mentions, numbers, words))
    return Cast(tuple(entities), tuple(entity_of), frozenset(joiner.shared))


def description_name(reading: Reading, mention: Mention, words: QuoteWords) -> str:
    """Return a description as printed, cut to at most MOST_WORDS words."""
    text = reading.text[reading.starts[mention.outer_start] : reading.ends[mention.outer_end - 1]]
    parts = text.split()
    if len(parts) > MOST_WORDS:
        core = reading.text[reading.starts[mention.start] : reading.ends[mention.end - 1]].split()
        parts = core[-MOST_WORDS:] if len(core) >= MOST_WORDS else parts[:MOST_WORDS]
    open_ended = frozenset[str]().union(
        *(words.grammar.get(name, ()) for name in ("prepositions", "articles", "conjunctions"))
    )
    while len(parts) > 1 and parts[-1].lower() in open_ended:
        parts.pop()
    return " ".join(parts)


def headline_paragraphs(reading: Reading) -> frozenset[int]:
    """Return the paragraphs in Which Nearly All Longer Words Begin With a Capital, without a full stop at the end."""
    capitals: Counter[int] = Counter()
    words: Counter[int] = Counter()
    last: dict[int, str] = {}
    for place, low in enumerate(reading.low):
        # “…,” said Ana Pardo, House editor. “It could.” ends with a full stop, too.
        stopped = reading.quote[place] >= 0 and reading.text[reading.ends[place] - 1] in ".?!"
        last[reading.paragraph[place]] = "." if stopped else low
        if len(low) > SMALL_WORD and low[0].isalpha():
            words[reading.paragraph[place]] += 1
            capitals[reading.paragraph[place]] += reading.capital[place]
    return frozenset(
        p for p, count in words.items() if count >= FEWEST and capitals[p] >= HEADLINE * count and last[p] != "."
    )


def proper_start(reading: Reading, mention: Mention, words: QuoteWords) -> int:
    """Return where a description that is a body's name ("The New York Post") begins, "the" excluded; -1 where it is none."""
    if mention.role not in {Role.BODY, Role.DOCUMENT} or words.capital_nouns:
        return -1
    start = mention.start + (reading.low[mention.start] in words.grammar.get("determiners", frozenset()))
    places = range(start, mention.end)
    named = places and all(reading.capital[place] for place in places) and not reading.sentence_start(mention.end - 1)
    in_names = words.grammar.get("owners_in_names", frozenset())
    owned = any(reading.possessive[place] and reading.low[place] not in in_names for place in places[:-1])
    return start if named and not owned else -1


def _described(reading: Reading, mentions: Sequence[Mention], numbers: Sequence[int], words: QuoteWords) -> Entity:
    first = mentions[numbers[0]]
    starts = [(proper_start(reading, mentions[n], words), mentions[n]) for n in numbers]
    names = {reading.text[reading.starts[at] : reading.ends[one.end - 1]] for at, one in starts if at >= 0}
    printed = names or {description_name(reading, mentions[n], words) for n in numbers}
    forms = sorted({" ".join(one.split()) for one in printed}, key=lambda form: (-len(form.split()), form))
    sex = next((mentions[n].sex for n in numbers if mentions[n].sex), "")
    return Entity(
        forms[0],
        tuple(forms),
        tuple(numbers),
        MentionKind.DESCRIPTION,
        sex,
        first.role is Role.PERSON,
        first.role is Role.BODY,
        proper=bool(names),
    )


def _named(
    reading: Reading, mentions: Sequence[Mention], name: Name, words: QuoteWords, headlines: frozenset[int]
) -> Entity:
    counts: Counter[str] = Counter()
    shouted: Counter[str] = Counter()
    roles: set[str] = set()
    countries: set[str] = set()
    sexes: Counter[str] = Counter()
    titled = body = False
    for number in name.mentions:
        mention = mentions[number]
        printed = " ".join(reading.text[reading.starts[mention.start] : reading.ends[mention.end - 1]].split())
        (shouted if reading.paragraph[mention.start] in headlines else counts)[printed] += 1
        body = body or mention.body
        titled = titled or bool(mention.title)
        if mention.sex:
            sexes[mention.sex] += 1
        _add_roles(reading, mention, words, roles, countries)
    headline = not counts
    if counts and all(" " not in form for form in counts):
        counts.update({form: count for form, count in shouted.items() if _is_full(form, counts, words)})
    counts = counts or shouted
    forms = tuple(sorted(counts, key=lambda form: (-len(form.split()), -counts[form], form)))
    short = [form for form in forms if len(form.split()) <= MOST_WORDS] or [forms[0]]
    # "Percent of Lena Horvat" was a headline: a form that begins with a first name is the safer one.
    chosen = next((form for form in short if folded(form.split()[0]) in words.first_names and " " in form), short[0])
    first = words.first_names.get(name.words[0], "") if len(name.words) > 1 else ""
    for role in roles:
        if words.titles.get(role) in {"male", "female"}:
            sexes[words.titles[role]] += 1
    sex = sexes.most_common(1)[0][0] if sexes else first if first in {"male", "female"} else ""
    person = (bool(first) or titled or bool(sexes)) and not (body and not titled)
    return Entity(
        chosen,
        forms,
        tuple(name.mentions),
        MentionKind.NAME,
        sex,
        person,
        body,
        frozenset(roles),
        frozenset(countries),
        headline=headline,
    )


def _is_full(form: str, short: Counter[str], words: QuoteWords) -> bool:
    """Return whether a form out of a headline or caption is a first name and one of the surnames that stand elsewhere."""
    parts = form.split()
    return len(parts) == FULL_NAME and folded(parts[0]) in words.first_names and parts[1] in short


def is_place_word(low: str, following: str, words: QuoteWords) -> bool:
    """Return whether a capital before a role is taken for a place or people that no list knows: "Kharvian President".

    It stands for itself, so that "the Kharvian president" later means the same person.
    """
    known = low in words.roles or low in words.titles or low in words.first_names or low in words.organisations
    return following in words.roles and not known and low.isalpha()


def _add_roles(reading: Reading, mention: Mention, words: QuoteWords, roles: set[str], countries: set[str]) -> None:
    """Collect what stands around a name: "Russian President …", "…, an economist at the University of Ibadan"."""
    places = list(range(mention.outer_start, mention.start))
    end = mention.end
    if (
        end + 1 < len(reading)
        and reading.low[end] == ","
        and reading.paragraph[end] == reading.paragraph[mention.start]
    ):
        last = min(len(reading), end + 1 + APPOSITION)
        at = end + 1
        while (
            at < last and reading.quote[at] < 0 and reading.breaks[at] == reading.breaks[end] and reading.low[at] != ","
        ):
            if reading.low[at] in words.verbs and reading.low[at] not in words.roles:
                break
            at += 1
        stretch = range(end + 1, at)
        if any(reading.low[p] in words.roles for p in stretch):
            places.extend(stretch)
    for place in places:
        low = reading.low[place]
        if low in words.titles or low in words.roles:
            roles.add(low)
        if low in words.countries:
            countries.add(words.countries[low])
        elif reading.capital[place] and place + 1 < len(reading) and is_place_word(low, reading.low[place + 1], words):
            countries.add(low)

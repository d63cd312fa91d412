"""Whom a pronoun or a description means: a share of belief for every named person that comes into question."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from summaries.aliases import is_place_word
from summaries.candidates import SUBJECT, How
from summaries.cues import NOTHING
from summaries.mentions import MentionKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from summaries.candidates import Candidates
    from summaries.mentions import Mention
    from summaries.trees import Trees

INTRODUCTION = 6
"""Pieces behind "known" or "going" among which the name stands: "going by the handle Ivo"."""
LOOKED_BACK = 40
"""Mentions before a pronoun among which its person is looked for."""
MOST_PEOPLE = 8
NEAR_PARAGRAPHS = 2
"""Paragraphs over which "he" goes on with a nameless speaker."""
BARE = 2
"""Pieces of a description of an article and a noun."""
FAR = 99
PRONOUN_FEATURES = (
    "sex_fits", "sex_clashes", "person", "body", "she", "breaks", "paragraphs", "mentions_since", "rank", "rank_fitting", "frequency",
    "before", "spoke", "modifier", "opens_sentence", "opens_paragraph", "subject", "before_verb", "preposition", "titled", "full",
    "only_fitting", "fitting", "same_sentence", "pronoun_opens", "pronoun_link", "in_title", "previous_sentence_mentions", "share",
    "told", "since_pronoun", "earliest_in_sentence", "by_quote", "last_speaker", "speaker_far", "first_person",
)  # fmt: skip


class Resolver:
    """Resolves the pronouns and descriptions of one article."""

    def __init__(self, candidates: Candidates, trees: Trees) -> None:
        self.candidates, self.trees = candidates, trees
        self.scene = candidates.scene
        self.named = [n for n, mention in enumerate(self.scene.mentions) if mention.kind is MentionKind.NAME]
        self.people = [n for n in self.named if self._may_be_person(n)]
        self.pronouns = [n for n, m in enumerate(self.scene.mentions) if m.kind is MentionKind.PRONOUN and m.sex]
        self.speaking = [n for n in self.people if self._speaks(n)]
        self.starting = {mention.outer_start: n for n, mention in enumerate(self.scene.mentions)}
        self.of_country: dict[str, list[int]] = {}
        for number, one in enumerate(self.scene.cast.entities):
            for country in one.countries if one.kind is MentionKind.NAME else ():
                if len(self.of_country.setdefault(country, [])) < MOST_PEOPLE:
                    self.of_country[country].append(number)
        self.others = self.scene.words.grammar.get("other_holders", NOTHING)
        self.introducing = self.scene.words.grammar.get("introducing", NOTHING)
        grammar = self.scene.words.grammar
        self.indefinite = grammar.get("indefinite", NOTHING)
        self.articles_of = dict.fromkeys(grammar.get("male_articles", NOTHING), "male")
        self.articles_of |= dict.fromkeys(grammar.get("female_articles", NOTHING), "female")
        self.inside = frozenset(
            number
            for at, mention in enumerate(self.scene.mentions)
            for number in range(at + 1, len(self.scene.mentions))[:3]
            if self.scene.mentions[number].end <= mention.outer_end
        )
        self.introduced_at: dict[str, int] = {}
        for number, mention in enumerate(self.scene.mentions):
            if mention.role is Role.PERSON and self.scene.reading.low[mention.start] in self.indefinite:
                self.introduced_at.setdefault(mention.head, number)
        self.sole_offices = self.scene.words.grammar.get("sole_offices", NOTHING)
        self.holders: dict[str, set[int]] = {}
        self.bodies: dict[str, set[int]] = {}
        self.disputed: set[str] = set()
        self._index_named()
        self._index_described()
        self.shares: dict[int, dict[int, float]] = {}

    def _may_be_person(self, number: int) -> bool:
        entity = self.scene.cast.entities[self.scene.cast.entity_of[number]]
        return not entity.body and not (
            len(entity.forms[0].split()) == 1 and entity.forms[0].lower() in self.scene.words.countries
        )

    def _is_person(self, entity: int) -> bool:
        """Return whether a role beside a name may be its bearer's: a person, or two words that are no body's."""
        one = self.scene.cast.entities[entity]
        return one.person or (not one.body and " " in one.name)

    def _is_weak(self, entity: int) -> bool:
        """Return whether one capital at the start of one sentence is all there is of a name: "Harbour tax to rise"."""
        one = self.scene.cast.entities[entity]
        return len(one.mentions) == 1 and self.scene.mentions[one.mentions[0]].unsure

    def _speaks(self, number: int) -> bool:
        right, left = self.candidates.link(number)
        return right.how in SUBJECT or left.how is How.NEXT

    def entities(self, number: int) -> Mapping[int, float]:
        """Return the entities a mention may mean, with shares that add up to at most 1."""
        if number not in self.shares:
            self.shares[number] = self._entities(number)
        return self.shares[number]

    def _entities(self, number: int) -> dict[int, float]:
        entity = self.scene.cast.entity_of[number]
        mention = self.scene.mentions[number]
        if entity >= 0:
            if mention.kind is MentionKind.DESCRIPTION:
                named = self.beside(mention, number)
                if named is None:
                    named = self.described(mention)
                if named is None:
                    named = self.only_one(mention)
                if named is not None:
                    return {named: 1.0}
            return {entity: 1.0}
        if mention.kind is not MentionKind.PRONOUN or not mention.sex:
            return self._plural(number, mention)
        told = self.told_before(number)
        if told >= 0:
            return {told: 1.0}
        chosen, rows = self.describe(number)
        if not chosen:
            return {}
        scores = self.trees.scores(rows)
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        total = sum(powers)
        return {entity: power / total for entity, power in zip(chosen, powers, strict=True)}

    def told_before(self, number: int) -> int:
        """Return the nameless speaker that "he" goes on with: "a spokesman said … he added"; -1 for none.

        Nobody who has a name may act between the two, nor speak beside the description.
        """
        scene, reading, pronoun = self.scene, self.scene.reading, self.scene.mentions[number]
        for before in range(number - 1, max(-1, number - LOOKED_BACK), -1):
            other, entity = scene.mentions[before], scene.cast.entity_of[before]
            if reading.paragraph[pronoun.start] - reading.paragraph[other.start] > NEAR_PARAGRAPHS:
                return -1
            if before in self.inside or other.modifier:
                continue
            if other.kind is MentionKind.NAME and self._acts(before, number):
                return -1
            if other.kind is not MentionKind.DESCRIPTION or other.role is not Role.PERSON or not self._is_told(before):
                continue
            fits = self.nameless(before) and self.sex_of(other) in {"", pronoun.sex}
            return entity if fits and self.entities(before) == {entity: 1.0} else -1
        return -1

    def _acts(self, before: int, number: int) -> bool:
        """Return whether a named one may be whom a pronoun behind it means: all but "with Dahl", "by Dahl"."""
        scene, reading = self.scene, self.scene.reading
        mention = scene.mentions[before]
        if scene.cast.entities[scene.cast.entity_of[before]].body:
            return False
        same = reading.breaks[mention.start] == reading.breaks[scene.mentions[number].start]
        if same or self._speaks(before) or reading.sentence_start(mention.outer_start):
            return True
        return reading.low[mention.outer_start - 1] not in self.candidates.prepositions | {"by"}

    def _is_told(self, number: int) -> bool:
        """Return whether a description is the subject of a reporting verb: "a voter said", “…,” said a voter."""
        right, left = self.candidates.link(number)
        if right.how in SUBJECT:
            return True
        reading, before = self.scene.reading, left.place - 1
        before -= before > 0 and reading.low[before] == ","
        return left.how is How.NEXT and before >= 0 and reading.quote[before] >= 0

    def nameless(self, number: int) -> bool:
        """Return whether a description is of somebody whose name is not told: "a spokesman", then "the spokesman"."""
        mention = self.scene.mentions[number]
        if self.scene.reading.low[mention.start] in self.indefinite:
            return True
        return number > self.introduced_at.get(mention.head, len(self.scene.mentions))

    def sex_of(self, mention: Mention) -> str:
        """Return the sex of a described person, of German ones by their article too."""
        return mention.sex or self.articles_of.get(self.scene.reading.low[mention.start], "")

    def _plural(self, number: int, mention: Mention) -> dict[int, float]:
        """Return what "they" and "it" mean: the nearest group or body before them."""
        wanted = {"they": {Role.PEOPLE, Role.BODY, Role.DOCUMENT}, "it": {Role.BODY, Role.DOCUMENT}}.get(mention.head)
        if wanted is None:
            return {}
        cast = self.scene.cast
        for before in range(number - 1, max(-1, number - 12), -1):
            other, entity = self.scene.mentions[before], cast.entity_of[before]
            if (
                entity >= 0
                and not other.modifier
                and (other.role in wanted or (other.kind is MentionKind.NAME and cast.entities[entity].body))
            ):
                return {entity: 1.0}
        return {}

    def beside(self, mention: Mention, number: int) -> int | None:
        """Return the named person in apposition: "Her campaign manager, Ana Pardo, said", "Ana Pardo, an engineer"."""
        reading, mentions, cast = self.scene.reading, self.scene.mentions, self.scene.cast
        if mention.role is not Role.PERSON or mention.modifier:
            return None
        for end in {mention.end, mention.outer_end}:
            between = reading.low[end : end + 2]
            if between[:1] and between[0] in self.introducing:
                named = self.introduced(end)
                if named >= 0:
                    return cast.entity_of[named]
            # "His daughter, the novelist Flora Vale, said"
            skipped = 1 + (between[1:] == ("the",))
            following = self.starting.get(end + skipped, -1) if between[:1] == (",",) else -1
            if following >= 0 and mentions[following].kind is MentionKind.NAME and not mentions[following].modifier:
                entity = cast.entity_of[following]
                closed = reading.low[mentions[following].outer_end : mentions[following].outer_end + 1]
                if self._is_person(entity) and closed in {(",",), (".",), ()}:
                    return entity
        before = number - 1
        if before >= 0 and mentions[before].kind is MentionKind.NAME and mention.determiner in {"a", "an", "the"}:
            end = mentions[before].outer_end
            if end + 1 == mention.start and reading.low[end] == "," and self._is_person(cast.entity_of[before]):
                return cast.entity_of[before]
        return None

    def introduced(self, place: int) -> int:
        """Return the mention that "known as", "named" or "going by the handle" at a place leads to, -1 for none."""
        reading, mentions = self.scene.reading, self.scene.mentions
        for at in range(place + 1, min(place + INTRODUCTION, len(reading))):
            following = self.starting.get(at, -1)
            if reading.breaks[at] != reading.breaks[place] or reading.quote[at] >= 0:
                break
            if following >= 0 and mentions[following].kind is MentionKind.NAME:
                behind = mentions[following].outer_end
                # "One lawmaker called Ivo Lem “a fool”": he is called so, not named so.
                called = behind < len(reading) and reading.quote[behind] >= 0
                plain = not mentions[following].modifier and not mentions[following].body and not called
                return following if plain else -1
        return -1

    def described(self, mention: Mention) -> int | None:
        """Return the named person a description with a country means ("the Russian president"), if just one fits."""
        words, reading, cast = self.scene.words, self.scene.reading, self.scene.cast
        if mention.role is not Role.PERSON or mention.determiner != "the" or mention.outer_end > mention.end:
            return None
        inner = [reading.low[place] for place in range(mention.start + 1, mention.end - 1)]
        countries = {words.countries[low] for low in inner if low in words.countries}
        before = mention.end - 2
        if not countries and before > mention.start and reading.capital[before]:
            countries = {low for low in inner[-1:] if is_place_word(low, mention.head, words)}
        roles = words.same_role.get(mention.head, frozenset({mention.head}))
        if not countries or not self.others.isdisjoint(inner):
            return None
        near = self.of_country.get(min(countries), ())
        fitting = [e for e in near if cast.entities[e].roles & roles and countries <= cast.entities[e].countries]
        if len(fitting) == 1:
            return fitting[0]
        return None

    def only_one(self, mention: Mention) -> int | None:
        """Return whom a bare "the mayor" or "the ministry" means where the page names just one mayor or ministry."""
        bare = mention.determiner == "the" and mention.end - mention.start == BARE and mention.outer_end == mention.end
        if not bare or mention.head in self.disputed:
            return None
        if mention.role is Role.BODY:
            fitting = self.bodies.get(mention.head, set())
        elif mention.head in self.sole_offices:
            fitting = self.holders.get(mention.head, set())
        else:
            return None
        return next(iter(fitting)) if len(fitting) == 1 else None

    def _index_named(self) -> None:
        """Fill ``holders`` (of an office) and ``bodies`` (by the first and last word of their names)."""
        for number, one in enumerate(self.scene.cast.entities):
            if one.kind is MentionKind.NAME:
                for office in one.roles & self.sole_offices:
                    self.holders.setdefault(office, set()).add(number)
            if one.body and one.proper and " " in one.name:
                words = one.name.lower().split()
                for word in {words[0], words[-1]}:
                    self.bodies.setdefault(word, set()).add(number)

    def _index_described(self) -> None:
        """Add to ``holders`` who stands beside a description, and to ``disputed`` what means one of several."""
        cast, determiners = self.scene.cast, self.scene.words.grammar.get("determiners", NOTHING)
        low = self.scene.reading.low
        for number, mention in enumerate(self.scene.mentions):
            more = mention.end - mention.start - (low[mention.start] in determiners) >= BARE
            if not more or mention.kind is not MentionKind.DESCRIPTION:
                continue
            held = self.beside(mention, number) if mention.head in self.sole_offices else None
            if held is not None:
                self.holders.setdefault(mention.head, set()).add(held)
            elif not cast.entities[cast.entity_of[number]].proper:
                # "A second ministry", "Kiel’s mayor": another one of the kind.
                self.disputed.add(mention.head)

    def describe(self, number: int) -> tuple[list[int], list[list[float]]]:
        """Return the named people a pronoun may mean and a row of PRONOUN_FEATURES for each."""
        scene = self.scene
        mention = scene.mentions[number]
        at = bisect_left(self.people, number)
        last: dict[int, int] = {}
        for before in reversed(self.people[max(0, at - LOOKED_BACK) : at]):
            entity = scene.cast.entity_of[before]
            last.setdefault(entity, before)
            if len(last) == MOST_PEOPLE:
                break
        if not last:
            for after in self.people[at : at + 2]:
                last.setdefault(scene.cast.entity_of[after], after)
        last = {e: before for e, before in last.items() if not self._is_weak(e)} or last
        sexes = {e: scene.cast.entities[e].sex for e in last}
        # Who is known to be of the other sex is not meant, even where nobody else is near.
        last = {e: before for e, before in last.items() if sexes[e] in {"", mention.sex}}
        fitting = [e for e in last if self._fits(e, mention.sex)]
        rows = [self._row(number, entity, before, rank, fitting) for rank, (entity, before) in enumerate(last.items())]
        return list(last), rows

    def _fits(self, entity: int, sex: str) -> bool:
        one = self.scene.cast.entities[entity]
        return one.sex == sex or (not one.sex and not one.body)

    def _row(self, number: int, entity: int, before: int, rank: int, fitting: Sequence[int]) -> list[float]:
        scene, reading = self.scene, self.scene.reading
        pronoun, mention, one = scene.mentions[number], scene.mentions[before], scene.cast.entities[entity]
        right, left = self.candidates.link(before)
        first, _ = self.candidates.paragraph_range[reading.paragraph[mention.start]]
        near, far = min(mention.start, pronoun.start), max(mention.start, pronoun.start)
        breaks = reading.breaks[far] - reading.breaks[near]
        seen = bisect_right(one.mentions, number)
        total = sum(len(scene.cast.entities[e].mentions) for e in fitting) or 1
        own, _ = self.candidates.link(number)
        last_pronoun = bisect_left(self.pronouns, number) - 1
        at = bisect_left(self.speaking, number)
        speakers = [scene.cast.entity_of[n] for n in self.speaking[max(0, at - 3) : at]][::-1]
        speaker = speakers.index(entity) if entity in speakers else 3
        previous = bisect_left(self.people, before) - 1
        leads = (
            previous < 0 or reading.breaks[scene.mentions[self.people[previous]].start] < reading.breaks[mention.start]
        )
        since = number - self.pronouns[last_pronoun] if last_pronoun >= 0 else FAR
        return [
            one.sex == pronoun.sex,
            bool(one.sex) and one.sex != pronoun.sex,
            one.person,
            one.body,
            pronoun.sex == "female",
            min(breaks, 20),
            min(reading.paragraph[pronoun.start] - reading.paragraph[mention.start], 9),
            min(abs(number - before), 30),
            rank,
            fitting.index(entity) if entity in fitting else 9,
            min(len(one.mentions), 20),
            min(seen, 20),
            min(self.candidates.spoke[entity], 9),
            mention.modifier,
            reading.sentence_start(mention.outer_start),
            mention.outer_start == first,
            right.how,
            right.how is How.NEXT,
            mention.outer_start > first and reading.low[mention.outer_start - 1] in self.candidates.prepositions,
            bool(mention.title),
            mention.end - mention.start,
            len(fitting) == 1 and entity in fitting,
            len(fitting),
            breaks == 0,
            reading.sentence_start(pronoun.start),
            own.how,
            reading.paragraph[mention.start] == 0,
            min(number - before, 20) if breaks == 1 else FAR,
            len(one.mentions) / total if entity in fitting else 0,
            left.how,
            min(since, FAR),
            breaks <= 1 and reading.sentence_start(mention.outer_start),
            left.how is How.NEXT and reading.quotes[far] - reading.quotes[near] > 0,
            speaker,
            number - self.speaking[at - 1 - speaker] if speaker < len(speakers) else FAR,
            leads,
        ]

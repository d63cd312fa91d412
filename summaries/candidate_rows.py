"""What can be seen of a quotation and of each mention that may be its speaker: a row of numbers."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from summaries.cues import NOTHING, CueForm, CueKind
from summaries.mentions import MentionKind, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.candidates import Candidates, Link
    from summaries.mentions import Mention

FAR = 99
REACH = 12
"""Mentions between a mention and a quotation that are looked at."""
DASHES = frozenset(("–", "—", "-", "―"))

QUOTE_FEATURES = (
    "q_words", "q_comma", "q_stop", "q_asks", "q_capital", "q_opens_paragraph", "q_closes_paragraph", "q_alone", "q_first_paragraph",
    "q_after_colon", "q_after_comma", "q_after_that", "q_next_stop", "q_next_comma", "q_next_verb", "q_number", "q_total",
    "q_before_quote", "q_after_quote", "q_words_before", "q_words_after", "q_mentions_before", "q_mentions_after",
    "cb_kind", "cb_form", "cb_far", "cb_common", "cb_negated", "ca_kind", "ca_form", "ca_far", "ca_common", "noun_far", "q_sole",
    "q_i", "q_we", "q_others", "q_after_article", "q_after_as", "q_after_preposition", "q_after_be", "q_after_owner", "q_next_word",
    "q_next_preposition",
)  # fmt: skip
MENTION_FEATURES = (
    "after", "far", "breaks", "paragraphs", "commas", "quotes_between", "mentions_between", "rank", "kind", "role", "pronoun",
    "definite", "indefinite", "owned", "titled", "unsure", "modifier", "body", "person", "plural", "opens_sentence", "opens_paragraph",
    "frequency", "spoke", "preposition", "by", "to", "of", "after_and", "after_comma", "before_comma", "before_verb", "before_be",
    "after_verb", "link", "link_kind", "link_form", "link_far", "link_breaks", "link_quotes", "link_common", "link_negated",
    "back", "back_kind", "back_form", "back_far", "back_breaks", "back_quotes", "back_common",
    "cb_gap", "cb_mentions", "cb_subject", "ca_gap", "ca_mentions", "ca_subject", "told", "according", "who", "colon_label",
    "outer_words", "same_sentence_first", "said_inside", "after_dash", "before_dash", "after_bracket", "before_noun", "of_country",
    "acts", "acting_between", "owns_cue",
)  # fmt: skip
FEATURES = QUOTE_FEATURES + MENTION_FEATURES


class Describer:
    """Describes the candidates of one article's quotations."""

    def __init__(self, candidates: Candidates) -> None:
        self.candidates = candidates
        self.scene, self.reading = candidates.scene, candidates.reading
        grammar = self.scene.words.grammar
        self.articles = grammar.get("articles", NOTHING)
        self.owners = grammar.get("possessives", NOTHING)
        self.verbs = grammar.get("verbs", NOTHING)
        self.acting: dict[int, bool] = {}
        self.nothing_follows = (
            candidates.adverbs
            | candidates.auxiliaries
            | candidates.prepositions
            | grammar.get("conjunctions", NOTHING)
            | self.verbs
        )

    def describe(self, quote: int) -> tuple[list[int], list[list[float]]]:
        """Return a quotation's candidates and one row of FEATURES for each."""
        chosen = self.candidates.of(quote)
        place = self.reading.place_of[quote]
        before, after = self.candidates.cues_around(place)
        said = self.candidates.said(quote)
        head = [*self._quote_row(place, before, after, chosen), *self._person_row(said), *self._beside_row(place)]
        # Rank: how many candidates of the same side stand nearer.
        ahead = [n for n in chosen if self.candidates.mention_starts[n] < place]
        ranks = {number: len(ahead) - 1 - i for i, number in enumerate(ahead)}
        ranks.update({number: i for i, number in enumerate(chosen[len(ahead) :])})
        rows = [
            head
            + self._mention_row(number, place, before, after, ranks[number])
            + self._edge_row(number, said)
            + self._subject_row(number, place)
            for number in chosen
        ]
        return chosen, rows

    def _person_row(self, said: frozenset[str]) -> list[float]:
        """Return whether a quotation says "I", "we", "he" or the like."""
        persons = {self.scene.words.pronouns.get(word) for word in said}
        return ["i" in persons, "we" in persons, bool(persons & {"he", "she"})]

    def _beside_row(self, place: int) -> list[float]:
        """Return what sorts of words touch a quotation."""
        reading, candidates = self.reading, self.candidates
        first, last = candidates.paragraph_range[reading.paragraph[place]]
        previous = reading.low[place - 1] if place > first else ""
        following = reading.low[place + 1] if place + 1 < last else ""
        word = following.isalpha() and not reading.capital[place + 1] and place + 1 not in self.scene.cues
        return [
            previous in self.articles,
            previous == "as",
            previous in candidates.prepositions,
            previous in candidates.auxiliaries,
            bool(previous) and (reading.possessive[place - 1] or previous in self.owners),
            word and following not in self.nothing_follows,
            following in candidates.prepositions,
        ]

    def acts(self, number: int) -> bool:
        """Return whether a verb seems to follow a mention, so that it is a subject; it need not be a verb that reports."""
        if number not in self.acting:
            reading, candidates = self.reading, self.candidates
            mention = self.scene.mentions[number]
            at = mention.outer_end
            while at < len(reading) and reading.low[at] in candidates.adverbs:
                at += 1
            low = reading.low[at] if at < len(reading) and not reading.sentence_start(at) else ""
            cue = self.scene.cues.get(at)
            verb = low in candidates.auxiliaries or low in self.verbs or low.endswith("ed")
            self.acting[number] = not mention.modifier and (verb or (cue is not None and cue.is_verb))
        return self.acting[number]

    def _quote_row(self, place: int, before: int, after: int, chosen: Sequence[int]) -> list[float]:
        reading, cues = self.reading, self.scene.cues
        start, end = reading.starts[place], reading.ends[place]
        text = reading.text
        first, last = self.candidates.paragraph_range[reading.paragraph[place]]
        previous = reading.low[place - 1] if place > first else "¶"
        following = reading.low[place + 1] if place + 1 < last else "¶"
        closing = text[end - 1]
        cb, ca = cues.get(before), cues.get(after)
        nouns = bisect_left(self.candidates.noun_places, place)
        noun_far = place - self.candidates.noun_places[nouns - 1] if nouns else FAR
        number = reading.quotes[place] - reading.quotes[first]
        total = reading.quotes[last - 1] + (reading.quote[last - 1] >= 0) - reading.quotes[first]
        mentions = [self.candidates.mention_starts[n] for n in chosen]
        return [
            min(text.count(" ", start, end) + 1, 60),
            closing == "," or text[end : end + 1] == ",",
            closing == ".",
            closing in "?!",
            text[start].isupper(),
            place == first,
            place == last - 1,
            place == first and place == last - 1,
            reading.paragraph[place] == 0,
            previous == ":",
            previous == ",",
            previous == "that",
            following in {".", "¶"},
            following == ",",
            self.candidates.verb_at(place + 1, 1) >= 0,
            min(number, 9),
            min(total, 9),
            place > first and reading.quote[place - 1] >= 0,
            place + 1 < last and reading.quote[place + 1] >= 0,
            min(place - first, 60),
            min(last - 1 - place, 60),
            sum(first <= s < place for s in mentions),
            sum(place < s < last for s in mentions),
            cb.kind if cb else 0,
            cb.form if cb else -1,
            place - before if cb else FAR,
            bool(cb and cb.common),
            bool(cb and cb.negated),
            ca.kind if ca else 0,
            ca.form if ca else -1,
            after - place if ca else FAR,
            bool(ca and ca.common),
            min(noun_far, FAR),
            len(reading.place_of) == 1,
        ]

    def _mention_row(self, number: int, place: int, before: int, after: int, rank: int) -> list[float]:
        reading, scene = self.reading, self.scene
        mention = scene.mentions[number]
        entity_number = scene.cast.entity_of[number]
        entity = scene.cast.entities[entity_number] if entity_number >= 0 else None
        is_after = mention.start > place
        near, far = (place, mention.start) if is_after else (mention.end - 1, place)
        between = abs(bisect_left(self.candidates.mention_starts, place) - number) - (not is_after)
        first, _ = self.candidates.paragraph_range[reading.paragraph[mention.start]]
        before_it = reading.low[mention.outer_start - 1] if mention.outer_start > first else "¶"
        after_it = reading.low[mention.outer_end] if mention.outer_end < len(reading) else "¶"
        low = reading.low[mention.start]
        right, left = self.candidates.link(number)
        return [
            is_after,
            min(far - near, FAR),
            min(abs(reading.breaks[far] - reading.breaks[near]), 9),
            reading.paragraph[mention.start] - reading.paragraph[place],
            min(reading.commas[far] - reading.commas[near], 9),
            min(reading.quotes[far] - reading.quotes[near] - (reading.quote[near] >= 0), 5),
            min(between, 20),
            rank,
            mention.kind,
            mention.role,
            {"he": 1, "she": 2, "they": 3, "it": 4, "i": 5, "we": 6}.get(mention.head, 0)
            if mention.kind is MentionKind.PRONOUN
            else 0,
            mention.determiner in {"the", "this", "that"},
            mention.determiner in {"a", "an", "one", "another"},
            mention.determiner in {"his", "her", "their", "its"},
            bool(mention.title),
            mention.unsure,
            mention.modifier,
            mention.body or bool(entity and entity.body),
            bool(entity and entity.person),
            low in {"they", "we", "some", "many", "others", "both"} or mention.role is Role.PEOPLE,
            reading.sentence_start(mention.outer_start),
            mention.outer_start == first,
            min(len(entity.mentions), 12) if entity else 0,
            min(self.candidates.spoke[entity_number], 6) if entity else 0,
            before_it in self.candidates.prepositions,
            before_it == "by",
            before_it == "to",
            before_it == "of",
            before_it == "and",
            before_it == ",",
            after_it == ",",
            self.candidates.verb_at(mention.outer_end) >= 0,
            after_it in self.candidates.auxiliaries,
            left.how,
            *self._link_row(right, place),
            *self._link_row(left, place)[:-1],
            *self._cue_row(mention, number, before, right, left),
            *self._cue_row(mention, number, after, right, left),
            self._told(left),
            left.place >= 0 and scene.cues[left.place].kind is CueKind.ACCORDING,
            after_it in {"who", "which"} or reading.low[mention.outer_end : mention.outer_end + 2] == (",", "who"),
            after_it == ":" and mention.outer_start == first,
            min(mention.outer_end - mention.outer_start, 12),
            not is_after
            and reading.sentence_start(mention.outer_start)
            and reading.breaks[near] == reading.breaks[place],
        ]

    def _edge_row(self, number: int, said: frozenset[str]) -> list[float]:
        """Return whether the quotation says the name, and which signs and nouns touch a mention."""
        reading, mention = self.reading, self.scene.mentions[number]
        before = reading.low[mention.outer_start - 1] if mention.outer_start else ""
        at = mention.outer_end
        after = reading.low[at] if at < len(reading) else ""
        noun = (
            after.isalpha()
            and not reading.capital[at]
            and not reading.sentence_start(at)
            and after not in self.nothing_follows
            and at not in self.scene.cues
        )
        return [
            mention.kind is MentionKind.NAME and mention.head in said,
            before in DASHES,
            after in DASHES,
            before in {"[", "("},
            noun,
            mention.end - mention.start == 1 and mention.head in self.scene.words.countries,
        ]

    def _subject_row(self, number: int, place: int) -> list[float]:
        """Return whether a mention acts, how many nearer ones do, and whether it owns what is said ("Vos’s claim")."""
        mention, reading = self.scene.mentions[number], self.reading
        here = bisect_left(self.candidates.mention_starts, place)
        nearer = range(number + 1, here) if number < here else range(here, number)
        sentence = reading.breaks[mention.start]
        between = sum(
            reading.breaks[self.scene.mentions[other].start] == sentence and self.acts(other)
            for other in nearer[-REACH:]
        )
        at = mention.outer_end
        said = [self.scene.cues.get(next_one) for next_one in (at, at + 1)] if mention.modifier else []
        owns = any(cue is not None and cue.kind is CueKind.NOUN for cue in said)
        return [self.acts(number), min(between, 5), owns]

    def _link_row(self, link: Link, place: int) -> list[float]:
        """Return how, kind, form, distance from the quotation, breaks, quotations between, common, negated."""
        if link.place < 0:
            return [0, 0, -1, FAR, 9, 9, 0, 0]
        reading, cue = self.reading, self.scene.cues[link.place]
        near, far = min(link.place, place), max(link.place, place)
        return [
            link.how,
            cue.kind,
            cue.form,
            min(far - near, FAR) * (1 if link.place < place else -1),
            min(reading.breaks[far] - reading.breaks[near], 9),
            min(reading.quotes[far] - reading.quotes[near] - (reading.quote[near] >= 0), 5),
            cue.common,
            cue.negated,
        ]

    def _cue_row(self, mention: Mention, number: int, cue: int, right: Link, left: Link) -> list[float]:
        """Return how a mention stands to one of the quotation's cues: gap, mentions between, which end of it."""
        if cue < 0:
            return [FAR, 20, 0]
        gap = cue - mention.end if cue >= mention.end else cue - mention.start
        between = abs(bisect_left(self.candidates.mention_starts, cue) - number) - (1 if cue >= mention.end else 0)
        if right.place == cue:
            subject = 10 - right.how
        elif left.place == cue:
            subject = left.how
        else:
            subject = 0
        return [max(-FAR, min(gap, FAR)), min(between, 20), subject]

    def _told(self, left: Link) -> bool:
        """Return whether a mention is who is told: the object of "told" or of "asked", not of inverted order."""
        if left.place < 0:
            return False
        cue = self.scene.cues[left.place]
        return cue.kind in {CueKind.TELL, CueKind.ASK} and cue.form is not CueForm.PASSIVE

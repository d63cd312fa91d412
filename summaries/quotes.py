"""The quotes of an article with their speakers, and who is named: ``find_quotes``."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from summaries.aliases import description_name, find_cast, proper_start
from summaries.attribution import AttributionWeights, choose, confidences, parse_attribution_weights, with_speech
from summaries.candidates import SUBJECT, Candidates, Scene
from summaries.clause_order import speakers_by_order
from summaries.cues import CueKind, find_cues
from summaries.doubts import most_sure
from summaries.hearing import DOUBTFUL, HEARD, hear
from summaries.mentions import MentionKind, find_mentions
from summaries.noun_mentions import find_noun_mentions
from summaries.quote_words import QuoteWords, parse_words, table
from summaries.reading import read_article
from summaries.relays import Relay, relays_of
from summaries.resolution import Resolver
from summaries.speech import SpeechWeights, parse_speech_weights, parse_speech_words, speech_stretches
from summaries.trees import EMPTY_TREES
from summaries.values import Attribution, NamedSpeaker, Quote, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from summaries.attribution import Choice
    from summaries.values import Article, Sentence

MOST_QUOTES = 2_000
"""Quotations of one article whose speakers are looked for."""


@dataclass(frozen=True, slots=True)
class QuoteWeights:
    """The learned numbers of the quote engine."""

    speech: SpeechWeights
    attribution: AttributionWeights


@dataclass(frozen=True, slots=True)
class Found:
    """What ``find_quotes`` found, in reading order."""

    quotes: tuple[Quote, ...]
    named: tuple[NamedSpeaker, ...]


def parse_quote_words(data: Mapping[str, object]) -> QuoteWords:
    """Return one language's words.

    Args:
        data: The stem of each file of ``config/languages/<code>/`` to what it holds: "quotes", "speech", "first_names".
            What is missing counts as empty.
    """
    return parse_words(data, parse_speech_words(table(data, "speech")))


def parse_quote_weights(data: Mapping[str, object]) -> QuoteWeights:
    """Return the weights out of the stem of each file of ``config/weights/`` ("speech", "attribution") to what it holds."""
    return QuoteWeights(
        parse_speech_weights(table(data, "speech")), parse_attribution_weights(table(data, "attribution"))
    )


def find_quotes(article: Article, sentences: Sequence[Sentence], words: QuoteWords, weights: QuoteWeights) -> Found:
    """Return the article's quotes, each with its likeliest speaker whatever the bar, and everybody it names.

    Time is linear in the article.

    Args:
        article: Any article; its text may be anything.
        sentences: Of the whole text, the title included.
        words: Of the article's language.
        weights: Learned; see docs/model-card.md.
    """
    learned = weights.attribution
    # The second look was learned from English; elsewhere the first one decides.
    hearing = EMPTY_TREES if words.capital_nouns else learned.hearing
    spoken = speech_stretches(
        article.text,
        article.paragraphs,
        sentences,
        words.speech,
        weights.speech,
        at_least=DOUBTFUL if hearing.features else HEARD,
    )
    # A page with more quotations is no article; their speakers would cost a gigabyte of candidates.
    known, others = spoken[:MOST_QUOTES], [one for one in spoken[MOST_QUOTES:] if one.probability >= HEARD]
    candidates, resolver = prepare(article, [one.span for one in known], words, weights)
    relays: list[Relay] = []
    if spoken and not words.capital_nouns:
        relays = relays_of(candidates)
        by_order = [relay.mention for relay in relays]
    else:
        by_order = speakers_by_order(candidates.scene) if spoken else []
    looked = choose(candidates, resolver, learned, [one.probability for one in known], by_order)
    heard = hear(article.text, known, looked, hearing)
    kept = [number for number, probability in enumerate(heard) if probability >= HEARD]
    choices = [None if (c := looked[number]) is None else with_speech(c, heard[number]) for number in kept]
    sure = confidences(choices, learned)
    for at, (number, choice) in enumerate(zip(kept, choices, strict=True)):
        said, place = known[number].span.of(article.text), candidates.scene.reading.place_of[number]
        ordered = by_order[number] if words.capital_nouns else None
        most = most_sure(candidates.scene, choice, said, place, ordered)
        sure[at] = min(sure[at], most, relays[number].most if relays else 1.0)
    share_groups([known[number].group for number in kept], choices, sure)
    quotes = tuple(
        Quote(
            article.article_id,
            one.span,
            one.kind,
            one.span.of(article.text),
            None if choice is None else attribution_of(candidates.scene, choice, confidence),
            one.group,
        )
        for one, choice, confidence in zip_longest([*(known[number] for number in kept), *others], choices, sure)
    )
    speaking = frozenset(choice.entity for choice in choices if choice is not None)
    return Found(quotes, named_speakers(candidates, sentences, [quote.span for quote in quotes], speaking))


def share_groups(groups: Sequence[int | None], choices: list[Choice | None], sure: list[float]) -> None:
    """Give the paragraphs of one quotation one speaker, in place: the one who is surest of any of them."""
    members: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        if group is not None:
            members.setdefault(group, []).append(number)
    for numbers in members.values():
        best = max(numbers, key=lambda number: sure[number])
        chosen = choices[best]
        for number in numbers:
            own = choices[number]
            if chosen is not None and (own is None or own.entity != chosen.entity):
                choices[number] = replace(chosen, rule="carry_over")
                sure[number] = sure[best]


def prepare(
    article: Article, spans: Sequence[Span], words: QuoteWords, weights: QuoteWeights
) -> tuple[Candidates, Resolver]:
    """Return what the scorer works on, for an article and its quotations."""
    reading = read_article(article.text, article.paragraphs, spans, words)
    cues = find_cues(reading, words)
    finder = find_noun_mentions if words.capital_nouns else find_mentions
    mentions = finder(reading, cues, words)
    candidates = Candidates(Scene(reading, cues, mentions, find_cast(reading, mentions, words), words))
    return candidates, Resolver(candidates, weights.attribution.pronoun)


def attribution_of(scene: Scene, choice: Choice, confidence: float) -> Attribution:
    """Return a choice as a value."""
    reading, mention = scene.reading, scene.mentions[choice.mention]
    span = Span(reading.starts[mention.outer_start], reading.ends[mention.outer_end - 1])
    entity = scene.cast.entities[choice.entity] if choice.entity >= 0 else None
    if entity is None:
        name = span.of(reading.text)
    elif not entity.proper and mention.kind is MentionKind.DESCRIPTION:
        name = description_name(reading, mention, scene.words)
    else:
        name = entity.name
    cue = None
    if choice.cue >= 0:
        end = choice.cue + (scene.cues[choice.cue].kind is CueKind.ACCORDING)
        cue = Span(reading.starts[choice.cue], reading.ends[end])
    return Attribution(span, cue, " ".join(name.split()), choice.rule, confidence)


def named_speakers(
    candidates: Candidates, sentences: Sequence[Sentence], quoted: Sequence[Span], speaking: frozenset[int]
) -> tuple[NamedSpeaker, ...]:
    """Return everybody the article names, with the sentences that report them without marks.

    Whom only a headline in capitals names is left out, unless it is one of the entities ``speaking``.
    """
    scene, reading = candidates.scene, candidates.reading
    reported: dict[int, list[Span]] = {}
    at = 0
    spans = [sentence.span for sentence in sentences]
    for number, mention in enumerate(scene.mentions):
        entity = scene.cast.entity_of[number]
        if entity < 0 or not scene.cast.entities[entity].proper:
            continue
        right, left = candidates.link(number)
        start = reading.starts[mention.outer_start]
        while at < len(spans) and spans[at].end <= start:
            at += 1
        speaks = right.how in SUBJECT or (left.place >= 0 and scene.cues[left.place].kind is CueKind.ACCORDING)
        if speaks and at < len(spans) and spans[at].start <= start:
            kept = reported.setdefault(entity, [])
            if spans[at] not in kept[-1:]:
                kept.append(spans[at])
    starts = [span.start for span in quoted]
    named = []
    for number, one in enumerate(scene.cast.entities):
        if not one.proper or (one.headline and number not in speaking):
            continue
        places = tuple(_span(scene, mention) for mention in one.mentions)
        without = tuple(span for span in reported.get(number, ()) if not _holds(starts, span))
        named.append(NamedSpeaker(one.name, one.forms, places, without))
    return tuple(named)


def _span(scene: Scene, number: int) -> Span:
    mention = scene.mentions[number]
    start = max(mention.start, proper_start(scene.reading, mention, scene.words))
    return Span(scene.reading.starts[start], scene.reading.ends[mention.end - 1])


def _holds(starts: Sequence[int], span: Span) -> bool:
    """Return whether one of the rising ``starts`` lies in a span."""
    at = bisect_left(starts, span.start)
    return at < len(starts) and starts[at] < span.end

"""Articles in, stories out: which articles are about one event, and which are another's copy; pure.

An article joins the open story it is most like, if that is like enough, or opens one. Likeness is the mean cosine with
the story's articles, over the words of title and opening, each weighted by how rare it is in what was read so far
(TF-IDF); it halves with every ``HALVES_AFTER`` between them. A decision is never taken back: a story's number stays.

What is remembered is bounded whatever comes, and so is the time an article takes: no more than ``READ_CHARACTERS``
of a text are looked at.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from summaries.shingles import shingle_hashes
from summaries.tokens import words_of
from summaries.values import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

ALIKE = 0.15
"""Likeness from which on an article belongs to a story: in the middle of where B-cubed F1 stays above .97 on marked
events, spread over years or thrown into one week among 840 other articles (docs/measurements.md, "Stories")."""
HALVES_AFTER = timedelta(days=4)
WINDOW = timedelta(days=7)
"""A story that nobody wrote about for so long is over."""
LONGEST = timedelta(days=14)
"""A story's first and last article are no farther apart: what goes on for longer is many events."""

OPENING_WORDS = 200
TITLE_COUNTS = 2
"""A word of the title counts like so many of the opening."""
ARTICLE_WORDS = 120
"""Words an article is known by: the rarest for how often they stand in it."""
STORY_WORDS = 300
"""Words a story is known by, at most; the heaviest are kept."""
WORD_LENGTH = 40
READ_CHARACTERS = 8000

SHINGLE = 5
"""Words of a shingle."""
COPIED_WORDS = 300
"""Words of the text that are compared for copies; what is cut from a wire report is its end."""
SAMPLED = 4
"""One shingle in so many is remembered, chosen by its hash: the same in every copy."""
FEWEST_SHINGLES = 6
"""With fewer remembered shingles, which is some 25 words, nothing is called a copy."""
COPY = 0.7
"""Share of the shorter sketch that the other has, from which on one is a copy: edited openings, changed datelines."""
SKETCHES = 20
"""Articles of a story that later ones are compared with for copies, at most."""

CANDIDATES = 8
"""Stories an article is compared with in full."""
SHARED_BY = 100
"""A word that more open stories share finds no candidates; it counts in the comparison."""
MOST_COMPARED = 700
"""Pairs of a word and a story that candidates are found by, the rarest words first."""
LEAST_SHARED = 0.04
"""What a candidate shares in these words, of ``ALIKE``: a word or two that are not very rare are less."""
FEW_STORIES = 1000
"""Nothing is forgotten below this: then a small archive may come in any order."""
MOST_STORIES = 4000
MOST_ARTICLES = 2000
"""Articles of one story."""
MOST_FREQUENCIES = 50_000
"""Words whose frequency is known; beyond it all counts are halved, and the rarest go."""


@dataclass(frozen=True, slots=True)
class StoryText:
    """What is needed of an article to find its story.

    Attributes:
        article_id: Anything that tells articles apart.
        title: May be empty.
        text: Title excluded or not; only the opening is read.
        published_at: Where it is not known, when it was read.
        opening: Of ``title`` and ``text``, where that was made before.
    """

    article_id: str
    title: str
    text: str
    published_at: datetime
    opening: Opening | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs.

    Attributes:
        story_id: Counts from 1.
        copy_of: The earlier article whose words it has, as a wire report printed twice has.
    """

    story_id: int
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Articles about one event, in the order they came.

    Attributes:
        story_id: Counts from 1.
        headline: The first title.
        article_ids: Copies included.
        first_seen_at: When its earliest article was published.
        last_seen_at: When its latest was.
    """

    story_id: int
    headline: str
    article_ids: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Sketch:
    """What an article's copies are known by: hashes of some of its shingles."""

    article_id: str
    hashes: frozenset[int]


@dataclass(frozen=True, slots=True)
class OpenStory:
    """A story that articles may still join.

    Attributes:
        story: As far as it is known.
        originals: Articles that are nobody's copy.
        weights: Word to the sum of its weights in these.
        sketches: Of the first of these.
    """

    story: Story
    originals: int
    weights: Mapping[str, float]
    sketches: tuple[Sketch, ...]


@dataclass(frozen=True, slots=True)
class StoryState:
    """All that is remembered between two articles; nobody changes what it holds.

    Attributes:
        next_id: Of the next story.
        placed: Articles so far.
        documents: Articles that ``frequencies`` counts; halved with them.
        frequencies: Word to the number of articles whose title or opening has it. They begin with those of the
            language at large (``story_data.parse_story_words``): with nothing known, the second article's every
            "the" would be rare.
        stories: By number, rising.
    """

    next_id: int = 1
    placed: int = 0
    documents: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)
    stories: tuple[OpenStory, ...] = ()


def placed(articles: Iterable[StoryText], state: StoryState) -> tuple[tuple[Placement, ...], StoryState]:
    """Return where these articles belong, and the state after them.

    In one call or in many, the placements are the same. A call costs time for the state (some milliseconds for a
    full one) besides the articles': where many follow each other, keep a ``StoryPlacer``.
    """
    placer = StoryPlacer(state)
    found = tuple(placer.place(article) for article in articles)
    return found, placer.state()


class StoryPlacer:
    """Places one article after the other. Everything it knows is in its ``state``; the rest is an index of that."""

    def __init__(self, state: StoryState) -> None:
        self._next_id = state.next_id
        self._placed = state.placed
        self._documents = state.documents
        self._frequencies = dict(state.frequencies)
        self._stories: dict[int, OpenStory] = {}
        # Word to the stories known by it, each with the word's mean weight in the story's articles.
        self._having: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for one in state.stories:
            self._keep(one)

    def state(self) -> StoryState:
        """Return what has to be kept for going on later."""
        stories = tuple(one for _, one in sorted(self._stories.items()))
        return StoryState(self._next_id, self._placed, self._documents, dict(self._frequencies), stories)

    def place(self, article: StoryText, *, told: int | None = None) -> Placement:
        """Return where an article belongs, and remember it.

        Args:
            article: The next one.
            told: The story it was said to be in before: a decision is never taken back, whatever else is remembered
                now. None for an article that was never placed.
        """
        opening = article.opening or story_opening(article.title, article.text)
        weights = self._weigh(opening.counts)
        sketch = Sketch(article.article_id, opening.hashes)
        candidates = self._candidates(weights, article.published_at)
        copied = _copied(sketch, candidates)
        if copied is not None and told in {None, copied[0].story.story_id}:
            story, original = copied
            self._stories[story.story.story_id] = replace(story, story=_with(story.story, article))
            placement = Placement(story.story.story_id, original)
        else:
            alike = _most_like(weights, article.published_at, candidates)
            best = alike if told is None else self._stories.get(told)
            number = told or self._next_id
            placement = Placement(
                self._opened(number, article, weights, sketch)
                if best is None
                else self._joined(best, article, weights, sketch)
            )
        self._forget(article.published_at)
        return placement

    def _weigh(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Count an article's words in; return the weights of the heaviest, their squares summing to 1."""
        self._placed += 1
        self._documents += 1
        for word in counts:
            self._frequencies[word] = self._frequencies.get(word, 0) + 1
        raw = {
            word: (1 + math.log(count)) * math.log((self._documents + 1) / self._frequencies[word])
            for word, count in counts.items()
        }
        heaviest = _heaviest(raw, ARTICLE_WORDS)
        length = math.sqrt(math.fsum(weight * weight for weight in heaviest.values()))
        while len(self._frequencies) > MOST_FREQUENCIES:
            self._documents //= 2
            self._frequencies = {word: count // 2 for word, count in self._frequencies.items() if count > 1}
        return {word: weight / length for word, weight in heaviest.items()}

    def _candidates(self, weights: Mapping[str, float], at: datetime) -> list[OpenStory]:
        """Return the open stories that share most with these words, at most ``CANDIDATES``."""
        shared: dict[int, float] = {}
        shared_so_far = shared.get
        having = ((weight, self._having.get(word)) for word, weight in weights.items())
        known = [(weight, stories) for weight, stories in having if stories is not None and len(stories) <= SHARED_BY]
        left = MOST_COMPARED
        for weight, stories in sorted(known, key=lambda pair: len(pair[1])):
            left -= len(stories)
            if left < 0:
                break
            for story_id, mean in stories.items():
                shared[story_id] = shared_so_far(story_id, 0.0) + weight * mean
        # Twice, because sorting by what stands in a dictionary is quick: of equals, the first story goes first.
        some = sorted([story_id for story_id, sum_ in shared.items() if sum_ >= LEAST_SHARED])
        nearest = sorted(some, key=shared.__getitem__, reverse=True)
        near = (self._stories[story_id] for story_id in nearest)
        return list(islice((one for one in near if _open(one, at)), CANDIDATES))

    def _opened(self, number: int, article: StoryText, weights: Mapping[str, float], sketch: Sketch) -> int:
        """Open a story with an article; return its number."""
        at = article.published_at
        story = Story(number, article.title, (article.article_id,), at, at)
        self._next_id = max(self._next_id, number + 1)
        self._keep(OpenStory(story, 1, weights, (sketch,)))
        return number

    def _joined(self, best: OpenStory, article: StoryText, weights: Mapping[str, float], sketch: Sketch) -> int:
        """Let an article join a story; return its number."""
        summed = dict(best.weights)
        for word, weight in weights.items():
            summed[word] = summed.get(word, 0.0) + weight
        sketches = (*best.sketches, sketch)[:SKETCHES]
        story = _with(best.story, article)
        self._drop(best)
        self._keep(OpenStory(story, best.originals + 1, _heaviest(summed, STORY_WORDS), sketches))
        return story.story_id

    def _keep(self, one: OpenStory) -> None:
        self._stories[one.story.story_id] = one
        for word, weight in one.weights.items():
            self._having[word][one.story.story_id] = weight / one.originals

    def _drop(self, one: OpenStory) -> None:
        del self._stories[one.story.story_id]
        for word in one.weights:
            having = self._having[word]
            del having[one.story.story_id]
            if not having:
                del self._having[word]

    def _forget(self, at: datetime) -> None:
        """Drop stories that are over; where still too many are open, those that ended first."""
        # Not with each article: looking through all of them costs as much as placing one.
        if self._placed % 64 or len(self._stories) <= FEW_STORIES:
            return
        by_end = sorted(self._stories.values(), key=lambda one: (one.story.last_seen_at, one.story.story_id))
        too_many = max(0, len(by_end) - MOST_STORIES)
        for number, one in enumerate(by_end):
            if number < too_many or one.story.last_seen_at < at - WINDOW:
                self._drop(one)


def story_opening(title: str, text: str) -> Opening:
    """Return what an article's story is found by; for title and text, see ``StoryText``."""
    words = words_of(text[:READ_CHARACTERS])
    return Opening(dict(opening_counts(title, words)), _sketched(words[:COPIED_WORDS]))


def opening_counts(title: str, words: list[str]) -> Counter[str]:
    """Return how often each word stands in title and opening, those of the title ``TITLE_COUNTS`` times.

    Args:
        title: May be empty.
        words: The text's, folded.
    """
    counts = Counter(word[:WORD_LENGTH] for word in words[:OPENING_WORDS] if len(word) > 1)
    for word in words_of(title[:READ_CHARACTERS])[:OPENING_WORDS]:
        if len(word) > 1:
            counts[word[:WORD_LENGTH]] += TITLE_COUNTS
    return counts


def _heaviest(weights: dict[str, float], most: int) -> dict[str, float]:
    if len(weights) <= most:
        return weights
    # Twice, because sorting by what stands in a dictionary is quick: of equals, the first word in the alphabet is kept.
    order = sorted(sorted(weights), key=weights.__getitem__, reverse=True)
    return {word: weights[word] for word in order[:most]}


def _sketched(words: list[str]) -> frozenset[int]:
    return frozenset([one for one in shingle_hashes(words, SHINGLE) if one % SAMPLED == 0])


def _copied(sketch: Sketch, candidates: Iterable[OpenStory]) -> tuple[OpenStory, str] | None:
    """Return the story and the article that the sketched one is a copy of."""
    for one in candidates:
        for known in one.sketches:
            shorter = min(len(sketch.hashes), len(known.hashes))
            if shorter >= FEWEST_SHINGLES and len(sketch.hashes & known.hashes) >= COPY * shorter:
                return one, known.article_id
    return None


def _most_like(weights: Mapping[str, float], at: datetime, candidates: Iterable[OpenStory]) -> OpenStory | None:
    """Return the story that an article is most like, the first of equals; None where it is like none enough."""
    best, most = None, ALIKE
    for one in candidates:
        likeness = _likeness(weights, at, one)
        if likeness >= most and (best is None or likeness > most):
            best, most = one, likeness
    return best


def _open(one: OpenStory, at: datetime) -> bool:
    """Return whether an article of this time may join."""
    story = one.story
    longest = max(at, story.last_seen_at) - min(at, story.first_seen_at)
    return _gap(story, at) <= WINDOW and longest <= LONGEST and len(story.article_ids) < MOST_ARTICLES


def _gap(story: Story, at: datetime) -> timedelta:
    return max(timedelta(0), at - story.last_seen_at, story.first_seen_at - at)


def _likeness(weights: Mapping[str, float], at: datetime, one: OpenStory) -> float:
    common = weights.keys() & one.weights.keys()
    shared = math.fsum([weights[word] * one.weights[word] for word in common])
    return float(shared / one.originals * 0.5 ** (_gap(one.story, at) / HALVES_AFTER))


def _with(story: Story, article: StoryText) -> Story:
    """Return the story with one article more."""
    return Story(
        story.story_id,
        story.headline or article.title,
        (*story.article_ids, article.article_id),
        min(story.first_seen_at, article.published_at),
        max(story.last_seen_at, article.published_at),
    )

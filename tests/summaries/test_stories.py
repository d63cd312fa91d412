"""Stories: what is about one event comes together, nothing else does, and a restart changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries import stories
from summaries.stories import Placement, StoryPlacer, StoryState, StoryText, placed
from summaries.story_data import parse_story_state, parse_story_words, story_state_data
from summaries.tokens import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)

DAM = (
    "Cracks found in Kessel dam, minister says it is safe",
    (
        "Divers found cracks in the Kessel dam above Stellarn, the water minister Ottoline Feher said on Monday. "
        "Villages below the dam were not in danger, Feher told reporters, and engineers would watch the wall day and night."
    ),
)
DAM_AGAIN = (
    "Stellarn villagers want Kessel dam emptied",
    (
        "Villagers below the Kessel dam asked the government to empty the lake after divers found cracks in its wall. "
        "Water minister Ottoline Feher says the engineers in Stellarn see no danger."
    ),
)
PORTRAIT = (
    "Lost Teyl portrait found behind a boiler",
    (
        "A portrait by Ambrose Teyl that hung behind a boiler in Caldmoor for sixty years goes to the national museum. "
        "Curator Wilhelmina Stroud called the green coat unmistakable."
    ),
)
FERRY = (
    "Ferry strike strands thousands on Orso island",
    (
        "Captains of the Orso ferries stopped work at noon over pay, and thousands of holiday guests slept in the harbour. "
        "The union and the shipping line Marlo meet again tomorrow."
    ),
)


def text(number: int, words: tuple[str, str], *, hours: float = 0) -> StoryText:
    """Return an article printed so many hours after Monday morning."""
    return StoryText(f"a{number}", *words, MONDAY + timedelta(hours=hours))


def ids(articles: Sequence[StoryText], state: StoryState | None = None) -> list[int]:
    """Return the articles' story numbers."""
    return [one.story_id for one in placed(articles, state or StoryState())[0]]


def invented(number: int, random: Random, *, topics: int = 0) -> StoryText:
    """Return an article of words that only its topic has, among words that all have."""
    topic = number if not topics else random.randrange(topics)
    own = [f"word{topic}x{each}" for each in range(70)]
    shared = random.choices([f"common{each}" for each in range(300)], k=60)
    words = [*random.sample(own, 50), *shared]
    random.shuffle(words)
    at = MONDAY + timedelta(minutes=random.randrange(7 * 24 * 60))
    return StoryText(f"n{number}", " ".join(own[:4]), " ".join(words), at)


def test_articles_about_one_event_are_one_story() -> None:
    """Whoever prints them, in other words, between articles about other things."""
    assert ids([text(1, DAM), text(2, PORTRAIT), text(3, FERRY), text(4, DAM_AGAIN, hours=9)]) == [1, 2, 3, 1]


def test_a_story_knows_its_articles_and_times() -> None:
    """The headline is the first title; times are the earliest and latest published, whatever came first."""
    _, state = placed([text(1, ("", DAM[1]), hours=5), text(2, DAM), text(3, DAM_AGAIN, hours=9)], StoryState())
    (one,) = state.stories
    assert one.story.headline == DAM[0]
    assert one.story.article_ids == ("a1", "a2", "a3")
    assert (one.story.first_seen_at, one.story.last_seen_at) == (MONDAY, MONDAY + timedelta(hours=9))


def test_a_wire_copy_is_a_copy_and_weighs_nothing() -> None:
    """Another headline, another dateline and a missing end do not hide it; a report in other words is no copy."""
    body = " ".join(f"{DAM[1]} {FERRY[1]}".split())
    wire = text(1, (DAM[0], body))
    copy = text(2, ("Dam is safe, says Feher", f"STELLARN (Agency) — {body[:300]}"), hours=1)
    found, state = placed([wire, copy, text(3, DAM_AGAIN, hours=2)], StoryState())
    assert found == (Placement(1), Placement(1, "a1"), Placement(1))
    assert state.stories[0].originals == 2


def test_short_texts_are_no_copies() -> None:
    """A line that everybody prints is no wire report."""
    line = ("Markets open", "Markets open")
    assert [one.copy_of for one in placed([text(1, line), text(2, line)], StoryState())[0]] == [None, None]


@pytest.mark.parametrize(
    ("days", "together"),
    [
        (0, True),
        (3, True),  # half after four days, still above the bar
        (8, False),  # over after a week without an article
    ],
)
def test_time_parts_stories(days: int, together: bool) -> None:  # noqa: FBT001 - a table's row
    """The same words weeks later are another event."""
    articles = [text(1, DAM), text(2, PORTRAIT), text(3, DAM_AGAIN, hours=24 * days)]
    assert (ids(articles)[2] == 1) is together
    backwards = [text(1, DAM, hours=24 * days), text(2, PORTRAIT), text(3, DAM_AGAIN)]
    assert (ids(backwards)[2] == 1) is together


def test_a_story_ends_after_a_fortnight() -> None:
    """However often it is written about: a chain of days is not one event."""
    found = ids([text(day, DAM, hours=24 * day) for day in range(20)])
    assert found == [1] * 15 + [2] * 5


def test_unrelated_articles_of_a_week_stay_apart() -> None:
    """Words that all share bring nothing together."""
    random = Random(7)  # noqa: S311 - invents articles
    articles = [invented(number, random) for number in range(200)]
    assert len(set(ids(articles))) == 200


def test_a_restart_changes_nothing() -> None:
    """One by one through plain data as JSON holds it, or all at once."""
    random = Random(11)  # noqa: S311 - invents articles
    articles = [invented(number, random, topics=12) for number in range(60)]
    at_once, last = placed(articles, StoryState())
    state = StoryState()
    one_by_one: list[Placement] = []
    for article in articles:
        found, state = placed([article], parse_story_state(json.loads(json.dumps(story_state_data(state)))))
        one_by_one += found
    assert tuple(one_by_one) == at_once
    assert state == last
    assert [one.story.story_id for one in state.stories] == list(range(1, 13))


def test_what_was_said_before_stands() -> None:
    """Placed again without what was deleted meanwhile, articles keep their stories, and no number is given twice."""
    placer = StoryPlacer(StoryState())
    assert placer.place(text(1, FERRY), told=5) == Placement(5)
    assert placer.place(text(2, PORTRAIT), told=5) == Placement(5)
    assert placer.place(text(3, PORTRAIT), told=2) == Placement(2)  # a copy of one in another story
    assert placer.place(text(4, FERRY), told=5) == Placement(5, "a1")
    assert placer.place(text(5, DAM)) == Placement(6)


def test_a_state_is_not_changed_by_placing() -> None:
    """Who keeps a state can go on from it twice."""
    _, before = placed([text(1, DAM), text(2, PORTRAIT)], StoryState())
    kept = story_state_data(before)
    assert ids([text(3, DAM_AGAIN)], before) == ids([text(3, DAM_AGAIN)], before) == [1]
    assert story_state_data(before) == kept


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories, words of a story, sketches and known frequencies, with small limits; the newest stories stay."""
    for name, most in (("FEW_STORIES", 20), ("MOST_STORIES", 50), ("MOST_FREQUENCIES", 900), ("STORY_WORDS", 100)):
        monkeypatch.setattr(stories, name, most)
    random = Random(3)  # noqa: S311 - invents articles
    placer = StoryPlacer(StoryState())
    state = placer.state()
    for number in range(256):
        placer.place(invented(number, random))
        if number % 64 not in {0, 62, 63}:
            continue
        state = placer.state()
        assert len(state.stories) <= 50 + 63
        assert len(state.frequencies) <= 900
        assert all(count <= state.documents for count in state.frequencies.values())
    assert len(state.stories) == 50
    assert parse_story_state(story_state_data(state)) == state


def test_the_time_for_an_article_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words in many stories find candidates only as far as the bound allows; beyond it an article opens a story."""
    assert ids([text(1, DAM), text(2, DAM_AGAIN)]) == [1, 1]
    monkeypatch.setattr(stories, "MOST_COMPARED", 0)
    assert ids([text(1, DAM), text(2, DAM_AGAIN)]) == [1, 2]


def test_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a week, once there is more than a little."""
    monkeypatch.setattr(stories, "FEW_STORIES", 3)
    old = [text(1, DAM), text(2, PORTRAIT), text(3, FERRY), text(4, ("Snow", "Snow fell on the Marrow hills."))]
    _, state = placed(old, StoryState())
    later = [text(number, FERRY, hours=24 * 9) for number in range(5, 65)]
    _, state = placed(later, state)
    assert [one.story.story_id for one in state.stories] == [5]
    assert len(state.stories[0].sketches) <= stories.SKETCHES


def test_a_big_story_keeps_its_heaviest_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What only one of its articles had goes first."""
    monkeypatch.setattr(stories, "STORY_WORDS", 30)
    _, state = placed([text(1, DAM), text(2, PORTRAIT), text(3, DAM_AGAIN)], StoryState())
    assert len(state.stories[0].weights) == 30
    assert "kessel" in state.stories[0].weights


def test_a_full_story_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its numbers are kept in memory, so there is an end to them."""
    monkeypatch.setattr(stories, "MOST_ARTICLES", 2)
    assert ids([text(number, DAM) for number in range(3)]) == [1, 1, 2]


def test_words_that_everybody_has_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a number of stories a word is no clue where to look."""
    monkeypatch.setattr(stories, "SHARED_BY", 0)
    assert ids([text(1, DAM), text(2, DAM_AGAIN)]) == [1, 2]


def test_so_many_stories_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an article has a bound, however many stories share its words; the rarest words look first."""
    monkeypatch.setattr(stories, "MOST_COMPARED", 0)
    assert ids([text(1, DAM), text(2, DAM_AGAIN)]) == [1, 2]


COMMON = ("dam", "kessel", "feher", "ferry", "orso", "strike", "teyl", "portrait", "coat", "cracks", "said", "on")
WORDS = st.lists(st.sampled_from(COMMON))
TEXTS = st.one_of(WORDS.map(" ".join), st.text(max_size=60))
ARTICLES = st.lists(
    st.builds(
        lambda title, body, hours: (title, body, MONDAY + timedelta(hours=hours)),
        TEXTS,
        TEXTS,
        st.integers(-500, 500),
    ),
    max_size=12,
).map(lambda rows: [StoryText(str(number), *row) for number, row in enumerate(rows)])


@settings(deadline=None, max_examples=50)
@given(articles=ARTICLES, cut=st.integers(0, 12))
def test_whatever_comes_has_one_story_and_a_restart_changes_nothing(articles: list[StoryText], cut: int) -> None:
    """Any text, any order of times; each article stands in exactly the story it was placed in."""
    found, state = placed(articles, StoryState())
    first, between = placed(articles[:cut], StoryState())
    second, after = placed(articles[cut:], parse_story_state(json.loads(json.dumps(story_state_data(between)))))
    assert (first + second, after) == (found, state)
    standing = {article_id: one.story.story_id for one in state.stories for article_id in one.story.article_ids}
    assert standing == {article.article_id: one.story_id for article, one in zip(articles, found, strict=True)}


@pytest.mark.parametrize("long", ["a" * 2_000_000, "dam " * 500_000, "“" * 2_000_000])
def test_long_texts_cost_no_more_than_their_opening(long: str) -> None:
    """And leave no more behind."""
    _, state = placed([StoryText("a", long, long, MONDAY)], StoryState())
    assert all(len(word) <= stories.WORD_LENGTH for word in state.frequencies)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"version": 2},
        {"version": 1},
        {"version": 1, "next_id": "1"},
        {"version": 1, "next_id": 1, "placed": 0, "documents": 0, "frequencies": [], "stories": []},
        {"version": 1, "next_id": 1, "placed": 0, "documents": 0, "frequencies": {}, "stories": {}},
    ],
)
def test_what_is_no_state_is_refused(data: dict[str, object]) -> None:
    """Stories begin anew then; a half-read state would join what does not belong together."""
    with pytest.raises(ValueError, match="not a story state"):
        parse_story_state(data)


PLAIN = "In the night and in the morning the {} stayed with the {} for a long time, and many people said that the {} had to go."
AS_PLAIN = (
    "Many people had to go with the {}, and the {} said that in the night the {} stayed for a long time in the morning."
)
KNOWN = {"documents": 200, "frequencies": dict.fromkeys(words_of(PLAIN), 150)}


def test_the_first_articles_are_told_apart_by_what_is_known_of_words() -> None:
    """With nothing known every word is rare, "the" too: two articles in the same plain words would be one event."""
    first = text(1, ("The guards stayed", PLAIN.format("guards", "mayor", "bell")))
    other = text(2, ("The pupils stayed", AS_PLAIN.format("pupils", "teacher", "bus")))
    known = parse_story_words(KNOWN)
    assert ids([first, other]) == [1, 1]
    assert ids([first, other], known) == [1, 2]
    assert ids([text(1, DAM), text(2, DAM_AGAIN)], known) == [1, 1]


@pytest.mark.parametrize("data", [{}, {"documents": "many", "frequencies": {}}, {"documents": 1, "frequencies": []}])
def test_what_is_no_count_of_words_is_refused(data: dict[str, object]) -> None:
    """A broken file ends the start, with what is wrong."""
    with pytest.raises(ValueError, match="no frequencies"):
        parse_story_words(data)

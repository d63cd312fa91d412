"""The news ranking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.ranking import Candidate, NewsWeights, candidate, forward_centrality, graph_of, rank

HARBOUR = [
    "the",
    "harbour",
    "of",
    "port",
    "ansel",
    "was",
    "closed",
    "after",
    "the",
    "storm",
    "broke",
    "its",
    "old",
    "northern",
    "pier",
]
PIER = [
    "engineers",
    "found",
    "that",
    "the",
    "old",
    "pier",
    "of",
    "the",
    "harbour",
    "had",
    "been",
    "broken",
    "by",
    "the",
    "storm",
]
FAIR = [
    "a",
    "village",
    "fair",
    "with",
    "music",
    "and",
    "dancing",
    "drew",
    "many",
    "people",
    "to",
    "the",
    "hills",
    "on",
    "sunday",
]
FERRY = [
    "the",
    "ferry",
    "to",
    "the",
    "harbour",
    "waits",
    "until",
    "the",
    "pier",
    "and",
    "the",
    "northern",
    "wall",
    "are",
    "repaired",
]
STOP_WORDS = frozenset(
    ["the", "of", "was", "after", "its", "that", "had", "been", "by", "a", "with", "and", "to", "on", "until", "are"]
)


def test_a_sentence_that_others_take_up_is_central() -> None:
    """Only what follows counts: the first of two alike is central, the last sentence never is."""
    worth = forward_centrality(graph_of([FAIR, HARBOUR, PIER, FERRY], STOP_WORDS))
    assert worth.argmax() == 1
    assert worth[0] == worth[3] == 0


def test_endings_do_not_tell_words_apart() -> None:
    """What is repaired takes up the repairs; a short word keeps its end."""
    graph = graph_of([["repairs", "gas"], ["repaired"], ["gas"]], frozenset(), ("ed", "s"))
    assert graph.words == 2


def test_the_first_sentences_come_first() -> None:
    """Without a reason against them, the first n sentences are the summary."""
    candidates = [Candidate(words) for words in (HARBOUR, FAIR, FERRY, PIER)]
    assert sorted(rank(candidates, 2, stop_words=STOP_WORDS, weights=NewsWeights(lead=2.0))) == [0, 1]


def test_a_repetition_is_left_out() -> None:
    """The same words twice tell nothing new."""
    candidates = [Candidate(words) for words in (HARBOUR, HARBOUR, FAIR, FERRY, PIER)]
    assert 1 not in rank(candidates, 2, stop_words=STOP_WORDS)


def test_a_sentence_that_leans_is_not_the_first() -> None:
    """No summary begins with a pronoun, however much is taken up from it, unless the article itself does."""
    leaning = Candidate(HARBOUR, leans=True)
    others = [Candidate(FAIR), leaning, Candidate(PIER), Candidate(FERRY)]
    assert min(rank(others, 1, stop_words=STOP_WORDS)) != 1
    assert 1 not in rank([Candidate(["hm"]), leaning, Candidate(PIER), Candidate(FERRY)], 2, stop_words=STOP_WORDS)
    assert rank([leaning, Candidate(PIER)], 1, stop_words=STOP_WORDS) == [0]


def test_a_sentence_may_lean_on_a_chosen_one() -> None:
    """After the sentence before it, "he" is no riddle."""
    candidates = [Candidate(HARBOUR), Candidate(PIER, leans=True), Candidate(["hm"]), Candidate(FERRY)]
    assert sorted(rank(candidates, 2, stop_words=STOP_WORDS, weights=NewsWeights(repetition=0.0))) == [0, 1]


def test_an_avoided_sentence_comes_last() -> None:
    """What is shown beside the summary is chosen when nothing else is left."""
    candidates = [Candidate(HARBOUR, avoided=True), Candidate(FAIR), Candidate(PIER)]
    assert 0 not in rank(candidates, 2, stop_words=STOP_WORDS)
    assert sorted(rank(candidates, 5, stop_words=STOP_WORDS)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("sentence", "leans", "weak"),
    [
        ("The harbour reopened.", False, False),
        ("He reopened the harbour.", True, False),
        ("“He is late,” she said.", True, True),
        ("Who did it?", False, True),
        ("Then it was over,” Brandt said.", False, True),
        ('And "it was late.', False, True),
        ("Brandt at the harbour in May .", False, True),
        ("", False, False),
    ],
)
def test_what_is_seen_in_a_sentence(sentence: str, *, leans: bool, weak: bool) -> None:
    """Questions, pieces of quotations and glued captions are weak; pronouns lean."""
    seen = candidate(sentence, leaning=frozenset({"he"}))
    assert (seen.leans, seen.weak) == (leans, weak)


@given(
    st.lists(st.builds(Candidate, st.lists(st.sampled_from("abcdef")), st.booleans(), st.booleans(), st.booleans())),
    st.integers(0, 8),
)
def test_as_many_as_asked_and_none_twice(candidates: list[Candidate], count: int) -> None:
    """Whatever the sentences, empty ones included."""
    best = rank(candidates, count)
    assert len(best) == len(set(best)) == min(count, len(candidates))
    assert all(0 <= at < len(candidates) for at in best)

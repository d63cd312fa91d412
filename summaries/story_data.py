"""``StoryState`` as plain data (mappings, lists, strings, numbers: what JSON holds) and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from summaries.stories import OpenStory, Sketch, Story, StoryState

VERSION = 1
"""Of the form below; state of another version is refused: stories begin anew then."""


def story_state_data(state: StoryState) -> dict[str, object]:
    """Return ``state`` as plain data."""
    return {
        "version": VERSION,
        "next_id": state.next_id,
        "placed": state.placed,
        "documents": state.documents,
        "frequencies": dict(state.frequencies),
        "stories": [_story_data(one) for one in state.stories],
    }


def parse_story_state(data: Mapping[str, object]) -> StoryState:
    """Return the state that ``story_state_data`` made these data of.

    Raises:
        ValueError: if they are not such data, or of another version.
    """
    if data.get("version") != VERSION:
        msg = f"not a story state of version {VERSION}"
        raise ValueError(msg)
    try:
        return StoryState(
            _number(data["next_id"]),
            _number(data["placed"]),
            _number(data["documents"]),
            {str(word): _number(count) for word, count in _mapping(data["frequencies"]).items()},
            tuple(_story(_mapping(one)) for one in _list(data["stories"])),
        )
    except (KeyError, TypeError) as exc:
        msg = f"not a story state: {exc}"
        raise ValueError(msg) from exc


def parse_story_words(data: Mapping[str, object]) -> StoryState:
    """Return the state to begin with, out of how common words are in news.

    Args:
        data: "documents", a number of articles, and "frequencies", in how many of them each word stands.

    Raises:
        ValueError: if they are not such data.
    """
    try:
        words = {str(word): _number(count) for word, count in _mapping(data["frequencies"]).items()}
        return StoryState(documents=_number(data["documents"]), frequencies=words)
    except (KeyError, TypeError) as exc:
        msg = f"no frequencies of words: {exc}"
        raise ValueError(msg) from exc


def _story_data(one: OpenStory) -> dict[str, object]:
    story = one.story
    return {
        "story_id": story.story_id,
        "headline": story.headline,
        "article_ids": list(story.article_ids),
        "first_seen_at": story.first_seen_at.isoformat(),
        "last_seen_at": story.last_seen_at.isoformat(),
        "originals": one.originals,
        # Whole floats: with rounded ones a later article could fall on the other side of the bar.
        "weights": dict(one.weights),
        "sketches": [[sketch.article_id, sorted(sketch.hashes)] for sketch in one.sketches],
    }


def _story(data: Mapping[object, object]) -> OpenStory:
    story = Story(
        _number(data["story_id"]),
        str(data["headline"]),
        tuple(str(each) for each in _list(data["article_ids"])),
        datetime.fromisoformat(str(data["first_seen_at"])).astimezone(UTC),
        datetime.fromisoformat(str(data["last_seen_at"])).astimezone(UTC),
    )
    sketches = tuple(
        Sketch(str(article_id), frozenset(_number(each) for each in _list(hashes)))
        for article_id, hashes in map(_list, _list(data["sketches"]))
    )
    weights = {str(word): float(str(weight)) for word, weight in _mapping(data["weights"]).items()}
    return OpenStory(story, _number(data["originals"]), weights, sketches)


def _number(value: object) -> int:
    if not isinstance(value, int):
        msg = f"{value!r} is no whole number"
        raise TypeError(msg)
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        msg = f"{value!r} is no list"
        raise TypeError(msg)
    return value


def _mapping(value: object) -> Mapping[object, object]:
    if not isinstance(value, Mapping):
        msg = f"{value!r} is no mapping"
        raise TypeError(msg)
    return value

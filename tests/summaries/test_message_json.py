"""A message comes out of the queue as it went in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.message import (
    Action,
    Actions,
    Divider,
    File,
    Heading,
    List,
    Message,
    Paragraph,
    Picture,
    QuoteBlock,
    Run,
    Style,
)
from summaries.message_json import VERSION, UnknownMessageError, message_data, parse_message

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
RUNS = st.lists(st.builds(Run, TEXTS, st.sampled_from(Style), st.none() | TEXTS, st.booleans()), max_size=3).map(tuple)
ACTIONS = st.lists(st.builds(Action, TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.none() | TEXTS), max_size=3)
BLOCKS = st.one_of(
    st.builds(Heading, RUNS),
    st.builds(Paragraph, RUNS),
    st.builds(QuoteBlock, RUNS),
    st.builds(List, st.lists(RUNS, max_size=3).map(tuple)),
    st.just(Divider()),
    st.builds(Actions, ACTIONS.map(tuple)),
    st.builds(Picture, st.binary(max_size=9), TEXTS),
    st.builds(File, TEXTS, TEXTS),
)


@given(st.lists(BLOCKS, max_size=5))
def test_a_message_survives_the_queue(blocks: list[Any]) -> None:
    """Whatever it is made of, through real JSON."""
    message = Message(tuple(blocks))
    assert parse_message(json.loads(json.dumps(message_data(message)))) == message


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"blocks": [{"is": "poster", "runs": []}]},
        {"blocks": [{"is": "paragraph", "runs": [{"text": "x", "style": "loud"}]}]},
        {"blocks": [{"is": "actions", "actions": [{"title": "x"}]}]},
    ],
)
def test_what_is_no_message_is_refused(data: dict[str, Any]) -> None:
    """With one kind of error, whatever is wrong with it."""
    with pytest.raises(UnknownMessageError, match="not a message"):
        parse_message(data)


def test_another_form_is_refused() -> None:
    """A newer release wrote it; sending half of it would be worse than waiting."""
    with pytest.raises(UnknownMessageError, match=f"this release knows {VERSION}"):
        parse_message({"blocks": []}, version=VERSION + 1)


def test_a_file_is_told_by_its_name() -> None:
    """Where only words can stand."""
    assert Message((File("quotes.csv", "a,b\r\n"),)).plain_text() == "[quotes.csv]"

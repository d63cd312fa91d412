"""Operators make speakers one and rename them in chat: a question before it, an undo behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.handlers.dialogue import PETR, Chat
from tests.handlers.pages import DAM, HARBOUR

if TYPE_CHECKING:
    from handlers.desk import Desk

OTHER = HARBOUR.replace("Piet Vos", "Peter Voss")


@pytest.fixture
async def two(chat: Chat) -> Chat:
    """Return the operator's chat of a desk that knows Piet Vos (number 2 or so) and Peter Voss."""
    await chat.reads(DAM, "https://post.example/dam")
    await chat.reads(OTHER, "https://post.example/harbour")
    return chat


async def test_a_merge_is_asked_for_done_and_undone(two: Chat) -> None:
    """Names or numbers; what was changed is said, with a button to put it back."""
    await two.says("/quotes piet vos", "Piet Vos · 2 quotes")
    await two.says(
        "/merge peter voss into piet vos",
        "List everything of Peter Voss (number ",
        "1 quote on 1 page) under Piet Vos (number ",
        "Nothing is changed.",
    )
    await two.says("/quotes piet vos", "Piet Vos · 2 quotes")
    await two.says("/merge peter voss into piet vos")
    await two.taps("Yes, under Piet Vos", "Peter Voss is listed under Piet Vos now.")
    merged = two.last
    await two.says("/quotes voss", "Piet Vos · 3 quotes")
    two.last = merged
    await two.taps("Undo", "Peter Voss and Piet Vos are two again.")
    await two.says("/quotes voss", "Peter Voss · 1 quote")
    two.last = merged
    await two.taps("Undo", "Change 1 was undone before.")
    await two.says("/undo 7", "Change 7 is not there")
    await two.says("/undo", "There is no change that could be undone")


async def test_a_merge_can_go_the_other_way(two: Chat) -> None:
    """The question offers both."""
    await two.says("/merge peter voss into piet vos")
    await two.taps("The other way, under Peter Voss", "Piet Vos is listed under Peter Voss now.")
    await two.says("/merge", "Usage: /merge", "1: Piet Vos is listed under Peter Voss")
    await two.taps("Undo 1", "Piet Vos and Peter Voss are two again.")


async def test_a_speaker_is_renamed_and_called_as_before(two: Chat) -> None:
    """Found by either name meanwhile."""
    await two.says("/rename piet vos to Pieter de Vos", "Call Piet Vos (number ", "Pieter de Vos?")
    await two.taps("Yes, Pieter de Vos", "Piet Vos is called Pieter de Vos now.")
    renamed = two.last
    await two.says("/quotes piet vos", "Pieter de Vos · 2 quotes")
    await two.says("/quotes pieter de vos", "Pieter de Vos · 2 quotes")
    two.last = renamed
    await two.taps("Undo", "Pieter de Vos is called Piet Vos again.")


async def test_who_is_not_meant_for_certain_is_chosen(two: Chat) -> None:
    """A near spelling, or one of two bearers of a name, is never taken."""
    await two.reads(HARBOUR.replace("Piet Vos", "Eva Vos"), "https://post.example/eva")
    await two.says("/merge vos into peter voss", "Whom do you mean by “vos”? Nothing is changed.")
    await two.taps("Eva Vos (number ", "List everything of Eva Vos")
    await two.says("/merge peter voss into vos", "Whom do you mean by “vos”?")
    await two.taps("Piet Vos (number", "List everything of Peter Voss", "under Piet Vos")
    await two.says("/rename peter vosss to X", "Whom do you mean by “peter vosss”?")
    await two.says("/merge nobody into peter voss", "Nobody called “nobody” is known here.")
    await two.says("/merge 999 into 1", "Nobody called “999” is known here.")


@pytest.mark.parametrize(
    "typed",
    ["/merge a into b", "/mergenow 1 2", "/rename a to b", "/renamenow 1 b", "/undo 1", "/merge", "/undo"],
)
async def test_only_operators_change_speakers(two: Chat, desk: Desk, typed: str) -> None:
    """Whoever was let in may ask, not change what everybody sees."""
    petr = Chat(desk, PETR, PETR)
    await petr.says("/start")
    await two.says(f"/letin {PETR}")
    await petr.says(typed, "Only the operator of this On Record can do that.")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/mergenow x", "Usage: /merge"),
        ("/mergenow 1 1", "twice"),
        ("/renamenow x", "Usage: /rename"),
        ("/renamenow 1 …", "is no name"),
        ("/undo", "There is no change that could be undone"),
        ("/undo 7", "There is no change that could be undone"),
    ],
)
async def test_what_cannot_be_done_is_said(two: Chat, typed: str, answer: str) -> None:
    """Each with what to do."""
    await two.says(typed, answer)


async def test_help_tells_operators_what_they_may(two: Chat, desk: Desk) -> None:
    """Others are not told of what they cannot do."""
    await two.says("/help", "/merge", "/rename", "/undo")
    petr = Chat(desk, PETR, PETR)
    await petr.says("/start")
    await two.says(f"/letin {PETR}")
    assert "/merge" not in await petr.says("/help")

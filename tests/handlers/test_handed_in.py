"""What a chat decides about a page that was handed in there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.handlers.dialogue import ANA, PETR, Chat
from tests.handlers.pages import DAM

if TYPE_CHECKING:
    from handlers.desk import Desk

URL = "https://ledger.example/rivers"


async def another(desk: Desk) -> Chat:
    """Return the private chat of somebody else who was let in."""
    stranger = Chat(desk, PETR, PETR)
    await stranger.says("/start")
    await Chat(desk).says(f"/letin {PETR}", "is let in")
    return stranger


async def test_an_address_is_added(pasted: Chat) -> None:
    """Transcript 3: the page says where it stands from then on, and is found by it."""
    await pasted.says("/summary", "no outlet, date or address on the page", "[Longer] [Add its address]")
    await pasted.taps("Add its address", "Write /address 1 https://…")
    await pasted.says(f"/address 1 {URL}", "ledger.example · no outlet or date on the page")
    assert "Add its address" not in [one.label for one in pasted.buttons]
    await pasted.says(URL, "Belsky says", "Only this chat sees the page.")
    await pasted.says(f"/address 1 {URL}", "This page has an address already.")
    await pasted.says("/address 99", "I do not have this page any more.")


async def test_a_page_is_shared_by_the_operator(pasted: Chat) -> None:
    """Asked once more first; then it is everybody's, and its numbers here stay what they were."""
    other = await another(pasted.desk)
    before = await pasted.says("/quotes belsky", "/q1")
    await other.says("/quotes belsky", "I have read nothing yet")
    await pasted.says("/summary")
    await pasted.taps("Share with all chats", "everybody who was let in would find it", "It cannot be taken back.")
    await pasted.taps("Share it", "is shared: everybody who was let in finds it now.")
    await other.says("/quotes belsky", "Anton Belsky · 7 quotes on 1 page")
    after = await pasted.says("/quotes belsky", "/q1")
    assert before.replace(" · handed in 6 September 2026, 08:00 UTC", "") == after
    await other.says("/summary", "Belsky says", "[Longer]")
    assert not {"Delete page", "Share with all chats"} & {one.label for one in other.buttons}


async def test_what_the_chat_called_wrong_is_not_forgotten_when_the_page_is_shared(pasted: Chat) -> None:
    """A name that somebody who read the page called wrong stays away here, and the operator is asked for the others."""
    other = await another(pasted.desk)
    await pasted.says("/quotes belsky", "/q1")
    await pasted.says("/q1", "Anton Belsky")
    await pasted.taps("Wrong speaker")
    hidden = await pasted.says("/q1", "This chat called the speaker wrong")
    await pasted.says("/share 1 1", "is shared")
    shown = await pasted.says("/q1", "This chat called the speaker wrong")
    assert shown.splitlines()[:3] == hidden.splitlines()[:3]
    assert "patrols turn up" not in await pasted.says("/quotes belsky", "Anton Belsky")
    async with pasted.desk.database.reading() as db:
        asked = (await pasted.desk.outbox.newest_keyed(db, "fault:", since=pasted.desk.now() - timedelta(1)))[0]
    assert "The chat that it was handed in in" in str(asked.message)
    await pasted.says("/decide 1 1", "The name is taken back everywhere")
    assert "patrols turn up" not in await other.says("/quotes belsky", "Anton Belsky")


async def test_only_operators_share_and_only_what_is_theirs(pasted: Chat) -> None:
    """A page of another chat is not there at all; what came by feed is nobody's to share."""
    other = await another(pasted.desk)
    await other.says("/share 1 1", "I do not have this page any more.")
    await other.says(DAM, "Dam at Vessin holds")
    assert "Share with all chats" not in [one.label for one in other.buttons]
    await other.says("/share 2 1", "Only the operator")
    await pasted.reads(DAM, "https://post.example/dam")
    await pasted.says("/share 3 1", "This article came from a source")


async def test_in_a_group_not_everybody_deletes(chat: Chat) -> None:
    """A page that was handed in there goes when an administrator says so, or who was let in."""
    group = Chat(chat.desk, "telegram:-100", ANA, private=False)
    await group.says("/summary", replied_text=DAM)
    member = Chat(chat.desk, "telegram:-100", PETR, private=False)
    await member.says("/delete 1", "Here only administrators")
    await group.says("/delete 1", "is deleted")


async def test_what_an_alert_does_not_show(chat: Chat) -> None:
    """Transcript 5: the other quotes of the speaker, and which of those shown is wrong."""
    await chat.reads(DAM, "https://post.example/dam")
    await chat.says("/quotes vos", "/q1")
    speaker = next(one.command for one in chat.buttons if one.label == "CSV")
    assert speaker is not None
    number = speaker.removeprefix("/csv ")
    await chat.says(f"/rest 1 {number} 1", "Piet Vos · 1 quote on 1 page", "paper umbrella")
    await chat.says(f"/rest 1 {number} 1 2", "There is nothing more of this")
    await chat.says("/wrong 1 2", "Which of them?", "[q1 “We will rebuild the gates before winter”]")
    await chat.taps("q2", "Piet Vos, in part", "[Wrong speaker]")
    await chat.says("/wrong 1", "Piet Vos", "[Wrong speaker]")
    await chat.says("/wrong 99 98", "There is no such quote in this chat.")
    await chat.says("/rest 1", "Usage: ")

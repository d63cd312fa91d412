"""Telegram in and out: dialogues over sockets, the real client on one side, a strict server on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering import says
from bot.taps import TapMemory
from handlers.command import Channel, Moved, Pasted
from summaries.message import Action, Actions, Message, Paragraph, Run
from tests.bot.telegram_chat import Asked, Silence, chatting
from tests.platforms.faults import Drop, Fault
from tests.platforms.telegram import TelegramServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


PAGE = "Harbour stays open\n\n" + "The harbour stays open, said Ida Moor. Nobody was told before Friday.\n\n" * 75


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """An open server."""
    async with TelegramServer() as server:
        yield server


async def test_a_command_is_answered_where_it_was_asked(telegram: TelegramServer) -> None:
    """In private no reply mark is needed; the command is read without its slash and our name."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/quotes@onrecord_test_bot  ida moor ")
        answer = await telegram.answer()
    assert (answer.text, answer.chat.chat_id, answer.reply_to) == ("quotes|ida moor", 7, None)
    (command,) = asked.commands
    assert (command.channel, command.user) == (Channel("telegram", "7"), "telegram:7")
    assert command.is_admin
    assert command.is_private


async def test_a_deep_link_brings_its_payload(telegram: TelegramServer) -> None:
    """t.me/bot?start=claim-7K2QX arrives as /start claim-7K2QX."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/start claim-7K2QX")
        assert (await telegram.answer()).text == "start|claim-7K2QX"


async def test_a_number_may_stand_at_the_command(telegram: TelegramServer) -> None:
    """A quote's number is tapped as /q12."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/q12")
        assert (await telegram.answer()).text == "q|12"


async def test_in_a_group_it_is_seen_who_asked(telegram: TelegramServer) -> None:
    """The answer goes to the topic, as a reply; whether they administer the group is asked of Telegram."""
    asked, ana, ben = Asked(), telegram.person(7, "Ana"), telegram.person(8, "Ben")
    desk = telegram.group(-1001, "Desk", topics={5})
    desk.admins.add(7)
    async with chatting(telegram, asked):
        (message,) = await telegram.says(ana, "/quotes moor", chat=desk, message_thread_id=5, is_topic_message=True)
        answer = await telegram.answer()
        await telegram.says(ben, "@onrecord_test_bot: what did moor say", chat=desk)
        await telegram.answer()
    assert (answer.topic, answer.reply_to) == (5, message["message_id"])
    by_admin, by_member = asked.commands
    assert by_admin.channel_name == "Desk"
    assert (by_admin.channel, by_admin.is_admin) == (Channel("telegram", "-1001", "5"), True)
    assert (by_member.channel, by_member.is_admin) == (Channel("telegram", "-1001"), False)
    assert (by_member.name, by_member.text) == ("", "what did moor say")


async def test_what_others_are_told_is_not_for_us(telegram: TelegramServer) -> None:
    """Where privacy mode is off we hear everything, and say nothing to it."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    desk = telegram.group(-1001, "Desk")
    async with chatting(telegram, asked):
        for text in ("hello all", "/quotes@other_bot moor", "mail onrecord_test_bot"):
            message = {"message_id": 900, "date": 1, "chat": desk.as_api(), "from": ana.as_api(), "text": text}
            await telegram.update("message", message)
        await telegram.says(ana, "/help", chat=desk)
        await telegram.answer()
    assert [command.name for command in asked.commands] == ["help"]


async def test_an_answer_to_us_is_for_us(telegram: TelegramServer) -> None:
    """Who replies to a message of ours says it to us, and we see to what."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    desk = telegram.group(-1001, "Desk")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/help", chat=desk)
        answer = await telegram.answer()
        await telegram.says(ana, "and Vane?", chat=desk, reply_to_message=answer.as_api())
        await telegram.answer()
    assert (asked.commands[1].replied_to, asked.commands[1].replied_text) == (str(answer.message_id), "help|")


async def test_an_anonymous_administrator_is_one(telegram: TelegramServer) -> None:
    """They write as the group; a channel's posts are its administrators'."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    desk, wire = telegram.group(-1001, "Desk"), telegram.group(-1002, "Wire", kind="channel")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/help", chat=desk, sender_chat=desk.as_api())
        await telegram.says(ana, "/help", chat=wire)
        await telegram.until(lambda: len(telegram.posting.sent) == 2)
    assert {(command.user, command.is_admin) for command in asked.commands} == {
        ("telegram:-1001", True),
        ("telegram:-1002", True),
    }


@pytest.mark.parametrize("desktop", [False, True])
async def test_a_paste_in_two_messages_is_one(telegram: TelegramServer, *, desktop: bool) -> None:
    """Joined until two seconds of silence; every line of the page is whole again."""
    asked, ana, silence = Asked(lambda _: says("read")), telegram.person(7, "Ana"), Silence()
    async with chatting(telegram, asked, wait=silence.wait):
        messages = await telegram.says(ana, PAGE, desktop=desktop)
        await telegram.until(lambda: telegram.unconfirmed == 0)
        await silence.begun(1)
        assert asked.commands == []
        silence.pass_()
        await telegram.answer()
    assert len(messages) == 2
    assert set(silence.waits) == {2.0}
    assert [line for line in asked.commands[0].text.splitlines() if line] == [
        line for line in PAGE.splitlines() if line
    ]


async def test_a_command_ends_a_paste(telegram: TelegramServer) -> None:
    """Whoever goes on with a command has pasted all of it; both are answered, in order."""
    asked, ana, silence = Asked(), telegram.person(7, "Ana"), Silence()
    async with chatting(telegram, asked, wait=silence.wait):
        await telegram.says(ana, "word " * 700)
        await telegram.says(ana, "/quotes moor")
        await telegram.answer()
        await telegram.answer()
    assert [command.name for command in asked.commands] == ["", "quotes"]


async def test_a_stop_within_a_paste_loses_nothing(telegram: TelegramServer) -> None:
    """What was taken is confirmed to Telegram, so nobody else is given it: it is answered as far as it came."""
    asked, ana, silence = Asked(lambda _: says("read")), telegram.person(7, "Ana"), Silence()
    async with chatting(telegram, asked, wait=silence.wait):
        await telegram.says(ana, PAGE)
        await silence.begun(1)
    assert [command.text.split()[0] for command in asked.commands] == ["Harbour"]
    assert (telegram.unconfirmed, [message.text for message in telegram.posting.sent]) == (0, ["read"])


async def test_a_text_file_is_fetched(telegram: TelegramServer) -> None:
    """A page as .txt or .html; what is no text is named, not fetched."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.uploads(ana, "page.html", b"<p>The harbour", mime="text/html", caption="/summary")
        await telegram.uploads(ana, "tune.mp3", b"\0", mime="audio/mpeg")
        await telegram.answer()
        await telegram.answer()
    page, tune = asked.commands
    assert (page.name, page.file) == ("summary", Pasted("page.html", b"<p>The harbour"))
    assert (tune.file, tune.unread_file) == (None, "tune.mp3")


async def test_a_forwarded_post_is_told_as_one(telegram: TelegramServer) -> None:
    """Its words are somebody else's."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Ben"}
    async with chatting(telegram, asked):
        await telegram.says(ana, "The harbour stays open.", forward_origin=origin)
        await telegram.answer()
    assert asked.commands[0].forwarded


async def test_a_mended_command_is_answered_again(telegram: TelegramServer) -> None:
    """A typing error is mended in place; a mended page is not read twice."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        (message,) = await telegram.says(ana, "/quotes mor")
        await telegram.answer()
        await telegram.edits(message, "a page in plain words")
        await telegram.edits(message, "/quotes moor")
        await telegram.answer()
    assert [command.args for command in asked.commands] == ["mor", "moor"]


BUTTONS = Message(
    (Paragraph((Run("Ida Moor"),)), Actions((Action("Proof", "/q1"), Action("Tell me", "/subscribe ida moor")))),
)


async def test_a_tap_is_a_command(telegram: TelegramServer) -> None:
    """Ids travel in the button, names as a token; every query is answered, or the button spins on."""
    asked, ana = Asked(lambda command: says("done") if command.tapped else BUTTONS), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/quotes moor")
        message = await telegram.answer()
        queries = [await telegram.taps(ana, message, label) for label in ("Proof", "Tell me")]
        await telegram.answer()
        await telegram.answer()
    assert [(c.name, c.args, c.tapped, c.text) for c in asked.commands[1:]] == [
        ("q", "1", True, "/q1"),
        ("subscribe", "ida moor", True, "/subscribe ida moor"),
    ]
    assert telegram.posting.answers == dict.fromkeys(queries, "")


async def test_a_tap_may_change_its_message(telegram: TelegramServer) -> None:
    """Where the answer says so, it takes the place of what was tapped."""
    done = Message(says("Done.").blocks, in_place=True)
    asked, ana = Asked(lambda command: done if command.tapped else BUTTONS), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.says(ana, "/quotes moor")
        message = await telegram.answer()
        await telegram.taps(ana, message, "Proof")
        await telegram.until(lambda: len(message.versions) == 2)
    assert (message.text, message.keyboard) == ("Done.", [])


async def test_a_button_outlives_a_restart_or_says_so(telegram: TelegramServer) -> None:
    """With a store that keeps, a tap works after a restart; without, it is told that the button is too old."""
    asked, ana = Asked(lambda command: says("done") if command.tapped else BUTTONS), telegram.person(7, "Ana")
    kept = TapMemory()
    async with chatting(telegram, asked, taps=kept):
        await telegram.says(ana, "/quotes moor")
        message = await telegram.answer()
    async with chatting(telegram, asked, taps=kept):
        await telegram.taps(ana, message, "Tell me")
        assert (await telegram.answer()).text == "done"
    async with chatting(telegram, asked):
        query = await telegram.taps(ana, message, "Tell me")
        await telegram.until(lambda: query in telegram.posting.answers)
    assert telegram.posting.answers[query] == "This button is too old. Please ask again."


async def test_silence_is_an_answer(telegram: TelegramServer) -> None:
    """Handlers may say nothing."""
    asked, ana = Asked(lambda command: None if command.name == "" else says("yes")), telegram.person(7, "Ana")
    async with chatting(telegram, asked):
        await telegram.says(ana, "thanks")
        await telegram.says(ana, "/help")
        assert (await telegram.answer()).text == "yes"


async def test_channels_that_come_go_and_move_are_told(telegram: TelegramServer) -> None:
    """Added, kicked, and turned into a supergroup with a new id."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    desk = telegram.group(-5, "Desk", kind="group")
    async with chatting(telegram, asked):
        await telegram.membership(desk, ana, "left", "member")
        await telegram.membership(desk, ana, "member", "administrator")
        await telegram.migrates(desk, -1005)
        await telegram.membership(telegram.posting.chats[-1005], ana, "member", "kicked")
        await telegram.says(ana, "/help")
        await telegram.answer()
        await telegram.until(lambda: telegram.unconfirmed == 0)
    old, new = Channel("telegram", "-5"), Channel("telegram", "-1005")
    told = [(n.old, n.new) if isinstance(n, Moved) else (n.channel, n.is_present) for n in asked.notices]
    assert told == [(old, True), (old, new), (new, False)]


async def test_in_a_group_a_tap_is_somebodys(telegram: TelegramServer) -> None:
    """Whether the one who taps may do it is theirs, not that of who asked; a refusal to tell means no."""
    asked = Asked(lambda command: says("done") if command.tapped else BUTTONS)
    ana, ben, desk = telegram.person(7, "Ana"), telegram.person(8, "Ben"), telegram.group(-1001, "Desk")
    desk.admins |= {7, 8}
    async with chatting(telegram, asked):
        await telegram.says(ana, "/quotes moor", chat=desk)
        message = await telegram.answer()
        await telegram.taps(ben, message, "Proof")
        await telegram.answer()
        telegram.faults.order(Fault(method="getChatMember", drop=Drop.BEFORE))
        await telegram.taps(ben, message, "Proof")
        answer = await telegram.answer()
    assert [(command.user, command.is_admin) for command in asked.commands] == [
        ("telegram:7", True),
        ("telegram:8", True),
        ("telegram:8", False),
    ]
    assert answer.reply_to is None

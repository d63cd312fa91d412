"""Sending to Telegram: the real client against a server as strict as the real one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.sending import (
    ChannelGoneError,
    LostReplyError,
    MigratedError,
    NotModifiedError,
    RefusedError,
    RetryAfterError,
    SendError,
    TransientError,
)
from bot.taps import TapMemory, command_behind
from bot.telegram.render import Button, Entity, TelegramText, render
from bot.telegram.sender import TelegramSender, telegram_client
from handlers.command import Channel
from summaries.message import Action, Actions, Message, Paragraph, Run
from tests.platforms.faults import Drop, Fault
from tests.platforms.telegram import TOKEN, TelegramServer
from tests.platforms.traffic import TELEGRAM_RATES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ANA = Channel("telegram", "7")
GROUP = Channel("telegram", "-1001")


@asynccontextmanager
async def sending(telegram: TelegramServer) -> AsyncIterator[TelegramSender]:
    """Yield a sender to a test server that knows one person and one forum."""
    async with telegram:
        telegram.person(7, "Ana")
        telegram.group(-1001, "Harbour desk", topics={5})
        async with telegram_client(TOKEN, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as bot:
            yield TelegramSender(bot, TapMemory())


async def test_a_text_arrives_as_rendered() -> None:
    """Text, entities and buttons come through unchanged; no preview of links is made."""
    part = TelegramText(
        "😀 Ida Moor",
        (Entity("bold", 3, 8), Entity("text_link", 3, 3, "https://example.org")),
        ((Button("Proof", data="/q1"), Button("Copy", copy="words"), Button("Page", url="https://example.org")),),
    )
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        message_id = await sender.send(ANA, part)
    (sent,) = telegram.posting.sent
    assert (str(sent.message_id), sent.text, sent.preview_off) == (message_id, "😀 Ida Moor", True)
    assert {(e["type"], e["offset"], e["length"]) for e in sent.entities} == {("bold", 3, 8), ("text_link", 3, 3)}
    assert [button["text"] for button in sent.keyboard[0]] == ["Proof", "Copy", "Page"]


async def test_a_file_is_sent_with_its_caption() -> None:
    """In its topic; it never takes the place of a text."""
    telegram, part = TelegramServer(), TelegramText("Ida Moor", file_name="quotes.csv", file_text="a,“b”")
    async with sending(telegram) as sender:
        await sender.send(Channel("telegram", "-1001", "5"), part)
        await sender.send(ANA, TelegramText("", file_name="b.csv", file_text="1"))
        with pytest.raises(RefusedError):
            await sender.edit(ANA, "1", part)
    table, bare = telegram.posting.sent
    assert (table.method, table.text, table.topic) == ("sendDocument", "Ida Moor", 5)
    assert (table.file_name, table.file_data) == ("quotes.csv", "a,“b”".encode())
    assert (bare.text, bare.file_name) == ("", "b.csv")


async def test_an_answer_goes_to_the_topic_and_message_it_was_asked_in() -> None:
    """A forum's topics are different conversations."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        await sender.send(Channel("telegram", "-1001", "5"), TelegramText("here"), reply_to="99")
    assert (telegram.posting.sent[0].topic, telegram.posting.sent[0].reply_to) == (5, 99)


async def test_a_message_of_ours_can_be_edited_once_into_the_same() -> None:
    """An edit that changes nothing is told apart: it is as good as done."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        message_id = await sender.send(ANA, TelegramText("Reading the page …"))
        await sender.edit(ANA, message_id, TelegramText("Read."))
        with pytest.raises(NotModifiedError):
            await sender.edit(ANA, message_id, TelegramText("Read."))
        with pytest.raises(RefusedError, match="Message to edit not found"):
            await sender.edit(ANA, "12345", TelegramText("Read."))
    assert telegram.posting.sent[0].versions == ["Reading the page …", "Read."]


async def test_commands_behind_tokens_are_kept_before_they_are_sent() -> None:
    """A tap may come the moment the message is there."""
    taps = TapMemory()
    telegram = TelegramServer()
    (part,) = render(Message((Paragraph((Run("x"),)), Actions((Action("Tell me", "/subscribe ida moor"),)))))
    async with telegram, telegram_client(TOKEN, base_url=telegram.base_url) as bot:
        telegram.person(7, "Ana")
        await TelegramSender(bot, taps).send(ANA, part)
    data = telegram.posting.sent[0].button("Tell me")["callback_data"]
    assert await command_behind(data, taps) == "/subscribe ida moor"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=502, answer="<html>Bad Gateway</html>"), TransientError),
        (Fault(status=500, answer={"ok": False, "error_code": 500, "description": "Internal"}), TransientError),
        (Fault(drop=Drop.BEFORE), LostReplyError),
        (Fault(drop=Drop.AFTER), LostReplyError),
        (Fault(status=400, answer={"ok": False, "error_code": 400, "description": "Bad Request: x"}), RefusedError),
        (Fault(status=403, answer={"ok": False, "error_code": 403, "description": "Forbidden: x"}), ChannelGoneError),
    ],
)
async def test_what_goes_wrong_is_told_apart(fault: Fault, error: type[SendError]) -> None:
    """Try again, or never: delivery decides by the kind of the error alone."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        telegram.faults.order(fault)
        with pytest.raises(SendError) as raised:
            await sender.send(ANA, TelegramText("x"))
    assert type(raised.value) is error
    assert raised.value.channel == ANA
    assert len(telegram.posting.sent) == (fault.drop is Drop.AFTER)


async def test_no_connection_means_not_sent() -> None:
    """Where nothing answers, nothing was taken: sending again is safe."""
    async with TelegramServer() as telegram:
        base_url = telegram.base_url
    async with telegram_client(TOKEN, base_url=base_url) as bot:
        with pytest.raises(TransientError) as raised:
            await TelegramSender(bot, TapMemory()).send(ANA, TelegramText("x"))
    assert type(raised.value) is TransientError


async def test_the_wait_that_is_asked_for_comes_through() -> None:
    """Telegram's own number, in seconds."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        telegram.too_many_requests(37)
        with pytest.raises(RetryAfterError) as raised:
            await sender.send(ANA, TelegramText("x"))
    assert raised.value.seconds == 37


async def test_a_migrated_group_tells_its_new_address() -> None:
    """A group that becomes a supergroup gets a new id; the topic stays."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        old = telegram.group(-5, "Small group", kind="group")
        await telegram.migrates(old, -1005)
        with pytest.raises(MigratedError) as raised:
            await sender.send(Channel("telegram", "-5"), TelegramText("x"))
    assert raised.value.new == Channel("telegram", "-1005")


async def test_a_chat_that_is_gone_is_gone() -> None:
    """Blocked, kicked or never met: nobody can be reached there."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        ana = telegram.person(7, "Ana")
        await telegram.membership(telegram.posting.chats[7], ana, "member", "kicked")
        for channel in (ANA, Channel("telegram", "404")):
            with pytest.raises(ChannelGoneError):
                await sender.send(channel, TelegramText("x"))


async def test_rates_are_enforced_by_a_clock_of_ones_own() -> None:
    """Twenty a minute to a group, one a second to a person: the twenty-first is refused until the minute is over."""
    now = [1000.0]
    telegram = TelegramServer(rates=TELEGRAM_RATES, now=lambda: now[0])
    async with sending(telegram) as sender:
        for n in range(20):
            await sender.send(GROUP, TelegramText(f"{n}"))
            now[0] += 0.5
        with pytest.raises(RetryAfterError) as raised:
            await sender.send(GROUP, TelegramText("20"))
        assert raised.value.seconds == 50  # the first was 10 s ago
        await sender.send(ANA, TelegramText("one"))
        with pytest.raises(RetryAfterError):
            await sender.send(ANA, TelegramText("two"))
        now[0] += 50
        await sender.send(GROUP, TelegramText("20"))
    assert telegram.traffic.most(60, "-1001") == 20
    assert telegram.traffic.most(1, "7") == 1
    assert telegram.traffic.refused == 2
    assert [message.text for message in telegram.sent_to(-1001)] == [str(n) for n in range(21)]


async def test_ten_are_in_flight_at_most() -> None:
    """More connections make Telegram slower; the client queues the rest."""
    telegram = TelegramServer()
    async with sending(telegram) as sender:
        await asyncio.gather(*(sender.send(GROUP, TelegramText(f"{n}")) for n in range(40)))
    assert len(telegram.posting.sent) == 40

"""What goes wrong on Telegram while somebody is answered: slow work, broken lines, wrong tokens, other pollers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.answering import FAILED, NOTHING, says
from bot.sending import NotLetInError
from bot.taps import TapMemory
from bot.telegram.adapter import TelegramAdapter
from bot.telegram.sender import TelegramSender, telegram_client
from summaries.message import Message, Paragraph
from tests.bot.telegram_chat import Asked, Silence, chatting
from tests.platforms.faults import Drop, Fault
from tests.platforms.telegram import BOT, TOKEN, TelegramServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from handlers.command import Command
    from tests.platforms.telegram_chats import Chat


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """An open server."""
    async with TelegramServer() as server:
        yield server


async def test_slow_work_says_that_it_takes_its_time(telegram: TelegramServer) -> None:
    """Said once, then edited into the answer: one message, one sound."""
    ana, ready = telegram.person(7, "Ana"), asyncio.Event()

    async def slowly(_: Command) -> Message:
        await ready.wait()
        return says("The harbour stays open.")

    async with chatting(telegram, Asked(), answer=slowly, slow_after=0.0):
        await telegram.says(ana, "https://example.org/harbour")
        message = await telegram.answer()
        assert message.text == "Reading the page …"
        ready.set()
        await telegram.until(lambda: len(message.versions) == 2)
    assert message.versions == ["Reading the page …", "The harbour stays open."]
    assert len(telegram.posting.sent) == 1


async def test_a_handler_that_fails_is_logged_and_the_others_answered(telegram: TelegramServer) -> None:
    """One command's failure is nobody else's; the log has it, the chat a plain sentence."""
    ana = telegram.person(7, "Ana")

    def answer(command: Command) -> Message:
        if command.name == "bad":
            raise ZeroDivisionError
        return says("fine")

    with capture_logs() as logs:
        async with chatting(telegram, Asked(answer)):
            await telegram.says(ana, "/bad")
            await telegram.says(ana, "/good")
            texts = [(await telegram.answer()).text, (await telegram.answer()).text]
    assert texts == [FAILED.plain_text(), "fine"]
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["command_failed"]


async def test_an_answer_that_cannot_be_rendered_is_said_to_have_gone_wrong(telegram: TelegramServer) -> None:
    """In the place of what said that it takes its time: nobody waits for what will not come."""
    ana, ready = telegram.person(7, "Ana"), asyncio.Event()

    async def broken(_: Command) -> Message:
        await ready.wait()
        return Message((Paragraph((None,)),))  # type: ignore[arg-type] # the fault

    with capture_logs() as logs:
        async with chatting(telegram, Asked(), answer=broken, slow_after=0.0):
            await telegram.says(ana, "/quotes vos")
            message = await telegram.answer()
            ready.set()
            await telegram.until(lambda: message.text == FAILED.plain_text())
    assert [(log["event"], log["exc_info"]) for log in logs if log["log_level"] == "error"] == [
        ("command_failed", True)
    ]


async def test_an_answer_that_cannot_be_sent_is_one_event(telegram: TelegramServer) -> None:
    """Who blocked us meanwhile gets nothing; the next one does."""
    asked, ana, ben = Asked(), telegram.person(7, "Ana"), telegram.person(8, "Ben")
    blocked = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    telegram.faults.order(Fault(method="sendMessage", chat="7", status=403, answer=blocked))
    with capture_logs() as logs:
        async with chatting(telegram, asked):
            await telegram.says(ana, "/help")
            await telegram.until(lambda: len(asked.commands) == 1)
            await telegram.says(ben, "/help")
            await telegram.answer()
    assert [log["error"] for log in logs if log["event"] == "answer_not_sent"] == ["ChannelGoneError"]


async def test_another_poller_is_told_to_the_operator(telegram: TelegramServer) -> None:
    """Two processes with one token take each other's updates: the log says so, and polling goes on."""
    asked, ana, silence = Asked(), telegram.person(7, "Ana"), Silence()
    with capture_logs() as logs:
        async with chatting(telegram, asked, wait=silence.wait):
            await telegram.until(lambda: telegram.polls == 1)
            async with telegram_client(TOKEN, base_url=telegram.base_url) as other:
                await other.get_updates(timeout=0)
            await silence.begun(1)
            silence.pass_()
            await telegram.says(ana, "/help")
            await telegram.answer()
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["telegram_polled_elsewhere"]


async def test_polling_survives_what_breaks_it(telegram: TelegramServer) -> None:
    """A fault of Telegram's or of the line costs a wait, longer each time, and no update."""
    asked, ana, silence = Asked(), telegram.person(7, "Ana"), Silence()
    for fault in (Fault(status=502, answer="Bad Gateway"), Fault(drop=Drop.BEFORE), Fault(drop=Drop.AFTER)):
        fault.method = "getUpdates"
        telegram.faults.order(fault)
    await telegram.says(ana, "/help")
    with capture_logs() as logs:
        async with chatting(telegram, asked, wait=silence.wait):
            for failures in (1, 2, 3):
                await silence.begun(failures)
                silence.pass_()
            await telegram.answer()
    assert silence.waits == [1.0, 2.0, 4.0]
    assert len(asked.commands) == 1
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == ["telegram_unreachable"] * 3


async def test_a_start_without_a_line_waits_for_one(telegram: TelegramServer) -> None:
    """The process may be up before the network."""
    asked, ana, silence = Asked(), telegram.person(7, "Ana"), Silence()
    telegram.faults.order(Fault(method="getMe", drop=Drop.BEFORE))
    await telegram.says(ana, "/help")
    async with chatting(telegram, asked, wait=silence.wait) as adapter:
        await silence.begun(1)
        silence.pass_()
        await telegram.answer()
        assert adapter.username == BOT["username"]
    assert telegram.posting.commands == {("default", ""): [{"command": "quotes", "description": "What someone said"}]}


async def test_a_wrong_token_ends_it(telegram: TelegramServer) -> None:
    """No waiting mends that; the operator is told where to look."""
    async with telegram_client("4242:wrong", base_url=telegram.base_url) as bot:
        taps = TapMemory()
        adapter = TelegramAdapter(bot, TelegramSender(bot, taps), taps, Asked().answer, now=lambda: datetime.now(UTC))
        with pytest.raises(NotLetInError, match="Telegram does not know this token"):
            await adapter.run()


async def test_what_was_answered_is_not_answered_again(telegram: TelegramServer) -> None:
    """At the end the last updates are confirmed: the next start begins behind them."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    for text in ("/help", "/quotes moor"):
        async with chatting(telegram, asked):
            await telegram.says(ana, text)
            await telegram.answer()
    assert [command.name for command in asked.commands] == ["help", "quotes"]
    assert telegram.unconfirmed == 0


async def answering_slowly(
    telegram: TelegramServer, meanwhile: Callable[[], Awaitable[None]], chat: Chat | None = None
) -> None:
    """Ask something whose answer comes after ``meanwhile``."""
    ana, ready = telegram.person(7, "Ana"), asyncio.Event()

    async def slowly(_: Command) -> Message:
        await ready.wait()
        return says("The harbour stays open.")

    async with chatting(telegram, Asked(), answer=slowly, slow_after=0.0):
        await telegram.says(ana, "/summary", chat=chat)
        await meanwhile()
        ready.set()
        await telegram.until(
            lambda: any(message.text == "The harbour stays open." for message in telegram.posting.sent)
        )


@pytest.mark.parametrize(("answer", "said"), [(None, NOTHING), (Message(()), FAILED)])
async def test_an_announcement_is_not_left_standing(
    telegram: TelegramServer, answer: Message | None, said: Message
) -> None:
    """Where nothing is to be said after all, that is said; an answer that shows nothing is a failure."""
    ana, ready = telegram.person(7, "Ana"), asyncio.Event()

    async def slowly(_: Command) -> Message | None:
        await ready.wait()
        return answer

    async with chatting(telegram, Asked(), answer=slowly, slow_after=0.0):
        await telegram.says(ana, "/summary")
        message = await telegram.answer()
        ready.set()
        await telegram.until(lambda: message.text == said.plain_text())
    assert len(telegram.posting.sent) == 1


async def test_an_answer_comes_without_its_announcement(telegram: TelegramServer) -> None:
    """Where "Reading the page …" could not be sent, the answer is sent as ever."""
    telegram.too_many_requests(1, method="sendMessage")

    async def refused() -> None:
        await telegram.until(lambda: len(telegram.faults.met) == 1)

    await answering_slowly(telegram, refused)
    assert [message.versions for message in telegram.posting.sent] == [["The harbour stays open."]]


async def test_an_announcement_that_was_deleted_is_not_missed(telegram: TelegramServer) -> None:
    """What cannot be edited any more is sent."""

    async def deleted() -> None:
        (await telegram.answer()).deleted = True

    await answering_slowly(telegram, deleted)
    assert len(telegram.posting.sent) == 2


async def test_an_answer_follows_its_group(telegram: TelegramServer) -> None:
    """A group may become a supergroup while the answer is on its way."""
    desk = telegram.group(-5, "Desk", kind="group")

    async def migrated() -> None:
        await telegram.answer()
        await telegram.migrates(desk, -1005)

    await answering_slowly(telegram, migrated, chat=desk)
    assert [message.text for message in telegram.sent_to(-1005)] == ["The harbour stays open."]


async def test_an_answer_to_somebody_who_left_is_one_event(telegram: TelegramServer) -> None:
    """Blocked while the page is being read: nothing is sent, nothing else breaks."""
    ana, ready = telegram.person(7, "Ana"), asyncio.Event()
    ben = telegram.person(8, "Ben")

    async def slowly(command: Command) -> Message:
        if command.user == "telegram:7":
            await ready.wait()
        return says("x")

    with capture_logs() as logs:
        async with chatting(telegram, Asked(), answer=slowly, slow_after=0.0):
            await telegram.says(ana, "/summary")
            await telegram.answer()
            await telegram.membership(telegram.posting.chats[7], ana, "member", "kicked")
            ready.set()
            await telegram.says(ben, "/help")
            await telegram.until(lambda: any(message.text == "x" for message in telegram.sent_to(8)))
    assert [log["error"] for log in logs if log["event"] == "answer_not_sent"] == ["ChannelGoneError"]


async def test_a_file_that_cannot_be_fetched_is_named(telegram: TelegramServer) -> None:
    """The answer can say so, and ask for it again."""
    asked, ana = Asked(), telegram.person(7, "Ana")
    telegram.faults.order(Fault(method="getFile", drop=Drop.BEFORE))
    async with chatting(telegram, asked):
        await telegram.uploads(ana, "page.txt", b"The harbour")
        await telegram.answer()
    assert (asked.commands[0].file, asked.commands[0].unread_file) == (None, "page.txt")


async def test_a_token_that_is_revoked_ends_it(telegram: TelegramServer) -> None:
    """Whoever has it made anew at @BotFather has to give it to us."""
    async with telegram_client(TOKEN, base_url=telegram.base_url) as bot:
        taps = TapMemory()
        adapter = TelegramAdapter(bot, TelegramSender(bot, taps), taps, Asked().answer, now=lambda: datetime.now(UTC))
        running = asyncio.create_task(adapter.run())
        await telegram.until(lambda: telegram.polls == 1)
        telegram.token = "4242:another"
        await telegram.says(telegram.person(7, "Ana"), "/help")
        with pytest.raises(NotLetInError):
            await running

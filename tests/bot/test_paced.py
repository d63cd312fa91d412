"""Answers go out in their turn: in front of everything, within every limit; in simulated time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.delivery.pace import TELEGRAM_LIMITS, Priority
from bot.delivery.pacer import Pacer
from bot.delivery.platform import lane_of
from bot.paced import PacedSender
from bot.sending import LostReplyError, RetryAfterError, TransientError
from bot.taps import TapMemory
from bot.telegram.render import TelegramText
from bot.telegram.sender import TelegramSender, telegram_client
from handlers.command import Channel
from tests.clocks import SimulatedClock
from tests.platforms.faults import Drop, Fault
from tests.platforms.telegram import TOKEN, TelegramServer
from tests.platforms.traffic import TELEGRAM_RATES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ANA = Channel("telegram", "7")
GROUP = Channel("telegram", "-1001")


@asynccontextmanager
async def pacing() -> AsyncIterator[tuple[TelegramServer, PacedSender[TelegramText], TelegramSender, Pacer]]:
    """Yield a server that enforces the rates, a paced sender, the bare one and the pacer."""
    clock = SimulatedClock()
    async with (
        TelegramServer(rates=TELEGRAM_RATES, now=clock.now) as telegram,
        telegram_client(TOKEN, base_url=telegram.base_url) as bot,
    ):
        telegram.person(7, "Ana")
        telegram.group(-1001, "Desk")
        pacer = Pacer(TELEGRAM_LIMITS, clock)
        bare = TelegramSender(bot, TapMemory())
        giving = asyncio.create_task(pacer.run())
        yield telegram, PacedSender(bare, pacer), bare, pacer
        giving.cancel()


async def test_two_hundred_answers_to_one_group_break_no_limit() -> None:
    """All arrive, in order, twenty a minute; the server enforces it and has nothing to refuse."""
    async with pacing() as (telegram, sender, _, _):
        await asyncio.gather(*(sender.send(GROUP, TelegramText(f"{n}")) for n in range(200)))
    assert [message.text for message in telegram.sent_to(-1001)] == [f"{n}" for n in range(200)]
    assert telegram.traffic.refused == 0
    assert telegram.traffic.most(60, "-1001") == 20


async def test_an_answer_overtakes_what_is_announced() -> None:
    """Who asks does not wait behind a hundred briefings, not even in the same chat."""
    async with pacing() as (telegram, sender, bare, pacer):

        async def announce(n: int) -> None:
            async with pacer.turn(lane_of(GROUP), Priority.BRIEFING):
                await bare.send(GROUP, TelegramText(f"briefing {n}"))

        announcing = [asyncio.create_task(announce(n)) for n in range(30)]
        await telegram.until(lambda: bool(telegram.posting.sent))
        await sender.send(GROUP, TelegramText("answer"))
        at = [message.text for message in telegram.posting.sent].index("answer")
        await asyncio.gather(*announcing)
    assert at <= 3
    assert len(telegram.posting.sent) == 31


async def test_an_answer_waits_as_long_as_it_is_asked_to() -> None:
    """Up to a minute; an answer that comes later answers nobody."""
    async with pacing() as (telegram, sender, _, _):
        telegram.too_many_requests(30, method="sendMessage")
        await sender.send(ANA, TelegramText("late"))
        assert telegram.posting.sent[0].sent_at >= 30
        telegram.too_many_requests(300, method="sendMessage")
        with pytest.raises(RetryAfterError):
            await sender.send(ANA, TelegramText("too late"))


async def test_what_surely_was_not_taken_is_tried_again() -> None:
    """Three times; what may have been posted is not, so nothing comes twice; an edit may be made twice."""
    async with pacing() as (telegram, sender, _, _):
        telegram.faults.order(Fault(method="sendMessage", status=502, answer="Bad Gateway", times=3))
        message_id = await sender.send(ANA, TelegramText("once"))
        telegram.faults.order(Fault(method="editMessageText", drop=Drop.BEFORE))
        await sender.edit(ANA, message_id, TelegramText("twice"))
        telegram.faults.order(Fault(method="editMessageText", status=502, answer="Bad Gateway", times=4))
        with pytest.raises(TransientError):
            await sender.edit(ANA, message_id, TelegramText("edited"))
        telegram.faults.order(Fault(method="sendMessage", drop=Drop.AFTER))
        with pytest.raises(LostReplyError):
            await sender.send(ANA, TelegramText("lost"))
    assert [message.text for message in telegram.posting.sent] == ["twice", "lost"]

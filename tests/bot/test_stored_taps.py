"""Buttons and events outlive a restart, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.answering import says
from bot.stored_taps import StoredEvents, StoredTaps
from summaries.message import Action, Actions, Message, Paragraph, Run
from tests.bot.telegram_chat import Asked, chatting
from tests.platforms.telegram import TelegramServer

if TYPE_CHECKING:
    from store.database import Database

BUTTON = Message((Paragraph((Run("Ida Moor"),)), Actions((Action("Tell me", "/subscribe ida moor"),))))


def now() -> datetime:
    """Return the same moment always."""
    return datetime(2026, 11, 23, tzinfo=UTC)


async def test_a_button_works_after_a_restart(opened: Database) -> None:
    """Its token is kept before it is sent, and looked up when it is tapped."""
    asked = Asked(lambda command: says("done") if command.tapped else BUTTON)
    async with TelegramServer() as telegram:
        ana = telegram.person(7, "Ana")
        async with chatting(telegram, asked, taps=StoredTaps(opened, now)):
            await telegram.says(ana, "/quotes moor")
            message = await telegram.answer()
        async with chatting(telegram, asked, taps=StoredTaps(opened, now)):
            await telegram.taps(ana, message, "Tell me")
            await telegram.answer()
    assert [command.text for command in asked.commands] == ["/quotes moor", "/subscribe ida moor"]


async def test_an_event_is_new_once(opened: Database) -> None:
    """Also for the process that comes after."""
    assert [await StoredEvents(opened, now).is_new(one) for one in ("Ev1", "Ev1", "Ev2")] == [True, False, True]


async def test_nothing_to_keep_costs_nothing(opened: Database) -> None:
    """And what nobody kept is nobody's."""
    taps = StoredTaps(opened, now)
    await taps.keep({})
    assert await taps.command_of("t:unknown") is None

"""Telegram as delivery sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.delivery.platform import Platform
from bot.telegram.render import TelegramText, render

if TYPE_CHECKING:
    from bot.delivery.pacer import Pacer
    from bot.sending import Sender
    from handlers.command import Channel


def telegram_platform(sender: Sender[TelegramText], pacer: Pacer, *, bot_id: int) -> Platform[TelegramText]:
    """Return Telegram with one bot's token; what was sent cannot be looked up there."""

    async def post(channel: Channel, part: TelegramText, _part_id: int) -> str:
        return await sender.send(channel, part)

    return Platform("telegram", f"telegram:{bot_id}", render, TelegramText, post, sender.edit, pacer)

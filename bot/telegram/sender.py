"""Rendered texts to Telegram, by python-telegram-bot; its errors become ours in one place."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.sending import (
    ChannelGoneError,
    LostReplyError,
    MigratedError,
    NotModifiedError,
    RefusedError,
    RetryAfterError,
    SendError,
    TokenError,
    TransientError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import timedelta

    from bot.taps import TapStore
    from bot.telegram.render import Button, TelegramText
    from handlers.command import Channel

API = "https://api.telegram.org/bot"
FILES = "https://api.telegram.org/file/bot"
CLIENT_TIMEOUT = 8.0  # seconds, for each step of a call
IN_FLIGHT = 10  # measured: 806 sends a second with 10 connections, 171 with 50
# The words of 400s that mean the place, not the message.
_GONE = (
    "chat not found",
    "user not found",
    "chat was deleted",
    "have no rights to send",
    "topic_closed",
    "topic_deleted",
)
# httpx errors that are raised before a request can have been taken.
_NOT_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError")


@asynccontextmanager
async def telegram_client(token: str, *, base_url: str = API, base_file_url: str = FILES) -> AsyncIterator[Bot]:
    """Yield a client with our timeouts and number of connections; nothing is sent by opening it.

    Args:
        token: From BotFather.
        base_url: A local Bot API server's, or a test's, with "/bot" at its end.
        base_file_url: The same for files, with "/file/bot" at its end.
    """
    # The library's own switch: without it every retry_after comes with a deprecation warning of the old type.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    async with _requests(IN_FLIGHT) as sending, _requests(1) as polling:
        yield Bot(token, base_url, base_file_url, request=sending, get_updates_request=polling)


def bot_id(token: str) -> int:
    """Return the bot's number: the public part of its token, so nobody has to be asked for it.

    Raises:
        ValueError: if that is no token.
    """
    return int(token.partition(":")[0])


def _requests(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CLIENT_TIMEOUT,
        read_timeout=CLIENT_TIMEOUT,
        write_timeout=CLIENT_TIMEOUT,
        pool_timeout=CLIENT_TIMEOUT,
    )


class TelegramSender:
    """A ``Sender`` of ``TelegramText``.

    Args:
        bot: An opened client.
        taps: Keeps the commands behind button tokens, before the buttons are sent.
    """

    def __init__(self, bot: Bot, taps: TapStore) -> None:
        self._bot = bot
        self._taps = taps

    async def send(self, channel: Channel, part: TelegramText, *, reply_to: str | None = None) -> str:
        """Post a text; see ``Sender.send``."""
        await self._taps.keep(dict(part.taps))
        reply = None if reply_to is None else ReplyParameters(int(reply_to), allow_sending_without_reply=True)
        topic = None if channel.thread is None else int(channel.thread)
        try:
            if part.file_name is None:
                message = await self._bot.send_message(
                    channel.chat,
                    part.text,
                    entities=_entities(part),
                    reply_markup=_keyboard(part),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    message_thread_id=topic,
                    reply_parameters=reply,
                )
            else:
                message = await self._bot.send_document(
                    channel.chat,
                    part.file_text.encode(),
                    filename=part.file_name,
                    caption=part.text or None,
                    caption_entities=_entities(part),
                    reply_markup=_keyboard(part),
                    message_thread_id=topic,
                    reply_parameters=reply,
                )
        except TelegramError as exc:
            raise translated(exc, channel) from exc
        return str(message.message_id)

    async def edit(self, channel: Channel, message_id: str, part: TelegramText) -> None:
        """Put a text in the place of a message of ours; see ``Sender.edit``. A file takes no text's place."""
        if part.file_name is not None:
            raise RefusedError(channel, "a file cannot take the place of a text")
        await self._taps.keep(dict(part.taps))
        try:
            await self._bot.edit_message_text(
                part.text,
                channel.chat,
                int(message_id),
                entities=_entities(part),
                reply_markup=_keyboard(part),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as exc:
            raise translated(exc, channel) from exc


def translated(exc: TelegramError, channel: Channel) -> SendError:  # noqa: PLR0911 - one line per error, no more
    """Return our error for the client library's."""
    match exc:
        case RetryAfter():
            return RetryAfterError(channel, seconds(exc.retry_after))
        case ChatMigrated():
            return MigratedError(channel, replace(channel, chat=str(exc.new_chat_id)))
        case Forbidden():
            return ChannelGoneError(channel, exc.message)
        case BadRequest() if "not modified" in exc.message.lower():
            return NotModifiedError(channel, exc.message)
        case BadRequest() if any(words in exc.message.lower() for words in _GONE):
            return ChannelGoneError(channel, exc.message)
        case InvalidToken():
            return TokenError(channel, exc.message)
        # BadRequest is a NetworkError to the library, so it has to come first.
        case BadRequest():
            return RefusedError(channel, exc.message)
        case NetworkError() if _was_answered(exc) or type(exc.__cause__).__name__ in _NOT_SENT:
            return TransientError(channel, exc.message)
        case _:
            return LostReplyError(channel, exc.message)


def _was_answered(exc: NetworkError) -> bool:
    """Return whether Telegram answered with a fault of its own; a 5xx is taken for a no, as Telegram means it."""
    return type(exc.__cause__).__module__.partition(".")[0] != "httpx"


def seconds(wait: int | timedelta) -> float:
    """Return a wait that Telegram asks for, in seconds."""
    return wait if isinstance(wait, int) else wait.total_seconds()


def _entities(part: TelegramText) -> list[MessageEntity]:
    return [MessageEntity(entity.kind, entity.offset, entity.length, url=entity.url) for entity in part.entities]


def _keyboard(part: TelegramText) -> InlineKeyboardMarkup | None:
    if not part.keyboard:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in part.keyboard])


def _button(button: Button) -> InlineKeyboardButton:
    copy = None if button.copy is None else CopyTextButton(button.copy)
    return InlineKeyboardButton(button.label, url=button.url, callback_data=button.data, copy_text=copy)

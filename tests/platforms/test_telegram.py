"""The test server is as strict as Telegram: spoken to by the real client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from tests.platforms.telegram import TOKEN, TelegramServer
from tests.platforms.telegram_text import cut_as_clients_do, units

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """A server that knows Ana."""
    async with TelegramServer() as server:
        server.person(7, "Ana")
        yield server


@pytest.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    """The real client."""
    async with Bot(TOKEN, telegram.base_url, telegram.base_file_url) as client:
        yield client


@pytest.mark.parametrize(
    ("text", "entities", "why"),
    [
        ("x" * 4097, [], "message is too long"),
        ("😀" * 2049, [], "message is too long"),  # 2 * 2049 = 4098 units
        (" \u200b\n", [], "message text is empty"),
        ("a 😀 b", [MessageEntity("bold", 2, 1)], "ENTITY_BOUNDS_INVALID"),
        ("abc", [MessageEntity("bold", 1, 3)], "ENTITY_BOUNDS_INVALID"),
        ("abc", [MessageEntity("bold", 0, 2), MessageEntity("bold", 1, 2)], "entities overlap"),
        ("abc", [MessageEntity("bold", 0, 2), MessageEntity("code", 1, 2)], "entities overlap"),
        ("abc", [MessageEntity("bold", 0, 1)] * 101, "too many entities"),
    ],
)
async def test_a_text_beyond_the_limits_is_refused(
    bot: Bot, text: str, entities: list[MessageEntity], why: str
) -> None:
    """Limits are counted in UTF-16 units; entities must be whole and may not overlap."""
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_message(7, text, entities=entities)


async def test_a_button_holds_64_bytes(bot: Bot) -> None:
    """Bytes, not characters."""
    with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
        await bot.send_message(
            7, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="é" * 33)]])
        )


async def test_pings_are_recorded(bot: Bot, telegram: TelegramServer) -> None:
    """Plain words are looked through as the real server does; covered ones are not."""
    await bot.send_message(7, "@durov /start @covered", entities=[MessageEntity("code", 14, 8)])
    assert [(kind, words) for kind, words, _ in telegram.posting.pings] == [
        ("mention", "@durov"),
        ("bot_command", "/start"),
    ]


async def test_a_wrong_token_or_method_is_refused(telegram: TelegramServer, bot: Bot) -> None:
    """401 and 404, in Telegram's words."""
    wrong = Bot("4242:wrong", telegram.base_url)
    with pytest.raises(InvalidToken, match="rejected by the server"):
        await wrong.initialize()
    await wrong.request.shutdown()
    with pytest.raises(TelegramError, match="not found"):
        await bot.do_api_request("noSuchMethod")


async def test_a_paste_is_cut_as_clients_cut_it(bot: Bot, telegram: TelegramServer) -> None:
    """4,096 units each: a page of 5,366 comes as two messages."""
    page = "word " * 1073 + "x"
    assert [units(part) for part in cut_as_clients_do(page)] == [4096, 1270]
    await telegram.says(telegram.posting.chats[7].person or telegram.person(7, "Ana"), page)
    updates = await bot.get_updates()
    assert [len(update.message.text or "") for update in updates if update.message] == [4096, 1270]


async def test_an_offset_confirms(bot: Bot, telegram: TelegramServer) -> None:
    """Updates come again until the next offset says that they were read."""
    ana = telegram.person(7, "Ana")
    await telegram.says(ana, "/start one")
    (update,) = await bot.get_updates()
    assert await bot.get_updates() == (update,)
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    assert telegram.unconfirmed == 0


async def test_the_first_of_two_pollers_is_cut_off(bot: Bot, telegram: TelegramServer) -> None:
    """Telegram tells the earlier one that another polls."""
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: telegram.polls == 1)
    async with Bot(TOKEN, telegram.base_url) as other:
        await other.get_updates(timeout=0)
        with pytest.raises(Conflict, match="only one bot instance"):
            await first


async def test_privacy_mode_hides_what_is_not_for_the_bot(bot: Bot, telegram: TelegramServer) -> None:
    """In groups a bot sees commands and mentions only."""
    ana, desk = telegram.person(7, "Ana"), telegram.group(-1001, "Desk")
    for text in ("hello all", "/quotes moor", "@onrecord_test_bot what", "/quotes@other_bot x"):
        await telegram.says(ana, text, chat=desk)
    seen = [update.message.text for update in await bot.get_updates() if update.message]
    assert seen == ["/quotes moor", "@onrecord_test_bot what"]


async def test_a_tap_is_answered_once(bot: Bot, telegram: TelegramServer) -> None:
    """A second answer comes too late."""
    ana = telegram.person(7, "Ana")
    await bot.send_message(
        7, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="/q1")]])
    )
    query = await telegram.taps(ana, telegram.posting.sent[0], "Go")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "/q1"
    await bot.answer_callback_query(query, "Thank you.")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)


async def test_a_file_can_be_fetched(bot: Bot, telegram: TelegramServer) -> None:
    """Bytes as they were sent."""
    await telegram.uploads(telegram.person(7, "Ana"), "page.txt", "Die Häfen".encode())
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == "Die Häfen".encode()

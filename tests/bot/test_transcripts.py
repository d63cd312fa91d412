"""The transcripts on Telegram, on Slack and on a terminal, about an invented page: what is said is the same everywhere."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handlers.alerts import AlertComposer
from handlers.answering import answer
from handlers.claiming import make_claim
from handlers.composing import composed
from tests.bot.dialogues import SlackTalk, Talk, TelegramTalk, TerminalTalk
from tests.bot.slack_chat import chatting as slack_chatting
from tests.bot.telegram_chat import Asked
from tests.bot.telegram_chat import chatting as telegram_chatting
from tests.handlers.dialogue import desk_of
from tests.handlers.pages import DAM, HARBOUR, analysis_of
from tests.platforms.slack import SlackServer
from tests.platforms.telegram import TelegramServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from handlers.desk import Desk
    from store.database import Database

PAGE = (Path(__file__).parents[1] / "data" / "lookalike.txt").read_text(encoding="utf-8")


async def at_once(_: float) -> None:
    """Let what waits for silence wait no time: the loop turns once."""
    await asyncio.sleep(0.05)


async def code_for(desk: Desk) -> str:
    """Return a claim code, as the terminal prints one."""
    return await make_claim(desk, random.Random(1))  # noqa: S311 - a test's code may be guessed


@asynccontextmanager
async def on_telegram(database: Database) -> AsyncIterator[Talk]:
    """Yield the private chat of the operator on Telegram."""
    desk = desk_of(database)
    async with (
        TelegramServer() as server,
        telegram_chatting(server, Asked(), answer=partial(answer, desk=desk), wait=at_once),
    ):
        talk = TelegramTalk(server, server.person(7, "Ana", "ana"))
        await talk.says(f"/start claim-{await code_for(desk)}", "You are its operator.", "[Add 2 starter feeds]")
        yield talk


@asynccontextmanager
async def on_slack(database: Database) -> AsyncIterator[Talk]:
    """Yield the operator's direct message on Slack."""
    desk = desk_of(database)
    async with SlackServer() as server:
        server.channel("D1")
        async with slack_chatting(server, Asked(), answer=partial(answer, desk=desk)):
            talk = SlackTalk(server)
            await server.slash("U7", "D1", "/onrecord", f"claim {await code_for(desk)}")
            assert "You are its operator." in (await server.answer()).text
            yield talk


@asynccontextmanager
async def on_terminal(database: Database) -> AsyncIterator[Talk]:
    """Yield a terminal."""
    yield TerminalTalk(desk_of(database, is_open=True))


@pytest.fixture(params=[on_telegram, on_slack, on_terminal])
async def talk(request: pytest.FixtureRequest, opened: Database) -> AsyncIterator[Talk]:
    """Yield a private chat on each platform."""
    async with asyncio.timeout(60), request.param(opened) as talk:
        yield talk


async def test_a_page_is_pasted(talk: Talk) -> None:
    """Transcript 3: two messages of a client, one answer."""
    await talk.says(
        PAGE,
        "Foreign patrols on Lumerian rivers would be 'fair game for our gunboats,’ Belsky says",
        "By Noor Adeline · no outlet, date or address on the page",
        "Grellin will regard any foreign vessel on Lumerian rivers as “fair game for our gunboats”",
        "Anton Belsky",
        "“If any patrols turn up on these rivers",
        "“And if a settlement is signed that brings calm",
        "3 of 20 sentences, unchanged. Left out: 4 captions, menus, 3 teasers.",
        "Only this chat sees the page.",
    )
    await talk.taps("All ", " quotes, in all.", "Etienne Marchais")
    await talk.says(
        "/summary", "[All 9 quotes]", "[Longer]", "[Add its address]", "[Share with all chats]", "[Delete page]"
    )
    await talk.taps("Add its address", "address 1 https://…")


async def test_quotes_are_asked_for(talk: Talk) -> None:
    """Transcripts 2, 6, 7 and 8."""
    await talk.says(PAGE, "Only this chat sees the page.")
    await talk.says(
        "/quotes belsky",
        "Anton Belsky",
        " quotes on 1 page",
        "“If any patrols turn up",
        "Belsky stressed in his opening address at the Southern Shipping Congress in Port Grell",
        "insisted Belsky",
        "read as Belsky",
        "carried on from the quote before.",
    )
    await talk.taps("CSV", "Anton Belsky: 7 quotes, one a line.")
    await talk.says(
        "/quotes marchais league", "nothing. Without “league”: 1 quote.", "[Show it]", "[Anyone about “league”: 1]"
    )
    await talk.says("/quotes belskky", "Showing Anton Belsky for “belskky”.", " quotes on 1 page")
    await talk.says(
        "what did belsky say about league", "/quotes belsky about league", "about “league” · 1 quote on 1 page"
    )
    await talk.says("/quotes whitlock", "named, but not quoted, on 1 page.", "Alden Whitlock noted that this plan")
    await talk.says("/quotes lavrov", "Nobody called “lavrov” on the 1 page I have read; I follow no sources yet.")
    await talk.says(
        "/quotes lavrov", "Quoted here:", "[Anton Belsky 7]", "[Etienne Marchais 1]", "[Calder Finch 1]",
        "[Add 2 starter feeds]", "[Tell me when Lavrov is quoted]",
    )  # fmt: skip
    await talk.says("/q1", "Anton Belsky", "Why Anton Belsky: behind the quote stands", "Paragraph 3 of 19")
    await talk.says("/quotes", "Usage: ")


async def test_somebody_is_subscribed_to(talk: Talk) -> None:
    """Transcript 5, and the question of transcript 6."""
    await talk.says(PAGE, "Only this chat sees the page.")
    await talk.says("/subscribe belskky", "Do you mean Anton Belsky? Nothing is set up yet.")
    await talk.taps("Yes", "Anton Belsky: one message here for each article with a new quote. On now.", "Newest so far")
    await talk.says("/subscribe", "Anton Belsky, at once")


async def test_a_briefing_is_planned(talk: Talk) -> None:
    """With the zone of the chat."""
    await talk.says("/settings Berlin", "Times here are now those of Europe/Berlin")
    await talk.says("/briefing weekdays 08:00", "Briefing here: weekdays at 08:00. Next: Monday 08:00 CEST.")
    await talk.says("/briefing", "Nothing new since", "Briefing here: weekdays at 08:00.")
    await talk.says("/help", "What can be asked", "/quotes", "briefing weekdays 08:00")


async def test_a_sample_is_shown(talk: Talk) -> None:
    """Transcript 1: what it does, before there is anything to do it with; nothing is kept of it."""
    await talk.says("/start", "On Record reads the news", "It reads no sources yet.")
    await talk.says("/sample", "A sample about invented people", "Lost portrait found", "Wilhelmina Stroud")
    await talk.says("/summary", "I have read nothing yet.")


async def test_a_button_changes_its_message(opened: Database) -> None:
    """Where that is what the tap means."""
    async with asyncio.timeout(60), on_telegram(opened) as talk:
        await talk.says(PAGE, "Only this chat sees the page.")
        await talk.says("/subscribe marchais", "Etienne Marchais: one message here")
        await talk.taps("Daily", "Etienne Marchais: told in the morning at 08:00.")


async def test_a_name_that_is_taken_back_stays_away(talk: Talk, opened: Database) -> None:
    """Whoever prints the words with the wrong name afterwards: it is neither listed nor told, and the card says why."""
    desk = desk_of(opened)
    await desk.ingest.save(analysis_of(DAM, url="https://post.example/dam"))
    await talk.says("/quotes vos", "Piet Vos", "We will rebuild the gates before winter", "q1")
    await talk.says("/subscribe vos", "Piet Vos: one message here")
    await talk.says("/q1", "Why Piet Vos")
    await talk.taps("Wrong speaker", "q1 is not listed in this chat any more. You are the operator here")
    await talk.taps("Nobody", "The name is taken back everywhere; the words stay.")
    await desk.ingest.save(analysis_of(DAM.replace("Dam at", "The dam at"), url="https://courier.example/dam"))
    await desk.ingest.save(analysis_of(HARBOUR, url="https://courier.example/harbour"))
    assert await composed(await AlertComposer(opened, desk.bars, desk.now).due()) == 1
    assert "rebuild" not in await talk.says("/quotes vos", "Nobody likes a bill")
    await talk.says("/quotes about rebuild", "We will rebuild the gates before winter")
    await talk.says("/q1", "Speaker not named for certain", "The operator of this On Record took back whose it is.")

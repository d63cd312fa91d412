"""What comes by itself, set up in chat: subscriptions, briefings, sources, time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handlers.command import Moved, Pasted, Presence
from handlers.presence import on_presence
from handlers.settings import zones_named
from tests.handlers.dialogue import ANA, NOON, PETR, Chat, desk_of
from tests.handlers.pages import DAM, HARBOUR

if TYPE_CHECKING:
    from store.database import Database

GROUP = "telegram:-100"
URL = "https://post.example/dam"


async def test_a_subscription_says_what_will_come(chat: Chat) -> None:
    """Transcript 5: what is searched, the newest quote so far, and how soon it is told."""
    await chat.says("/sources starters")
    await chat.reads(DAM, URL)
    await chat.says(
        "/subscribe pardo",
        "Ana Pardo: one message here for each article with a new quote. On now.",
        "Searched: 2 sources, the busy ones every 5 minutes.",
        "Newest so far:",
        "“The dam held because the rain stopped at midnight",
        "[At once ✓] [Hourly] [Daily] [Only about …] [Undo]",
    )
    await chat.taps("Daily", "Ana Pardo: told in the morning at 08:00.", "[Daily ✓]")
    assert chat.last is not None
    assert chat.last.in_place
    await chat.taps("Only about", "/subscribe Ana Pardo about …")
    await chat.says("/subscribe pardo", "It was on already.", "[End]")
    await chat.says("/subscribe", "Ana Pardo, daily")
    await chat.taps("End Ana", "Ana Pardo: ended.")
    await chat.taps("Subscribe again", "On now.")
    await chat.says("/unsubscribe pardo", "Ana Pardo: ended.")
    await chat.says("/unsubscribe", "Nothing is subscribed here.")


async def test_an_alert_can_be_muted(chat: Chat) -> None:
    """For hours, told in the chat's zone."""
    await chat.says("/settings Berlin", "Europe/Berlin")
    await chat.says("/subscribe pardo")
    await chat.says("/mute 1 24", "nothing before 7 September 2026, 10:00 CEST")
    await chat.taps("Unmute", "told again from now on")


async def test_two_people_of_one_name_are_asked_about(chat: Chat) -> None:
    """Nothing is guessed where two are quoted."""
    await chat.reads(DAM, URL)
    await chat.reads(HARBOUR.replace("Piet Vos", "Ria Vos"), "https://post.example/harbour")
    await chat.says("/quotes vos", "Who of these is “vos”?", "[Piet Vos")
    await chat.taps("Ria Vos", "Ria Vos · 1 quote on 1 page")
    await chat.says("/subscribe vos", "Who of these is “vos”? Nothing is set up yet.")
    await chat.taps("Ria Vos", "Ria Vos: one message here")


async def test_a_briefing_is_planned(chat: Chat) -> None:
    """For days and times of the chat's zone; planning anew takes the place of what was planned."""
    await chat.says("/briefing", "Nothing new since", "No briefing comes here by itself yet.")
    await chat.says(
        "/briefing weekdays 08:00", "Briefing here: weekdays at 08:00. Next: Monday 08:00 UTC.", "/settings"
    )
    await chat.says("/settings Berlin", "Briefings follow it.")
    await chat.says("/briefing daily 8am 18:00", "Briefing here: daily at 08:00 and 18:00. Next: Sunday 18:00 CEST.")
    await chat.reads(DAM, URL)
    await chat.says("/briefing", "Dam at Vessin holds", "Briefing here: daily at 08:00 and 18:00.")
    await chat.says(
        "/briefing change", "daily at 08:00 and 18:00", "Usage: ", "[Daily at 08:00] [Weekdays at 08:00] [Off]"
    )
    await chat.says("/briefing daily 08:00")
    await chat.says("/briefing change", "[Weekdays at 08:00] [Off]")
    await chat.says("/briefing daily 08:00 18:00")
    await chat.says("/briefing")
    await chat.taps("No briefings", "No briefing comes here by itself any more.", "[Again daily at 08:00 and 18:00]")
    assert chat.buttons[0].command == "/briefing daily 08:00 18:00"
    await chat.taps("Again", "Briefing here: daily at 08:00 and 18:00")
    await chat.says("/briefing off", "any more")
    await chat.says("/briefing off", "No briefing was planned here.")
    await chat.says("/briefing change", "No briefing comes here by itself.", "[Daily at 08:00]")


async def test_all_quotes_of_a_briefing(chat: Chat) -> None:
    """Article by article; one that is gone is passed over."""
    await chat.reads(DAM, URL)
    await chat.reads(HARBOUR, "https://post.example/harbour")
    await chat.says("/all 1 2 99", "Dam at Vessin", "4 quotes, in all.", "Harbour fees", "1 quote, in all.", "Piet Vos")
    await chat.says("/all 99", "I do not have this page any more.")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("monday", "A briefing needs a time."),
        ("at noon", "I do not understand “noon”."),
        ("25:00", "I do not understand “25:00”."),
        ("🙂 08:00", "I do not understand “🙂”."),
        ("x" * 4000, "I do not understand"),
        ("08:00 " * 99, "I do not understand “08:00"),
    ],
)
async def test_a_plan_that_is_none(chat: Chat, asked: str, answer: str) -> None:
    """The word that is not understood is named."""
    await chat.says(f"/briefing {asked}", answer)


async def test_sources_are_listed_added_and_removed(chat: Chat) -> None:
    """By the operator; others see them."""
    await chat.says("/sources", "I follow no sources yet.", "[Add 2 starter feeds]")
    await chat.says("/sources add vessin.example", "Vessin Post is followed.")
    await chat.says("/sources", "1 source · 1 gave nothing in the last day", "1 · Vessin Post", "not read yet")
    await chat.says("/sources https://broken.example/", "I could not add it: no feed was found there.")
    await chat.says("/sources add ftp:x", "That is no address")
    await chat.says("/sources add", "That is no address")
    await chat.says("/sources frob", "I do not understand “frob”.")
    await chat.says("/sources remove 99", "There is no source of that number")
    await chat.says("/sources pause 1", "Vessin Post is not read any more.", "[Resume]")
    await chat.says("/sources", "not read any more: Paused by an operator.")
    await chat.says("/sources pause 9", "There is no source of that number")
    await chat.says("/sources resume 1", "It is read again")
    await chat.says("/sources fulltext 1 never", "Pages of articles are never fetched")
    await chat.says("/sources fulltext 1 sometimes", "Say when the pages")
    await chat.says("/sources fulltext 9 auto", "There is no source of that number")
    await chat.says("/sources remove 1", "Vessin Post is followed no more.")
    petr = Chat(chat.desk, PETR, PETR)
    await petr.says("/start")
    await chat.says(f"/letin {PETR}")
    await petr.says("/sources starters", "Only the operator")


async def test_the_demonstration_dials_nothing(opened: Database) -> None:
    """It says so, and everybody at the terminal is its operator."""
    chat = Chat(desk_of(opened, follower=None, is_open=True), "terminal:here", "terminal:here")
    said = await chat.says(
        "/subscribe vos", "one message here", "It would come like this; but this is the demonstration"
    )
    assert "On now" not in said
    assert "Add one" not in await chat.says("/sources", "This is the demonstration: it follows no sources")
    await chat.says("/start", "On Record reads the news")
    await chat.says("/sources add https://vessin.example", "This is the demonstration")
    await chat.says("/sources starters", "This is the demonstration")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("", "Times here are those of UTC"),
        ("zone europe/berlin", "Europe/Berlin, where it is 10:00."),
        ("new york", "America/New_York, where it is 04:00."),
        ("berln", "Which one is “berln”?"),
        ("Atlantis", "I know no time zone or city called “Atlantis”."),
        ("🙂", "I know no time zone or city called “🙂”."),
        ("../../etc/passwd", "I know no time zone"),
        ("x" * 4000, "I know no time zone"),
    ],
)
async def test_time_zone(chat: Chat, asked: str, answer: str) -> None:
    """By a city's name in any case; a near spelling is asked about."""
    await chat.says(f"/settings {asked}", answer)


def test_zones_go_by_their_city() -> None:
    """What is spelt alike is only offered."""
    assert zones_named("Asia/Tokyo") == (["Asia/Tokyo"], False)
    assert zones_named("tokio") == (["Asia/Tokyo"], True)


async def test_files_are_read_by_their_kind(chat: Chat) -> None:
    """Text, HTML and mail; anything else says what is taken."""
    await chat.sends(Pasted("dam.txt", DAM.encode()), "Dam at Vessin holds through the night")
    paragraphs = "".join(f"<p>{part}</p>" for part in HARBOUR.split("\n\n") * 2)
    html = (
        f"<html><head><title>Harbour</title></head><body><article><h1>Harbour</h1>{paragraphs}</article></body></html>"
    )
    await chat.sends(Pasted("harbour.html", html.encode()), "Harbour fees")
    await chat.sends(Pasted("picture.png", b"\x89PNG"), "Files of the kind .png cannot be read.")
    await chat.sends(Pasted("empty.txt", b""), "This file holds no text.")
    await chat.says("", "I could not read film.mp4. I take a link", unread_file="film.mp4")


async def test_links_are_read_once(chat: Chat) -> None:
    """A link alone, a link with a word, a link in what is replied to; what is known already is not fetched again."""
    chat.desk.reader.pages["https://post.example/dam"] = DAM  # type: ignore[attr-defined] # the tests' reader
    await chat.says("https://post.example/dam?utm_source=x", "Dam at Vessin holds", "Only this chat sees the page.")
    chat.desk.reader.pages.clear()  # type: ignore[attr-defined] # the same
    await chat.says("look: https://post.example/dam", "Dam at Vessin holds")
    await chat.says("/summary", "Dam at Vessin", replied_text="https://post.example/dam")
    await chat.says("/summary https://elsewhere.example", "I could not read it: the site answered HTTP 404.")
    await chat.says("/summary", "Dam at Vessin", replied_text=DAM)
    await chat.says("/summary", "too short for an article", replied_text="Good morning")
    await chat.says("Breaking", "too short for an article", forwarded=True)


async def test_a_group_is_silent_about_what_is_not_for_it(chat: Chat) -> None:
    """Small talk that reaches us is left alone; questions are answered."""
    group = Chat(chat.desk, GROUP, ANA, private=False)
    assert await group.says("thanks") == ""
    await group.says("what did lavrov say", "I have read nothing yet")


async def test_who_was_let_in_brings_us_into_a_group(chat: Chat) -> None:
    """Then it is greeted; brought by others, we stay silent. Thrown out, we pause; a moved group stays itself."""
    await on_presence(
        Presence(chat.channel.parse("telegram:-200"), is_present=True, user=PETR, received_at=NOON), chat.desk
    )
    assert await chat.queued("telegram:-200") == []
    here = Presence(chat.channel.parse(GROUP), is_present=True, user=ANA, received_at=NOON)
    await on_presence(here, chat.desk)
    assert [text.partition(":")[0] for text in await chat.queued(GROUP)] == ["On Record is here"]
    group = Chat(chat.desk, GROUP, ANA, private=False)
    await group.says("/subscribe vos", "On now.")
    await on_presence(Moved(group.channel, group.channel.parse("telegram:-300"), NOON), chat.desk)
    moved = Chat(chat.desk, "telegram:-300", PETR, private=False)
    await moved.says("/subscribe", "Vos, at once")
    await on_presence(Presence(moved.channel, is_present=False, user=None, received_at=NOON), chat.desk)
    async with chat.desk.database.reading() as db:
        settings = await chat.desk.channels.get(db, "telegram:-300")
    assert settings is not None
    assert settings.paused_reason == "removed or blocked"


async def test_a_subject_takes_the_place_of_everything(chat: Chat) -> None:
    """Who narrows a subscription down does not want the rest as well; how soon it is told stays."""
    await chat.reads(DAM, URL)
    await chat.says("/subscribe vos")
    await chat.taps("Hourly")
    await chat.says("/subscribe vos about gates", "On now, in the place of all they say.", "[Hourly ✓]")
    await chat.says("/subscribe", "Piet Vos about “gates”, hourly\n[End Piet Vos")
    await chat.says("/subscribe vos about money", "Piet Vos about “money”: one message here", "On now.")
    await chat.says("/subscribe", "about “gates”", "about “money”")


LONG_NAME = "Maximilian Amadeus " + "von und zu " * 6 + "Vessin"


@pytest.mark.parametrize(
    "typed",
    [
        f"/subscribe {LONG_NAME}",
        f"/unsubscribe {LONG_NAME} of Lenn",
        "/subscribe",
        f"/unsubscribe {LONG_NAME}",
        f"/merge {LONG_NAME} of Lenn into vos",
        f"/rename {LONG_NAME} of Lenn to Vos",
        f"/tellname {LONG_NAME}",
    ],
)
async def test_no_more_than_sixty_characters_are_said_back(chat: Chat, typed: str) -> None:
    """Whoever writes a novel behind a command knows it already."""
    if typed.endswith(("Vessin", "/subscribe")):
        await chat.says(f"/subscribe {LONG_NAME}")
    said = await chat.says(typed)
    assert "Maximilian Amadeus von und zu von und zu" in said
    assert LONG_NAME not in said


async def test_who_may_add_no_source_is_not_told_to(chat: Chat) -> None:
    """Sources are everybody's, so only operators add some."""
    petr = Chat(chat.desk, PETR, PETR)
    await petr.says("/start")
    await chat.says(f"/letin {PETR}")
    assert "Add one" not in await petr.says("/sources", "I follow no sources yet; the operator")
    await chat.says("/sources", "I follow no sources yet.", "Add one: /sources add")

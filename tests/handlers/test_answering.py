"""Who gets an answer, and the dialogues of the transcripts on an invented page."""

from __future__ import annotations

import csv
import random
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from handlers.claiming import make_claim
from summaries.message import File
from tests.handlers.dialogue import ANA, PETR, Chat
from tests.handlers.pages import DAM

if TYPE_CHECKING:
    from handlers.desk import Desk

GROUP = "telegram:-100"


async def test_the_first_start_makes_an_operator(desk: Desk) -> None:
    """Transcript 1: the code of the terminal, once; then what to do first."""
    code = await make_claim(desk, random.Random(1))  # noqa: S311 - a test's code may be guessed
    chat = Chat(desk)
    await chat.says(f"/start claim-{code}", "You are its operator. Nobody else can use it", "reads no sources yet")
    await chat.taps("See a sample", "invented people", "Lost portrait found", "Wilhelmina Stroud")
    await chat.says("/quotes stroud", "I have read nothing yet")
    await Chat(desk, PETR, PETR).says(f"/start claim-{code}", "This code is not known here, was used")


async def test_a_group_is_asked_about_by_its_name(chat: Chat) -> None:
    """No operator knows a group by its number; a new name is kept with the next command."""
    group = Chat(chat.desk, "telegram:-100", PETR, private=False)
    await group.says("/help", "I have asked its operator", channel_name="City desk")
    assert await chat.queued(ANA) == ["@petr would like to use On Record in City desk.\n[Let in] [Refuse]"]
    await chat.says("/letin telegram:-100", "City desk is let in.")
    await group.says("/help", "What can be asked", channel_name="World desk")
    await chat.says("/refuse telegram:-100", "World desk is refused.")


async def test_a_stranger_waits_for_the_operator(chat: Chat) -> None:
    """The operator is asked once, lets in with a tap, and both are told."""
    stranger = Chat(chat.desk, PETR, PETR)
    await stranger.says("/start", "This On Record is private. I have asked its operator to let you in.")
    await stranger.says("/quotes vos", "This On Record is private.")
    assert await chat.queued(ANA) == ["@petr would like to use On Record.\n[Let in] [Refuse]"]
    await chat.says(f"/letin {PETR}", "@petr is let in.")
    assert [text.partition(".")[0] for text in await chat.queued(PETR)] == ["You are let in"]
    await stranger.says("/start", "On Record reads the news")


async def test_nobody_is_let_in_by_others(chat: Chat) -> None:
    """Only operators decide, and a refusal holds."""
    stranger = Chat(chat.desk, PETR, PETR)
    await stranger.says(f"/letin {PETR}", "This On Record is private.")
    await chat.says(f"/refuse {PETR}", "@petr is refused.")
    assert await stranger.says("/start") == "This On Record is private."
    await chat.says(f"/refuse {ANA}", "An operator cannot be refused.")


async def test_who_is_refused_is_sent_nothing_more(chat: Chat) -> None:
    """What comes by itself ends, until they are let in again."""
    petr = Chat(chat.desk, PETR, PETR)
    await petr.says("/start")
    await chat.says(f"/letin {PETR}")
    await petr.says("/subscribe vos", "On now.")
    for asked, reason in ((f"/refuse {PETR}", "refused by the operator"), (f"/letin {PETR}", None)):
        await chat.says(asked)
        async with chat.desk.database.reading() as db:
            settings = await chat.desk.channels.get(db, PETR)
        assert settings is not None
        assert settings.paused_reason == reason


async def test_a_group_is_let_in_by_who_is(chat: Chat) -> None:
    """Nobody is answered in a group before somebody who was let in used it there; then everybody is."""
    strangers = Chat(chat.desk, GROUP, PETR, private=False)
    await strangers.says("/quotes", "This On Record is private.")
    await Chat(chat.desk, GROUP, ANA, private=False).says("/help", "What can be asked")
    await strangers.says("/quotes", "Usage: /quotes")
    await strangers.says("/subscribe vos", "only administrators"[5:])


async def test_a_pasted_page_is_answered_at_once(pasted: Chat) -> None:
    """Transcript 3: title, origin, sentences, key quotes; and only this chat sees it."""
    await pasted.says(
        "/summary",
        "Foreign patrols on Lumerian rivers would be 'fair game for our gunboats,’ Belsky says",
        "By Noor Adeline · no outlet, date or address on the page",
        "•",
        "Anton Belsky",
        "“If any patrols turn up on these rivers",
        "“And if a settlement is signed that brings calm",
        "3 of 20 sentences, unchanged. Left out: 4 captions, menus, 3 teasers.",
        "Only this chat sees the page.",
        "[All ",
        " quotes] [Longer] [Add its address] [Share with all chats] [Delete page]",
    )
    await pasted.taps("Longer", "8 of 20 sentences, unchanged.")
    await pasted.says("/summary")
    await pasted.taps("All ", " quotes, in all.", "/q1 /q2")
    await pasted.says("/summary")
    await pasted.taps("Delete", "is deleted")
    await pasted.says("/summary", "I have read nothing yet.")


async def test_a_longer_summary_holds_no_dateline(chat: Chat) -> None:
    """As the first one does not; where nothing else is left to tell, no longer one is offered."""
    facts = [
        f"The {name} bridge of Vessin was closed on Friday after the rain." for name in ["old", "new", "long", "low"]
    ]
    text = "\n\n".join(["Bridges closed", "VESSIN, Sept. 5 (VNA) —", "By Oona Marchetti", *facts])
    await chat.reads(text, "https://post.example/1")
    await chat.says("/summary", "Bridges closed", "3 of 6 sentences", "[Longer]")
    told = await chat.taps("Longer", "Bridges closed", "4 of 6 sentences")
    assert "VNA" not in told
    assert "Marchetti" not in told
    await chat.reads("\n\n".join(text.split("\n\n")[:-1]), "https://post.example/2")
    assert "[Longer]" not in await chat.says("/summary", "3 of 5 sentences")


async def test_what_is_pasted_stays_in_its_chat(pasted: Chat) -> None:
    """Another chat of this On Record finds neither page nor speaker."""
    group = Chat(pasted.desk, GROUP, ANA, private=False)
    await group.says("/summary", "I have read nothing yet.")
    await group.says("/quotes belsky", "I have read nothing yet")


async def test_quotes_of_a_speaker(pasted: Chat) -> None:
    """Transcript 2: statements whole, the printed speaker words, numbers, fragments in their sentences."""
    await pasted.says(
        "/quotes belsky",
        "Anton Belsky · ",
        " quotes on 1 page",
        "“If any patrols turn up",
        "“And if a settlement is signed",
        "“If these papers are signed",
        "Belsky stressed in his opening address at the Southern Shipping Congress in Port Grell · /q1 /q2 /q3",
        "“River guarantees must be for both, Kharvia and Lumeria”",
        "insisted Belsky",
        "read as Belsky · /q6 /q7",
        "¹ No name beside it on the page; carried on from the quote before.",
        "By Noor Adeline · handed in 6 September 2026, 08:00 UTC · no outlet, date or address on the page",
        "[Tell me when Anton Belsky is quoted] [CSV]",
    )
    await pasted.says(
        "/quotes marchais",
        "Etienne Marchais · 1 quote on 1 page, in part",
        "In part (the reporter’s sentences; quoted words bold)",
        "What the members of the so-called Circle of the Ready were prepared to send was a “calming presence” for",
    )


async def test_quotes_come_as_a_table(pasted: Chat, page: str) -> None:
    """One line each, with where it stands; what a spreadsheet would calculate is shown as it is."""
    await pasted.says("/quotes belsky")
    await pasted.taps("CSV", "Anton Belsky: 7 quotes, one a line.", "[quotes-anton-belsky.csv]")
    assert pasted.last is not None
    (file,) = (block for block in pasted.last.blocks if isinstance(block, File))
    rows = list(csv.DictReader(StringIO(file.text)))
    assert {row["speaker"] for row in rows} == {"Anton Belsky"}
    assert all(row["quote"] in page for row in rows)
    assert {row["number"] for row in rows} == {"q1", "q2", "q3", "q4", "q5", "q6", "q7"}
    await pasted.says("/quotes belsky about league")
    await pasted.taps("CSV", "Anton Belsky: 1 quote, one a line.")
    await pasted.says("/csv 99", "I do not know this person")
    await pasted.says("/csv", "Usage: ")


async def test_a_formula_in_a_quote_is_shown_not_calculated(chat: Chat) -> None:
    """A page may print anything between its marks."""
    await chat.reads(
        DAM.replace("We will rebuild the gates", "=HYPERLINK(1), we will rebuild the gates"), "https://post.example/dam"
    )
    await chat.says("/quotes vos")
    await chat.taps("CSV")
    assert chat.last is not None
    (file,) = (block for block in chat.last.blocks if isinstance(block, File))
    assert any(row["quote"].startswith("'=HYPERLINK") for row in csv.DictReader(StringIO(file.text)))


async def test_a_misspelt_name(pasted: Chat) -> None:
    """Transcript 6: one near name is shown and said; to subscribe it is asked."""
    await pasted.says("/quotes belskky", "Showing Anton Belsky for “belskky”.", "Anton Belsky · ", " quotes on 1 page")
    await pasted.taps("Not who I meant", "Nobody called “belskky” on the 1 page I have read")
    await pasted.says(
        "/quotes marchais league",
        "Etienne Marchais, about “league”: nothing. Without “league”: 1 quote.",
        "[Show it] [Anyone about “league”: 1]",
    )
    await pasted.taps("Show it", "Etienne Marchais · 1 quote on 1 page, in part")
    await pasted.says("/subscribe belskky", "Do you mean Anton Belsky? Nothing is set up yet.", "[Yes, Anton Belsky]")
    await pasted.taps("No, “belskky”", "Nobody called “belskky” is known so far")
    await pasted.says(
        "what did belsky say about league",
        "(as /quotes belsky about league)",
        "Anton Belsky, about “league” · 1 quote on 1 page",
        "read as Anton Belsky",
    )


async def test_three_kinds_of_nothing(pasted: Chat) -> None:
    """Transcript 7: named and reported, named only, unknown."""
    await pasted.says(
        "/quotes whitlock",
        "Alden Whitlock: named, but not quoted, on 1 page. Reported without quotation marks:",
        "The Delmarian president and Norland Prime Minister Alden Whitlock noted that",
        "That is the reporter’s wording, so it is not listed as a quote.",
        "[Tell me when Alden Whitlock is quoted]",
    )
    await pasted.says(
        "/quotes lavrov",
        "Nobody called “lavrov” on the 1 page I have read; I follow no sources yet.",
        "Quoted here:",
        "[Anton Belsky 7]",
        "[Add 2 starter feeds] [Tell me when Lavrov is quoted]",
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/quotes", "Usage: /quotes"),
        ("/quotes   ?", "Usage: /quotes"),
        ("/quotes 🙂", "Nobody called “🙂”"),
        ("/quotes " + "x" * 4000, "Nobody called “xxx"),
        ("/quotes about", "Usage: /quotes"),
        ("/quotes " + "x" * 500, "Nobody called “" + "x" * 60 + " […]” on"),
        ("/quotes belsky since banana", "“banana” is no time such as 24h, 7d"),
        ("/quotes belsky since 2026-02-30", "“2026-02-30” is no time such as 24h, 7d"),
        ("help", "What can be asked"),
        ("Help!", "What can be asked"),
        ("q 12", "Do you mean /q12?"),
        ("briefing weekdays 08:00", "Commands begin with a slash. Do you mean /briefing weekdays 08:00?"),
        ("/subscribe", "Usage: /subscribe belsky, /subscribe belsky about peace"),
        ("/subscribe belsky since 7d", "it has no “since”.\nUsage: /subscribe belsky"),
        ("/quotes about zzzz", "Try /summary zzzz for the news."),
        ("/quotes about zzzz yyyy", "One word finds more than several; try /summary zzzz yyyy"),
        ("/q", "Usage: /q1 opens the proof"),
        ("/summary zzzz", "None of the 1 article I have read holds “zzzz”."),
        ("/summary zzzz yyyy", "holds all of “zzzz yyyy”.\nFewer words find more: /summary zzzz"),
        ("/undo", "There is no change that could be undone"),
        ("/undo 1", "There is no change that could be undone"),
        ("/quotes \u202eatad", "Nobody called"),
        ("/quotes \x00\ud800", "Nobody called"),
        ("/quotes " + "word " * 99, "Nobody called"),
        ("/by 99999999999999999999", "Usage: /quotes"),
        ("/by 77", "I do not know this person"),
        ("/where x", "I do not know this person"),
        ("/all x", "I do not have this page"),
        ("/delete 99", "I do not have this page"),
        ("/mode", "Usage: /mode"),
        ("/mode 9 hourly", "no such subscription"),
        ("/mute 1 0", "Usage: /mute"),
        ("/unmute", "Usage: /unmute"),
        ("/unsubscribe nobody", "Nothing called “nobody” is subscribed here."),
        ("/subscribe about nato", "A subscription needs a name"),
        ("/subscribe " + "x" * 500, "too long for a name"),
        ("/summary " + "w " * 99, "None of the 1 article I have read holds all of"),
        ("/summary https://nowhere.example/x", "I could not read it: the site answered HTTP 404."),
        ("/sumary", "Do you mean /summary?"),
        ("/\u202e", "I do not know what to make of"),
        ("who is anton belsky?", "what did Anton Belsky say about …. Do you mean this?\n[Quotes of Anton Belsky]"),
        ("was hat Belsky gesagt", "[Quotes of Anton Belsky]"),
        ("who is lavrov", "I do not know what to make of “who is lavrov”."),
        ("hello", "I do not know what to make of “hello”."),
        ("", "There is nothing in it that I can read."),
        ("x" * 4000, "article"),
    ],
)
async def test_whatever_is_typed_is_answered(pasted: Chat, text: str, answer: str) -> None:
    """With what is wrong, or with what can be done."""
    await pasted.says(text, answer)

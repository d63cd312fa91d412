"""The proof card of a quote, and what is done when somebody calls it wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from handlers.alerts import AlertComposer
from handlers.composing import composed
from handlers.ingest import Ingest
from handlers.reasons import REASONS
from summaries.message import Paragraph
from summaries.values import Bars
from tests.handlers.dialogue import ANA, PETR, Chat
from tests.handlers.pages import DAM, analysis_of

if TYPE_CHECKING:
    from handlers.desk import Desk

URL = "https://post.example/dam"
BARS = Bars(asked=0.1, pushed=0.2)  # whoever is named is told


@pytest.fixture
async def dam(chat: Chat) -> Chat:
    """Return the operator's chat of a desk that read a shared article, its quotes numbered."""
    await chat.reads(DAM, URL)
    await chat.says("/quotes vos", "/q1")
    return chat


async def test_proof_shows_paragraph_reason_and_place(pasted: Chat) -> None:
    """Transcript 8: the quote bold in its paragraph, after the one that it is carried on from."""
    await pasted.says("/quotes belsky")
    await pasted.says(
        "/q2",
        "Anton Belsky, carried on",
        '"If any patrols turn up on these rivers',
        "Belsky stressed in his opening address",
        '"And if a settlement is signed that brings calm',
        "Why Anton Belsky: no name stands beside these words; the quote before them is by “Belsky”.",
        "sent only together with the quote before it",
        "Paragraph 4 of 19 · By Noor Adeline · handed in 6 September 2026, 08:00 UTC · no outlet, date or address on the page",
        "printed in English; the page does not say in which language it was spoken",
        "[Copy] [Wrong speaker] [Not a quote] [Cut wrong]",
    )


async def test_who_is_perhaps_quoted_is_not_called_unquoted(dam: Chat) -> None:
    """Below the bar the printed sentence is shown with its proof; what an operator took back is certain again."""
    unsure = Chat(replace(dam.desk, bars=Bars(asked=0.9999, pushed=0.9999)))
    said = await unsure.says(
        "/quotes vos",
        "Piet Vos: perhaps quoted, not certain enough to say so. As it is printed:",
        "“We will rebuild the gates before winter,” Vos said.",
        "/q1 · ",
        "Vessin Post",
        "[Show where]",
    )
    assert "not quoted" not in said
    assert unsure.quoted
    assert [one for one in unsure.quoted if one not in DAM] == []
    async with dam.desk.database.writing() as db:
        for quote_id in (1, 2, 3, 4):
            await dam.desk.quotes.take_name(db, quote_id)
    # Nobody is given them now, but their sentences name him all the same.
    await unsure.says("/quotes vos", "Piet Vos: perhaps quoted", "“We will rebuild the gates before winter,” Vos said.")
    for number in (1, 2):
        await dam.says(f"/wrongspeaker {number}")
        await dam.says(f"/decide {number} 1")
    await unsure.says("/quotes vos", "Piet Vos: named, but not quoted, on 1 page.")


async def test_proof_lasts_when_the_text_is_dropped(dam: Chat) -> None:
    """The quote's paragraph stays, checked by its hash, with the words beside it, the place, the reason and the link."""
    async with dam.desk.database.writing() as db:
        assert await dam.desk.articles.drop_texts(db, read_before=dam.desk.now() + timedelta(days=1)) == 1
    await dam.says(
        "/q1",
        "Piet Vos",
        "Mayor Piet Vos said the town would not wait for the capital. “We will rebuild the gates before winter,” Vos said.",
        "Why Piet Vos:",
        "Paragraph 4 of 5",
        "Vessin Post",
    )
    assert dam.last is not None
    assert any(run.link == URL for block in dam.last.blocks if isinstance(block, Paragraph) for run in block.runs)
    await dam.says("/quotes vos", "We will rebuild the gates before winter")


async def test_everything_shown_as_printed_is(pasted: Chat, page: str) -> None:
    """Whatever a card, a digest or a summary calls verbatim stands on the page, character for character."""
    for asked in ("/summary", "/quotes belsky", "/q1", "/q2", "/q5", "/quotes about gunboats", "/quotes whitlock"):
        await pasted.says(asked)
        assert pasted.verbatim
        assert [run for run in pasted.verbatim if run not in page] == []


async def test_what_the_outlet_took_out_is_listed_no_more(dam: Chat) -> None:
    """Its number says so, with what was printed; what it kept keeps its number, and what it puts back has it again."""
    await dam.says("/quotes vos", "“We will rebuild the gates before winter”", "/q1", "/q2")
    changed = DAM.replace("“We will rebuild the gates before winter,” Vos said.", "Vos wants to rebuild the gates.")
    await dam.reads(changed, URL)
    listed = await dam.says("/quotes vos", "paper umbrella", "/q2")
    assert "before winter" not in listed
    await dam.says(
        "/q1", "We will rebuild the gates before winter", "The page reads otherwise now; this is what it printed."
    )
    await dam.says("/q2", "paper umbrella")
    await dam.reads(DAM + " The end.", URL)
    await dam.says("/quotes vos", "“We will rebuild the gates before winter”", "/q1")


async def test_a_number_opens_nothing_elsewhere(pasted: Chat) -> None:
    """Numbers are counted per chat."""
    await pasted.says("/quotes belsky")
    group = Chat(pasted.desk, "telegram:-100", ANA, private=False)
    await group.says("/q1", "There is no such quote in this chat.")


async def test_a_complaint_holds_here_and_waits_for_the_operator(dam: Chat) -> None:
    """The chat's lists leave the quote out at once; the operator's word counts for everybody."""
    petr = Chat(dam.desk, PETR, PETR)
    await petr.says("/start")
    await dam.says(f"/letin {PETR}")
    await petr.says("/quotes vos", "“We will rebuild the gates before winter”", "/q1")
    await petr.says("/q1")
    await petr.taps("Wrong speaker", "/q1 is not listed in this chat any more; the operator decides for the others.")
    assert "rebuild" not in await petr.says("/quotes vos")
    await petr.says("/q1", "Speaker not named for certain", "This chat called the speaker wrong")
    told = (await dam.queued(ANA))[-1]
    assert told.startswith("“We will rebuild the gates before winter”: @petr says it is not Piet Vos.")
    assert "rebuild" in await dam.says("/quotes vos")
    await petr.says("/decide 1 1", "Only the operator")
    await dam.says("/decide 1 1", "The name is taken back everywhere; the words stay.")
    await dam.says("/decide 1 0", "That is decided already, or was taken back.")
    assert "rebuild" not in await dam.says("/quotes vos")
    await dam.says("/q1", "Speaker not named for certain", "We will rebuild", "took back whose it is")


async def test_a_name_is_taken_back_in_what_was_sent(chat: Chat) -> None:
    """With the quote that is carried on from it: the name goes, the words stay, in the message itself."""
    await chat.says("/subscribe pardo")
    await Ingest(chat.desk.database, BARS, chat.desk.now).save(analysis_of(DAM, url=URL))
    await composed(await AlertComposer(chat.desk.database, BARS, chat.desk.now).due())
    await chat.says("/quotes pardo", "/q1 /q2")
    await chat.says("/wrongspeaker 1", "You are the operator here", "[Nobody]", "[Ana Pardo is right]", "[Undo]")
    assert (await chat.queued(ANA))[0].startswith("Ana Pardo · 2 new quotes")
    await chat.says(
        "/decide 1 1", "The name is taken back everywhere; the words stay. 1 message sent before is changed."
    )
    edit = (await chat.queued(ANA))[-1]
    assert edit.startswith(
        "Speaker withdrawn 6 September 2026, 08:00 UTC. This had another name. Why: /q1\n“The dam held"
    )
    assert "Ana Pardo" not in edit.replace("chief engineer Ana Pardo told reporters at the site", "")
    assert "“Next time we may not be so lucky.” ¹" in edit
    await chat.says("/quotes pardo", "named, but not quoted")
    await chat.says("/q2", "Speaker not named for certain", "took back whose it is")


async def test_a_name_that_was_taken_back_does_not_come_back(dam: Chat) -> None:
    """Whatever the outlet changes in the article, and whatever a later analysis finds."""
    await dam.says("/quotes pardo")
    number = (dam.last.plain_text().partition("/q")[2] if dam.last else "").split()[0]
    await dam.says(f"/wrongspeaker {number}")
    await dam.says("/decide 1 1", "The name is taken back everywhere")
    await dam.reads(DAM.replace("three days of rain", "four days of rain"), URL)
    await dam.says("/quotes pardo", "named, but not quoted")
    await dam.says(f"/q{number}", "Speaker not named for certain")
    await dam.says("/quotes vos", "We will rebuild")


async def test_no_copy_brings_a_name_back(chat: Chat) -> None:
    """Neither copies that were told in other chats, nor one that comes later: it alerts nobody and is listed nowhere."""
    petr = Chat(chat.desk, PETR, PETR)
    await petr.says("/start")
    await chat.says(f"/letin {PETR}")
    await chat.says("/subscribe vos")
    ingest = Ingest(chat.desk.database, BARS, chat.desk.now)
    alerts = AlertComposer(chat.desk.database, BARS, chat.desk.now)
    await ingest.save(analysis_of(DAM, url=URL))
    assert await composed(await alerts.due()) == 1
    copy = DAM.replace("Dam at", "The dam at")
    await ingest.save(analysis_of(copy, url="https://courier.example/dam", outlet="Courier"))
    # Petr sees the copy alone, under its own number.
    await petr.says("/summary https://courier.example/dam", "“We will rebuild the gates before winter”")
    await petr.taps("All", "“We will rebuild the gates before winter”", "/q3 /q4")
    await petr.says("/q3", "Courier")
    await petr.says("/wrongspeaker 3", "the operator decides for the others")
    await chat.says(
        "/decide 1 1", "The name is taken back everywhere; the words stay. 1 message sent before is changed."
    )
    edit = (await chat.queued(ANA))[-1]
    assert edit.startswith("Speaker withdrawn")
    assert "/q1\n“We will rebuild the gates" in edit
    await ingest.save(analysis_of(copy.replace("through", "all"), url="https://gazette.example/dam", outlet="Gazette"))
    await composed(await alerts.due())
    assert (await chat.queued(ANA))[-1] == edit
    for asker in (chat, petr):
        assert "rebuild" not in await asker.says("/quotes vos", "a paper umbrella")
        assert "Piet Vos" not in await asker.says("/quotes about rebuild", "“We will rebuild the gates before winter”")
    await chat.says("/q1", "Speaker not named for certain", "took back whose it is")
    await petr.says("/q3", "Speaker not named for certain", "took back whose it is", "Courier")


async def test_a_name_is_taken_back_in_what_was_sent_under_another(chat: Chat) -> None:
    """The speaker was renamed, or made one with another, after the message was sent."""
    await chat.says("/subscribe vos")
    ingest = Ingest(chat.desk.database, BARS, chat.desk.now)
    await ingest.save(analysis_of(DAM, url=URL))
    await composed(await AlertComposer(chat.desk.database, BARS, chat.desk.now).due())
    assert (await chat.queued(ANA))[0].startswith("Piet Vos")
    await chat.says("/rename piet vos to Pieter Vos")
    await chat.taps("Yes", "Pieter Vos")
    await chat.says("/wrongspeaker 1", "[Pieter Vos is right]")
    await chat.says("/decide 1 1", "1 message sent before is changed.")
    edit = (await chat.queued(ANA))[-1]
    assert "Speaker withdrawn" in edit
    assert edit.index("We will rebuild") > edit.index("Speaker withdrawn")


async def test_what_is_no_quote_is_taken_back_in_what_was_sent(chat: Chat) -> None:
    """Its words stand under a note, not under the name."""
    await chat.says("/subscribe vos")
    await chat.reads(DAM, "https://post.example/dam")
    await composed(await AlertComposer(chat.desk.database, BARS, chat.desk.now).due())
    await chat.says("/notaquote 1")
    await chat.says("/decide 1 1", "It is taken back everywhere. 1 message sent before is changed.")
    edit = (await chat.queued(ANA))[-1]
    assert edit.startswith("Taken back 6 September 2026, 08:00 UTC. This is no quote. Why: /q1\n“We will rebuild")


async def test_who_called_it_wrong_may_take_that_back(dam: Chat) -> None:
    """One slip of the finger hides nothing for good, as long as nobody has decided; nobody else's word is taken back."""
    petr = Chat(dam.desk, PETR, PETR)
    await petr.says("/start")
    await dam.says(f"/letin {PETR}")
    await petr.says("/quotes vos", "/q1")
    await petr.says(
        "/notaquote 1", "not listed in this chat any more", "If it is no quote, it goes everywhere", "[Undo]"
    )
    assert "rebuild" not in await petr.says("/quotes vos")
    await Chat(dam.desk, PETR, ANA).says("/unsay 1 notaquote", "There is nothing to take back")
    await petr.says("/unsay 1 notaquote", "/q1 is listed here again.")
    await petr.says("/quotes vos", "rebuild")
    await dam.says("/decide 1 1", "or was taken back")
    await petr.says("/cutwrong 1", "/q1 is noted", "not changed by hand", "[Undo]")
    await petr.taps("Undo", "/q1 is as it was before.")
    await petr.says("/wrongspeaker 1", "the operator decides for the others", "[Undo]")
    await dam.says("/decide 3 0", "listed in their chat again")
    await petr.says("/unsay 1 wrongspeaker", "There is nothing to take back: it is decided already")
    await petr.says("/wrongspeaker 1", "The operator has decided about /q1 already")


async def test_operators_decide_about_their_own_slip_at_once(dam: Chat) -> None:
    """They are asked there, not in a second message; at a terminal no such message would ever come."""
    before = await dam.queued(ANA)
    await dam.says(
        "/notaquote 1", "You are the operator here: for the others nothing is decided yet.", "[They are right]"
    )
    assert await dam.queued(ANA) == before
    await dam.taps("It is right as it is", "listed in their chat again")
    await dam.says("/quotes vos", "rebuild")


async def test_the_operator_may_disagree(dam: Chat) -> None:
    """Then the quote is listed again."""
    await dam.says("/notaquote 1", "not listed in this chat")
    assert "rebuild" not in await dam.says("/quotes vos")
    await dam.says("/decide 1 0", "listed in their chat again")
    await dam.says("/quotes vos", "rebuild")


async def test_what_is_no_quote_goes_for_everybody(dam: Chat) -> None:
    """Its card stays, and says so."""
    await dam.says("/notaquote 1")
    await dam.says("/decide 1 1", "It is taken back everywhere.")
    await dam.says("/q1", "The operator of this On Record took it back.")


async def test_a_private_page_is_nobody_elses_affair(pasted: Chat, desk: Desk) -> None:
    """What was pasted is not told to an operator."""
    await pasted.says("/quotes belsky")
    before = await pasted.queued(ANA)
    await pasted.says("/wrongspeaker 1", "/q1 is not listed in this chat any more. Only this chat sees the page.")
    assert await pasted.queued(ANA) == before
    # Numbers can be guessed, also by an operator.
    await Chat(desk).says("/decide 1 1", "That is decided already, or was taken back.")
    await pasted.says("/q1", "This chat called the speaker wrong")
    assert desk is pasted.desk


@pytest.mark.parametrize("reason", REASONS.values())
def test_each_reason_has_a_place_for_the_printed_words(reason: str) -> None:
    """One each, so that it can be cut there."""
    assert reason.count("{words}") == 1


async def test_an_edit_that_waits_does_not_bring_a_name_back(chat: Chat) -> None:
    """What was to be added to the alert before goes with the edit that takes the name."""
    await chat.says("/subscribe vos")
    await chat.reads(DAM, URL)
    await composed(await AlertComposer(chat.desk.database, BARS, chat.desk.now).due())
    await chat.reads(DAM.replace("Dam at", "The dam at"), "https://courier.example/dam", outlet="Courier")
    later = chat.desk.now() + timedelta(hours=1)
    await composed(await AlertComposer(chat.desk.database, BARS, lambda: later).due())
    assert "also in Courier" in (await chat.queued(ANA))[-1]
    await chat.says("/wrongspeaker 1")
    await chat.says("/decide 1 1", "1 message sent before is changed.")
    edit = (await chat.queued(ANA))[-1]
    assert edit.startswith("Speaker withdrawn")
    assert "also in Courier" in edit
    async with chat.desk.database.reading() as db:
        assert len(await chat.desk.outbox.edits_of(db, 1)) == 1


async def test_it_is_said_who_else_prints_the_words(dam: Chat) -> None:
    """In lists behind the page, on the card with where they were first seen; nowhere that they were first reported."""
    await dam.reads(DAM.replace("Dam at", "The dam at"), "https://courier.example/dam", outlet="Courier")
    await dam.says("/quotes vos", "Vessin Post", "post.example", " · same words in Courier")
    await dam.says("/q1", "First seen here · same words in Courier", "printed in English")
    await dam.says("/quotes about rebuild", "Anyone, about “rebuild”", "Vessin Post", " · same words in Courier")
    async with dam.desk.database.writing() as db:
        (copy,) = [
            one.quote.quote_id
            for one in await dam.desk.quotes.of_articles(db, ANA, [2])
            if one.quote.text.startswith("We will rebuild")
        ]
        given = await dam.desk.channels.numbers(db, ANA, [copy or 0], at=dam.desk.now())
    await dam.says(f"/q{given[copy or 0]}", "Same words in Vessin Post, first seen there")
    await dam.reads(f"{DAM.partition('“The dam')[0]}Mayor Piet Vos was there. “We will rebuild the gates before winter,” Vos said.",
                    "https://gazette.example/1", outlet="Gazette")  # fmt: skip
    await dam.says(f"/q{given[copy or 0]}", "Same words in Vessin Post, Gazette · first seen in Vessin Post")
    await dam.says("/quotes vos", "same words in Courier · some of it in the same words in Gazette")


async def test_words_that_stand_nowhere_else_are_said_to_be_seen_nowhere(dam: Chat) -> None:
    """Nor does another chat's page count."""
    assert "seen" not in await dam.says("/q1")
    assert "same words" not in await dam.says("/quotes vos")

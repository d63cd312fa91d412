"""Words that were told are not told again when another outlet prints them: the alert says who else does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from handlers.alerts import AlertComposer
from handlers.composing import composed
from handlers.echoes import GATHERED_FOR, WORTH, EchoComposer, also_in, with_outlets
from handlers.ingest import Ingest
from store.channels import Access, Channels
from store.delivery_tables import outbox
from store.locks import Lock, hold
from store.outbox import Outbox
from store.outbox_items import Kind, NewItem
from store.subscriptions import Mode, Subscriptions
from store.tables import quotes
from store.values import Sighting
from summaries.message import Action, Actions, Message, Paragraph, Run
from summaries.message_json import VERSION, message_data, parse_message
from summaries.values import Bars
from tests.handlers.pages import NOW
from tests.store.samples import analysis

if TYPE_CHECKING:
    from datetime import datetime

    from store.database import Database
    from store.outbox_items import OutboxItem

ANA = "telegram:7"
BARS = Bars(asked=0.1, pushed=0.5)
FIRST = "We will rebuild both gates of the dam before the winter storms come back."
SECOND = "Nobody in the lower town will have to leave for good, whatever the capital says."


@dataclass
class Newsroom:
    """A store in which Ana wants to hear of Orlan."""

    database: Database
    at: datetime = NOW

    def now(self) -> datetime:
        """Return the newsroom's time."""
        return self.at

    async def subscribe(self, mode: Mode = Mode.AT_ONCE) -> None:
        """Let Ana wish."""
        async with self.database.writing() as db:
            await Channels().add(db, ANA, access=Access.ALLOWED, at=self.at)
            await Subscriptions().add(db, ANA, "Orlan", speaker_id=None, mode=mode, by=None, at=self.at)

    async def prints(self, outlet: str, *said: str, sure: float = 0.9, announce: bool = True) -> None:
        """Read an article that quotes Orlan."""
        lines = [f"“{words}” said Orlan." for words in said]
        own = f"{outlet} prints it."
        url = f"https://{outlet}.example/1"
        page = analysis(*lines, own, url=url, title=own, printed=self.at, read=self.at, confidence=sure)
        page = replace(page, article=replace(page.article, outlet=outlet.title()))
        await Ingest(self.database, BARS, self.now).save(page, announce=announce)

    async def composed(self, later: timedelta = timedelta(0)) -> list[OutboxItem]:
        """Let time pass and compose what is due; return everything that was ever queued."""
        self.at += later
        await _composed(self)
        found: list[OutboxItem] = []
        async with self.database.reading() as db:
            while (item := await Outbox().get(db, len(found) + 1)) is not None:
                found.append(item)
        return found


async def _composed(newsroom: Newsroom) -> int:
    return await composed(await AlertComposer(newsroom.database, BARS, newsroom.now).due())


def text_of(item: OutboxItem) -> str:
    """Return what an item says."""
    return parse_message(item.message).plain_text()


@pytest.fixture
async def newsroom(opened: Database) -> Newsroom:
    """Return a newsroom with Ana's wish."""
    room = Newsroom(opened)
    await room.subscribe()
    return room


async def test_the_alert_says_who_else_prints_it(newsroom: Newsroom) -> None:
    """In one edit for all that came within ten minutes, of the message that told of the words."""
    await newsroom.prints("post", FIRST)
    (alert,) = await newsroom.composed()
    await newsroom.prints("courier", FIRST)
    assert len(await newsroom.composed()) == 1
    newsroom.at += GATHERED_FOR / 2
    await newsroom.prints("gazette", FIRST)
    _, edit = await newsroom.composed(GATHERED_FOR / 2)
    assert (edit.kind, edit.target, edit.channel) == (Kind.EDIT, alert.item_id, ANA)
    before, _, buttons = text_of(alert).rpartition("\n")
    assert text_of(edit) == f"{before}\nalso in Courier, Gazette · same words\n{buttons}"
    assert len(await newsroom.composed(GATHERED_FOR)) == 2


async def test_words_that_nobody_was_told_of_are_told_when_they_are_printed_again(newsroom: Newsroom) -> None:
    """They came with a new source, whose first articles are not announced; a third outlet's are told already."""
    await newsroom.prints("post", FIRST, announce=False)
    assert await newsroom.composed() == []
    await newsroom.prints("courier", FIRST)
    (alert,) = await newsroom.composed()
    assert "“We will rebuild both gates" in text_of(alert)
    await newsroom.prints("gazette", FIRST)
    kinds = [item.kind for item in await newsroom.composed(2 * GATHERED_FOR)]
    assert kinds.count(Kind.SEND) == 1


@pytest.mark.parametrize("told_before", [False, True])
async def test_a_name_that_is_taken_back_meanwhile_is_not_told(newsroom: Newsroom, *, told_before: bool) -> None:
    """Neither by an alert nor by an edit that adds an outlet: whoever composes waits for the operator's change."""
    await newsroom.prints("post", FIRST)
    if told_before:
        await newsroom.composed()
        await newsroom.prints("courier", FIRST)
        newsroom.at += GATHERED_FOR
    async with newsroom.database.writing() as db:
        await hold(db, Lock.OPENING)
        waiting = asyncio.create_task(_composed(newsroom))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await db.execute(update(quotes).values(name=None, speaker_id=None, confidence=None, state="withdrawn"))
        if told_before:
            await db.execute(update(outbox).values(state="dropped"))
    assert await waiting == 0


async def test_the_very_same_text_elsewhere_is_no_second_alert(newsroom: Newsroom) -> None:
    """It is another outlet's article, and named as such."""
    text = f"“{FIRST}” said Orlan."
    for outlet in ("Post", "Courier"):
        page = analysis(text, title=None, printed=newsroom.at, read=newsroom.at)
        page = replace(page, article=replace(page.article, outlet=outlet))
        await Ingest(newsroom.database, BARS, newsroom.now).save(page)
        assert len(await newsroom.composed()) == 1
    _, edit = await newsroom.composed(GATHERED_FOR)
    assert "\nalso in Courier · same words\n" in text_of(edit)


async def test_what_comes_later_is_added(newsroom: Newsroom) -> None:
    """To what the message says by then; it may have been edited for another reason."""
    await newsroom.prints("post", FIRST)
    (alert,) = await newsroom.composed()
    withdrawn = Message((Paragraph((Run("Speaker withdrawn."),)),))
    async with newsroom.database.writing() as db:
        edit = NewItem(
            channel=ANA,
            message=message_data(withdrawn),
            version=VERSION,
            key="edit:1:1",
            priority=1,
            due_at=newsroom.at,
            expires_at=newsroom.at + WORTH,
            kind=Kind.EDIT,
            target=alert.item_id,
        )
        await Outbox().add(db, edit, now=newsroom.at)
    await newsroom.prints("courier", FIRST)
    *_, later = await newsroom.composed(GATHERED_FOR)
    assert text_of(later) == "Speaker withdrawn.\nalso in Courier · same words"
    await newsroom.prints("gazette", FIRST)
    *_, last = await newsroom.composed(GATHERED_FOR)
    assert text_of(last) == "Speaker withdrawn.\nalso in Courier, Gazette · same words"


async def test_new_words_beside_known_ones_are_told(newsroom: Newsroom) -> None:
    """In an alert of their own, which says nothing of the known ones; the first says that these are only a part."""
    await newsroom.prints("post", FIRST, "It is late.")
    await newsroom.composed()
    await newsroom.prints("courier", FIRST, SECOND)
    _, second = await newsroom.composed()
    assert FIRST not in text_of(second)
    assert SECOND in text_of(second)
    *_, edit = await newsroom.composed(GATHERED_FOR)
    assert "also in Courier · some of it in the same words" in text_of(edit)


async def test_an_alert_that_waited_says_it_at_once(opened: Database) -> None:
    """Nothing has to be edited."""
    room = Newsroom(opened)
    await room.subscribe(Mode.HOURLY)
    await room.prints("post", FIRST)
    await room.prints("courier", FIRST)
    (alert,) = await room.composed(timedelta(hours=1))
    assert "also in Courier · same words" in text_of(alert)
    assert len(await room.composed(GATHERED_FOR)) == 1


async def test_what_was_too_unsure_to_be_told_is_told_when_it_is_sure(newsroom: Newsroom) -> None:
    """Another outlet says who spoke."""
    await newsroom.prints("post", FIRST, sure=0.3)
    assert await newsroom.composed() == []
    await newsroom.prints("courier", FIRST)
    assert len(await newsroom.composed()) == 1


async def test_an_old_alert_is_left_alone(newsroom: Newsroom) -> None:
    """A day later nobody looks at it; nor is one edited that was dropped."""
    await newsroom.prints("post", FIRST)
    await newsroom.composed()
    newsroom.at += WORTH
    await newsroom.prints("courier", FIRST)
    assert len(await newsroom.composed(GATHERED_FOR)) == 1
    assert await composed(await EchoComposer(newsroom.database, newsroom.now).due()) == 0


def test_lines_stand_before_the_buttons_and_once() -> None:
    """Outlets without a name are called by their site; what is neither is not said."""
    words, buttons = Paragraph((Run("words"),)), Actions((Action("Mute", command="/mute 1"),))
    sites = [Sighting(2, 2, None, "https://gazette.example/1", NOW), Sighting(3, 3, None, None, NOW)]
    lines = also_in([1], {1: sites})
    assert [line.runs[1].text for line in lines] == ["gazette.example"]
    once = with_outlets(Message((words, buttons)), lines)
    assert once.blocks == (words, *lines, buttons)
    assert with_outlets(once, lines) == once
    assert with_outlets(Message((words,)), lines).blocks == (words, *lines)
    assert also_in([1], {}) == ()

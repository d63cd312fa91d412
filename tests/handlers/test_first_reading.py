"""Transcript 1: the starter feeds are added, and one message tells how reading them goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.first_reading import LASTS, tell_of_reading
from store.outbox import Outbox
from summaries.message_json import parse_message
from tests.handlers.dialogue import ANA, Chat, desk_of
from tests.handlers.pages import DAM, NOW

if TYPE_CHECKING:
    from handlers.desk import Desk
    from store.database import Database


async def edits(desk: Desk) -> list[str]:
    """Return the message as it was queued, and what it was edited into."""
    async with desk.database.reading() as db:
        first = (await Outbox().newest_keyed(db, "reading:", since=NOW - timedelta(days=1)))[0]
        edits = await Outbox().newest_keyed(db, f"edit:{first.item_id}:", since=NOW - timedelta(days=1))
    return [parse_message(one.message).plain_text() for one in (first, *edits)]


async def read(desk: Desk, source_id: int, *, error: str | None = None) -> None:
    """Let a source be looked at."""
    async with desk.database.writing() as db:
        if error:
            await desk.sources.failed(db, source_id, now=NOW, due_at=NOW, error=error)
        else:
            await desk.sources.answered(
                db, source_id, now=NOW, interval=timedelta(minutes=5), due_at=NOW, etag=None, last_modified=None
            )


async def test_reading_is_told_in_one_message(chat: Chat) -> None:
    """Each look that tells something new edits it; the last one says what there is to ask for."""
    await chat.says("/start", "It reads no sources yet.", "[Add 2 starter feeds] [See a sample] [Let others in]")
    await chat.says("/sources starters", "")
    assert chat.last is None
    assert await tell_of_reading(chat.desk)
    assert await edits(chat.desk) == ["Reading 2 feeds: 0 done …"] * 2
    await read(chat.desk, 1)
    await chat.reads(DAM, "https://post.example/dam")
    assert await tell_of_reading(chat.desk)
    assert await tell_of_reading(chat.desk)
    await read(chat.desk, 2, error="the site answered HTTP 404")
    assert not await tell_of_reading(chat.desk)
    assert not await tell_of_reading(chat.desk)
    *going_on, done = await edits(chat.desk)
    assert going_on == ["Reading 2 feeds: 0 done …"] * 2 + ["Reading 2 feeds: 1 done …"]
    assert done.startswith(
        "Done: 1 article, 4 quotes, 2 people.\n1 feed could not be read; /sources says why.\nQuoted most:"
    )
    assert "[Ana Pardo 2] [Piet Vos 2]" in done
    assert "• /quotes pardo  what someone said" in done
    assert done.endswith("[Brief me daily at 08:00] [Let others in]")


async def test_what_takes_too_long_is_said_to_be_read_still(opened: Database) -> None:
    """The message does not stand there unfinished."""
    desk = desk_of(opened)
    chat = Chat(replace(desk, is_open=True))
    await chat.says("/sources starters", "")
    later = replace(desk, now=lambda: NOW + LASTS + timedelta(seconds=1))
    assert not await tell_of_reading(later)
    assert (await edits(desk))[-1].startswith("Done: 0 articles, 0 quotes, 0 people.\n2 feeds still being read.")


async def test_elsewhere_it_is_said_at_once(opened: Database) -> None:
    """Nothing is edited at a terminal, and a group is not the place for it."""
    chat = Chat(desk_of(opened, is_open=True), "terminal:local", "terminal:local")
    await chat.says("/sources starters", "2 feeds added.")
    await chat.says("/sources starters", "2 feeds added.")
    assert not await tell_of_reading(chat.desk)
    assert ANA not in chat.user

"""After a backup was put back, what may have gone out since waits for the operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from store.articles import Articles
from store.channels import Access, Channels
from store.outbox import Outbox
from store.outbox_items import State
from store.restores import IDS_PASSED_OVER, NUMBERS_PASSED_OVER, Decision, Restores
from store.sending import Parts
from tests.store.queued import add, begin, heads, item, take
from tests.store.samples import HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database

AT = NOON + 5 * MINUTE
"""When the backup is put back."""


async def states(opened: Database) -> list[State]:
    """Return the states of all items, by id."""
    async with opened.reading() as db:
        found = [await Outbox().get(db, number) for number in range(1, 6)]
        later = [await Outbox().get(db, IDS_PASSED_OVER + number) for number in range(1, 9)]
    return [one.state for one in (*found, *later) if one is not None]


async def restored(opened: Database) -> int:
    """Begin as after a restore; return how many messages are held."""
    async with opened.writing() as db:
        return await Restores().begin(db, at=AT)


async def decided(opened: Database, decision: Decision) -> int:
    """Let the operator decide; return how many messages that concerns."""
    async with opened.writing() as db:
        return await Restores().decide(db, decision, by="telegram:7", at=AT + MINUTE)


async def test_what_was_waiting_or_half_sent_is_held_and_can_be_sent(opened: Database) -> None:
    """Parts that went out stay sent; the one in mid-send may come twice and says so."""
    await add(opened, item("queued", due=1), item("begun"))
    lease = await take(opened)
    async with opened.writing() as db:
        parts = await begin(db, lease, 2, parts=3)
        await Parts().sent(db, parts[0], lease, now=NOON, platform_message_id="1")
        assert await Parts().start(db, parts[1], lease, now=NOON, clock=NOON)
    assert await restored(opened) == 2
    assert await heads(opened, at=6) == []
    assert await states(opened) == [State.HELD, State.HELD]
    assert await decided(opened, Decision.SEND) == 2
    assert await heads(opened, at=6) == ["begun"]
    async with opened.reading() as db:
        assert [(part.state, part.resent) for part in await Parts().of(db, 2)] == [
            (State.SENT, False),
            (State.QUEUED, True),
            (State.QUEUED, False),
        ]


async def test_what_is_held_can_be_dropped(opened: Database) -> None:
    """With a reason, and its parts with it."""
    await add(opened, item("begun"))
    lease = await take(opened)
    async with opened.writing() as db:
        await begin(db, lease, 1, parts=2)
    await restored(opened)
    assert await decided(opened, Decision.DROP) == 1
    async with opened.reading() as db:
        dropped = await Outbox().get(db, 1)
        assert {part.state for part in await Parts().of(db, 1)} == {State.DROPPED}
    assert dropped is not None
    assert (dropped.state, dropped.error) == (State.DROPPED, "dropped by the operator after a restore")


@pytest.mark.parametrize(
    ("decision", "old"), [(None, State.HELD), (Decision.SEND, State.QUEUED), (Decision.DROP, State.DROPPED)]
)
async def test_what_is_queued_later_about_something_older_shares_the_lot(
    opened: Database, decision: Decision | None, old: State
) -> None:
    """It is read or composed a second time; what is newer than the restore is sent as always."""
    await restored(opened)
    if decision is not None:
        await decided(opened, decision)
    await add(
        opened,
        replace(item("old"), of=AT - MINUTE),
        replace(item("new"), of=AT + MINUTE),
        item("said at this moment"),
    )
    assert await states(opened) == [old, State.QUEUED, State.QUEUED]


async def test_a_decision_to_drop_ends_when_all_sources_were_read_again(opened: Database) -> None:
    """An old article that comes two days later has another reason."""
    await restored(opened)
    await decided(opened, Decision.DROP)
    async with opened.writing() as db:
        late = replace(item("late"), of=AT - MINUTE)
        await Outbox().add(db, late, now=AT + timedelta(days=2, minutes=1))
    assert await states(opened) == [State.QUEUED]


async def test_numbers_and_ids_given_after_the_backup_open_nothing(opened: Database) -> None:
    """They stand in messages and under buttons that the database does not know any more."""
    page = analysis("“The talks go on,” said Orlan.", "“Not without us,” said Marek.")
    await add(opened, item("one"))
    async with opened.writing() as db:
        saved = await Articles().save(db, page, owner_channel=None, seen_at=NOON)
        first, second = (quote.quote_id for quote in saved.quotes)
        assert first is not None
        assert second is not None
        await Channels().add(db, HERE, access=Access.ALLOWED, at=NOON)
        assert await Channels().numbers(db, HERE, [first], at=NOON) == {first: 1}
    await restored(opened)
    (later,) = await add(opened, item("two"))
    assert later is not None
    assert later > IDS_PASSED_OVER
    async with opened.writing() as db:
        assert await Channels().numbers(db, HERE, [second], at=NOON) == {second: 2 + NUMBERS_PASSED_OVER}


async def test_what_came_first_after_the_backup_gave_numbers_too(opened: Database) -> None:
    """Nothing of its kind was there when the backup was made: no row, no chat."""
    page = analysis("“The talks go on,” said Orlan.")
    await restored(opened)
    await restored(opened)
    async with opened.writing() as db:
        saved = await Articles().save(db, page, owner_channel=None, seen_at=NOON)
        (first,) = saved.new_quotes
        assert saved.article_id > IDS_PASSED_OVER
        assert first > IDS_PASSED_OVER
        assert await Channels().numbers(db, HERE, [first], at=NOON) == {first: 1 + 2 * NUMBERS_PASSED_OVER}


async def test_a_second_restore_is_decided_with_the_first(opened: Database) -> None:
    """The operator says go once."""
    await restored(opened)
    async with opened.writing() as db:
        await Restores().begin(db, at=AT + MINUTE)
        assert await Restores().undecided(db) == AT + MINUTE
    await decided(opened, Decision.DROP)
    async with opened.reading() as db:
        assert await Restores().undecided(db) is None

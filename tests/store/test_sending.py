"""A part is sent once, by whoever holds the lease; what nobody knows is adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.leases import Lease, Leases
from store.outbox import Outbox
from store.outbox_items import State
from store.sending import Parts
from tests.store.queued import TEN_SECONDS, add, begin, heads, item, take
from tests.store.samples import MINUTE, NOON

if TYPE_CHECKING:
    from store.database import Database


async def test_a_part_that_went_out_is_never_started_again(opened: Database) -> None:
    """Three parts, the second fails once: the first is not repeated, the order is kept."""
    (item_id,) = await add(opened, item("long"))
    assert item_id
    lease = await take(opened)
    async with opened.writing() as db:
        one, two, three = await begin(db, lease, item_id, 3)
        assert not await Parts().start(db, two, lease, now=NOON, clock=NOON)
        assert await Parts().sent(db, one, lease, now=NOON, platform_message_id="m1")
        assert await Parts().start(db, two, lease, now=NOON, clock=NOON)
        assert await Parts().retry(db, two, lease, at=NOON + MINUTE, error="HTTP 502", counts=False)
        assert not await Parts().start(db, one, lease, now=NOON, clock=NOON)
        assert not await Parts().start(db, three, lease, now=NOON, clock=NOON)
    assert await heads(opened) == []
    assert await heads(opened, at=1) == ["long"]
    async with opened.writing() as db:
        # Expanding again changes nothing: what was rendered then is what goes out.
        again = await Parts().expand(db, item_id, [{"n": "other"}], lease, now=NOON)
        assert [part.payload for part in again] == [{"n": 0}, {"n": 1}, {"n": 2}]
        for part_id, message_id in ((two, "m2"), (three, "m3")):
            assert await Parts().start(db, part_id, lease, now=NOON, clock=NOON)
            assert await Parts().sent(db, part_id, lease, now=NOON, platform_message_id=message_id)
        done = await Outbox().get(db, item_id)
        parts = await Parts().of(db, item_id)
    assert done is not None
    assert done.state is State.SENT
    assert [(part.platform_message_id, part.attempts) for part in parts] == [("m1", 1), ("m2", 1), ("m3", 1)]


async def test_a_frozen_sender_that_wakes_changes_nothing(opened: Database) -> None:
    """Its lease lapsed and another took over what it was sending."""
    first, second = await add(opened, item("one"), item("two", "telegram:-200"))
    assert first
    assert second
    old = await take(opened)
    async with opened.writing() as db:
        (part,) = await begin(db, old, first)
    new = await take(opened, "two", at=1)
    assert new.epoch == old.epoch + 1
    clock = NOON + MINUTE
    async with opened.writing() as db:
        assert await Parts().adopt(db, "slack", new, now=clock) == []
        (adopted,) = await Parts().adopt(db, "telegram", new, now=clock)
        assert (adopted.part_id, adopted.attempts, adopted.started_at) == (part, 1, NOON)
        assert await Parts().adopt(db, "telegram", new, now=clock) == []
        # The old one wakes: neither its result nor its next step counts.
        assert not await Parts().sent(db, part, old, now=clock, platform_message_id="late")
        assert not await Parts().retry(db, part, old, at=None, error="late")
        assert not await Parts().fail(db, part, old, now=clock, error="late")
        assert await Parts().expand(db, second, [{}], old, now=clock) == []
        assert await Parts().retry(db, part, new, at=None, error="former sender died", may_be_there=True)
        assert await Parts().start(db, part, new, now=clock, clock=clock)
        assert await Parts().sent(db, part, new, now=clock, platform_message_id="m1")
        (done,) = await Parts().of(db, first)
    assert (done.state, done.resent, done.attempts, done.platform_message_id) == (State.SENT, True, 2, "m1")


async def test_nothing_starts_without_the_lease(opened: Database) -> None:
    """A lapsed lease starts nothing; what was sent under it still counts while nobody took over."""
    (item_id,) = await add(opened, item("one"))
    assert item_id
    lease = await take(opened)
    async with opened.writing() as db:
        (part,) = await begin(db, lease, item_id)
        late = NOON + TEN_SECONDS
        assert await Parts().sent(db, part, lease, now=late, platform_message_id="m1")
        assert not await Parts().start(db, part, lease, now=late, clock=late)
        assert not await Leases().renew(db, lease, lasts=TEN_SECONDS, now=late)


async def test_a_lease_has_one_holder(opened: Database) -> None:
    """It is renewed by its holder, free when given up, and a new holder has a new epoch."""
    leases = Leases()
    lease = await take(opened)
    async with opened.writing() as db:
        assert await leases.take(db, "telegram:7", "two", lasts=TEN_SECONDS, now=NOON) is None
        assert await leases.renew(db, lease, lasts=TEN_SECONDS, now=NOON + TEN_SECONDS / 2)
        assert await leases.take(db, "telegram:7", "two", lasts=TEN_SECONDS, now=NOON + TEN_SECONDS) is None
        await leases.give_up(db, lease, now=NOON + TEN_SECONDS)
        assert not await leases.renew(db, lease, lasts=TEN_SECONDS, now=NOON + TEN_SECONDS)
        taken = await leases.take(db, "telegram:7", "two", lasts=TEN_SECONDS, now=NOON + TEN_SECONDS)
    assert taken == Lease("telegram:7", "two", 2)


async def test_the_database_has_a_clock_of_its_own(opened: Database) -> None:
    """On PostgreSQL leases go by the server's clock: machines disagree."""
    if opened.writer.dialect.name != "postgresql":
        pytest.skip("SQLite is one machine's, and its clock is the caller's")
    leases = Leases()
    async with opened.writing() as db:
        lease = await leases.take(db, "telegram:7", "one", lasts=TEN_SECONDS, now=None)
        assert lease is not None
        assert await leases.renew(db, lease, lasts=TEN_SECONDS, now=None)
        assert await leases.take(db, "telegram:7", "two", lasts=TEN_SECONDS, now=None) is None
        await leases.give_up(db, lease, now=None)
        assert await leases.take(db, "telegram:7", "two", lasts=TEN_SECONDS, now=None)


async def test_a_failed_part_ends_its_item(opened: Database) -> None:
    """What is left of the item is dropped; the lane goes on."""
    (item_id, _) = await add(opened, item("one"), item("two"))
    assert item_id
    lease = await take(opened)
    async with opened.writing() as db:
        part, _ = await begin(db, lease, item_id, 2)
        assert await Parts().fail(db, part, lease, now=NOON, error="chat not found")
        parts = await Parts().of(db, item_id)
        ended = await Outbox().get(db, item_id)
    assert [entry.state for entry in parts] == [State.FAILED, State.DROPPED]
    assert ended is not None
    assert (ended.state, ended.error) == (State.FAILED, "chat not found")
    assert await heads(opened) == ["two"]

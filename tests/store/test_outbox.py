"""What is announced is delivered once, in order, or ends with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from store.channels import Access, Channels
from store.leases import Lease, Leases
from store.outbox import Outbox
from store.outbox_items import NewItem, State
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database

ALERT, BRIEFING = 1, 2
TEN_SECONDS = timedelta(seconds=10)


def item(key: str, channel: str = HERE, priority: int = ALERT, due: int = 0, expires: int = 60) -> NewItem:
    """Return a message that is due and expires so many minutes after noon."""
    return NewItem(
        channel=channel,
        message={"blocks": [key]},
        version=1,
        key=key,
        priority=priority,
        due_at=NOON + due * MINUTE,
        expires_at=NOON + expires * MINUTE,
    )


async def add(opened: Database, *items: NewItem) -> list[int | None]:
    """Queue items at noon."""
    async with opened.writing() as db:
        return [await Outbox().add(db, new, now=NOON) for new in items]


async def take(opened: Database, owner: str = "one", at: int = 0) -> Lease:
    """Take the sender's lease so many minutes after noon."""
    async with opened.writing() as db:
        lease = await Leases().take(db, "telegram:7", owner, lasts=TEN_SECONDS, now=NOON + at * MINUTE)
    assert lease is not None
    return lease


async def heads(opened: Database, at: int = 0, platform: str = "telegram") -> list[str]:
    """Return the keys whose turn it is so many minutes after noon."""
    async with opened.reading() as db:
        return [head.key for head in await Outbox().heads(db, platform, now=NOON + at * MINUTE)]


async def begin(db: AsyncConnection, lease: Lease, item_id: int, parts: int = 1) -> list[int]:
    """Expand an item and start its first part; return the ids of its parts."""
    made = await Outbox().expand(db, item_id, [{"n": n} for n in range(parts)], lease, now=NOON)
    assert await Outbox().start(db, made[0].part_id, lease, now=NOON, clock=NOON)
    return [part.part_id for part in made]


async def test_a_key_is_queued_once_for_ever(opened: Database) -> None:
    """Whatever became of the message: its key is known, also after the row is pruned."""
    assert await add(opened, item("alert:1")) != [None]
    assert await add(opened, item("alert:1"), item("alert:1", ELSEWHERE)) == [None, None]
    async with opened.writing() as db:
        assert await Outbox().drop_expired(db, now=NOON + 60 * MINUTE) == [1]
        assert await Outbox().prune(db, ended_before=NOON + 61 * MINUTE) == 1
        assert await Outbox().get(db, 1) is None
    assert await add(opened, item("alert:1")) == [None]


async def test_each_lane_has_one_head_and_alerts_go_first(opened: Database) -> None:
    """Topics share their chat's lane; what is not due or has expired has no turn; platforms are apart."""
    await add(
        opened,
        item("briefing", priority=BRIEFING),
        item("alert", f"{HERE}/7"),
        item("other chat", "telegram:-200"),
        item("late", "telegram:-300", due=5),
        item("slack", ELSEWHERE),
    )
    assert await heads(opened) == ["alert", "other chat"]
    assert await heads(opened, at=5) == ["alert", "other chat", "late"]
    assert await heads(opened, platform="slack") == ["slack"]
    assert await heads(opened, at=60) == []


async def test_a_part_that_went_out_is_never_started_again(opened: Database) -> None:
    """Three parts, the second fails once: the first is not repeated, the order is kept."""
    (item_id,) = await add(opened, item("long"))
    assert item_id
    lease = await take(opened)
    box = Outbox()
    async with opened.writing() as db:
        one, two, three = await begin(db, lease, item_id, 3)
        assert not await box.start(db, two, lease, now=NOON, clock=NOON)
        assert await box.sent(db, one, lease, now=NOON, platform_message_id="m1")
        assert await box.start(db, two, lease, now=NOON, clock=NOON)
        assert await box.retry(db, two, lease, at=NOON + MINUTE, error="HTTP 502", counts=False)
        assert not await box.start(db, one, lease, now=NOON, clock=NOON)
        assert not await box.start(db, three, lease, now=NOON, clock=NOON)
    assert await heads(opened) == []
    async with opened.reading() as db:
        assert await box.wakes_at(db, "telegram", now=NOON) == NOON + MINUTE
    assert await heads(opened, at=1) == ["long"]
    async with opened.writing() as db:
        # Expanding again changes nothing: what was rendered then is what goes out.
        again = await box.expand(db, item_id, [{"n": "other"}], lease, now=NOON)
        assert [part.payload for part in again] == [{"n": 0}, {"n": 1}, {"n": 2}]
        for part_id, message_id in ((two, "m2"), (three, "m3")):
            assert await box.start(db, part_id, lease, now=NOON, clock=NOON)
            assert await box.sent(db, part_id, lease, now=NOON, platform_message_id=message_id)
        done = await box.get(db, item_id)
        parts = await box.parts(db, item_id)
    assert done is not None
    assert done.state is State.SENT
    assert [(part.platform_message_id, part.attempts) for part in parts] == [("m1", 1), ("m2", 1), ("m3", 1)]


async def test_what_was_begun_is_ended_before_an_alert_unless_it_waits(opened: Database) -> None:
    """A long briefing is not cut by an alert; one that waits for a retry lets it pass."""
    (item_id,) = await add(opened, item("briefing", priority=BRIEFING))
    assert item_id
    lease = await take(opened)
    async with opened.writing() as db:
        one, two = await begin(db, lease, item_id, 2)
        await Outbox().sent(db, one, lease, now=NOON, platform_message_id="m1")
    await add(opened, item("alert"))
    assert await heads(opened) == ["briefing"]
    async with opened.writing() as db:
        await Outbox().start(db, two, lease, now=NOON, clock=NOON)
    assert await heads(opened) == []
    async with opened.writing() as db:
        await Outbox().retry(db, two, lease, at=NOON + MINUTE, error="HTTP 502")
    assert await heads(opened) == ["alert"]


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
    box = Outbox()
    clock = NOON + MINUTE
    async with opened.writing() as db:
        assert await box.adopt(db, "slack", new, now=clock) == []
        (adopted,) = await box.adopt(db, "telegram", new, now=clock)
        assert (adopted.part_id, adopted.attempts, adopted.started_at) == (part, 1, NOON)
        assert await box.adopt(db, "telegram", new, now=clock) == []
        # The old one wakes: neither its result nor its next step counts.
        assert not await box.sent(db, part, old, now=clock, platform_message_id="late")
        assert not await box.retry(db, part, old, at=None, error="late")
        assert not await box.fail(db, part, old, now=clock, error="late")
        assert await box.expand(db, second, [{}], old, now=clock) == []
        assert await box.retry(db, part, new, at=None, error="former sender died", may_be_there=True)
        assert await box.start(db, part, new, now=clock, clock=clock)
        assert await box.sent(db, part, new, now=clock, platform_message_id="m1")
        (done,) = await box.parts(db, first)
    assert (done.state, done.resent, done.attempts, done.platform_message_id) == (State.SENT, True, 2, "m1")


async def test_nothing_starts_without_the_lease(opened: Database) -> None:
    """A lapsed lease starts nothing; what was sent under it still counts while nobody took over."""
    (item_id,) = await add(opened, item("one"))
    assert item_id
    lease = await take(opened)
    async with opened.writing() as db:
        (part,) = await begin(db, lease, item_id)
        late = NOON + TEN_SECONDS
        assert await Outbox().sent(db, part, lease, now=late, platform_message_id="m1")
        assert not await Outbox().start(db, part, lease, now=late, clock=late)
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
        assert await Outbox().fail(db, part, lease, now=NOON, error="chat not found")
        parts = await Outbox().parts(db, item_id)
        ended = await Outbox().get(db, item_id)
    assert [entry.state for entry in parts] == [State.FAILED, State.DROPPED]
    assert ended is not None
    assert (ended.state, ended.error) == (State.FAILED, "chat not found")
    assert await heads(opened) == ["two"]


async def test_what_is_too_old_is_dropped_but_not_in_mid_send(opened: Database) -> None:
    """Each ends by its own time, with a reason."""
    sending, waiting = await add(opened, item("one", expires=5), item("two", "telegram:-200", expires=5))
    assert sending
    assert waiting
    lease = await take(opened)
    late = NOON + 5 * MINUTE
    async with opened.writing() as db:
        (part,) = await begin(db, lease, sending)
        assert await Outbox().drop_expired(db, now=late) == [waiting]
        await Outbox().retry(db, part, lease, at=None, error="HTTP 502")
        assert await Outbox().drop_expired(db, now=late) == [sending]
        dropped = await Outbox().get(db, sending)
    assert dropped is not None
    assert (dropped.state, dropped.error) == (State.DROPPED, "expired")


async def test_a_held_lane_and_a_paused_channel_have_no_turn(opened: Database) -> None:
    """What a platform asked to wait is stored; a longer wait is never shortened."""
    await add(opened, item("one"), item("two", "telegram:-200"))
    async with opened.writing() as db:
        await Outbox().hold_lane(db, f"{HERE}/7", until=NOON + 9 * MINUTE, reason="429")
        await Outbox().hold_lane(db, HERE, until=NOON + MINUTE, reason="429")
        await Channels().add(db, "telegram:-200", access=Access.ALLOWED, at=NOON)
        assert await Channels().pause(db, "telegram:-200", at=NOON, reason="kicked")
        assert await Outbox().wakes_at(db, "telegram", now=NOON) == NOON + 9 * MINUTE
    assert await heads(opened, at=8) == []
    assert await heads(opened, at=9) == ["one"]
    async with opened.writing() as db:
        assert await Outbox().drop_channel(db, "telegram:-200", now=NOON, reason="kicked") == [2]


async def test_after_a_restore_nothing_goes_out_until_the_operator_says_so(opened: Database) -> None:
    """What was in mid-send may be there: it is marked when it goes on."""
    first, _ = await add(opened, item("one"), item("two", "telegram:-200"))
    assert first
    lease = await take(opened)
    async with opened.writing() as db:
        (part,) = await begin(db, lease, first)
        assert await Outbox().hold_all(db) == 2
    assert await heads(opened) == []
    async with opened.writing() as db:
        assert not await Outbox().sent(db, part, lease, now=NOON, platform_message_id="late")
        assert await Outbox().release(db) == 2
        (released,) = await Outbox().parts(db, first)
    assert (released.state, released.resent) == (State.QUEUED, True)
    assert await heads(opened) == ["one", "two"]

"""What is announced is delivered once, in order, or ends with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.channels import Access, Channels
from store.outbox import Outbox
from store.outbox_items import State
from store.sending import Parts
from tests.store.queued import BRIEFING, add, begin, heads, item, take
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON

if TYPE_CHECKING:
    from store.database import Database


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


async def test_what_was_begun_is_ended_before_an_alert_unless_it_waits(opened: Database) -> None:
    """A long briefing is not cut by an alert; one that waits for a retry lets it pass."""
    (item_id,) = await add(opened, item("briefing", priority=BRIEFING))
    assert item_id
    lease = await take(opened)
    async with opened.writing() as db:
        one, two = await begin(db, lease, item_id, 2)
        await Parts().sent(db, one, lease, now=NOON, platform_message_id="m1")
    await add(opened, item("alert"))
    assert await heads(opened) == ["briefing"]
    async with opened.writing() as db:
        await Parts().start(db, two, lease, now=NOON, clock=NOON)
    assert await heads(opened) == []
    async with opened.writing() as db:
        await Parts().retry(db, two, lease, at=NOON + MINUTE, error="HTTP 502")
    assert await heads(opened) == ["alert"]


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
        await Parts().retry(db, part, lease, at=None, error="HTTP 502")
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
    assert await heads(opened, at=8) == []
    assert await heads(opened, at=9) == ["one"]


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
        assert not await Parts().sent(db, part, lease, now=NOON, platform_message_id="late")
        assert await Outbox().release(db) == 2
        (released,) = await Parts().of(db, first)
    assert (released.state, released.resent) == (State.QUEUED, True)
    assert await heads(opened) == ["one", "two"]

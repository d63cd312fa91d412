"""The platforms' limits are kept, by calculation."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pace import MINUTE, SECOND, SLACK_LIMITS, TELEGRAM_LIMITS, Lane, Pace, Priority
from bot.delivery.pacer import LoopClock, Pacer
from tests.clocks import SimulatedClock

PRIVATE = Lane("telegram:1")
GROUP = Lane("telegram:-100", group=True)


def sent(pace: Pace, now: float, lane: Lane, priority: Priority = Priority.BRIEFING) -> None:
    """Send one message that takes no time."""
    pace.start(lane, priority)
    pace.end(now, lane)


def test_a_chat_gets_one_message_a_second() -> None:
    """Counted from the answer to the one before, since that is when the platform surely had it."""
    pace = Pace(TELEGRAM_LIMITS)
    pace.start(PRIVATE, Priority.ALERT)
    assert pace.ready_at(0.0, PRIVATE, Priority.ALERT) == inf
    pace.end(0.5, PRIVATE)
    assert pace.ready_at(0.5, PRIVATE, Priority.ALERT) == 0.5 + SECOND


def test_a_group_gets_twenty_messages_a_minute() -> None:
    """The twenty-first waits until the first is a minute old; a private chat has no such limit."""
    pace = Pace(TELEGRAM_LIMITS)
    for i in range(20):
        sent(pace, i * SECOND, GROUP)
        sent(pace, i * SECOND, PRIVATE)
    assert pace.ready_at(20 * SECOND, GROUP, Priority.REPLY) == MINUTE
    assert pace.ready_at(20 * SECOND, PRIVATE, Priority.REPLY) == 20 * SECOND


def test_bulk_leaves_room_for_replies() -> None:
    """Of thirty messages a second 28 may be bulk, 24 while a reply waits."""
    pace = Pace(TELEGRAM_LIMITS)
    for i in range(24):
        sent(pace, 0.0, Lane(f"telegram:9{i}"))
    assert pace.ready_at(0.0, PRIVATE, Priority.ALERT) == 0.0
    assert pace.ready_at(0.0, PRIVATE, Priority.ALERT, reply_waits=True) == SECOND
    for i in range(24, 28):
        sent(pace, 0.0, Lane(f"telegram:9{i}"))
    assert pace.ready_at(0.0, PRIVATE, Priority.ALERT) == SECOND
    assert pace.ready_at(0.0, PRIVATE, Priority.REPLY) == 0.0


def test_bulk_steps_back_for_a_second_after_a_reply() -> None:
    """Who just got an answer is likely to ask again."""
    pace = Pace(TELEGRAM_LIMITS)
    for i in range(24):
        sent(pace, 0.0, Lane(f"telegram:9{i}"))
    sent(pace, 0.5, Lane("telegram:me"), Priority.REPLY)
    assert pace.ready_at(0.6, PRIVATE, Priority.ALERT) == SECOND


def test_at_most_ten_requests_are_under_way() -> None:
    """More made the client slower."""
    pace = Pace(SLACK_LIMITS)
    for i in range(10):
        pace.start(Lane(f"slack:T/{i}"), Priority.ALERT)
    assert pace.ready_at(0.0, Lane("slack:T/x"), Priority.REPLY) == inf


def test_requests_under_way_count_as_sent_now() -> None:
    """A window with as many under way as it holds opens only when one of them ends."""
    limits = TELEGRAM_LIMITS.__class__(per_second=2, bulk_per_second=2, bulk_beside_replies=1)
    pace = Pace(limits)
    pace.start(Lane("a"), Priority.REPLY)
    pace.start(Lane("b"), Priority.ALERT)
    assert pace.ready_at(0.0, Lane("c"), Priority.REPLY) == inf
    pace.end(1.0, Lane("b"))
    assert pace.ready_at(1.0, Lane("c"), Priority.REPLY) == 1.0 + SECOND


def test_a_wait_that_the_platform_asks_for_is_obeyed() -> None:
    """The lane waits as long as asked, other lanes go on, and a shorter wait never shortens a longer one."""
    pace = Pace(TELEGRAM_LIMITS)
    pace.hold(0.0, GROUP, 30.0)
    pace.hold(1.0, GROUP, 3.0)
    assert pace.ready_at(1.0, GROUP, Priority.REPLY) == 30.0
    assert pace.ready_at(1.0, PRIVATE, Priority.REPLY) == 1.0


def test_waits_in_several_chats_hold_the_token() -> None:
    """Three chats at a time mean that the token is over its limit, until the first of them is free."""
    pace = Pace(TELEGRAM_LIMITS)
    for i, seconds in enumerate((30.0, 10.0, 20.0)):
        pace.hold(0.0, Lane(f"telegram:9{i}"), seconds)
    assert pace.ready_at(0.0, PRIVATE, Priority.REPLY) == 10.0


def test_what_is_older_than_every_limit_is_forgotten() -> None:
    """A hundred thousand chats served once leave no state behind."""
    pace = Pace(TELEGRAM_LIMITS)
    for i in range(1000):
        sent(pace, float(i), Lane(f"telegram:9{i}"))
    assert len(pace._lane_sent) <= MINUTE + 2  # noqa: SLF001 - the promise is about memory, which has no other face


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(Priority)), min_size=1, max_size=120))
async def test_no_limit_is_ever_broken(wanted: list[tuple[int, Priority]]) -> None:
    """Whatever is wanted at once: per second, per chat and per group and minute, in order within lane and priority."""
    clock = SimulatedClock()
    pacer = Pacer(TELEGRAM_LIMITS, clock)
    log: list[tuple[float, int, Priority, int]] = []

    async def send(number: int, chat: int, priority: Priority) -> None:
        async with pacer.turn(Lane(str(chat), group=chat % 2 == 1), priority):
            log.append((clock.now(), chat, priority, number))

    async with asyncio.TaskGroup() as group:
        running = group.create_task(pacer.run())
        async with asyncio.TaskGroup() as sends:
            for number, (chat, priority) in enumerate(wanted):
                sends.create_task(send(number, chat, priority))
        running.cancel()
    assert len(log) == len(wanted)
    for i, (at, *_) in enumerate(log):
        assert sum(at - 1 < other <= at for other, *_ in log[: i + 1]) <= 30
    for chat in range(4):
        times = [at for at, where, *_ in log if where == chat]
        assert all(b - a >= 1 for a, b in pairwise(times))
        assert chat % 2 == 0 or all(b - a >= 60 for a, b in zip(times, times[20:], strict=False))
        for priority in Priority:
            numbers = [number for _, where, of, number in log if where == chat and of is priority]
            assert numbers == sorted(numbers)


async def test_a_reply_overtakes_the_bulk_of_its_own_chat() -> None:
    """Who asks during a long briefing is answered before its next part."""
    clock = SimulatedClock()
    pacer = Pacer(TELEGRAM_LIMITS, clock)
    log: list[str] = []

    async def send(name: str, priority: Priority) -> None:
        async with pacer.turn(PRIVATE, priority):
            log.append(name)

    async with asyncio.TaskGroup() as group:
        parts = [group.create_task(send(f"part {i}", Priority.BRIEFING)) for i in range(3)]
        await asyncio.sleep(0)
        reply = group.create_task(send("reply", Priority.REPLY))
        await asyncio.sleep(0)
        running = group.create_task(pacer.run())
        await asyncio.gather(reply, *parts)
        running.cancel()
    assert log == ["reply", "part 0", "part 1", "part 2"]


async def test_a_turn_that_nobody_waits_for_any_more_is_not_lost() -> None:
    """Cancelled before or in the moment of its turn, a sender leaves the lane free for the next."""
    pacer = Pacer(TELEGRAM_LIMITS, SimulatedClock())
    log: list[str] = []

    async def send(name: str) -> None:
        async with pacer.turn(PRIVATE, Priority.ALERT):
            log.append(name)

    async with asyncio.TaskGroup() as group:
        early, given = group.create_task(send("early")), group.create_task(send("given"))
        await asyncio.sleep(0)
        early.cancel()
        await asyncio.sleep(0)
        pacer._give_turns()  # noqa: SLF001 - the moment between giving a turn and taking it has no other handle
        given.cancel()
        running = group.create_task(pacer.run())
        await send("after")
        running.cancel()
    assert log == ["after"]


async def test_the_real_clock_waits_for_an_event_or_a_time() -> None:
    """An event ends the wait early; a time in the past ends it at once."""
    clock = LoopClock()
    event = asyncio.Event()
    await clock.wait(event, clock.now() - 1)
    assert not event.is_set()
    event.set()
    await clock.wait(event, inf)


async def test_holds_are_seen_by_those_who_wait() -> None:
    """A hold on the token stops all lanes; a hold on a lane only that one."""
    clock = SimulatedClock()
    pacer = Pacer(TELEGRAM_LIMITS, clock)
    pacer.hold(GROUP, 50.0)
    pacer.hold_token(5.0)
    times: dict[str, float] = {}

    async def send(lane: Lane) -> None:
        async with pacer.turn(lane, Priority.ALERT):
            times[lane.chat] = clock.now()

    async with asyncio.TaskGroup() as group:
        running = group.create_task(pacer.run())
        async with asyncio.TaskGroup() as sends:
            sends.create_task(send(GROUP))
            sends.create_task(send(PRIVATE))
        running.cancel()
    assert times == {PRIVATE.chat: pytest.approx(5.0), GROUP.chat: pytest.approx(50.0)}

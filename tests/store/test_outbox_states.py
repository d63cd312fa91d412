"""Whatever senders, failures and takeovers come in whatever order, the outbox keeps its promises."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from store.database import Database, database
from store.delivery_tables import leases, outbox, outbox_keys, outbox_parts
from store.leases import Lease, Leases
from store.metadata import metadata
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.sending import Parts
from tests.store.samples import MINUTE, NOON

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
ENDED = {"sent", "failed", "dropped"}


class Machine(RuleBasedStateMachine):
    """Senders that start, end, fail, freeze and are taken over, on one database."""

    loop: asyncio.AbstractEventLoop
    opened: Database

    under_way: Bundle[Any] = Bundle("under_way")
    """(part, lease) of each send that began and whose end was not told."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOON
        self.lease: Lease | None = None
        self.lease_until = NOON
        self.keys: set[str] = set()
        self.went_out: set[int] = set()
        self.ended: set[int] = set()
        self.write(_empty)

    def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do some work in a transaction."""

        async def transaction() -> T:
            async with self.opened.writing() as db:
                return await work(db)

        return self.loop.run_until_complete(transaction())

    @initialize()
    def begin(self) -> None:
        """Two chats have news, and one sender runs."""
        for key, lane, priority in (("a", "1", 2), ("b", "1", 1), ("c", "1", 2), ("d", "2", 1)):
            self.add(key, lane, priority)
        self.take_over("one")

    @rule(key=st.sampled_from("abcdef"), lane=st.sampled_from(["1", "2"]), priority=st.sampled_from([1, 2]))
    def add(self, key: str, lane: str, priority: int) -> None:
        """A key is taken once for ever."""
        new = NewItem(f"telegram:{lane}", {}, 1, key, priority, self.now, self.now + 9 * MINUTE)
        item = self.write(lambda db: Outbox().add(db, new, now=self.now))
        assert (item is None) == (key in self.keys)
        self.keys.add(key)

    @rule(seconds=st.sampled_from([10, 61, 600]))
    def time_passes(self, seconds: int) -> None:
        """Leases lapse, retries come due, news gets old."""
        self.now += timedelta(seconds=seconds)

    @rule(owner=st.sampled_from(["one", "two"]))
    def take_over(self, owner: str) -> None:
        """A sender starts, or starts again after a crash; it waits for the lease to lapse."""

        async def take(db: AsyncConnection) -> Lease | None:
            return await Leases().take(db, "telegram:7", owner, lasts=MINUTE, now=self.now)

        taken = self.write(take)
        if taken is not None:
            self.lease, self.lease_until = taken, self.now + MINUTE

    @rule(target=under_way)
    def adopt(self) -> Any:  # noqa: ANN401 - hypothesis' multiple
        """A new sender takes over what the one before it left in mid-send."""
        lease = self.lease
        if lease is None:
            return multiple()
        parts = self.write(lambda db: Parts().adopt(db, "telegram", lease, now=self.now))
        return multiple(*((part.part_id, lease) for part in parts))

    @rule(target=under_way, parts=st.integers(1, 3))
    def send(self, parts: int) -> Any:  # noqa: ANN401 - hypothesis' multiple
        """The sender takes what has its turn and starts its first part that did not go out."""
        lease = self.lease
        if lease is None:
            return multiple()

        async def step(db: AsyncConnection) -> list[tuple[int, Lease]]:
            started = []
            for head in await Outbox().heads(db, "telegram", now=self.now):
                made = await Parts().expand(db, head.item_id, [{}] * parts, lease, now=self.now)
                # Eager: the outbox lets one begin, the first that did not go out.
                begun = [await Parts().start(db, part.part_id, lease, now=self.now, clock=self.now) for part in made]
                started += [(part.part_id, lease) for part, mine in zip(made, begun, strict=True) if mine]
            return started

        started = self.write(step)
        assert not {part for part, _ in started} & self.went_out
        assert not started or self.now < self.lease_until
        return multiple(*started)

    @rule(send=consumes(under_way))
    def sent(self, send: tuple[int, Lease]) -> None:
        """The platform took it; it counts unless another sender took the part over."""
        part, lease = send
        if self.write(lambda db: Parts().sent(db, part, lease, now=self.now, platform_message_id=f"m{part}")):
            assert part not in self.went_out
            self.went_out.add(part)

    @rule(target=under_way, send=consumes(under_way), seconds=st.sampled_from([0, 30]), late=st.booleans())
    def retried(self, send: tuple[int, Lease], seconds: int, late: bool) -> Any:  # noqa: ANN401, FBT001 - drawn
        """The platform failed; the sender may be told again, too late."""
        part, lease = send
        at = self.now + timedelta(seconds=seconds)
        self.write(lambda db: Parts().retry(db, part, lease, at=at, error="HTTP 502"))
        return send if late else multiple()

    @rule(send=consumes(under_way))
    def refused(self, send: tuple[int, Lease]) -> None:
        """The platform will never take it."""
        part, lease = send
        self.write(lambda db: Parts().fail(db, part, lease, now=self.now, error="refused"))

    @rule()
    def expire(self) -> None:
        """What is too old ends."""
        self.write(lambda db: Outbox().drop_expired(db, now=self.now))

    @rule()
    def restore(self) -> None:
        """A backup comes back, and the operator says go."""
        self.write(Outbox().hold_all)
        self.write(Outbox().release)

    @invariant()
    def promises_hold(self) -> None:
        """What went out stays so, what ended stays so, parts go out in order, one at a time in a lane."""

        async def look(db: AsyncConnection) -> tuple[list[Any], list[Any]]:
            items = (await db.execute(select(outbox))).all()
            in_order = select(outbox_parts, outbox.c.lane).join(outbox, outbox.c.item_id == outbox_parts.c.item_id)
            return list(items), list((await db.execute(in_order.order_by(outbox_parts.c.part_id))).all())

        items, parts = self.write(look)
        states = {item.item_id: item.state for item in items}
        assert {item.item_id for item in items if item.state in ENDED} >= self.ended
        self.ended = {item.item_id for item in items if item.state in ENDED}
        assert {part.part_id for part in parts if part.state == "sent"} == self.went_out
        by_item: dict[int, list[Any]] = {}
        for part in parts:
            by_item.setdefault(part.item_id, []).append(part)
        for item, mine in by_item.items():
            ranks = [0 if part.state == "sent" else 1 for part in mine]
            assert ranks == sorted(ranks)
            assert (states[item] == "sent") == (sum(ranks) == 0)
            if states[item] in ENDED:
                assert all(part.state in ENDED for part in mine)
        lanes = [part.lane for part in parts if part.state == "sending"]
        assert len(lanes) == len(set(lanes))


async def _empty(db: AsyncConnection) -> None:
    for table in (outbox_parts, outbox, outbox_keys, leases):
        await db.execute(metadata.tables[table.name].delete())


def test_whatever_happens_the_outbox_keeps_its_promises(ready_url: str) -> None:
    """Small random histories on the real database."""
    with asyncio.Runner() as runner:
        manager = database(ready_url)
        opened = runner.run(manager.__aenter__())

        class Bound(Machine):
            pass

        Bound.loop, Bound.opened = runner.get_loop(), opened
        checked = settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Bound, settings=checked)
        runner.run(manager.__aexit__(None, None, None))

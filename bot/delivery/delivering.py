"""What is queued is delivered: the sender of one token.

Whatever happens, each step is one committed transaction before the next one begins: expanded, sending, sent. A crash
between two of them leaves a row that says how far it came.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

from bot.delivery.outcomes import Fail, Gone, Hold, Moved, Outcome, Retry, Sent, TokenRefused, outcome_of, unsure
from bot.delivery.pace import Priority
from bot.delivery.platform import lane_of
from bot.sending import SendError
from handlers.command import Channel
from store.failures import FAILURES
from store.outbox_items import Kind, State
from summaries.message_json import UnknownMessageError, parse_message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.delivery.platform import Platform
    from store.channels import Channels
    from store.database import Database
    from store.leases import Lease, Leases
    from store.outbox import Outbox
    from store.outbox_items import OutboxItem, OutboxPart
    from store.sending import Parts

log = structlog.get_logger("bot.delivery")

Part = TypeVar("Part")

LEASE_LASTS = timedelta(seconds=10)
RENEW_EVERY = 3.0  # seconds: two renewals may fail before the lease lapses
LOOK_EVERY = 1.0  # seconds: another process may have queued something
DROP_EVERY = timedelta(minutes=1)
FAULT_WAIT = timedelta(minutes=10)  # until what we could not render is tried again, perhaps by another version
EDIT_WAIT = timedelta(seconds=30)  # until an edit looks again whether what it changes was sent
DATABASE_WAIT = 5.0
FIND_AFTER = 10.0  # seconds until a message shows in the platform's history


@dataclass(frozen=True, slots=True)
class Desk:
    """The part of the store that delivery works with."""

    database: Database
    outbox: Outbox
    parts: Parts
    leases: Leases
    channels: Channels


class Delivery(Generic[Part]):
    """Sends what is queued for one platform, as long as it holds the lease.

    Args:
        platform: What to send with.
        desk: Where it is queued.
        owner: A name that no other process has or will have.
        now: The time, aware, UTC.
        told: Called in the transaction that pauses a channel, with the channel and the platform's words, so that
            somebody learns of it another way.
        lease_lasts: How long another process waits after this one died.
        find_after: Seconds from a send until the platform can be asked whether it arrived.
        database_wait: Seconds until it is tried again after the database failed.
        beside: Runs while the lease is held and is cancelled with it: what only one process may do with a token.
        beat: Called whenever there was a look at what is queued, or at whether the lease is free.
    """

    def __init__(  # noqa: PLR0913 - the parts of a sender
        self,
        platform: Platform[Part],
        desk: Desk,
        *,
        owner: str,
        now: Callable[[], datetime],
        told: Callable[[AsyncConnection, Channel, str], Awaitable[None]],
        lease_lasts: timedelta = LEASE_LASTS,
        find_after: float = FIND_AFTER,
        database_wait: float = DATABASE_WAIT,
        beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._platform = platform
        self._desk = desk
        self._owner = owner
        self._now = now
        self._told = told
        self._lease_lasts = lease_lasts
        self._find_after = find_after
        self._database_wait = database_wait
        self._beside = beside
        self._beat = beat
        self._wake = asyncio.Event()
        self._busy: set[str] = set()
        self._under_way: set[asyncio.Task[Outcome | None]] = set()
        self._failures = 0
        self._next_drop = now()

    def wake(self) -> None:
        """Look at once: something was queued."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; then end what is in mid-send (the clients' timeouts bound it) and give up the lease."""
        while True:
            try:
                await self._run_once()
            except* FAILURES:
                # What was in mid-send is settled under the next lease.
                log.exception("database_failed", platform=self._platform.name)
                await asyncio.sleep(self._database_wait)

    async def _run_once(self) -> None:
        """Take the lease and deliver until it is lost."""
        lease = await self._take_lease()
        log.info("lease_taken", platform=self._platform.name, epoch=lease.epoch)
        self._busy.clear()
        try:
            async with asyncio.TaskGroup() as group:
                working = [group.create_task(self._work(lease, group))]
                if self._beside is not None:
                    working.append(group.create_task(self._beside()))
                await self._keep(lease)
                for task in working:
                    task.cancel()
        finally:
            for ended in await asyncio.gather(*self._under_way, return_exceptions=True):
                if isinstance(ended, Exception):  # it was sent, and that was not written down: settled as after a crash
                    log.error("delivery_failed", exc_info=ended)
            with suppress(*FAILURES):  # the lease lapses by itself; what ended us is what matters
                async with self._desk.database.writing() as db:
                    await self._desk.leases.give_up(db, lease, now=self._clock())

    def _clock(self) -> datetime | None:
        """Return the clock that leases count by: ours on one machine, the database's own between machines."""
        return self._now() if self._desk.database.writer.dialect.name == "sqlite" else None

    async def _take_lease(self) -> Lease:
        while True:
            self._beat()
            async with self._desk.database.writing() as db:
                lease = await self._desk.leases.take(
                    db, self._platform.token_name, self._owner, lasts=self._lease_lasts, now=self._clock()
                )
            if lease is not None:
                return lease
            await asyncio.sleep(RENEW_EVERY)

    async def _keep(self, lease: Lease) -> None:
        """Renew the lease; return when it is lost."""
        while True:
            await asyncio.sleep(RENEW_EVERY)
            async with self._desk.database.writing() as db:
                kept = await self._desk.leases.renew(db, lease, lasts=self._lease_lasts, now=self._clock())
            if not kept:
                log.warning("lease_lost", platform=self._platform.name, epoch=lease.epoch)
                return

    async def _work(self, lease: Lease, group: asyncio.TaskGroup) -> None:
        await self._adopt(lease, group)
        while True:
            self._wake.clear()
            self._beat()
            await self._drop_expired()
            async with self._desk.database.reading() as db:
                items = await self._desk.outbox.heads(db, self._platform.name, now=self._now())
            for item in items:
                if item.lane not in self._busy:
                    self._busy.add(item.lane)
                    group.create_task(self._deliver(item, lease))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._wake.wait()

    async def _drop_expired(self) -> None:
        """End what is too old, once a minute: nothing that expired is sent in between, ``heads`` sees to that."""
        if self._now() < self._next_drop:
            return
        self._next_drop = self._now() + DROP_EVERY
        async with self._desk.database.writing() as db:
            dropped = await self._desk.outbox.drop_expired(db, now=self._now())
        for item_id in dropped:
            log.warning("item_expired", item=item_id)

    async def _adopt(self, lease: Lease, group: asyncio.TaskGroup) -> None:
        """Decide about what a former sender left in mid-send."""
        async with self._desk.database.writing() as db:
            parts = await self._desk.parts.adopt(db, self._platform.name, lease, now=self._clock())
            lanes = {part.part_id: await self._desk.outbox.get(db, part.item_id) for part in parts}
        for part in parts:
            item = lanes[part.part_id]
            assert item is not None  # an item is pruned only after its parts ended
            self._busy.add(item.lane)
            group.create_task(self._settle(item, part, lease))

    async def _settle(self, item: OutboxItem, part: OutboxPart, lease: Lease) -> None:
        """Ask the platform whether a part went out; where nobody can tell, send it again and say so."""
        ended = Retry("the process ended while it was sent", at=None, counts=True, may_be_there=item.kind is Kind.SEND)
        try:
            await self._apply(await self._looked_up(item, part, ended), item, part, lease)
        finally:
            self._busy.discard(item.lane)
            self.wake()

    async def _looked_up(self, item: OutboxItem, part: OutboxPart, otherwise: Retry) -> Outcome:
        """Return what became of a part that may have arrived: ``otherwise`` where the platform cannot tell."""
        finder = self._platform.finder
        if finder is None or part.started_at is None or item.kind is not Kind.SEND:
            return otherwise
        await asyncio.sleep(max(0.0, self._find_after - (self._now() - part.started_at).total_seconds()))
        try:
            found = await finder.find(Channel.parse(item.channel), part.part_id, part.started_at)
        except SendError as exc:
            log.info("part_not_found_out", part=part.part_id, reason=exc.reason)
            return otherwise
        return Sent(found) if found is not None else Retry("never arrived", at=None, counts=False)

    async def _deliver(self, item: OutboxItem, lease: Lease) -> None:
        """Send the parts of an item whose turn it is, until one has to wait."""
        try:
            for part, target in await self._expanded(item, lease):
                if part.state is State.SENT:
                    continue
                if part.state is not State.QUEUED or not await self._send(item, part, target, lease):
                    return
        finally:
            self._busy.discard(item.lane)
            self.wake()

    async def _expanded(self, item: OutboxItem, lease: Lease) -> Sequence[tuple[OutboxPart, str | None]]:
        """Return the parts of an item, each with the message that it edits; none where it cannot go out (now)."""
        try:
            message = parse_message(item.message, version=item.version)
            payloads = [self._platform.pack(part) for part in self._platform.render(message)]
        except UnknownMessageError as exc:
            return await self._drop(item, str(exc))
        except Exception:  # around one delivery: what we cannot render must not end the others, at every start anew
            log.exception("delivery_failed", item=item.item_id)
            return await self._put_off(item, FAULT_WAIT)
        if not payloads:
            return await self._drop(item, "it shows nothing")
        targets: list[str | None] = [None] * len(payloads)
        if item.kind is Kind.EDIT:
            target = await self._target(item)
            if target is None:
                return []
            targets = [part.platform_message_id for part in target]
        async with self._desk.database.writing() as db:
            # An edit that needs more messages than there are shows what fits.
            shown = payloads[: len(targets)]
            parts = await self._desk.parts.expand(db, item.item_id, shown, lease, now=self._clock())
        return list(zip(parts, targets, strict=False))

    async def _target(self, item: OutboxItem) -> list[OutboxPart] | None:
        """Return the parts that an edit changes; None where they are not there (yet)."""
        async with self._desk.database.reading() as db:
            overtaken = await self._desk.outbox.is_overtaken(db, item)
            target = None if item.target is None else await self._desk.outbox.get(db, item.target)
            parts = [] if target is None else await self._desk.parts.of(db, target.item_id)
        if overtaken:
            # Where this one had to be sent again, the later one may be there already.
            async with self._desk.database.writing() as db:
                await self._desk.outbox.drop(db, item.item_id, now=self._now(), reason="a later edit says it")
            log.info("edit_overtaken", item=item.item_id)
            return None
        if target is not None and target.state in {State.QUEUED, State.SENDING, State.HELD}:
            await self._put_off(item, EDIT_WAIT)
            return None
        sent = [part for part in parts if part.platform_message_id is not None]
        if not sent:
            await self._drop(item, "what it changes was never sent")
        return sent or None

    async def _put_off(self, item: OutboxItem, wait: timedelta) -> Sequence[tuple[OutboxPart, str | None]]:
        async with self._desk.database.writing() as db:
            await self._desk.outbox.postpone(db, item.item_id, until=self._now() + wait)
        return []

    async def _drop(self, item: OutboxItem, reason: str) -> Sequence[tuple[OutboxPart, str | None]]:
        async with self._desk.database.writing() as db:
            await self._desk.outbox.drop(db, item.item_id, now=self._now(), reason=reason)
        log.error("item_dropped", item=item.item_id, reason=reason)
        return []

    async def _send(self, item: OutboxItem, part: OutboxPart, target: str | None, lease: Lease) -> bool:
        """Send one part in its turn; return whether the next one may follow."""
        channel = Channel.parse(item.channel)
        async with self._platform.pacer.turn(lane_of(channel), Priority(item.priority)):
            # What has begun is ended even when we are told to stop: else nobody would know whether it arrived.
            task = asyncio.create_task(self._send_now(item, part, target, lease))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            outcome = await asyncio.shield(task)
        if isinstance(outcome, Retry) and self._can_be_asked(outcome):
            # It stays in mid-send until the platform was asked: who takes over meanwhile asks as well.
            log.warning("part_unsure", reason=outcome.reason, part=part.part_id, channel=item.channel)
            began = replace(part, started_at=self._now())
            return await self._apply(await self._looked_up(item, began, outcome), item, part, lease)
        return isinstance(outcome, Sent)

    async def _send_now(self, item: OutboxItem, part: OutboxPart, target: str | None, lease: Lease) -> Outcome | None:
        """Send one part and write down what became of it, unless the platform can be asked; None if it is not ours."""
        channel = Channel.parse(item.channel)
        async with self._desk.database.writing() as db:
            if not await self._desk.parts.start(db, part.part_id, lease, now=self._now(), clock=self._clock()):
                return None
        try:
            content = self._platform.unpack(part.payload)
            if target is None:
                outcome: Outcome = Sent(await self._platform.post(channel, content, part.part_id))
            else:
                await self._platform.edit(channel, target, content)
                outcome = Sent(target)
        except SendError as exc:
            outcome = outcome_of(exc, now=self._now(), attempts=part.attempts + 1, failures=self._failures)
        except Exception as exc:  # one delivery's fault must not end the others
            log.exception("delivery_failed", item=item.item_id, part=part.position)
            outcome = unsure(type(exc).__name__, now=self._now(), attempts=part.attempts + 1)
        if not self._can_be_asked(outcome):
            await self._apply(outcome, item, part, lease)
        return outcome

    def _can_be_asked(self, outcome: Outcome) -> bool:
        return self._platform.finder is not None and isinstance(outcome, Retry) and outcome.may_be_there

    async def _apply(self, outcome: Outcome, item: OutboxItem, part: OutboxPart, lease: Lease) -> bool:
        """Write down what became of a part, in one transaction; return whether the next part may follow."""
        parts, channel, now = self._desk.parts, Channel.parse(item.channel), self._now()
        facts = {"item": item.item_id, "part": part.position, "channel": item.channel}
        async with self._desk.database.writing() as db:
            match outcome:
                case Sent(message_id):
                    await parts.sent(db, part.part_id, lease, now=now, platform_message_id=message_id)
                case Fail(reason):
                    await parts.fail(db, part.part_id, lease, now=now, error=reason)
                case Gone(reason):
                    # It stays queued: it goes out if the channel comes back before it is too old.
                    await parts.retry(db, part.part_id, lease, at=None, error=reason, counts=False)
                    if await self._desk.channels.pause(db, str(channel), at=now, reason=reason):
                        await self._told(db, channel, reason)
                case Moved(new):
                    await parts.retry(db, part.part_id, lease, at=None, error=f"moved to {new}", counts=False)
                    await self._desk.channels.move(db, str(channel.lane), str(new.lane))
                case Retry(reason, at, counts, may_be_there):
                    await parts.retry(
                        db, part.part_id, lease, at=at, error=reason, counts=counts, may_be_there=may_be_there
                    )
                case Hold(reason, seconds):
                    until = now + timedelta(seconds=seconds)
                    await parts.retry(db, part.part_id, lease, at=until, error=reason, counts=False)
                    await self._desk.outbox.hold_lane(db, item.channel, until=until, reason=reason)
                case TokenRefused(reason):
                    await parts.retry(db, part.part_id, lease, at=None, error=reason, counts=False)
        return self._after(outcome, channel, facts)

    def _after(self, outcome: Outcome, channel: Channel, facts: dict[str, object]) -> bool:
        """Slow down or go on, once the transaction is over; return whether the next part may follow."""
        if isinstance(outcome, Sent):
            self._failures = 0
            log.info("part_sent", **facts)
            return True
        log.warning("part_not_sent", reason=outcome.reason, **facts)
        match outcome:
            case Hold(_, seconds):
                self._platform.pacer.hold(lane_of(channel), seconds)
            case Retry(_, _, _, _, token_waits) if token_waits:
                self._failures += 1
                self._platform.pacer.hold_token(token_waits)
            case TokenRefused(_, seconds):
                self._platform.pacer.hold_token(seconds)
            case _:
                pass
        return False

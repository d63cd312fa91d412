"""What may have arrived is asked of Slack before it is sent again: the real client, a strict server, both databases."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.delivery.delivering import Delivery, Desk
from bot.delivery.pace import SLACK_LIMITS
from bot.delivery.pacer import Pacer
from bot.slack.platform import slack_platform
from bot.slack.sender import SlackSender, slack_client
from bot.taps import TapMemory
from store.channels import Channels
from store.leases import Leases
from store.outbox import Outbox
from store.outbox_items import NewItem, State
from store.sending import Parts
from summaries.message import Message, Paragraph, Run
from summaries.message_json import VERSION, message_data
from tests.clocks import SimulatedClock
from tests.platforms.faults import PATIENCE, Drop, Fault
from tests.platforms.slack import BOT_TOKEN, SlackServer
from tests.platforms.slack_methods import SCOPES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.command import Channel
    from store.database import Database
    from store.outbox_items import OutboxPart

WORLD = "slack:T0HARBOUR/C1"
READS = "channels:history"
LEASE_LASTS = timedelta(days=365)  # simulated time runs ahead of the renewals


@dataclass
class Post:
    """A database, a Slack and a delivery between them."""

    database: Database
    slack: SlackServer
    delivery: Delivery[object]
    clock: SimulatedClock

    async def queue(self, text: str) -> int:
        """Queue a message and wake the sender; return the item."""
        now = self.clock.date()
        message = message_data(Message((Paragraph((Run(text),)),)))
        item = NewItem(WORLD, message, VERSION, key=text, priority=2, due_at=now, expires_at=now + timedelta(days=1))
        async with self.database.writing() as db:
            item_id = await Outbox().add(db, item, now=now)
        assert item_id is not None
        self.delivery.wake()
        return item_id

    async def until_part(self, item_id: int, state: State, *, attempts: int = 1) -> OutboxPart:
        """Wait until the only part of an item is in a state after so many attempts; return it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.database.reading() as db:
                    parts = await Parts().of(db, item_id)
                if [(part.state, part.attempts) for part in parts] == [(state, attempts)]:
                    return parts[0]
                self.delivery.wake()


@asynccontextmanager
async def post_office(
    database: Database, slack: SlackServer, *, find_after: float = 0.0, owner: str = "here"
) -> AsyncIterator[Post]:
    """Open a post office that sends in simulated time, and asks after real seconds what became of a message."""
    clock = SimulatedClock()
    async with slack_client(BOT_TOKEN, base_url=slack.base_url) as client:
        pacer = Pacer(SLACK_LIMITS, clock)
        platform = slack_platform(SlackSender(client, TapMemory()), client, pacer, app_id="A0")

        async def tell(_: AsyncConnection, __: Channel, reason: str) -> None:
            pytest.fail(reason)

        desk = Desk(database, Outbox(), Parts(), Leases(), Channels())
        delivery = Delivery(
            platform, desk, owner=owner, now=clock.date, told=tell, lease_lasts=LEASE_LASTS, find_after=find_after
        )
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(pacer.run()), group.create_task(delivery.run())]
            yield Post(database, slack, delivery, clock)  # type: ignore[arg-type]  # what a part is does not matter here
            for task in tasks:
                task.cancel()


@asynccontextmanager
async def workspace(*granted: str) -> AsyncIterator[SlackServer]:
    """Open a workspace with one channel; the app has these scopes beside its manifest's."""
    async with SlackServer(scopes=SCOPES | set(granted)) as slack:
        slack.channel("C1", "world")
        yield slack


def texts(slack: SlackServer) -> list[str]:
    """Return what stands in the channel."""
    return [message.text for message in slack.posting.sent]


async def test_a_message_whose_answer_was_lost_is_found_and_not_posted_again(opened: Database) -> None:
    """The channel's history has it, with its number in the outbox."""
    async with workspace(READS) as slack, post_office(opened, slack) as post:
        slack.faults.order(Fault(method="chat.postMessage", drop=Drop.AFTER))
        part = await post.until_part(await post.queue("one"), State.SENT)
        assert texts(slack) == ["one"]
        assert (part.platform_message_id, part.resent) == (slack.posting.sent[0].ts, False)


async def test_a_message_that_never_arrived_is_posted(opened: Database) -> None:
    """The line broke before Slack had it: the history knows nothing of it, and the attempt does not count."""
    async with workspace(READS) as slack, post_office(opened, slack) as post:
        slack.faults.order(Fault(method="chat.postMessage", drop=Drop.BEFORE))
        part = await post.until_part(await post.queue("one"), State.SENT)
        assert texts(slack) == ["one"]
        assert not part.resent


async def test_where_the_history_may_not_be_read_it_is_posted_again_and_marked(opened: Database) -> None:
    """Twice rather than never."""
    async with workspace() as slack, post_office(opened, slack) as post:
        slack.faults.order(Fault(method="chat.postMessage", drop=Drop.AFTER))
        item_id = await post.queue("one")
        await post.until_part(item_id, State.QUEUED)
        post.clock.time += 3600
        part = await post.until_part(item_id, State.SENT, attempts=2)
        assert texts(slack) == ["one", "one"]
        assert part.resent


async def test_what_a_process_left_in_mid_send_is_looked_up_by_the_next(opened: Database) -> None:
    """It ended while it waited to ask: the next one asks, and posts nothing twice."""
    async with workspace(READS) as slack:
        slack.faults.order(Fault(method="chat.postMessage", drop=Drop.AFTER))
        async with post_office(opened, slack, find_after=3600.0) as post:
            item_id = await post.queue("one")
            await slack.until(lambda: len(slack.faults.met) == 1)
            await post.until_part(item_id, State.SENDING)
        async with post_office(opened, slack, owner="next") as post:
            part = await post.until_part(item_id, State.SENT)
        assert texts(slack) == ["one"]
        assert not part.resent

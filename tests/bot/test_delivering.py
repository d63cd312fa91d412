"""What is queued is delivered: the real client, a strict Telegram, both databases."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.delivery.delivering import Delivery, Desk
from bot.delivery.pace import TELEGRAM_LIMITS
from bot.delivery.pacer import Pacer
from bot.taps import TapMemory
from bot.telegram.platform import telegram_platform
from bot.telegram.sender import TelegramSender, bot_id, telegram_client
from store.channels import Access, Channels
from store.leases import Leases
from store.outbox import Outbox
from store.outbox_items import Kind, NewItem, State
from store.sending import Parts
from summaries.message import Message, Paragraph, Run
from summaries.message_json import VERSION, message_data
from tests.clocks import SimulatedClock
from tests.platforms.faults import Drop, Fault
from tests.platforms.telegram import TOKEN, TelegramServer
from tests.platforms.traffic import TELEGRAM_RATES, Rates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.command import Channel
    from store.database import Database

T = TypeVar("T")
ANA = "telegram:7"
BEN = "telegram:8"
GROUP = "telegram:-1001"
LEASE_LASTS = timedelta(days=365)  # simulated time runs ahead of the renewals


@dataclass
class Post:
    """A post office: a database, a Telegram and a delivery between them."""

    database: Database
    telegram: TelegramServer
    delivery: Delivery[object]
    clock: SimulatedClock
    outbox: Outbox
    told: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def queue(self, *texts: str, channel: str = ANA, priority: int = 2, target: int | None = None) -> list[int]:
        """Queue messages and wake the sender; return the items."""
        ids = []
        async with self.database.writing() as db:
            for text in texts:
                item = NewItem(
                    channel=channel,
                    message=message_data(Message((Paragraph((Run(text),)),))),
                    version=VERSION,
                    key=f"{channel}:{target}:{text}",
                    priority=priority,
                    due_at=self.clock.date(),
                    expires_at=self.clock.date() + timedelta(days=1),
                    kind=Kind.SEND if target is None else Kind.EDIT,
                    target=target,
                )
                item_id = await self.outbox.add(db, item, now=self.clock.date())
                assert item_id is not None
                ids.append(item_id)
        self.delivery.wake()
        return ids

    async def until_state(self, item_id: int, state: State) -> str | None:
        """Wait until an item has come so far; return its error."""
        async with asyncio.timeout(20):
            while True:
                async with self.database.reading() as db:
                    item = await self.outbox.get(db, item_id)
                assert item is not None
                if item.state is state:
                    return item.error
                self.delivery.wake()

    async def until_put_off(self, item_id: int) -> None:
        """Wait until a send of an item has failed and that is written down."""
        async with asyncio.timeout(20):
            while True:
                async with self.database.reading() as db:
                    parts = await Parts().of(db, item_id)
                if any(part.state is State.QUEUED and part.error for part in parts):
                    return

    async def texts(self, count: int, chat: int = 7) -> list[str]:
        """Wait for so many messages in a chat; return them."""
        await self.telegram.until(lambda: len(self.telegram.sent_to(chat)) >= count)
        return [message.text for message in self.telegram.sent_to(chat)]


@asynccontextmanager
async def post_office(
    database: Database, *, rates: Rates | None = None, running: bool = True, fault: BaseException | None = None
) -> AsyncIterator[Post]:
    """Open a post office that sends in simulated time; ``fault`` is raised for messages that say "broken"."""
    clock = SimulatedClock()
    telegram = TelegramServer(rates=rates, now=clock.now)
    async with telegram, telegram_client(TOKEN, base_url=telegram.base_url) as bot:
        telegram.person(7, "Ana")
        telegram.person(8, "Ben")
        telegram.group(-1001, "Harbour desk", kind="group")
        pacer = Pacer(TELEGRAM_LIMITS, clock)
        platform = telegram_platform(TelegramSender(bot, TapMemory()), pacer, bot_id=bot_id(TOKEN))
        if fault is not None:
            platform = replace(platform, render=partial(_rendered_but, fault, platform.render))
        told: asyncio.Queue[str] = asyncio.Queue()

        async def tell(_: AsyncConnection, channel: Channel, reason: str) -> None:
            told.put_nowait(f"{channel}: {reason}")

        desk = Desk(database, Outbox(), Parts(), Leases(), Channels())
        delivery = Delivery(
            platform, desk, owner="here", now=clock.date, told=tell, lease_lasts=LEASE_LASTS, database_wait=0.05
        )
        post = Post(database, telegram, delivery, clock, desk.outbox, told)  # type: ignore[arg-type]  # what a part is does not matter here
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(pacer.run())]
            if running:
                tasks.append(group.create_task(delivery.run()))
            yield post
            for task in tasks:
                task.cancel()


def _rendered_but(fault: BaseException, render: Callable[[Message], Sequence[T]], message: Message) -> Sequence[T]:
    if message.plain_text() == "broken":
        raise fault
    return render(message)


@asynccontextmanager
async def sending(post: Post) -> AsyncIterator[None]:
    """Let the sender run for the block, and end as a stop ends it."""
    task = asyncio.create_task(post.delivery.run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_queued_arrives_once_and_in_order(opened: Database) -> None:
    """One after the other in a chat, whatever happens in others; the key is known for ever."""
    async with post_office(opened) as post:
        ids = await post.queue("one", "two", "three")
        await post.queue("elsewhere", channel=BEN)
        assert await post.texts(3) == ["one", "two", "three"]
        assert await post.texts(1, chat=8) == ["elsewhere"]
        await post.until_state(ids[-1], State.SENT)
        with pytest.raises(AssertionError):
            await post.queue("one")
    assert len(post.telegram.sent_to(7)) == 3


async def test_an_alert_goes_before_a_briefing(opened: Database) -> None:
    """Whatever was queued first."""
    async with post_office(opened, running=False) as post:
        await post.queue("briefing", priority=2)
        await post.queue("alert", priority=1)
        async with sending(post):
            assert await post.texts(2) == ["alert", "briefing"]


async def test_a_group_that_gets_sixty_messages_at_once(opened: Database) -> None:
    """All arrive, in order, and no published limit is ever broken on a server that enforces them."""
    async with post_office(opened, rates=TELEGRAM_RATES) as post:
        expected = [f"message {i}" for i in range(60)]
        await post.queue(*expected, channel=GROUP)
        await post.telegram.until(lambda: len(post.telegram.sent_to(-1001)) == 60, patience=60)
        assert [message.text for message in post.telegram.sent_to(-1001)] == expected
    assert post.telegram.traffic.refused == 0
    assert post.telegram.traffic.most(60.0, "-1001") <= 20
    assert post.telegram.traffic.most(1.0) <= 30


async def test_a_wait_that_is_asked_for_is_obeyed(opened: Database) -> None:
    """The chat waits as long as the platform says, and loses neither a message nor the order."""
    async with post_office(opened) as post:
        post.telegram.too_many_requests(40)
        (item_id, _) = await post.queue("one", "two")
        await post.until_put_off(item_id)
        await post.queue("elsewhere", channel=BEN)
        await post.texts(1, chat=8)
        assert post.telegram.sent_to(7) == []
        post.clock.time = 41.0
        post.delivery.wake()
        assert await post.texts(2) == ["one", "two"]


async def test_a_reply_that_was_lost_is_sent_again_and_marked(opened: Database) -> None:
    """Telegram cannot be asked: the message comes twice rather than never, and the row says so."""
    async with post_office(opened) as post:
        post.telegram.faults.order(Fault(method="sendMessage", drop=Drop.AFTER))
        (item_id,) = await post.queue("one")
        await post.until_put_off(item_id)
        assert await post.texts(1) == ["one"]
        post.clock.time += 3600
        post.delivery.wake()
        assert await post.texts(2) == ["one", "one"]
        await post.until_state(item_id, State.SENT)
        async with opened.reading() as db:
            (part,) = await Parts().of(db, item_id)
        assert (part.resent, part.attempts) == (True, 2)


async def test_a_fault_on_the_other_side_costs_no_attempt(opened: Database) -> None:
    """The token pauses, the row does not age."""
    async with post_office(opened) as post:
        post.telegram.faults.order(Fault(method="sendMessage", times=3, status=502, answer="Bad Gateway"))
        (item_id,) = await post.queue("one")
        assert await post.texts(1) == ["one"]
        await post.until_state(item_id, State.SENT)
        async with opened.reading() as db:
            (part,) = await Parts().of(db, item_id)
        assert (part.resent, part.attempts) == (False, 1)
        assert post.clock.time >= 1 + 2 + 4


async def test_a_channel_that_is_gone_is_paused_and_its_messages_wait(opened: Database) -> None:
    """Somebody is told once; when the bot is let in again, what is not too old goes out."""
    async with post_office(opened) as post:
        async with opened.writing() as db:
            await Channels().add(db, ANA, access=Access.ALLOWED, at=post.clock.date())
        blocked = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
        post.telegram.faults.order(Fault(method="sendMessage", status=403, answer=blocked))
        (item_id, _) = await post.queue("one", "two")
        assert await post.told.get() == f"{ANA}: Forbidden: bot was blocked by the user"
        await post.until_put_off(item_id)
        async with opened.writing() as db:
            known = await Channels().get(db, ANA)
            assert known is not None
            assert known.paused_at is not None
            await Channels().resume(db, ANA)
        post.delivery.wake()
        assert await post.texts(2) == ["one", "two"]
        await post.until_state(item_id, State.SENT)
    assert post.told.empty()


async def test_a_group_that_moved_is_followed(opened: Database) -> None:
    """Telegram gives a group that becomes a supergroup a new id; everything goes on there."""
    async with post_office(opened) as post:
        await post.telegram.migrates(post.telegram.posting.chats[-1001], -100777)
        await post.queue("one", "two", channel=GROUP)
        assert await post.texts(2, chat=-100777) == ["one", "two"]


async def test_a_message_that_is_refused_fails_alone(opened: Database) -> None:
    """With the platform's reason; what comes after it goes out."""
    async with post_office(opened) as post:
        refused = {"ok": False, "error_code": 400, "description": "Bad Request: nonsense"}
        post.telegram.faults.order(Fault(method="sendMessage", status=400, answer=refused))
        (bad, _) = await post.queue("one", "two")
        assert await post.texts(1) == ["two"]
        assert await post.until_state(bad, State.FAILED) == "Nonsense"


async def test_a_message_of_many_parts_is_never_begun_anew(opened: Database) -> None:
    """What went out stays out: a fault at the second part repeats the second part only."""
    async with post_office(opened) as post:
        long = "\n".join(f"Sentence number {i} of a long briefing." for i in range(200))
        post.telegram.faults.order(Fault(method="sendMessage", status=502, answer="Bad Gateway"))
        (item_id,) = await post.queue(long)
        await post.until_state(item_id, State.SENT)
        texts = await post.texts(2)
    assert "\n".join(texts).split() == long.split()


async def test_what_a_killed_process_left_in_mid_send_is_sent_again(opened: Database) -> None:
    """Nobody knows whether it arrived, so it is repeated once and marked."""
    async with post_office(opened, running=False) as post:
        (item_id,) = await post.queue("one")
        async with opened.writing() as db:
            at = post.clock.date()
            dead = await Leases().take(db, "telegram:4242", "dead", lasts=timedelta(seconds=10), now=at)
            assert dead is not None
            payload = {"text": "one", "entities": [], "keyboard": [], "taps": []}
            (part,) = await Parts().expand(db, item_id, [payload], dead, now=at)
            assert await Parts().start(db, part.part_id, dead, now=at, clock=at)
            await Leases().lapse(db, now=at)
        async with sending(post):
            assert await post.texts(1) == ["one"]
            await post.until_state(item_id, State.SENT)
        async with opened.reading() as db:
            (part,) = await Parts().of(db, item_id)
        assert part.resent


async def test_a_stop_ends_what_it_has_begun(opened: Database) -> None:
    """The message in mid-send is written down as sent, and another process may go on at once."""
    async with post_office(opened, running=False) as post:
        async with sending(post):
            (item_id,) = await post.queue("one")
            await post.texts(1)
        async with opened.writing() as db:
            item = await post.outbox.get(db, item_id)
            assert item is not None
            assert item.state is State.SENT
            clock = post.clock.date() if opened.writer.dialect.name == "sqlite" else None
            assert await Leases().take(db, "telegram:4242", "next", lasts=LEASE_LASTS, now=clock) is not None


async def test_an_edit_changes_what_was_sent(opened: Database) -> None:
    """In place; an edit of what was never sent is dropped with that reason."""
    async with post_office(opened) as post:
        (item_id,) = await post.queue("one")
        await post.until_state(item_id, State.SENT)
        (edit,) = await post.queue("one, also elsewhere", target=item_id)
        await post.until_state(edit, State.SENT)
        assert post.telegram.sent_to(7)[0].versions == ["one", "one, also elsewhere"]
        refused = {"ok": False, "error_code": 400, "description": "Bad Request: nonsense"}
        post.telegram.faults.order(Fault(method="sendMessage", status=400, answer=refused))
        (bad,) = await post.queue("two")
        await post.until_state(bad, State.FAILED)
        (late,) = await post.queue("two, changed", target=bad)
        assert await post.until_state(late, State.DROPPED) == "what it changes was never sent"


async def test_an_edit_that_has_to_be_repeated_undoes_no_later_one(opened: Database) -> None:
    """As when a name was taken back meanwhile: each edit says all of its message."""
    async with post_office(opened, running=False) as post:
        async with sending(post):
            (item_id,) = await post.queue("one")
            await post.until_state(item_id, State.SENT)
        (edit,) = await post.queue("one, as Orlan said", target=item_id)
        async with opened.writing() as db:
            at = post.clock.date()
            clock = at if opened.writer.dialect.name == "sqlite" else None
            former = await Leases().take(db, "telegram:4242", "former", lasts=timedelta(seconds=10), now=clock)
            assert former is not None
            payload = {"text": "one, as Orlan said", "entities": [], "keyboard": [], "taps": []}
            (part,) = await Parts().expand(db, edit, [payload], former, now=clock)
            assert await Parts().start(db, part.part_id, former, now=at, clock=clock)
            assert await Parts().retry(db, part.part_id, former, at=at + timedelta(minutes=5), error="no answer")
            await Leases().give_up(db, former, now=clock)
        (later,) = await post.queue("one", target=item_id, priority=1)
        async with sending(post):
            await post.until_state(later, State.SENT)
            post.clock.time += 600
            await post.until_state(edit, State.DROPPED)
        assert "one, as Orlan said" not in post.telegram.sent_to(7)[0].versions


async def test_a_message_that_shows_nothing_is_dropped(opened: Database) -> None:
    """No platform takes it; the reason is kept."""
    async with post_office(opened) as post:
        (item_id, _) = await post.queue("\u200b", "two")
        assert await post.until_state(item_id, State.DROPPED) == "it shows nothing"
        assert await post.texts(1) == ["two"]


@pytest.mark.parametrize("fault", [ZeroDivisionError("by half"), MemoryError(), RecursionError()], ids=repr)
async def test_a_message_that_we_cannot_render_keeps_no_other_back(opened: Database, fault: Exception) -> None:
    """It stays queued and is tried again until it is too old, with its traceback in the log; what is behind it goes out."""
    with capture_logs() as logs:
        async with post_office(opened, fault=fault) as post:
            (broken, _) = await post.queue("broken", "two")
            assert await post.texts(1) == ["two"]
            post.clock.time += timedelta(hours=25).total_seconds()
            assert await post.until_state(broken, State.DROPPED) == "expired"
    faults = [log for log in logs if log["event"] == "delivery_failed"]
    assert faults
    assert all(log["item"] == broken and log["exc_info"] for log in faults)


async def test_a_database_that_fails_is_waited_for(opened: Database) -> None:
    """What was queued meanwhile arrives once, when it is back; each failure is in the log with its traceback."""
    with capture_logs() as logs:
        async with post_office(opened) as post:
            await post.queue("one")
            assert await post.texts(1) == ["one"]
            async with opened.writing() as db:
                await db.execute(text("ALTER TABLE lanes RENAME TO lanes_away"))
            await post.queue("two")
            async with asyncio.timeout(20):
                while not (failures := [log for log in logs if log["event"] == "database_failed"]):  # noqa: ASYNC110 - a log rings no bell
                    await asyncio.sleep(0.01)
            async with opened.writing() as db:
                await db.execute(text("ALTER TABLE lanes_away RENAME TO lanes"))
            assert await post.texts(2) == ["one", "two"]
    assert all(log["exc_info"] for log in failures)

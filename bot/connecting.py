"""The platforms that have a token: a client, what is sent with it in whose turn, and what listens."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bot.delivery.delivering import Delivery
from bot.delivery.delivering import Desk as PostDesk
from bot.delivery.pace import SLACK_LIMITS, TELEGRAM_LIMITS
from bot.delivery.pacer import Pacer
from bot.paced import PacedSender
from bot.stored_taps import StoredEvents, StoredTaps
from handlers.claiming import PAYLOAD, make_claim
from handlers.commands import WITHOUT_SLASH
from store.channels import Channels
from store.leases import Leases
from store.outbox import Outbox
from store.sending import Parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection
    from telegram import User

    from bot.answering import Answer, Notice
    from bot.delivery.platform import Platform
    from bot.slack.render import SlackText
    from config.settings import Settings
    from handlers.command import Channel
    from handlers.desk import Desk

SILENT = timedelta(minutes=2)
"""A sender looks once a second; one that did not for so long hangs."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One token of one platform.

    Attributes:
        delivery: Sends what is queued and listens, as long as this process holds the token's lease.
        pacer: Has to run as long as anything is sent.
    """

    delivery: Delivery[Any]
    pacer: Pacer


@dataclass(frozen=True, slots=True)
class Line:
    """What every platform is connected with.

    Attributes:
        desk: What answers are made with.
        answer: The handlers.
        notice: Told of channels that come, go or move.
        commands: As clients list them: names, each with what it does.
        owner: A name that no other process has or will have.
        told: Told in the transaction that pauses a channel.
        say: Says a line to who started the program.
        beats: Returns what a loop of that name calls with each round.
    """

    desk: Desk
    answer: Answer
    notice: Notice
    commands: tuple[tuple[str, str], ...]
    owner: str
    told: Callable[[AsyncConnection, Channel, str], Awaitable[None]]
    say: Callable[[str], None]
    beats: Callable[[str, timedelta], Callable[[], None]]

    async def claim(self) -> str | None:
        """Return a fresh claim code, None where there is an operator already."""
        async with self.desk.database.reading() as db:
            operators = await self.desk.people.operators(db)
        return None if operators else await make_claim(self.desk, secrets.SystemRandom())

    def delivery(self, platform: Platform[Any], beside: Callable[[], Any]) -> Delivery[Any]:
        """Return what sends for a platform and listens beside it."""
        return Delivery(
            platform,
            PostDesk(self.desk.database, Outbox(), Parts(), Leases(), Channels()),
            owner=self.owner,
            now=self.desk.now,
            told=self.told,
            beside=beside,
            beat=self.beats(platform.name, SILENT),
        )


@asynccontextmanager
async def telegram_connection(settings: Settings, token: str, line: Line) -> AsyncIterator[Connection]:
    """Open the connection to Telegram; nothing is sent by opening it."""
    from bot.telegram.adapter import TelegramAdapter  # noqa: PLC0415 - 0.3 s, and only this platform needs its library
    from bot.telegram.platform import telegram_platform  # noqa: PLC0415 - the same
    from bot.telegram.sender import TelegramSender, bot_id, telegram_client  # noqa: PLC0415 - the same

    api = str(settings.telegram_api).rstrip("/")
    taps = StoredTaps(line.desk.database, line.desk.now)
    async with telegram_client(token, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot") as bot:
        pacer = Pacer(TELEGRAM_LIMITS)
        sender = TelegramSender(bot, taps)
        adapter = TelegramAdapter(
            bot,
            PacedSender(sender, pacer),
            taps,
            line.answer,
            now=line.desk.now,
            notice=line.notice,
            commands=line.commands,
        )

        async def listen() -> None:
            code = await line.claim()

            def greet(me: User) -> None:
                link = f"https://t.me/{me.username}"
                if code is None:
                    line.say(f"Telegram is ready: {link}")
                else:
                    line.say(f"Telegram is ready. Open {link}?start={PAYLOAD}{code} to become its operator.")

            await adapter.run(greet)

        platform = telegram_platform(sender, pacer, bot_id=bot_id(token))
        yield Connection(line.delivery(platform, listen), pacer)


@asynccontextmanager
async def slack_connection(settings: Settings, bot_token: str, app_token: str, line: Line) -> AsyncIterator[Connection]:
    """Open the connection to Slack; nothing is sent by opening it."""
    from bot.slack.adapter import SlackAdapter  # noqa: PLC0415 - 0.3 s, and only this platform needs its library
    from bot.slack.platform import slack_platform  # noqa: PLC0415 - the same
    from bot.slack.sender import SlackSender, slack_client  # noqa: PLC0415 - the same

    taps = StoredTaps(line.desk.database, line.desk.now)
    async with slack_client(bot_token, base_url=str(settings.slack_api).rstrip("/") + "/") as client:
        pacer = Pacer(SLACK_LIMITS)
        sender = SlackSender(client, taps)
        paced: PacedSender[SlackText] = PacedSender(sender, pacer)
        adapter = SlackAdapter(
            client,
            app_token,
            paced,
            taps,
            line.answer,
            now=line.desk.now,
            names=WITHOUT_SLASH,
            seen=StoredEvents(line.desk.database, line.desk.now),
        )

        async def listen() -> None:
            code = await line.claim()
            if code is not None:
                line.say(f"For Slack: write “/onrecord claim {code}” there to become its operator.")
            await adapter.run()

        platform = slack_platform(sender, client, pacer, app_id=app_of(app_token))
        yield Connection(line.delivery(platform, listen), pacer)


def app_of(app_token: str) -> str:
    """Return what names a Slack app in the open: its id out of "xapp-1-A0123-…", else the token's hash."""
    parts = app_token.split("-")
    if len(parts) > 3 and parts[2].isalnum():  # noqa: PLR2004 - xapp, version, app, number, secret
        return parts[2]
    return sha256(app_token.encode()).hexdigest()[:16]


async def deliver(connections: tuple[Connection, ...]) -> None:
    """Deliver and listen until cancelled; turns are given until the last one has ended."""
    async with asyncio.TaskGroup() as pacing:
        turns = [pacing.create_task(one.pacer.run()) for one in connections]
        try:
            async with asyncio.TaskGroup() as sending:
                for one in connections:
                    sending.create_task(one.delivery.run())
        finally:
            for task in turns:
                task.cancel()

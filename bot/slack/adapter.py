"""Slack in: slash commands, mentions, direct messages and taps over Socket Mode, acknowledged first, then answered.

    async with slack_client(bot_token) as client:
        sender = SlackSender(client, taps)           # or the pacer around it
        adapter = SlackAdapter(client, app_token, sender, taps, answer, now=utc_now, names=frozenset({"quotes", …}))
        await adapter.run()                          # until cancelled

No public address is needed. The app is set up by ``slack-manifest.yaml``.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.answering import Answering, says
from bot.lanes import Lanes
from bot.sending import NotLetInError, TokenError
from bot.slack.files import fetched, readable
from bot.slack.incoming import said, slash, tapped
from bot.slack.render import SlackText, render
from bot.slack.response_url import ResponseUrlSender
from bot.slack.sender import CLIENT_TIMEOUT, translated
from bot.taps import command_behind
from handlers.command import Channel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from aiohttp import ClientSession
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.answering import Answer
    from bot.sending import Sender
    from bot.slack.files import FileThere
    from bot.taps import TapStore
    from handlers.command import Command

    Ack = Callable[[], Awaitable[object]]
    Payload = dict[str, Any]

_log = structlog.get_logger(__name__)
PLATFORM = "Slack"
COMMANDS = re.compile(r"/(summary|quotes|onrecord)")
PING = 5.0  # seconds between signs of life; four without an answer open a new connection
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between starts that fail
KEPT_EVENTS = 10_000  # Slack redelivers after 1 and 5 minutes: at 10 events a second that is 16 minutes' worth
KEPT_USERS = 1000
ADMIN_FOR = timedelta(minutes=10)  # how long a withdrawn administrator may still be taken for one
TOO_OLD = says("This button is too old. Please ask again.")


class SeenEvents(Protocol):
    """Knows which events were answered; a store that survives a restart belongs behind it."""

    async def is_new(self, event_id: str) -> bool:
        """Return whether an event was never asked about before, and remember it for ten minutes and more."""
        ...


class EventMemory:
    """``SeenEvents`` in memory: bounded, the oldest go first, lost on restart."""

    def __init__(self, limit: int = KEPT_EVENTS) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def is_new(self, event_id: str) -> bool:
        """Return whether an event was never asked about before."""
        if event_id in self._seen:
            return False
        self._seen[event_id] = None
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)
        return True


@dataclass(frozen=True, slots=True)
class _Person:
    """What Slack tells of somebody."""

    is_admin: bool = False
    name: str | None = None


class SlackAdapter:
    """Answers one workspace; per channel in order, channels beside each other.

    Args:
        client: An opened client (``slack_client``).
        app_token: The app-level token of Socket Mode, "xapp-…".
        sender: Sends the answers: a ``SlackSender``, or the pacer around one. Slash commands, and taps in channels, are
            answered by response_url instead, seen by the one who asked.
        taps: Knows the commands behind button tokens; the same that the sender keeps them in.
        answer: The handlers: what a command is answered; None to say nothing.
        now: The time, timezone-aware UTC.
        names: Commands that are understood without a slash in mentions and direct messages.
        seen: Knows which events were answered.
        wait: Sleeps so many seconds.
        answering: To change what is said meanwhile or on failure; made of ``answer`` if not given.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part
        self,
        client: AsyncWebClient,
        app_token: str,
        sender: Sender[SlackText],
        taps: TapStore,
        answer: Answer,
        *,
        now: Callable[[], datetime],
        names: frozenset[str] = frozenset(),
        seen: SeenEvents | None = None,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        answering: Answering[SlackText] | None = None,
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._sender = sender
        self._taps = taps
        self._now = now
        self._names = names
        self._seen = seen or EventMemory()
        self._wait = wait
        self._answering = answering or Answering(answer, render)
        self._lanes = Lanes()
        self._people: OrderedDict[str, tuple[datetime, _Person]] = OrderedDict()
        self._bot_user = ""

    async def run(self) -> None:
        """Listen and answer until cancelled; answers under way are finished first.

        Raises:
            NotLetInError: if Slack does not know one of the two tokens.
        """
        await self._met()
        app = AsyncApp(client=self._client, logger=logging.getLogger("bot.slack.bolt"))
        app.command(COMMANDS)(self._on_slash)
        app.event("app_mention")(self._on_event)
        app.event("message")(self._on_event)
        app.action(re.compile(r"tap-\d+"))(self._on_tap)
        handler = AsyncSocketModeHandler(app, self._app_token, web_client=self._client, ping_interval=PING)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves this one without types
            _log.info("slack_ready", bot=self._bot_user)
            await asyncio.Event().wait()
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call] # the same
            await self._lanes.close(CLIENT_TIMEOUT)

    async def _met(self) -> None:
        """Return when Slack can be reached and both tokens are good."""
        pause = FIRST_WAIT
        while True:
            try:
                self._bot_user = (await self._client.auth_test())["user_id"]
                # Bolt tries a wrong app token for ever; asked here, it is told.
                await self._client.apps_connections_open(app_token=self._app_token)
            except (SlackApiError, ClientError, TimeoutError, OSError) as exc:
                error = translated(exc, Channel("slack", "-"))
                if isinstance(error, TokenError):
                    raise NotLetInError(PLATFORM) from exc
                _log.warning("slack_unreachable", error=type(error).__name__, reason=error.reason, seconds=pause)
                await self._wait(pause)
                pause = min(pause * 2, LONGEST_WAIT)
            else:
                return

    async def _on_slash(self, ack: Ack, body: Payload) -> None:
        await ack()
        if await self._seen.is_new(body["trigger_id"]):
            sender = ResponseUrlSender(body["response_url"], self._session, self._taps, replaces=False)
            command = slash(body, self._now())
            self._lanes.begin(partial(self._answer, command, sender), command.channel)

    async def _on_event(self, body: Payload) -> None:
        # Bolt acknowledges events by itself, before this runs.
        command = said(body["event"], body["team_id"], self._bot_user, self._names, self._now())
        if command is not None and await self._seen.is_new(body["event_id"]):
            self._lanes.begin(partial(self._answer_event, command, readable(body["event"])), command.channel)

    async def _on_tap(self, ack: Ack, body: Payload) -> None:
        await ack()
        value = body["actions"][0].get("value")
        # Slack tells of tapped links as well.
        if value is None or not await self._seen.is_new(body["trigger_id"]):
            return
        text = await command_behind(value, self._taps)
        command = tapped(body, text or "", self._now())
        hook = ResponseUrlSender(body["response_url"], self._session, self._taps, replaces=True)
        # Alone with us, an answer may stay; among others it is for the one who tapped.
        sender: Sender[SlackText] = self._sender if command.is_private else hook
        if text is None:
            self._lanes.begin(partial(self._say_too_old, command, hook), command.channel)
        else:
            self._lanes.begin(partial(self._answer, command, sender), command.channel)

    async def _answer_event(self, command: Command, file: FileThere | None) -> None:
        if file is not None:
            content = await fetched(self._client, file)
            if content is None:
                _log.warning("file_not_fetched", channel=str(command.channel))
            else:
                command = replace(command, file=content, unread_file=None)
        await self._answer(command, self._sender)

    async def _answer(self, command: Command, sender: Sender[SlackText]) -> None:
        # Events say of a person nothing but a number, and the operator is asked by name whom to let in.
        if not command.is_admin or command.user_name is None:
            person = await self._person(command)
            command = replace(
                command,
                is_admin=command.is_admin or person.is_admin,
                user_name=command.user_name or person.name,
            )
        await self._answering.run(command, sender)

    async def _say_too_old(self, command: Command, sender: Sender[SlackText]) -> None:
        await sender.send(command.channel, render(TOO_OLD)[0])

    async def _person(self, command: Command) -> _Person:
        """Return what Slack tells of somebody; where it does not, nobody in particular, who administers nothing."""
        user = command.user.rpartition("/")[2]
        asked_at, known = self._people.get(user, (None, _Person()))
        if asked_at is not None and self._now() - asked_at < ADMIN_FOR:
            return known
        try:
            info: Payload = (await self._client.users_info(user=user))["user"]
        except (SlackApiError, ClientError, TimeoutError, OSError) as exc:
            _log.warning("person_unknown", channel=str(command.channel), error=type(exc).__name__)
            return _Person()
        name = info.get("name")
        person = _Person(bool(info.get("is_admin") or info.get("is_owner")), f"@{name}" if name else None)
        self._people[user] = (self._now(), person)
        if len(self._people) > KEPT_USERS:
            self._people.popitem(last=False)
        return person

    @property
    def _session(self) -> ClientSession:
        session = self._client.session
        assert session is not None, "the client comes from slack_client, which gives it a session"
        return session

"""A Slack on loopback, as strict as the real one, for the real clients to speak to: Web API and Socket Mode.

    async with SlackServer() as slack:
        await slack.connected()
        await slack.slash("U7", "C1", "/quotes", "moor")
        answer = await slack.answer()

Nothing waits by the clock: ``until`` wakes with every call and every ack.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import TYPE_CHECKING, Any, Self

from aiohttp import WSMsgType, web

from tests.platforms.faults import PATIENCE, Drop, Faults, broken, faulty
from tests.platforms.slack_blocks import Json, RefusedError, check_message, refuse
from tests.platforms.slack_methods import BOT_USER, SCOPES, TEAM, Conversation, SlackMessage, SlackPosting
from tests.platforms.traffic import Rates, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable

BOT_TOKEN = "xoxb-test"
APP_TOKEN = "xapp-test"
ACK_WITHIN = 3.0  # seconds, Slack's own
RESPONSES = 5  # to one response_url
_STRUCTURED = {"blocks", "metadata", "view"}
_FLAGS = {"unfurl_links", "unfurl_media"}


class SlackServer:
    """One workspace.

    Attributes:
        posting: What was posted.
        calls: Every call that reached a method, as (method, parameters), in order.
        faults: Order what shall go wrong ("response_url" and "apps.connections.open" are methods too).
        acks: After how many seconds each envelope was acknowledged, by its id.
        envelopes: Every envelope sent, in order.
        files: What people uploaded, by its number.
    """

    def __init__(
        self,
        *,
        rates: Rates | None = None,
        now: Callable[[], float] = time.time,
        scopes: frozenset[str] = SCOPES,
    ) -> None:
        self.now = now
        self.traffic = Traffic(rates or Rates())
        self.posting = SlackPosting(self.traffic, now, scopes)
        self.faults = Faults()
        self.calls: list[tuple[str, Json]] = []
        self.acks: dict[str, float] = {}
        self.envelopes: list[Json] = []
        self.files: dict[str, bytes] = {}
        self.changed = asyncio.Condition()
        self.sockets: list[web.WebSocketResponse] = []
        self._sent_at: dict[str, float] = {}
        self._hooks: dict[str, Json] = {}
        self._ids = itertools.count(1)
        self._tickets: set[str] = set()
        self._read = 0
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        """What a client takes for https://slack.com/api/."""
        return f"http://127.0.0.1:{self._port}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10 * 2**20)
        app.router.add_route("*", "/api/{method}", self._answer)
        app.router.add_post("/commands/{hook}", self._respond)
        app.router.add_get("/link/", self._socket)
        app.router.add_get("/files/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self.sockets:
            await socket.close()
        assert self._runner is not None
        await self._runner.cleanup()

    # What people do.

    def channel(self, channel_id: str, name: str = "", **fields: bool) -> Conversation:
        """Return a channel (C…) or a direct message (D…)."""
        conversation = Conversation(channel_id, name, is_direct=channel_id.startswith("D"), **fields)
        self.posting.conversations[channel_id] = conversation
        return conversation

    async def slash(self, user: str, channel: str, command: str, text: str = "") -> str:
        """Type a slash command; return the envelope's id."""
        fields = {
            "command": command,
            "text": text,
            "response_url": self._hook(channel, user),
            "is_enterprise_install": "false",
        }
        return await self.envelope("slash_commands", self._asked(user, channel) | fields)

    async def says(self, user: str, channel: str, text: str, *, thread_ts: str | None = None, **fields: object) -> str:
        """Write in a direct message, or mention the bot in a channel; return the envelope's id.

        The text is as Slack hands it out: escaped, addresses and mentions in angle brackets.
        """
        direct = self.posting.conversations[channel].is_direct
        event = {
            "type": "message" if direct else "app_mention", "user": user, "text": text, "ts": f"{self.now():.6f}",
            "channel": channel, "team": TEAM,
        }  # fmt: skip
        event |= {"channel_type": "im"} if direct else {}
        event |= {"thread_ts": thread_ts} if thread_ts else {}
        return await self.event(event | fields)

    async def uploads(self, user: str, channel: str, name: str, data: bytes, mimetype: str) -> str:
        """Send a file; return the envelope's id."""
        number = f"F{next(self._ids)}"
        self.files[number] = data
        file = {"id": number, "name": name, "mimetype": mimetype, "size": len(data), "mode": "hosted",
                "url_private_download": f"http://127.0.0.1:{self._port}/files/{number}"}  # fmt: skip
        return await self.says(user, channel, "", subtype="file_share", files=[file])

    async def event(self, event: Json, event_id: str | None = None) -> str:
        """Send an event; return the envelope's id."""
        return await self.envelope(
            "events_api",
            {
                "type": "event_callback", "team_id": TEAM, "api_app_id": "A0", "event": event,
                "event_id": event_id or f"Ev{next(self._ids)}", "event_time": int(self.now()),
                "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            },
        )  # fmt: skip

    async def redelivers(self, envelope_id: str) -> str:
        """Send an event again, as Slack does where it saw no ack: another envelope, the same event id."""
        old = next(envelope for envelope in self.envelopes if envelope["envelope_id"] == envelope_id)
        return await self.envelope(old["type"], old["payload"], retry_attempt=1, retry_reason="timeout")

    async def taps(self, user: str, message: SlackMessage, label: str) -> str:
        """Tap a button under a message of the bot; return the envelope's id."""
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        fields = {
            "type": "block_actions", "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "container": container,
            "channel": {"id": message.channel}, "trigger_id": f"trigger-{next(self._ids)}",
            "message": {"ts": message.ts, "text": message.text, "user": BOT_USER},
            "response_url": self._hook(message.channel, user, message),
            "actions": [message.button(label) | {"block_id": "b", "action_ts": f"{self.now():.6f}"}],
        }  # fmt: skip
        return await self.envelope("interactive", fields)

    async def disconnects(self, reason: str = "refresh_requested") -> None:
        """Ask the client to open a new connection, as Slack does every few hours."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def envelope(self, kind: str, payload: Json, **fields: object) -> str:
        """Send an envelope over the newest open connection; return its id."""
        envelope_id = f"envelope-{next(self._ids)}"
        envelope = {
            "type": kind,
            "envelope_id": envelope_id,
            "payload": payload,
            "accepts_response_payload": False,
        } | fields
        async with self.changed:
            self.envelopes.append(envelope)
            self._sent_at[envelope_id] = time.monotonic()
        socket = next(socket for socket in reversed(self.sockets) if not socket.closed)
        await socket.send_json(envelope)
        return envelope_id

    # What a test waits for and asks.

    async def until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Return as soon as something holds; it is looked at after every call and ack."""
        async with asyncio.timeout(patience), self.changed:
            await self.changed.wait_for(holds)

    async def connected(self, times: int = 1) -> None:
        """Return as soon as the client opened its ``times``-th connection."""
        await self.until(lambda: len(self.sockets) >= times)

    async def acked(self, envelope_id: str) -> float:
        """Return after how many seconds an envelope was acknowledged, as soon as it is."""
        await self.until(lambda: envelope_id in self.acks)
        return self.acks[envelope_id]

    async def answer(self) -> SlackMessage:
        """Return the bot's next message that was not returned yet, as soon as it is there."""
        await self.until(lambda: len(self.posting.sent) > self._read)
        self._read += 1
        return self.posting.sent[self._read - 1]

    @property
    def late_acks(self) -> list[str]:
        """Envelopes that were not acknowledged within three seconds."""
        now = time.monotonic()
        return [one for one, sent in self._sent_at.items() if self.acks.get(one, now - sent) > ACK_WITHIN]

    # How it answers.

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)

        def result() -> Json:
            _check_token(request, method)
            return self._open() if method == "apps.connections.open" else self.posting.call(method, params)

        return await self._met(request, method, params, result)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """Take a post to a response_url: five, ephemeral unless asked; after a tap it may replace the message."""
        params = await request.json()

        def result() -> Json:
            hook = self._hooks.get(request.match_info["hook"])
            if hook is None or hook["left"] == 0:
                refuse("used_url")
            check_message(params.get("text", ""), params.get("blocks") or [])
            hook["left"] -= 1
            message = hook["message"] if params.get("replace_original") else None
            if message is not None:
                self.posting.replace(message, params["text"], params.get("blocks") or [])
                return {"ok": True}
            message = SlackMessage(
                hook["channel"], self.posting.stamp(), params["text"], params.get("blocks") or [], "response_url",
            )  # fmt: skip
            message.only_for = None if params.get("response_type") == "in_channel" else hook["user"]
            self.posting.keep(message)
            return {"ok": True}

        # Here Slack answers in words, and with a status.
        return await self._met(
            request, "response_url", params, result, lambda exc: web.Response(status=404, text=str(exc)),
        )  # fmt: skip

    async def _met(
        self,
        request: web.Request,
        method: str,
        params: Json,
        result: Callable[[], Json],
        refusal: Callable[[RefusedError], web.Response] | None = None,
    ) -> web.StreamResponse:
        """Return the result of a call, or what was ordered to go wrong with it."""
        fault = self.faults.meet(method, params.get("channel"))
        if fault is not None and fault.drop is not Drop.AFTER:
            async with self.changed:
                self.changed.notify_all()
            return broken(request) if fault.drop is Drop.BEFORE else faulty(fault)
        try:
            response = web.json_response(result())
        except RefusedError as exc:
            response = (refusal or _refusal)(exc)
        async with self.changed:
            self.calls.append((method, params))
            self.changed.notify_all()
        return response if fault is None else broken(request)

    def _open(self) -> Json:
        ticket = f"ticket-{next(self._ids)}"
        self._tickets.add(ticket)
        return {"ok": True, "url": f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id=A0"}

    async def _file(self, request: web.Request) -> web.Response:
        """Hand a file out; whoever may not have it is sent to a page to log in at, as Slack does."""
        may = request.headers.get("Authorization") == f"Bearer {BOT_TOKEN}" and "files:read" in self.posting.scopes
        if not may:
            raise web.HTTPFound(location="/login")
        return web.Response(body=self.files[request.match_info["name"]])

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if request.query.get("ticket") not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(
            {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}, "debug_info": {}}
        )
        async with self.changed:
            self.sockets.append(socket)
            self.changed.notify_all()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                envelope_id = json.loads(message.data).get("envelope_id", "")
                async with self.changed:
                    if envelope_id in self._sent_at:
                        self.acks.setdefault(envelope_id, time.monotonic() - self._sent_at[envelope_id])
                    self.changed.notify_all()
        return socket

    def _hook(self, channel: str, user: str, message: SlackMessage | None = None) -> str:
        hook = f"hook-{next(self._ids)}"
        self._hooks[hook] = {"channel": channel, "user": user, "left": RESPONSES, "message": message}
        return f"http://127.0.0.1:{self._port}/commands/{hook}"

    def _asked(self, user: str, channel: str) -> Json:
        return {
            "team_id": TEAM, "channel_id": channel, "channel_name": self.posting.conversations[channel].name, "user_id": user,
            "api_app_id": "A0", "trigger_id": f"trigger-{next(self._ids)}",
        }  # fmt: skip


def _check_token(request: web.Request, method: str) -> None:
    expected = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if given != expected:
        refuse(
            "not_allowed_token_type" if given in {APP_TOKEN, BOT_TOKEN} else "invalid_auth" if given else "not_authed"
        )


async def _params(request: web.Request) -> dict[str, Any]:
    """Return the parameters, from wherever the Web API takes them."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    elif request.can_read_body:
        params |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in _STRUCTURED & set(params):
        if isinstance(params[name], str):
            params[name] = json.loads(params[name])
    for name in _FLAGS & set(params):
        params[name] = params[name] in {True, "true", "1"}
    return params


def _refusal(exc: RefusedError) -> web.Response:
    wait = exc.fields.pop("wait", None)
    if wait is not None:
        return web.json_response(exc.fields, status=429, headers={"Retry-After": str(wait)})
    return web.json_response(exc.fields)

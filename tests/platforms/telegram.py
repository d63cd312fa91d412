"""A Telegram on loopback, as strict as the real one, for the real client to speak to.

    async with TelegramServer() as telegram:
        ana = telegram.person(7, "Ana")
        await telegram.says(ana, "/start")
        answer = await telegram.answer()

Nothing waits by the clock: ``until`` wakes with every call that was taken. Rates are enforced on demand (``rates``) and
measured always, by a clock that a test may own.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.platforms.faults import PATIENCE, Drop, Fault, Faults, broken, faulty
from tests.platforms.telegram_chats import ApiError, Chat, ChatKind, Person, SentMessage, bad_request, fail
from tests.platforms.telegram_methods import Posting
from tests.platforms.telegram_text import cut_as_clients_do, cut_as_desktop_does, found_by_telegram, stretch
from tests.platforms.traffic import Rates, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "4242:test-token"
BOT = {
    "id": 4242, "is_bot": True, "first_name": "On Record", "username": "onrecord_test_bot", "can_join_groups": True,
    "can_read_all_group_messages": False, "supports_inline_queries": False,
}  # fmt: skip
TWO_POLLERS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
# Sent as JSON inside a form field.
_STRUCTURED = {
    "entities", "caption_entities", "reply_markup", "link_preview_options", "reply_parameters", "allowed_updates",
    "commands", "scope",
}  # fmt: skip
_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_ON_DEMAND = {"chat_member", "message_reaction", "message_reaction_count"}


class TelegramServer:
    """One bot's Telegram.

    Attributes:
        posting: What was posted.
        calls: Every call that reached a method, as (method, parameters), in order.
        faults: Order what shall go wrong.
        traffic: Rates, as they were.
        polls: How often updates were asked for.
    """

    def __init__(self, *, token: str = TOKEN, rates: Rates | None = None, now: Callable[[], float] = time.time) -> None:
        self.token = token
        self.now = now
        self.traffic = Traffic(rates or Rates())
        self.posting = Posting(BOT, self.traffic, now)
        self.faults = Faults()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.files: dict[str, bytes] = {}
        self.changed = asyncio.Condition()
        self._updates: list[dict[str, Any]] = []
        self._last_update_id = 0
        self._allowed: list[str] = []
        self._webhook = ""
        self._methods = self._table()
        self.polls = 0
        self._read = 0
        self._closing = False
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        """What a client takes for https://api.telegram.org/bot."""
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def base_file_url(self) -> str:
        """What a client takes for https://api.telegram.org/file/bot."""
        return f"http://127.0.0.1:{self._port}/file/bot"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self.changed:
            self._closing = True
            self.changed.notify_all()
        assert self._runner is not None
        await self._runner.cleanup()

    # What people do.

    def person(self, user_id: int, first_name: str, username: str | None = None) -> Person:
        """Return somebody whose private chat with the bot is open."""
        person = Person(user_id, first_name, username)
        self.posting.chats[user_id] = Chat(user_id, "private", person=person)
        return person

    def group(self, chat_id: int, title: str, *, kind: ChatKind = "supergroup", topics: set[int] | None = None) -> Chat:
        """Return a group or channel that the bot is in."""
        chat = self.posting.chats[chat_id] = Chat(chat_id, kind, title, topics=topics or set())
        return chat

    async def says(
        self, person: Person, text: str, *, chat: Chat | None = None, desktop: bool = False, **fields: object
    ) -> list[dict[str, Any]]:
        """Write or paste a text, cut as clients cut it; return the messages as the Bot API writes them.

        Args:
            person: Who writes.
            text: What is typed or pasted.
            chat: Where; the private chat if not said.
            desktop: Whether the desktop client is used, which cuts at better places.
            fields: Further fields of each message (message_thread_id, reply_to_message, forward_origin, …).
        """
        where = chat or self.posting.chats[person.user_id]
        messages = []
        for part in (cut_as_desktop_does if desktop else cut_as_clients_do)(text):
            message = self._message(where, person) | {"text": part} | fields
            message["entities"] = found_by_telegram(part)
            messages.append(message)
            if where.kind == "private" or self._sees(message):
                await self.update("channel_post" if where.kind == "channel" else "message", message)
        return messages

    async def uploads(
        self, person: Person, name: str, data: bytes, *, mime: str = "text/plain", caption: str = ""
    ) -> None:
        """Send a file in the private chat."""
        file_id = f"in-{len(self.files)}"
        self.files[file_id] = data
        message = self._message(self.posting.chats[person.user_id], person)
        message["document"] = {
            "file_id": file_id, "file_unique_id": "u" + file_id, "file_name": name, "mime_type": mime,
            "file_size": len(data),
        }  # fmt: skip
        await self.update("message", message | ({"caption": caption} if caption else {}))

    async def taps(self, person: Person, message: SentMessage, label: str) -> str:
        """Tap a button under a message of the bot; return the id of the query it makes."""
        query = f"query-{self._last_update_id + 1}"
        self.posting.queries.add(query)
        fields = {"id": query, "from": person.as_api(), "chat_instance": "-77", "message": message.as_api()}
        await self.update("callback_query", fields | {"data": message.button(label)["callback_data"]})
        return query

    async def edits(self, message: dict[str, Any], text: str) -> None:
        """Edit a message that a person sent."""
        await self.update("edited_message", message | {"text": text, "edit_date": int(self.now())})

    async def membership(self, chat: Chat, person: Person, old: str, new: str) -> None:
        """Change what the bot is in a chat: member, administrator, left, kicked."""
        if new in {"left", "kicked"}:
            names = {"private": "bot was blocked by the user", "group": "bot was kicked from the group chat"}
            chat.refusal = names.get(chat.kind, f"bot was kicked from the {chat.kind} chat")
        else:
            chat.refusal = None
        now = int(self.now())
        # until_date belongs to "kicked", the rights to "administrator"; both are ignored elsewhere.
        member = {"user": BOT, "until_date": 0} | dict.fromkeys(_RIGHTS, False)
        status = {"old_chat_member": member | {"status": old}, "new_chat_member": member | {"status": new}}
        await self.update("my_chat_member", {"chat": chat.as_api(), "from": person.as_api(), "date": now} | status)

    async def migrates(self, chat: Chat, new_id: int) -> Chat:
        """Turn a group into a supergroup with a new id."""
        chat.migrated_to = new_id
        new = self.group(new_id, chat.title)
        old = {"message_id": self.posting.next_id(), "date": int(self.now()), "chat": chat.as_api()}
        await self.update("message", old | {"migrate_to_chat_id": new_id})
        return new

    async def update(self, kind: str, fields: dict[str, Any]) -> None:
        """Queue an update for the bot."""
        async with self.changed:
            if kind in self._allowed if self._allowed else kind not in _ON_DEMAND:
                self._last_update_id += 1
                self._updates.append({"update_id": self._last_update_id, kind: fields})
            self.changed.notify_all()

    # What a test waits for and asks.

    async def until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Return as soon as something holds; it is looked at after every call."""
        async with asyncio.timeout(patience), self.changed:
            await self.changed.wait_for(holds)

    async def answer(self) -> SentMessage:
        """Return the bot's next message that was not returned yet, as soon as it is there."""
        await self.until(lambda: len(self.posting.sent) > self._read)
        self._read += 1
        return self.posting.sent[self._read - 1]

    def sent_to(self, chat_id: int) -> list[SentMessage]:
        """Return what the bot posted in a chat, in order."""
        return [message for message in self.posting.sent if message.chat.chat_id == chat_id]

    @property
    def unconfirmed(self) -> int:
        """How many updates wait for the bot."""
        return len(self._updates)

    def too_many_requests(self, seconds: int, **where: Any) -> None:  # noqa: ANN401 - the fields of Fault
        """Let a call meet the rate limit."""
        description = f"Too Many Requests: retry after {seconds}"
        body = ApiError(429, description, {"retry_after": seconds}).answer()
        self.faults.order(Fault(status=429, answer=body, **where))

    # How it answers.

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        fault = self.faults.meet(method, str(params.get("chat_id", "")))
        if fault is not None and fault.drop is not Drop.AFTER:
            async with self.changed:
                self.changed.notify_all()
            if fault.drop is Drop.BEFORE:
                return broken(request)
            return faulty(fault)
        try:
            self._check_token(request)
            result = await self._call(method, params)
        except ApiError as exc:
            response = web.json_response(exc.answer(), status=exc.code)
        else:
            response = web.json_response({"ok": True, "result": result})
        async with self.changed:
            self.calls.append((method, params))
            self.changed.notify_all()
        return response if fault is None else broken(request)

    async def _call(self, method: str, params: dict[str, Any]) -> object:
        if method == "getUpdates":
            return await self._get_updates(params)
        if method not in self._methods:
            fail(404, "Not Found: method not found")
        return self._methods[method](params)

    def _table(self) -> dict[str, Callable[[dict[str, Any]], object]]:
        """Return the methods by name."""
        posting = self.posting
        return {
            "getMe": lambda _: BOT,
            "sendMessage": posting.post,
            "sendPhoto": lambda params: posting.post(params, "sendPhoto"),
            "sendDocument": lambda params: posting.post(params, "sendDocument"),
            "editMessageText": posting.edit,
            "editMessageReplyMarkup": posting.edit_keyboard,
            "deleteMessage": posting.delete,
            "answerCallbackQuery": posting.answer_callback,
            "setMyCommands": posting.set_commands,
            "getMyCommands": posting.get_commands,
            "sendChatAction": posting.act,
            "getChat": lambda params: posting.chat(params).as_api() | {"accent_color_id": 0, "max_reaction_count": 11},
            "getChatMember": lambda params: _member(posting.chat(params), int(params["user_id"])),
            "getChatAdministrators": _administrators(posting),
            "leaveChat": posting.leave,
            "getFile": self._get_file,
            "setWebhook": self._set_webhook,
            "deleteWebhook": lambda _: self._set_webhook({}),
            "getWebhookInfo": self._webhook_info,
        }

    def _get_file(self, params: dict[str, Any]) -> dict[str, Any]:
        file_id = params.get("file_id", "")
        if file_id not in self.files:
            bad_request("invalid file_id")
        size = len(self.files[file_id])
        return {"file_id": file_id, "file_unique_id": "u" + file_id, "file_size": size, "file_path": file_id}

    def _set_webhook(self, params: dict[str, Any]) -> bool:
        self._webhook = params.get("url", "")
        return True

    def _webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"url": self._webhook, "has_custom_certificate": False, "pending_update_count": len(self._updates)}

    async def _get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        if self._webhook:
            fail(409, WEBHOOK_SET)
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        async with self.changed:
            self.polls += 1
            mine = self.polls
            if "allowed_updates" in params:
                self._allowed = params["allowed_updates"]
            if offset < 0:
                offset = self._last_update_id + 1 + offset
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self.changed.notify_all()
            try:
                async with asyncio.timeout(float(params.get("timeout", 0))):
                    await self.changed.wait_for(lambda: self._updates or mine != self.polls or self._closing)
            except TimeoutError:
                return []
            if mine != self.polls:
                fail(409, TWO_POLLERS)
            return self._updates[:limit]

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            fail(401, "Unauthorized")

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token or request.match_info["path"] not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[request.match_info["path"]])

    def _message(self, chat: Chat, person: Person) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": self.posting.next_id(), "date": int(self.now()), "chat": chat.as_api(),
        }  # fmt: skip
        return message if chat.kind == "channel" else message | {"from": person.as_api()}

    def _sees(self, message: dict[str, Any]) -> bool:
        """Return whether the bot gets to see a message in a group, privacy mode being on."""
        if message["chat"]["type"] == "channel":
            return True
        if message.get("reply_to_message", {}).get("from", {}).get("id") == BOT["id"]:
            return True
        for entity in message["entities"]:
            words = stretch(message["text"], entity["offset"], entity["length"])
            if entity["type"] == "bot_command" and ("@" not in words or words.endswith("@" + str(BOT["username"]))):
                return True
            if entity["type"] == "mention" and words == "@" + str(BOT["username"]):
                return True
        return False


def _member(chat: Chat, user_id: int) -> dict[str, Any]:
    user = {"id": user_id, "is_bot": False, "first_name": "Somebody"}
    if user_id in chat.admins:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}


def _administrators(posting: Posting) -> Callable[[dict[str, Any]], object]:
    def answer(params: dict[str, Any]) -> object:
        chat = posting.chat(params)
        return [_member(chat, user_id) for user_id in sorted(chat.admins)]

    return answer


async def _params(request: web.Request) -> dict[str, Any]:
    """Return the parameters, from wherever the Bot API takes them."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    else:
        for name, value in (await request.post()).items():
            params[name] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    for name in _STRUCTURED & set(params):
        if isinstance(params[name], str):
            params[name] = json.loads(params[name])
    return params

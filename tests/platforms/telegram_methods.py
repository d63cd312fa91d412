"""The Bot API methods that post, as strict as Telegram."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.platforms.telegram_chats import Chat, SentMessage, bad_request, fail
from tests.platforms.telegram_text import MAX_UNITS, BadTextError, checked, stretch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.platforms.traffic import Traffic

MAX_CAPTION = 1024
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
Params = dict[str, Any]


class Posting:
    """What the bot may post, and what it has posted.

    Attributes:
        sent: Every message taken, in order, edits applied.
        pings: What Telegram would have made of plain words in outgoing texts, as (kind, words, message id).
        queries: Open callback queries, by id.
        answers: Answers to callback queries, by id.
        commands: What setMyCommands set, by scope and language.
    """

    def __init__(self, bot: dict[str, Any], traffic: Traffic, now: Callable[[], float]) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.sent: list[SentMessage] = []
        self.pings: list[tuple[str, str, int]] = []
        self.queries: set[str] = set()
        self.answers: dict[str, str] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.actions: list[tuple[int, str]] = []
        self.traffic = traffic
        self.now = now
        self.last_message_id = 0

    def next_id(self) -> int:
        """Return a new message id."""
        self.last_message_id += 1
        return self.last_message_id

    def chat(self, params: Params) -> Chat:
        """Return the chat a method names, if the bot may write there."""
        chat = self.chats.get(int(params["chat_id"])) if "chat_id" in params else None
        if chat is None:
            bad_request("chat not found")
        if chat.migrated_to is not None:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            fail(400, why, {"migrate_to_chat_id": chat.migrated_to})
        if chat.refusal is not None:
            fail(403, f"Forbidden: {chat.refusal}")
        return chat

    def count(self, chat: Chat) -> None:
        """Count a post or an edit, and refuse it where a rate is enforced and broken."""
        wait = self.traffic.wait_for(str(chat.chat_id), is_group=chat.is_group, now=self.now())
        if wait is not None:
            fail(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        self.traffic.taken(str(chat.chat_id), self.now())

    def post(self, params: Params, method: str = "sendMessage") -> dict[str, Any]:
        """Take a text, a picture or a document."""
        chat = self.chat(params)
        words, limit = ("text", MAX_UNITS) if method == "sendMessage" else ("caption", MAX_CAPTION)
        text = params.get(words, "")
        entities = self._entities(text, params.get("entities" if words == "text" else "caption_entities", []), limit)
        topic = int(params["message_thread_id"]) if "message_thread_id" in params else None
        if topic is not None and topic not in chat.topics:
            bad_request("message thread not found")
        keyboard = checked_keyboard(params.get("reply_markup") or {})
        self.count(chat)
        reply = params.get("reply_parameters") or {}
        message = SentMessage(
            self.next_id(), chat, text, entities, self.now(), self.bot, method, topic, reply.get("message_id"), keyboard,
            bool((params.get("link_preview_options") or {}).get("is_disabled")),
        )  # fmt: skip
        upload = params.get("document") or params.get("photo")
        if isinstance(upload, tuple):
            message.file_name, message.file_data = upload
        message.versions.append(text)
        self.sent.append(message)
        self._record_pings(message)
        return message.as_api()

    def edit(self, params: Params) -> dict[str, Any]:
        """Change a text."""
        chat = self.chat(params)
        message = self.find(chat, params)
        text = params.get("text", "")
        entities = self._entities(text, params.get("entities", []), MAX_UNITS)
        keyboard = checked_keyboard(params.get("reply_markup") or {})
        if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
            bad_request(NOT_MODIFIED)
        self.count(chat)
        message.text, message.entities, message.keyboard = text, entities, keyboard
        message.versions.append(text)
        self._record_pings(message)
        return message.as_api()

    def edit_keyboard(self, params: Params) -> dict[str, Any]:
        """Change the buttons alone."""
        chat = self.chat(params)
        message = self.find(chat, params)
        keyboard = checked_keyboard(params.get("reply_markup") or {})
        if keyboard == message.keyboard:
            bad_request(NOT_MODIFIED)
        self.count(chat)
        message.keyboard = keyboard
        return message.as_api()

    def delete(self, params: Params) -> bool:
        """Delete a message."""
        self.find(self.chat(params), params, "delete").deleted = True
        return True

    def find(self, chat: Chat, params: Params, purpose: str = "edit") -> SentMessage:
        """Return the message that a method names."""
        wanted = int(params.get("message_id", 0))
        for message in self.sent:
            if message.message_id == wanted and message.chat is chat and not message.deleted:
                return message
        return bad_request(f"message to {purpose} not found")

    def act(self, params: Params) -> bool:
        """Show "typing …"."""
        self.actions.append((self.chat(params).chat_id, params["action"]))
        return True

    def leave(self, params: Params) -> bool:
        """Leave a chat."""
        self.chat(params).refusal = "bot is not a member of the supergroup chat"
        return True

    def answer_callback(self, params: Params) -> bool:
        """Take the answer to a tap."""
        query = params.get("callback_query_id", "")
        if query not in self.queries:
            bad_request(QUERY_TOO_OLD)
        if len(params.get("text", "")) > 200:
            bad_request("MESSAGE_TOO_LONG")
        self.queries.discard(query)
        self.answers[query] = params.get("text", "")
        return True

    def set_commands(self, params: Params) -> bool:
        """Take the list of commands a client shows."""
        commands = params.get("commands", [])
        if len(commands) > 100:
            bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(command["command"]):
                bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._scope(params)] = commands
        return True

    def get_commands(self, params: Params) -> list[dict[str, str]]:
        """Return what was set for a scope and language."""
        return self.commands.get(self._scope(params), [])

    def _scope(self, params: Params) -> tuple[str, str]:
        return (params.get("scope") or {}).get("type", "default"), params.get("language_code", "")

    def _entities(self, text: str, entities: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
        if limit == MAX_CAPTION and not text:
            return []
        try:
            return checked(text, entities, limit)
        except BadTextError as exc:
            bad_request(str(exc))

    def _record_pings(self, message: SentMessage) -> None:
        self.pings += [
            (entity["type"], stretch(message.text, entity["offset"], entity["length"]), message.message_id)
            for entity in message.entities
            if entity["type"] in {"mention", "bot_command", "hashtag", "cashtag", "url", "email"}
        ]


def checked_keyboard(markup: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the rows of an inline keyboard.

    Raises:
        ApiError: where Telegram refuses it.
    """
    rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
    if sum(len(row) for row in rows) > 100 or any(len(row) > 8 for row in rows):
        bad_request("REPLY_MARKUP_TOO_LONG")
    for button in (button for row in rows for button in row):
        kinds = {"callback_data", "url", "copy_text", "switch_inline_query"} & set(button)
        if not button.get("text") or len(kinds) != 1:
            bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            bad_request("BUTTON_DATA_INVALID")
        if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
            bad_request("BUTTON_COPY_TEXT_INVALID")
        if "url" in button and not re.match(r"(https?|tg)://", button["url"]):
            bad_request("inline keyboard button URL is invalid")
    return rows

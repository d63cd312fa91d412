"""Who and what a Telegram test server knows: people, chats, messages, and how the Bot API writes them down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

ChatKind = Literal["private", "group", "supergroup", "channel"]


class ApiError(Exception):
    """A refusal of the Bot API."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """Return the body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": str(self)}
        return body if self.parameters is None else body | {"parameters": self.parameters}


def fail(code: int, description: str, parameters: dict[str, Any] | None = None) -> NoReturn:
    """Refuse a call with the words Telegram uses."""
    raise ApiError(code, description, parameters)


def bad_request(why: str) -> NoReturn:
    """Refuse a call as wrong."""
    fail(400, f"Bad Request: {why}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the bot."""

    user_id: int
    first_name: str
    username: str | None = None

    def as_api(self) -> dict[str, Any]:
        """Return it as the Bot API writes it."""
        user = {"id": self.user_id, "is_bot": False, "first_name": self.first_name, "language_code": "en"}
        return user | ({"username": self.username} if self.username else {})


@dataclass(slots=True)
class Chat:
    """A chat.

    Attributes:
        refusal: Why the bot may not write here ("bot was kicked from the supergroup chat"); None where it may.
        migrated_to: The supergroup this group became.
        topics: Known topics of a forum.
    """

    chat_id: int
    kind: ChatKind
    title: str = ""
    person: Person | None = None
    admins: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    refusal: str | None = None
    migrated_to: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether the limits of groups hold."""
        return self.kind != "private"

    def as_api(self) -> dict[str, Any]:
        """Return it as the Bot API writes it."""
        chat: dict[str, Any] = {"id": self.chat_id, "type": self.kind}
        if self.person is not None:
            user = self.person.as_api()
            return chat | {key: user[key] for key in ("first_name", "username") if key in user}
        return chat | {"title": self.title} | ({"is_forum": True} if self.topics else {})


@dataclass(slots=True)
class SentMessage:
    """What the bot posted.

    Attributes:
        entities: Those given and those Telegram found by itself.
        method: The method it came by.
        versions: Every text it had, the first one first; more than one once edited.
    """

    message_id: int
    chat: Chat
    text: str
    entities: list[dict[str, Any]]
    sent_at: float
    bot: dict[str, Any]
    method: str = "sendMessage"
    topic: int | None = None
    reply_to: int | None = None
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    preview_off: bool = False
    file_name: str | None = None
    file_data: bytes | None = None
    versions: list[str] = field(default_factory=list)
    deleted: bool = False

    def as_api(self) -> dict[str, Any]:
        """Return it as the Bot API writes it."""
        words = "text" if self.method == "sendMessage" else "caption"
        message: dict[str, Any] = {
            "message_id": self.message_id,
            "date": int(self.sent_at),
            "chat": self.chat.as_api(),
            "from": self.bot,
            words: self.text,
            ("entities" if words == "text" else "caption_entities"): self.entities,
        }
        if self.topic is not None:
            message |= {"message_thread_id": self.topic, "is_topic_message": True}
        if self.keyboard:
            message["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.file_name is not None:
            message["document"] = {"file_id": f"out-{self.message_id}", "file_unique_id": f"u{self.message_id}"}
        return message

    def button(self, label: str) -> dict[str, Any]:
        """Return the button with a label.

        Raises:
            LookupError: where there is none.
        """
        for row in self.keyboard:
            for button in row:
                if button["text"] == label:
                    return button
        raise LookupError(label)

"""A Telegram update as a command, or as news of a channel; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telegram.constants import ChatMemberStatus, ChatType

from handlers.command import Channel, Command, Moved, Presence, typed

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import Chat, ChatMemberUpdated, Document, Message, Update, User

# Asked for by name: what else Telegram has for bots would wake us for nothing.
ALLOWED_UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
MAX_FILE = 2_000_000  # bytes; a page of text is never larger
_TEXT_FILE = re.compile(r"\.(txt|text|md|html?|xhtml|eml)$", re.IGNORECASE)
_TEXT_TYPES = frozenset({"text/plain", "text/html", "application/xhtml+xml", "text/markdown", "message/rfc822"})
_PRESENT = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that asks for something.

    Attributes:
        command: What it asks; ``is_admin`` is not decided yet where ``asks_admin``, nor ``file`` where ``document``.
        document: A text file to be fetched.
        asks_admin: Whether Telegram has to be asked if they are an administrator.
        user_id: Who asks; None for a channel or an anonymous administrator.
        is_edit: Whether it was sent before with other words.
    """

    command: Command
    document: Document | None = None
    asks_admin: bool = False
    user_id: int | None = None
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that was tapped: what it carries, and the command as far as it is known."""

    query_id: str
    data: str
    command: Command
    asks_admin: bool
    user_id: int


def read(update: Update, me: User, now: datetime) -> Incoming | Tap | Presence | Moved | None:
    """Return what an update means to us, None where nothing."""
    if update.callback_query is not None:
        return _tap(update, now)
    if update.my_chat_member is not None:
        return _presence(update.my_chat_member, now)
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id is not None:
        old = Channel("telegram", str(message.chat.id))
        return Moved(old, Channel("telegram", str(message.migrate_to_chat_id)), now)
    return _incoming(message, me, now, is_edit=update.edited_message is not None)


def channel_of(message: Message) -> Channel:
    """Return where a message stands; a topic is a channel of its own, a thread of replies is not."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Channel("telegram", str(message.chat.id), None if topic is None else str(topic))


def _incoming(message: Message, me: User, now: datetime, *, is_edit: bool) -> Incoming | None:
    text = message.text or message.caption or ""
    if message.text is None and message.caption is None and message.document is None:
        return None
    private = message.chat.type == ChatType.PRIVATE
    addressed = _addressed(text, message, me)
    if addressed is None:
        return None
    name, args = typed(addressed)
    # Who mends a typing error in a command expects an answer; who mends a pasted page does not.
    if is_edit and not name:
        return None
    user, user_id, admin = _who(message)
    document = message.document if private else None
    readable = document is not None and _is_text(document)
    replied = message.reply_to_message
    command = Command(
        name,
        args,
        channel_of(message),
        user,
        admin or private,
        addressed,
        now,
        is_private=private,
        message_id=str(message.message_id),
        replied_to=None if replied is None else str(replied.message_id),
        replied_text=None if replied is None else replied.text or replied.caption,
        forwarded=message.forward_origin is not None,
        unread_file=None if document is None or readable else document.file_name or "?",
        user_name=_called(message.from_user),
        channel_name=message.chat.title,
    )
    asks = user_id is not None and not command.is_admin
    return Incoming(command, document if readable else None, asks, user_id, is_edit)


def _addressed(text: str, message: Message, me: User) -> str | None:
    """Return what is said to us, our name taken out; None where it is said to others.

    In a group with privacy mode off we hear everything: only commands, mentions and answers to us are for us.
    """
    name = f"@{me.username}"
    command = re.match(r"/\w+(@\w+)?", text)
    if command is not None and command[1] is not None:
        if command[1].lower() != name.lower():
            return None
        return text[: command.start(1)] + text[command.end(1) :]
    if command is not None or message.chat.type == ChatType.PRIVATE:
        return text
    if message.chat.type == ChatType.CHANNEL:
        return None
    mentioned = re.search(rf"{re.escape(name)}\b", text, re.IGNORECASE)
    if mentioned is not None:
        return f"{text[: mentioned.start()].strip()} {text[mentioned.end() :].strip(' ,:')}".strip()
    replied = message.reply_to_message
    return text if replied is not None and replied.from_user is not None and replied.from_user.id == me.id else None


def _who(message: Message) -> tuple[str, int | None, bool]:
    """Return who writes, their number if they are a person, and whether they can only be an administrator."""
    chat, sender = message.chat, message.sender_chat
    # Anonymous administrators write as the group; a channel's posts are its administrators'.
    if chat.type == ChatType.CHANNEL or (sender is not None and sender.id == chat.id):
        return f"telegram:{chat.id}", None, True
    # Somebody who writes in the name of a channel of theirs.
    if sender is not None:
        return f"telegram:{sender.id}", None, False
    user = message.from_user
    return (f"telegram:{chat.id}", None, False) if user is None else (f"telegram:{user.id}", user.id, False)


def _called(user: User | None) -> str | None:
    """Return how somebody is called: what others can find them by, else what they call themselves."""
    return None if user is None else user.name


def _is_text(document: Document) -> bool:
    named = document.mime_type in _TEXT_TYPES or bool(_TEXT_FILE.search(document.file_name or ""))
    return named and (document.file_size or 0) <= MAX_FILE


def _tap(update: Update, now: datetime) -> Tap | None:
    query = update.callback_query
    if query is None or query.data is None or query.message is None:
        return None
    chat: Chat = query.message.chat
    private = chat.type == ChatType.PRIVATE
    # The message is inaccessible when it is old: then only its chat and number are told.
    channel = channel_of(query.message) if query.message.is_accessible else Channel("telegram", str(chat.id))  # type: ignore[arg-type] # checked one word before
    user = query.from_user
    command = Command(
        "", "", channel, f"telegram:{user.id}", private, "", now,
        is_private=private, message_id=str(query.message.message_id), tapped=True, user_name=_called(user),
        channel_name=chat.title,
    )  # fmt: skip
    return Tap(query.id, query.data, command, not private, user.id)


def tapped(tap: Tap, command: str) -> Command:
    """Return the command that a tapped button stands for."""
    name, args = typed(command)
    return replace(tap.command, name=name, args=args, text=command)


def _presence(change: ChatMemberUpdated, now: datetime) -> Presence | None:
    status = change.new_chat_member.status
    present = status in _PRESENT
    if present == (change.old_chat_member.status in _PRESENT):
        return None
    channel = Channel("telegram", str(change.chat.id))
    return Presence(channel, present, f"telegram:{change.from_user.id}", now, change.chat.title)

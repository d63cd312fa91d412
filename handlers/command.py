"""What somebody asks for, whatever the platform: a channel, a command.

A tap on a button arrives as the command the button stands for, like typed text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_CHANNEL = re.compile(r"(?P<platform>[a-z]+):(?P<chat>[^/\s]+(?:/[CDG][A-Z0-9]+)?)(?:/(?P<thread>[\d.]+))?")
# "/quotes putin", "/q12", "/summary@some_bot words".
_TYPED = re.compile(r"/(?P<name>[A-Za-z_]+)(?P<number>\d+)?(?:@\w+)?(?:\s+(?P<args>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place where we read and post; written ``telegram:-100…``, ``telegram:-100…/7`` for a topic, ``slack:T…/C…``.

    Attributes:
        platform: "telegram", "slack", "web" or "terminal".
        chat: The chat without its topic or thread: limits count here (the lane). On Slack team and channel, "T…/C…".
        thread: Telegram's topic or Slack's thread (a message stamp); None for none.
    """

    platform: str
    chat: str
    thread: str | None = None

    @classmethod
    def parse(cls, written: str) -> Channel:
        """Return the channel that was written.

        Raises:
            ValueError: if it is none.
        """
        match = _CHANNEL.fullmatch(written)
        if match is None:
            msg = f"not a channel: {written!r}"
            raise ValueError(msg)
        return cls(match["platform"], match["chat"], match["thread"])

    def __str__(self) -> str:
        return f"{self.platform}:{self.chat}" + (f"/{self.thread}" if self.thread else "")

    @property
    def lane(self) -> Channel:
        """The chat as a whole."""
        return replace(self, thread=None)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A file or a post that came with a message.

    Attributes:
        name: The file's name; the origin's name for a forwarded post.
        data: What it holds: text in UTF-8 or HTML in whatever character set it names.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asks for.

    Attributes:
        name: The command without its slash, in lower case ("quotes", "q"); "" for plain text: a link, a pasted page,
            a question in words.
        args: What stands behind it, blanks at both ends excluded; for ``/q12`` the number, "12"; for ``/start`` the
            payload of the deep link.
        channel: Where it was asked; the answer goes to the same topic or thread.
        user: Who asks, "telegram:7" or "slack:T…/U…"; the channel itself where the platform does not say (channel posts,
            anonymous administrators).
        is_admin: Whether the platform calls them an administrator here; always in a private chat.
        text: Everything that was written, with the messages a client cut it into joined again; for a tap the command.
        received_at: When it reached us.
        is_private: Whether only this person reads the channel.
        message_id: The platform's id of the message that asked; None for slash commands on Slack.
        replied_to: The platform's id of the message they reply to.
        replied_text: What that message says, as far as the platform tells.
        forwarded: Whether the text is somebody else's post, passed on.
        tapped: Whether a button was tapped; ``message_id`` is then the message of ours that holds it.
        file: A text or HTML file that came with it.
        unread_file: The name of a file that came with it and was not read: of another kind, above 2 MB, or not handed out.
        user_name: How the platform calls them ("@ana"); None where it does not say.
        channel_name: How the channel is called ("#world", "City desk"); None in private, and where it is not said.
    """

    name: str
    args: str
    channel: Channel
    user: str
    is_admin: bool
    text: str
    received_at: datetime
    is_private: bool = False
    message_id: str | None = None
    replied_to: str | None = None
    replied_text: str | None = None
    forwarded: bool = False
    tapped: bool = False
    file: Pasted | None = field(default=None, repr=False)
    unread_file: str | None = None
    user_name: str | None = None
    channel_name: str | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """We came into a channel, or cannot post there any more (blocked, kicked, rights lost).

    Attributes:
        user: Who did it; None where the platform does not say.
        channel_name: How the channel is called; None where it is not said.
    """

    channel: Channel
    is_present: bool
    user: str | None
    received_at: datetime
    channel_name: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A channel has a new address: everything kept for the old one belongs to the new one."""

    old: Channel
    new: Channel
    received_at: datetime


def typed(text: str) -> tuple[str, str]:
    """Return the command and its arguments in what somebody typed; ("", text) where it is no command."""
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        return "", text.strip()
    args = (match["args"] or "").strip()
    return match["name"].lower(), f"{match['number'] or ''} {args}".strip()

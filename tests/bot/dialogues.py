"""Dialogues told over the real clients of Telegram and Slack, and on a terminal, with the real handlers behind them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

from bot.terminal import as_rich
from handlers.answering import answer
from handlers.command import Channel, Command, typed

if TYPE_CHECKING:
    from handlers.desk import Desk
    from tests.platforms.slack import SlackServer
    from tests.platforms.slack_methods import SlackMessage
    from tests.platforms.telegram import TelegramServer
    from tests.platforms.telegram_chats import Person, SentMessage


class Talk(Protocol):
    """A private chat on some platform."""

    async def says(self, text: str, *expected: str) -> str:
        """Say something; return the answer, in which all pieces stand, in their order."""
        ...

    async def taps(self, label: str, *expected: str) -> str:
        """Tap a button of the last answer that has buttons; check the answer as ``says`` does."""
        ...


def check(text: str, expected: tuple[str, ...]) -> str:
    """Return the text if all pieces stand in it, in their order."""
    at = 0
    for piece in expected:
        found = text.find(piece, at)
        assert found >= 0, f"{piece!r} is not in, or not behind what was expected before, in:\n{text}"
        at = found + len(piece)
    return text


@dataclass
class TelegramTalk:
    """A private chat on Telegram; an answer may be several messages, buttons stand under the last."""

    server: TelegramServer
    person: Person
    last: SentMessage | None = None

    async def says(self, text: str, *expected: str) -> str:
        """Say something, cut as clients cut it."""
        await self.server.says(self.person, text)
        return await self._answered(expected)

    async def taps(self, label: str, *expected: str) -> str:
        """Tap a button, by the beginning of its label."""
        assert self.last is not None
        found = [one["text"] for row in self.last.keyboard for one in row if one["text"].startswith(label)]
        assert found, f"no button {label!r} under:\n{self.last.text}"
        edited = len(self.last.versions)
        before = len(self.server.posting.sent)
        await self.server.taps(self.person, self.last, found[0])
        last = self.last
        await self.server.until(lambda: len(last.versions) > edited or len(self.server.posting.sent) > before)
        return check(last.text, expected) if len(last.versions) > edited else await self._answered(expected)

    async def _answered(self, expected: tuple[str, ...]) -> str:
        text = ""
        # A long answer goes on in further messages.
        while not text or (any(piece not in text for piece in expected) and await self._goes_on()):
            self.last = await self.server.answer()
            buttons = " ".join(f"[{one['text']}]" for row in self.last.keyboard for one in row)
            text += f"{self.last.text}\n{buttons}\n"
        return check(text, expected)

    async def _goes_on(self) -> bool:
        """Return whether another message comes within a second."""
        sent, read = self.server.posting.sent, self.last
        with suppress(TimeoutError):
            await self.server.until(lambda: sent[-1] is not read, patience=1)
        return sent[-1] is not read


@dataclass
class SlackTalk:
    """A direct message on Slack."""

    server: SlackServer
    user: str = "U7"
    channel: str = "D1"
    last: SlackMessage | None = None

    async def says(self, text: str, *expected: str) -> str:
        """Say something."""
        await self.server.says(self.user, self.channel, text)
        self.last = await self.server.answer()
        return check(words(self.last), expected)

    async def taps(self, label: str, *expected: str) -> str:
        """Tap a button, by the beginning of its label."""
        assert self.last is not None
        last, before, edited = self.last, len(self.server.posting.sent), len(self.last.versions)
        found = [one for one in labels(last) if one.startswith(label)]
        assert found, f"no button {label!r} among {labels(last)}"
        await self.server.taps(self.user, last, found[0])
        await self.server.until(lambda: len(last.versions) > edited or len(self.server.posting.sent) > before)
        if len(last.versions) == edited:
            self.last = await self.server.answer()
        return check(words(self.last), expected)


def labels(message: SlackMessage) -> list[str]:
    """Return what the buttons of a message say."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row]


def words(message: SlackMessage) -> str:
    """Return what the blocks of a message say, formats left out, and its buttons."""
    found: list[str] = []

    def walk(node: object) -> None:
        match node:
            case {"type": "rich_text_section" | "rich_text_quote" | "rich_text_preformatted", "elements": elements}:
                found.append("")
                walk(elements)
            case {"type": "text" | "plain_text" | "mrkdwn", "text": str(text)}:
                found[-1:] = [(found[-1] if found else "") + text]
            case {"type": "link", "text": str(text)}:
                found[-1:] = [(found[-1] if found else "") + text]
            case {"type": "button"}:
                pass
            case dict():
                found.append("")
                for value in node.values():
                    walk(value)
            case list():
                for value in node:
                    walk(value)

    walk(message.blocks)
    buttons = " ".join(f"[{label}]" for label in labels(message))
    return "\n".join(line for line in [*found, buttons] if line)


@dataclass
class TerminalTalk:
    """The terminal: what is typed is a command, and buttons are typed as what they stand for."""

    desk: Desk
    shown: str = ""

    async def says(self, text: str, *expected: str) -> str:
        """Type something."""
        here = Channel("terminal", "here")
        name, args = typed(text)
        # The clock moves on, as it does where somebody types.
        now = self.desk.now() + timedelta(seconds=1)
        command = Command(name, args, here, str(here), True, text, now, is_private=True)  # noqa: FBT003 - an administrator
        message = await answer(replace(command, user="terminal:here"), self.desk)
        console = Console(width=1_000, file=StringIO(), record=True)
        for block in () if message is None else as_rich(message):
            console.print(block)
        self.shown = "\n".join(line.rstrip() for line in console.export_text().splitlines())
        return check(self.shown, expected)

    async def taps(self, label: str, *expected: str) -> str:
        """Type the command that a button stands for; where nothing can be tapped, the command is shown."""
        shown = [part for line in self.shown.splitlines() for part in line.split("  ") if part.startswith(f"[{label}")]
        assert shown, f"no button {label!r} in:\n{self.shown}"
        return await self.says(shown[0].partition("] ")[2], *expected)

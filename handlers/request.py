"""A command that may be answered: what is asked, by whom, and what to answer with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.command import Command
    from handlers.desk import Desk


@dataclass(frozen=True, slots=True)
class Request:
    """A command from somebody who was let in.

    Attributes:
        is_operator: Whether they operate this On Record.
        may_change: Whether they may change what comes to this channel: everybody alone with us; in a group those who
            were let in themselves, and its administrators.
    """

    command: Command
    desk: Desk
    is_operator: bool
    may_change: bool

    @property
    def args(self) -> str:
        """What stands behind the command."""
        return self.command.args

    @property
    def chat(self) -> str:
        """The chat as a whole: what it is told, what it sees and what it chose belong to it."""
        return str(self.command.channel.lane)

    @property
    def place(self) -> str:
        """Where news for this channel go: Telegram's topic, but never a thread that an answer of ours opened."""
        channel = self.command.channel
        return str(channel.lane if channel.platform == "slack" else channel)

    def asking(self, name: str, args: str) -> Request:
        """Return the same request for another command."""
        return replace(self, command=replace(self.command, name=name, args=args))

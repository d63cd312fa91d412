"""What a button's tap stands for, when the command is too long (or too telling) to travel inside the button.

A platform hands back what a button carries, weeks later and after restarts. A command of ids alone (``/q12``,
``/all 17``) travels as it is; any other travels as a token, the hash of the command. Rendering stays pure that
way: the part names the commands behind its tokens, and whoever sends it has them kept first.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

# Names never travel in the clear: what a button carries is readable by every client of the chat.
_IDS_ONLY = re.compile(r"/[a-z_]{1,20}\d{0,12}(?: \d{1,12}){0,3}")
_TOKEN_BYTES = 18  # 144 bits: nobody finds two commands with one token; 24 characters, well under Telegram's 64
_KEPT = 10_000


class TapStore(Protocol):
    """Keeps commands by their tokens; a store that survives a restart belongs behind it."""

    async def keep(self, taps: Mapping[str, str]) -> None:
        """Remember commands by token; known tokens are not an error, their age starts anew."""
        ...

    async def command_of(self, token: str) -> str | None:
        """Return the command, or None where it was forgotten."""
        ...


def tap_data(command: str) -> tuple[str, bool]:
    """Return what a button carries for a command, and whether that is a token to be kept."""
    if _IDS_ONLY.fullmatch(command):
        return command, False
    digest = hashlib.sha256(command.encode("utf-8", "replace")).digest()[:_TOKEN_BYTES]
    return "t:" + urlsafe_b64encode(digest).decode(), True


class TapMemory:
    """A ``TapStore`` in memory: bounded, the least recently kept go first, lost on restart."""

    def __init__(self, limit: int = _KEPT) -> None:
        self._limit = limit
        self._commands: OrderedDict[str, str] = OrderedDict()

    async def keep(self, taps: Mapping[str, str]) -> None:
        """Remember commands by token."""
        for token, command in taps.items():
            self._commands[token] = command
            self._commands.move_to_end(token)
        while len(self._commands) > self._limit:
            self._commands.popitem(last=False)

    async def command_of(self, token: str) -> str | None:
        """Return the command, or None where it was forgotten."""
        return self._commands.get(token)


async def command_behind(data: str, store: TapStore) -> str | None:
    """Return the command a tapped button stands for, None where nobody knows any more."""
    return await store.command_of(data) if data.startswith("t:") else data

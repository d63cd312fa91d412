"""Pastes that a client cut into several messages, joined again.

Telegram takes 4,096 UTF-16 units a message. Phones cut a longer paste exactly there, the desktop client at the best
place in the second half (a blank line before a line before a sentence); blanks at the ends are dropped on the way.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.styled import units
from handlers.command import typed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.telegram.incoming import Incoming

LIMIT = 4096
NEAR = LIMIT // 2 + 1  # the shortest first piece of a desktop client
QUIET = 2.0  # seconds of silence that end a paste
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]{0,3}$")


@dataclass(slots=True)
class _Open:
    pieces: list[Incoming]
    timer: asyncio.Task[None] | None = field(default=None)


class PasteJoiner:
    """Lets messages through, but gathers a person's consecutive texts where the first is near the limit.

    Args:
        take: Gets every message, gathered or not, in the order in which they came.
        wait: Sleeps so many seconds; the clock of it.
    """

    def __init__(
        self, take: Callable[[Incoming], None], wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._take = take
        self._wait = wait
        self._open: dict[tuple[str, str], _Open] = {}

    def put(self, incoming: Incoming) -> None:
        """Take a message as it comes in."""
        command = incoming.command
        key = (str(command.channel), command.user)
        gathered = self._open.get(key)
        if gathered is not None and _goes_on(incoming):
            gathered.pieces.append(incoming)
            self._start(key, gathered)
            return
        self.flush(key)
        if _may_begin(incoming):
            self._open[key] = gathered = _Open([incoming])
            self._start(key, gathered)
        else:
            self._take(incoming)

    def flush(self, key: tuple[str, str]) -> None:
        """Hand on what a person's paste holds so far."""
        gathered = self._open.pop(key, None)
        if gathered is not None:
            if gathered.timer is not None:
                gathered.timer.cancel()
            self._take(_joined(gathered.pieces))

    def close(self) -> None:
        """Hand on what is open, as far as it came: the process ends, and what it has taken no other will be given."""
        for key in list(self._open):
            self.flush(key)

    def _start(self, key: tuple[str, str], gathered: _Open) -> None:
        if gathered.timer is not None:
            gathered.timer.cancel()
        gathered.timer = asyncio.create_task(self._end_after_silence(key, gathered))

    async def _end_after_silence(self, key: tuple[str, str], gathered: _Open) -> None:
        await self._wait(QUIET)
        gathered.timer = None
        self.flush(key)


def _may_begin(incoming: Incoming) -> bool:
    command = incoming.command
    if not command.is_private or command.tapped or command.forwarded or incoming.document or incoming.is_edit:
        return False
    return units(command.text) >= NEAR


def _goes_on(incoming: Incoming) -> bool:
    command = incoming.command
    is_plain = not (command.name or command.tapped or command.forwarded or incoming.document or incoming.is_edit)
    return is_plain and command.replied_to is None


def _joined(pieces: list[Incoming]) -> Incoming:
    """Return the first message with the text of all."""
    first = pieces[0]
    if len(pieces) == 1:
        return first
    text = joined([piece.command.text for piece in pieces])
    name, args = typed(text)
    return replace(first, command=replace(first.command, text=text, name=name, args=args))


def joined(pieces: list[str]) -> str:
    """Return a paste's text from its pieces, the blanks at the cuts guessed from how they were cut."""
    # Without the words at the cuts: they may be halves.
    known = {word for piece in pieces for word in _WORD.findall(piece)[1:-1]}
    text = pieces[0]
    for before, after in pairwise(pieces):
        text += _gap(before, after, known) + after
    return text


def _gap(before: str, after: str, known: set[str]) -> str:
    """Return the blanks that a client dropped between two pieces.

    Args:
        before: The piece that ends at the cut.
        after: The piece that begins there.
        known: The words of the whole paste.
    """
    missing = LIMIT - units(before)
    next_line = "\n" if _SENTENCE_END.search(before) else " "
    if missing == 0:
        return "" if _is_within_a_word(before, after, known) else next_line
    if missing == 1:
        return next_line
    half = before[len(before) // 2 :]
    if "\n\n" in half:
        return "\n\n"
    if "\n" in half:
        return "\n"
    return "\n\n" if missing == 2 else " "  # noqa: PLR2004 - two blanks are missing: a blank line


def _is_within_a_word(before: str, after: str, known: set[str]) -> bool:
    """Return whether a cut exactly at the limit parts a word; else the next piece began with a blank, now dropped."""
    if not (before[-1].isalnum() and after[0].isalnum()):
        opens = before[-1] in "“‘«„(["
        return opens or not (before[-1].isalnum() or before[-1] in ".!?…,;:)]”’»\"'") or after[0] in ".,;:!?”»)]’"
    begun, ended = _WORD.findall(before)[-1], _WORD.findall(after)[0]
    # Words come again: where both halves are words of this page, and the two together are none, a blank is missing.
    if begun + ended not in known and {begun, ended} <= known:
        return False
    return not (before[-1].islower() and after[0].isupper())

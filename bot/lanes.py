"""Work in order: what is begun for a chat waits for what was begun before there; chats go on beside each other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.answering import guarded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from handlers.command import Channel


class Lanes:
    """Runs work per chat, one after the other; a failure is one event in the log and nobody else's."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[None]] = {}

    def begin(self, work: Callable[[], Awaitable[None]], *channels: Channel) -> None:
        """Do something after what was begun before for the same chats."""
        chats = [channel.chat for channel in channels]
        before = {self._last[chat] for chat in chats if chat in self._last}

        async def after() -> None:
            if before:
                await asyncio.wait(before)
            await guarded(work, None, name="", channel=channels[0])

        task = asyncio.create_task(after())
        self._last |= dict.fromkeys(chats, task)

        def done(_: asyncio.Task[None]) -> None:
            for chat in chats:
                if self._last.get(chat) is task:
                    del self._last[chat]

        task.add_done_callback(done)

    async def close(self, patience: float) -> None:
        """Let what was begun end, for so many seconds; then cancel it."""
        begun = set(self._last.values())
        if begun:
            await asyncio.wait(begun, timeout=patience)
        for task in begun:
            task.cancel()

"""Messages as a command prints them: as in chat, without what can only be tapped."""

from __future__ import annotations

import sys

from bot.terminal import as_rich, as_text
from summaries.message import Actions, Message

WIDTH = 100  # characters; longer lines are hard to read, however wide the window is


def show(message: Message) -> None:
    """Print a message."""
    shown = Message(tuple(block for block in message.blocks if not isinstance(block, Actions)))
    if not sys.stdout.isatty():
        sys.stdout.write(as_text(shown))
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    console = Console(highlight=False)
    for renderable in as_rich(shown):
        console.print(renderable, width=min(console.width, WIDTH))

"""``onrecord chat``: the same handlers at a terminal."""

from __future__ import annotations

import select
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from bot.answering import FAILED, guarded
from bot.terminal import LOCAL, as_rich, as_text
from handlers.answering import answer
from handlers.command import Command, typed
from summaries.message import File, Paragraph, Run

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from contextlib import AbstractAsyncContextManager

    from bot.parts import Parts
    from summaries.message import Message

PROMPT = "\n> "
SILENCE = 0.2  # seconds without a further line that end a paste
WIDTH = 100  # characters; longer lines are hard to read, however wide the window is
LEAVING = frozenset({"/quit", "/exit"})
WITHOUT_SLASH = frozenset({"quit", "exit", "bye", "q"})
"""What people type who want to leave; alone at a terminal it means nothing else."""
MOST_FILES = 1000
BEGIN = "Ask /help what can be asked, or paste a page. /quit ends it."


class Chat:
    """A conversation at this terminal; as a context it opens and closes the parts.

    Reading a line blocks, with the terminal's own line editing, so the loop runs only while something is answered.

    Args:
        runner: Of the loop.
        opening: The parts, not yet opened.
    """

    def __init__(self, runner: asyncio.Runner, opening: AbstractAsyncContextManager[Parts]) -> None:
        self._runner = runner
        self._opening = opening
        self._parts: Parts | None = None

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGHUP):
            # As Ctrl-C does, so that what was opened is closed.
            signal.signal(number, signal.default_int_handler)
        self._parts = self._runner.run(_entered(self._opening))
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(_left(self._opening))

    @property
    def parts(self) -> Parts:
        """The open parts."""
        assert self._parts is not None, "open the chat first"
        return self._parts

    def talk(self) -> int:
        """Answer until the input ends, /quit or Ctrl-C; return the exit code."""
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - being there is what gives ``input`` its line editing
        with suppress(KeyboardInterrupt, EOFError):
            for text in messages():
                if text.strip() in LEAVING:
                    break
                if text.strip().lower() in WITHOUT_SLASH:
                    self.say("/quit ends it.")
                elif text.strip():
                    self.show(self._runner.run(self._guarded(text)))
        return 0

    async def _guarded(self, text: str) -> Message | None:
        failed: Message | None = FAILED
        return await guarded(lambda: self._answer(text), failed, name=typed(text)[0], channel=LOCAL)

    async def _answer(self, text: str) -> Message | None:
        name, args = typed(text)
        now = datetime.now(UTC)
        command = Command(name, args, LOCAL, str(LOCAL), is_admin=True, text=text, received_at=now, is_private=True)
        return await answer(command, self.parts.desk)

    def show(self, message: Message | None) -> None:
        """Print a message."""
        if message is None:
            return
        message = written(message, Path.cwd())
        if not sys.stdout.isatty():
            sys.stdout.write(as_text(message) + "\n")
            return
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

        console = Console(highlight=False)
        for renderable in as_rich(message):
            console.print(renderable, width=min(console.width, WIDTH))

    def say(self, *lines: str) -> None:
        """Print lines of ours; into a pipe nothing but answers goes."""
        if not sys.stdin.isatty():
            return
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


def messages() -> Iterator[str]:
    """Yield what is typed or pasted, message by message.

    At a terminal a message is what comes without a pause: a line, or all the lines of a paste, unless each is a
    command. From a pipe, commands are lines of their own and everything between them is one page.

    Raises:
        EOFError: at a terminal, when the input ends.
    """
    if not sys.stdin.isatty():
        yield from parted(sys.stdin)
        return
    while True:
        lines = [input(PROMPT)]
        while select.select([sys.stdin], [], [], SILENCE)[0]:
            lines.append(input())
        yield from without_pause(lines)


def without_pause(lines: list[str]) -> list[str]:
    """Return the messages that came at once at a terminal: commands where each line is one, else one page."""
    return lines if all(line.startswith("/") for line in lines) else ["\n".join(lines)]


def parted(lines: Iterator[str]) -> Iterator[str]:
    """Yield commands, and the pages between them."""
    page: list[str] = []
    for line in lines:
        if line.startswith("/"):
            if page:
                yield "".join(page)
                page.clear()
            yield line.rstrip("\n")
        else:
            page.append(line)
    if page:
        yield "".join(page)


def written(message: Message, folder: Path) -> Message:
    """Write the files of a message into a folder, none over another; return the message with where they are."""
    return replace(
        message, blocks=tuple(_written(block, folder) if isinstance(block, File) else block for block in message.blocks)
    )


def _written(file: File, folder: Path) -> Paragraph:
    stem, dot, ending = Path(file.name).name.rpartition(".")
    for number in range(1, MOST_FILES):
        path = folder / (f"{stem}{dot}{ending}" if number == 1 else f"{stem}-{number}{dot}{ending}")
        try:
            with path.open("x", encoding="utf-8", newline="") as opened:
                _fill(opened, path, file.text)
        except FileExistsError:
            continue
        except OSError as exc:
            return Paragraph((Run(f"{path} cannot be written: {exc.strerror}."),))
        return Paragraph((Run(f"Written to {path}."),))
    return Paragraph((Run(f"There are too many files called {file.name} in {folder}."),))


def _fill(opened: TextIO, path: Path, text: str) -> None:
    """Write a file that was just made; take it away where it cannot be written to its end."""
    try:
        opened.write(text)
        opened.flush()
    except OSError:
        path.unlink()  # half a table looks like a whole one
        raise


async def _entered(opening: AbstractAsyncContextManager[Parts]) -> Parts:
    return await opening.__aenter__()


async def _left(opening: AbstractAsyncContextManager[Parts]) -> None:
    await opening.__aexit__(None, None, None)

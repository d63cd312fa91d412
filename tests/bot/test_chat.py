"""``onrecord chat``: the same answers at a terminal and through a pipe."""

from __future__ import annotations

import asyncio
import os
import pty
import resource
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.chat import parted, written
from summaries.message import File, Message
from tests.bot.processes import environment
from tests.handlers.pages import DAM

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path


class Terminal:
    """A terminal with a process in it.

    Attributes:
        shown: Everything that it showed so far.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._changed = asyncio.Event()
        self.shown = ""
        os.set_blocking(descriptor, False)
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    def types(self, text: str) -> None:
        """Type or paste something."""
        os.write(self._descriptor, text.encode())

    async def shows(self, *words: str) -> None:
        """Wait until all words have been shown since the last time; begin anew then."""
        async with asyncio.timeout(40):
            while not all(word in self.shown for word in words):
                self._changed.clear()
                await self._changed.wait()
        self.shown = ""

    def close(self) -> None:
        """Switch the terminal off."""
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _read(self) -> None:
        try:
            self.shown += os.read(self._descriptor, 65_536).decode(errors="replace").replace("\r\n", "\n")
        except OSError:  # the other end is closed
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self._changed.set()


@asynccontextmanager
async def at_a_terminal(
    folder: Path, command: str, env: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Terminal, Process]]:
    """Start a command in a terminal; whatever is left of it at the end is killed."""
    ours, theirs = pty.openpty()
    env = environment(folder) | {"TERM": "dumb", "COLUMNS": "200"} | dict(env or {})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, env=env, cwd=folder.parent, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    terminal = Terminal(ours)
    try:
        yield terminal, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        terminal.close()


def databases(folder: Path) -> list[Path]:
    """Return the folders that demonstrations made in a folder for what is temporary."""
    return list(folder.glob("onrecord-*"))


async def test_a_terminal_is_a_chat(tmp_path: Path) -> None:
    """Commands are answered, also several at once; another paste of many lines is one page; Ctrl-D ends it."""
    async with at_a_terminal(tmp_path / "data", "chat") as (terminal, process):
        await terminal.shows("demonstration", "> ")
        terminal.types("/settings\n/quotes vance\n")
        await terminal.shows("UTC", "A majority of one is a majority", "> ")
        terminal.types(DAM + "\n")
        await terminal.shows("The old dam above Vessin held on Friday", "The dam held because", "> ")
        terminal.types("\x04")
        assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_run_without_a_token_is_the_chat(tmp_path: Path) -> None:
    """At a terminal the demonstration briefs, says how to go on, and then answers; /quit ends it."""
    async with at_a_terminal(tmp_path / "data", "run") as (terminal, process):
        await terminal.shows("parliament approved next year", "@BotFather", "> ")
        terminal.types("quit\n")
        await terminal.shows("/quit ends it.", "> ")
        terminal.types("/quit\n")
        assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_terminal_that_closes_leaves_nothing_behind(tmp_path: Path) -> None:
    """The samples' database is in a folder of its own, which goes with the chat however it ends."""
    env = {"TMPDIR": str(tmp_path)}
    async with at_a_terminal(tmp_path / "data", "chat", env) as (terminal, process):
        await terminal.shows("demonstration", "> ")
        assert databases(tmp_path)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0
    assert not databases(tmp_path)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/help\n", ["/help"]),
        ("Title\n\nText.\n", ["Title\n\nText.\n"]),  # a page keeps its blank lines
        ("Title\n\nText.\n/quotes vos\n/quit\n", ["Title\n\nText.\n", "/quotes vos", "/quit"]),
        ("", []),
    ],
)
def test_a_pipe_holds_commands_and_pages(typed: str, expected: list[str]) -> None:
    """A command is a line of its own; what stands between commands is one page."""
    assert list(parted(iter(typed.splitlines(keepends=True)))) == expected


def test_a_file_is_written_where_it_is_said(tmp_path: Path) -> None:
    """Beside one of the same name, never over it; a name leads into no other folder."""
    message = Message((File("../quotes.csv", "a,b\r\n"),))
    first, second = (written(message, tmp_path).plain_text() for _ in range(2))
    assert first == f"Written to {tmp_path / 'quotes.csv'}."
    assert second == f"Written to {tmp_path / 'quotes-2.csv'}."
    assert (tmp_path / "quotes.csv").read_bytes() == b"a,b\r\n"
    assert "cannot be written" in written(message, tmp_path / "nowhere").plain_text()


def test_of_a_file_that_cannot_be_written_to_its_end_nothing_stays(tmp_path: Path) -> None:
    """Half a table looks like a whole one."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        told = written(Message((File("quotes.csv", "q1,Vos\n" * 1000),)), tmp_path).plain_text()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert "cannot be written: File too large." in told
    assert not list(tmp_path.iterdir())

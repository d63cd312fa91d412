"""``onrecord`` as a process of its own, as an operator starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.platforms.telegram import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.platforms.telegram import TelegramServer


def environment(folder: Path, telegram: TelegramServer | None = None) -> dict[str, str]:
    """Return the environment of a process: nothing of ours from outside, a data folder, a Telegram if there is one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    ours = {"ONRECORD_DATA_DIR": str(folder), "ONRECORD_ALLOWED_NETWORKS": "127.0.0.0/8", "ONRECORD_PUSHED_BAR": "0.5"}
    if telegram is not None:
        ours |= {"ONRECORD_TELEGRAM_TOKEN": TOKEN, "ONRECORD_TELEGRAM_API": telegram.base_url.removesuffix("/bot")}
    return kept | ours


@asynccontextmanager
async def started(folder: Path, env: dict[str, str], command: str = "run") -> AsyncIterator[Process]:
    """Start a command without a terminal; whatever is left of it at the end is killed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, env=env, cwd=folder.parent, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stopped(process: Process, patience: float = 15.0) -> tuple[int, str, str]:
    """Ask a process to stop; return its exit code and what it said on both outputs, as far as nobody read it."""
    process.send_signal(signal.SIGTERM)
    return await ended(process, patience)


async def ended(process: Process, patience: float = 15.0) -> tuple[int, str, str]:
    """Wait for the end of a process; return the same."""
    async with asyncio.timeout(patience):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def line_with(process: Process, word: str, patience: float = 60.0) -> str:
    """Return the next line of a process's output that holds a word."""
    assert process.stdout is not None
    async with asyncio.timeout(patience):
        while line := (await process.stdout.readline()).decode():
            if word in line:
                return line
    msg = f"it ended without saying {word!r}"
    raise AssertionError(msg)

"""``Processes``: programs of ours that answer bytes with bytes, one request at a time, each with a deadline.

What strangers wrote is read in them. A process that hangs or dies costs the request it was busy with, and no other.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import TYPE_CHECKING

from sources.frames import LENGTH, framed

if TYPE_CHECKING:
    from datetime import timedelta

MAX_ANSWER_BYTES = 64_000_000
# Everything else in our environment may be a secret; what reads strangers' bytes needs none of it.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "TZ")


class ProcessDiedError(Exception):
    """The process ended before it answered, or what it answered is no answer."""


class Processes:
    """Processes that run one module; started when they are needed, ended when idle.

    Args:
        module: Answers each request on its standard input by one frame on its standard output, until the input ends.
        deadline: For one request, the start of the process included, waiting for a free one excluded.
        idle: How long a process may have nothing to do before it is ended; it holds memory.
        count: How many at most.
    """

    def __init__(self, module: str, *, deadline: timedelta, idle: timedelta, count: int) -> None:
        self._waiting = [_OneProcess(module, deadline=deadline, idle=idle) for _ in range(count)]
        self._free = asyncio.Semaphore(count)

    async def ask(self, *frames: bytes) -> bytes:
        """Return what a process answers to a request of these frames.

        Raises:
            TimeoutError: if there was no answer in time; the process was ended.
            ProcessDiedError: if it ended before it answered.
        """
        async with self._free:
            # The one used last, so that the others may go to rest.
            process = self._waiting.pop()
            try:
                return await process.ask(*frames)
            finally:
                self._waiting.append(process)

    async def close(self) -> None:
        """End the processes. Nothing may be asked meanwhile."""
        for process in self._waiting:
            await process.close()


class _OneProcess:
    """One process, started with its first request, ended when nothing came for a while."""

    def __init__(self, module: str, *, deadline: timedelta, idle: timedelta) -> None:
        self._module = module
        self._deadline = deadline
        self._idle = idle
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._bedtime: asyncio.TimerHandle | None = None
        self._going = set[asyncio.Task[None]]()

    async def ask(self, *frames: bytes) -> bytes:
        """Return the answer; the errors are those of ``Processes.ask``."""
        async with self._turn:
            self._stay_up()
            whole = False
            try:
                async with asyncio.timeout(self._deadline.total_seconds()):
                    answer = await self._exchange(*frames)
                whole = True
            except (asyncio.IncompleteReadError, ConnectionError) as exc:
                raise ProcessDiedError(self._module) from exc
            finally:
                # After half an exchange (a cancelled one, too) nobody knows what the next frame belongs to.
                if whole:
                    self._rest_later()
                else:
                    await self._end()
        return answer

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            self._stay_up()
            await asyncio.gather(*self._going)
            await self._end()

    async def _exchange(self, *frames: bytes) -> bytes:
        process = self._process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.writelines(framed(*frames))
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        if length > MAX_ANSWER_BYTES:
            raise ConnectionError
        return await process.stdout.readexactly(length)

    async def _start(self) -> Process:
        environment = {name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None}
        # -P: nothing beside the program may stand in for a module.
        command = (sys.executable, "-P", "-m", self._module)
        # A session of its own: Ctrl-C, which a terminal sends to every process at once, is the first process's affair.
        return await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True
        )

    async def _end(self) -> None:
        process, self._process = self._process, None
        await _ended(process)

    def _stay_up(self) -> None:
        if self._bedtime is not None:
            self._bedtime.cancel()
            self._bedtime = None

    def _rest_later(self) -> None:
        self._bedtime = asyncio.get_running_loop().call_later(self._idle.total_seconds(), self._rest)

    def _rest(self) -> None:
        self._bedtime = None
        if not self._turn.locked():
            process, self._process = self._process, None  # at once: the next request starts another
            task = asyncio.ensure_future(_ended(process))
            self._going.add(task)
            task.add_done_callback(self._going.discard)


async def _ended(process: Process | None) -> None:
    """End a process and wait for it."""
    if process is None:
        return
    with suppress(ProcessLookupError):
        process.kill()
    # Reads what is left, closes the pipes and waits, in one.
    with suppress(ConnectionError):
        await process.communicate()

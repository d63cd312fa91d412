"""Servers on loopback that answer well, or badly on purpose."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver, ResolveResult

from sources.client import ClientOptions, GuardedSession, guarded_session
from sources.guard import Guard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

LOOPBACK = Guard(networks=(ip_network("127.0.0.0/8"),), names=frozenset({"localhost"}))
OPTIONS = ClientOptions(user_agent="OnRecord/test", guard=LOOPBACK, deadline=timedelta(seconds=5), gap=0.0)


@dataclass(slots=True)
class RawServer:
    """A server that says exactly what a test tells it, byte for byte.

    Attributes:
        base: ``http://127.0.0.1:port``.
        requests: The heads of all requests, in order.
    """

    base: str
    requests: list[str]


@asynccontextmanager
async def raw_server(
    answer: Callable[[str, asyncio.StreamWriter], Awaitable[None]], *, host: str = "127.0.0.1"
) -> AsyncIterator[RawServer]:
    """Serve every connection once: read the head of the request, let ``answer`` write, close."""
    known = RawServer("", [])
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            known.requests.append(head)
            await answer(head, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0)
    known.base = f"http://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield known
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def response(
    body: bytes = b"", *, status: str = "200 OK", headers: Mapping[str, str] | None = None, length: int | None = None
) -> bytes:
    """Return a whole HTTP response; ``length`` is what it claims."""
    lines = {"Content-Length": str(len(body) if length is None else length), "Connection": "close", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def saying(data: bytes) -> Callable[[str, asyncio.StreamWriter], Awaitable[None]]:
    """Answer every request with ``data``."""

    async def answer(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return answer


def by_path(pages: Mapping[str, bytes]) -> Callable[[str, asyncio.StreamWriter], Awaitable[None]]:
    """Answer by path; 404 where there is none."""

    async def answer(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(pages.get(head.split()[1], response(status="404 Not Found")))

    return answer


@asynccontextmanager
async def session(**changes: object) -> AsyncIterator[GuardedSession]:
    """Open a client that may dial loopback, with short times."""
    async with guarded_session(replace(OPTIONS, **changes)) as opened:  # type: ignore[arg-type] # a test's own words
        yield opened


class Names(AbstractResolver):
    """A name server of ours: each look-up of a name gives the next of its answers, the last one for ever."""

    def __init__(self, answers: Mapping[str, list[list[str]]]) -> None:
        self._answers = {name: list(each) for name, each in answers.items()}

    @property
    def known(self) -> list[str]:
        """The names that have answers."""
        return list(self._answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the next answer for ``host``."""
        del family
        answers = self._answers.get(host)
        if answers is None:
            raise OSError(None, f"no such name: {host}")
        now = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in now
        ]

    async def close(self) -> None:
        """Nothing is held."""

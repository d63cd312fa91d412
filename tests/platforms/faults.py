"""Things that go wrong on a platform, ordered in advance."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping


PATIENCE = 10.0  # seconds a test waits for what should come in milliseconds


class Drop(StrEnum):
    """When a connection breaks."""

    BEFORE = "before"
    """Nothing was taken."""
    AFTER = "after"
    """The call was taken; its answer is lost."""


@dataclass(slots=True)
class Fault:
    """What the next matching calls get instead of their answer.

    Attributes:
        method: Of the platform's API; None for any.
        chat: The chat or channel, as text; None for any.
        times: How many calls it meets.
        status: HTTP status of the answer.
        answer: Its body, as JSON; a text is sent as it is (what a proxy in between says).
        headers: Of the answer.
        drop: Break the connection instead of answering.
    """

    method: str | None = None
    chat: str | None = None
    times: int = 1
    status: int = 200
    answer: Mapping[str, Any] | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: Drop | None = None


class Faults:
    """The ordered faults; each call meets at most one, the oldest."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self.met: list[Fault] = []
        """Those that a call has met, once for each call."""

    def order(self, fault: Fault) -> None:
        """Let the next matching call fail."""
        self._ordered.append(fault)

    def meet(self, method: str, chat: str | None) -> Fault | None:
        """Return the fault that this call meets, and count it."""
        for fault in self._ordered:
            if fault.method in (None, method) and fault.chat in (None, chat):
                fault.times -= 1
                self.met.append(fault)
                if fault.times == 0:
                    self._ordered.remove(fault)
                return fault
        return None


def faulty(fault: Fault) -> web.Response:
    """Return the ordered answer."""
    if isinstance(fault.answer, str):
        return web.Response(status=fault.status, text=fault.answer, headers=fault.headers)
    return web.json_response(dict(fault.answer), status=fault.status, headers=fault.headers)


def broken(request: web.Request) -> web.Response:
    """Break the connection; the response is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

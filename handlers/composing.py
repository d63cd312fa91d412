"""What is composed without being asked: one message after the other, each in a transaction of its own.

One that cannot be composed keeps no other back: who wakes composers takes what is due, and guards each of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Composing = Callable[[], Awaitable[bool]]
"""Composes one message and queues it; returns whether there was one."""


async def composed(due: Iterable[Composing]) -> int:
    """Compose what is due, in order; return how many messages were queued. The first failure ends it."""
    return sum([await one() for one in due])

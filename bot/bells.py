"""Bells: who made something rings, who waits for it is woken; neither knows the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Bell:
    """Calls whoever listens, in the order in which they came."""

    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def listen(self, wake: Callable[[], None]) -> None:
        """Be called with every ring from now on."""
        self._listeners.append(wake)

    def ring(self) -> None:
        """Wake them all."""
        for wake in self._listeners:
            wake()


@dataclass(frozen=True, slots=True)
class Bells:
    """What can be rung for; always after the commit of what there is to see.

    Attributes:
        alerted: Alerts were made, to be composed.
        queued: Something stands in the outbox, to be delivered.
        added: A source was added, to be read.
        rescheduled: It was changed when briefings are due.
    """

    alerted: Bell = field(default_factory=Bell)
    queued: Bell = field(default_factory=Bell)
    added: Bell = field(default_factory=Bell)
    rescheduled: Bell = field(default_factory=Bell)

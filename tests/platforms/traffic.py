"""What was posted where and when, and whether it kept a platform's published rates."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

SECOND = 1.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Posts that are taken within a time; None where a server shall not enforce.

    Attributes:
        overall: Posts in any second, whatever the chat.
        per_chat: Posts in any second to one private chat or channel.
        per_group: Posts in any minute to one group.
    """

    overall: int | None = None
    per_chat: int | None = None
    per_group: int | None = None


TELEGRAM_RATES = Rates(overall=30, per_chat=1, per_group=20)
SLACK_RATES = Rates(per_chat=1)


@dataclass(slots=True)
class Traffic:
    """The times of posts, by the server's clock, in seconds.

    Attributes:
        posts: Every post that was taken, as (time, chat), in order.
        refused: How often a rate was broken.
    """

    rates: Rates = field(default_factory=Rates)
    posts: list[tuple[float, str]] = field(default_factory=list)
    refused: int = 0
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait_for(self, chat: str, *, is_group: bool, now: float) -> int | None:
        """Return after how many seconds a post to ``chat`` would be taken, None for now; a refusal is counted."""
        allowed = [("", self.rates.overall, SECOND)]
        allowed += [(chat, self.rates.per_group, MINUTE)] if is_group else [(chat, self.rates.per_chat, SECOND)]
        waits = [
            self._recent[lane][-limit] + window - now
            for lane, limit, window in allowed
            if limit is not None and len(self._recent[lane]) >= limit and self._recent[lane][-limit] > now - window
        ]
        if not waits:
            return None
        self.refused += 1
        return max(1, math.ceil(max(waits)))

    def taken(self, chat: str, now: float) -> None:
        """Count a post."""
        self.posts.append((now, chat))
        for lane in ("", chat):
            self._recent[lane].append(now)
            while len(self._recent[lane]) > 1000:
                self._recent[lane].popleft()

    def most(self, window: float, chat: str | None = None) -> int:
        """Return the most posts in any ``window`` seconds, to one chat or to all."""
        times = [time for time, where in self.posts if chat is None or where == chat]
        most, first = 0, 0
        for last, time in enumerate(times):
            while times[first] <= time - window:
                first += 1
            most = max(most, last - first + 1)
        return most

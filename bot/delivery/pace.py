"""When the next message may go out: the platforms' published limits as one calculation, without clock or waiting.

Times are seconds of one monotonic clock, given by the caller. A lane is a chat without its topic or thread, since the
platforms count there. Messages are counted when their answer came back, and as present while they are under way: a
message may reach the platform at any moment between, so counting its start would let two arrive closer than they left.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from enum import IntEnum
from math import inf

SECOND = 1.05
"""Our second: 5 % longer than the platform's, whose clock does not see our messages at even distances."""
MINUTE = 61.0
HELD_LANES_MEAN_TOKEN = 3
"""So many lanes told to wait at the same time mean that the token itself is over its limit."""


class Priority(IntEnum):
    """What goes first; within one priority and lane, what came first."""

    REPLY = 0
    ALERT = 1
    BRIEFING = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform allows one token.

    Attributes:
        per_second: Messages in any second, all lanes together; None for no such limit.
        bulk_per_second: The share of ``per_second`` that alerts and briefings may take …
        bulk_beside_replies: … and while a reply waits or was sent in the last second.
        lane_interval: Seconds between two messages of one lane.
        group_per_minute: Messages a minute into one group; None for no such limit.
        in_flight: Requests under way at the same time. More than 10 made python-telegram-bot slower
            (806/s at 10, 171/s at 50).
    """

    per_second: int | None
    bulk_per_second: int | None
    bulk_beside_replies: int | None
    lane_interval: float = SECOND
    group_per_minute: int | None = None
    in_flight: int = 10


TELEGRAM_LIMITS = Limits(per_second=30, bulk_per_second=28, bulk_beside_replies=24, group_per_minute=20)
SLACK_LIMITS = Limits(per_second=None, bulk_per_second=None, bulk_beside_replies=None)


@dataclass(frozen=True, slots=True)
class Lane:
    """Where order and per-chat limits count.

    Attributes:
        chat: The channel without topic or thread ("telegram:-100123").
        group: Whether the per-minute limit of groups holds for it.
    """

    chat: str
    group: bool = False


class Pace:
    """The state of one token's limits; every method takes the time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._under_way: dict[Lane, Priority] = {}
        self._sent: deque[float] = deque()
        self._bulk_sent: deque[float] = deque()
        self._last_reply = -inf
        self._lane_sent: OrderedDict[Lane, deque[float]] = OrderedDict()  # the lane used last comes last
        self._held: dict[Lane, float] = {}
        self._token_held = -inf

    def ready_at(self, now: float, lane: Lane, priority: Priority, *, reply_waits: bool = False) -> float:
        """Return the earliest time at which this message may start; ``inf`` while it waits for one under way."""
        if lane in self._under_way:
            return inf
        lane_at = max(self._lane_ready(lane), self._held.get(lane, -inf))
        return max(self.token_ready_at(now, priority, reply_waits=reply_waits), lane_at)

    def token_ready_at(self, now: float, priority: Priority, *, reply_waits: bool = False) -> float:
        """Return the earliest time at which any lane may send, lanes' own limits aside."""
        if len(self._under_way) >= self._limits.in_flight:
            return inf
        return max(now, self._token_held, self._token_ready(now, priority, reply_waits=reply_waits))

    def start(self, lane: Lane, priority: Priority) -> None:
        """Note that a message is under way."""
        self._under_way[lane] = priority

    def end(self, now: float, lane: Lane) -> None:
        """Note that its answer came, whatever it was: what was refused or lost may have been counted all the same."""
        priority = self._under_way.pop(lane)
        self._sent.append(now)
        self._lane_sent.setdefault(lane, deque(maxlen=self._limits.group_per_minute or 1)).append(now)
        self._lane_sent.move_to_end(lane)
        if priority is Priority.REPLY:
            self._last_reply = now
        else:
            self._bulk_sent.append(now)
        self._forget(now)

    def hold(self, now: float, lane: Lane, seconds: float) -> None:
        """Obey a "too many requests": the lane waits, and the token too where several lanes were told to."""
        self._held = {held: until for held, until in self._held.items() if until > now}
        self._held[lane] = max(self._held.get(lane, -inf), now + seconds)
        if len(self._held) >= HELD_LANES_MEAN_TOKEN:
            self.hold_token(now, min(self._held.values()) - now)

    def hold_token(self, now: float, seconds: float) -> None:
        """Let nothing out for ``seconds``: the network is down, the platform is, or the token is over its limit."""
        self._token_held = max(self._token_held, now + seconds)

    def _lane_ready(self, lane: Lane) -> float:
        sent = self._lane_sent.get(lane)
        if not sent:
            return -inf
        ready = sent[-1] + self._limits.lane_interval
        per_minute = self._limits.group_per_minute
        if lane.group and per_minute is not None and len(sent) >= per_minute:
            ready = max(ready, sent[0] + MINUTE)
        return ready

    def _token_ready(self, now: float, priority: Priority, *, reply_waits: bool) -> float:
        ready = _window_opens(self._sent, self._limits.per_second, len(self._under_way))
        if priority is Priority.REPLY:
            return ready
        replying = reply_waits or now - self._last_reply < SECOND
        share = self._limits.bulk_beside_replies if replying else self._limits.bulk_per_second
        bulk_under_way = sum(one is not Priority.REPLY for one in self._under_way.values())
        return max(ready, _window_opens(self._bulk_sent, share, bulk_under_way))

    def _forget(self, now: float) -> None:
        """Drop what no limit looks at any more, so that the state stays as small as the last minute."""
        for sent in (self._sent, self._bulk_sent):
            while sent and sent[0] < now - SECOND:
                sent.popleft()
        while next(iter(self._lane_sent.values()))[-1] < now - MINUTE:
            self._lane_sent.popitem(last=False)


def _window_opens(sent: deque[float], limit: int | None, under_way: int) -> float:
    """Return when one more fits into a window of one second that holds ``limit``, those under way counted as now."""
    if limit is None:
        return -inf
    room = limit - under_way
    if room <= 0:
        return inf
    if len(sent) < room:
        return -inf
    return sent[-room] + SECOND

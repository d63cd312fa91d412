"""When a source is looked at next: ``next_poll(now, state, outcome, …) -> NextPoll``. Pure.

Prompt where it pays: sources that printed this week are looked at every 5 to 15 minutes. Polite everywhere: what a site
asks for is kept to, failures back off, and a source that is dead is paused and said to be so, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.entries import ParsedFeed

SHORTEST = timedelta(minutes=5)
LIVELY_LONGEST = timedelta(minutes=15)
"""For sources that printed within ``LIVELY``."""
LIVELY = timedelta(days=7)
AWAITED_LONGEST = timedelta(minutes=60)
"""For any source once somebody waits for an alert."""
LONGEST = timedelta(hours=24)
QUIET_SHARE = 24
"""A quiet source is looked at after this part of its silence: seven days give seven hours."""
LIVELY_SHARE = 96
"""Likewise for a lively one: a source that printed 8 hours ago after 5 minutes, a day ago after 15."""
MAX_FAILURES = 12
MAX_FAILING = timedelta(days=7)
FEW_FAILURES = 3
"""Fewer do not pause a source, however long ago the first was: the machine may have been off in between."""
FEW_HOSTS = 2
"""Hosts of which none is reached before our own line is blamed."""
BACK_WITHIN = timedelta(minutes=2)
"""Once our line is back, all sources are looked at within this."""
MOVES_BELIEVED = 3
JITTER = 0.1
"""Part of the wait that chance takes off or puts on, so that sources added together do not stay together."""


@dataclass(frozen=True, slots=True)
class PollState:
    """What is kept of a source between two looks.

    Attributes:
        interval: Between the last two looks, failures aside.
        failures: In a row.
        failing_since: When the first of them was; None where there are none.
        newest_entry_at: When its newest entry was printed, as far as known.
        moves: How many looks in a row were sent on, for good, to ``moved_to``.
        unreached: How many of the failures were our own line's, as far as we can tell; they do not pause it.
    """

    interval: timedelta = SHORTEST
    failures: int = 0
    failing_since: datetime | None = None
    newest_entry_at: datetime | None = None
    moves: int = 0
    moved_to: str | None = None
    unreached: int = 0


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """What one look at a source gave.

    Attributes:
        feed: None when nothing changed, and when the look failed.
        error: Why it failed, in plain words; None when it did not.
        gone: Whether the site says the feed is gone for good (410).
        etag: To be sent with the next look, like ``last_modified``.
        ttl: How long the feed itself says that it stays good, by this answer or the last that had it.
        fresh_for: How long the site or the feed says that nothing new will come.
        retry_after: How long the site asks us to stay away.
        moved_to: Where the address has moved for good, by this answer.
        reached: Whether the site answered anything at all, so that our line works.
        unreached: Whether no connection was made. A time-out after that is neither.
    """

    feed: ParsedFeed | None = None
    error: str | None = None
    gone: bool = False
    etag: str | None = None
    last_modified: str | None = None
    ttl: timedelta | None = None
    fresh_for: timedelta | None = None
    retry_after: timedelta | None = None
    moved_to: str | None = None
    reached: bool = True
    unreached: bool = False


@dataclass(frozen=True, slots=True)
class NextPoll:
    """What is to be kept, and done.

    Attributes:
        due_at: When to look next; of no meaning while paused.
        state: For the next time.
        paused_reason: Why the source is not looked at any more and what to do, for people; None to go on.
        move_to: Its new address, to be stored in place of the old one; None to stay.
    """

    due_at: datetime
    state: PollState
    paused_reason: str | None = None
    move_to: str | None = None


def next_poll(  # noqa: PLR0913 - what goes beyond a look is named at the call
    now: datetime,
    state: PollState,
    outcome: FeedOutcome,
    *,
    awaited: bool = False,
    jitter: float = 0.0,
    shortest: timedelta = SHORTEST,
    line_is_down: bool = False,
) -> NextPoll:
    """Return when to look at a source again, and what to keep until then.

    Args:
        now: When the look ended, aware.
        state: As kept so far.
        outcome: What the look gave.
        awaited: Whether somebody waits for an alert.
        jitter: Chance, from -1 to 1.
        shortest: The operator's setting.
        line_is_down: Whether it is our own line that failed; see ``is_line_down``.
    """
    if outcome.error is not None:
        return _after_failure(now, state, outcome, jitter, line_is_down=line_is_down and outcome.unreached)
    newest = max(
        (moment for moment in (state.newest_entry_at, outcome.feed and outcome.feed.newest_at) if moment), default=None
    )
    interval = _interval(now, newest, awaited=awaited, shortest=shortest)
    moves = 0 if outcome.moved_to is None else state.moves + 1 if outcome.moved_to == state.moved_to else 1
    moved = moves >= MOVES_BELIEVED
    kept = PollState(
        interval=interval,
        newest_entry_at=newest,
        moves=0 if moved else moves,
        moved_to=None if moved else outcome.moved_to,
    )
    # What the site says about freshness is a wish, and news sites repeat their CDN's default: it is kept to as far as
    # the promise of promptness reaches. Retry-After is an order.
    longest = AWAITED_LONGEST if awaited else _longest(now, newest)
    wished = min(outcome.fresh_for or timedelta(), longest)
    shaken = _shaken(max(interval, wished), jitter)
    if interval >= wished:
        longest = LIVELY_LONGEST if _is_lively(now, newest) else longest
    # Chance never breaks the promise of promptness, nor what was wished or ordered.
    wait = max(min(shaken, longest), wished, shortest, outcome.retry_after or timedelta())
    return NextPoll(now + wait, kept, move_to=outcome.moved_to if moved else None)


def is_line_down(hosts: int, *, looked_at: datetime | None, reached_at: datetime | None) -> bool:
    """Return whether a source that was not reached may be well, because it is our own line that is down.

    Args:
        hosts: On how many hosts the sources are that are read; of one alone it cannot be told.
        looked_at: When this source was looked at before; None for never.
        reached_at: When any source's site last answered anything; None for never.
    """
    if hosts < FEW_HOSTS or looked_at is None:
        return False
    return reached_at is None or reached_at < looked_at


def back_at(now: datetime, count: int) -> list[datetime]:
    """Return when sources are looked at again once our line is back: at once, spread, so that not all dial together."""
    return [now + BACK_WITHIN * place / count for place in range(count)]


def _after_failure(
    now: datetime, state: PollState, outcome: FeedOutcome, jitter: float, *, line_is_down: bool
) -> NextPoll:
    failures, since = state.failures + 1, state.failing_since or now
    wait = min(_shaken(state.interval * 2.0 ** min(failures, 20), jitter), LONGEST)
    unreached = state.unreached + line_is_down
    kept = PollState(state.interval, failures, since, state.newest_entry_at, state.moves, state.moved_to, unreached)
    paused = None if line_is_down else _pause(now, failures - unreached, since, outcome)
    return NextPoll(now + max(wait, outcome.retry_after or wait), kept, paused)


def _pause(now: datetime, failures: int, since: datetime, outcome: FeedOutcome) -> str | None:
    """Return why a failing source is paused, None while it is worth another look."""
    if outcome.gone:
        return "The site says this feed is gone for good. Look for its new address, or remove it."
    if failures >= MAX_FAILURES or (failures >= FEW_FAILURES and now - since >= MAX_FAILING):
        days = (now - since).days
        lasting = f" in {days} days" if days else ""
        return f"It failed {failures} times{lasting}, last because: {outcome.error}. Check its address, then resume it."
    return None


def _interval(now: datetime, newest: datetime | None, *, awaited: bool, shortest: timedelta) -> timedelta:
    """Return how long to wait by when a source printed last; one that never gave a date counts as lively."""
    silence = timedelta() if newest is None else max(now - newest, timedelta())
    if silence < LIVELY:
        return max(min(max(silence / LIVELY_SHARE, SHORTEST), LIVELY_LONGEST), shortest)
    longest = AWAITED_LONGEST if awaited else LONGEST
    return max(min(silence / QUIET_SHARE, longest), shortest)


def _longest(now: datetime, newest: datetime | None) -> timedelta:
    """Return how far a wish for fewer looks is followed: an hour while the source prints, a day when it is quiet."""
    return AWAITED_LONGEST if _is_lively(now, newest) else LONGEST


def _is_lively(now: datetime, newest: datetime | None) -> bool:
    """Return whether a source printed this week; one that never gave a date counts as lively."""
    return newest is None or now - newest < LIVELY


def _shaken(wait: timedelta, jitter: float) -> timedelta:
    return wait * (1.0 + JITTER * max(-1.0, min(jitter, 1.0)))

"""When a source is looked at next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.entries import Entry, ParsedFeed
from sources.polling import (
    AWAITED_LONGEST,
    BACK_WITHIN,
    LIVELY,
    LIVELY_LONGEST,
    LONGEST,
    SHORTEST,
    FeedOutcome,
    NextPoll,
    PollState,
    back_at,
    is_line_down,
    next_poll,
)

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _minutes(decided: NextPoll) -> float:
    return (decided.due_at - NOW) / timedelta(minutes=1)


def _printed(ago: timedelta) -> FeedOutcome:
    entry = Entry("guid:1", "Dam holds", None, NOW - ago, None, None, None, None)
    return FeedOutcome(ParsedFeed("rss20", None, None, None, None, (entry,)))


@pytest.mark.parametrize(
    ("ago", "awaited", "minutes"),
    [
        (timedelta(), False, 5),
        (8 * HOUR, False, 5),  # 480 / 96
        (16 * HOUR, False, 10),  # 960 / 96
        (6 * DAY, False, 15),  # printed this week
        (7 * DAY, False, 420),  # 7 d / 24
        (7 * DAY, True, 60),  # somebody waits
        (24 * DAY, False, 1440),
        (900 * DAY, False, 1440),  # never less than daily
        (900 * DAY, True, 60),
    ],
)
def test_the_interval_follows_what_the_source_prints(ago: timedelta, minutes: float, *, awaited: bool) -> None:
    """5 to 15 minutes for sources of this week, an hour at most where somebody waits, else up to a day."""
    assert _minutes(next_poll(NOW, PollState(), _printed(ago), awaited=awaited)) == pytest.approx(minutes)


def test_an_unchanged_source_ages() -> None:
    """What is known of its newest entry stays, and its silence grows."""
    state = PollState(newest_entry_at=NOW - 16 * HOUR, failures=3, failing_since=NOW - DAY)
    decided = next_poll(NOW, state, FeedOutcome())
    assert _minutes(decided) == pytest.approx(10)
    assert decided.state == PollState(interval=timedelta(minutes=10), newest_entry_at=NOW - 16 * HOUR)


@pytest.mark.parametrize(
    ("fresh_for", "retry_after", "minutes"),
    [
        (timedelta(minutes=30), None, 30),  # Cache-Control or ttl
        (DAY, None, 60),  # a wish is followed for an hour while the source prints
        (None, 2 * HOUR, 120),  # an order is followed
        (timedelta(minutes=1), None, 5),
    ],
)
def test_what_the_site_asks_for_is_kept_to(
    fresh_for: timedelta | None, retry_after: timedelta | None, minutes: float
) -> None:
    """Never sooner than Retry-After; max-age and ttl as far as promptness allows."""
    outcome = FeedOutcome(fresh_for=fresh_for, retry_after=retry_after)
    assert _minutes(next_poll(NOW, PollState(), outcome)) == pytest.approx(minutes)


@pytest.mark.parametrize(("failures", "minutes"), [(0, 10), (1, 20), (2, 40), (7, 1280), (8, 1440), (10, 1440)])
def test_failures_back_off(failures: int, minutes: float) -> None:
    """Twice as long each time, up to a day."""
    state = PollState(failures=failures, failing_since=NOW - DAY if failures else None)
    decided = next_poll(NOW, state, FeedOutcome(error="no answer in time"))
    assert _minutes(decided) == pytest.approx(minutes)
    assert decided.state.failures == failures + 1
    assert decided.state.failing_since == (NOW - DAY if failures else NOW)
    assert decided.paused_reason is None


def test_a_refusal_with_a_wait_waits() -> None:
    """429 with Retry-After: the longer of theirs and ours."""
    decided = next_poll(NOW, PollState(), FeedOutcome(error="HTTP 429", retry_after=3 * HOUR))
    assert _minutes(decided) == pytest.approx(180)


@pytest.mark.parametrize(
    ("failures", "since", "paused"),
    [
        (11, DAY, True),  # the twelfth
        (10, DAY, False),
        (2, 7 * DAY, True),  # a week
        (1, 30 * DAY, False),  # the machine was off: two failures say little
    ],
)
def test_a_dead_source_is_paused_with_a_reason(failures: int, since: timedelta, *, paused: bool) -> None:
    """After twelve failures or seven days, with what to do."""
    state = PollState(failures=failures, failing_since=NOW - since)
    reason = next_poll(NOW, state, FeedOutcome(error="no answer in time")).paused_reason
    assert (reason is not None) is paused
    assert reason is None or ("no answer in time" in reason and "resume" in reason)


def test_a_source_that_is_gone_is_paused_at_once() -> None:
    """410 is the site's word."""
    reason = next_poll(NOW, PollState(), FeedOutcome(error="HTTP 410", gone=True)).paused_reason
    assert reason is not None
    assert "gone" in reason


def test_a_source_moves_after_three_moves_in_a_row() -> None:
    """A passing mistake of the site does not move it, nor do three that lead to different places."""
    state, moved = PollState(), []
    for target in ("a", "b", "b", None, "b", "b", "b", "b"):
        decided = next_poll(NOW, state, FeedOutcome(moved_to=target))
        state = decided.state
        moved.append(decided.move_to)
    assert moved == [None, None, None, None, None, None, "b", None]


@given(
    ago=st.timedeltas(timedelta(), 4000 * DAY),
    failures=st.integers(0, 11),
    jitter=st.floats(-2, 2),
    awaited=st.booleans(),
    failed=st.booleans(),
)
def test_the_wait_keeps_its_bounds(
    ago: timedelta, failures: int, jitter: float, *, awaited: bool, failed: bool
) -> None:
    """Five to fifteen minutes for sources of this week, an hour where somebody waits, else a day, whatever chance says."""
    state = PollState(failures=failures, failing_since=NOW, newest_entry_at=NOW - ago)
    outcome = FeedOutcome(error="broken" if failed else None)
    wait = next_poll(NOW, state, outcome, awaited=awaited, jitter=jitter).due_at - NOW
    longest = LONGEST if failed else LIVELY_LONGEST if ago < LIVELY else AWAITED_LONGEST if awaited else LONGEST
    assert SHORTEST <= wait <= longest


@pytest.mark.parametrize(
    ("hosts", "looked", "reached", "down"),
    [
        (5, 2, 3, True),  # hours ago: nothing answered since we looked before
        (5, 2, 2, False),
        (5, 2, 1, False),
        (5, 2, None, True),  # nothing ever
        (5, None, None, False),  # a new source may have a wrong address
        (1, 2, 3, False),  # of one host it cannot be told
    ],
)
def test_our_own_line_is_blamed_where_nothing_answers(
    hosts: int, looked: int | None, reached: int | None, *, down: bool
) -> None:
    """Several hosts, and none of them since the look before."""
    moments = [None if hours is None else NOW - hours * HOUR for hours in (looked, reached)]
    assert is_line_down(hosts, looked_at=moments[0], reached_at=moments[1]) is down


@pytest.mark.parametrize(
    ("failures", "unreached", "down", "by_line", "paused"),
    [
        (11, 0, False, True, True),
        (11, 0, True, True, False),  # the line's own failure pauses nothing
        (11, 0, True, False, True),  # the site said no: that counts, whatever our line
        (30, 20, False, True, False),  # 31 - 20 = 11
        (31, 20, False, True, True),
    ],
)
def test_what_fails_with_our_line_does_not_count(
    failures: int, unreached: int, *, down: bool, by_line: bool, paused: bool
) -> None:
    """It backs off all the same."""
    state = PollState(failures=failures, unreached=unreached, failing_since=NOW - HOUR)
    outcome = FeedOutcome(error="the site cannot be reached", reached=False, unreached=by_line)
    decided = next_poll(NOW, state, outcome, line_is_down=down)
    assert (decided.paused_reason is not None) is paused
    assert decided.state.unreached == unreached + (down and by_line)
    assert decided.due_at - NOW == DAY


def test_sources_come_back_spread() -> None:
    """The first at once, all within two minutes."""
    assert back_at(NOW, 4) == [NOW + BACK_WITHIN * place / 4 for place in range(4)]
    assert back_at(NOW, 0) == []

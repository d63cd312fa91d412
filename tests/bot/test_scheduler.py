"""The clock wakes on the days and at the times that were said, where they were said."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.scheduler import trigger_of
from store.schedules import Schedule

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def schedule(days: set[int], *times: time, zone: str = "UTC") -> Schedule:
    """Return a schedule of these days, Monday being 0."""
    return Schedule(1, "telegram:7", frozenset(days), times, zone, None, SUNDAY_NOON)


@pytest.mark.parametrize(
    ("days", "zone", "expected"),
    [
        ({0, 1, 2, 3, 4}, "UTC", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),  # weekdays begin with Monday
        ({6}, "UTC", datetime(2026, 11, 29, 8, 0, tzinfo=UTC)),  # this Sunday's 08:00 has passed
        ({5}, "UTC", datetime(2026, 11, 28, 8, 0, tzinfo=UTC)),
        ({0}, "Asia/Tokyo", datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),  # Monday 08:00 there
    ],
)
def test_days_are_the_days_that_were_said(days: set[int], zone: str, expected: datetime) -> None:
    """Not a day later, as with crontab's numbers."""
    fires = trigger_of(schedule(days, time(8, 0), zone=zone)).get_next_fire_time(None, SUNDAY_NOON)
    assert fires == expected


def test_the_next_of_several_times_wakes() -> None:
    """One schedule, several times a day."""
    fires = trigger_of(schedule(set(range(7)), time(8, 0), time(17, 30))).get_next_fire_time(None, SUNDAY_NOON)
    assert fires == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)

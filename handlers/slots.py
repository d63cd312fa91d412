"""When a schedule is due: local days and times against the passing of time, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One time at which a briefing is due.

    Attributes:
        due_at: The moment, UTC.
        local_date: The day in the schedule's zone.
        nominal_time: The time as it was set; names the slot together with the day, whatever the clocks do.
    """

    due_at: datetime
    local_date: date
    nominal_time: time


def due_slots(
    days: frozenset[int], times: Iterable[time], zone: ZoneInfo, since: datetime, now: datetime
) -> tuple[Slot, ...]:
    """Return the slots with ``since < due_at <= now``, earliest first.

    A nominal time that the clocks skip in spring is due when they have skipped it (02:30 at 03:30); one that they
    repeat in autumn is due once, the first time.

    Args:
        days: Weekdays, Monday is 0.
        times: Local times without zone.
        zone: Where they hold.
        since: Up to when slots were looked for already, timezone-aware.
        now: Timezone-aware. Time and result are linear in the days between the two.
    """
    first = since.astimezone(zone).date() - timedelta(days=1)
    last = now.astimezone(zone).date() + timedelta(days=1)
    nominal = sorted(set(times))
    slots = (
        _slot(first + timedelta(days=offset), at, zone)
        for offset in range((last - first).days + 1)
        if (first + timedelta(days=offset)).weekday() in days
        for at in nominal
    )
    return tuple(sorted(slot for slot in slots if since < slot.due_at <= now))


def next_slot(days: frozenset[int], times: Iterable[time], zone: ZoneInfo, now: datetime) -> Slot | None:
    """Return the first slot after ``now``, or None where no day or time is set."""
    upcoming = due_slots(days, times, zone, now, now + timedelta(days=8))
    return upcoming[0] if upcoming else None


def _slot(day: date, at: time, zone: ZoneInfo) -> Slot:
    # fold=0, the default, is what the docstring of due_slots promises: in a gap zoneinfo counts with the offset from
    # before it, which lands behind the gap; of a repeated hour it is the first.
    return Slot(datetime.combine(day, at, zone).astimezone(UTC), day, at)

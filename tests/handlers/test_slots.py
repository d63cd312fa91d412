"""A briefing is due once a slot, whatever the clocks do."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from handlers.slots import Slot, due_slots, next_slot

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = frozenset(range(7))
EIGHT = time(8)
HALF_PAST_TWO = time(2, 30)


def at(text: str) -> datetime:
    """Return a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_eight_o_clock_stays_eight_o_clock() -> None:
    """Across both changes of the clocks a day's slot is at the local time that was set."""
    for before, after in (("2026-03-28T09:00", "2026-03-30T09:00"), ("2026-10-24T09:00", "2026-10-26T09:00")):
        slots = due_slots(DAILY, [EIGHT], BERLIN, at(before), at(after))
        assert [slot.due_at.astimezone(BERLIN).time() for slot in slots] == [EIGHT, EIGHT]


def test_a_skipped_hour_is_briefed_after_it() -> None:
    """02:30 does not exist on the last Sunday of March: the slot keeps its name and is due at 03:30."""
    slots = due_slots(DAILY, [HALF_PAST_TWO], BERLIN, at("2026-03-29T00:00"), at("2026-03-29T12:00"))
    assert slots == (Slot(at("2026-03-29T03:30").astimezone(UTC), date(2026, 3, 29), HALF_PAST_TWO),)


def test_a_repeated_hour_is_briefed_once() -> None:
    """02:30 comes twice on the last Sunday of October: the first one counts."""
    slots = due_slots(DAILY, [HALF_PAST_TWO], BERLIN, at("2026-10-25T00:00"), at("2026-10-25T12:00"))
    assert [slot.due_at for slot in slots] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_only_the_chosen_days_count() -> None:
    """Weekdays are Monday to Friday; a slot at `since` itself was looked for already."""
    friday = at("2026-09-04T08:00")
    slots = due_slots(frozenset(range(5)), [EIGHT, time(18)], BERLIN, friday, friday + timedelta(days=3))
    assert [slot.local_date.isoformat() for slot in slots] == ["2026-09-04", "2026-09-07"]
    assert [slot.nominal_time for slot in slots] == [time(18), EIGHT]


def test_the_next_slot_is_the_first_one_ahead() -> None:
    """A schedule without a day has none."""
    upcoming = next_slot(DAILY, [EIGHT], BERLIN, at("2026-09-04T08:00"))
    assert upcoming is not None
    assert upcoming.local_date == date(2026, 9, 5)
    assert next_slot(frozenset(), [EIGHT], BERLIN, at("2026-09-04T08:00")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.lists(st.integers(0, 90), max_size=20), st.times())  # noqa: DTZ001 - UTC is put on below
def test_however_often_one_looks_every_slot_is_found_once(start: datetime, hours: list[int], nominal: time) -> None:
    """Looking in steps finds the same slots as looking once, so a restart neither skips nor repeats."""
    begin = start.replace(tzinfo=UTC)
    nominal = nominal.replace(microsecond=0, fold=0)
    moments = [begin]
    for step in hours:
        moments.append(moments[-1] + timedelta(hours=step))
    zone = ZoneInfo("America/New_York")
    stepwise = [
        slot for since, now in itertools.pairwise(moments) for slot in due_slots(DAILY, [nominal], zone, since, now)
    ]
    assert tuple(stepwise) == due_slots(DAILY, [nominal], zone, moments[0], moments[-1])

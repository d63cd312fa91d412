"""What people type is understood, or the word that is not is named."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.asked import (
    DAILY,
    WEEKDAYS,
    WEEKEND,
    AskedQuotes,
    AskedSchedule,
    NotUnderstoodError,
    parse_question,
    parse_quotes,
    parse_schedule,
    unknown_since,
)
from handlers.since import LONGEST_SINCE, begins, parse_since, told, typed


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        ("orlan", AskedQuotes("orlan")),
        ("  Viktor   Orlan ", AskedQuotes("Viktor Orlan")),
        ("orlan about the dam", AskedQuotes("orlan", "the dam")),
        ("orlan on nato since 7d", AskedQuotes("orlan", "nato", timedelta(days=7))),
        ("orlan since 24 hours", AskedQuotes("orlan", None, timedelta(hours=24))),
        ("orlan since 9999y", AskedQuotes("orlan", None, LONGEST_SINCE)),
        ("orlan since 0d", AskedQuotes("orlan")),
        ("orlan about the dam since 2026-09-01", AskedQuotes("orlan", "the dam", date(2026, 9, 1))),
        ("about the dam", AskedQuotes(None, "the dam")),
        ("“orlan”", AskedQuotes("orlan")),
        ("Simon", AskedQuotes("Simon")),  # "on" inside a name is no word of its own
        ("orlan about", AskedQuotes("orlan")),
        ("", None),
        ("  since 7d", None),
    ],
)
def test_quotes_are_asked_for(args: str, asked: AskedQuotes | None) -> None:
    """A speaker, what about, since when; each can be left out, not all."""
    assert parse_quotes(args) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what did orlan say about the dam?", AskedQuotes("orlan", "the dam")),
        ("What has Marta Ilves said", AskedQuotes("Marta Ilves")),
        ("what did orlan say since 3d", AskedQuotes("orlan", None, timedelta(days=3))),
        ("what happened today", None),
        ("what did orlan say" + " and more" * 99, None),
    ],
)
def test_a_question_is_as_good_as_a_command(text: str, asked: AskedQuotes | None) -> None:
    """People ask as they would ask a person."""
    assert parse_question(text) == asked


@pytest.mark.parametrize(
    ("args", "days", "times"),
    [
        ("weekdays 08:00", WEEKDAYS, (time(8),)),
        ("daily at 8", DAILY, (time(8),)),
        ("18:30 7.15", DAILY, (time(7, 15), time(18, 30))),
        ("weekends 9am", WEEKEND, (time(9),)),
        ("mon, thu 12am", frozenset((0, 3)), (time(0),)),
        ("Tuesdays and Sat. 12 p.m.", frozenset((1, 5)), (time(12),)),
        ("tues 7h", frozenset((1,)), (time(7),)),
        ("every day 08:00 08:00", DAILY, (time(8),)),
        ("mon - fri 08:00", WEEKDAYS, (time(8),)),
        ("fri-mon 08:00", frozenset((4, 5, 6, 0)), (time(8),)),
    ],
)
def test_a_schedule_is_days_and_times(args: str, days: frozenset[int], times: tuple[time, ...]) -> None:
    """Days that are not said are all days."""
    assert parse_schedule(args) == AskedSchedule(days, times)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ("weekdays", "weekdays"),  # no time
        ("", ""),
        ("weekdays 25:00", "25:00"),
        ("8:61", "8:61"),
        ("13pm", "13pm"),
        ("t 08:00", "t"),  # Tuesday or Thursday
        ("mon-xyz 8:00", "mon-xyz"),
        ("moonday 08:00", "moonday"),
        (" ".join(f"{hour}:00" for hour in range(13)), " ".join(f"{hour}:00" for hour in range(13))),
    ],
)
def test_what_is_not_understood_is_named(args: str, words: str) -> None:
    """The answer can show the very word that was wrong."""
    with pytest.raises(NotUnderstoodError) as refused:
        parse_schedule(args)
    assert refused.value.words == words


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ("orlan since banana", "banana"),
        ("orlan since 7d", None),
        ("orlan since 3 days", None),
        ("orlan since 0d", "0d"),
        ("orlan since 2026-09-01", None),
        ("orlan since 2026-09-31", "2026-09-31"),
        ("orlan about prices since christmas", None),  # may be what it is about
        ("orlan since the war", None),
        ("since", None),
    ],
)
def test_a_word_that_is_no_time_is_named(args: str, word: str | None) -> None:
    """Only where it can be nothing else."""
    assert unknown_since(args) == word


@pytest.mark.parametrize(
    ("written", "since", "again", "words"),
    [
        ("24h", timedelta(hours=24), "1d", "in the last 24 hours"),
        (" 36 hours ", timedelta(hours=36), "36h", "in the last 36 hours"),
        ("2W", timedelta(weeks=2), "14d", "in the last 14 days"),
        ("2026-9-1", date(2026, 9, 1), "2026-09-01", "since 2026-09-01"),
    ],
)
def test_a_time_is_so_long_ago_or_a_day(written: str, since: timedelta | date, again: str, words: str) -> None:
    """Both are said again as they are typed, for buttons, and in words."""
    assert parse_since(written) == since
    assert (typed(since), told(since)) == (again, words)
    assert parse_since(typed(since)) == since


@pytest.mark.parametrize(
    "written",
    [
        "", "0d", "7", "banana", "2026-02-30", "2026-13-01",
        "0001-01-01",  # begins before the calendar in Berlin
        "20260901", "2026-W36", "01.09.2026", "01/09/2026",  # which of the two is the month?
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(written: str) -> None:
    """Nothing is guessed."""
    assert parse_since(written) is None


def test_a_day_begins_where_it_is_asked_for() -> None:
    """At midnight in the chat's zone, as its times are told."""
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert begins(date(2026, 9, 1), now.astimezone(ZoneInfo("Europe/Berlin"))) == datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert begins(timedelta(hours=2), now) == datetime(2026, 11, 25, 10, tzinfo=UTC)


@given(st.text())
def test_anything_can_be_typed(text: str) -> None:
    """Nothing that is typed breaks the reading of it."""
    parse_quotes(text)
    parse_question(text)
    with suppress(NotUnderstoodError):
        parse_schedule(text)

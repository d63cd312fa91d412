"""Dates as pages print them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from summaries.dates import moment_in
from tests.summaries.page_pack import WORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published on 3 September 2025 - 14:10 GMT+2", "2025-09-03 12:10"),
        ("Sept. 4, 2025, 3:12 p.m.", "2025-09-04 15:12"),
        ("Sept. 4, 2025, 3 p.m. EST", "2025-09-04 20:00"),
        ("November 20, 2019", "2019-11-20 00:00"),
        ("Nov 19, 2019, 10:31 pm CET", "2019-11-19 21:31"),
        ("PUBLISHED: 10:48, Tue, Nov 19, 2019", "2019-11-19 10:48"),
        ("2025-09-03T14:10:05+02:00", "2025-09-03 12:10"),
        ("2025-09-03T14:10:05.123Z", "2025-09-03 14:10"),
        ("2025-09-03", "2025-09-03 00:00"),
        ("11/19/19 06:56 AM EST", "2019-11-19 11:56"),
        ("19/11/2019", "2019-11-19 00:00"),
        ("Stand: 03.03.2026, 14:10 Uhr", "2026-03-03 14:10"),
        ("3. März 2026 um 14.10 Uhr MEZ", "2026-03-03 13:10"),
        ("12:05 a.m. on May 1st, 2026", "2026-05-01 00:05"),
        ("May 1, 2026 25:70", "2026-05-01 00:00"),
        ("May 1, 2026 10:00 -09:30", "2026-05-01 19:30"),
        ("May 1, 2026 10:00 GMT+77", "2026-05-01 00:00"),
        ("0001-01-01T00:10:00+10:00", None),
        ("31 December 9999 23:00 EST", "9999-12-31 00:00"),
        ("4/3/2026", None),  # March in London, April in New York
        ("4/3/2026 10:00, Hamburg", None),  # "am" is no clock here
        ("4/3/2026 10:00 a.m.", "2026-04-03 10:00"),
        ("31 February 2026", None),
        ("Hall 12 2026", None),
        ("3 Harbours 2026", None),
        ("", None),
    ],
)
def test_moments(text: str, expected: str | None) -> None:
    """A day, with its time where one stands beside it; what can be read in two ways is not read."""
    moment = moment_in(text, WORDS.months)
    if expected is None:
        assert moment is None
    else:
        assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)

"""The moment that a line of a page names: a published date, strictly read.

Only what can be read in one way is read: a day, a month and a year, with a time where one stands beside it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOKED_AT = 300
"""Characters of a line in which a date is looked for."""
BESIDE = 40
"""Characters on either side of a date in which its time stands."""
_NOON = 12
_MONTHS = 12
_CENTURY = 100
_FIRST_YEAR = 1900

_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:T(?=\d))?"),
    re.compile(r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<name>[^\W\d_]{3,10})\.?,?\s+(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<name>[^\W\d_]{3,10})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4}|\d\d)\b"),
)
_TIME = re.compile(
    r"(?<![\d:.+-])(\d{1,2})(?:[:.](\d\d))?(?::\d\d(?:\.\d+)?)?(?:\s*([ap])\.?m\b\.?|(?<=[:.]\d\d)|(?<=:\d\d))",
    re.IGNORECASE,
)
_TWELVE_HOURS = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_OFFSET = re.compile(r"\s*(?:(?:GMT|UTC)\s*)?([+-])(\d{1,2})(?::?(\d\d))?\b")
_ZONE = re.compile(r"\s*(?:Uhr\s*)?\(?([A-Z]{1,4})\b")
# Only abbreviations that mean one offset in news; IST, for one, means three.
_ZONES = {
    "Z": 0, "GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EST": -5, "EDT": -4,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip


def moment_in(text: str, months: Mapping[str, int]) -> datetime | None:
    """Return the first date of a line as aware UTC, with its time where it has one; None where it has no date.

    A time without a zone, or with one that is not known, is taken for UTC; a day without a time is midnight UTC.
    """
    head = text[:LOOKED_AT]
    for pattern in _DATES:
        for match in pattern.finditer(head):
            after, before = (
                head[match.end() : match.end() + BESIDE],
                head[max(0, match.start() - BESIDE) : match.start()],
            )
            day = _day(match.groupdict(), months, american=_TWELVE_HOURS.search(after) is not None)
            if day is not None:
                return _at(day, after) or _at(day, before) or day
    return None


def _day(parts: Mapping[str, str | None], months: Mapping[str, int], *, american: bool) -> datetime | None:
    """Return the day that a match names; None where it is none, or may be two."""
    year = int(parts["y"] or 0)
    if year < _CENTURY and len(parts["y"] or "") == len("26"):
        year += 2000
    if year < _FIRST_YEAR:
        return None
    if "a" in parts:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if first > _MONTHS:
            day, month = first, second
        elif second > _MONTHS or american:
            month, day = first, second
        else:
            return None  # 4/3 is March in London and April in New York
    else:
        month = int(parts["m"] or 0) if "m" in parts else months.get((parts["name"] or "").lower(), 0)
        day = int(parts["d"] or 0)
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _at(day: datetime, beside: str) -> datetime | None:
    """Return ``day`` at the time that stands beside it; None where no time does."""
    time = _TIME.search(beside)
    if time is None:
        return None
    hour, minute = int(time[1]), int(time[2] or 0)
    if time[3]:
        hour = hour % _NOON + (_NOON if time[3].lower() == "p" else 0)
    rest = beside[time.end() :]
    try:
        return day.replace(hour=hour, minute=minute, tzinfo=_zone(rest)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(rest: str) -> timezone:
    """Return the zone that stands behind a time; UTC where none does that we know."""
    offset = _OFFSET.match(rest)
    if offset:
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(away if offset[1] == "+" else -away)
    name = _ZONE.match(rest)
    return timezone(timedelta(hours=_ZONES.get(name[1], 0))) if name else UTC

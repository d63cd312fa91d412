"""From when on something is asked for: so long ago ("7d"), or from a day on ("2026-09-01"); pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from handlers.wording import counted

NO_TIME = "no time such as 24h, 7d, 3w, 2m, 1y or 2026-09-01"
LONGEST_SINCE = timedelta(days=3660)
DAY = 24  # hours
FIRST_YEAR = 1900
"""What was printed before is on no feed; the calendar's own first day has no time in zones east of UTC."""
UNITS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
"""By the letter behind the number."""

SINCE = r"\d{1,4}\s*[hdwmy][a-z]*|\d{4}-\d{1,2}-\d{1,2}"
"""What may be a time, for a regular expression that ignores case."""
_BACK = re.compile(r"(\d{1,4})\s*([hdwmy])[a-z]*", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def parse_since(written: str) -> timedelta | date | None:
    """Return how far back "24h", "7 days", "3w", "2m" or "1y" goes, the day of "2026-09-01", None for anything else."""
    written = written.strip()
    if found := _BACK.fullmatch(written):
        # The calendar ends before 9999 years.
        return min(int(found[1]) * UNITS[found[2].lower()], LONGEST_SINCE) or None
    if not (found := _DAY.fullmatch(written)) or int(found[1]) < FIRST_YEAR:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:  # the 31st of June
        return None


def begins(since: timedelta | date, now: datetime) -> datetime:
    """Return when that is, in UTC; a day begins at midnight in the zone of ``now``."""
    if isinstance(since, timedelta):
        return now.astimezone(UTC) - since
    return datetime.combine(since, time(), tzinfo=now.tzinfo).astimezone(UTC)


def typed(since: timedelta | date) -> str:
    """Return it as it is typed: "7d", "36h", "2026-09-01"."""
    if isinstance(since, date):
        return since.isoformat()
    hours = int(since.total_seconds() // 3600)
    return f"{hours}h" if hours % DAY else f"{hours // DAY}d"


def told(since: timedelta | date) -> str:
    """Return it in words: "in the last 24 hours", "in the last 7 days", "since 2026-09-01"."""
    if isinstance(since, date):
        return f"since {since.isoformat()}"
    hours = int(since.total_seconds() // 3600)
    return f"in the last {counted(hours, 'hour') if hours % DAY or hours == DAY else counted(hours // DAY, 'day')}"

"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
MAX_ATTEMPTS = 12  # gives up after 2 h 25 min of waits


def retry_at(now: datetime, attempts: int, *, asked_wait: timedelta | None = None) -> datetime | None:
    """Return when to try again, or None to give up.

    Args:
        now: Time of the failure, timezone-aware.
        attempts: Deliveries tried so far, this one included; at least 1.
        asked_wait: What the platform asked for (Telegram ``retry_after``, Slack ``Retry-After``). Never shortened,
            whatever our own limits say.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST_WAIT * 2.0 ** (attempts - 1), LONGEST_WAIT)
    return now + max(wait, asked_wait or wait)

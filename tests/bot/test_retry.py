"""Retries wait longer each time, and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.retry import MAX_ATTEMPTS, retry_at

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "asked", "expected"),
    [
        (1, None, 5),  # first wait
        (3, None, 20),  # 5 * 2 ** (3 - 1)
        (11, None, 3600),  # capped
        (1, 2, 5),  # what the platform asks never shortens ours
        (11, 7200, 7200),  # and is never capped
    ],
)
def test_waits_in_seconds(attempts: int, asked: int | None, expected: int) -> None:
    """The longer of our wait and the platform's wins."""
    asked_wait = None if asked is None else timedelta(seconds=asked)
    assert retry_at(NOW, attempts, asked_wait=asked_wait) == NOW + timedelta(seconds=expected)


def test_the_last_attempt_is_the_last() -> None:
    """Whatever the platform asks, there is no thirteenth."""
    assert retry_at(NOW, MAX_ATTEMPTS, asked_wait=timedelta(seconds=1)) is None
    waits = (retry_at(NOW, attempts) for attempts in range(1, MAX_ATTEMPTS))
    assert sum((at - NOW for at in waits if at), timedelta()) == timedelta(hours=2, minutes=25, seconds=15)

"""Kill -9 while an alert is under way: nothing is lost, nothing is told twice but what nobody can know.

The long form, over many moments: ``make bench-crash``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.crashes import alert_taken, alerts_after, feed_read, later, page_read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.crashes import KillPoint


@pytest.mark.parametrize(
    ("kill_at", "most"),
    [
        (feed_read, 1),
        (page_read, 1),
        (alert_taken, 2),  # whether it was taken is written down after the answer: nobody can know, so it comes again
        (later(alert_taken, 1.0), 1),
    ],
    ids=["feed", "page", "sending", "sent"],
)
async def test_an_alert_outlives_a_kill(kill_at: KillPoint, most: int, tmp_path: Path) -> None:
    """The next process goes on at once where the last one was killed."""
    assert 1 <= await alerts_after(kill_at, tmp_path) <= most

"""Kill -9 at many moments while an alert is under way; count what was lost and what came twice.

The process is the real one, on SQLite, in front of a Telegram and a news site on loopback. The moments are spread evenly
from the request for the article's page to well after the alert is out, then after Telegram has taken the alert.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bot.crashes import alert_taken, alerts_after, later, page_read

if TYPE_CHECKING:
    from tests.bot.crashes import KillPoint

LONGEST = 540.0  # seconds after which no further kill is begun
FROM_PAGE = [number * 0.15 for number in range(20)]  # reading, analysing, storing, composing, sending
FROM_TAKEN = [number * 0.002 for number in range(6)]  # Telegram's answer, and what is written down after it


async def main() -> None:
    """Print how many alerts were lost and how many came twice."""
    after_page: list[tuple[str, KillPoint]] = [(f"page + {each:.2f} s", later(page_read, each)) for each in FROM_PAGE]
    taken: list[tuple[str, KillPoint]] = [
        (f"alert + {each * 1000:.0f} ms", later(alert_taken, each)) for each in FROM_TAKEN
    ]
    # Where time ends it, the moments that are left out lie between others.
    points = [*taken, *after_page[::2], *after_page[1::2]]
    counted: dict[int | None, list[str]] = {}
    begun = time.monotonic()
    for name, point in points:
        if time.monotonic() - begun > LONGEST:
            print(f"stopped after {LONGEST:.0f} s, before {name}")
            break
        told: int | None
        with TemporaryDirectory() as folder:
            try:
                told = await alerts_after(point, Path(folder))
            except TimeoutError:
                told = None  # the machine was too slow for the test's patience: nothing is known
        counted.setdefault(told, []).append(name)
        print(f"{name}: {'it took too long' if told is None else told}", flush=True)
    kills = sum(len(names) for told, names in counted.items() if told is not None)
    once, lost = len(counted.get(1, [])), len(counted.get(0, []))
    print(f"{kills} kills: {once} alerts came once, {kills - once - lost} twice, {lost} were lost")
    print(
        f"twice: {', '.join(counted.get(2, [])) or 'none'}; nothing known: {', '.join(counted.get(None, [])) or 'none'}"
    )


if __name__ == "__main__":
    asyncio.run(main())

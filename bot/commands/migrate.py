"""``onrecord migrate``: the tables as this version wants them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_settings
from bot.data_folder import claimed
from bot.starting import address_of, say, utc_now
from store.database import address_of as url_of
from store.migrating import migrate as bring_up_to_date
from store.migrating import newest_step, rebuild_indexes, step_of

if TYPE_CHECKING:
    from config.settings import Settings


def migrate(*, rebuild: bool) -> int:
    """Bring the tables up to date and say from where to where; return the exit code.

    Args:
        rebuild: Whether to fill the full-text indexes anew.
    """
    return with_settings(partial(_migrate, rebuild=rebuild))


async def _migrate(settings: Settings, *, rebuild: bool) -> int:
    url, newest = url_of(address_of(settings)), newest_step()
    # Tables are not changed under a bot that uses them.
    with claimed(settings.data_dir, utc_now()):
        before = await asyncio.to_thread(step_of, url)
        await asyncio.to_thread(bring_up_to_date, url)
        if rebuild:
            await asyncio.to_thread(rebuild_indexes, url)
    if before == newest:
        say(f"The database is up to date, at revision {newest}.")
    elif before is None:
        say(f"The database is made, at revision {newest}.")
    else:
        say(f"The database was at revision {before} and is at revision {newest} now.")
    if rebuild:
        say("The full-text indexes are filled anew.")
    return 0

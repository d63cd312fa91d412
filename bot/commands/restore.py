"""``onrecord restore``: a backup becomes the database, and what was waiting in it is held."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.asking import agreed
from bot.commands.at_hand import with_settings
from bot.commands.backup import by_hand
from bot.data_folder import claimed, holder_of
from bot.starting import FAILED, address_of, complain, say, utc_now
from handlers.wording import counted
from store.backups import copy_of, put_in_place
from store.database import address_of as url_of
from store.database import database
from store.errors import BackupError
from store.migrating import check_known, step_of
from store.restores import Restores

if TYPE_CHECKING:
    from datetime import datetime

    from config.settings import Settings

HELD = (
    "{held} that {were} waiting in it {are} held, as is what is read again from before now: some of it may have gone out "
    "after the backup was made. “onrecord outbox release” sends it, “onrecord outbox drop” drops it; the bot asks its "
    "operators, too."
)
HELD_NOTHING = (
    "Nothing was waiting in it. What is read again from before now is held, for it may have gone out already: “onrecord "
    "outbox release” sends it, “onrecord outbox drop” drops it; the bot asks its operators, too."
)


def restore(file: str | None, *, is_sure: bool) -> int:
    """Put a backup back; return the exit code.

    Args:
        file: The backup; None where the database was put back by other means, and only the rest is to be done.
        is_sure: Whether not to ask before a database gives way.
    """
    return with_settings(partial(_restore, file, is_sure=is_sure))


async def _restore(file: str | None, settings: Settings, *, is_sure: bool) -> int:
    url, now = url_of(address_of(settings)), utc_now()
    if file is not None and url.get_backend_name() != "sqlite":
        say(by_hand("pg_restore --clean --if-exists --single-transaction", url, file))
        return complain(
            "PostgreSQL is put back by its own means: stop the bot, say the line above, then onrecord restore --by-hand",
            FAILED,
        )
    target = Path(url.database or "")
    # Under a running bot nothing is asked: the folder says below who holds it.
    if file is not None and holder_of(settings.data_dir) is None:
        code = _refused(file, target, is_sure=is_sure)
        if code is not None:
            return code
    with claimed(settings.data_dir, now):
        if file is None:
            held, kept = await _hold(address_of(settings), now), None
        else:
            held, kept = await put_back(Path(file), target, now)
    say("The database is put back." if file is None else f"{file} is the database now.")
    if kept is not None:
        say(f"The former one is kept as {kept}.")
    if not held:
        say(HELD_NOTHING)
        return 0
    one = held == 1
    say(HELD.format(held=counted(held, "message"), were="was" if one else "were", are="is" if one else "are"))
    return 0


def _refused(file: str, target: Path, *, is_sure: bool) -> int | None:
    """Return the exit code where there is no backup, or nobody says yes to replacing a database; nothing is made by then."""
    if not Path(file).is_file():
        return complain(f"{file}: {'is no file' if Path(file).exists() else 'no such file'}", FAILED)
    if not target.exists():
        return None
    question = f"Put {file} in the place of {target}, which is kept beside it?"
    return None if agreed(question, is_sure=is_sure) else FAILED


async def put_back(backup: Path, target: Path, now: datetime) -> tuple[int, Path | None]:
    """Let a backup become the database; return how many messages are held, and where the former file is.

    All is done to a copy that takes the database's name at the end, so what fails leaves everything as it was.

    Raises:
        StoreError: if there is no database of ours in it, or it is a newer one's.
    """
    with copy_of(backup, target) as fresh:
        address = f"sqlite:///{fresh}"
        if await asyncio.to_thread(step_of, url_of(address)) is None:
            msg = f"{backup} is no database of On Record's"
            raise BackupError(msg)
        await asyncio.to_thread(check_known, url_of(address))
        held = await _hold(address, now)
        kept = await asyncio.to_thread(partial(put_in_place, fresh, target, at=now))
    return held, kept


async def _hold(address: str, now: datetime) -> int:
    """Bring the tables up to date, and hold what is waiting; return how many messages."""
    async with database(address) as store, store.writing() as db:
        return await Restores().begin(db, at=now)

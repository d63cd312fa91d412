"""``onrecord backup``: a copy of the database while the bot runs."""

from __future__ import annotations

import asyncio
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL

from bot.commands.at_hand import with_settings
from bot.starting import FAILED, address_of, complain, say
from store.backups import back_up
from store.database import address_of as url_of
from store.errors import NoTablesError
from store.migrating import step_of

if TYPE_CHECKING:
    from config.settings import Settings


def backup(file: str, *, force: bool) -> int:
    """Write a backup; return the exit code."""
    return with_settings(partial(_backup, file, force=force))


async def _backup(file: str, settings: Settings, *, force: bool) -> int:
    url = url_of(address_of(settings))
    if url.get_backend_name() != "sqlite":
        say(by_hand("pg_dump --format=custom", url, file))
        return complain(
            "PostgreSQL makes its backups by itself: the line above does it (it asks for the password)", FAILED
        )
    if await asyncio.to_thread(step_of, url) is None:
        raise NoTablesError
    size = await asyncio.to_thread(back_up, Path(url.database or ""), Path(file), overwrite=force)
    say(f"{file} is written: {size / 1e6:.1f} MB, checked. Keep it where only you can read it.")
    return 0


def by_hand(command: str, url: URL, file: str) -> str:
    """Return the line that backs a PostgreSQL database up, or puts it back; without the password."""
    query = {name: value for name, value in url.query.items() if "pass" not in name}
    public = str(URL.create("postgresql", url.username, None, url.host, url.port, url.database, query))
    option = f"--file={shlex.quote(file)}" if command.startswith("pg_dump") else shlex.quote(file)
    return f"{command} --dbname={shlex.quote(public)} {option}"

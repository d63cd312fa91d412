"""What a command on the store begins with: settings, an open database, and one line for whatever is in the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from bot.data_folder import DataFolderError, made
from bot.starting import FAILED, INTERRUPTED, WRONG_SETTINGS, address_of, complain, prepare_log
from config.settings import Settings, SettingsError, read_settings
from store.database import address_of as url_of
from store.database import database
from store.errors import NoTablesError, StoreError
from store.migrating import check_up_to_date

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from store.database import Database


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a command works with."""

    settings: Settings
    database: Database


def with_settings(work: Callable[[Settings], Coroutine[None, None, int]]) -> int:
    """Do something with the operator's settings; return the exit code, of what went wrong too."""
    try:
        settings = read_settings()
    except SettingsError as exc:
        return complain(str(exc), WRONG_SETTINGS)
    # The log would stand between the lines of the answer.
    prepare_log(settings.model_copy(update={"log_level": "error"}))
    try:
        return asyncio.run(work(settings))
    except (StoreError, DataFolderError) as exc:
        return complain(str(exc), FAILED)
    except SettingsError as exc:  # of a file that a setting names
        return complain(str(exc), WRONG_SETTINGS)
    except DBAPIError as exc:
        return complain(reason_of(exc), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED


def with_store(work: Callable[[AtHand], Awaitable[int]], *, makes: bool = False) -> int:
    """Do something with the open database; return the exit code, of what went wrong too.

    Args:
        work: Returns an exit code.
        makes: Whether to make the database where there is none and bring it up to date. Without it the tables are
            left alone: the bot may be running on them.
    """

    async def opened(settings: Settings) -> int:
        async with database(address_of(settings), migrates=makes) as store:
            return await work(AtHand(settings, store))

    return with_settings(opened)


def with_store_made(work: Callable[[AtHand], Awaitable[int]]) -> int:
    """Do something with the open database, made where there is none; tables that are older are left alone.

    Where there is none, no bot runs on it, so that nothing is changed under anybody.
    """

    async def opened(settings: Settings) -> int:
        address = address_of(settings)
        try:
            await asyncio.to_thread(check_up_to_date, url_of(address))
            makes = False
        except NoTablesError:
            made(settings.data_dir)
            makes = True
        async with database(address, migrates=makes) as store:
            return await work(AtHand(settings, store))

    return with_settings(opened)


def reason_of(error: DBAPIError) -> str:
    """Return in one line why a database refuses; neither statement nor password are in it."""
    said = " ".join(str(error.orig).split())
    if "locked" in said:
        return "the database is in use by another process that writes; try again in a moment"
    return f"the database cannot be used: {said}"

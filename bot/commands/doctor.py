"""``onrecord doctor``: what is not as it should be, each with what to do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import DBAPIError

from bot.commands.at_hand import reason_of, with_settings
from bot.commands.source_lines import lasting, name_of, trouble
from bot.data_folder import holder_of
from bot.heartbeat import health
from bot.starting import FAILED, address_of, say, utc_now, variables
from bot.terminal import LOCAL
from config.settings import unknown_variables
from handlers.wording import counted
from store.database import address_of as url_of
from store.database import database
from store.errors import StoreError
from store.migrating import newest_step
from store.outbox import Outbox
from store.restores import Restores
from store.soundness import Soundness
from store.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from config.settings import Settings

PATIENCE = timedelta(minutes=15)
"""A message that is due waits for its turn in a full chat; longer, and it is stuck."""
CLOCK_SLACK = timedelta(minutes=5)
LEAST_FREE = 500_000_000
"""Bytes; and at least as much as the database has, for a backup beside it."""
MOST_SOURCES = 10
"""Sources in trouble that are named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: What is so.
        to_do: What to do about it; None where it is well.
    """

    what: str
    to_do: str | None = None


def doctor() -> int:
    """Print what was found; return the exit code: 1 when something needs doing."""
    return with_settings(_doctor)


async def _doctor(settings: Settings) -> int:
    findings = [*of_settings(settings), *of_folder(settings, utc_now()), *of_machine(settings)]
    findings += await of_database(settings)
    for each in findings:
        say(f"ok    {each.what}" if each.to_do is None else f"TODO  {each.what}\n      → {each.to_do}")
    to_do = sum(each.to_do is not None for each in findings)
    say(f"{counted(to_do, 'thing')} to do." if to_do else "All is well.")
    return FAILED if to_do else 0


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of the settings; no secret is shown."""
    unknown = unknown_variables(variables())
    for name, meant in unknown:
        yield Finding(f"setting {name} means nothing", f"write {meant}, or take it out" if meant else "take it out")
    if not unknown:
        yield Finding("settings: all are known")
    told = [
        f"{platform} {'is set' if token is not None else 'is not set'}"
        for platform, token in (("Telegram", settings.telegram_token), ("Slack", settings.slack_bot_token))
    ]
    how = (
        None
        if settings.has_platform
        else "put a token into .env (README.md, “Run it”); without one it is a demonstration"
    )
    yield Finding(f"tokens: {', '.join(told)}", how)
    if not settings.contact and settings.has_platform:
        yield Finding("sites that are read cannot reach you", "set ONRECORD_CONTACT to an address or a page of yours")


def of_folder(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield who holds the data folder, and whether they are well."""
    holder = holder_of(settings.data_dir)
    if holder is None:
        yield Finding(f"data folder {settings.data_dir}: nobody holds it, so the bot is not running")
        return
    is_well, line = health(settings.data_dir, now)
    yield Finding(
        f"data folder {settings.data_dir}: held by {holder}; {line}",
        None if is_well else "a short command may hold it; if it is the bot, look into its log and start it again",
    )


def of_machine(settings: Settings) -> Iterator[Finding]:
    """Yield what is said of the disk and of the time zones."""
    url = url_of(address_of(settings))
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else settings.data_dir
    folder = next((each for each in (file.parent, *file.parent.parents) if each.exists()), Path())
    free, size = shutil.disk_usage(folder).free, file.stat().st_size if file.is_file() else 0
    enough = free >= max(LEAST_FREE, size)
    room = f"disk: {in_bytes(free)} free, the database has {in_bytes(size)}"
    yield Finding(room, None if enough else f"make room on the disk of {folder.resolve()}, or move ONRECORD_DATA_DIR")
    try:
        ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        yield Finding("time zones: this machine knows none", "install the system's tzdata package")
    else:
        yield Finding("time zones: known")


def in_bytes(size: int) -> str:
    """Return a size as people say it: "12 MB", "1.5 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"  # noqa: PLR2004 - a GB


async def of_database(settings: Settings) -> list[Finding]:
    """Return what is said of the database; where it cannot be opened, why."""
    now = utc_now()
    try:
        async with database(address_of(settings), migrates=False) as store, store.reading() as db:
            found = [await _whole(db), await _searchable(db), await _clock(db, now), await _operated(db)]
            return [*found, *await _read(db, now), *await _sent(db, now)]
    except StoreError as exc:
        return [Finding("database: not to be used as it is", str(exc))]
    except DBAPIError as exc:
        return [Finding("database: cannot be read", f"{reason_of(exc)} (see ONRECORD_DATABASE_URL)")]


async def _whole(db: AsyncConnection) -> Finding:
    damage = await Soundness().damage(db)
    if damage is None:
        return Finding(f"database: whole and up to date ({db.dialect.name}, revision {newest_step()})")
    return Finding(f"database: damaged: {damage}", "stop the bot, copy the data folder, then onrecord restore a backup")


async def _searchable(db: AsyncConnection) -> Finding:
    stale = await Soundness().stale_indexes(db)
    if not stale:
        return Finding("full text: in step with what is kept")
    return Finding(f"full text: not in step with {', '.join(stale)}", "stop the bot and say onrecord migrate --rebuild")


async def _clock(db: AsyncConnection, now: datetime) -> Finding:
    """Compare the clock with what was stored; nobody outside is asked."""
    newest = await Soundness().newest_time(db)
    if newest is not None and newest > now + CLOCK_SLACK:
        told = f"clock: it says {now:%Y-%m-%d %H:%M} UTC, but something was stored at {newest:%Y-%m-%d %H:%M} UTC"
        return Finding(told, "set this machine's clock; let it be kept by NTP")
    return Finding(f"clock: {now:%Y-%m-%d %H:%M} UTC, not before anything that was stored")


async def _operated(db: AsyncConnection) -> Finding:
    if await Soundness().has_operator(db):
        return Finding("operator: there is one")
    return Finding("operator: there is none", "start the bot, and open the link (or write the code) that it shows")


async def _read(db: AsyncConnection, now: datetime) -> list[Finding]:
    sources = await Sources().all(db, str(LOCAL))
    lost = [one for one in sources if one.unreached and one.paused_reason is None]
    wrong = [(one, what) for one in sources if one not in lost and (what := trouble(one, now)) is not None]
    found = [
        Finding(
            f"line: {counted(len(lost), 'source')} cannot be reached, and no other answered since",
            "see that this machine reaches the web (connection, name server, ONRECORD_PROXY); "
            "sources are read again by themselves once one answers",
        )
    ] * bool(lost)
    found += [Finding(f"source {one.source_id}, {name_of(one)}", what) for one, what in wrong[:MOST_SOURCES]]
    if len(wrong) > MOST_SOURCES:
        more = counted(len(wrong) - MOST_SOURCES, "more source")
        found.append(Finding(f"{more} in trouble", "onrecord sources list --trouble"))
    return found or [Finding(f"sources: {counted(len(sources), 'source')}, none in trouble")]


async def _sent(db: AsyncConnection, now: datetime) -> list[Finding]:
    waiting = await Soundness().waiting(db, now=now, patience=PATIENCE)
    held, since = await Outbox().count_held(db), await Restores().undecided(db)
    found = []
    if since is not None or held:
        found.append(
            Finding(f"outbox: {counted(held, 'message')} held after a restore", "onrecord outbox release or drop")
        )
    if waiting.late or waiting.in_mid_send:
        told = (
            f"outbox: {counted(waiting.late + waiting.in_mid_send, 'message')} due for longer than {lasting(PATIENCE)}"
        )
        found.append(Finding(told, "see that the bot runs and reaches the platform: its log says why"))
    if waiting.paused:
        told = f"channels: nothing can be posted in {waiting.paused} of them"
        found.append(Finding(told, "let the bot post there again, or remove it; its log says why"))
    return found or [Finding("outbox: nothing is stuck or held")]

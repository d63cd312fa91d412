"""``onrecord run``: the process around the bot: settings, log, data folder, signals, exit codes."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import structlog

from bot.app import running
from bot.bells import Bells
from bot.chat import BEGIN, Chat
from bot.data_folder import DataFolderError, claimed
from bot.demo import HOW_TO_GO_ON, demonstrate, demonstration
from bot.heartbeat import Heartbeat, health
from bot.parts import opened
from bot.sending import NotLetInError
from bot.starting import FAILED, INTERRUPTED, WRONG_SETTINGS, complain, prepare_log, say, utc_now
from config.settings import Settings, SettingsError, read_settings
from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Coroutine

log = structlog.get_logger("bot.run")


def run() -> int:
    """Run until told to stop; return the exit code."""
    try:
        settings = read_settings()
    except SettingsError as exc:
        return complain(str(exc), WRONG_SETTINGS)
    prepare_log(settings)
    try:
        with claimed(settings.data_dir, utc_now()) as folder:
            heartbeat = Heartbeat(folder, utc_now)
            if settings.has_platform:
                return asyncio.run(stoppable(serve(settings, heartbeat), settings.stop_seconds))
            return demonstrate(settings, heartbeat, lambda work: asyncio.run(stoppable(work, settings.stop_seconds)))
    except (DataFolderError, StoreError) as exc:
        return complain(str(exc), FAILED)
    except SettingsError as exc:  # of a file that a setting names
        return complain(str(exc), WRONG_SETTINGS)
    except KeyboardInterrupt:  # at a terminal, while the demonstration opens
        return INTERRUPTED


def chat() -> int:
    """Chat at this terminal, with what is stored or, where nothing is, with the samples; return the exit code."""
    try:
        settings = read_settings()
    except SettingsError as exc:
        return complain(str(exc), WRONG_SETTINGS)
    # The log would stand between the answers; what fails is said there.
    prepare_log(settings.model_copy(update={"log_level": "error"}))
    is_set_up = settings.database_url is not None or (settings.data_dir / "onrecord.db").exists()
    parts = opened(settings, Bells(), now=utc_now, is_open=True) if is_set_up else demonstration(settings)
    try:
        with asyncio.Runner() as runner, Chat(runner, parts) as local:
            local.say(*(() if is_set_up else HOW_TO_GO_ON), BEGIN)
            return local.talk()
    except StoreError as exc:
        return complain(str(exc), FAILED)
    except SettingsError as exc:  # of a file that a setting names
        return complain(str(exc), WRONG_SETTINGS)
    except KeyboardInterrupt:
        return INTERRUPTED


def report_health() -> int:
    """Print whether the bot of this data folder is well; return the exit code."""
    try:
        settings = read_settings()
    except SettingsError as exc:
        return complain(str(exc), WRONG_SETTINGS)
    is_well, line = health(settings.data_dir, utc_now())
    say(line)
    return 0 if is_well else FAILED


async def serve(settings: Settings, heartbeat: Heartbeat) -> int:
    """Run the bot until cancelled; return the exit code where it ends by itself."""
    refused: list[str] = []
    try:
        async with running(settings, now=utc_now, say=say, heartbeat=heartbeat) as app:
            await app.run()
    except* NotLetInError as group:
        refused = [str(each) for each in leaves(group)]
    return complain("; ".join(refused), FAILED) if refused else 0


async def stoppable(work: Coroutine[Any, Any, int], patience: float) -> int:
    """Do something until it ends or SIGTERM or SIGINT comes; return the exit code.

    Args:
        work: Ended by cancelling it; returns an exit code.
        patience: Seconds that a stop may take: then the process ends as it is. What is queued is safe.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)

    def stop(number: signal.Signals) -> None:
        if task.cancelling():
            _end(number.name)  # who asks twice means it
        log.info("stopping", signal=number.name, seconds=patience)
        task.cancel()
        loop.call_later(patience, _end, "patience")

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        log.info("stopped")
        return 0


def _end(reason: str) -> None:
    log.warning("stopped_at_once", reason=reason)
    os._exit(FAILED)


def leaves(group: BaseExceptionGroup[Any]) -> list[BaseException]:
    """Return the errors in a group, of groups within it too."""
    found: list[BaseException] = []
    for each in group.exceptions:
        found += leaves(each) if isinstance(each, BaseExceptionGroup) else [each]
    return found

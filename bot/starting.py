"""How every command that has settings begins and complains: settings read, log set up, one line for what is wrong."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from dotenv import dotenv_values
from pydantic import SecretStr

from bot.harmless import harmless
from bot.log import set_up_log
from config.settings import Settings, unknown_variables

if TYPE_CHECKING:
    from collections.abc import Iterable

log = structlog.get_logger("bot.run")

FAILED = 1
"""Exit code: it cannot run here and now."""
WRONG_SETTINGS = 2
"""Exit code: a setting cannot be used."""
INTERRUPTED = 130
"""Exit code: Ctrl-C before there was anything to end; what shells expect."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def prepare_log(settings: Settings) -> None:
    """Set the log up, and warn of settings that mean nothing."""
    set_up_log(form=settings.log_format, level=settings.log_level, secrets=secrets_of(settings))
    for name, meant in unknown_variables(variables()):
        log.warning("setting_unknown", name=name, meant=meant or "nothing that is known")


def variables() -> dict[str, str]:
    """Return what settings are read from: lines of ``.env``, and the environment, which goes before them."""
    return {name: value or "" for name, value in dotenv_values(".env").items()} | dict(os.environ)


def secrets_of(settings: Settings) -> list[str]:
    """Return what never may stand in a log: secrets, and the passwords within addresses that are secret."""
    found = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            text = value.get_secret_value()
            found += [text, urlsplit(text).password or ""]
    return sorted({each for each in found if each}, key=len, reverse=True)


def address_of(settings: Settings) -> str:
    """Return the address of the database: as set, else a file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{settings.data_dir / 'onrecord.db'}"


def say(line: str) -> None:
    """Say something to who started the program."""
    sys.stdout.write(harmless(line) + "\n")
    sys.stdout.flush()


def offer(choices: Iterable[str]) -> None:
    """Say on standard error who or what may be meant, each in a line."""
    sys.stderr.writelines(f"  {harmless(each).replace(chr(10), ' ')}\n" for each in choices)


def complain(reason: str, code: int) -> int:
    """Say on standard error, in one line, why it does not run; return the exit code."""
    # Of what a database says the first line is the reason, the rest repeats the statement.
    sys.stderr.write(f"onrecord: {harmless(reason).strip().splitlines()[0] if reason.strip() else 'failed'}\n")
    return code

"""What an operator may set: environment variables with the prefix ``ONRECORD_``, or lines of a ``.env`` file."""

from __future__ import annotations

import difflib
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, FilePath, HttpUrl, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "ONRECORD_"


class SettingsError(Exception):
    """A setting cannot be used; the text says which, and what would do."""


class Settings(BaseSettings):
    """Everything that can be set; the defaults serve one person on one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    telegram_token: SecretStr | None = Field(default=None, description="The token that BotFather gave.")
    telegram_api: HttpUrl = Field(default=HttpUrl("https://api.telegram.org"), description="Another Bot API server.")
    slack_bot_token: SecretStr | None = Field(default=None, description="The bot token, xoxb-…")
    slack_app_token: SecretStr | None = Field(default=None, description="The app-level token for Socket Mode, xapp-…")
    slack_api: HttpUrl = Field(default=HttpUrl("https://slack.com/api/"), description="Another Web API server.")

    data_dir: Path = Field(
        default=Path("data"), description="Where the database lies, unless database_url says otherwise."
    )
    database_url: SecretStr | None = Field(
        default=None, description="sqlite:///… or postgresql://…; may hold a password."
    )
    time_zone: str = Field(default="UTC", description="For chats that did not set their own, as in Europe/Berlin.")
    contact: str = Field(default="", description="How sites reach you, in the User-Agent: an address or a page.")
    proxy: SecretStr | None = Field(
        default=None, description="A proxy for reading the news, http://…; may hold a password."
    )
    allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="Private networks that may be read, as 10.1.2.0/24; divided by commas."
    )
    starters: FilePath | None = Field(
        default=None, description="An OPML file with the feeds that are offered first, instead of ours."
    )
    allowed_names: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Private host names that may be looked up, as news.local; divided by commas."
    )
    poll_seconds: int = Field(default=300, ge=1, description="The shortest time between two looks at one source.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that analyse articles.")
    asked_bar: float | None = Field(default=None, ge=0, le=1, description="Confidence to name a speaker in an answer.")
    pushed_bar: float | None = Field(
        default=None, ge=0, le=1, description="Confidence to name one in an alert or briefing."
    )
    keep_texts_days: int = Field(
        default=30,
        ge=0,
        le=36_500,
        description="How long texts of articles are kept; quotes stay. 0 keeps them for ever.",
    )
    noncommercial: bool = Field(
        default=True, description="Use numbers chosen on data that are free for non-commercial use only."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="How the log on standard error looks."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged."
    )
    stop_seconds: int = Field(default=10, ge=1, le=600, description="How long a stop waits for what is under way.")

    @field_validator(
        "telegram_token", "slack_bot_token", "slack_app_token", "database_url", "proxy", "starters", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        """Take ``NAME=`` in a .env file for a line not filled in."""
        return None if value == "" else value

    @field_validator("allowed_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return [_network(each) for each in _parts(value)] if isinstance(value, str) else value

    @field_validator("allowed_names", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return _parts(value) if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            msg = "no such time zone; names look like Europe/Berlin"
            raise ValueError(msg) from exc
        return value

    @model_validator(mode="after")
    def _slack_needs_both(self) -> Settings:
        if (self.slack_bot_token is None) != (self.slack_app_token is None):
            msg = "Slack needs both ONRECORD_SLACK_BOT_TOKEN (xoxb-…) and ONRECORD_SLACK_APP_TOKEN (xapp-…)"
            raise ValueError(msg)
        return self

    @property
    def has_platform(self) -> bool:
        """Whether a token is set, so that this is no demonstration."""
        return self.telegram_token is not None or self.slack_bot_token is not None

    @property
    def texts_kept(self) -> timedelta | None:
        """How long texts of articles are kept; None for ever."""
        return timedelta(days=self.keep_texts_days) if self.keep_texts_days else None

    @property
    def poll_interval(self) -> timedelta:
        """The shortest time between two looks at one source."""
        return timedelta(seconds=self.poll_seconds)


def _parts(value: str) -> list[str]:
    """Return what is divided by commas."""
    return [part.strip() for part in value.split(",") if part.strip()]


def _network(text: str) -> IPv4Network | IPv6Network:
    """Return a network; what would be one but for its last bits is named, not taken: it lets more be read than it says."""
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        msg = f"{text!r} is no network; did you mean {ip_network(text, strict=False)}?"
    except ValueError:
        msg = f"{text!r} is no network; networks look like 10.1.2.0/24 or fd00::/8"
    raise ValueError(msg)


def read_settings() -> Settings:
    """Return the settings of this environment and its ``.env`` file.

    Raises:
        SettingsError: if a value cannot be used. Never shows a secret's value.
    """
    try:
        return Settings()
    except ValidationError as exc:
        problems = (
            f"{PREFIX}{'_'.join(map(str, error['loc'])).upper()}: {_told(error['msg'])}"
            if error["loc"]
            else _told(error["msg"])
            for error in exc.errors(include_input=False, include_url=False)
        )
        # No "from": the library's own text shows the values, tokens among them.
        raise SettingsError("; ".join(problems)) from None


def unknown_variables(environ: Mapping[str, str]) -> tuple[tuple[str, str | None], ...]:
    """Return variables with our prefix that mean nothing, each with the name that was probably meant.

    pydantic lets a misspelt variable pass without a word.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    return tuple((name, _nearest(name.upper(), known)) for name in unknown)


def _told(message: str) -> str:
    """Return what is wrong without the library's word for the kind of error."""
    return message.removeprefix("Value error, ")


def _nearest(name: str, known: Iterable[str]) -> str | None:
    matches = difflib.get_close_matches(
        name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known], n=1, cutoff=0.7
    )
    return PREFIX + matches[0] if matches else None

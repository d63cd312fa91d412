"""What is set is understood, or refused in one clear line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from config.settings import PREFIX, Settings, SettingsError, read_settings, unknown_variables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment and a folder of their own."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_without_settings_it_is_a_demonstration() -> None:
    """No token, no platform; everything else has a default."""
    settings = read_settings()
    assert not settings.has_platform
    assert settings.poll_interval == timedelta(minutes=5)


def test_a_env_file_is_read(tmp_path: Path) -> None:
    """Lines that are not filled in count as not there."""
    (tmp_path / ".env").write_text("ONRECORD_TELEGRAM_TOKEN=1:abc\nONRECORD_SLACK_BOT_TOKEN=\nONRECORD_PROXY=\n")
    settings = read_settings()
    assert settings.has_platform
    assert settings.slack_bot_token is None
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "1:abc"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIME_ZONE", "Berlin", "ONRECORD_TIME_ZONE: no such time zone; names look like Europe/Berlin"),
        ("TIME_ZONE", "../etc/passwd", "no such time zone"),
        ("WORKERS", "0", "ONRECORD_WORKERS: Input should be greater than or equal to 1"),
        ("SLACK_APP_TOKEN", "xapp-secret", "Slack needs both ONRECORD_SLACK_BOT_TOKEN"),
        (
            "ALLOWED_NETWORKS",
            "10.0.0.0/8,nonsense",
            "ONRECORD_ALLOWED_NETWORKS: 'nonsense' is no network; networks look like 10.1.2.0/24",
        ),
        ("ALLOWED_NETWORKS", "127.0.0.1/8", "'127.0.0.1/8' is no network; did you mean 127.0.0.0/8"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    """The variable is named and what would do is said; a secret is never repeated."""
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=said.replace("(", r"\(")) as refused:
        read_settings()
    assert "xapp-secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_networks_are_divided_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in 10.1.2.0/24, fd00::/8."""
    monkeypatch.setenv("ONRECORD_ALLOWED_NETWORKS", "10.1.2.0/24, fd00::/8,")
    assert [str(network) for network in read_settings().allowed_networks] == ["10.1.2.0/24", "fd00::/8"]
    monkeypatch.setenv("ONRECORD_ALLOWED_NAMES", "news.local, wire.lan")
    assert read_settings().allowed_names == ("news.local", "wire.lan")


def test_tokens_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings may get into a log by accident; secrets in them do not."""
    monkeypatch.setenv("ONRECORD_TELEGRAM_TOKEN", "1:very-secret")
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://me:very-secret@db/news")
    assert "very-secret" not in repr(read_settings())


def test_a_misspelt_variable_is_noticed() -> None:
    """With the name that was probably meant, or without a guess."""
    environ = {"ONRECORD_TELEGRAM_TOKE": "x", "ONRECORD_TIME_ZONE": "UTC", "ONRECORD_QQ": "1", "HOME": "/"}
    assert unknown_variables(environ) == (("ONRECORD_QQ", None), ("ONRECORD_TELEGRAM_TOKE", "ONRECORD_TELEGRAM_TOKEN"))

"""The log tells the operator what happened and nothing secret."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from bot.log import set_up_log

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "1234:very-secret"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """The log of the tests themselves comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Return the lines on standard error, each an object."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers stay numbers; the time is UTC."""
    set_up_log(form="json", level="info")
    log = structlog.get_logger("bot.ingest")
    log.info("article_ingested", quotes=12, seconds=0.41, outlet=None)
    log.debug("not_shown")
    (event,) = events(capsys)
    assert (event["event"], event["quotes"], event["outlet"], event["level"]) == ("article_ingested", 12, None, "info")
    assert str(event["timestamp"]).endswith("Z")


def test_a_secret_never_gets_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither in our events, nor in an error's text, nor in what a library says."""
    set_up_log(form="json", level="info", secrets=[TOKEN, ""])
    msg = f"https://api.example.org/bot{TOKEN}/getMe"
    try:
        raise ValueError(msg)  # noqa: TRY301 - its text is what is tested
    except ValueError as exc:
        structlog.get_logger("bot").exception("request_failed", url=msg, cause=exc, args=(1, msg))
        logging.getLogger("httpx").warning("GET %s", msg)
        logging.getLogger("httpx").info("GET, which the library says at every request")
    said = events(capsys)
    assert [event["event"] for event in said] == ["request_failed", "GET https://api.example.org/bot[hidden]/getMe"]
    assert TOKEN not in json.dumps(said)


def test_people_get_lines_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Without colours where standard error is no terminal."""
    set_up_log(form="console", level="info")
    structlog.get_logger("bot").info("started", sources=12)
    assert "started" in (line := capsys.readouterr().err)
    assert "sources=12" in line
    assert "\x1b" not in line

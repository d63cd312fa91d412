"""``onrecord run`` as an operator meets it: what it says, how it stops, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.processes import ended, environment, line_with, started, stopped
from tests.platforms.telegram import TOKEN, TelegramServer

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_demonstration_briefs_and_says_how_to_go_on(tmp_path: Path) -> None:
    """Without a token or a terminal: a briefing of the samples, three lines, and it serves until it is stopped."""
    async with started(tmp_path / "data", environment(tmp_path / "data")) as process:
        assert "parliament approved next year’s budget" in await line_with(process, "budget by a single vote")
        assert "ONRECORD_TELEGRAM_TOKEN" in await line_with(process, "@BotFather")
        async with started(tmp_path / "data", environment(tmp_path / "data"), "health") as asked:
            assert (await ended(asked))[0] == 0
        code, _, log = await stopped(process)
    assert code == 0
    assert "stopped" in log
    assert "Traceback" not in log


async def test_it_stops_when_told_to(tmp_path: Path) -> None:
    """SIGTERM ends it in order, with exit code 0; the token stands nowhere, and the health check sees it is gone."""
    env = environment(tmp_path / "data")
    async with TelegramServer() as telegram:
        env = environment(tmp_path / "data", telegram)
        async with started(tmp_path / "data", env) as process:
            claim = await line_with(process, "?start=claim-")
            async with started(tmp_path / "data", env) as second:
                code, _, refusal = await ended(second)
            assert code == 1
            assert f"in use by process {process.pid}" in refusal.splitlines()[-1]
            code, out, log = await stopped(process)
    assert code == 0
    assert "Traceback" not in log
    assert TOKEN not in claim + out + log
    async with started(tmp_path / "data", env, "health") as asked:
        code, line, _ = await ended(asked)
    assert code == 1
    assert line.startswith("not running")


async def test_a_wrong_token_is_one_line(tmp_path: Path) -> None:
    """Telegram does not know the token: that is said, with what to do, and it ends."""
    folder = tmp_path / "data"
    async with TelegramServer(token="1:another") as telegram, started(folder, environment(folder, telegram)) as process:
        code, _, log = await ended(process, 30)
    assert code == 1
    assert log.splitlines()[-1].startswith("onrecord: Telegram does not know this token")


async def test_a_setting_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    """The name of the setting and what is wrong with it, exit code 2."""
    env = environment(tmp_path / "data") | {"ONRECORD_WORKERS": "none"}
    async with started(tmp_path / "data", env) as process:
        code, _, said = await ended(process)
    assert code == 2
    assert said.startswith("onrecord: ONRECORD_WORKERS: ")
    assert len(said.splitlines()) == 1


async def test_a_setting_that_means_nothing_is_warned_about(tmp_path: Path) -> None:
    """A slip in a name would else go unnoticed: the one that was probably meant is named."""
    (tmp_path / ".env").write_text("ONRECORD_TELEGRAM_TOKNE=\n")
    async with started(tmp_path / "data", environment(tmp_path / "data")) as process:
        await line_with(process, "@BotFather")
        _, _, log = await stopped(process)
    assert "ONRECORD_TELEGRAM_TOKEN" in log

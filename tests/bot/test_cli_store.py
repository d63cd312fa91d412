"""The commands on what is kept, as an operator types them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.commands.at_hand import AtHand
from bot.commands.summary import show_summary
from config.settings import Settings
from store.articles import Articles
from store.database import database
from tests.handlers.pages import DAM, NOW, analysis_of

if TYPE_CHECKING:
    from pathlib import Path

    from store.database import Database


def onrecord(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with a data folder and nothing else set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    env = kept | {"ONRECORD_DATA_DIR": str(folder), **variables}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, env=env, cwd=folder.parent, text=True)


async def kept(
    store: Database, text: str = DAM, url: str = "https://post.example/dam", owner: str | None = None
) -> int:
    """Keep an article; return its number."""
    async with store.writing() as db:
        saved = await Articles().save(db, analysis_of(text, url=url), owner_channel=owner, seen_at=NOW)
    return saved.article_id


@pytest.fixture
def at_hand(opened: Database, tmp_path: Path) -> AtHand:
    """Return what a command on an open database works with."""
    return AtHand(Settings(_env_file=None, data_dir=tmp_path), opened)  # type: ignore[call-arg] # pydantic reads it


async def test_a_kept_article_is_shown_by_number_and_by_any_form_of_its_address(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str]
) -> None:
    """As chat shows it, without buttons."""
    number = await kept(at_hand.database)
    for written in (str(number), "https://post.example/dam?utm_source=x"):
        assert await show_summary(written, at_hand) == 0
        shown = capsys.readouterr().out
        assert shown.startswith("Dam at Vessin holds through the night\n")
        assert "> “The dam held because the rain stopped at midnight”" in shown
        assert "/all" not in shown


async def test_what_was_pasted_in_a_chat_is_not_shown_at_the_terminal(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str]
) -> None:
    """A private page is found by nobody else, the operator at the terminal included."""
    number = await kept(at_hand.database, owner="telegram:7")
    assert await show_summary(str(number), at_hand) == 1
    assert capsys.readouterr().err.startswith(f"onrecord: {number}: not read yet")


@pytest.mark.parametrize("command", ["summary 1"])
def test_where_no_database_is_yet_that_is_one_line(tmp_path: Path, command: str) -> None:
    """And none is made."""
    done = onrecord(tmp_path, *command.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "onrecord: there is no database yet: onrecord run makes it\n"
    assert not (tmp_path / "onrecord.db").exists()


async def test_migrate_says_from_where_to_where(tmp_path: Path) -> None:
    """Made first, then up to date."""
    assert onrecord(tmp_path, "migrate").stdout.startswith("The database is made, at revision ")
    assert onrecord(tmp_path, "migrate").stdout.startswith("The database is up to date, at revision ")
    async with database(f"sqlite:///{tmp_path / 'onrecord.db'}", migrates=False):
        pass

"""Commands with what nobody means to give them: each is one line and an exit code, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.command_line import since
from bot.commands.source_lists import MAX_BYTES, export_list
from bot.starting import offer
from handlers.since import LONGEST_SINCE

LIST = b'<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'


def typed(folder: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which ``$ONRECORD`` is the command; the data folder is ``folder``/data."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    env = kept | {"ONRECORD_DATA_DIR": str(folder / "data"), "ONRECORD": f"{sys.executable} -m bot"} | variables
    shell = ["/bin/sh", "-c", line]
    return subprocess.run(shell, env=env, cwd=folder, capture_output=True, check=False, timeout=60, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a database in which there is one source."""
    made = tmp_path_factory.mktemp("odd")
    (made / "list.opml").write_bytes(LIST)
    assert typed(made, "$ONRECORD sources import list.opml").returncode == 0
    return made


@pytest.mark.parametrize(
    "line",
    [
        "sources remove 99999999999999999999",
        "sources pause 0",
        "ingest --source 99999999999999999999",
        "undo 99999999999999999999",
    ],
)
def test_a_number_that_none_can_be_is_wrong_usage(folder: Path, line: str) -> None:
    """No database takes it, so it is refused before one is asked."""
    done = typed(folder, f"$ONRECORD {line}")
    assert (done.returncode, "Invalid value for" in done.stderr) == (2, True)


def test_a_time_before_the_calendar_goes_back_as_far_as_chat_does() -> None:
    """9999 years ago there is no date."""
    assert since("9999y") == LONGEST_SINCE


def test_a_day_is_a_time_to_look_back_to() -> None:
    """As the help says."""
    assert since("2026-09-01") == date(2026, 9, 1)


def test_an_answer_in_a_locale_without_its_marks_is_an_answer(folder: Path) -> None:
    """What was done is done, and says so."""
    assert typed(folder, "$ONRECORD backup kept.db").returncode == 0
    done = typed(folder, "$ONRECORD restore --yes kept.db", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "?onrecord outbox release?" in done.stdout


@pytest.mark.parametrize("line", ["outbox >&-", "migrate >&-", "sources pause 1 >&-"])
def test_a_closed_output_is_one_line(folder: Path, line: str) -> None:
    """As some supervisors start programs."""
    done = typed(folder, f"$ONRECORD {line}")
    assert (done.returncode, done.stderr) == (2, "onrecord: standard output is closed.\n")


def test_a_closed_input_is_an_empty_list(folder: Path) -> None:
    """Not a fault."""
    done = typed(folder, "$ONRECORD sources import - <&-")
    assert done.returncode == 2
    assert done.stderr.startswith("onrecord: standard input: ")


@pytest.mark.parametrize("line", ["sources import list.opml", "add page.txt", "ingest --once", "migrate"])
def test_a_data_folder_that_cannot_be_made_is_one_line(folder: Path, line: str) -> None:
    """The folder is named, and the setting."""
    (folder / "page.txt").write_text("It rains.")
    done = typed(folder, f"$ONRECORD {line}", ONRECORD_DATA_DIR="/dev/null/data")
    said = "onrecord: cannot write to /dev/null/data: Not a directory. Choose another folder with ONRECORD_DATA_DIR.\n"
    assert (done.returncode, done.stderr) == (1, said)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a device without an end")
def test_a_list_without_an_end_is_refused(folder: Path) -> None:
    """It is read no further than lists are long."""
    done = typed(folder, f"ulimit -v {MAX_BYTES // 1024 + 2_000_000}; $ONRECORD sources import /dev/zero")
    assert done.returncode == 2
    assert done.stderr.startswith("onrecord: /dev/zero: ")


def test_a_list_is_written_over_only_when_told_to(folder: Path) -> None:
    """Who meant "import" keeps the list that they have; with passwords it is for its owner's eyes."""
    path = folder / "mine.opml"
    path.write_bytes(b"mine")
    done = typed(folder, "$ONRECORD sources export mine.opml")
    assert (done.returncode, done.stderr) == (2, "onrecord: mine.opml exists already; --force writes over it\n")
    assert path.read_bytes() == b"mine"
    assert export_list(str(path), with_passwords=True, force=False) == 2
    assert typed(folder, "$ONRECORD sources export --force --with-passwords mine.opml").returncode == 0
    assert b"https://a.example/feed" in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert typed(folder, "$ONRECORD sources export /dev/stdout").stdout.startswith("<?xml")
    assert not list(folder.glob(".*.new"))


def test_who_may_be_meant_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """Chats are called what their members like."""
    offer(["a\x1b[2Jb\nc  (chat)"])
    assert capsys.readouterr().err == "  a [2Jb c  (chat)\n"


@pytest.mark.parametrize("line", ["run", "chat", "ingest --once"])
def test_starter_feeds_that_are_no_list_are_a_setting_that_cannot_be_used(folder: Path, line: str) -> None:
    """Said at the start, not to the first who taps "Add starter feeds"."""
    (folder / "starters.opml").write_text("no list")
    said = typed(folder, f"$ONRECORD {line}", ONRECORD_STARTERS="starters.opml", ONRECORD_TELEGRAM_TOKEN="1:a")
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1].startswith("onrecord: ONRECORD_STARTERS: starters.opml: ")


@pytest.mark.parametrize("command", ["brief", "add"])
def test_a_password_in_an_address_stands_in_no_complaint(folder: Path, command: str) -> None:
    """Complaints go into logs and mails."""
    done = typed(folder, f"$ONRECORD {command} http://ana:secret@127.0.0.1:9/page")
    assert (done.returncode, "secret" in done.stderr) == (2, False)
    assert "onrecord: http://127.0.0.1:9/page: the address is private" in done.stderr


def test_a_name_of_two_words_is_put_in_quotation_marks(folder: Path) -> None:
    """Who leaves them out is told so."""
    for command in ("quotes", "speakers"):
        done = typed(folder, f"$ONRECORD {command} Konrad Vos")
        assert done.returncode == 2
        assert 'put the name in quotation marks: "Konrad Vos"' in done.stderr


def test_a_private_address_names_the_setting(folder: Path) -> None:
    """Looking around the site would be refused as well."""
    for command in ("sources add", "add", "brief"):
        done = typed(folder, f"$ONRECORD {command} http://127.0.0.1:9/feed")
        assert "the address is private; ONRECORD_ALLOWED_NETWORKS" in done.stderr
        assert "discover" not in done.stderr


def test_a_backup_that_is_not_there_makes_nothing(folder: Path) -> None:
    """No folder, no lock in it."""
    done = typed(folder, "$ONRECORD restore no.db", ONRECORD_DATA_DIR=str(folder / "none"))
    assert (done.returncode, done.stderr) == (1, "onrecord: no.db: no such file\n")
    assert not (folder / "none").exists()
    done = typed(folder, "$ONRECORD restore . --yes", ONRECORD_DATA_DIR=str(folder / "none"))
    assert (done.returncode, done.stderr) == (1, "onrecord: .: is no file\n")


def test_an_article_number_that_is_none_says_so(folder: Path) -> None:
    """No page can be fetched by it."""
    done = typed(folder, "$ONRECORD summary 999")
    assert (done.returncode, done.stderr) == (1, "onrecord: there is no article of number 999\n")

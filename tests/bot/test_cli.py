"""The command line, as a person or a script uses it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[2] / "config" / "samples"
WIRE = SAMPLES / "reservoir-wire.txt"


def onrecord(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end."""
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)


def test_a_page_is_briefed() -> None:
    """Title, three sentences, who said what; nothing on standard error."""
    done = onrecord("brief", WIRE)
    out = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert out.startswith("Veskaria to lower reservoir after cracks found in dam wall\n")
    assert out.count("\n• ") == 3
    assert "Ottoline Feher\n> “The cracks are thin, they are dry and they are not growing”\n" in out


def test_standard_input_takes_a_pasted_page_or_html() -> None:
    """What it is, is seen by itself."""
    for name in ("reservoir-wire.txt", "budget-gazette.html"):
        page = (SAMPLES / name).read_bytes()
        assert onrecord("brief", "-", stdin=page).stdout == onrecord("brief", SAMPLES / name).stdout


def test_json_says_everything_in_one_line_a_page() -> None:
    """Several pages are several lines."""
    done = onrecord("brief", "--format", "json", "--sentences", "2", "--quotes", "3", *sorted(SAMPLES.iterdir()))
    pages = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(pages) == len(list(SAMPLES.iterdir()))
    for page in pages:
        assert len(page["summary"]) == 2
        assert len(page["key_quotes"]) <= 3
        text = page["text"]
        assert all(text[one["start"] : one["end"]] == one["quote"] for one in page["key_quotes"])
        assert all(one["quote"] in one["sentence"] for one in page["key_quotes"])


def test_markdown_has_a_rule_between_pages() -> None:
    """So that two pages stay two."""
    done = onrecord("brief", "--format", "markdown", WIRE, SAMPLES / "library-notice.txt")
    first, second = done.stdout.decode().split("\n---\n")
    assert first.startswith("# Veskaria")
    assert second.startswith("\n# Tolmark library")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["gone.txt"], 2, "onrecord: gone.txt: no such file.\n"),
        ([str(SAMPLES)], 2, f"onrecord: {SAMPLES}: a folder, not a file.\n"),
        ([os.devnull], 1, f"onrecord: {os.devnull}: empty.\n"),
        ([sys.executable], 1, f"onrecord: {sys.executable}: not text (binary data).\n"),
        (["-"], 1, "onrecord: standard input: empty.\n"),
    ],
)
def test_what_cannot_be_read_is_one_line(arguments: list[str], code: int, complaint: str) -> None:
    """The program does not fall over a file."""
    done = onrecord("brief", *arguments)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (code, b"", complaint)


def test_a_page_without_an_article_is_1_and_the_others_are_told(tmp_path: Path) -> None:
    """The exit code is the worst of all."""
    menu = tmp_path / "menu.txt"
    menu.write_text("Home\nNews\nSport\n")
    done = onrecord("brief", menu, WIRE)
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"onrecord: {menu}: No article was found")
    assert done.stdout.startswith(b"Veskaria")


@pytest.mark.parametrize(
    "arguments",
    [
        ["brief"],
        ["brief", "--format", "xml", "x"],
        ["brief", "--method", "magic", "x"],
        ["brief", "--sentences", "0", "x"],
        ["extract"],
        ["extract", "--jsonl", "--attribution-bar", "1.5"],
        ["extract", "--jsonl", "--attribution-bar", "high"],
        ["extract", "--jsonl", "--attribution-bar", "nan"],
        ["stories", "--format", "xml"],
        ["stories", "--since", "soon"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_2_and_says_what_is_right(arguments: list[str]) -> None:
    """On standard error, nothing on standard output."""
    done = onrecord(*arguments)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Error: " in done.stderr or b"Usage: " in done.stderr


def test_commercial_leaves_out_what_was_chosen_on_noncommercial_data() -> None:
    """A German title that only an addition tells from speech is one quote more without it; the summary may differ."""
    text = "Das Projekt „Neue Mitte“ begann am Montag. „Der Damm hat gehalten“, sagte die Ministerin Ida Roth am Abend in Kiel."
    line = json.dumps({"id": 1, "text": text}).encode()
    shipped, without = (
        [one["quote"] for one in json.loads(onrecord("extract", "--jsonl", *more, stdin=line).stdout)["quotes"]]
        for more in ((), ("--commercial",))
    )
    assert set(shipped) <= set(without)
    assert onrecord("brief", "--commercial", WIRE).returncode == 0


def test_extract_is_a_filter() -> None:
    """Lines in, lines out, for pipes."""
    lines = b'{"id": 1, "text": "It rains."}\n\n{"id": 2, "text": "It snows."}\n'
    done = onrecord("extract", "--jsonl", "--attribution-bar", "0", stdin=lines)
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert done.stderr == b""


def test_a_reader_that_goes_away_early_is_no_error(tmp_path: Path) -> None:
    """As with "| head -1"."""
    corpus = tmp_path / "corpus.jsonl"
    line = json.dumps({"id": 1, "text": "It rains in Ost and it snows in Grell. " * 50})
    corpus.write_text(f"{line}\n" * 100)
    command = [sys.executable, "-m", "bot", "extract", "--jsonl"]
    pipe = subprocess.PIPE
    with corpus.open() as lines, subprocess.Popen(command, stdin=lines, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    """Half a corpus must not look like a whole one."""
    command = [sys.executable, "-m", "bot", "extract", "--jsonl"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, input=b'{"id": 1, "text": "It rains."}\n', stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "onrecord: reading or writing failed (No space left on device).\n"


@pytest.mark.parametrize(
    ("command", "code", "complaint"),
    [
        ("brief - <&-", 1, "onrecord: standard input: empty.\n"),
        ("extract --jsonl <&-", 0, ""),
        ("brief $WIRE >&-", 2, "onrecord: standard output is closed.\n"),
    ],
)
def test_streams_that_are_closed_are_one_line_at_most(command: str, code: int, complaint: str) -> None:
    """As cron and some supervisors start programs."""
    environment = {**os.environ, "WIRE": str(WIRE), "PYTHON": sys.executable}
    shell = ["/bin/sh", "-c", f'"$PYTHON" -m bot {command}']
    done = subprocess.run(shell, env=environment, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.decode()) == (code, complaint)


def test_a_complaint_is_one_line_whatever_a_file_is_called(tmp_path: Path) -> None:
    """A name out of an archive may hold what a terminal obeys."""
    path = tmp_path / "a\nb\x1b]0;c\x07\u202e\x9bé.txt"
    path.touch()
    complaint = onrecord("brief", path).stderr.decode()
    assert complaint == f"onrecord: {tmp_path}/a\\nb\\x1b]0;c\\x07\\u202e\\x9bé.txt: empty.\n"


def commands(group: TyperGroup, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield what is typed for each command."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, *path, name)
        yield (*path, name)


def test_no_help_is_cut_short_or_in_the_words_of_python() -> None:
    """Neither a sentence that ends in dots, nor "<list[str]>", nor a line that a terminal breaks in mid-word."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    for path in ((), *commands(group)):
        shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "80"}).output
        assert "..." not in shown.partition("\n")[2], path
        assert not re.search(r"<\w|\[\[|9999", shown), path
        long = [line for line in shown.splitlines() if len(line) > 80 and not line.startswith("    ")]
        assert not long, path


@pytest.mark.parametrize("written", ["x", "0", "-1", "9" * 30, "1.5"])
def test_what_is_no_number_is_said_in_plain_words(written: str) -> None:
    """Not in those of the library that checks it."""
    done = CliRunner().invoke(app, ["sources", "pause", "--", written])
    assert (done.exit_code, f"'{written}' is no number of those that are listed" in done.output) == (2, True)


@pytest.mark.parametrize("typed", [["quotes"], ["quotes", ""], ["quotes", "--about", " "]])
def test_quotes_of_nobody_about_nothing_are_wrong_usage(typed: list[str]) -> None:
    """A script whose variable is empty is told so."""
    done = CliRunner().invoke(app, typed)
    assert (done.exit_code, "say whose quotes, or --about what" in done.output) == (2, True)


def test_version_and_help() -> None:
    """The help has examples that can be copied."""
    assert onrecord("--version").stdout.decode() == f"onrecord {version('onrecord')}\n"
    for arguments in (["--help"], ["brief", "--help"], ["extract", "--help"], ["stories", "--help"]):
        done = onrecord(*arguments)
        assert done.returncode == 0
        assert b"  onrecord " in done.stdout

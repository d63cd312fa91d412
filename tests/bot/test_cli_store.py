"""The commands on what is kept, as an operator types them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.commands.at_hand import AtHand
from bot.commands.quotes import Asking, show_quotes
from bot.commands.records import Table
from bot.commands.summary import show_summary
from config.settings import Settings
from store.articles import Articles
from store.database import database
from store.speakers import Speakers
from tests.handlers.pages import DAM, HARBOUR, NOW, analysis_of

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


@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_an_article_is_found_by_its_address_without_a_scheme(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str], scheme: str
) -> None:
    """As browsers show addresses."""
    await kept(at_hand.database, url=f"{scheme}://post.example/dam")
    assert await show_summary("post.example/dam", at_hand) == 0
    assert capsys.readouterr().out.startswith("Dam at Vessin holds through the night\n")
    assert await show_summary("post.example/other", at_hand) == 1
    assert capsys.readouterr().err.startswith("onrecord: post.example/other: not read yet")


async def test_what_was_pasted_in_a_chat_is_not_shown_at_the_terminal(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str]
) -> None:
    """A private page is found by nobody else, the operator at the terminal included."""
    number = await kept(at_hand.database, owner="telegram:7")
    assert await show_summary(str(number), at_hand) == 1
    assert capsys.readouterr().err == f"onrecord: there is no article of number {number}\n"


async def test_quotes_are_told_as_in_chat(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """A digest, found by a part of the name."""
    await kept(at_hand.database)
    assert await show_quotes(Asking("vos"), at_hand) == 0
    assert "> “We will rebuild the gates before winter”" in capsys.readouterr().out


async def test_a_speaker_is_asked_for_by_number(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """As “onrecord speakers” tells it; what is shown calls them by name."""
    await kept(at_hand.database)
    async with at_hand.database.reading() as db:
        number = (await Speakers().candidates(db, "terminal:local", "Piet Vos"))[0].speaker_id
    assert await show_quotes(Asking(str(number)), at_hand) == 0
    assert "> “We will rebuild the gates before winter”" in capsys.readouterr().out
    assert await show_quotes(Asking(str(number), about="trams"), at_hand) == 1
    assert "Piet Vos" in capsys.readouterr().out


async def test_quotes_are_records_with_their_proof(at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """One object a line; each quote stands in its sentence, that in its paragraph."""
    await kept(at_hand.database)
    await kept(at_hand.database, HARBOUR, "https://harbour.example/fees")
    assert await show_quotes(Asking("Piet Vos", form="json"), at_hand) == 0
    records = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert {each["url"] for each in records} == {"https://post.example/dam", "https://harbour.example/fees"}
    for each in records:
        assert each["speaker"] == "Piet Vos"
        assert each["quote"] in each["sentence"] in each["paragraph"]
        assert each["speaker_mention"] in {"Vos", "Piet Vos", "Mayor Piet Vos"}
        assert (each["private_to"], each["read_at"]) == (None, "2026-09-06T08:00:00+00:00")


async def test_quotes_are_lines_of_a_table(at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """With the same fields."""
    await kept(at_hand.database)
    assert await show_quotes(Asking("Piet Vos", form="csv"), at_hand) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode(), newline="")))
    assert [row["quote"] for row in rows] == ["We will rebuild the gates before winter", "a paper umbrella"]
    assert {row["title"] for row in rows} == {"Dam at Vessin holds through the night"}


@pytest.mark.parametrize("form", ["text", "json", "csv"])
async def test_a_near_spelling_is_said(at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes], form: str) -> None:
    """On standard error, so that what is written stays what it is."""
    await kept(at_hand.database)
    assert await show_quotes(Asking("Ana Prado", form=form), at_hand) == 0
    shown = capsysbinary.readouterr()
    assert shown.err == b"onrecord: showing Ana Pardo for 'Ana Prado'\n"
    assert "The dam held because the rain stopped at midnight" in shown.out.decode()


@pytest.mark.parametrize(
    ("asking", "complaint"),
    [
        (Asking("999"), "there is no speaker of number 999: “onrecord speakers” lists who is known"),
        (Asking("Grimaldi"), "nobody called 'Grimaldi' on the 2 pages read"),
        (Asking("vos"), "'vos' may be Piet Vos (2 quotes), Ida Vos (1 quote): say more of the name"),
        (Asking("Piet Vos", about="trams", form="json"), "no quotes of Piet Vos about 'trams'"),
        (Asking("Piet Vos", since=timedelta(days=1), form="csv"), "no quotes of Piet Vos in the last 24 hours"),
        (Asking("Piet Vos", since=date(2199, 1, 1), form="csv"), "no quotes of Piet Vos since 2199-01-01"),
        (Asking("Piet Vos", outlet="harbour.example"), "no quotes of Piet Vos printed by 'harbour.example'"),
        (Asking(None, about="zinc", form="json"), "no quotes about 'zinc'"),
    ],
)
async def test_nothing_is_one_line_and_exit_code_1(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str], asking: Asking, complaint: str
) -> None:
    """It says what was asked for, or who may be meant."""
    await kept(at_hand.database)
    ida = "Trams in Lenn\n\n“The trams will run on Sunday again,” said Ida Vos, who drives one of them in Lenn."
    await kept(at_hand.database, ida, "https://post.example/trams")
    assert await show_quotes(asking, at_hand) == 1
    assert capsys.readouterr() == ("", f"onrecord: {complaint}\n")


async def test_quotes_can_be_one_outlets(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """By a part of its name, or by its site."""
    await kept(at_hand.database)
    await kept(at_hand.database, HARBOUR, "https://harbour.example/fees")
    assert await show_quotes(Asking("Piet Vos", outlet="harbour.example"), at_hand) == 0
    shown = capsys.readouterr().out
    assert "the quay needs new walls" in shown
    assert "rebuild the gates" not in shown


@pytest.mark.parametrize("form", ["text", "json", "csv"])
async def test_an_outlets_quotes_are_found_where_anothers_are_listed(
    at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    """The same words in several outlets are listed once; asked for one outlet they are shown as it printed them."""
    await kept(at_hand.database)
    await kept(at_hand.database, f"{DAM}\n\nThe harbour is closed.", "https://harbour.example/dam")
    assert await show_quotes(Asking("Piet Vos", outlet="harbour.example", form=form), at_hand) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert "We will rebuild the gates before winter" in shown
    assert "harbour.example" in shown
    assert "post.example" not in shown


def test_a_table_is_no_formula() -> None:
    """A page may print what a spreadsheet would calculate; numbers stay numbers."""
    table = Table(["quote", "confidence"])
    for printed in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"):
        line = table.line({"quote": printed, "confidence": -0.5}).decode()
        assert next(csv.reader(io.StringIO(line, newline=""))) == [f"'{printed}", "-0.5"]
    assert table.line({"quote": "plain"}) == b"plain,\r\n"


@pytest.mark.parametrize("command", ["summary 1", "quotes vos", "stories", "export", "outbox", "backup b.db"])
def test_where_no_database_is_yet_that_is_one_line(tmp_path: Path, command: str) -> None:
    """And none is made."""
    done = onrecord(tmp_path, *command.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == "onrecord: there is no database yet: “onrecord sources add” and “onrecord add” make it, and “onrecord run” once a token is set\n"
    )
    assert not (tmp_path / "onrecord.db").exists()


async def test_migrate_says_from_where_to_where(tmp_path: Path) -> None:
    """Made first, then up to date."""
    assert onrecord(tmp_path, "migrate").stdout.startswith("The database is made, at revision ")
    assert onrecord(tmp_path, "migrate").stdout.startswith("The database is up to date, at revision ")
    async with database(f"sqlite:///{tmp_path / 'onrecord.db'}", migrates=False):
        pass

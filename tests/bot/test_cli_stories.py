"""Stories of what was read, at the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.commands.at_hand import AtHand
from bot.commands.stories import Asking, show_stories
from config.settings import Settings
from store.articles import Articles
from tests.handlers.pages import DAM, HARBOUR, analysis_of

if TYPE_CHECKING:
    from pathlib import Path

    from store.database import Database

DAY = timedelta(days=1)


@pytest.fixture
async def at_hand(opened: Database, tmp_path: Path) -> AtHand:
    """Return what a command on a database works with: one event that two print, the second as a copy, and another."""
    now = datetime.now(UTC)
    pages = (
        (DAM, "dam.example/1", 5),
        (HARBOUR, "harbour.example/fees", 4),
        (DAM + "\n\nMore follows.", "late.example/2", 3),
    )
    articles = Articles()
    for text, address, hours in pages:
        page = analysis_of(
            text, url=f"https://{address}", outlet=address.partition(".")[0], at=now - timedelta(hours=hours)
        )
        async with opened.writing() as db:
            await articles.save(db, page, owner_channel=None, seen_at=now)
    return AtHand(Settings(_env_file=None, data_dir=tmp_path), opened)  # type: ignore[call-arg] # pydantic reads it


async def test_stories_are_told_the_newest_first(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """With who prints them and what is a copy."""
    assert await show_stories(Asking(DAY), at_hand) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("Dam at Vessin holds through the night · 2 articles, 1 copy · ")
    assert "dam.example" in shown[1]
    assert shown[2].endswith(" · a copy")
    assert shown[3].startswith("Harbour fees rise in spring · 1 article · ")


async def test_stories_are_records(at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """One object a story, or a line of a table for each article."""
    assert await show_stories(Asking(DAY, "json"), at_hand) == 0
    records = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [len(each["articles"]) for each in records] == [2, 1]
    first, second = records[0]["articles"]
    assert (first["copy_of"], second["copy_of"]) == (None, first["article_id"])
    assert await show_stories(Asking(DAY, "csv"), at_hand) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode(), newline="")))
    assert [row["story_id"] for row in rows] == [str(records[0]["story_id"])] * 2 + [str(records[1]["story_id"])]


async def test_nothing_printed_is_one_line(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """And exit code 1."""
    assert await show_stories(Asking(timedelta(hours=1)), at_hand) == 1
    assert capsys.readouterr().err == "onrecord: nothing was printed in the last 1 hour\n"

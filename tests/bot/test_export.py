"""Everything that is kept, as it is at one moment, for other programs."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from bot.commands.at_hand import AtHand
from bot.commands.export import Wanted, write_all
from config.settings import Settings
from store.articles import Articles
from store.rows import engine_version
from tests.bot.test_cli_store import kept, onrecord
from tests.handlers.pages import DAM, HARBOUR, NOW

if TYPE_CHECKING:
    from pathlib import Path

    from store.database import Database


@pytest.fixture
def at_hand(opened: Database, tmp_path: Path) -> AtHand:
    """Return what a command on an open database works with."""
    return AtHand(Settings(_env_file=None, data_dir=tmp_path, asked_bar=0.1), opened)  # type: ignore[call-arg] # pydantic reads it


async def exported(
    at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes], **wanted: str
) -> list[dict[str, object]]:
    """Return what is written, line by line."""
    assert await write_all(Wanted(**wanted), at_hand) == 0
    return [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


async def test_articles_and_quotes_with_all_that_is_known_of_them(
    at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Every quote stands in its article's text where it says; who found it is said."""
    await kept(at_hand.database)
    await kept(at_hand.database, HARBOUR, "https://harbour.example/fees")
    lines = await exported(at_hand, capsysbinary)
    articles = {each["article_id"]: each for each in lines if each["record"] == "article"}
    quotes = [each for each in lines if each["record"] == "quote"]
    assert (len(articles), len(quotes)) == (2, 5)
    for quote in quotes:
        article = articles[quote["article_id"]]
        text, start, end = str(article["text"]), int(str(quote["start"])), int(str(quote["end"]))
        assert text[start:end] == quote["quote"]
        assert quote["engine"] == article["engine"] == engine_version()
        assert quote["text_sha256"] == article["text_sha256"]
        assert {"rule", "confidence", "kind", "speaker", "speaker_mention", "published_at", "read_at"} <= quote.keys()


async def test_no_name_stands_below_the_bar(at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The printed words and how sure it was are there all the same."""
    await kept(at_hand.database)
    strict = AtHand(at_hand.settings.model_copy(update={"asked_bar": 1.0}), at_hand.database)
    quotes = await exported(strict, capsysbinary, what="quotes")
    assert {quote["speaker"] for quote in quotes} == {None}
    assert all(quote["confidence"] is not None for quote in quotes)


async def test_private_pages_go_only_to_the_chat_that_is_named(
    at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """With its topics; no other chat's ever."""
    await kept(at_hand.database)
    await kept(at_hand.database, HARBOUR, "https://harbour.example/fees", owner="telegram:-100")
    assert len(await exported(at_hand, capsysbinary, what="articles")) == 1
    assert len(await exported(at_hand, capsysbinary, what="articles", chat="telegram:-100/7")) == 2
    assert len(await exported(at_hand, capsysbinary, what="articles", chat="telegram:-101")) == 1
    quotes = await exported(at_hand, capsysbinary, what="quotes", chat="telegram:-100")
    assert {quote["private_to"] for quote in quotes} == {None, "telegram:-100"}
    assert await write_all(Wanted(chat="here"), at_hand) == 1


async def test_without_its_text_a_quote_is_exported_with_its_paragraph(
    at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What retention leaves."""
    await kept(at_hand.database)
    async with at_hand.database.writing() as db:
        await Articles().drop_texts(db, read_before=NOW.replace(year=2040))
    lines = await exported(at_hand, capsysbinary)
    assert [(each["text"], each["summary"]) for each in lines if each["record"] == "article"] == [(None, [])]
    assert all(str(each["quote"]) in str(each["paragraph"]) for each in lines if each["record"] == "quote")


async def test_a_table_has_the_same_fields(at_hand: AtHand, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Line breaks of a text stay in their cell."""
    await kept(at_hand.database)
    assert await write_all(Wanted("csv", "articles"), at_hand) == 0
    (row,) = csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode(), newline=""))
    assert row["text"] == DAM
    assert row["summary"].count("\n") == 2
    assert await write_all(Wanted("csv", "quotes"), at_hand) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode(), newline="")))
    assert [row["quote"] for row in rows][:1] == ["The dam held because the rain stopped at midnight"]


def test_a_table_holds_one_kind(tmp_path: Path) -> None:
    """Wrong usage is told before anything is opened."""
    done = onrecord(tmp_path, "export", "--format", "csv", "--what", "all")
    assert done.returncode == 2
    assert "--what" in done.stderr

"""``onrecord forget``: exactly one, said before it goes, gone for good."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.commands.at_hand import AtHand
from bot.commands.forget import forget_one
from config.settings import Settings
from store.database import database
from store.delivery_tables import outbox
from store.sources import Sources
from tests.bot.test_cli_store import kept, onrecord
from tests.handlers.dialogue import ANA, PETR, Chat, desk_of, operator
from tests.handlers.pages import HARBOUR, NOW

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from store.database import Database

HOUR: timedelta = NOW.replace(hour=9) - NOW.replace(hour=8)


@pytest.fixture
async def at_hand(opened: Database, tmp_path: Path) -> AtHand:
    """Return what a command works with, on a database with an article."""
    await kept(opened)
    return AtHand(Settings(_env_file=None, data_dir=tmp_path), opened)  # type: ignore[call-arg] # pydantic reads it


class Terminal(io.StringIO):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        """Return that they do."""
        return True


async def test_a_speaker_goes_after_a_yes(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What will go is counted first; anything but a yes leaves it there."""
    monkeypatch.setattr(sys, "stdin", Terminal("no\nyes\n"))
    assert await forget_one("speaker", "piet vos", at_hand, is_sure=False) == 1
    said = capsys.readouterr().out
    assert said.startswith("Speaker Piet Vos (number ")
    assert "2 quotes, 1 speaker, 1 place that names them, 1 text of a page that names them" in said
    assert "Who speaks again later is opened anew." in said
    assert said.endswith("[y/N] Nothing is changed.\n")
    assert await forget_one("speaker", "piet vos", at_hand, is_sure=False) == 0
    assert "Forgotten: 2 quotes, 1 speaker," in capsys.readouterr().out
    assert await forget_one("speaker", "piet vos", at_hand, is_sure=True) == 1
    assert "no speaker is called 'piet vos': “onrecord speakers” lists them" in capsys.readouterr().err


async def test_an_article_goes_by_address_or_number(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """Of whoever it is: a pasted page at the address goes along."""
    await kept(at_hand.database, owner=ANA)
    number = await kept(at_hand.database, HARBOUR, "https://post.example/harbour")
    written = "https://post.example/dam?utm_source=x"
    assert await forget_one("article", written, at_hand, is_sure=True) == 0
    assert "2 articles" in capsys.readouterr().out
    assert await forget_one("article", str(number), at_hand, is_sure=True) == 0
    for gone in (written, str(number), "nonsense"):
        assert await forget_one("article", gone, at_hand, is_sure=True) == 1


async def test_a_source_goes_by_number_address_or_title(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """Two of one title have to be told apart."""
    async with at_hand.database.writing() as db:
        for number in range(3):
            url = f"https://post.example/{number}"
            await Sources().add(db, url, title="Post" if number else "Other", interval=HOUR, at=NOW)
    assert await forget_one("source", "post", at_hand, is_sure=True) == 1
    complaint = capsys.readouterr().err
    assert "  Post (number 2, https://post.example/1)\n" in complaint
    assert "give the number or the address instead" in complaint
    for written in ("2", "https://post.example/2", "other"):
        assert await forget_one("source", written, at_hand, is_sure=True) == 0
    assert await forget_one("source", "other", at_hand, is_sure=True) == 1


async def test_a_forgotten_user_is_a_stranger_again(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """Their next message is answered as a stranger's, and the operator is asked again."""
    desk = desk_of(at_hand.database)
    ana = await operator(desk)
    petr = Chat(desk, PETR, PETR)
    await petr.says("/start", "I have asked its operator to let you in.")
    await ana.says(f"/letin {PETR}")
    await petr.says("/subscribe vos", "On now.")
    assert await forget_one("user", "Petr", at_hand, is_sure=True) == 0
    assert "1 subscription," in capsys.readouterr().out
    await petr.says("/quotes vos", "I have asked its operator to let you in.")
    async with at_hand.database.reading() as db:
        keys = (await db.execute(select(outbox.c.key).where(outbox.c.key.startswith("ask:")))).scalars().all()
    assert keys == [f"ask:{PETR}:{ANA}"]
    assert await forget_one("user", "ana", at_hand, is_sure=True) == 0
    assert "Nobody operates this On Record then" in capsys.readouterr().out
    assert await forget_one("user", "ana", at_hand, is_sure=True) == 1


async def test_a_chat_goes_by_its_address_or_title(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """A topic's address means its chat."""
    await kept(at_hand.database, owner="telegram:-100")
    assert await forget_one("chat", "telegram:-100/7", at_hand, is_sure=True) == 0
    assert capsys.readouterr().out.startswith("Chat telegram:-100: 1 article,")
    assert await forget_one("chat", "Nowhere", at_hand, is_sure=True) == 1
    assert await forget_one("chat", "telegram:-200", at_hand, is_sure=True) == 1
    assert "Chat telegram:-200: there is nothing to forget" in capsys.readouterr().err


async def test_exactly_one_is_said(tmp_path: Path) -> None:
    """Neither none nor two; and nothing goes where nobody can be asked."""
    folder = tmp_path / "data"
    folder.mkdir()
    async with database(f"sqlite:///{folder / 'onrecord.db'}") as store:
        await kept(store)
    for arguments in ((), ("--speaker", "piet vos", "--article", "1"), ("--speaker", " ")):
        refused = onrecord(folder, "forget", *arguments)
        assert refused.returncode == 2
        assert "exactly one of --speaker" in " ".join(refused.stderr.split())
    assert onrecord(folder, "forget", "--speaker", "piet vos").returncode == 1
    assert onrecord(folder, "forget", "--speaker", "piet vos", "-y").returncode == 0
    assert onrecord(folder, "speakers", "vos").returncode == 1

"""The commands about who speaks, as an operator types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.commands.at_hand import AtHand
from bot.commands.speakers import list_speakers, merge_speakers, rename_speaker, undo_change
from config.settings import Settings
from store.database import database
from tests.bot.test_cli_store import kept, onrecord
from tests.handlers.pages import DAM, HARBOUR

if TYPE_CHECKING:
    from pathlib import Path

    from store.database import Database

OTHER = HARBOUR.replace("Piet Vos", "Peter Voss")


@pytest.fixture
async def at_hand(opened: Database, tmp_path: Path) -> AtHand:
    """Return what a command works with, on a database that knows two."""
    at_hand = AtHand(Settings(_env_file=None, data_dir=tmp_path), opened)  # type: ignore[call-arg] # pydantic reads it
    await kept(opened)
    await kept(opened, OTHER, "https://post.example/harbour")
    return at_hand


async def test_speakers_are_listed_with_numbers_forms_and_counts(
    at_hand: AtHand, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those named most, or those a name may mean; who is private to a chat is not."""
    await kept(at_hand.database, DAM.replace("Ana Pardo", "Ida Secret"), "https://post.example/ida", "telegram:7")
    assert await list_speakers(None, 20, at_hand) == 0
    listed = capsys.readouterr().out
    assert "Piet Vos  (number " in listed
    assert "2 quotes on 1 page)  also: Vos" in listed
    assert "Secret" not in listed
    assert await list_speakers("voss", 20, at_hand) == 0
    assert capsys.readouterr().out.startswith("Peter Voss  (number ")
    assert await list_speakers("nobody", 20, at_hand) == 1
    assert await list_speakers("ida secret", 20, at_hand) == 1


async def test_a_merge_is_done_listed_and_undone(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """Each answer says how to go on."""
    assert await merge_speakers("peter voss", "piet vos", at_hand, is_sure=True) == 0
    assert capsys.readouterr().out == "Peter Voss is listed under Piet Vos now. To undo it: onrecord undo 1\n"
    assert await undo_change(None, at_hand) == 0
    assert capsys.readouterr().out.startswith("1  Peter Voss is listed under Piet Vos  (")
    assert await undo_change(1, at_hand) == 0
    assert capsys.readouterr().out == "Undone: Peter Voss is no longer listed under Piet Vos.\n"
    assert await undo_change(None, at_hand) == 1
    assert await undo_change(1, at_hand) == 1
    assert "change 1 was undone before" in capsys.readouterr().err


async def test_a_rename_is_done_and_undone(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """By name or by number."""
    assert await rename_speaker("peter voss", "P. Voss", at_hand, is_sure=True) == 0
    assert capsys.readouterr().out == "Peter Voss is called P. Voss now. To undo it: onrecord undo 1\n"
    assert await rename_speaker("peter voss", "Piet Vos", at_hand, is_sure=True) == 1
    assert "already: merge the two instead" in capsys.readouterr().err


async def test_who_is_not_meant_for_certain_is_listed(at_hand: AtHand, capsys: pytest.CaptureFixture[str]) -> None:
    """With numbers to give instead."""
    await kept(at_hand.database, HARBOUR.replace("Piet Vos", "Eva Vos"), "https://post.example/eva")
    assert await merge_speakers("vos", "peter voss", at_hand, is_sure=True) == 1
    complaint = capsys.readouterr().err
    assert "  Eva Vos  (number " in complaint
    assert "'vos' may be any of these: give the number instead" in complaint
    assert await merge_speakers("peter voss", "no one", at_hand, is_sure=True) == 1
    assert "“onrecord speakers” lists who is" in capsys.readouterr().err


async def test_nothing_is_changed_without_a_yes(tmp_path: Path) -> None:
    """Where nobody can be asked, the command says how to say it."""
    folder = tmp_path / "data"
    folder.mkdir()
    async with database(f"sqlite:///{folder / 'onrecord.db'}") as store:
        await kept(store)
        await kept(store, OTHER, "https://post.example/harbour")
    said = onrecord(folder, "merge", "peter voss", "--into", "piet vos")
    assert said.returncode == 1
    assert said.stdout.endswith("Nothing is changed: say --yes to do it.\n")
    assert onrecord(folder, "merge", "peter voss", "--into", "piet vos", "--yes").returncode == 0
    assert "Peter Voss is listed under Piet Vos" in onrecord(folder, "undo").stdout

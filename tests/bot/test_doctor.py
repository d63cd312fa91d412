"""The doctor names what is wrong, each with what to do, and changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.commands.doctor import Finding, of_database, of_folder, of_machine, of_settings
from bot.data_folder import claimed
from config.settings import Settings
from store.channels import Access, Channels
from store.database import database
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.people import People
from store.restores import Restores
from store.sources import Sources
from tests.bot.test_cli_store import kept, onrecord
from tests.platforms.telegram import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def settings_of(folder: Path, **changes: object) -> Settings:
    """Return settings, whatever stands in this environment."""
    return Settings(_env_file=None, **({"data_dir": folder} | changes))  # type: ignore[arg-type,call-arg] # pydantic reads the words


def to_do(findings: list[Finding]) -> dict[str, str]:
    """Return what needs doing, by the words before the colon."""
    return {each.what.partition(":")[0]: each.to_do for each in findings if each.to_do is not None}


async def test_a_sound_database_needs_nothing_but_an_operator(url: str, tmp_path: Path) -> None:
    """What was made a moment ago, with an article in it."""
    settings = settings_of(tmp_path, database_url=url)
    async with database(url) as store:
        await kept(store)
        assert to_do(await of_database(settings)) == {
            "operator": "start the bot, and open the link (or write the code) that it shows"
        }
        async with store.writing() as db:
            await People().ask(db, "telegram:7", name="Ana", channel="telegram:7", at=NOW)
            await People().add_code(db, "ABCD", made_at=NOW, expires_at=NOW + HOUR)
            assert await People().claim(db, "ABCD", "telegram:7", at=NOW)
        assert to_do(await of_database(settings)) == {}


async def test_what_is_wrong_is_named_with_what_to_do(url: str, tmp_path: Path) -> None:
    """A paused source, messages held and stuck, a channel that takes nothing, a clock that went back."""
    settings = settings_of(tmp_path, database_url=url)
    late = NewItem("telegram:8", {}, 1, "late", 1, NOW - HOUR, NOW + HOUR)
    async with database(url) as store, store.writing() as db:
        await Outbox().add(db, NewItem("telegram:8", {}, 1, "waiting", 1, NOW, NOW + HOUR), now=NOW)
        assert await Restores().begin(db, at=NOW) == 1
        await Outbox().add(db, late, now=NOW + 24 * HOUR)
        await Channels().add(db, "telegram:9", access=Access.ALLOWED, at=NOW)
        await Channels().pause(db, "telegram:9", at=NOW, reason="kicked")
        source, _ = await Sources().add(db, "https://post.example/feed", interval=HOUR, at=NOW)
        await Sources().pause(db, source.source_id, "it is gone (HTTP 410)")
    found = await of_database(settings)
    wrong = to_do(found)
    assert wrong.keys() >= {"outbox", "channels", "clock", f"source {source.source_id}, post.example"}
    assert "sources resume" in wrong[f"source {source.source_id}, post.example"]
    outbox = [each.what for each in found if each.what.startswith("outbox")]
    assert outbox == ["outbox: 1 message held after a restore", "outbox: 1 message due for longer than 15 minutes"]


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TRIGGER quotes_fts_added",
        "INSERT INTO quotes_fts(quotes_fts, rowid, search) SELECT 'delete', quote_id, search FROM quotes LIMIT 1",
    ],
)
async def test_an_index_out_of_step_is_seen_and_mended(tmp_path: Path, harm: str) -> None:
    """A row that search would not find; the command that is named mends it."""
    address = f"sqlite:///{tmp_path / 'onrecord.db'}"
    async with database(address) as store:
        await kept(store)
        async with store.writing() as db:
            await db.execute(text(harm))
    assert (
        to_do(await of_database(settings_of(tmp_path)))["full text"]
        == "stop the bot and say onrecord migrate --rebuild"
    )
    assert "filled anew" in onrecord(tmp_path, "migrate", "--rebuild").stdout
    assert "full text" not in to_do(await of_database(settings_of(tmp_path)))


async def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    """None yet; not one at all; a server that is not there, without its password."""
    assert "“onrecord add” make it" in to_do(await of_database(settings_of(tmp_path)))["database"]
    (tmp_path / "onrecord.db").write_text("a shopping list, long enough to be read as one " * 50)
    assert "not a database" in to_do(await of_database(settings_of(tmp_path)))["database"]
    nowhere = settings_of(tmp_path, database_url="postgresql://ana:secret@127.0.0.1:1/news")
    told = to_do(await of_database(nowhere))["database"]
    assert "refused" in told
    assert "secret" not in told


def test_tokens_are_told_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that means nothing is named with the one that was probably meant."""
    monkeypatch.setenv("ONRECORD_TELEGRAM_TOKNE", TOKEN)
    monkeypatch.chdir(tmp_path)
    found = list(of_settings(settings_of(tmp_path, telegram_token=TOKEN)))
    assert TOKEN not in str(found)
    assert "tokens: Telegram is set, Slack is not set" in {each.what for each in found}
    assert (
        to_do(found)["setting ONRECORD_TELEGRAM_TOKNE means nothing"] == "write ONRECORD_TELEGRAM_TOKEN, or take it out"
    )


def test_who_holds_the_folder_is_told(tmp_path: Path) -> None:
    """Without taking it from them."""
    assert "nobody holds it" in next(of_folder(settings_of(tmp_path), NOW)).what
    with claimed(tmp_path, NOW):
        (held,) = of_folder(settings_of(tmp_path), NOW)
        assert "held by process" in held.what
        assert held.to_do is not None  # no sign of life beside it


def test_the_machine_is_looked_at(tmp_path: Path) -> None:
    """Disk and time zones."""
    assert [each.what.partition(":")[0] for each in of_machine(settings_of(tmp_path / "not" / "yet"))] == [
        "disk",
        "time zones",
    ]


def test_the_exit_code_says_whether_something_is_to_do(tmp_path: Path) -> None:
    """And a setting that cannot be used ends it as it ends every command."""
    done = onrecord(tmp_path, "doctor")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].endswith("to do.")
    assert onrecord(tmp_path, "doctor", ONRECORD_WORKERS="many").returncode == 2

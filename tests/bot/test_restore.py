"""A backup is put back under a bot that went on after it was made: nothing is posted twice."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.commands.restore import put_back
from bot.data_folder import claimed
from handlers.composing import composed
from store.articles import Articles
from store.backups import back_up
from store.database import database
from store.errors import BackupError, NewerDatabaseError
from tests.bot.feeds import news_site
from tests.bot.test_cli_store import kept, onrecord
from tests.bot.whole import Clock, bot, settings_of, shown
from tests.handlers.pages import DAM, HARBOUR
from tests.platforms.telegram import TelegramServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.whole import Bot


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Return a Telegram."""
    async with TelegramServer() as server:
        yield server


def told(telegram: TelegramServer, words: str) -> int:
    """Return how many messages hold these words."""
    return sum(words in each.text for each in telegram.sent_to(7))


async def plans_a_briefing(running: Bot, clock: Clock) -> None:
    """Set up a briefing that is due in two hours."""
    due = (clock.now() + timedelta(hours=2)).time().replace(second=0, microsecond=0)
    async with running.app.parts.database.writing() as db:
        await running.app.parts.desk.schedules.add(
            db,
            "telegram:7",
            days=frozenset(range(7)),
            times=(due,),
            timezone="UTC",
            by="telegram:7",
            at=clock.now(),
        )


async def test_what_went_out_after_the_backup_is_not_posted_twice(telegram: TelegramServer, tmp_path: Path) -> None:
    """An alert and a briefing came after the backup; put back, both are made again, held, and dropped by the operator."""
    ana, clock = telegram.person(7, "Ana"), Clock()
    settings, backup = settings_of(tmp_path / "data", telegram), tmp_path / "backup.db"
    async with news_site() as site:
        async with bot(settings, clock) as running:
            site.prints(DAM, clock.now() - timedelta(hours=3))
            await running.claimed(telegram, ana)
            await running.follow(site.feed)
            await running.until_read(1)
            await telegram.says(ana, "/subscribe vos")
            await shown(telegram, "Piet Vos")
            await plans_a_briefing(running, clock)
            await asyncio.to_thread(back_up, settings.data_dir / "onrecord.db", backup)
            site.prints(HARBOUR, clock.now())
            await running.look()
            await shown(telegram, "1 new quote", "Nobody likes a bill")
        clock.ahead = timedelta(hours=2, minutes=10)
        async with bot(settings, clock) as running:
            await shown(telegram, "Harbour fees rise in spring", "delayed")
        posted = told(telegram, "Nobody likes a bill")

        held, former = await put_back(backup, settings.data_dir / "onrecord.db", clock.now())
        assert held == 0
        assert former is not None
        async with bot(settings, clock) as running:
            await shown(telegram, "A backup was put back", "0 messages were held")
            await running.look()
            await composed(await running.app.parts.alerts.due())
            await composed(await running.app.parts.briefings.due())
            await telegram.says(ana, "/held")
            await shown(telegram, "2 messages were held")
            await telegram.says(ana, "/held drop")
            await shown(telegram, "2 messages dropped.")
            site.prints(
                "Gates again\n\n“The gates come first,” said Piet Vos, who is the mayor of Vessin.", clock.now()
            )
            await running.look()
            await shown(telegram, "1 new quote", "The gates come first")
    assert told(telegram, "Nobody likes a bill") == posted
    assert told(telegram, "delayed") == 1


async def test_the_command_says_what_is_held_and_where_the_former_file_is(tmp_path: Path) -> None:
    """And the decision can be made at the terminal."""
    data, backup = tmp_path / "data", tmp_path / "backup.db"
    address = f"sqlite:///{data / 'onrecord.db'}"
    data.mkdir()
    async with database(address) as store:
        await kept(store)
    done = onrecord(data, "backup", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{backup} is written: ")
    assert (
        onrecord(data, "backup", str(backup)).stderr == f"onrecord: {backup} exists already; --force writes over it\n"
    )
    done = onrecord(data, "restore", "--yes", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"The former one is kept as {data}/onrecord.db.before-" in done.stdout
    assert "Nothing was waiting in it." in done.stdout
    done = onrecord(data, "outbox")
    assert (done.returncode, done.stdout) == (1, "The outbox is empty.\n")
    assert "is held: onrecord outbox release or drop" in done.stderr
    assert onrecord(data, "outbox", "drop").stdout == (
        "Nothing was waiting. What is read again from before the restore is dropped, too.\n"
    )
    assert onrecord(data, "outbox").returncode == 0
    assert onrecord(data, "outbox", "release").stderr == "onrecord: nothing is held\n"


async def test_no_database_is_replaced_unasked(tmp_path: Path) -> None:
    """Without a terminal the answer is ``--yes``; where none is replaced there is no question."""
    data, backup = tmp_path / "data", tmp_path / "backup.db"
    data.mkdir()
    async with database(f"sqlite:///{data / 'onrecord.db'}") as store:
        await kept(store)
    assert onrecord(data, "backup", str(backup)).returncode == 0
    before = (data / "onrecord.db").read_bytes()
    done = onrecord(data, "restore", str(backup))
    assert (done.returncode, done.stderr) == (1, "")
    question = f"Put {backup} in the place of {data}/onrecord.db, which is kept beside it?"
    assert done.stdout == f"{question} Nothing is changed: say --yes to do it.\n"
    assert (data / "onrecord.db").read_bytes() == before
    assert not list(data.glob("onrecord.db.before-*"))
    assert onrecord(tmp_path / "new", "restore", str(backup)).returncode == 0
    assert (tmp_path / "new" / "onrecord.db").exists()


def test_a_restore_under_a_running_bot_is_refused(tmp_path: Path) -> None:
    """It names who holds the folder; nothing is changed."""
    with claimed(tmp_path / "data", Clock().now()):
        done = onrecord(tmp_path / "data", "restore", str(tmp_path / "backup.db"))
    assert done.returncode == 1
    assert "in use by process" in done.stderr


async def test_what_is_no_database_of_ours_is_refused(tmp_path: Path) -> None:
    """Another program's, an empty file's, a newer On Record's; the database is as it was."""
    address = f"sqlite:///{tmp_path / 'onrecord.db'}"
    async with database(address) as store:
        await kept(store)
    now = Clock().now()
    other, empty, newer = tmp_path / "other.db", tmp_path / "empty.db", tmp_path / "newer.db"
    empty.touch()
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE recipes (name TEXT)")
    back_up(tmp_path / "onrecord.db", newer)
    with closing(sqlite3.connect(newer)) as made:
        made.execute("UPDATE alembic_version SET version_num = '9999'")
        made.commit()
    for file, error in ((other, BackupError), (empty, BackupError), (newer, NewerDatabaseError)):
        with pytest.raises(error):
            await put_back(file, tmp_path / "onrecord.db", now)
    async with database(address, migrates=False) as store, store.reading() as db:
        assert await Articles().count(db, "terminal:local") == 1


def test_postgresql_is_backed_up_by_its_own_means(postgres: str, tmp_path: Path) -> None:
    """The line is printed, without the password; a cron job sees that nothing was written."""
    secret = {"ONRECORD_DATABASE_URL": "postgresql://ana:secret@db.example:5432/news"}
    done = onrecord(tmp_path, "backup", "a b.dump", **secret)
    assert done.returncode == 1
    line = "pg_dump --format=custom --dbname=postgresql://ana@db.example:5432/news --file='a b.dump'\n"
    assert done.stdout == line
    assert "secret" not in done.stdout + done.stderr
    done = onrecord(tmp_path, "restore", "a.dump", **secret)
    assert done.returncode == 1
    assert done.stdout.startswith("pg_restore ")
    assert "onrecord restore --by-hand" in done.stderr
    done = onrecord(tmp_path, "restore", "--by-hand", ONRECORD_DATABASE_URL=postgres)
    assert done.returncode == 0
    assert done.stdout.startswith("The database is put back.\n")

"""A backup is one state of the database, whole or not there; what is put back keeps the former file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from store.articles import Articles
from store.backups import back_up, check, copy_of, put_in_place
from store.database import Database, database
from store.errors import BackupError
from store.forgetting import Forgetting
from tests.store.samples import HERE, NOON, analysis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the database lies."""
    return tmp_path / "onrecord.db"


@pytest.fixture
async def opened(file: Path) -> AsyncIterator[Database]:
    """Return an open database."""
    async with database(f"sqlite:///{file}") as opened:
        yield opened


async def save(opened: Database, number: int) -> None:
    """Keep an article with one quote."""
    page = analysis(f"“Talk number {number} goes on,” said Orlan.", url=f"https://post.example/{number}")
    async with opened.writing() as db:
        await Articles().save(db, page, owner_channel=None, seen_at=NOON)


def counted(file: Path) -> tuple[int, int]:
    """Return how many articles and quotes a file holds."""
    with closing(sqlite3.connect(file)) as opened:
        found: tuple[int, int] = opened.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)"
        ).fetchone()
    return found


def left_over(folder: Path) -> list[str]:
    """Return what was not taken away."""
    return [each.name for each in folder.iterdir() if ".new" in each.name]


async def test_a_backup_is_made_while_articles_are_kept(opened: Database, file: Path, tmp_path: Path) -> None:
    """It holds one state: every article with its quotes, and all that was committed before."""
    await save(opened, 0)
    target = tmp_path / "backup.db"

    async def keep_saving() -> None:
        for number in range(1, 1000):
            await save(opened, number)

    saving = asyncio.create_task(keep_saving())
    await asyncio.sleep(0.3)
    assert await asyncio.to_thread(back_up, file, target) == target.stat().st_size
    saving.cancel()
    # Not while the database closes: what it waits for would never answer.
    await asyncio.wait([saving])
    articles, quotes = counted(target)
    assert articles == quotes > 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert left_over(tmp_path) == []
    async with database(f"sqlite:///{target}", migrates=False) as copy, copy.reading() as db:
        assert len(await Articles().about(db, HERE, "talk number", limit=5)) == min(articles, 5)


async def test_a_file_of_that_name_is_written_over_only_when_told_to(
    opened: Database, file: Path, tmp_path: Path
) -> None:
    """And then at once: never is there half a backup under the name."""
    target = tmp_path / "backup.db"
    target.write_text("kept")
    with pytest.raises(BackupError, match="is a folder: say the file's name, too"):
        back_up(file, tmp_path, overwrite=True)
    with pytest.raises(BackupError, match="exists already; --force writes over it"):
        back_up(file, target)
    assert target.read_text() == "kept"
    await save(opened, 1)
    back_up(file, target, overwrite=True)
    assert counted(target) == (1, 1)


def test_the_database_is_never_written_over(file: Path, tmp_path: Path) -> None:
    """Not even when told to, by whatever name: who has it open would go on writing into a file that nobody finds."""
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE kept (one)")
    link, hard, log = tmp_path / "link.db", tmp_path / "hard.db", file.with_name(f"{file.name}-wal")
    link.symlink_to(file)
    hard.hardlink_to(file)
    before = file.stat().st_ino
    for target in (file, tmp_path / "." / file.name, link, hard, log):
        with pytest.raises(BackupError, match="is the database itself"):
            back_up(file, target, overwrite=True)
    assert file.stat().st_ino == before


async def test_a_folder_that_is_not_there_is_one_reason(opened: Database, file: Path, tmp_path: Path) -> None:
    """As the system says it."""
    await save(opened, 1)
    with pytest.raises(BackupError, match="No such file or directory"):
        back_up(file, tmp_path / "gone" / "backup.db")


async def test_a_damaged_backup_is_refused_and_nothing_changes(opened: Database, file: Path, tmp_path: Path) -> None:
    """Found by reading every page of it."""
    for number in range(50):
        await save(opened, number)
    target = tmp_path / "backup.db"
    back_up(file, target)
    whole = target.read_bytes()
    for damaged in (
        whole[:3] + b"x" + whole[4:],
        whole[: len(whole) // 2],
        whole[:8192] + b"\0" * 20000 + whole[28192:],
    ):
        target.write_bytes(damaged)
        with pytest.raises(BackupError), copy_of(target, file):
            pytest.fail("it was taken for whole")
    assert counted(file) == (50, 50)
    assert left_over(tmp_path) == []


async def test_the_former_file_is_kept_with_its_last_commits(file: Path, tmp_path: Path) -> None:
    """Also those that stand in the log beside it."""
    async with database(f"sqlite:///{file}") as opened:
        await save(opened, 1)
        back_up(file, tmp_path / "backup.db")
        await save(opened, 2)
        # As after a kill: what is in the log is not in the file.
        for end in ("", "-wal"):
            (tmp_path / f"killed.db{end}").write_bytes(file.with_name(file.name + end).read_bytes())
    killed = tmp_path / "killed.db"
    with copy_of(tmp_path / "backup.db", killed) as fresh:
        kept = put_in_place(fresh, killed, at=NOON)
    assert kept == tmp_path / "killed.db.before-20260302T120000"
    assert counted(killed) == (1, 1)
    assert counted(kept) == (2, 2)
    assert stat.S_IMODE(killed.stat().st_mode) == 0o600
    check(killed)


async def test_where_nothing_was_the_backup_is_the_database(opened: Database, file: Path, tmp_path: Path) -> None:
    """As on a new machine, folder included."""
    await save(opened, 1)
    back_up(file, tmp_path / "backup.db")
    new = tmp_path / "new" / "onrecord.db"
    with copy_of(tmp_path / "backup.db", new) as fresh:
        assert put_in_place(fresh, new, at=NOON) is None
    assert counted(new) == (1, 1)


async def test_what_a_killed_backup_left_is_in_no_way(opened: Database, file: Path, tmp_path: Path) -> None:
    """In a container the next process may have its number."""
    assert opened is not None
    target = tmp_path / "backup.db"
    for end in ("", "-journal"):
        (tmp_path / f".backup.db.{os.getpid()}.new{end}").write_bytes(b"half a page")
    assert back_up(file, target) > 0
    assert left_over(tmp_path) == []


async def test_what_was_forgotten_is_in_no_later_backup(opened: Database, file: Path, tmp_path: Path) -> None:
    """SQLite leaves what is deleted in its pages until something is written over it, and a backup copies pages."""
    words = "“The old bridge must fall before winter,” said Orlan."
    async with opened.writing() as db:
        # As SQLite does of itself; Debian builds it otherwise.
        await db.exec_driver_sql("PRAGMA secure_delete=OFF")
        saved = await Articles().save(db, analysis(words, title="Bridge"), owner_channel=None, seen_at=NOON)
    await save(opened, 1)
    async with opened.writing() as db:
        await Forgetting().articles(db, [saved.article_id])
    target = tmp_path / "backup.db"
    back_up(file, target)
    kept = target.read_bytes()
    assert b"Talk number 1 goes on" in kept
    assert b"must fall before" not in kept

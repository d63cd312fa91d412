"""Statements that are made once find the same through SQLite's driver as through SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from store.made_once import MOST_SPREAD, made_once
from store.tables import articles, channels, people, revisions
from tests.store.samples import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import BindParameter, Executable, Insert
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database

    Given = dict[str, Any] | list[dict[str, Any]] | None

_WANTED: BindParameter[list[str]] = bindparam("wanted", expanding=True)
ADD = made_once(insert(channels))
ADD_SEVERAL = made_once(insert(channels), several=True)
ADD_AND_TELL = made_once(insert(channels).returning(channels.c.channel, channels.c.added_at))
FIND = made_once(
    select(channels.c.channel, channels.c.added_at).where(channels.c.channel.in_(_WANTED)).order_by(channels.c.channel)
)
FIRST = made_once(select(channels.c.channel).order_by(channels.c.channel).limit(1))
ADD_PERSON = made_once(insert(people))
ADD_ARTICLE = made_once(insert(articles).returning(articles.c.article_id))
ADD_REVISION = made_once(insert(revisions))
READ_REVISION = made_once(
    select(revisions.c.paragraphs, revisions.c.text, revisions.c.read_at, revisions.c.text_sha256)
)


def rows(*names: str) -> list[dict[str, Any]]:
    """Return channels to add."""
    return [{"channel": name, "access": "allowed", "added_at": NOON} for name in names]


async def found(opened: Database, statement: Executable, parameters: Given = None) -> Sequence[Any]:
    """Return what a statement finds where articles are saved."""

    async def work(db: AsyncConnection) -> Sequence[Any]:
        return (await db.execute(statement, parameters)).all()

    return await opened.whole.do(work)


async def done(opened: Database, statement: Executable, parameters: Given) -> None:
    """Run a statement that finds nothing."""

    async def work(db: AsyncConnection) -> None:
        await db.execute(statement, parameters)

    await opened.whole.do(work)


async def test_rows_are_the_same_as_the_long_way(opened: Database) -> None:
    """By name and by place, times as times, whatever the number of values asked for."""
    await done(opened, ADD, rows("web:1", "web:2", "web:3"))
    for wanted in ([], ["web:1"], ["web:3", "web:1"], ["web:1", "web:2", "web:3"], ["web:2"]):
        short = await found(opened, FIND, {"wanted": wanted})
        async with opened.reading() as db:
            assert list(short) == list((await db.execute(FIND, {"wanted": wanted})).all())
        assert [(row.channel, row.added_at) for row in short] == [(name, NOON) for name in sorted(wanted)]
    assert [row[0] for row in await found(opened, FIRST)] == ["web:1"]


async def test_what_returns_and_what_is_wide_holds_what_was_given(opened: Database) -> None:
    """Several rows that return something; lists in columns, nulls and bytes."""
    told = await found(opened, ADD_AND_TELL, rows("web:1", "web:2"))
    assert sorted(told) == [("web:1", NOON), ("web:2", NOON)]
    article = {"identity": "a", "fetched_at": NOON, "newest_at": NOON, "revision": 1, "search": "", "language": "en"}
    (number,) = (await found(opened, ADD_ARTICLE, article))[0]
    for count in (1, 2):
        row = {
            "article_id": number,
            "number": count,
            "text_sha256": b"\0\xff",
            "text": None,
            "paragraphs": [[0, count]],
        }
        lists: dict[str, Any] = {name: [] for name in ("sentences", "summary", "left_out")}
        await done(opened, ADD_REVISION, row | lists | {"summary_method": "news", "read_at": NOON})
    read = await found(opened, READ_REVISION)
    assert sorted(tuple(row) for row in read) == [([[0, count]], None, NOON, b"\0\xff") for count in (1, 2)]


async def test_what_fails_fails_as_the_long_way_does(opened: Database) -> None:
    """The error's class is what tells the operator; it shows nothing of what was to be stored, and nothing stays."""
    with pytest.raises(IntegrityError) as wrong:
        await done(opened, ADD, rows("web:1", "web:1"))
    assert "INSERT INTO channels" in str(wrong.value)
    assert "allowed" not in str(wrong.value)
    assert not await found(opened, FIND, {"wanted": ["web:1"]})


async def test_what_the_driver_cannot_be_given_goes_the_long_way(opened: Database) -> None:
    """Very many values, and columns whose value Python makes."""
    await done(opened, ADD, rows("web:1"))
    many = [f"web:{number}" for number in range(MOST_SPREAD + 1)]
    assert [row.channel for row in await found(opened, FIND, {"wanted": many})] == ["web:1"]
    await done(opened, ADD_PERSON, {"person": "web:anna", "access": "asked", "asked_at": NOON})
    assert [row.is_operator for row in await found(opened, select(people.c.is_operator))] == [False]


@pytest.mark.parametrize("add", [ADD, ADD_SEVERAL])
async def test_many_rows_are_all_inserted_in_their_order(opened: Database, add: Insert) -> None:
    """One by one, and where several share a statement: more than one takes, and a rest."""
    names = [f"web:{number}" for number in range(100, 123)]
    await done(opened, add, rows(*names))
    assert [row.channel for row in await found(opened, FIND, {"wanted": names})] == names

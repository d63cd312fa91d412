"""What waits, or waited, to be sent, and what stands behind buttons: found by what it says, and taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, true

from store.delivery_tables import outbox, outbox_keys, taps
from store.rows_gone import batches, delete_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.rows_gone import Gone

    Says = Callable[[list[str]], bool]

AT_ONCE = 500  # rows that are looked at in one go


def names(words: Iterable[str], commands: Iterable[str] = ()) -> Says:
    """Return whether texts hold one of ``words``, whole, or are one of ``commands`` or begin with one and a blank."""
    found = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{found})(?!\w)") if found else None
    begun = "|".join(re.escape(command) for command in commands)
    command = re.compile(rf"(?:{begun})(?: |$)") if begun else None

    def says(texts: list[str]) -> bool:
        if pattern is not None and any(pattern.search(text) for text in texts):
            return True
        return command is not None and any(command.match(text) for text in texts)

    return says


def holds(exactly: Iterable[str]) -> Says:
    """Return whether one of the texts is one of these."""
    known = frozenset(exactly)
    return lambda texts: not known.isdisjoint(texts)


async def forget_messages(db: AsyncConnection, says: Says, gone: Gone, *, chat: str | None = None) -> None:
    """Delete messages that say something, sent or not, with the edits of them; what is being sent is past recall.

    Args:
        db: A writing transaction.
        says: Whether texts do.
        gone: What is counted.
        chat: Whose messages; None for everybody's.
    """
    theirs = true() if chat is None else outbox.c.lane == chat
    last = 0
    found: list[int] = []
    while True:
        some = select(outbox.c.item_id, outbox.c.message, outbox.c.key, outbox.c.state)
        rows = (
            await db.execute(some.where(outbox.c.item_id > last, theirs).order_by(outbox.c.item_id).limit(AT_ONCE))
        ).all()
        if not rows:
            break
        last = rows[-1].item_id
        found += [row.item_id for row in rows if says([row.key, *_texts(row.message)])]
    for batch in batches(found):
        which = or_(outbox.c.item_id.in_(batch), outbox.c.target.in_(batch))
        await delete_rows(db, outbox, which & (outbox.c.state != "sending"), gone)


async def forget_taps(db: AsyncConnection, says: Says, gone: Gone) -> None:
    """Delete what stands behind buttons that say something: a tap on one is answered as on one that is too old."""
    last = ""
    while True:
        some = select(taps.c.token, taps.c.command).where(taps.c.token > last).order_by(taps.c.token).limit(AT_ONCE)
        rows = (await db.execute(some)).all()
        if not rows:
            return
        last = rows[-1].token
        found = [row.token for row in rows if says([row.command])]
        if found:
            await delete_rows(db, taps, taps.c.token.in_(found), gone)


async def forget_keys(db: AsyncConnection, name: str, gone: Gone) -> None:
    """Delete the keys that name a chat or a person: they may come again as strangers, and are asked about again."""
    says = names([name])
    some = select(outbox_keys.c.key).where(outbox_keys.c.key.contains(name, autoescape=True))
    found = [key for key in (await db.execute(some)).scalars() if says([key])]
    for start in range(0, len(found), AT_ONCE):
        await delete_rows(db, outbox_keys, outbox_keys.c.key.in_(found[start : start + AT_ONCE]), gone)


def _texts(data: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield every text in a message: words, links, commands."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)

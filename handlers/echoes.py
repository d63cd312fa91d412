"""The same words in another outlet: not told again, but added to the alert that told of them, by an edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from handlers.elsewhere import outlet_of
from handlers.unasked import edit_of
from store.echoes import Echoes
from store.folding import SameWords
from store.locks import Lock, hold
from store.outbox import Outbox
from store.outbox_items import State
from summaries.message import Actions, Message, Paragraph, Run, Style
from summaries.message_json import parse_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.composing import Composing
    from store.database import Database
    from store.values import Sighting

GATHERED_FOR = timedelta(minutes=10)
"""An alert says so long after the first of them who printed its words; edits count in the platforms' limits."""
WORTH = timedelta(hours=24)
"""An alert that is older is changed no more."""
PRIORITY = 2
"""Behind alerts."""
ALSO = "also in "


@dataclass(frozen=True, slots=True)
class EchoComposer:
    """Adds outlets to alerts.

    Attributes:
        queued: Called after a commit that queued something.
    """

    database: Database
    now: Callable[[], datetime]
    queued: Callable[[], None] = lambda: None
    echoes: Echoes = field(default_factory=Echoes)
    same_words: SameWords = field(default_factory=SameWords)
    outbox: Outbox = field(default_factory=Outbox)

    async def due(self) -> list[Composing]:
        """Return what is to be composed: an edit of every alert that has something to add by now."""
        async with self.database.reading() as db:
            due = await self.echoes.due(db, now=self.now())
        return [partial(self._compose, item_id) for item_id in due]

    async def _compose(self, item_id: int) -> bool:
        async with self.database.writing() as db:
            is_queued = await self._queue(db, item_id)
        if is_queued:
            self.queued()
        return is_queued

    async def _queue(self, db: AsyncConnection, item_id: int) -> bool:
        # What is taken back meanwhile would come back with an edit of what the message said before.
        await hold(db, Lock.OPENING)
        now = self.now()
        item = await self.outbox.get(db, item_id)
        if not await self.echoes.end(db, item_id, at=now) or item is None:
            return False
        if item.state in {State.FAILED, State.DROPPED} or now - item.created_at > WORTH:
            return False
        told = await self.echoes.of(db, item_id)
        lines = also_in(told, await self.same_words.sightings(db, item.channel, told))
        # What it says now: it may have been edited, as when a name was taken back.
        edits = await self.outbox.edits_of(db, item_id)
        shown = parse_message((edits[-1] if edits else item).message)
        changed = with_outlets(shown, lines)
        if changed == shown:
            return False
        new = edit_of(
            item, changed, revision=f"also-{len(edits) + 1}", priority=PRIORITY, now=now, expires_at=now + WORTH
        )
        return await self.outbox.add(db, new, now=now) is not None


def also_in(told: Iterable[int], sightings: Mapping[int, Iterable[Sighting]]) -> tuple[Paragraph, ...]:
    """Return the lines that say who else printed quotes that were told: all of them, or some; pure."""
    outlets = {quote_id: [name for each in found if (name := outlet_of(each))] for quote_id, found in sightings.items()}
    everywhere = set.intersection(*(set(outlets.get(quote_id, ())) for quote_id in told)) if outlets else set()
    names = list(dict.fromkeys(name for found in outlets.values() for name in found))
    lines = []
    for some, words in (
        ([name for name in names if name in everywhere], " · same words"),
        ([name for name in names if name not in everywhere], " · some of it in the same words"),
    ):
        if some:
            runs = (Run(ALSO, Style.SMALL), Run(", ".join(some), Style.SMALL, verbatim=True), Run(words, Style.SMALL))
            lines.append(Paragraph(runs))
    return tuple(lines)


def with_outlets(message: Message, lines: tuple[Paragraph, ...]) -> Message:
    """Return a message with these lines before its buttons, in the place of those it had; pure."""
    kept = [block for block in message.blocks if not _is_line(block)]
    end = len(kept) - (1 if kept and isinstance(kept[-1], Actions) else 0)
    return Message((*kept[:end], *lines, *kept[end:]))


def _is_line(block: object) -> bool:
    return isinstance(block, Paragraph) and bool(block.runs) and block.runs[0] == Run(ALSO, Style.SMALL)

"""What follows when we come into a channel, are thrown out of one, or one moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.command import Moved
from handlers.unasked import queue
from handlers.wording import code, line, says
from store.channels import Access

if TYPE_CHECKING:
    from handlers.command import Presence
    from handlers.desk import Desk

GONE = "removed or blocked"
HELLO = says(
    "On Record is here: who said what, word for word.",
    line("Ask ", code("/quotes"), " and a name, or plan ", code("/briefing weekdays 08:00"), "."),
)


async def on_presence(notice: Presence | Moved, desk: Desk) -> None:
    """Keep where we may post; greet a group that somebody who was let in brought us into, stay silent elsewhere."""
    async with desk.database.writing() as db:
        if isinstance(notice, Moved):
            await desk.channels.move(db, str(notice.old), str(notice.new))
            return
        chat = str(notice.channel.lane)
        if not notice.is_present:
            await desk.channels.pause(db, chat, at=desk.now(), reason=GONE)
            return
        await desk.channels.resume(db, chat)
        person = None if notice.user is None else await desk.people.get(db, notice.user)
        if person is None or person.access is not Access.ALLOWED or chat == notice.user:
            return
        await desk.channels.add(db, chat, access=Access.ALLOWED, at=desk.now(), by=notice.user)
        await desk.channels.change(db, chat, access=Access.ALLOWED, title=notice.channel_name)
        await queue(desk, db, chat, HELLO, key=f"hello:{chat}:{notice.received_at.isoformat()}")
    desk.queued()

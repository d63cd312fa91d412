"""What a chat decides about a page that was handed in there. Nothing here commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, update

from store.database import insert_for
from store.scope import chat_of
from store.tables import addresses, articles, feedback, quote_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


class HandedIn:
    """Pages that belong to a chat."""

    async def give_address(
        self, db: AsyncConnection, channel: str, article_id: int, url: str, *, also_at: Sequence[str] = ()
    ) -> bool:
        """Say where a page stands that came without an address; return whether there is such a page of this chat's.

        An address at which the chat has another page already stays with that one.
        """
        chat = chat_of(channel)
        mine = and_(articles.c.article_id == article_id, articles.c.owner_channel == chat, articles.c.url.is_(None))
        given = update(articles).where(mine).values(url=url).returning(articles.c.article_id)
        if (await db.execute(given)).first() is None:
            return False
        rows = [
            {"owner_channel": chat, "url": each, "article_id": article_id} for each in dict.fromkeys((url, *also_at))
        ]
        await db.execute(insert_for(db)(addresses).values(rows).on_conflict_do_nothing())
        return True

    async def keep_numbers(self, db: AsyncConnection, channel: str, moved: Mapping[int, int]) -> None:
        """Let the numbers that a chat knows quotes by stand for others: those that the page became elsewhere.

        Args:
            db: A writing transaction.
            channel: Whose numbers.
            moved: The quotes' new ids by their old ones. One that has a number here already is opened by both.
        """
        mine = quote_numbers.c.channel == chat_of(channel)
        for old, new in moved.items():
            await db.execute(update(quote_numbers).where(mine, quote_numbers.c.quote_id == old).values(quote_id=new))

    async def keep_complaints(self, db: AsyncConnection, channel: str, moved: Mapping[int, int]) -> list[int]:
        """Let what a chat called wrong about quotes stand for others; return the new ids of those that it is said of.

        Args:
            db: A writing transaction.
            channel: Whose complaints.
            moved: The quotes' new ids by their old ones. What the chat said of the new one already is not said twice.
        """
        twin = feedback.alias()
        kept = []
        for old, new in moved.items():
            known = exists().where(
                twin.c.quote_id == new, twin.c.channel == feedback.c.channel, twin.c.kind == feedback.c.kind
            )
            said = update(feedback).where(feedback.c.channel == chat_of(channel), feedback.c.quote_id == old, ~known)
            if (await db.execute(said.values(quote_id=new).returning(feedback.c.feedback_id))).first() is not None:
                kept.append(new)
        return kept

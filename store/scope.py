"""Who may see a row: the condition that every query carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, literal_column, or_

from store.tables import quotes

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Table

CURRENT = quotes.c.state == literal_column("'current'")
"""The condition that a quote may be shown; a literal, because a bound parameter switches SQLite's partial indexes off."""

LISTED = and_(CURRENT, quotes.c.same_as.is_(None))
"""The condition that a quote stands in lists and counts: it may be shown, and its words do not stand there already."""


def chat_of(channel: str) -> str:
    """Return the chat that ``channel`` is or lies in: Telegram's topic and Slack's thread are dropped.

    Whoever is in the chat sees its topics, so a page that was pasted in one belongs to the chat, and a lane
    (the platforms count messages per chat) is a chat.
    """
    # telegram:CHAT/TOPIC, but slack:TEAM/CHANNEL/THREAD.
    kept = 2 if channel.startswith("slack:") else 1
    return "/".join(channel.split("/")[:kept])


def visible(table: FromClause, channel: str) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` is shared, or belongs to the asker's chat."""
    return or_(table.c.owner_channel.is_(None), table.c.owner_channel == chat_of(channel))


def owned_by(table: Table, owner: str | None) -> ColumnElement[bool]:
    """Return the condition that a row belongs to exactly ``owner`` (None: is shared); nothing folds across owners."""
    return table.c.owner_channel.is_(None) if owner is None else table.c.owner_channel == chat_of(owner)

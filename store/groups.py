"""Speakers that an operator made one: under whom they are listed, and who belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from store.tables import speakers

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

SHOWN_AS = func.coalesce(speakers.c.merged_into, speakers.c.speaker_id)
"""Under whom a row of ``speakers`` is listed."""


async def group_of(db: AsyncConnection, speaker_id: int) -> tuple[int, ...]:
    """Return whoever is one with a speaker, the one under whom they are listed first; an unknown id alone."""
    shown = select(SHOWN_AS).where(speakers.c.speaker_id == speaker_id).scalar_subquery()
    theirs = select(speakers.c.speaker_id, speakers.c.merged_into).where(
        or_(speakers.c.speaker_id == shown, speakers.c.merged_into == shown)
    )
    rows = (await db.execute(theirs)).all()
    ids = sorted(rows, key=lambda row: (row.merged_into is not None, row.speaker_id))
    return tuple(row.speaker_id for row in ids) or (speaker_id,)

"""What operators change about speakers: two made one, another name, and either undone as if it had never been.

Nothing is written over: a merged speaker's row, forms, mentions and search tokens stay its own, and each quote that is
listed under the other remembers whom its page names. So an undo finds what came before the merge and what came after.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, exists, func, insert, or_, select, update

from store.errors import ChangeRefusedError
from store.folding import Kept, SameWords
from store.groups import SHOWN_AS, group_of
from store.locks import Lock, hold
from store.names import fold_name, surname_of
from store.rows_gone import batches
from store.shared_tables import story_articles
from store.speakers import MAX_NAME
from store.tables import mentions, quotes, speaker_changes, speaker_names, speakers
from store.taken_names import TakenNames
from store.wishes import call_again, hand_over, take_back

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


class ChangeKind(StrEnum):
    """What an operator did."""

    MERGE = "merge"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class SpeakerChange:
    """Something an operator changed.

    Attributes:
        speaker_id: Who was kept, or renamed.
        other_id: Who was merged into them; None for a name of pages' own, and where it is gone.
        before: The merged speaker's name, or the name before.
        after: The kept speaker's name, or the name since.
        undone_at: None while it holds.
    """

    change_id: int
    kind: ChangeKind
    speaker_id: int
    other_id: int | None
    before: str
    after: str
    made_at: datetime
    made_by: str
    undone_at: datetime | None


class Merging:
    """Speakers made one, renamed, and put back. Nothing commits.

    Only speakers of shared pages are changed: who is known from a pasted page only is its chat's.
    """

    async def merge(self, db: AsyncConnection, merged: int, *, into: int, by: str, at: datetime) -> SpeakerChange:
        """List everything of one speaker under another, also what later pages print under the first one's names.

        Raises:
            ChangeRefusedError: if either is not a speaker by itself; the text says what to do.
        """
        await hold(db, Lock.OPENING)
        one, other = await _by_itself(db, merged), await _by_itself(db, into)
        if merged == into:
            msg = f"that is {one.name} (number {merged}) twice: name another speaker"
            raise ChangeRefusedError(msg)
        followers = [number for number in await group_of(db, merged) if number != merged]
        wishes = await hand_over(db, merged, into, other.name)
        theirs = or_(speakers.c.speaker_id == merged, speakers.c.merged_into == merged)
        await db.execute(update(speakers).where(theirs).values(merged_into=into))
        own = func.coalesce(quotes.c.own_speaker_id, quotes.c.speaker_id)
        moved = update(quotes).where(quotes.c.speaker_id == merged)
        await db.execute(moved.values(own_speaker_id=own, speaker_id=into))
        before = {"followers": followers, **wishes}
        return await _log(db, ChangeKind.MERGE, into, merged, (one.name, other.name), before, by, at)

    async def rename(self, db: AsyncConnection, speaker_id: int, name: str, *, by: str, at: datetime) -> SpeakerChange:
        """Show a speaker under another name, and take later pages that print it for theirs.

        Raises:
            ChangeRefusedError: if they are no speaker by themselves, or the name is another's; the text says what to do.
        """
        await hold(db, Lock.OPENING)
        one, new = await _by_itself(db, speaker_id), " ".join(name.split())
        folded = fold_name(new)
        if not folded or len(new) > MAX_NAME:
            msg = f"“{new[:40]}” is no name: write at least one word, at most {MAX_NAME} characters"
            raise ChangeRefusedError(msg)
        if new == one.name:
            msg = f"{one.name} (number {speaker_id}) is called so already"
            raise ChangeRefusedError(msg)
        group = await group_of(db, speaker_id)
        await _refuse_if_taken(db, new, folded, group)
        # What no page printed of them gets a row of its own, merged into theirs: pages that print it can be told apart.
        stand_in = await _stand_in(db, new, folded, group, at)
        printed = func.coalesce(speakers.c.printed_name, speakers.c.name)
        changed = update(speakers).where(speakers.c.speaker_id == speaker_id)
        await db.execute(changed.values(name=new, printed_name=printed))
        wishes = await hand_over(db, speaker_id, speaker_id, new)
        before = {"printed_name": one.printed_name, **wishes}
        return await _log(db, ChangeKind.RENAME, speaker_id, stand_in, (one.name, new), before, by, at)

    async def undo(self, db: AsyncConnection, change_id: int, *, by: str, at: datetime) -> SpeakerChange:
        """Put back what a change changed; what came since goes where it would have gone without it.

        Raises:
            ChangeRefusedError: if there is no such change, it is undone, or a later one stands on it.
        """
        await hold(db, Lock.OPENING)
        row = (await db.execute(select(speaker_changes).where(speaker_changes.c.change_id == change_id))).first()
        if row is None or row.undone_at is not None:
            what = "was undone before" if row is not None else "is not there; it may be forgotten with its speaker"
            msg = f"change {change_id} {what}"
            raise ChangeRefusedError(msg)
        await _refuse_if_built_on(db, row)
        if row.other_id is not None:
            await _part(db, row.other_id, row.speaker_id, row.before.get("followers", []))
        if row.kind == ChangeKind.RENAME:
            values = {"name": row.names[0], "printed_name": row.before["printed_name"]}
            await db.execute(update(speakers).where(speakers.c.speaker_id == row.speaker_id).values(values))
            await call_again(db, row.speaker_id, *row.names)
        await take_back(db, row.before, row.other_id if row.kind == ChangeKind.MERGE else row.speaker_id)
        undone = update(speaker_changes).where(speaker_changes.c.change_id == change_id)
        changed = undone.values(undone_at=at, undone_by=by).returning(*speaker_changes.c)
        done = _change((await db.execute(changed)).one())
        if row.kind == ChangeKind.RENAME and row.other_id is not None:
            await _close_unused(db, row.other_id)
        return done

    async def is_any(self, db: AsyncConnection) -> bool:
        """Return whether a change is kept, undone ones too."""
        return (await db.execute(select(speaker_changes.c.change_id).limit(1))).first() is not None

    async def changes(self, db: AsyncConnection, *, limit: int = 10) -> list[SpeakerChange]:
        """Return what was changed and holds, the newest first."""
        holding = select(speaker_changes).where(speaker_changes.c.undone_at.is_(None))
        newest = holding.order_by(speaker_changes.c.change_id.desc()).limit(limit)
        return [_change(row) for row in await db.execute(newest)]


async def _by_itself(db: AsyncConnection, speaker_id: int) -> Row[Any]:
    """Return the row of a speaker of shared pages whom nobody merged.

    Raises:
        ChangeRefusedError: if there is none.
    """
    row = (await db.execute(select(speakers).where(speakers.c.speaker_id == speaker_id))).first()
    if row is None or row.owner_channel is not None:
        msg = f"no speaker of shared pages has the number {speaker_id}"
        raise ChangeRefusedError(msg)
    if row.merged_into is not None:
        msg = f"{row.name} (number {speaker_id}) was merged into number {row.merged_into}: name that one, or undo it first"
        raise ChangeRefusedError(msg)
    return row


async def _refuse_if_taken(db: AsyncConnection, new: str, folded: str, group: tuple[int, ...]) -> None:
    printed = func.coalesce(speakers.c.printed_name, speakers.c.name)
    bearing = (
        select(SHOWN_AS, speakers.c.name, printed)
        .distinct()
        .join(speaker_names, speaker_names.c.speaker_id == speakers.c.speaker_id)
        .where(
            speaker_names.c.folded == folded, speakers.c.owner_channel.is_(None), speakers.c.speaker_id.not_in(group)
        )
    )
    for number, name, first in (await db.execute(bearing)).all():
        if folded in {fold_name(name), fold_name(first)}:
            msg = f"“{new}” is speaker number {number} already: merge the two instead"
            raise ChangeRefusedError(msg)


async def _stand_in(db: AsyncConnection, new: str, folded: str, group: tuple[int, ...], at: datetime) -> int | None:
    """Return a speaker opened for a name that none of the group bears, merged into its first; None where one does."""
    borne = select(speaker_names.c.name_id).where(
        speaker_names.c.folded == folded, speaker_names.c.speaker_id.in_(group), speaker_names.c.owner_channel.is_(None)
    )
    if (await db.execute(borne.limit(1))).first() is not None:
        return None
    opened = insert(speakers).values(name=new, opened_at=at, merged_into=group[0]).returning(speakers.c.speaker_id)
    number: int = (await db.execute(opened)).scalar_one()
    form = {"speaker_id": number, "printed": new, "folded": folded, "surname": surname_of(folded)}
    await db.execute(insert(speaker_names).values(form))
    return number


async def _refuse_if_built_on(db: AsyncConnection, row: Row[Any]) -> None:
    """Refuse to undo what a later change took for given.

    Raises:
        ChangeRefusedError: if there is such a change.
    """
    touched = [row.speaker_id] + ([] if row.other_id is None else [row.other_id])
    later = select(speaker_changes.c.change_id).where(
        speaker_changes.c.change_id > row.change_id,
        speaker_changes.c.undone_at.is_(None),
        or_(speaker_changes.c.speaker_id.in_(touched), speaker_changes.c.other_id.in_(touched)),
    )
    newest = (await db.execute(select(func.max(later.subquery().c.change_id)))).scalar_one()
    if newest is not None:
        msg = f"change {newest} came after it and stands on it: undo {newest} first"
        raise ChangeRefusedError(msg)


async def _part(db: AsyncConnection, other: int, kept: int, followers: list[int]) -> None:
    """Give a merged speaker, and who was merged into it before, their own again."""
    await db.execute(update(speakers).where(speakers.c.speaker_id == other).values(merged_into=None))
    still = speakers.c.speaker_id.in_(followers) & (speakers.c.merged_into == kept)
    await db.execute(update(speakers).where(still).values(merged_into=other))
    theirs = quotes.c.own_speaker_id.in_([other, *followers]) & (quotes.c.speaker_id == kept)
    own = case((quotes.c.own_speaker_id == other, None), else_=quotes.c.own_speaker_id)
    await db.execute(update(quotes).where(theirs).values(speaker_id=other, own_speaker_id=own))
    await _fold_again(db, other, kept)


async def _fold_again(db: AsyncConnection, *two: int) -> None:
    """Part words that were folded while two speakers were one, and fold each with its own speaker's."""
    folded, head = quotes.alias("folded"), quotes.alias("head")
    across = (
        select(folded.c.quote_id)
        .join(head, head.c.quote_id == folded.c.same_as)
        .where(folded.c.speaker_id.in_(two), head.c.speaker_id.in_(two), folded.c.speaker_id != head.c.speaker_id)
        .order_by(folded.c.quote_id)
    )
    numbers = (await db.execute(across)).scalars().all()
    for batch in batches(numbers):
        await SameWords().part(db, batch)
    for batch in batches(numbers):
        placed = story_articles.c.article_id == quotes.c.article_id
        parted = select(quotes, story_articles.c.story_id).outerjoin(story_articles, placed)
        rows = await db.execute(parted.where(quotes.c.quote_id.in_(batch)).order_by(quotes.c.quote_id))
        for row in rows.all():
            alone = Kept(row.quote_id, row.text, row.speaker_id, row.name)
            result = await SameWords().fold(
                db, row.article_id, row.owner_channel, [alone], at=row.newest_at, story_id=row.story_id
            )
            await TakenNames().take_with_carried(db, result.not_theirs)


async def _close_unused(db: AsyncConnection, speaker_id: int) -> None:
    """Delete a speaker whom no page printed."""
    printed = or_(
        exists().where(mentions.c.speaker_id == speaker_id), exists().where(quotes.c.speaker_id == speaker_id)
    )
    await db.execute(delete(speakers).where(speakers.c.speaker_id == speaker_id, ~printed))


async def _log(  # noqa: PLR0913, PLR0917 - one row's columns
    db: AsyncConnection,
    kind: ChangeKind,
    speaker_id: int,
    other_id: int | None,
    names: tuple[str, str],
    before: dict[str, Any],
    by: str,
    at: datetime,
) -> SpeakerChange:
    row = {
        "kind": kind.value,
        "speaker_id": speaker_id,
        "other_id": other_id,
        "names": list(names),
        "before": before,
        "made_at": at,
        "made_by": by,
    }
    return _change((await db.execute(insert(speaker_changes).values(row).returning(*speaker_changes.c))).one())


def _change(row: Row[Any]) -> SpeakerChange:
    return SpeakerChange(
        change_id=row.change_id,
        kind=ChangeKind(row.kind),
        speaker_id=row.speaker_id,
        other_id=row.other_id,
        before=row.names[0],
        after=row.names[1],
        made_at=row.made_at,
        made_by=row.made_by,
        undone_at=row.undone_at,
    )

"""``onrecord speakers``, ``merge``, ``rename`` and ``undo``: who speaks, and what an operator changes about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.commands.asking import agreed
from bot.commands.at_hand import with_store
from bot.starting import FAILED, complain, offer, say, utc_now
from bot.terminal import LOCAL
from handlers.merging import bearers, described, is_plain, told
from store.errors import ChangeRefusedError
from store.merging import ChangeKind, Merging
from store.speakers import Speakers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.commands.at_hand import AtHand
    from store.merging import SpeakerChange
    from store.values import Candidate

WHERE = str(LOCAL)
BY = "terminal"
"""Who changes something here, in the log of changes."""


def speakers(name: str | None, limit: int) -> int:
    """Print speakers; return the exit code."""
    return with_store(partial(list_speakers, name, limit))


def merge(one: str, into: str, *, is_sure: bool) -> int:
    """List everything of one speaker under another; return the exit code."""
    return with_store(partial(merge_speakers, one, into, is_sure=is_sure))


def rename(one: str, name: str, *, is_sure: bool) -> int:
    """Show a speaker under another name; return the exit code."""
    return with_store(partial(rename_speaker, one, name, is_sure=is_sure))


def undo(change: int | None) -> int:
    """Put back what a change changed, or list changes; return the exit code."""
    return with_store(partial(undo_change, change))


async def list_speakers(name: str | None, limit: int, at_hand: AtHand) -> int:
    """Print the speakers whom a name may mean, else those named most; return the exit code."""
    known = Speakers()
    async with at_hand.database.reading() as db:
        if name is None:
            found = await known.most_named(db, WHERE, limit=limit)
        else:
            found = await bearers(db, known, WHERE, name)
        forms = {one.speaker_id: await known.forms_of(db, WHERE, one.speaker_id) for one in found[:limit]}
    if not found:
        return complain("nobody is known yet" if name is None else f"nobody called {name!r} is known", FAILED)
    for one in found[:limit]:
        others = [form for form in forms[one.speaker_id] if form != one.name]
        say(f"{one.name}  ({told(one)})" + (f"  also: {', '.join(others)}" if others else ""))
    return 0


async def merge_speakers(one: str, into: str, at_hand: AtHand, *, is_sure: bool) -> int:
    """Merge two speakers, after a question; return the exit code."""
    pair: list[Candidate] = []
    for written in (one, into):
        found = await _found(at_hand, written)
        if not is_plain(found):
            return _doubt(written, found)
        pair += found
    merged, kept = pair
    question = f"List everything of {merged.name} ({told(merged)}) under {kept.name} ({told(kept)})?"
    if not agreed(question, is_sure=is_sure):
        return FAILED
    async with at_hand.database.writing() as db:
        try:
            change = await Merging().merge(db, merged.speaker_id, into=kept.speaker_id, by=BY, at=utc_now())
        except ChangeRefusedError as exc:
            return complain(str(exc), FAILED)
    say(f"{described(change)} now. To undo it: onrecord undo {change.change_id}")
    return 0


async def rename_speaker(written: str, name: str, at_hand: AtHand, *, is_sure: bool) -> int:
    """Rename a speaker, after a question; return the exit code."""
    found = await _found(at_hand, written)
    if not is_plain(found):
        return _doubt(written, found)
    if not agreed(f"Call {found[0].name} ({told(found[0])}) “{name}”?", is_sure=is_sure):
        return FAILED
    async with at_hand.database.writing() as db:
        try:
            change = await Merging().rename(db, found[0].speaker_id, name, by=BY, at=utc_now())
        except ChangeRefusedError as exc:
            return complain(str(exc), FAILED)
    say(f"{described(change)} now. To undo it: onrecord undo {change.change_id}")
    return 0


async def undo_change(number: int | None, at_hand: AtHand) -> int:
    """Undo a change, or list those that hold; return the exit code."""
    if number is None:
        async with at_hand.database.reading() as db:
            changes = await Merging().changes(db, limit=1000)
        for one in changes:
            say(f"{one.change_id}  {described(one)}  ({one.made_at:%Y-%m-%d %H:%M} UTC, by {one.made_by})")
        return 0 if changes else complain("nothing was merged or renamed that holds", FAILED)
    async with at_hand.database.writing() as db:
        try:
            change = await Merging().undo(db, number, by=BY, at=utc_now())
        except ChangeRefusedError as exc:
            return complain(str(exc), FAILED)
    say(undone(change))
    return 0


def undone(change: SpeakerChange) -> str:
    """Return what undoing a change did, in words."""
    if change.kind is ChangeKind.MERGE:
        said = f"Undone: {change.before} is no longer listed under {change.after}"
    else:
        said = f"Undone: {change.after} is called {change.before} again"
    return said if said.endswith(".") else f"{said}."


async def _found(at_hand: AtHand, written: str) -> list[Candidate]:
    async with at_hand.database.reading() as db:
        return await bearers(db, Speakers(), WHERE, written)


def _doubt(written: str, found: Sequence[Candidate]) -> int:
    """Say that a name means nobody, or more than one, with their numbers; return the exit code."""
    if not found:
        return complain(f"nobody called {written!r} is known: “onrecord speakers” lists who is", FAILED)
    offer(f"{one.name}  ({told(one)})" for one in found)
    return complain(f"{written!r} may be any of these: give the number instead", FAILED)

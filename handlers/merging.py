"""``/merge``, ``/rename`` and ``/undo``: what operators change about speakers; a question comes before it, an undo behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.numbers import number_in
from handlers.permissions import OPERATORS_ONLY
from handlers.wording import bold, buttons, counted, line, says, short, usage
from store.errors import ChangeRefusedError
from store.merging import ChangeKind
from store.names import Match
from summaries.message import List, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.request import Request
    from store.merging import SpeakerChange
    from store.speakers import Speakers
    from store.values import Candidate
    from summaries.message import Message

LONGEST_NAME = 100
MERGE = usage("/merge", "victor orlan into viktor orlan", "12 into 7")
RENAME = usage("/rename", "orlan to Viktor Orlan", "12 to Viktor Orlan")
NOTHING_TO_UNDO = "There is no change that could be undone; /merge and /rename make some."
NOTHING_CHANGED = "Nothing is changed."


async def merge(request: Request) -> Message:
    """Answer ``/merge <one> into <other>``, each a name or a number: who they are, and the question."""
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    written, _, into = request.args.partition(" into ")
    if not into.strip():
        return await _with_changes(request, MERGE)
    async with request.desk.database.reading() as db:
        first = await bearers(db, request.desk.speakers, request.chat, written)
        second = await bearers(db, request.desk.speakers, request.chat, into)
    if not is_plain(first):
        return _choice(written, first, lambda number: f"/merge {number} into {into.strip()}")
    one = first[0]
    if not is_plain(second):
        return _choice(into, second, lambda number: f"/merge {one.speaker_id} into {number}")
    other = second[0]
    return says(
        line("List everything of ", bold(one.name), f" ({told(one)}) under ", bold(other.name), f" ({told(other)})?"),
        f"{NOTHING_CHANGED} Later pages that print either name would be listed there too. It can be undone.",
        buttons(
            (f"Yes, under {other.name}"[:75], f"/mergenow {one.speaker_id} {other.speaker_id}"),
            (f"The other way, under {one.name}"[:75], f"/mergenow {other.speaker_id} {one.speaker_id}"),
        ),
    )


async def merge_now(request: Request) -> Message:
    """Answer a tap on "Yes, under …"."""
    numbers = [number_in(each) for each in request.args.split()]
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:  # noqa: PLR2004 - who, into whom
        return MERGE
    desk = request.desk
    async with desk.database.writing() as db:
        try:
            change = await desk.merging.merge(db, numbers[0], into=numbers[1], by=request.command.user, at=desk.now())
        except ChangeRefusedError as exc:
            return _refused(exc)
    return says(
        line(bold(change.before), " is listed under ", bold(change.after), " now."),
        buttons(("Undo", f"/undo {change.change_id}")),
    )


async def rename(request: Request) -> Message:
    """Answer ``/rename <speaker> to <name>``, the speaker a name or a number: the question before it."""
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    written, _, name = request.args.partition(" to ")
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        return await _with_changes(request, RENAME)
    async with request.desk.database.reading() as db:
        found = await bearers(db, request.desk.speakers, request.chat, written)
    if not is_plain(found):
        return _choice(written, found, lambda number: f"/rename {number} to {name}")
    one = found[0]
    return says(
        line("Call ", bold(one.name), f" ({told(one)}) ", bold(short(name)), "?"),
        f"{NOTHING_CHANGED} Pages keep the name that they print. It can be undone.",
        buttons((f"Yes, {name}"[:75], f"/renamenow {one.speaker_id} {name}")),
    )


async def rename_now(request: Request) -> Message:
    """Answer a tap on "Yes, …" under a rename."""
    written, _, name = request.args.partition(" ")
    number = number_in(written)
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    if number is None:
        return RENAME
    desk = request.desk
    async with desk.database.writing() as db:
        try:
            change = await desk.merging.rename(db, number, name, by=request.command.user, at=desk.now())
        except ChangeRefusedError as exc:
            return _refused(exc)
    return says(
        line(bold(change.before), " is called ", bold(change.after), " now."),
        buttons(("Undo", f"/undo {change.change_id}")),
    )


async def undo(request: Request) -> Message:
    """Answer ``/undo <change's number>``: what a merge or a rename changed is put back."""
    number = number_in(request.args)
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    if number is None:
        return await _with_changes(request, says(NOTHING_TO_UNDO))
    desk = request.desk
    async with desk.database.writing() as db:
        try:
            change = await desk.merging.undo(db, number, by=request.command.user, at=desk.now())
        except ChangeRefusedError as exc:
            return _refused(exc) if await desk.merging.is_any(db) else says(NOTHING_TO_UNDO)
    if change.kind is ChangeKind.MERGE:
        return says(line(bold(change.before), " and ", bold(change.after), " are two again."))
    return says(line(bold(change.after), " is called ", bold(change.before), " again."))


async def bearers(db: AsyncConnection, speakers: Speakers, chat: str, written: str) -> list[Candidate]:
    """Return whom a number or a name means: one where there is no doubt, else all who may be meant.

    What is changed for everybody is never decided by who is quoted more, nor by a near spelling: see ``is_plain``.
    """
    typed, number = written.strip()[:LONGEST_NAME], number_in(written)
    if number is not None:
        known = await speakers.by_number(db, chat, number)
        return [] if known is None else [known]
    found = await speakers.candidates(db, chat, typed)
    whole = [one for one in found if one.match is Match.FULL]
    if " " in typed and len(whole) == 1:
        return whole
    plain = [one for one in found if one.match in {Match.FULL, Match.WORD, Match.PART}]
    return plain or found


def is_plain(found: Sequence[Candidate]) -> bool:
    """Return whether ``bearers`` found one who is meant without doubt."""
    return len(found) == 1 and found[0].match in {Match.FULL, Match.WORD, Match.PART}


def told(one: Candidate) -> str:
    """Return by what an operator tells speakers of one name apart."""
    quoted = f"{counted(one.quotes, 'quote')} on {counted(one.articles, 'page')}"
    named = f"named on {counted(one.named, 'page')}"
    return f"number {one.speaker_id}, {quoted if one.quotes else named}"


def _choice(written: str, found: Sequence[Candidate], command: Callable[[int], str]) -> Message:
    typed = short(written.strip())
    if not found:
        return says(f"Nobody called “{typed}” is known here. {NOTHING_CHANGED}")
    offered = [(f"{one.name} ({told(one)})"[:75], command(one.speaker_id)) for one in found]
    return says(f"Whom do you mean by “{typed}”? {NOTHING_CHANGED}", buttons(*offered))


async def _with_changes(request: Request, how: Message) -> Message:
    """Return how a command is used, and what was changed last, each with its undo."""
    async with request.desk.database.reading() as db:
        changes = await request.desk.merging.changes(db, limit=5)
    if not changes:
        return how
    if request.command.name == "undo":
        how = usage("/undo", str(changes[0].change_id))
    undos = [(f"Undo {one.change_id}", f"/undo {one.change_id}") for one in changes]
    points = tuple((Run(f"{one.change_id}: {described(one)}"),) for one in changes)
    return says(*how.blocks, "Changed so far:", List(points), buttons(*undos))


def described(change: SpeakerChange) -> str:
    """Return what a change did, in words."""
    if change.kind is ChangeKind.MERGE:
        return f"{change.before} is listed under {change.after}"
    return f"{change.before} is called {change.after}"


def _refused(error: ChangeRefusedError) -> Message:
    said = str(error)
    return says(f"{said[0].upper()}{said[1:]}.", NOTHING_CHANGED)

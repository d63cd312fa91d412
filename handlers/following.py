"""``/sources``: where articles come from, added and removed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.first_reading import begin_reading
from handlers.handed_in import link_in
from handlers.numbers import number_in
from handlers.permissions import OPERATORS_ONLY
from handlers.private import reason_of
from handlers.wording import bold, buttons, code, counted, line, says, small, starters_button, usage
from sources.addresses import clean_address, host_of, without_password
from sources.errors import SourceError
from summaries.message import List, Run
from summaries.origins import told_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from handlers.request import Request
    from store.source_values import Source
    from summaries.digests import Telling
    from summaries.message import Block, Message

SHOWN = 40
"""Sources in one answer."""
LOOKS_BACK = timedelta(hours=24)
UNKNOWN = "There is no source of that number; /sources lists them."
NOT_HERE = "This is the demonstration: it follows no sources and dials nothing. You can paste a page."
HOW = usage("/sources", "add https://…", "starters", "pause 3", "resume 3", "remove 3", "fulltext 3 always")
FULL_TEXTS = {
    "auto": "Pages of articles are fetched where the feed holds less.",
    "always": "Pages of articles are always fetched.",
    "never": "Pages of articles are never fetched; what the feed holds is read.",
}
PAUSED_HERE = "Paused by an operator."


async def sources(request: Request) -> Message | None:
    """Answer ``/sources [add <address> | starters | pause, resume or remove <number> | fulltext <number> <when>]``."""
    verb, _, rest = request.args.strip().partition(" ")
    verb = verb.lower()
    if not verb:
        return await _listed(request)
    changes: dict[str, Callable[[Request, str], Awaitable[Message | None]]] = {
        "add": _add,
        "starters": _starters,
        "remove": _remove,
        "pause": _pause,
        "resume": _resume,
        "fulltext": _full_text,
    }
    if verb not in changes and link_in(request.args) is not None:
        verb, rest = "add", request.args
    if verb not in changes:
        return says(f"I do not understand “{request.args[:60]}”.", *HOW.blocks)
    # Whatever is followed is read by everybody who was let in.
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    return await changes[verb](request, rest.strip())


async def _listed(request: Request) -> Message:
    desk = request.desk
    async with desk.database.reading() as db:
        known = await desk.sources.all(db, request.chat)
        given = await desk.sources.articles(db, request.chat, since=desk.now() - LOOKS_BACK)
        telling = await desk.telling(db, request.chat)
    if not known:
        if desk.follower is None:
            return says(NOT_HERE)
        if not request.is_operator:
            return says("I follow no sources yet; the operator of this On Record adds some.")
        add = line("Add one: ", code("/sources add https://…"))
        return says("I follow no sources yet.", add, buttons(starters_button(desk.follower)))
    points = tuple(_point(one, given.get(one.source_id, 0), telling) for one in known[:SHOWN])
    more: list[str | Block] = [f"{counted(len(known) - SHOWN, 'more source')} not shown."] if len(known) > SHOWN else []
    silent = sum(count == 0 for count in given.values())
    heading = line(bold(counted(len(known), "source")), f" · {silent} gave nothing in the last day")
    how = [line("Change them: ", code("/sources add https://…"), ", ", code("/sources remove 3"))]
    return says(heading, List(points), *more, *(how if request.is_operator else []))


def _point(one: Source, articles: int, telling: Telling) -> tuple[Run, ...]:
    """Return "3 · Northern Courier: 12 articles in the last day", and what is wrong where something is."""
    name = Run(one.title or host_of(one.url) or "unnamed", link=clean_address(without_password(one.url)), verbatim=True)
    runs = [Run(f"{one.source_id} · "), name, Run(f": {counted(articles, 'article')} in the last day")]
    if one.paused_reason is not None:
        runs.append(Run(f"; not read any more: {one.paused_reason}"))
    elif one.last_error is not None:
        runs.append(Run(f"; failing: {one.last_error}"))
    elif one.checked_at is None:
        runs.append(Run("; not read yet"))
    elif one.note is not None:
        runs.append(Run(f"; {one.note}"))
    if one.answered_at is not None:
        runs.append(small(f" (last answer {told_time(one.answered_at, telling.translator, telling.zone)})"))
    return tuple(runs)


async def _add(request: Request, written: str) -> Message:
    follower = request.desk.follower
    if follower is None:
        return says(NOT_HERE)
    # A bare domain is what people type.
    url = clean_address(written) or clean_address(f"https://{written}") if written else None
    if url is None or " " in written or "." not in host_of(url):
        return says("That is no address of a feed or a site.", *HOW.blocks)
    try:
        name = await follower.follow(url, by=request.command.user)
    except SourceError as exc:
        return says(f"I could not add it: {reason_of(exc, is_operator=request.is_operator, typed=written)}.")
    return says(line(bold(name), " is followed. Its articles come within minutes."))


async def _starters(request: Request, _: str) -> Message | None:
    follower = request.desk.follower
    if follower is None:
        return says(NOT_HERE)
    new = await follower.starters(by=request.command.user)
    if not new:
        return says("The starter feeds are followed already.")
    if request.command.is_private and request.command.channel.platform != "terminal":
        await begin_reading(request, new)
        return None
    return says(
        f"{counted(new, 'feed')} added. The first articles come within minutes; then ask:",
        buttons(("What happened", "/summary"), ("Brief me daily at 08:00", "/briefing daily 08:00")),
    )


async def _remove(request: Request, written: str) -> Message:
    desk, number = request.desk, number_in(written)
    async with desk.database.writing() as db:
        one = None if number is None else await desk.sources.get(db, request.chat, number)
        if one is None or number is None:
            return says(UNKNOWN)
        await desk.sources.remove(db, request.chat, number)
    return says(line(_name(one), " is followed no more. What was read of it stays."))


def _name(one: Source) -> Run:
    return Run(one.title or host_of(one.url) or "unnamed", verbatim=True)


async def _pause(request: Request, written: str) -> Message:
    desk, number = request.desk, number_in(written)
    async with desk.database.writing() as db:
        one = None if number is None else await desk.sources.get(db, request.chat, number)
        if one is None:
            return says(UNKNOWN)
        await desk.sources.pause(db, one.source_id, PAUSED_HERE)
    return says(line(_name(one), " is not read any more."), buttons(("Resume", f"/sources resume {one.source_id}")))


async def _full_text(request: Request, written: str) -> Message:
    desk = request.desk
    words = written.lower().split()
    number = number_in(words[0]) if words else None
    when = words[1] if len(words) > 1 else ""
    if when not in FULL_TEXTS:
        return says(
            line(
                "Say when the pages of a source’s articles are fetched: ",
                code("/sources fulltext 3 always"),
                ", never or auto.",
            )
        )
    async with desk.database.writing() as db:
        known = number is not None and await desk.sources.change(db, request.chat, number, {"full_text": when})
    return says(FULL_TEXTS[when] if known else UNKNOWN)


async def _resume(request: Request, written: str) -> Message:
    desk, number = request.desk, number_in(written)
    async with desk.database.writing() as db:
        known = number is not None and await desk.sources.resume(db, request.chat, number, now=desk.now())
    return says("It is read again from now on." if known else UNKNOWN)

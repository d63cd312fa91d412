"""Who may ask: private until the operator lets others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.request import Request
from handlers.unasked import queue, tell_operators
from handlers.wording import bold, buttons, line, says
from store.channels import Access

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.command import Command
    from handlers.desk import Desk
    from store.channels import ChannelSettings
    from store.people import Person
    from summaries.message import Message

REFUSED = "This On Record is private."
ASKED = "This On Record is private. I have asked its operator to let you in."
NOBODY = "This On Record is private, and I cannot reach an operator yet. Its start prints a code for who operates it."
OPERATORS_ONLY = "Only the operator of this On Record can do that."
NO_CHANGE = "Here only administrators, and people whom the operator let in, change what comes."


async def admitted(command: Command, desk: Desk) -> Request | Message:
    """Return the request of somebody who may ask, else what a stranger is told."""
    if desk.is_open:
        return Request(command, desk, is_operator=True, may_change=True)
    chat = str(command.channel.lane)
    async with desk.database.reading() as db:
        person = await desk.people.get(db, command.user)
        settings = await desk.channels.get(db, chat)
    allowed = person is not None and person.access is Access.ALLOWED
    if not _is_let_in(command, settings, allowed=allowed):
        async with desk.database.writing() as db:
            said = await _stranger(command, desk, db, person, settings)
        desk.queued()
        return said
    if not _is_known(settings, command.channel_name):
        async with desk.database.writing() as db:
            await desk.channels.add(db, chat, access=Access.ALLOWED, at=desk.now(), by=command.user)
            await desk.channels.change(db, chat, access=Access.ALLOWED, title=command.channel_name)
            # Who writes to us can be written to.
            await desk.channels.resume(db, chat)
    if person is not None and command.is_private and person.channel != chat:
        async with desk.database.writing() as db:
            await desk.people.reach(db, command.user, chat, name=command.user_name)
    return Request(
        command,
        desk,
        is_operator=person is not None and person.is_operator,
        may_change=command.is_private or allowed or command.is_admin,
    )


def _is_known(settings: ChannelSettings | None, name: str | None) -> bool:
    """Return whether what is kept of a channel that was let in is as it should be, its name too."""
    if settings is None or settings.access is not Access.ALLOWED or settings.paused_at is not None:
        return False
    return name is None or settings.title == name


def _is_let_in(command: Command, settings: ChannelSettings | None, *, allowed: bool) -> bool:
    """Return whether a command is answered: alone with us it is the person who counts, in a group also the group."""
    if command.is_private:
        return allowed
    access = None if settings is None else settings.access
    return access is Access.ALLOWED or (allowed and access is not Access.REFUSED)


async def _stranger(
    command: Command, desk: Desk, db: AsyncConnection, person: Person | None, settings: ChannelSettings | None
) -> Message:
    """Ask the operators to let somebody, or a group, in; return what they are told."""
    now = desk.now()
    if command.is_private:
        person, _ = await desk.people.ask(
            db, command.user, name=command.user_name, channel=str(command.channel.lane), at=now
        )
        if person.access is Access.REFUSED:
            return says(REFUSED)
        who, target = command.user_name or command.user, command.user
        asked = line(bold(who, verbatim=True), " would like to use On Record.")
    else:
        known = settings or await desk.channels.add(
            db, str(command.channel.lane), access=Access.ASKED, title=command.channel_name, at=now
        )
        if known.access is Access.REFUSED:
            return says(REFUSED)
        who, target = command.channel_name or known.title or known.channel, known.channel
        asked = line(
            bold(command.user_name or command.user, verbatim=True),
            " would like to use On Record in ",
            bold(who, verbatim=True),
            ".",
        )
    message = says(asked, buttons(("Let in", f"/letin {target}"), ("Refuse", f"/refuse {target}")))
    operators = await tell_operators(desk, db, message, key=f"ask:{target}")
    return says(ASKED if operators else NOBODY)


async def let_in(request: Request) -> Message:
    """Answer a tap on "Let in"."""
    return await _decide(request, Access.ALLOWED)


async def refuse(request: Request) -> Message:
    """Answer a tap on "Refuse"."""
    return await _decide(request, Access.REFUSED)


async def _decide(request: Request, access: Access) -> Message:
    desk, target = request.desk, request.args
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    if not target:
        return await waiting(request)
    now = desk.now()
    async with desk.database.writing() as db:
        person = await desk.people.get(db, target)
        if person is not None:
            name = person.name or person.person
            if person.is_operator and access is Access.REFUSED:
                return says("An operator cannot be refused.")
            changed = await desk.people.decide(db, target, access, by=request.command.user, at=now)
            if person.channel is not None:
                await _posted(desk, db, person.channel, access)
            if changed and access is Access.ALLOWED and person.channel is not None:
                await desk.channels.add(db, person.channel, access=access, at=now, by=request.command.user)
                await queue(desk, db, person.channel, LET_IN, key=f"letin:{target}:{now.isoformat()}")
        else:
            settings = await desk.channels.get(db, target)
            if settings is None:
                return says(f"Nobody called {target[:60]} has asked.")
            name = settings.title or settings.channel
            await desk.channels.change(db, target, access=access)
            await _posted(desk, db, target, access)
            if access is Access.ALLOWED and settings.access is not access:
                await queue(desk, db, target, LET_IN, key=f"letin:{target}:{now.isoformat()}")
    desk.queued()
    other = ("Refuse", f"/refuse {target}") if access is Access.ALLOWED else ("Let in after all", f"/letin {target}")
    done = " is let in." if access is Access.ALLOWED else " is refused."
    return says(line(bold(name, verbatim=True), done), buttons(other))


async def _posted(desk: Desk, db: AsyncConnection, channel: str, access: Access) -> None:
    """Post in a channel that is let in; end what comes by itself to one that is refused."""
    if access is Access.ALLOWED:
        await desk.channels.resume(db, channel)
    else:
        await desk.channels.pause(db, channel, at=desk.now(), reason="refused by the operator")


LET_IN = says("You are let in. Write /help to see what can be asked, or send a link or a page.")


async def waiting(request: Request) -> Message:
    """Return who waits to be let in."""
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    async with request.desk.database.reading() as db:
        people = await request.desk.people.with_access(db, Access.ASKED)
    if not people:
        return says("Nobody waits. Whoever writes to this bot is told that it is private, and you are asked here.")
    asked = [(f"Let in {one.name or one.person}"[:75], f"/letin {one.person}") for one in people[:8]]
    return says("Waiting to be let in:", buttons(*asked))

"""``/subscribe`` and ``/unsubscribe``, and the buttons under them and under alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.absent import name_typed
from handlers.asked import AskedQuotes, parse_quotes
from handlers.numbers import number_in
from handlers.permissions import NO_CHANGE
from handlers.pushing import alert_due
from handlers.reading_aloud import statements_on
from handlers.said import example_name
from handlers.whom import whom
from handlers.wording import bold, buttons, code, counted, line, says, short, usage
from store.subscriptions import Mode
from summaries.digests import Notes, spoken_blocks
from summaries.message import Message
from summaries.origins import told_time
from summaries.statements import key_statements

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.request import Request
    from handlers.whom import Whom
    from store.subscriptions import Subscription
    from summaries.message import Actions, Block

MODES = {Mode.AT_ONCE: "At once", Mode.HOURLY: "Hourly", Mode.DAILY: "Daily"}
LONGEST_MUTE_HOURS = 24 * 30
MOST = 100
"""Subscriptions of one channel; more would be a flood."""
LONGEST_NAME = 100
LONGEST_ABOUT = 100
NONE_OF_THEM = "There is no such subscription here any more."
NEVER_HERE = "It would come like this; but this is the demonstration, which reads nothing, so nothing ever comes."


async def subscribe(request: Request) -> Message:
    """Answer ``/subscribe <speaker> [about <words>]``; without a name, what is subscribed here."""
    asked = parse_quotes(request.args)
    if asked is None:
        return await _listed(request)
    if not request.may_change:
        return says(NO_CHANGE)
    if asked.speaker is None or asked.since is not None or _is_long(asked):
        return says(_refusal(asked), *(await _how(request)).blocks)
    async with request.desk.database.writing() as db:
        meant = await whom(db, request.desk, request.chat, asked)
        # A near name is never taken for the one that was typed: one would wait for the wrong person's words.
        if meant.is_near or meant.choices:
            return _confirm(meant, asked)
        name = name_typed(asked.speaker) if meant.one is None else meant.one.name
        speaker_id = None if meant.one is None else meant.one.speaker_id
        return await _subscribed(request, db, name, speaker_id, meant.asked.about)


def _is_long(asked: AskedQuotes) -> bool:
    return len(asked.speaker or "") > LONGEST_NAME or len(asked.about or "") > LONGEST_ABOUT


def _refusal(asked: AskedQuotes) -> str:
    """Return why nothing can be subscribed to as it was typed."""
    if asked.speaker is None:
        return "A subscription needs a name; “about” narrows it down."
    return "That is too long for a name." if _is_long(asked) else "A subscription begins now, so it has no “since”."


async def tell_of_speaker(request: Request) -> Message:
    """Answer ``/tell <speaker's number> [about …]``: a button that leaves no doubt who is meant."""
    written, _, rest = request.args.partition(" ")
    number, about = number_in(written), parse_quotes(rest)
    if not request.may_change:
        return says(NO_CHANGE)
    async with request.desk.database.writing() as db:
        name = None if number is None else await request.desk.speakers.name_of(db, request.chat, number)
        if name is None:
            return says("I do not know this person any more.")
        return await _subscribed(request, db, name, number, None if about is None else about.about)


async def tell_of_name(request: Request) -> Message:
    """Answer ``/tellname <name>``: the name as it is written, whoever bears it."""
    asked = parse_quotes(request.args)
    if not request.may_change:
        return says(NO_CHANGE)
    if asked is None or asked.speaker is None or len(asked.speaker) > LONGEST_NAME:
        return await _how(request)
    async with request.desk.database.writing() as db:
        return await _subscribed(request, db, asked.speaker, None, asked.about)


async def _subscribed(
    request: Request, db: AsyncConnection, name: str, speaker_id: int | None, about: str | None
) -> Message:
    """Keep a subscription; return what it means."""
    desk = request.desk
    if len(await desk.subscriptions.of(db, request.place)) >= MOST:
        return says(f"There are {MOST} subscriptions here, which is as many as I keep. /unsubscribe ends some.")
    one, is_new = await desk.subscriptions.add(
        db,
        request.place,
        name,
        speaker_id=speaker_id,
        about=about or "",
        by=request.command.user,
        at=desk.now(),
    )
    sources = await desk.sources.all(db, request.chat)
    searched = "I follow no sources yet; /sources adds some." if desk.follower is not None else NEVER_HERE
    if sources:
        soonest = max(1, int(min(one.interval for one in sources).total_seconds() // 60))
        searched = f"Searched: {counted(len(sources), 'source')}, the busy ones every {counted(soonest, 'minute')}."
    wide = await _narrowed(request, db, one) if is_new else None
    one = one if wide is None else replace(one, mode=wide.mode)
    begun = " It was on already." if not is_new else " On now, in the place of all they say." if wide else " On now."
    if desk.follower is None and not sources:
        begun = ""  # in the demonstration nothing is ever on
    blocks: list[str | Block] = [
        line(bold(short(name)), _about(one), f": one message here for each article with a new quote.{begun}"),
        searched,
    ]
    if speaker_id is None:
        blocks.append(f"Nobody called “{short(name)}” is known so far; the first quote under that name is told.")
    else:
        blocks += await _newest(request, db, speaker_id, about)
    # "Undo" would not bring back what this took the place of.
    return says(*blocks, _choices(one, undo=is_new and wide is None))


async def _narrowed(request: Request, db: AsyncConnection, one: Subscription) -> Subscription | None:
    """End the subscription to everything by a speaker, of whom only this is wanted now; return it."""
    if not one.about:
        return None
    subscriptions = request.desk.subscriptions
    for other in await subscriptions.of(db, request.place):
        if not other.about and (other.speaker_id, other.name.casefold()) == (one.speaker_id, one.name.casefold()):
            await subscriptions.set_mode(db, request.place, one.subscription_id, other.mode)
            await subscriptions.remove(db, request.place, other.subscription_id)
            return other
    return None


async def _newest(request: Request, db: AsyncConnection, speaker_id: int, about: str | None) -> list[str | Block]:
    """Return the newest quote so far, that one sees what will come."""
    desk = request.desk
    found = await desk.quotes.by_speaker(db, request.chat, speaker_id, about=about, bar=desk.bars.asked, limit=20)
    newest = [one for one in found if one.card.article_id == found[0].card.article_id]
    shown = key_statements(statements_on(newest, None, desk.bars.asked), 1)
    if not shown:
        return ["Nothing so far."]
    notes, telling = Notes(), await desk.telling(db, request.chat)
    blocks = spoken_blocks(shown, telling, notes)[1:]
    part = "" if shown[0].whole else ", in part"
    return [f"Newest so far{part}:", *blocks, *notes.lines(telling.translator)]


def _choices(one: Subscription, *, undo: bool) -> Actions:
    number = one.subscription_id
    how_soon = [
        (f"{label} ✓" if mode is one.mode else label, f"/mode {number} {mode}") for mode, label in MODES.items()
    ]
    narrowed = [] if one.about else [("Only about …", f"/only {number}")]
    return buttons(*how_soon, *narrowed, ("Undo" if undo else "End", f"/unsubscribe {number}"))


def _confirm(meant: Whom, asked: AskedQuotes) -> Message:
    """Return the question who is meant; nothing is set up yet."""
    about = f" about {asked.about}" if asked.about else ""
    typed = asked.speaker or ""
    as_written = (f"No, “{short(typed)}” as I wrote it", f"/tellname {typed}{about}")
    if meant.one is not None:
        yes = (f"Yes, {meant.one.name}"[:75], f"/tell {meant.one.speaker_id}{about}")
        return says(line("Do you mean ", bold(meant.one.name), "? Nothing is set up yet."), buttons(yes, as_written))
    offered = [(one.name[:75], f"/tell {one.speaker_id}{about}") for one in meant.choices]
    return says(line("Who of these is “", short(typed), "”? Nothing is set up yet."), buttons(*offered, as_written))


async def unsubscribe(request: Request) -> Message:
    """Answer ``/unsubscribe``: by name, by number from a button, or with a choice."""
    if not request.args:
        return await _listed(request)
    if not request.may_change:
        return says(NO_CHANGE)
    desk, number = request.desk, number_in(request.args)
    async with desk.database.writing() as db:
        mine = await desk.subscriptions.of(db, request.place)
        found = [one for one in mine if one.subscription_id == number or _bears(one, request.args)]
        for one in found:
            await desk.subscriptions.remove(db, request.place, one.subscription_id)
    if not found:
        return says(f"Nothing called “{short(request.args)}” is subscribed here.", *(await _listed(request)).blocks)
    names = ", ".join(dict.fromkeys(f"{short(one.name)}{_about(one)}" for one in found))
    again = [(f"Subscribe again to {found[0].name}"[:75], _again(found[0]))] if len(found) == 1 else []
    return says(line(bold(names), ": ended. Nothing more comes."), *([buttons(*again)] if again else []))


def _again(one: Subscription) -> str:
    about = f" about {one.about}" if one.about else ""
    return f"/tellname {one.name}{about}" if one.speaker_id is None else f"/tell {one.speaker_id}{about}"


def _bears(one: Subscription, typed: str) -> bool:
    asked = set(typed.casefold().split())
    return bool(asked) and asked <= set(f"{one.name} about {one.about}".casefold().split())


async def _how(request: Request) -> Message:
    """Return how to subscribe, with a name that is known here."""
    async with request.desk.database.reading() as db:
        name = await example_name(db, request.desk, request.chat) or "orlan"
    return usage("/subscribe", name, f"{name} about peace")


async def _listed(request: Request) -> Message:
    """Return what is subscribed here."""
    async with request.desk.database.reading() as db:
        mine = await request.desk.subscriptions.of(db, request.place)
    if not mine:
        return says("Nothing is subscribed here.", *(await _how(request)).blocks)
    lines = [line(bold(short(one.name)), f"{_about(one)}, {MODES[one.mode].lower()}") for one in mine]
    ends = [(f"End {one.name}{_about(one)}"[:75], f"/unsubscribe {one.subscription_id}") for one in mine[:10]]
    return says("Subscribed here:", *lines, buttons(*ends), line("One more: ", code("/subscribe"), " and a name."))


def _about(one: Subscription) -> str:
    return f" about “{short(one.about)}”" if one.about else ""


async def mode(request: Request) -> Message:
    """Answer ``/mode <number> at_once|hourly|daily``."""
    written, _, wished = request.args.partition(" ")
    number = number_in(written)
    chosen = next((one for one in Mode if one.value == wished.strip()), None)
    if number is None or chosen is None:
        return usage("/mode", *(f"1 {one}" for one in Mode))
    if not request.may_change:
        return says(NO_CHANGE)
    async with request.desk.database.writing() as db:
        await request.desk.subscriptions.set_mode(db, request.place, number, chosen)
        one = await _retimed(request, db, number)
    if one is None:
        return says(NONE_OF_THEM)
    when = {Mode.AT_ONCE: "at once", Mode.HOURLY: "with the full hour", Mode.DAILY: "in the morning at 08:00"}[chosen]
    return Message(
        (line(bold(short(one.name)), f"{_about(one)}: told {when}."), _choices(one, undo=False)), in_place=True
    )


async def _retimed(request: Request, db: AsyncConnection, number: int) -> Subscription | None:
    """Return a subscription as it is now; what waits because of it comes when it says now."""
    desk = request.desk
    one = await desk.subscriptions.get(db, request.place, number)
    if one is not None:
        zone = await desk.zone_of(db, request.chat)
        await desk.alerts.retime(db, number, alert_due(one.mode, desk.now(), zone, one.muted_until))
    return one


async def only_about(request: Request) -> Message:
    """Answer a tap on "Only about …": how to narrow a subscription down."""
    number = number_in(request.args)
    async with request.desk.database.reading() as db:
        one = None if number is None else await request.desk.subscriptions.get(db, request.place, number)
    if one is None:
        return says(NONE_OF_THEM)
    return says(line("Write ", code(f"/subscribe {one.name} about …"), " with the words that a quote must hold."))


async def mute(request: Request) -> Message:
    """Answer ``/mute <number> [hours]``."""
    written, _, wished = request.args.partition(" ")
    number, hours = number_in(written), number_in(wished) if wished else 24
    if number is None or not hours or hours > LONGEST_MUTE_HOURS:
        return usage("/mute", "1 24")
    desk, until = request.desk, request.desk.now() + timedelta(hours=hours)
    if not request.may_change:
        return says(NO_CHANGE)
    async with desk.database.writing() as db:
        await desk.subscriptions.mute(db, request.place, number, until)
        one = await _retimed(request, db, number)
        telling = await desk.telling(db, request.chat)
    if one is None:
        return says(NONE_OF_THEM)
    said = f"{_about(one)}: nothing before {told_time(until, telling.translator, telling.zone)}. What is said until then comes after."
    return says(line(bold(short(one.name)), said), buttons(("Unmute", f"/unmute {number}")))


async def unmute(request: Request) -> Message:
    """Answer ``/unmute <number>``."""
    number = number_in(request.args)
    if number is None:
        return usage("/unmute", "1")
    if not request.may_change:
        return says(NO_CHANGE)
    async with request.desk.database.writing() as db:
        await request.desk.subscriptions.mute(db, request.place, number, None)
        one = await _retimed(request, db, number)
    return (
        says(NONE_OF_THEM)
        if one is None
        else says(line(bold(short(one.name)), f"{_about(one)}: told again from now on."))
    )

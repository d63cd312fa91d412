"""``/briefing``: now, or planned for days and times."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.asked import DAILY, WEEKDAYS, WEEKEND, NotUnderstoodError, parse_schedule
from handlers.permissions import NO_CHANGE
from handlers.slots import next_slot
from handlers.wording import bold, buttons, code, line, says, usage
from summaries.digests import Telling
from summaries.origins import weekday_and_time

if TYPE_CHECKING:
    from handlers.asked import AskedSchedule
    from handlers.desk import Desk
    from handlers.request import Request
    from store.schedules import Schedule
    from summaries.message import Block, Message, Run

LOOKS_BACK = timedelta(hours=24)
OFF = frozenset({"off", "stop", "none", "never", "end"})
DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
TWO_PLANS = (("Daily at 08:00", "/briefing daily 08:00"), ("Weekdays at 08:00", "/briefing weekdays 08:00"))
HOW = usage("/briefing", "weekdays 08:00", "daily 08:00 18:00", "mon, thu 7:30", "off")


async def briefing(request: Request) -> Message:
    """Answer ``/briefing`` with the last day's news, ``/briefing <days> <times>`` by planning, ``/briefing off``."""
    asked = request.args.strip()
    if not asked or asked.lower() == "now":
        return await _now(request)
    if not request.may_change:
        return says(NO_CHANGE)
    if asked.lower() == "change":
        return await _change(request)
    if asked.lower() in OFF:
        return await _off(request)
    try:
        wished = parse_schedule(asked)
    except NotUnderstoodError as exc:
        said = f"I do not understand “{exc.words[:60]}”."
        if not any(letter.isdigit() for letter in asked):
            said += " A briefing needs a time."
        return says(said, *HOW.blocks)
    return await _planned(request, wished)


async def _now(request: Request) -> Message:
    """Return the news of the last day, and when briefings come by themselves."""
    desk = request.desk
    async with desk.database.writing() as db:
        message = await desk.briefings.preview(db, request.chat, since=desk.now() - LOOKS_BACK)
        planned = await desk.schedules.all(db, request.place)
    if planned:
        told: list[Block] = [_told(one, desk) for one in planned]
        return says(*message.blocks, *told, buttons(("No briefings any more", "/briefing off")))
    return says(*message.blocks, "No briefing comes here by itself yet.", buttons(*TWO_PLANS))


async def _change(request: Request) -> Message:
    """Return what is planned here, and how to plan it otherwise: the button under a briefing."""
    desk = request.desk
    async with desk.database.reading() as db:
        planned = await desk.schedules.all(db, request.place)
    if not planned:
        return says("No briefing comes here by itself.", buttons(*TWO_PLANS))
    known = [(one.days, one.times) for one in planned]
    wished = [(parse_schedule(command.removeprefix("/briefing ")), (label, command)) for label, command in TWO_PLANS]
    others = [offer for wish, offer in wished if (wish.days, wish.times) not in known]
    return says(*(_told(one, desk) for one in planned), *HOW.blocks, buttons(*others, ("Off", "/briefing off")))


async def _planned(request: Request, wished: AskedSchedule) -> Message:
    """Plan briefings in the place of those that were planned here; what is the same already stays."""
    desk = request.desk
    async with desk.database.writing() as db:
        settings = await desk.channels.get(db, request.chat)
        zone = await desk.zone_of(db, request.chat)
        before = await desk.schedules.all(db, request.place)
        same = [one for one in before if (one.days, one.times, one.timezone) == (wished.days, wished.times, zone.key)]
        for one in before:
            if one not in same[:1]:
                await desk.schedules.remove(db, request.place, one.schedule_id)
        kept = same[:1] or [
            await desk.schedules.add(
                db,
                request.place,
                days=wished.days,
                times=wished.times,
                timezone=zone.key,
                by=request.command.user,
                at=desk.now(),
            )
        ]
    desk.rescheduled()
    blocks: list[Block] = [_told(kept[0], desk)]
    if settings is None or settings.timezone is None:
        blocks.append(line(f"That is the time of {zone.key}; ", code("/settings"), " and a city changes it."))
    return says(*blocks, buttons(("Show it now", "/briefing now"), ("Off", "/briefing off")))


async def _off(request: Request) -> Message:
    desk = request.desk
    async with desk.database.writing() as db:
        planned = await desk.schedules.all(db, request.place)
        for one in planned:
            await desk.schedules.remove(db, request.place, one.schedule_id)
    desk.rescheduled()
    if not planned:
        return says("No briefing was planned here.", *HOW.blocks)
    again = [(f"Again {told_days(one)} at {_times(one)}"[:75], f"/briefing {_typed(one)}") for one in planned[:1]]
    return says("No briefing comes here by itself any more.", buttons(*again))


def _told(one: Schedule, desk: Desk) -> Block:
    """Return "Briefing here: weekdays at 08:00. Next: Monday 08:00 CEST."."""
    zone = ZoneInfo(one.timezone)
    following = next_slot(one.days, one.times, zone, desk.now())
    runs: list[str | Run] = [bold("Briefing here"), f": {told_days(one)} at {_times(one)}."]
    if following is not None:
        local = following.due_at.astimezone(zone)
        runs.append(f" Next: {weekday_and_time(local, Telling(desk.bars).translator)} {local.tzname()}.")
    return line(*runs)


def told_days(one: Schedule | AskedSchedule) -> str:
    """Return the days of a schedule as people say them."""
    named = {DAILY: "daily", WEEKDAYS: "weekdays", WEEKEND: "weekends"}
    return named.get(one.days) or ", ".join(DAYS[day] for day in sorted(one.days))


def _times(one: Schedule | AskedSchedule) -> str:
    times = [f"{local:%H:%M}" for local in one.times]
    return times[0] if len(times) == 1 else f"{', '.join(times[:-1])} and {times[-1]}"


def _typed(one: Schedule) -> str:
    named = {DAILY: "daily", WEEKDAYS: "weekdays", WEEKEND: "weekends"}.get(one.days)
    days = named or " ".join(DAYS[day].removesuffix("s").lower() for day in sorted(one.days))
    return f"{days} {' '.join(f'{local:%H:%M}' for local in one.times)}"

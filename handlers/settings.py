"""``/settings``: the time zone of a chat."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from handlers.permissions import NO_CHANGE
from handlers.wording import bold, buttons, code, line, says
from store.channels import Access

if TYPE_CHECKING:
    from handlers.request import Request
    from summaries.message import Message

LONGEST = 60
_FILLING = re.compile(r"^(?:time\s*zone|timezone|zone|tz)\b[\s:=]*", re.IGNORECASE)
NEAR = 75
"""How like, 0 to 100, a city's name has to be to be offered."""


async def settings(request: Request) -> Message:
    """Answer ``/settings``, and ``/settings <city>`` or ``/settings zone Europe/Berlin``."""
    desk, asked = request.desk, _FILLING.sub("", request.args.strip()).strip()
    if not asked:
        async with desk.database.reading() as db:
            zone = await desk.zone_of(db, request.chat)
        local = desk.now().astimezone(zone)
        return says(
            line("Times here are those of ", bold(zone.key), f", where it is {local:%H:%M}."),
            line("Another: ", code("/settings Berlin"), " or ", code("/settings America/New_York"), "."),
        )
    if not request.may_change:
        return says(NO_CHANGE)
    zones, is_near = zones_named(asked[:LONGEST])
    # What is only spelt alike is asked, never taken.
    if len(zones) != 1 or is_near:
        return _which(asked[:LONGEST], zones)
    return await _set(request, zones[0])


async def _set(request: Request, zone: str) -> Message:
    desk = request.desk
    async with desk.database.writing() as db:
        await desk.channels.add(db, request.chat, access=Access.ALLOWED, at=desk.now(), by=request.command.user)
        await desk.channels.change(db, request.chat, timezone=zone)
        moved = await desk.schedules.move_zone(db, request.place, zone)
    desk.rescheduled()
    local = desk.now().astimezone(ZoneInfo(zone))
    briefings = " Briefings follow it." if moved else ""
    return says(line("Times here are now those of ", bold(zone), f", where it is {local:%H:%M}.{briefings}"))


def _which(asked: str, found: list[str]) -> Message:
    if not found:
        return says(
            f"I know no time zone or city called “{asked}”.",
            line("Zones are named by a large city in them: ", code("/settings Europe/Berlin"), "."),
        )
    return says(f"Which one is “{asked}”?", buttons(*((zone, f"/settings {zone}") for zone in found[:6])))


def zones_named(asked: str) -> tuple[list[str], bool]:
    """Return the zones that a name means, by their own name or their city's, and whether they are only spelt alike."""
    key = asked.replace(" ", "_").casefold()
    whole = [zone for zone in _zones() if zone.casefold() == key]
    cities = [zone for zone in _zones() if zone.rpartition("/")[2].casefold() == key]
    if whole or cities:
        return whole or cities, False
    if not key or not key.isascii():
        return [], False
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only misspelt cities need it

    names = {zone: zone.rpartition("/")[2].casefold() for zone in _zones()}
    near = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=4)
    return [zone for _, _, zone in near], True


@cache  # a constant of the machine
def _zones() -> tuple[str, ...]:
    """Return the zones that people live by; "Etc/GMT+1" (which lies west of GMT) misleads."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/", "Arctic/")
    return ("UTC", *sorted(zone for zone in available_timezones() if zone.startswith(regions)))

"""``moment_of(text)``: the UTC moment of a printed date, in the ways publishers print dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

MAX_LENGTH = 80
NOON = 12

# RFC 822 knows those of the United States; these are what European and Pacific publishers write into pubDate. Offsets in
# minutes. IST is left out: it is Irish, Israeli and Indian.
_ZONES = {
    "bst": 60, "cest": 120, "cet": 60, "eest": 180, "eet": 120, "msk": 180, "west": 60, "wet": 0, "mesz": 120,
    "mez": 60, "sast": 120, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "awst": 480, "acst": 570, "acdt": 630,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "akst": -540, "akdt": -480, "hst": -600, "nst": -210,
    "ndt": -150, "ast": -240, "adt": -180, "utc": 0, "z": 0,
}  # fmt: skip
# The standard library knows these in mail's dates; ISO's are printed with them, too.
_ISO_ZONES = _ZONES | {
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "gmt": 0,
}  # fmt: skip
_LAST_WORD = re.compile(r"\s([A-Za-z]{1,5})$")
_OFFSET_IN_WORDS = re.compile(r"\b(?:GMT|UTC)\s*([+-]\d{1,2}):?(\d{2})?$", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_SEPT = re.compile(r"\bsept\b\.?", re.IGNORECASE)
_FRACTION = re.compile(r"(:\d{2}\.\d{6})\d+")
_REMARK = re.compile(r"\s*\([^()]*\)$")  # "GMT+0200 (Central European Summer Time)": how JavaScript writes it
_OFFSET_WITH_COLON = re.compile(r"([+-]\d{2}):(\d{2})$")
_HALF_OF_DAY = re.compile(r"\b(\d{1,2}):(\d{2})((?::\d{2})?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_UNIX = re.compile(r"\d{10}(?:\d{3})?")  # seconds, or milliseconds, from 2001 to 2286


def moment_of(text: str | None) -> datetime | None:
    """Return the moment a date says, aware UTC; without a zone it is taken for UTC. None where it says none."""
    clean = " ".join((text or "").split())[: MAX_LENGTH + 1]
    if not clean or len(clean) > MAX_LENGTH:
        return None
    clean = _HALF_OF_DAY.sub(_of_24_hours, _REMARK.sub("", clean))
    try:
        moment = _unix(clean) or _iso(clean) or _mail(clean)
        return None if moment is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _of_24_hours(time: re.Match[str]) -> str:
    """Return "19:00" for "7:00 PM", and for "19:00 PM"."""
    hour = int(time[1])
    if 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if time[4].lower() == "p" else 0)
    return f"{hour:02}:{time[2]}{time[3]}"


def _unix(text: str) -> datetime | None:
    """Return a moment out of seconds or milliseconds since 1970."""
    return datetime.fromtimestamp(int(text[:10]), UTC) if _UNIX.fullmatch(text) else None


def _iso(text: str) -> datetime | None:
    """Return a moment out of ISO 8601 and what comes near it (2026/09/06, a blank before the zone, a zone's name)."""
    zone = None
    if (named := _LAST_WORD.search(text)) is not None and (zone := _ISO_ZONES.get(named[1].lower())) is not None:
        text = text[: named.start()]
    candidate = _FRACTION.sub(r"\1", _SLASHED.sub(lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", text))
    candidate = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", candidate, flags=re.IGNORECASE)
    candidate = re.sub(r"\s([+-]\d{2}:?\d{2})$", r"\1", candidate)
    if re.fullmatch(r"\d{4}-\d{2}", candidate):
        candidate += "-01"
    try:
        moment = datetime.fromisoformat(candidate)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone(timedelta(minutes=zone or 0)))


def _mail(text: str) -> datetime | None:
    """Return a moment out of RFC 822 and what comes near it (names of zones, full names of months)."""
    zone = None
    # RFC 822 writes offsets without a colon; with one, the standard library takes the time for UTC.
    text = _OFFSET_WITH_COLON.sub(r"\1\2", text)
    if (worded := _OFFSET_IN_WORDS.search(text)) is not None:
        sign = -1 if worded[1].startswith("-") else 1
        zone = sign * (abs(int(worded[1])) * 60 + int(worded[2] or 0))
        text = text[: worded.start()]
    elif (named := _LAST_WORD.search(text)) is not None and (zone := _ZONES.get(named[1].lower())) is not None:
        text = text[: named.start()]
    parts = parsedate_tz(_SEPT.sub("Sep", text))
    if parts is None:
        return None
    offset = timedelta(minutes=zone) if zone is not None else timedelta(seconds=parts[9] or 0)
    return datetime(*parts[:6], tzinfo=timezone(offset))

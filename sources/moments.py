"""``moment_of(text)``: the UTC moment of a printed date, in the ways publishers print dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

MAX_LENGTH = 80

# RFC 822 knows the American ones; these are what European and Pacific publishers write into pubDate. Offsets in
# minutes. IST is left out: it is Irish, Israeli and Indian.
_ZONES = {
    "bst": 60, "cest": 120, "cet": 60, "eest": 180, "eet": 120, "msk": 180, "west": 60, "wet": 0, "mesz": 120,
    "mez": 60, "sast": 120, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "awst": 480, "acst": 570, "acdt": 630,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "akst": -540, "akdt": -480, "hst": -600, "nst": -210,
    "ndt": -150, "ast": -240, "adt": -180, "utc": 0, "z": 0,
}  # fmt: skip
_LAST_WORD = re.compile(r"\s([A-Za-z]{1,5})\s*(?:\([^)]*\))?$")
_OFFSET_IN_WORDS = re.compile(r"\b(?:GMT|UTC)\s*([+-]\d{1,2}):?(\d{2})?$", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_SEPT = re.compile(r"\bsept\b\.?", re.IGNORECASE)
_FRACTION = re.compile(r"(:\d{2}\.\d{6})\d+")


def moment_of(text: str | None) -> datetime | None:
    """Return the moment a date says, aware UTC; without a zone it is taken for UTC. None where it says none."""
    clean = " ".join((text or "").split())[: MAX_LENGTH + 1]
    if not clean or len(clean) > MAX_LENGTH:
        return None
    try:
        moment = _iso(clean) or _mail(clean)
        return None if moment is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    """Return a moment out of ISO 8601 and what comes near it (2026/09/06, a blank before the zone)."""
    candidate = _FRACTION.sub(r"\1", _SLASHED.sub(lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", text))
    candidate = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", candidate, flags=re.IGNORECASE)
    candidate = re.sub(r"\s([+-]\d{2}:?\d{2})$", r"\1", candidate)
    if re.fullmatch(r"\d{4}-\d{2}", candidate):
        candidate += "-01"
    try:
        moment = datetime.fromisoformat(candidate)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _mail(text: str) -> datetime | None:
    """Return a moment out of RFC 822 and what comes near it (names of zones, full names of months)."""
    zone = None
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

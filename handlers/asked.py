"""What a person asked for, read out of the words they typed; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from handlers.since import SINCE, parse_since, typed

if TYPE_CHECKING:
    from datetime import date, timedelta

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAILY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKEND = frozenset((5, 6))
MOST_TIMES = 12
"""A day has room for so many briefings; more is a slip of the finger."""
LONGEST_QUESTION = 300
"""Characters; what is longer is a pasted page."""

_SINCE = re.compile(rf"\bsince\s+({SINCE})\s*$", re.IGNORECASE)
# One word that cannot be about anything else: "since the war" may be what it is about.
_SINCE_WHAT = re.compile(r"\bsince\s+(\S+)\s*$", re.IGNORECASE)
_ABOUT = re.compile(r"(?:^|\s)(?:about|on|regarding)(?:\s+(.*))?$", re.IGNORECASE)
_QUESTION = re.compile(
    r"^\s*what\s+(?:did|does|do|has|have|had|is|was)\s+(?P<speaker>.+?)\s+(?:say|said|saying|tell|told|state|stated)\b"
    r"\s*(?P<rest>.*?)[\s?.!]*$",
    re.IGNORECASE | re.DOTALL,
)
_TIME = re.compile(r"^(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|a\.m\.|p\.m\.)?$", re.IGNORECASE)


class NotUnderstoodError(Exception):
    """Words of a command that mean nothing to us.

    Attributes:
        words: The words themselves, as typed.
    """

    def __init__(self, words: str) -> None:
        super().__init__(f"not understood: {words}")
        self.words = words


@dataclass(frozen=True, slots=True)
class AskedQuotes:
    """Whose quotes, about what, from when on.

    Attributes:
        speaker: As typed, blanks tidied; None asks for anybody's.
        about: As typed; None for everything.
        since: How far back, or from which day on (see ``handlers.since``); None for as far as there is.
        outlet: By whom printed; None for whomever.
    """

    speaker: str | None
    about: str | None = None
    since: timedelta | date | None = None
    outlet: str | None = None

    def limits(self) -> str:
        """Return what narrows it down, as it is typed: "about nato since 7d"."""
        limits = [f"about {self.about}"] if self.about else []
        limits += [f"since {typed(self.since)}"] if self.since else []
        return " ".join(limits)


@dataclass(frozen=True, slots=True)
class AskedSchedule:
    """On which days (Monday is 0) and at which local times."""

    days: frozenset[int]
    times: tuple[time, ...]


def parse_quotes(args: str) -> AskedQuotes | None:
    """Return what ``/quotes`` was asked ("putin", "putin about nato since 7d", "about nato"), or None if nothing.

    What stands behind "since" and is no time is a word like others here; see ``unknown_since``.
    """
    since = None
    if found := _SINCE.search(args):
        since = parse_since(found[1])
        args = args[: found.start()]
    about = None
    if found := _ABOUT.search(args):
        about = _tidy(found[1] or "") or None
        args = args[: found.start()]
    speaker = _tidy(args) or None
    return AskedQuotes(speaker, about, since) if speaker or about else None


def unknown_since(args: str) -> str | None:
    """Return the word behind a last "since" that is no time, None where there is none; words after "about" are words."""
    if (time_like := _SINCE.search(args)) is not None:
        return None if parse_since(time_like[1]) else time_like[1]
    found = _SINCE_WHAT.search(args)
    return None if found is None or _ABOUT.search(args) else found[1]


def parse_question(text: str) -> AskedQuotes | None:
    """Return what a sentence like "what did putin say about nato" asks, or None if it is no such question."""
    found = _QUESTION.match(text) if len(text) <= LONGEST_QUESTION else None
    return parse_quotes(f"{found['speaker']} {found['rest']}") if found else None


def parse_schedule(args: str) -> AskedSchedule:
    """Return the days and times of "weekdays 08:00", "mon, thu 7.30 18:00", "8am" (daily), "daily at 8".

    Raises:
        NotUnderstoodError: for the first word that is neither a day nor a time, or if there is no time at all.
    """
    days: set[int] = set()
    times: list[time] = []
    # "8 am" is one time, "mon-fri" one range of days.
    args = re.sub(r"(\d)\s+([ap]\.?m\b)", r"\1\2", args, flags=re.IGNORECASE)
    args = re.sub(r"\s*[-–]\s*", "-", args)
    for word in re.split(r"[\s,;]+", args.strip()):
        if word.lower() in {"", "at", "on", "and", "every", "each", "day"}:
            continue
        if (some := _days_of(word.lower())) is not None:
            days |= some
        else:
            times.append(_time_of(word))
    if not times or len(times) > MOST_TIMES:
        raise NotUnderstoodError(args.strip())
    return AskedSchedule(frozenset(days) or DAILY, tuple(sorted(set(times))))


def _days_of(word: str) -> frozenset[int] | None:
    named = {"daily": DAILY, "weekdays": WEEKDAYS, "weekday": WEEKDAYS, "weekends": WEEKEND, "weekend": WEEKEND}
    if word in named:
        return named[word]
    first, dash, last = word.partition("-")
    begin, end = _day_of(first), _day_of(last if dash else first)
    if begin is None or end is None:
        return None
    # "fri-mon" goes over the week's end.
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _day_of(word: str) -> int | None:
    word = word.rstrip(".s") if word.rstrip(".") not in DAY_NAMES else word.rstrip(".")
    if len(word) < 2:  # noqa: PLR2004 - "t" and "s" are two days each
        return None
    days = [i for i, name in enumerate(DAY_NAMES) if name.startswith(word) or (word == "tues" and i == 1)]
    return days[0] if len(days) == 1 else None


def _time_of(word: str) -> time:
    found = _TIME.match(word)
    if not found:
        raise NotUnderstoodError(word)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "").lower()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the clock's face
            raise NotUnderstoodError(word)
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as exc:
        raise NotUnderstoodError(word) from exc


def _tidy(words: str) -> str:
    return " ".join(words.split()).strip(" ?,;:“”\"'‘’")

"""Where a page is from, as a line under or above what was taken from it."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from summaries.message import Run, Style

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from summaries.digests import Translator

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Origin(Protocol):
    """What a page says of itself; articles are such, and the store's cards."""

    @property
    def url(self) -> str | None:
        """Its address."""
        ...

    @property
    def outlet(self) -> str | None:
        """Who published it."""
        ...

    @property
    def byline(self) -> str | None:
        """Who wrote it, without "By"."""
        ...

    @property
    def published_at(self) -> datetime | None:
        """When it was published."""
        ...


def origin_runs(
    origin: Origin, t: Translator, zone: tzinfo | None = None, *, handed_in: datetime | None = None
) -> tuple[Run, ...]:
    """Return "By Ana Pardo · Northern Courier · 6 September 2026, 14:10 UTC · courier.example", what is missing said.

    Args:
        origin: Of a page.
        t: Our words in the reader's language.
        zone: In which times are told; UTC where None.
        handed_in: When somebody handed the page in; None where it came by itself.
    """
    parts: list[Run] = []
    if origin.byline:
        before, after = t.gettext("By {name}").split("{name}")
        parts += [_small(before), Run(origin.byline, Style.SMALL, verbatim=True), _small(after)]
    if origin.outlet:
        parts += [_small(" · "), Run(origin.outlet, Style.SMALL, verbatim=True)]
    if origin.published_at:
        parts.append(_small(f" · {told_time(origin.published_at, t, zone)}"))
    if origin.url:
        parts += [_small(" · "), Run(_host(origin.url), Style.SMALL, link=origin.url, verbatim=True)]
    if handed_in:
        parts.append(_small(" · " + t.gettext("handed in {when}").format(when=told_time(handed_in, t, zone))))
    missing = [
        t.gettext(name)
        for name, value in (("outlet", origin.outlet), ("date", origin.published_at), ("address", origin.url))
        if value is None
    ]
    if not origin.byline:
        missing.insert(0, t.gettext("byline"))
    if missing:
        parts.append(_small(" · " + t.gettext("no {what} on the page").format(what=_either(missing, t))))
    runs = [run for run in parts if run.text]
    if runs and runs[0].text.startswith(" · "):
        rest = runs[0].text.removeprefix(" · ")
        runs[0:1] = [_small(rest)] if rest else []
    return tuple(runs)


def told_time(moment: datetime, t: Translator, zone: tzinfo | None = None) -> str:
    """Return a moment as people write it; without the time where it is midnight UTC, which stands for "that day"."""
    midnight = moment.astimezone(UTC)
    if (midnight.hour, midnight.minute, midnight.second) == (0, 0, 0):
        return _day(midnight, t)
    there = moment.astimezone(zone or UTC)
    return f"{_day(there, t)}, {there:%H:%M} {there.tzname()}"


def day_and_time(moment: datetime, t: Translator, *, with_time: bool = True) -> str:
    """Return "Saturday 6 September, 08:00", the moment's own zone counting."""
    day = f"{t.gettext(_WEEKDAYS[moment.weekday()])} {moment.day} {t.gettext(_MONTHS[moment.month - 1])}"
    return f"{day}, {moment:%H:%M}" if with_time else day


def weekday_and_time(moment: datetime, t: Translator) -> str:
    """Return "Friday 08:00", the moment's own zone counting."""
    return f"{t.gettext(_WEEKDAYS[moment.weekday()])} {moment:%H:%M}"


def _day(moment: datetime, t: Translator) -> str:
    return f"{moment.day} {t.gettext(_MONTHS[moment.month - 1])} {moment.year}"


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    return (host or url).removeprefix("www.")


def _either(names: list[str], t: Translator) -> str:
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + " " + t.gettext("or") + " " + names[-1]


def _small(text: str) -> Run:
    return Run(text, Style.SMALL)

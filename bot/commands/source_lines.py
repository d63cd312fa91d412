"""Sources in words for a terminal: one line each, and under it what is wrong. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.wording import counted
from sources.addresses import host_of, without_password

if TYPE_CHECKING:
    from datetime import datetime

    from bot.looks import Look
    from store.source_values import Source

_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def name_of(source: Source) -> str:
    """Return what a source is called."""
    return source.title or host_of(source.url) or "unnamed"


def lasting(time: timedelta) -> str:
    """Return "3 hours", rounded down to its greatest unit."""
    for unit, name in _UNITS:
        if time >= unit:
            return counted(time // unit, name)
    return "a moment"


def ago(moment: datetime, now: datetime) -> str:
    """Return "3 hours ago"."""
    return f"{lasting(now - moment)} ago"


def ahead(moment: datetime, now: datetime) -> str:
    """Return "in 3 hours", "now" for what is past."""
    return "now" if moment <= now else f"in {lasting(moment - now)}"


def listed(source: Source, articles: int, now: datetime) -> list[str]:
    """Return a source as lines of a list: what it gave, where it is, what is wrong with it."""
    gave = f"{counted(articles, 'article')} in the last day"
    answered = "no answer yet" if source.answered_at is None else f"last answer {ago(source.answered_at, now)}"
    due = "paused" if source.paused_reason is not None else f"next look {ahead(source.due_at, now)}"
    lines = [f"{source.source_id:>4}  {name_of(source)}: {gave}, {answered}, {due}"]
    about = [without_password(source.url), *source.tags]
    if source.full_text != "auto":
        about.append(f"pages are {source.full_text} fetched")
    about += [said for said in (source.outlet.country, source.outlet.owner) if said is not None]
    lines.append("      " + " · ".join(about))
    wrong = trouble(source, now)
    return lines if wrong is None else [*lines, f"      {wrong}"]


def trouble(source: Source, now: datetime) -> str | None:
    """Return what is wrong with a source and what to do; None where nothing is."""
    if source.paused_reason is not None:
        return f"Not read any more. {source.paused_reason} (onrecord sources resume {source.source_id})"
    if source.last_error is not None:
        since = "" if source.failing_since is None else f", since {ago(source.failing_since, now)}"
        if source.unreached:
            return (
                f"Not reached{since}, and nor was any other source: this machine's own line seems to be down. "
                "It is not paused for that, and read again once another answers."
            )
        return f"Failed {counted(source.failures, 'time')} in a row{since}: {source.last_error}"
    return None if source.note is None else f"{source.note[0].upper()}{source.note[1:]}"


def read_line(source: Source, look: Look) -> str:
    """Return what a look at a source gave, as a line."""
    if look.paused is not None:
        said = f"not read any more. {look.paused}"
    elif look.error is not None:
        said = f"failed: {look.error}"
    elif not look.found:
        said = "nothing new"
    else:
        said = counted(look.articles, "article")
        said += "" if look.note is None else f"; {look.note}"
        said += f"; {look.left} left for the next look" if look.left else ""
    return f"{source.source_id:>4}  {name_of(source)}: {said}"


def kept_line(source: Source, articles: int) -> str:
    """Return what another process's look at a source gave, as far as it was kept, as a line."""
    if source.paused_reason is not None:
        said = f"not read any more. {source.paused_reason}"
    elif source.last_error is not None:
        said = f"failed: {source.last_error}"
    else:
        said = (counted(articles, "article") if articles else "nothing new") + (
            f"; {source.note}" if source.note else ""
        )
    return f"{source.source_id:>4}  {name_of(source)}: {said}"

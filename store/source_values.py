"""A source as the store hands it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes a source, so that a reader can weigh it; None of each where nobody said.

    Attributes:
        home: Address of its site.
        country: ISO 3166 code of the country it reports from.
        owner: Who owns or pays for it, as it says itself.
    """

    home: str | None = None
    country: str | None = None
    owner: str | None = None


UNKNOWN = Outlet()


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from.

    Attributes:
        owner_channel: Whose it is; None when its articles are shared.
        full_text: "auto", "always" or "never": whether an entry's page is fetched.
        etag: Of its last good answer, as is ``last_modified``; sent back so that an unchanged feed costs nothing.
        interval: Between two checks.
        due_at: When it is checked next.
        checked_at: When it was checked last, well or not; None before the first time.
        answered_at: When a check ended well last.
        newest_entry_at: When its newest entry was printed.
        failures: In a row, since ``failing_since``.
        paused_reason: Why it is not read; None while it is.
        claimed_until: How long it is somebody's to read; None while it is nobody's.
        moves: How many looks in a row were sent on, for good, to ``moved_to``.
        tags: The folders it stands in, as lists of feeds have them.
        unreached: How many of the failures were our own line's.
        note: What could not be read of the news of its last look, and why; None where all could.
        outlet: Whose it is, as far as a list of feeds said.
        ttl: How long its feed says it stays good; None where it does not say.
    """

    source_id: int
    owner_channel: str | None
    url: str
    title: str | None
    added_by: str | None
    added_at: datetime
    full_text: str
    etag: str | None
    last_modified: str | None
    interval: timedelta
    due_at: datetime
    checked_at: datetime | None
    answered_at: datetime | None
    newest_entry_at: datetime | None
    failures: int
    failing_since: datetime | None
    last_error: str | None
    paused_reason: str | None
    claimed_until: datetime | None
    moves: int
    moved_to: str | None
    tags: tuple[str, ...] = ()
    note: str | None = None
    unreached: int = 0
    outlet: Outlet = UNKNOWN
    ttl: timedelta | None = None


def source_of(row: Row[Any]) -> Source:
    """Return a row of the table as a value."""
    return Source(
        source_id=row.source_id,
        owner_channel=row.owner_channel,
        url=row.url,
        title=row.title,
        added_by=row.added_by,
        added_at=row.added_at,
        full_text=row.full_text,
        etag=row.etag,
        last_modified=row.last_modified,
        interval=timedelta(seconds=row.interval_seconds),
        due_at=row.due_at,
        checked_at=row.checked_at,
        answered_at=row.answered_at,
        newest_entry_at=row.newest_entry_at,
        failures=row.failures,
        failing_since=row.failing_since,
        last_error=row.last_error,
        paused_reason=row.paused_reason,
        claimed_until=row.claimed_until,
        moves=row.moves,
        moved_to=row.moved_to,
        tags=tuple(row.tags),
        note=row.note,
        unreached=row.unreached,
        outlet=Outlet(row.home, row.country, row.outlet_owner),
        ttl=None if row.ttl_seconds is None else timedelta(seconds=row.ttl_seconds),
    )

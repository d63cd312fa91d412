"""What may be sent unasked, and when; pure.

Nobody asked for an alert or a briefing, so a wrong name there does more harm than one in an answer: the higher bar holds.
A quote whose speaker is carried on travels only behind the quote that it is carried on from, marked as such.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from handlers.slots import next_slot
from store.subscriptions import Mode
from summaries.statements import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from summaries.printed import PrintedQuote
    from summaries.statements import Statement
    from summaries.values import Quote

CARRIED_BAR = 0.7
"""Confidence from where on a carried-on quote is sent with the quote before it: “If …” does not travel without its “And
if …”. Of such quotes in polnear/train 21 of 22 names are right (docs/decisions/0004)."""
DAILY_AT = time(8)
"""When daily alerts come, in the channel's zone."""


def pushable(quotes: Sequence[PrintedQuote], bar: float, *, opening: str = "") -> tuple[Statement, ...]:
    """Return the statements of one article that may be sent unasked, in reading order.

    Args:
        quotes: Of the article, in reading order.
        bar: Confidence, 0 to 1, from where on a name is sent.
        opening: As for ``statements_of``.
    """
    kept = []
    for statement in statements_of(quotes, bar, opening=opening):
        sent = tuple(_sent(statement.quotes, bar))
        if statement.speaker is not None and sent:
            kept.append(statement if len(sent) == len(statement.quotes) else replace(statement, quotes=sent))
    return tuple(kept)


def _sent(quotes: Iterable[PrintedQuote], bar: float) -> Iterator[PrintedQuote]:
    """Yield the quotes of a statement that are sent; a statement may hold some that only an answer may show."""
    before: Quote | None = None
    for printed in quotes:
        attribution = printed.quote.attribution
        if attribution is None:
            goes = False
        elif attribution.carried_on:
            same = before is not None and before.group is not None and before.group == printed.quote.group
            goes = before is not None and (same or attribution.confidence >= min(bar, CARRIED_BAR))
        else:
            goes = attribution.confidence >= bar
        before = printed.quote if goes else None
        if goes:
            yield printed


def alert_due(mode: Mode, now: datetime, zone: ZoneInfo, muted_until: datetime | None) -> datetime:
    """Return when a quote that was just read is told to a channel.

    Args:
        mode: At once, with the next full hour, or with the next morning.
        now: Aware.
        zone: The channel's.
        muted_until: Nothing before; None where it is not muted.
    """
    start = max(now, muted_until or now)
    if mode is Mode.AT_ONCE:
        return start
    if mode is Mode.HOURLY:
        full = start.replace(minute=0, second=0, microsecond=0)
        return full if full == start else full + timedelta(hours=1)
    slot = next_slot(frozenset(range(7)), [DAILY_AT], zone, start)
    return start if slot is None else slot.due_at.astimezone(UTC)

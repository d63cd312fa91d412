"""What is sent unasked keeps to the higher bar and comes when it was wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.pushing import alert_due, pushable
from store.subscriptions import Mode
from summaries.printed import Printed, printed_quotes
from tests.handlers.pages import DAM, analysis_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 9, 6, 8, 20, tzinfo=UTC)  # 10:20 in Berlin


@pytest.mark.parametrize(
    ("mode", "muted", "due"),
    [
        (Mode.AT_ONCE, None, "2026-09-06T08:20"),
        (Mode.AT_ONCE, "2026-09-07T01:00", "2026-09-07T01:00"),
        (Mode.AT_ONCE, "2026-09-05T01:00", "2026-09-06T08:20"),  # long over
        (Mode.HOURLY, None, "2026-09-06T09:00"),
        (Mode.HOURLY, "2026-09-06T11:00", "2026-09-06T11:00"),
        (Mode.DAILY, None, "2026-09-07T06:00"),  # 08:00 in Berlin
    ],
)
def test_an_alert_comes_when_it_was_wanted(mode: Mode, muted: str | None, due: str) -> None:
    """At once, with the next full hour or the next morning; never before a mute has ended."""
    muted_until = None if muted is None else datetime.fromisoformat(muted).replace(tzinfo=UTC)
    assert alert_due(mode, NOW, BERLIN, muted_until) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def printed(*, carried: float = 0.99) -> tuple[Printed, ...]:
    """Return the dam's quotes: two by Pardo, the second carried on, two by Vos; all the others sure."""
    analysis = analysis_of(DAM, url=None)
    sure = [
        replace(
            quote,
            attribution=replace(quote.attribution, confidence=carried if quote.attribution.carried_on else 0.99),
        )
        for quote in analysis.quotes
        if quote.attribution is not None
    ]
    return printed_quotes(analysis.article, analysis.sentences, sure)


def test_a_carried_on_quote_travels_behind_its_first() -> None:
    """Alone it would be a guess; behind the quote that names the speaker it is part of the statement."""
    statements = pushable(printed(), 0.9)
    assert (statements[0].speaker, len(statements[0].quotes)) == ("Ana Pardo", 2)
    first = printed()[0]
    unsure = replace(first, quote=replace(first.quote, attribution=None))
    assert {one.speaker for one in pushable((unsure, *printed()[1:]), 0.9)} == {"Piet Vos"}


@pytest.mark.parametrize(("carried", "sent"), [(0.78, 2), (0.69, 1)])
def test_a_carried_on_quote_needs_less_than_the_bar(carried: float, sent: int) -> None:
    """It is marked, and without it the first half of what was said would travel alone."""
    (statement, *_) = pushable(printed(carried=carried), 0.9)
    assert (statement.speaker, len(statement.quotes)) == ("Ana Pardo", sent)


def test_nothing_below_the_bar_is_sent() -> None:
    """Whatever an answer may show."""
    assert pushable(printed(), 0.995) == ()

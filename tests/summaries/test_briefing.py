"""A briefing says what it is, how much it looked at, and when the next one comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from summaries.briefing import BriefedPage, BriefingFacts, briefing_message
from summaries.digests import Telling
from summaries.message import Actions, Divider, Heading, Paragraph
from summaries.printed import printed_quotes
from summaries.statements import statements_of
from summaries.values import Bars
from tests.summaries.test_values import ANALYSIS, ARTICLE, BODY

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 9, 5, 8, tzinfo=BERLIN)
FACTS = BriefingFacts(AT, AT - timedelta(days=1), read=118, sources=12, silent=2)
TELLING = Telling(Bars(0.5, 0.8), {7: 3}, UTC)
STATEMENTS = statements_of(printed_quotes(ARTICLE, ANALYSIS.sentences, ANALYSIS.quotes), 0.5)
PAGE = BriefedPage(replace(ARTICLE, url="https://post.example/dam"), (BODY.span,), STATEMENTS, ("Courier",))


@pytest.mark.parametrize(("hour", "name"), [(8, "Morning"), (12, "Midday"), (18, "Evening")])
def test_it_is_called_by_the_time_of_day(hour: int, name: str) -> None:
    """In the channel's own zone."""
    message = briefing_message([PAGE], replace(FACTS, at=AT.replace(hour=hour)), TELLING)
    assert message.plain_text().startswith(f"{name} briefing, Saturday 5 September\n1 story from 12 sources")


def test_the_title_leads_to_the_article() -> None:
    """And the other outlets stand behind its origin."""
    message = briefing_message([PAGE], FACTS, TELLING)
    headings = [block for block in message.blocks if isinstance(block, Heading)]
    assert headings[1].runs[0].link == "https://post.example/dam"
    assert "also in Courier" in message.plain_text()


def test_silent_sources_are_counted() -> None:
    """Silence may be a fault of ours or theirs; all having given something needs no word."""
    assert "2 of 12 sources gave nothing since Friday 08:00." in briefing_message([PAGE], FACTS, TELLING).plain_text()
    assert "gave nothing" not in briefing_message([PAGE], replace(FACTS, silent=0), TELLING).plain_text()


def test_without_sources_none_are_counted() -> None:
    """As where articles are handed in, or in the demonstration."""
    text = briefing_message([PAGE], replace(FACTS, sources=0, silent=0), TELLING).plain_text()
    assert "\n1 story since Friday 08:00\n" in text


def test_each_story_gets_a_button_to_its_proof() -> None:
    """Where its first quote has a number in this chat and a speaker."""
    stored = [replace(quote, quote_id=7) for quote in ANALYSIS.quotes]
    numbered = statements_of(printed_quotes(ARTICLE, ANALYSIS.sentences, stored), 0.5)
    text = briefing_message([replace(PAGE, statements=numbered)], FACTS, TELLING).plain_text()
    assert text.endswith("[Proof: Pardo] [Change]")
    assert briefing_message([PAGE], FACTS, TELLING).plain_text().endswith("\n[Change]")


def test_there_is_no_gap_before_the_buttons() -> None:
    """Where no next one is planned, and every source gave something, there is no last line."""
    blocks = briefing_message([PAGE], replace(FACTS, silent=0), TELLING).blocks
    assert isinstance(blocks[-1], Actions)
    assert not isinstance(blocks[-2], Divider)
    assert all(block.runs[0].text for block in blocks if isinstance(block, Paragraph))


def test_a_page_without_a_title_says_so() -> None:
    """In our words, without a link where there is no address."""
    untitled = replace(PAGE, article=replace(ARTICLE, title=None), also_in=())
    assert "Untitled" in briefing_message([untitled], FACTS, TELLING).plain_text()


def test_nothing_new_is_one_line() -> None:
    """With what was read and, where one is planned, when the next comes."""
    facts = replace(FACTS, read=1, channel_name="#world", next_at=AT + timedelta(days=1))
    said = briefing_message([], facts, TELLING).plain_text()
    assert said == "Nothing new for #world since Friday 08:00 (1 article read). Next: Sunday 08:00 CEST."
    assert briefing_message([], FACTS, TELLING).plain_text().endswith("(118 articles read).")


def test_a_late_briefing_says_when_it_was_due() -> None:
    """So that nobody takes the morning's news for the noon's."""
    late = replace(FACTS, sent_at=AT + timedelta(minutes=10))
    assert "Due 08:00, delayed to Saturday 08:10" in briefing_message([PAGE], late, TELLING).plain_text()


def test_it_says_who_set_it_up() -> None:
    """Last of all, where that is known."""
    assert "Set up by @Ana." in briefing_message([PAGE], replace(FACTS, set_up_by="@Ana"), TELLING).plain_text()

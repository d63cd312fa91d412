"""A page's digest on Telegram and Slack: what is shown stands in the page, and nothing of the page acts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.engine import load_engine
from bot.slack.render import render as render_for_slack
from bot.telegram.render import render as render_for_telegram
from summaries.analysis import analyse_pasted
from summaries.digests import Telling, summary_message
from summaries.message import Message, QuoteBlock
from tests.bot.test_slack_render import shown
from tests.bot.test_telegram_render import as_api
from tests.platforms.slack_blocks import acting, check_message
from tests.platforms.telegram_text import checked, stretch

PAGE = """Harbour of Port Vane 'stays open,’ mayor says

By Lena Hart

The harbour of Port Vane will stay open through the winter, Mayor Ida Moor said on Friday, after a week of protests.

“Whoever writes to @portvane or to harbour@portvane.example gets an answer, and #HarbourOpen is not a slogan to us 😀,” Moor told reporters at the town hall.

"The /start of the season is in May, and <!channel> was never our word for it; AT&T's cable stays where it is," she said.

Fishermen had closed the access road on Monday. The head of their union, Jon Vrba, called the plan “a $USD 40 million gift” to the shipping company.

“We were told on Tuesday. Nobody asked us. See www.portvane.example/plan for what they wrote,” Vrba said.

The council is to vote on the plan in October, according to a statement on its website.
"""


@pytest.fixture(scope="module")
def digest() -> Message:
    """The summary of the page with its key quotes."""
    engine = load_engine()
    analysis = analyse_pasted(PAGE, engine, now=datetime(2026, 11, 23, tzinfo=UTC))
    return summary_message(analysis, Telling(engine.bars))


def quoted(message: Message) -> list[str]:
    """Return the words out of the page in each block quotation."""
    blocks = [block for block in message.blocks if isinstance(block, QuoteBlock)]
    return ["".join(run.text for run in block.runs if run.verbatim) for block in blocks]


def test_quotes_stand_on_both_platforms_as_printed(digest: Message) -> None:
    """Character for character: neither splitting nor covering changes a word."""
    words = quoted(digest)
    telegram = "\n".join(text.text for text in render_for_telegram(digest))
    slack = "\n".join(shown(text) for text in render_for_slack(digest))
    assert len(words) >= 3
    assert [quote for quote in words if quote not in PAGE] == []
    assert [quote for quote in words if quote not in telegram or quote not in slack] == []


def test_nothing_of_the_page_acts_on_telegram(digest: Message) -> None:
    """No name is pinged, no command or address made of the page's words."""
    for text in render_for_telegram(digest):
        found = [
            entity for entity in checked(text.text, as_api(text)) if entity["type"] not in {"bold", "italic", "code"}
        ]
        acts = {entity["type"]: stretch(text.text, entity["offset"], entity["length"]) for entity in found}
        acts.pop("blockquote", None)
        assert acts == {}


def test_nothing_of_the_page_acts_on_slack(digest: Message) -> None:
    """No channel is called, no link made."""
    for text in render_for_slack(digest):
        blocks = [dict(block) for block in text.blocks]
        check_message(text.text, blocks)
        assert acting(text.text, blocks) == []
        assert "&lt;!channel&gt;" in text.text

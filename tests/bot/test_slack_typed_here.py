"""On Slack our commands stand as Slack takes them; what is printed stays."""

from __future__ import annotations

import pytest

from bot.slack.typed_here import typed_here
from summaries.message import Action, Actions, List, Message, Paragraph, QuoteBlock, Run


@pytest.mark.parametrize(
    ("ours", "shown"),
    [
        ("/help lists what I know.", "/onrecord help lists what I know."),
        ("/quotes vos", "/quotes vos"),
        (" · /q1 /q12", " · q1 q12"),
        ("/briefing off, /unsubscribe", "/onrecord briefing off, /onrecord unsubscribe"),
        ("post.example/help and /helper", "post.example/help and /helper"),
    ],
)
def test_a_command_is_what_can_be_typed(ours: str, shown: str) -> None:
    """In lines and in lists."""
    message = typed_here(Message((Paragraph((Run(ours),)), List(((Run(ours),),)))))
    assert message.plain_text() == f"{shown}\n• {shown}"


def test_printed_words_and_buttons_stay() -> None:
    """What an article prints is never changed; what a button stands for is not typed."""
    message = Message((QuoteBlock((Run("see /help", verbatim=True),)), Actions((Action("/help", "/help"),))))
    assert typed_here(message) == message

"""The test server refuses what Slack refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.slack_blocks import RefusedError, acting, check_message

WORDS = {"type": "plain_text", "text": "x"}
BUTTON = {"type": "button", "text": WORDS, "action_id": "a"}


def section(length: int) -> dict[str, Any]:
    """Return a section of so many characters."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}


@pytest.mark.parametrize(
    ("text", "blocks", "error"),
    [
        ("", [], "no_text"),
        ("x" * 40_001, [], "msg_too_long"),
        ("x", [{"type": "divider"}] * 51, "invalid_blocks"),
        ("x", [section(3001)], "invalid_blocks"),
        ("x", [section(2700)] * 5, "msg_blocks_too_long"),  # 5 * 2700 = 13,500
        ("x", [{"type": "header", "text": WORDS | {"text": "x" * 151}}], "invalid_blocks"),
        ("x", [{"type": "context", "elements": [WORDS] * 11}], "invalid_blocks"),
        ("x", [{"type": "actions", "elements": [BUTTON | {"action_id": f"{n}"} for n in range(26)]}], "invalid_blocks"),
        ("x", [{"type": "actions", "elements": [BUTTON, BUTTON]}], "invalid_blocks"),
        ("x", [{"type": "actions", "elements": [BUTTON | {"text": WORDS | {"text": "x" * 76}}]}], "invalid_blocks"),
        ("x", [{"type": "actions", "elements": [BUTTON | {"value": "x" * 2001}]}], "invalid_blocks"),
        ("x", [{"type": "rich_text", "elements": []}], "invalid_blocks"),
        ("x", [{"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": []}]}], "invalid_blocks"),
        ("x", [{"type": "image"}], "invalid_blocks"),
    ],
)
def test_a_message_beyond_the_limits_is_refused(text: str, blocks: list[dict[str, Any]], error: str) -> None:
    """By Slack's own word for it."""
    with pytest.raises(RefusedError) as raised:
        check_message(text, blocks)
    assert str(raised.value) == error


def test_what_would_ping_is_seen() -> None:
    """In the text and in marked-up texts; plain texts and rich text are not parsed."""
    marked = {"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}
    plain = {"type": "section", "text": {"type": "plain_text", "text": "<@U2>"}}
    assert acting("<!channel> &lt;!here&gt;", [marked, plain]) == ["!channel", "@U1"]

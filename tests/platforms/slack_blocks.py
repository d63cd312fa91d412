"""Block Kit's limits, refused as Slack refuses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
MAX_TEXT = 40_000
MAX_ALL = 13_200
MAX_BLOCKS = 50
# What Slack makes of angle brackets in a text: pings, channels, links.
_ACTING = re.compile(r"<([^<>]+)>")


class RefusedError(Exception):
    """An answer that is not ok; the message is Slack's error."""

    def __init__(self, error: str, detail: str = "", **fields: object) -> None:
        super().__init__(error)
        self.fields = (
            {"ok": False, "error": error} | ({"response_metadata": {"messages": [detail]}} if detail else {}) | fields
        )


def refuse(error: str, detail: str = "", **fields: object) -> NoReturn:
    """Refuse a call."""
    raise RefusedError(error, detail, **fields)


def check_message(text: str, blocks: list[Json]) -> None:
    """Refuse a message that Slack would refuse, or only warn about.

    Raises:
        RefusedError: with Slack's word for it.
    """
    if not text:
        refuse("no_text", "a text stands beside blocks, always")
    if len(text) > MAX_TEXT:
        refuse("msg_too_long")
    if len(blocks) > MAX_BLOCKS:
        refuse("invalid_blocks", "more than 50 blocks")
    for block in blocks:
        _check_block(block)
    if sum(len(words) for block in blocks for words in words_of(block)) > MAX_ALL:
        refuse("msg_blocks_too_long")


def words_of(value: object) -> list[str]:
    """Return every text in a block."""
    if isinstance(value, list):
        return [words for part in value for words in words_of(part)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [words for part in value.values() for words in words_of(part)]


def acting(text: str, blocks: list[Json]) -> list[str]:
    """Return what would act in a message: pings, channels and links in its text and in marked-up texts of blocks."""
    found = _ACTING.findall(text)
    for block in blocks:
        found += [match for words in _marked_up(block) for match in _ACTING.findall(words)]
    return found


def _marked_up(value: object) -> list[str]:
    if isinstance(value, list):
        return [words for part in value for words in _marked_up(part)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" else []
    return own + [words for part in value.values() for words in _marked_up(part)]


def _bad(detail: str) -> NoReturn:
    refuse("invalid_blocks", detail)


def _check_block(block: Json) -> None:
    if len(block.get("block_id", "")) > 255:
        _bad("block_id over 255")
    checks: dict[str, Callable[[Json], None]] = {
        "section": lambda block: _check_text(block.get("text", {}), 3000),
        "header": lambda block: _check_text(block.get("text", {}), 150, plain=True),
        "divider": lambda _: None,
        "context": _check_context,
        "actions": lambda block: _check_actions(block.get("elements", [])),
        "rich_text": _check_rich_text,
    }
    if block.get("type") not in checks:
        _bad(f"unsupported type {block.get('type')}")
    checks[block["type"]](block)


def _check_context(block: Json) -> None:
    if not 1 <= len(block.get("elements", [])) <= 10:
        _bad("context: 1 to 10 elements")
    for element in block["elements"]:
        _check_text(element, 2000)


def _check_rich_text(block: Json) -> None:
    if not block.get("elements"):
        _bad("rich_text without elements")
    for element in block["elements"]:
        _check_rich(element)


def _check_text(text: Json, limit: int, *, plain: bool = False) -> None:
    if text.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        _bad(f"not a text: {text.get('type')}")
    if not 1 <= len(text.get("text", "")) <= limit or not text["text"].strip():
        _bad(f"text must be 1 to {limit} characters")


def _check_actions(elements: list[Json]) -> None:
    if not 1 <= len(elements) <= 25:
        _bad("actions: 1 to 25 elements")
    ids = [element.get("action_id", "") for element in elements]
    if len(set(ids)) != len(ids) or not all(1 <= len(one) <= 255 for one in ids):
        _bad("action_id: 1 to 255 characters, unique")
    for element in elements:
        if element.get("type") != "button":
            _bad("only buttons are known here")
        _check_text(element.get("text", {}), 75, plain=True)
        if len(element.get("value", "")) > 2000 or len(element.get("url", "")) > 3000:
            _bad("value over 2000 or url over 3000")


def _check_rich(element: Json) -> None:
    match element.get("type"):
        case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
            if not element.get("elements"):
                _bad("empty stretch of rich text")
            for leaf in element["elements"]:
                _check_leaf(leaf)
        case "rich_text_list":
            if element.get("style") not in {"bullet", "ordered"} or not element.get("elements"):
                _bad("rich_text_list without style or elements")
            for section in element["elements"]:
                _check_rich(section)
        case other:
            _bad(f"unsupported rich text {other}")


def _check_leaf(leaf: Json) -> None:
    if leaf.get("type") not in {"text", "link", "emoji", "user", "channel", "broadcast"}:
        _bad(f"unsupported leaf {leaf.get('type')}")
    if leaf["type"] == "text" and not leaf.get("text"):
        _bad("empty text")
    if leaf["type"] == "link" and not re.match(r"https?://|mailto:", leaf.get("url", "")):
        _bad("link without an address")
    if set(leaf.get("style", {})) - {"bold", "italic", "strike", "code"}:
        _bad("unknown style")
    if leaf["type"] in {"user", "channel", "broadcast"}:
        _bad("nothing of ours pings")

"""What Telegram's server and clients do to a text, by TDLib itself where it can be asked offline."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, NoReturn

import tdjson

MAX_UNITS = 4096
MAX_ENTITIES = 100
KINDS = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough", "spoiler": "Spoiler",
    "code": "Code", "pre": "Pre", "text_link": "TextUrl", "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
}  # fmt: skip
DETECTED = {
    "Mention": "mention", "BotCommand": "bot_command", "Hashtag": "hashtag", "Cashtag": "cashtag", "Url": "url",
    "EmailAddress": "email",
}  # fmt: skip
QUOTATIONS = {"blockquote", "expandable_blockquote"}
DRAWN_AS_NOTHING = "\u2800\u3164\u115f\u1160\uffa0"
# No detection inside these.
COVERING = {"code", "pre", "text_link"}


class BadTextError(Exception):
    """Telegram would refuse the text; the message is its description."""


def ask_tdlib(kind: str, **fields: object) -> dict[str, Any]:
    """Return TDLib's answer to an offline request."""
    answer = tdjson.td_execute(json.dumps({"@type": kind, **fields}).encode())
    assert answer is not None
    result: dict[str, Any] = json.loads(answer)
    return result


# TDLib logs to standard error, at import of nothing but itself.
ask_tdlib("setLogVerbosityLevel", new_verbosity_level=0)


def units(text: str) -> int:
    """Return the UTF-16 code units of a text."""
    return len(text.encode("utf-16-le")) // 2


def stretch(text: str, offset: int, length: int) -> str:
    """Return the characters of a range of UTF-16 code units."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def found_by_telegram(text: str) -> list[dict[str, Any]]:
    """Return the entities Telegram detects by itself, in Bot API form."""
    entities = ask_tdlib("getTextEntities", text=text)["entities"]
    return [
        {"type": DETECTED[name], "offset": entity["offset"], "length": entity["length"]}
        for entity in entities
        if (name := entity["type"]["@type"].removeprefix("textEntityType")) in DETECTED
    ]


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"],
    )


def refuse(why: str) -> NoReturn:
    """Raise what Telegram would answer."""
    raise BadTextError(why)


def checked(text: str, entities: list[dict[str, Any]], limit: int = MAX_UNITS) -> list[dict[str, Any]]:
    """Return all entities of a text as the server would store them: those given and those it finds by itself.

    Raises:
        BadTextError: where the server refuses, and where it would quietly mend what a careful client does not send.
    """
    if units(text) > limit:
        refuse("message is too long" if limit == MAX_UNITS else "message caption is too long")
    if all(unicodedata.category(char)[0] in "ZC" or char in DRAWN_AS_NOTHING for char in text):
        refuse("message text is empty")
    if text != text.strip():
        refuse("text with blanks at its ends")
    if len(entities) > MAX_ENTITIES:
        refuse("too many entities")
    for entity in entities:
        _check_entity(text, entity)
    for index, entity in enumerate(entities):
        for other in entities[index + 1 :]:
            if _overlap(entity, other) and not _may_overlap({entity["type"], other["type"]}):
                refuse(f"entities overlap: {entity} and {other}")
    _check_with_tdlib(text, entities)
    covering = [entity for entity in entities if entity["type"] in COVERING]
    found = [new for new in found_by_telegram(text) if not any(_overlap(new, old) for old in covering)]
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))


def _may_overlap(kinds: set[str]) -> bool:
    """Return whether entities of these kinds may lie over each other."""
    if len(kinds) == 1 or kinds == QUOTATIONS:
        return False
    return not kinds & {"code", "pre"} or bool(kinds & QUOTATIONS)


def _check_entity(text: str, entity: dict[str, Any]) -> None:
    if entity["type"] not in KINDS:
        refuse(f"can't parse entities: unsupported type {entity['type']}")
    if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > units(text):
        refuse("ENTITY_BOUNDS_INVALID")
    try:
        words = stretch(text, entity["offset"], entity["length"])
    except UnicodeDecodeError as exc:
        msg = "ENTITY_BOUNDS_INVALID"
        raise BadTextError(msg) from exc
    if words != words.strip():
        refuse(f"entity with blanks at its ends: {words!r}")
    if entity["type"] == "text_link" and not entity.get("url", "").startswith(("http://", "https://", "tg://")):
        refuse("text_link without an address")


def _check_with_tdlib(text: str, entities: list[dict[str, Any]]) -> None:
    """Let TDLib itself look at the ranges; making Markdown of them is the one offline request that checks."""
    answer = ask_tdlib(
        "getMarkdownText",
        text={
            "@type": "formattedText",
            "text": text,
            "entities": [
                {
                    "@type": "textEntity",
                    "offset": entity["offset"],
                    "length": entity["length"],
                    "type": {"@type": "textEntityType" + KINDS[entity["type"]], "url": entity.get("url", "")},
                }
                for entity in entities
            ],
        },
    )
    if answer["@type"] == "error":
        refuse(answer["message"])


def cut_as_clients_do(text: str) -> list[str]:
    """Return what a person pastes as the messages a client makes of it: 4096 units each, cut anywhere, blanks trimmed."""
    parts, part, size = [], "", 0
    for char in text:
        width = 2 if char > "\uffff" else 1
        if size + width > MAX_UNITS:
            parts.append(part)
            part, size = "", 0
        part, size = part + char, size + width
    parts.append(part)
    return [trimmed for part in parts if (trimmed := part.strip())]


def cut_as_desktop_does(text: str) -> list[str]:
    """Return a paste as the desktop client cuts it: at the best place in the second half of each 4096 units.

    A blank line is better than a line, that than a sentence's end, that than a blank; the last of the best is taken.
    """
    parts = []
    while units(text) > MAX_UNITS:
        window = stretch(text, 0, MAX_UNITS) if text.isascii() else next(iter(cut_as_clients_do(text)))
        half = len(window) // 2
        for sign in ("\n\n", "\n", ". ", " "):
            at = window.rfind(sign, half)
            if at >= 0:
                break
        else:
            at = len(window)
        parts.append(text[:at].strip())
        text = text[at:].strip()
    return [*parts, text.strip()]

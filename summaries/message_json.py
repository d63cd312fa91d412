"""A message as plain data and back, so that it can wait in a queue without anything platform-specific in it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from summaries.message import (
    Action,
    Actions,
    Block,
    Divider,
    File,
    Heading,
    List,
    Message,
    Paragraph,
    Picture,
    QuoteBlock,
    Run,
    Style,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
"""Of the form below; a queue may hold messages that an older release wrote."""

_OF_RUNS: dict[str, type[Heading | Paragraph | QuoteBlock]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "quote": QuoteBlock,
}
_NAMES = {kind: name for name, kind in _OF_RUNS.items()}


class UnknownMessageError(ValueError):
    """The data is no message of a form that this release knows."""


def message_data(message: Message) -> dict[str, Any]:
    """Return a message as what JSON can hold."""
    return {"blocks": [_block_data(block) for block in message.blocks]}


def parse_message(data: Mapping[str, Any], *, version: int = VERSION) -> Message:
    """Return the message that ``message_data`` made the data of.

    Raises:
        UnknownMessageError: if it did not, or another version of it did.
    """
    if version != VERSION:
        msg = f"message of form {version}; this release knows {VERSION}"
        raise UnknownMessageError(msg)
    try:
        return Message(tuple(_block(block) for block in data["blocks"]))
    except (KeyError, TypeError, ValueError) as exc:
        msg = f"not a message: {type(exc).__name__} {exc}"
        raise UnknownMessageError(msg) from exc


def _block_data(block: Block) -> dict[str, Any]:
    match block:
        case List(points):
            return {"is": "list", "points": [[_run_data(run) for run in point] for point in points]}
        case Divider():
            return {"is": "divider"}
        case Actions(actions):
            return {"is": "actions", "actions": [_action_data(action) for action in actions]}
        case Picture(data, alt):
            return {"is": "picture", "data": b64encode(data).decode(), "alt": alt}
        case File(name, text):
            return {"is": "file", "name": name, "text": text}
    return {"is": _NAMES[type(block)], "runs": [_run_data(run) for run in block.runs]}


def _block(data: Mapping[str, Any]) -> Block:
    match data["is"]:
        case "list":
            return List(tuple(tuple(_run(run) for run in point) for point in data["points"]))
        case "divider":
            return Divider()
        case "actions":
            return Actions(tuple(Action(**action) for action in data["actions"]))
        case "picture":
            return Picture(b64decode(data["data"]), data["alt"])
        case "file":
            return File(data["name"], data["text"])
        case name:
            return _OF_RUNS[name](tuple(_run(run) for run in data["runs"]))


def _run_data(run: Run) -> dict[str, Any]:
    # What has its usual value is left out: most runs are nothing but text.
    data: dict[str, Any] = {"text": run.text}
    if run.style is not Style.PLAIN:
        data["style"] = run.style.value
    if run.link is not None:
        data["link"] = run.link
    if run.verbatim:
        data["verbatim"] = True
    return data


def _run(data: Mapping[str, Any]) -> Run:
    return Run(data["text"], Style(data.get("style", "plain")), data.get("link"), data.get("verbatim", False))


def _action_data(action: Action) -> dict[str, Any]:
    data = {"label": action.label, "command": action.command, "link": action.link, "copy": action.copy}
    return {name: value for name, value in data.items() if value is not None}

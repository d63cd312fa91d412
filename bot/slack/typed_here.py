"""A message as it has to be typed on Slack: there an unknown word behind a slash is Slack's to refuse, not ours to read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.commands import COMMANDS, OPERATORS, TYPED_TOO
from summaries.message import Heading, List, Message, Paragraph, QuoteBlock

if TYPE_CHECKING:
    from summaries.message import Block, Run

SLASHED = frozenset({"summary", "quotes"})
"""Commands that slack-manifest.yaml gives a slash of their own, beside /onrecord."""
_BEHIND = "|".join(sorted([*TYPED_TOO, *(name for name, _ in (*COMMANDS, *OPERATORS) if name not in SLASHED)]))
_OTHERS = re.compile(rf"(?<![\w/:.])/({_BEHIND})(?![\w/])")
_NUMBER = re.compile(r"(?<![\w/:.])/(q\d+)(?![\w/])")


def typed_here(message: Message) -> Message:
    """Return the message with our commands as Slack takes them: "/onrecord help", "q12"; printed words stay."""
    return replace(message, blocks=tuple(_block(block) for block in message.blocks))


def _block(block: Block) -> Block:
    match block:
        case Heading(runs) | Paragraph(runs) | QuoteBlock(runs):
            return replace(block, runs=tuple(_run(run) for run in runs))
        case List(points):
            return List(tuple(tuple(_run(run) for run in point) for point in points))
        case _:
            return block


def _run(run: Run) -> Run:
    if run.verbatim:
        return run
    return replace(run, text=_NUMBER.sub(r"\1", _OTHERS.sub(r"/onrecord \1", run.text)))

"""Small pieces that answers are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summaries.message import Action, Actions, Block, Message, Paragraph, Run, Style

if TYPE_CHECKING:
    from handlers.desk import Follower


LONGEST_ECHO = 60
"""Characters of what was typed that an answer repeats."""


def line(*parts: str | Run) -> Paragraph:
    """Return a line of our words; runs are set as they are."""
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def bold(text: str, *, verbatim: bool = False) -> Run:
    """Return words that stand out."""
    return Run(text, Style.BOLD, verbatim=verbatim)


def small(text: str) -> Run:
    """Return words that are set back."""
    return Run(text, Style.SMALL)


def code(text: str) -> Run:
    """Return words to be typed."""
    return Run(text, Style.CODE)


def says(*blocks: str | Block) -> Message:
    """Return a message; texts become lines."""
    return Message(tuple(line(block) if isinstance(block, str) else block for block in blocks))


def buttons(*pairs: tuple[str, str]) -> Actions:
    """Return buttons, each a label and the command it stands for."""
    return Actions(tuple(Action(label, command=command) for label, command in pairs))


def usage(command: str, *examples: str) -> Message:
    """Return how a command is used, by examples."""
    shown = [f"{command} {example}".rstrip() for example in examples]
    runs: list[str | Run] = ["Usage: "]
    for at, example in enumerate(shown):
        runs += [", ", code(example)] if at else [code(example)]
    return says(line(*runs))


def short(typed: str) -> str:
    """Return what somebody typed, cut where it is too long to be said back whole."""
    return typed if len(typed) <= LONGEST_ECHO else f"{typed[:LONGEST_ECHO].rstrip()} […]"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return "1 quote", "2 quotes"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def starters_button(follower: Follower) -> tuple[str, str]:
    """Return the button that adds the starter feeds."""
    return f"Add {counted(follower.starter_count, 'starter feed')}", "/sources starters"

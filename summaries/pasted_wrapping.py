"""Lines that a mail program or an editor broke at a fixed width, put together again into paragraphs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.pasted_lines import Line

WIDEST = 120
"""Characters; text that was broken at a fixed width was broken at 60 to 100."""
NARROWEST = 40
LEAST_BREAKS = 3
LEAST_SHARE = 0.25
"""Of all lines: how many must be broken inside a sentence before we believe that the page was wrapped."""


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, broken ones joined by a blank, where the page was clearly wrapped; else as they are."""
    broken = [index for index in range(1, len(lines)) if _goes_on(lines[index - 1], lines[index])]
    if len(broken) < max(LEAST_BREAKS, LEAST_SHARE * len(lines)):
        return list(lines)
    width = max(len(lines[index - 1].text) for index in broken)
    joined: list[list[Line]] = []
    for index, line in enumerate(lines):
        if index and _was_full(lines[index - 1], line, width):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [_one(parts) for parts in joined]


def _goes_on(above: Line, line: Line) -> bool:
    """Return whether a line ends inside a sentence that the next one carries on."""
    if line.gap or line.bullet or not NARROWEST <= len(above.text) <= WIDEST:
        return False
    return line.text[0].islower() and above.text[-1] not in ".!?:;"


def _was_full(above: Line, line: Line, width: int) -> bool:
    """Return whether the first word of ``line`` had no room in the line above."""
    if line.gap or line.bullet or len(above.text) > width:
        return False
    return len(above.text) + len(line.text.split(maxsplit=1)[0]) >= width


def _one(parts: Sequence[Line]) -> Line:
    """Return several lines as one."""
    if len(parts) == 1:
        return parts[0]
    return replace(parts[0], text=" ".join(part.text for part in parts), words=sum(part.words for part in parts))

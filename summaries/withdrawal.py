"""A message that was sent, without a name that was taken back: the name goes, the words stay."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from summaries.digests import IN_PART, as_heading
from summaries.message import Divider, Heading, Message, Paragraph, QuoteBlock, Style

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from summaries.message import Block


_MARKS = '“”„‟"«»‘’ '


def withdrawn(message: Message, *, names: Collection[str], words: Collection[str], note: Paragraph) -> Message | None:
    """Return the message with some quotes no longer under a name; None where they do not stand under it.

    Where nothing else stands under the name, the note takes its place; else the quotes move behind the others, under
    the note.

    Args:
        message: An alert or a briefing, as it was sent.
        names: What is taken back, as it may be written.
        words: The quotes' own.
        note: What stands over them instead.
    """
    parts: list[list[Block]] = [[]]
    for block in message.blocks:
        # What stands under a name ends with the next heading or name.
        if _names(block) is not None or isinstance(block, Heading):
            parts.append([])
        parts[-1].append(block)
    written = {*names, *map(as_heading, names)}
    told = [_without(part, words, note) if part and _names(part[0]) in written else part for part in parts]
    if told == parts:
        return None
    return replace(message, blocks=tuple(block for part in told for block in part))


def _names(block: Block) -> str | None:
    """Return whose name a block is: bold words of ours that begin a line."""
    if not isinstance(block, Heading | Paragraph) or not block.runs:
        return None
    first = block.runs[0]
    return first.text if first.style is Style.BOLD and not first.verbatim and first.text != IN_PART else None


def _without(part: Sequence[Block], words: Collection[str], note: Paragraph) -> list[Block]:
    """Return a name and what stands under it, some of its quotes under a note instead."""
    quotes = [block for block in part if isinstance(block, QuoteBlock)]
    taken = [block for block in quotes if _holds(block, words)]
    if not taken:
        return list(part)
    if taken == quotes:
        return [note, *(_not_read_as(block) for block in part[1:])]
    kept: list[list[Block]] = []
    moved: list[Block] = [Divider(), note]
    for group in _divided(part[1:]):
        theirs = [block for block in group if isinstance(block, QuoteBlock)]
        if theirs and all(block in taken for block in theirs):
            # The words under them go with them.
            moved += (block for block in group if not isinstance(block, Divider))
        else:
            kept.append([block for block in group if block not in taken])
            moved += (block for block in theirs if block in taken)
    last = max(at for at, group in enumerate(kept) if any(isinstance(block, QuoteBlock) for block in group)) + 1
    return [part[0], *chain(*kept[:last]), *moved, *chain(*kept[last:])]


def _divided(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return blocks in groups, each but the first with the room before it."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Divider):
            groups.append([])
        groups[-1].append(block)
    return groups


def _holds(block: QuoteBlock, words: Collection[str]) -> bool:
    # A fragment's marks are bold with it, a whole quote stands alone. As a whole: "Never" stands in many a quote.
    bare = {each.strip(_MARKS) for each in words}
    return any(run.text.strip(_MARKS) in bare for run in block.runs if run.verbatim)


def _not_read_as(block: Block) -> Block:
    """Return a line without our words that somebody is meant by a pronoun or a description."""
    if not isinstance(block, Paragraph) or not any(" read as " in run.text for run in block.runs if not run.verbatim):
        return block
    kept = [run for run in block.runs if run.style is Style.SMALL or "/q" in run.text]
    return Paragraph((*(replace(run, text=run.text.removeprefix(" · ")) for run in kept[:1]), *kept[1:]))

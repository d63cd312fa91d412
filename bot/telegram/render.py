"""A neutral message as Telegram texts: plain characters with entities beside them, never markup.

Limits are Telegram's (https://core.telegram.org/bots/api): a text has 1 to 4096 UTF-16 code units and at most 100
entities, a keyboard 100 buttons, 8 in a row, a button 64 bytes of data or 256 characters to copy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from bot.styled import StyledText, is_visible, units
from bot.taps import tap_data
from bot.telegram.detection import detected
from summaries.message import Actions, Divider, File, Heading, List, Paragraph, Picture, QuoteBlock, Run, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from summaries.message import Action, Block, Message

MAX_UNITS = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100
MAX_BUTTONS = 100
MAX_IN_ROW = 8
MAX_ROW_CHARACTERS = 40  # a phone in portrait shows about as many before it shortens labels
MAX_COPY = 256
# Clients fold an expandable quotation to three lines: only what would fill a screen is folded.
EXPANDABLE_FROM = 1000

Kind = Literal["bold", "italic", "code", "text_link", "blockquote", "expandable_blockquote"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled range of a text; offset and length in UTF-16 code units."""

    kind: Kind
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a text; exactly one of the three is set.

    Attributes:
        data: Comes back with a tap; ``bot.taps.command_behind`` tells the command.
        url: Opens when tapped.
        copy: Is copied when tapped.
    """

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class TelegramText:
    """One Telegram message.

    Attributes:
        entities: Sorted by offset, the longer first.
        keyboard: Rows of buttons; empty for none.
        taps: Commands behind the tokens in the buttons, as (token, command): keep them (``TapStore``) before sending.
        file_name: Of a file that is sent, with the text (which may be empty then) as its caption; None for none.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: tuple[tuple[Button, ...], ...] = ()
    taps: tuple[tuple[str, str], ...] = ()
    file_name: str | None = None
    file_text: str = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """An entity before UTF-16: offsets in characters."""

    start: int
    end: int
    kind: Kind
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Set:
    """A block that fits in one text, with its marks; a blank line may stand before it."""

    text: str
    marks: tuple[_Mark, ...]
    room_before: bool
    is_heading: bool

    @property
    def size(self) -> int:
        """Its units, and at most those of the lines between it and the block before."""
        return units(self.text) + (2 if self.room_before else 1)


def render(message: Message) -> list[TelegramText]:
    """Render a message as texts with entities, in reading order.

    Blocks are kept whole where they fit, a heading stays with what follows it; the buttons stand under the last text.
    An empty list comes out of a message that shows nothing.
    """
    parts: list[list[_Set]] = []
    size = entities = 0
    for block in _set_blocks(message.blocks):
        if not parts or size + block.size > MAX_UNITS or entities + len(block.marks) > MAX_ENTITIES:
            carried = _headings_at_the_end(parts[-1], room=MAX_UNITS - block.size) if parts else []
            parts.append(carried)
            size, entities = sum(other.size for other in carried), sum(len(other.marks) for other in carried)
        parts[-1].append(block)
        size, entities = size + block.size, entities + len(block.marks)
    texts = _with_files([_text_of(part) for part in parts], [each for each in message.blocks if isinstance(each, File)])
    return _with_buttons(texts, [a for block in message.blocks if isinstance(block, Actions) for a in block.actions])


def _headings_at_the_end(part: list[_Set], *, room: int) -> list[_Set]:
    """Take the headings off a part's end where they fit in front of the next block; something stays behind."""
    first = len(part)
    while first > 1 and part[first - 1].is_heading:
        first -= 1
    carried = part[first:]
    if sum(block.size for block in carried) > room:
        return []
    del part[first:]
    return carried


def _set_blocks(blocks: Iterable[Block]) -> Iterator[_Set]:
    """Yield the blocks as pieces that fit, one per line or paragraph."""
    room = False
    for block in blocks:
        if isinstance(block, Divider):
            room = True
            continue
        for styled, kind in _styled(block):
            for piece in _pieces(styled, kind):
                yield replace(piece, room_before=room)
                room = False


def _styled(block: Block) -> Iterator[tuple[StyledText, type[Block]]]:
    """Yield the texts of a block, each with what it is set as."""
    match block:
        case Heading(runs) | Paragraph(runs) | QuoteBlock(runs):
            yield StyledText.of(runs), type(block)
        case List(points):
            for point in points:
                yield StyledText.of((Run("• "), *point)), List
        case Picture(_, alt):
            # Pictures travel by a method of their own; where a text goes, their words stand for them.
            yield StyledText.of((Run(alt, Style.SMALL),)), Picture
        case _:
            return


def _pieces(styled: StyledText, kind: type[Block], limit: int = MAX_UNITS) -> Iterator[_Set]:
    """Yield a block's text in pieces within both limits."""
    for piece in styled.pieces(limit):
        if not is_visible(piece.text):
            continue
        marks = _marks(piece, kind, covers=_covers(piece))
        if len(marks) > MAX_ENTITIES:
            # A page with a hundred names to cover: one cover from the first to the last is one entity.
            marks = _marks(piece, kind, covers=_joined(_covers(piece)))
        if len(marks) > MAX_ENTITIES:
            yield from _pieces(piece, kind, limit=max(1, units(piece.text) // 2))
        else:
            yield _Set(piece.text, tuple(marks), room_before=False, is_heading=kind is Heading)


def _covers(piece: StyledText) -> list[tuple[int, int]]:
    """Return what must be covered so that Telegram finds no name, tag or command in words that are not ours.

    In our own words only @names are covered: our commands and addresses are there to be tapped.
    """
    covers: list[tuple[int, int]] = []
    found = sorted(detected(piece.text))
    at = 0
    for stretch in piece.stretches:
        while at < len(found) and found[at][1] <= stretch.start:
            at += 1
        # Inside a link nothing is looked for, and code inside a link would cut it in two.
        if stretch.link is not None:
            continue
        for start, end in found[at:]:
            if start >= stretch.end:
                break
            if stretch.verbatim or piece.text[start] == "@":
                covers.append((max(start, stretch.start), min(end, stretch.end)))
    return _union(cover for cover in covers if cover[0] < cover[1])


def _joined(covers: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(covers[0][0], covers[-1][1])] if covers else []


def _marks(piece: StyledText, kind: type[Block], covers: list[tuple[int, int]]) -> list[_Mark]:
    """Return a piece's marks; code neither touches a link nor lies under another style, as Telegram has it."""
    links = [(s.start, s.end, s.link) for s in piece.stretches if s.link is not None]
    linked = [(start, end) for start, end, _ in links]
    code = _union([*covers, *((s.start, s.end) for s in piece.stretches if s.style is Style.CODE)])
    code = _without(code, linked)
    bold = [(s.start, s.end) for s in piece.stretches if s.style is Style.BOLD or kind is Heading]
    italic = [(s.start, s.end) for s in piece.stretches if s.style is Style.SMALL and kind is not Heading]
    marks = [_Mark(start, end, "code") for start, end in code]
    marks += [_Mark(start, end, "bold") for start, end in _without(_union(bold), code)]
    marks += [_Mark(start, end, "italic") for start, end in _without(_union(italic), code)]
    marks += [_Mark(start, end, "text_link", link) for start, end, link in links]
    if kind is QuoteBlock:
        folded = units(piece.text) >= EXPANDABLE_FROM
        marks.append(_Mark(0, len(piece.text), "expandable_blockquote" if folded else "blockquote"))
    return [trimmed for mark in marks if (trimmed := _trimmed(mark, piece.text))]


def _trimmed(mark: _Mark, text: str) -> _Mark | None:
    """Return a mark without blanks at its ends, None where nothing is left."""
    words = text[mark.start : mark.end]
    start = mark.start + len(words) - len(words.lstrip())
    end = mark.start + len(words.rstrip())
    return replace(mark, start=start, end=end) if start < end else None


def _union(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted ranges, those that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _without(ranges: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is left of sorted ranges when other sorted ranges are taken out."""
    left: list[tuple[int, int]] = []
    first = 0
    for start, end in ranges:
        at = start
        while first < len(taken) and taken[first][1] <= start:
            first += 1
        for taken_start, taken_end in taken[first:]:
            if taken_start >= end:
                break
            if at < taken_start:
                left.append((at, taken_start))
            at = max(at, taken_end)
        if at < end:
            left.append((at, end))
    return left


def _text_of(part: list[_Set]) -> TelegramText:
    """Return the blocks as one text, their marks counted in UTF-16 units."""
    text, marks = part[0].text, list(part[0].marks)
    for after in part[1:]:
        text += "\n\n" if after.room_before else "\n"
        marks += [replace(mark, start=mark.start + len(text), end=mark.end + len(text)) for mark in after.marks]
        text += after.text
    at = [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
    entities = [Entity(mark.kind, at[mark.start], at[mark.end] - at[mark.start], mark.url) for mark in marks]
    return TelegramText(text, tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length, entity.kind))))


def _with_files(texts: list[TelegramText], files: list[File]) -> list[TelegramText]:
    """Return the texts and behind them the files, the first with the last text as its caption where that fits."""
    for file in files:
        if not texts or texts[-1].file_name is not None or units(texts[-1].text) > MAX_CAPTION:
            texts.append(TelegramText(""))
        texts[-1] = replace(texts[-1], file_name=file.name, file_text=file.text)
    return texts


def _with_buttons(texts: list[TelegramText], actions: list[Action]) -> list[TelegramText]:
    """Return the texts with the buttons under the last one."""
    buttons, taps = [], {}
    for action in actions[:MAX_BUTTONS]:
        # Names out of an article stand on buttons, too: what turns the reading direction stays out.
        label = " ".join(StyledText.of((Run(action.label),)).text.split()) or "…"
        if action.command is not None:
            data, is_token = tap_data(action.command)
            if is_token:
                taps[data] = action.command
            buttons.append(Button(label, data=data))
        elif action.link is not None:
            buttons.append(Button(label, url=action.link))
        elif action.copy is not None and 1 <= units(action.copy) <= MAX_COPY:
            buttons.append(Button(label, copy=action.copy))
    if not buttons:
        return texts
    # Telegram hangs buttons under a text only; a message of buttons alone gets the smallest one.
    *before, last = texts or [TelegramText("…")]
    return [*before, replace(last, keyboard=_rows(buttons), taps=tuple(taps.items()))]


def _rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Return buttons in rows that a phone can show."""
    rows: list[list[Button]] = []
    for button in buttons:
        taken = sum(len(other.label) for other in rows[-1]) if rows else 0
        if not rows or len(rows[-1]) == MAX_IN_ROW or taken + len(button.label) > MAX_ROW_CHARACTERS:
            rows.append([])
        rows[-1].append(button)
    return tuple(tuple(row) for row in rows)

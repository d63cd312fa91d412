"""A neutral message as Slack messages: ``rich_text`` blocks, in which nothing is parsed, and an escaped text beside them.

Limits are Slack's (https://docs.slack.dev/reference/block-kit): 50 blocks a message (we stay at 45), about 13,200 characters
over all blocks (we stay under 12,000), 25 buttons a block, 75 characters a label, 2,000 a button's value.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the outbox reads the fields' types to bring a message back
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack.typed_here import typed_here
from bot.styled import StyledText, is_visible, units
from bot.taps import tap_data
from summaries.message import Actions, Divider, File, Heading, List, Message, Paragraph, Picture, QuoteBlock, Run, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from summaries.message import Action, Block

MAX_BLOCKS = 45
MAX_UNITS = 11_900
MAX_CONTEXT = 2000
MAX_TABLE = 9000
MAX_BUTTONS = 25
MAX_LABEL = 75
MAX_VALUE = 2000
MAX_URL = 3000
# The text beside the blocks is for notifications and screen readers; Slack advises 4,000 characters.
MAX_FALLBACK = 3900

_KINDS: dict[type[Block], str] = {Heading: "heading", QuoteBlock: "quote", Paragraph: "line"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackText:
    """One Slack message; unfurling is to be off.

    Attributes:
        text: The words alone, escaped; for notifications.
        blocks: As the Web API takes them.
        taps: Commands behind the tokens in the buttons, as (token, command): keep them (``TapStore``) before sending.
    """

    text: str
    blocks: tuple[Mapping[str, Any], ...]
    taps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that is never parted.

    Attributes:
        kind: "line", "quote", "table" or "point" inside a rich text; "context", "actions" or "room" alone.
        element: The elements of a rich text stretch, or the block itself.
    """

    kind: str
    words: str
    element: Any = None
    taps: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        return units(self.words) + 1


def escaped(text: str) -> str:
    """Return a text in which Slack finds no ping, link or channel: exactly these three are its signs."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render(message: Message) -> list[SlackText]:
    """Render a message as Slack messages, in reading order.

    Blocks are kept whole where they fit, a heading stays with what follows it. An empty list comes out of a message that
    shows nothing.
    """
    parts: list[list[_Piece]] = []
    size = blocks = 0
    for piece in _pieces(typed_here(message).blocks):
        # An upper bound of the blocks: neighbours in one rich text share a block.
        if parts and size + piece.size <= MAX_UNITS and blocks < MAX_BLOCKS:
            parts[-1].append(piece)
        else:
            carried: list[_Piece] = []
            while parts and len(parts[-1]) > 1 and parts[-1][-1].kind in {"heading", "room"}:
                carried.insert(0, parts[-1].pop())
            if sum(other.size for other in carried) + piece.size > MAX_UNITS:
                parts[-1] += carried
                carried = []
            parts.append([*carried, piece])
            size, blocks = sum(other.size for other in carried), len(carried)
        size, blocks = size + piece.size, blocks + 1
    return [text for part in parts if (text := _message(part)) is not None]


def _pieces(blocks: Iterable[Block]) -> Iterator[_Piece]:
    """Yield the blocks as pieces within the limits."""
    for block in blocks:
        match block:
            case Divider():
                yield _Piece("room", "")
            case Actions(actions):
                yield from _buttons(actions)
            case File(name, text):
                yield from _table(name, text)
            case Picture(_, alt):
                yield from _context(StyledText.of((Run(alt),)))
            case Paragraph(runs) if all(run.style is Style.SMALL and not run.link for run in runs):
                yield from _context(StyledText.of(runs))
            case List(points):
                for point in points:
                    yield from _stretches(StyledText.of(point), "point")
            case Heading(runs) | QuoteBlock(runs) | Paragraph(runs):
                yield from _stretches(StyledText.of(runs), _KINDS[type(block)])


def _table(name: str, text: str) -> Iterator[_Piece]:
    """Yield a file's lines as they are, as many as fit in one message: to upload files is a right we do not ask for."""
    lines, size = text.splitlines(), 0
    shown = []
    for line in lines:
        size += units(line) + 1
        if size > MAX_TABLE:
            break
        shown.append(line)
    cleaned = StyledText.of([Run("\n".join(shown))])
    if is_visible(cleaned.text):
        yield _Piece("table", cleaned.text, [{"type": "text", "text": cleaned.text}])
    left = len(lines) - len(shown)
    if left:
        yield from _context(StyledText.of((Run(f"{left} more lines of {name} do not fit here; narrow it down."),)))


def _stretches(styled: StyledText, kind: str) -> Iterator[_Piece]:
    for piece in styled.pieces(MAX_UNITS - 100):
        if is_visible(piece.text):
            yield _Piece(kind, piece.text, _elements(piece, bold=kind == "heading"))


def _context(styled: StyledText) -> Iterator[_Piece]:
    """Yield set-back words, as plain text: in Slack's own markup an article's words could act."""
    for piece in styled.pieces(MAX_CONTEXT):
        if is_visible(piece.text):
            text = {"type": "plain_text", "text": piece.text, "emoji": False}
            yield _Piece("context", piece.text, {"type": "context", "elements": [text]})


def _elements(styled: StyledText, *, bold: bool) -> list[Json]:
    """Return the elements of a rich text stretch; a style is named where it is on."""
    elements: list[Json] = []
    for stretch in styled.stretches:
        style = {
            "bold": bold or stretch.style is Style.BOLD,
            "italic": stretch.style is Style.SMALL and not bold,
            "code": stretch.style is Style.CODE,
        }
        element: Json = {"type": "text", "text": styled.text[stretch.start : stretch.end]}
        if stretch.link is not None and len(stretch.link) <= MAX_URL and is_visible(element["text"]):
            element |= {"type": "link", "url": stretch.link}
        if named := {name: True for name, is_on in style.items() if is_on}:
            element["style"] = named
        if elements and element["type"] == "text" and _alike(elements[-1], element):
            elements[-1]["text"] += element["text"]
        else:
            elements.append(element)
    return elements


def _alike(one: Json, other: Json) -> bool:
    return one["type"] == other["type"] and one.get("style") == other.get("style")


def _buttons(actions: Iterable[Action]) -> Iterator[_Piece]:
    """Yield rows of buttons; to copy words is something Slack has no button for."""
    buttons: list[Json] = []
    taps: list[tuple[str, str]] = []
    for action in actions:
        label = {"type": "plain_text", "text": _label(action.label), "emoji": False}
        # Every tap is told, of links as well: the id is unique in its block, which is all that Slack asks.
        button: Json = {"type": "button", "text": label, "action_id": f"tap-{len(buttons)}"}
        if action.command is not None:
            value = action.command
            if units(value) > MAX_VALUE:
                value, _ = tap_data(action.command)
                taps.append((value, action.command))
            buttons.append(button | {"value": value})
        elif action.link is not None and len(action.link) <= MAX_URL:
            buttons.append(button | {"url": action.link})
    for first in range(0, len(buttons), MAX_BUTTONS):
        row = buttons[first : first + MAX_BUTTONS]
        words = "".join(f"[{button['text']['text']}]" for button in row)
        yield _Piece("actions", words, {"type": "actions", "elements": row}, tuple(taps))
        taps = []


def _label(label: str) -> str:
    (first, *rest) = list(StyledText.of((Run(label),)).pieces(MAX_LABEL - 2)) or [StyledText("…", ())]
    return first.text + (" …" if rest else "")


def _message(part: list[_Piece]) -> SlackText | None:
    """Return pieces as one message, None where it would show nothing."""
    words = "\n".join(piece.words for piece in part if piece.kind not in {"room", "actions"} and piece.words)
    if not any(piece.kind != "room" for piece in part):
        return None
    blocks: list[Json] = []
    rich: list[Json] = []
    for piece in part:
        if piece.kind in {"context", "actions", "room"}:
            blocks += _rich_text(rich)
            rich = []
            if piece.kind != "room":
                blocks.append(piece.element)
        else:
            _append(rich, piece)
    blocks += _rich_text(rich)
    fallback = list(StyledText.of((Run(words),)).pieces(MAX_FALLBACK)) or [StyledText("…", ())]
    text = fallback[0].text + (" …" if len(fallback) > 1 else "")
    return SlackText(escaped(text), tuple(blocks), tuple(tap for piece in part for tap in piece.taps))


def _append(rich: list[Json], piece: _Piece) -> None:
    """Add a stretch: lines that follow each other share a section, points a list; a quotation stands alone."""
    if piece.kind == "quote":
        rich.append({"type": "rich_text_quote", "elements": piece.element})
        return
    if piece.kind == "table":
        rich.append({"type": "rich_text_preformatted", "elements": piece.element})
        return
    section = {"type": "rich_text_section", "elements": piece.element}
    last = rich[-1]["type"] if rich else ""
    if piece.kind == "point":
        if last != "rich_text_list":
            rich.append({"type": "rich_text_list", "style": "bullet", "elements": []})
        rich[-1]["elements"].append(section)
    elif last == "rich_text_section":
        # Sections that follow each other are set in one line: the break has to be said.
        rich[-1]["elements"] += [{"type": "text", "text": "\n"}, *piece.element]
    else:
        rich.append(section)


def _rich_text(rich: list[Json]) -> list[Json]:
    return [{"type": "rich_text", "elements": rich}] if rich else []

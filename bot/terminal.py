"""Messages on a terminal: rich's text objects, plain text, Markdown. Nothing out of an article is parsed or obeyed.

Control characters (an article may hold the escape sequences that move a terminal's cursor) become blanks in all three.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from bot.styled import StyledText, is_link
from handlers.command import Channel
from summaries.message import Actions, Divider, File, Heading, List, Paragraph, Picture, QuoteBlock, Run, Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.text import Text

    from summaries.message import Action, Block, Message

LOCAL = Channel("terminal", "local")
"""The chat that is held here."""
# C1 controls: some terminals obey U+009B as they do ESC [.
_C1 = dict.fromkeys(range(0x80, 0xA0), " ")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
# Two lines that begin like this are a list or a heading to Markdown, whoever wrote them.
# Before a digit a backslash is a backslash, so that of "1." stands before the point.
_MARKDOWN_START = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([-+=.)])(?=\s|$|[-=])", re.MULTILINE)
_MARKDOWN_ENDS_LINK = re.compile(r"[<>()\\]")
_LOOKS = {Style.BOLD: "bold", Style.SMALL: "dim", Style.CODE: "cyan", Style.PLAIN: ""}


def as_rich(message: Message) -> Iterator[RenderableType]:
    """Yield what rich prints for each block."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded only where a terminal shows something
    from rich.text import Text  # noqa: PLC0415 - the same

    for block in message.blocks:
        match block:
            case Heading(runs):
                yield _rich(runs, "bold")
            case Paragraph(runs):
                yield _rich(runs)
            case QuoteBlock(runs):
                yield Padding(_rich(runs), (0, 0, 0, 4))
            case List(points):
                for point in points:
                    yield Padding(Text.assemble("• ", _rich(point)), (0, 0, 0, 2))
            case Actions(actions):
                yield Text(_typed(actions), style="cyan")
            case Picture(_, name) | File(name, _):
                yield Text(f"[{_clean(name)}]", style="dim")
            case Divider():
                yield Text("")


def _rich(runs: tuple[Run, ...], base: str = "") -> Text:
    from rich.text import Text  # noqa: PLC0415 - as above

    text = Text(style=base)
    styled = StyledText.of(runs)
    for stretch in styled.stretches:
        look = _LOOKS[stretch.style]
        if stretch.link:
            look += f" link {stretch.link}"
        text.append(styled.text[stretch.start : stretch.end].translate(_C1), style=look.strip() or None)
    return text


def as_text(message: Message) -> str:
    """Return the message as plain text: a quote's lines begin with "> ", nothing is wrapped."""
    lines: list[str] = []
    for block in message.blocks:
        match block:
            case Heading(runs) | Paragraph(runs):
                lines.append(_plain(runs))
            case QuoteBlock(runs):
                lines.append("> " + _plain(runs).replace("\n", "\n> "))
            case List(points):
                lines += ("• " + _plain(point) for point in points)
            case Actions(actions):
                lines.append(_typed(actions))
            case Picture(_, name) | File(name, _):
                lines.append(f"[{_clean(name)}]")
            case Divider():
                lines.append("")
    return "\n".join(lines) + "\n"


def _typed(actions: tuple[Action, ...]) -> str:
    """Return buttons as what they do, each with what to type instead; what only copies is left out."""
    meant = ((action.label, action.command or action.link) for action in actions)
    return _clean("  ".join(f"[{label}] {instead}" for label, instead in meant if instead))


def _plain(runs: tuple[Run, ...]) -> str:
    return StyledText.of(runs).text.translate(_C1)


def _clean(text: str) -> str:
    return _plain((Run(text),))


def as_markdown(message: Message) -> str:
    """Return the message as CommonMark; whatever an article holds is escaped and shows as printed."""
    # Block quotations that follow each other without a line between them would flow into one.
    return "\n\n".join(_markdown(block) for block in message.blocks if not isinstance(block, Divider)) + "\n"


def _markdown(block: Block) -> str:
    text = ""
    match block:
        case Heading(runs):
            text = "# " + "".join(_escaped(run.text) for run in runs).replace("\n", " ")
        case Paragraph(runs):
            text = _marked(runs)
        case QuoteBlock(runs):
            text = "> " + _marked(runs).replace("\n", "\n> ")
        case List(points):
            text = "\n".join("- " + _marked(point).replace("\n", " ") for point in points)
        case Actions(actions):
            text = " · ".join(_escaped(each.label) for each in actions)
        case Picture(_, name) | File(name, _):
            text = _escaped(f"[{name}]")
        case Divider():
            pass
    return text


def _marked(runs: tuple[Run, ...]) -> str:
    # Neighbours of one look are marked once: "*By* *Ana*" shows the same and is hard to read in the source.
    looks = groupby(runs, key=lambda run: (run.style, run.link))
    return "".join(_marked_run(Run("".join(run.text for run in same), *look)) for look, same in looks)


def _marked_run(run: Run) -> str:
    text = _escaped(run.text)
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if run.style is Style.BOLD:
        inner = f"**{inner}**"
    elif run.style is Style.SMALL:
        inner = f"*{inner}*"
    if run.link and is_link(run.link) and not _MARKDOWN_ENDS_LINK.search(run.link):
        inner = f"[{inner}]({run.link})"
    return before + inner + after


def _escaped(text: str) -> str:
    # Not StyledText: it trims, and a run's blanks part it from its neighbours.
    kept = "".join(" " if _is_control(char) else char for char in text)
    return _MARKDOWN_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", kept))


def _is_control(char: str) -> bool:
    return (char < " " and char != "\n") or "\x7f" <= char <= "\x9f" or "\u202a" <= char <= "\u202e"

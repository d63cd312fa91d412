"""What we say, before any platform: blocks of styled runs, never markup.

Renderers in ``bot`` turn a message into Telegram entities, Slack blocks or terminal text; nothing in here is parsed,
so nothing out of an article can act as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a run is set."""

    PLAIN = "plain"
    BOLD = "bold"
    SMALL = "small"
    """Set back: italic on Telegram, context on Slack, dim in the terminal."""
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style.

    Attributes:
        link: Where a tap leads (http or https); None for no link.
        verbatim: Whether the characters come out of an article: they are never cut or changed,
            and detection of names, commands and addresses is switched off in them.
    """

    text: str
    style: Style = Style.PLAIN
    link: str | None = None
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that stands above what follows."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text; a line break inside a run breaks the line."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """Quoted or printed words, set as a block quotation."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class List:
    """Points, one under the other, each with a bullet."""

    points: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """Room between two parts."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button.

    Attributes:
        label: What it says; at most 75 characters (Slack's limit).
        command: The chat command that a tap stands for ("/quotes putin"); adapters map it to short ids.
        link: An address instead of a command.
        copy: Words that a tap copies, where the platform can; at most 256 characters (Telegram's limit).
    """

    label: str
    command: str | None = None
    link: str | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Actions:
    """Buttons; renderers break them into rows."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its alternative text.

    Attributes:
        data: A PNG or JPEG file.
        alt: What it shows, for those who do not see it.
    """

    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed out: sent where a platform can, else shown as it is.

    Attributes:
        name: With its ending ("quotes.csv").
        text: What it holds; in UTF-8 when it is written.
    """

    name: str
    text: str


Block = Heading | Paragraph | QuoteBlock | List | Divider | Actions | Picture | File


@dataclass(frozen=True, slots=True)
class Message:
    """One answer, briefing or alert.

    Attributes:
        in_place: As the answer to a tap: put it in the place of the message whose button was tapped.
    """

    blocks: tuple[Block, ...]
    in_place: bool = False

    def plain_text(self) -> str:
        """Return the words alone, for logs of tests and for notification fallbacks."""
        parts: list[str] = []
        for block in self.blocks:
            match block:
                case Heading(runs) | Paragraph(runs) | QuoteBlock(runs):
                    parts.append("".join(run.text for run in runs))
                case List(points):
                    parts.extend("• " + "".join(run.text for run in point) for point in points)
                case Actions(actions):
                    parts.append(" ".join(f"[{action.label}]" for action in actions))
                case Picture(_, alt):
                    parts.append(alt)
                case File(name, _):
                    parts.append(f"[{name}]")
        return "\n".join(parts)

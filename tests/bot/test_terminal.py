"""Messages on a terminal: nothing out of an article is parsed or obeyed."""

from __future__ import annotations

import io

from rich.console import Console

from bot.terminal import as_markdown, as_rich, as_text
from summaries.message import (
    Action,
    Actions,
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

MESSAGE = Message(
    (
        Heading((Run("Dam ‘safe’", Style.BOLD, verbatim=True),)),
        Paragraph((Run("By ", Style.SMALL), Run("courier.example", Style.SMALL, link="https://courier.example/a"))),
        Divider(),
        List(((Run("One."),), (Run("Two."),))),
        QuoteBlock((Run("“"), Run("We [bold]stay[/bold].", verbatim=True), Run("”"))),
        Actions((Action("All quotes", command="/quotes vance"), Action("Site", link="https://courier.example"))),
        Picture(b"", "A dam"),
        File("quotes.csv", "a,b"),
    )
)


def shown(message: Message, *, color: bool = False) -> str:
    """Return what a terminal of 80 columns gets."""
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=color, highlight=False)
    for renderable in as_rich(message):
        console.print(renderable)
    return out.getvalue()


def test_the_terminal_shows_every_block() -> None:
    """Quotes stand in, points have bullets, buttons show the command that they stand for."""
    lines = [line.rstrip() for line in shown(MESSAGE).splitlines()]
    assert lines == [
        "Dam ‘safe’",
        "By courier.example",
        "",
        "  • One.",
        "  • Two.",
        "    “We [bold]stay[/bold].”",
        "[All quotes] /quotes vance  [Site] https://courier.example",
        "[A dam]",
        "[quotes.csv]",
    ]


def test_styles_are_seen_on_a_terminal_with_colours() -> None:
    """Bold is bold, and a link is a link."""
    out = shown(MESSAGE, color=True)
    assert "\x1b[1mDam ‘safe’" in out
    assert "\x1b]8;" in out


def test_plain_text_marks_quotes_and_wraps_nothing() -> None:
    """A pipe gets whole lines: a quoted stretch can be searched for."""
    assert as_text(MESSAGE) == (
        "Dam ‘safe’\nBy courier.example\n\n• One.\n• Two.\n> “We [bold]stay[/bold].”\n"
        "[All quotes] /quotes vance  [Site] https://courier.example\n[A dam]\n[quotes.csv]\n"
    )


def test_markdown_escapes_what_an_article_holds() -> None:
    """Brackets, stars and leading signs of an article are no markup."""
    assert as_markdown(MESSAGE) == (
        "# Dam ‘safe’\n\n*By* [*courier.example*](https://courier.example/a)\n\n- One.\n- Two.\n\n"
        "> “We \\[bold\\]stay\\[/bold\\].”\n\nAll quotes · Site\n\n\\[A dam\\]\n\n\\[quotes.csv\\]\n"
    )
    listed = Message((Paragraph((Run("- no list\n1. nor this"), Run(" "), Run("so", Style.BOLD))),))
    assert as_markdown(listed) == "\\- no list\n1\\. nor this **so**\n"


def test_escape_sequences_of_an_article_do_not_reach_the_terminal() -> None:
    """A headline may hold "clear the screen", in seven bits or in eight."""
    message = Message((Heading((Run("a\x1b[2Jb\x9b2Jc\x07", verbatim=True),)), QuoteBlock((Run("x\x1by\u202ez"),))))
    for text in (shown(message), as_text(message), as_markdown(message)):
        assert not set(text) & set("\x1b\x9b\x07\u202e")


def test_escape_sequences_of_an_address_do_not_reach_the_terminal() -> None:
    """A page states its own address; with an escape sequence in it, it is no link."""
    message = Message((Paragraph((Run("courier", link="https://courier.example/\x1b]0;mine\x07"),)),))
    out = io.StringIO()
    for renderable in as_rich(message):
        Console(file=out, force_terminal=True).print(renderable)
    assert "\x07" not in out.getvalue()
    assert "mine" not in out.getvalue()
    assert as_markdown(message) == "courier\n"


def test_markdown_marks_neighbours_of_one_look_once() -> None:
    """As a person would write it."""
    small = Message((Paragraph((Run("By ", Style.SMALL), Run("Ana", Style.SMALL, verbatim=True), Run(" now"))),))
    assert as_markdown(small) == "*By Ana* now\n"

"""The commands about who speaks, and about what is to be forgotten. Each imports its module when it is asked for."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line import PEOPLE, UPKEEP, Output, Plain, number, one_name

app = typer.Typer()

_LEAVES = "Leaves with 0, with 1 where it cannot be done, with 2 where a setting cannot be used."
_Who = Annotated[str, typer.Argument(metavar="NAME|NUMBER", help="As “onrecord speakers” tells it.")]
_Sure = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command(
    cls=Plain,
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Examples:
  onrecord speakers
  onrecord speakers orlan

Who is known from pages that were pasted in a chat is seen there only.

{_LEAVES}
""",
)
def speakers(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME|NUMBER", help="A name, or a part of one.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="Speakers, at most.")] = 20,
) -> None:
    """List speakers with numbers, printed forms and counts. Without a name, those named most."""
    from bot.commands.speakers import speakers as show  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(show(one_name(names), limit))


@app.command(
    cls=Plain,
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Examples:
  onrecord merge "Victor Orlan" --into "Viktor Orlan"
  onrecord merge 12 --into 7

Later pages that print either name are listed there too. "onrecord undo" parts them again.

{_LEAVES}
""",
)
def merge(
    one: _Who,
    into: Annotated[str, typer.Option("--into", metavar="NAME|NUMBER", help="Under whom they are listed.")],
    *,
    yes: _Sure = False,
) -> None:
    """List everything of one speaker under another."""
    from bot.commands.speakers import merge as make_one  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(make_one(one, into, is_sure=yes))


@app.command(
    cls=Plain,
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Example:
  onrecord rename 12 "Viktor Orlan"

Pages keep the name that they print. "onrecord undo" takes the name back.

{_LEAVES}
""",
)
def rename(
    one: _Who,
    name: Annotated[str, typer.Argument(metavar="NEW-NAME", help="What they are called from now on.")],
    *,
    yes: _Sure = False,
) -> None:
    """Show a speaker under another name."""
    from bot.commands.speakers import rename as call  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(call(one, name, is_sure=yes))


@app.command(
    cls=Plain,
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Examples:
  onrecord undo
  onrecord undo 3

Without a number it lists what was merged and renamed. What came since goes where its page says.

{_LEAVES}
""",
)
def undo(
    change: Annotated[
        int | None, typer.Argument(metavar="CHANGE", parser=number, help="A number from the list.")
    ] = None,
) -> None:
    """Put back what a merge or another name changed."""
    from bot.commands.speakers import undo as put_back  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(put_back(change))


@app.command(
    cls=Plain,
    rich_help_panel=UPKEEP,
    epilog=f"""\b
Examples:
  onrecord forget --speaker "Viktor Orlan"
  onrecord forget --article https://post.example/2026/dam
  onrecord forget --source 4
  onrecord forget --user @ana
  onrecord forget --chat telegram:-1001234

Says what will go and asks. Quotes, numbers, alerts, subscriptions, messages sent or waiting, buttons
and complaints go along; numbers are never given again. Who speaks or writes later is opened anew.

{_LEAVES}
""",
)
def forget(  # noqa: PLR0913 - one of five
    *,
    speaker: Annotated[str | None, typer.Option(metavar="NAME|NUMBER", help="Somebody who is quoted.")] = None,
    article: Annotated[str | None, typer.Option(metavar="URL|ID", help="A page.")] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NUMBER|URL|TITLE", help="A source, and what came from it alone.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="NAME|ADDRESS", help="Somebody who wrote, and their private chat.")
    ] = None,
    chat: Annotated[
        str | None, typer.Option(metavar="TITLE|ADDRESS", help="A chat with its topics, pages and choices.")
    ] = None,
    yes: _Sure = False,
) -> None:
    """Forget somebody or something, with all that hangs on it."""
    given = {"speaker": speaker, "article": article, "source": source, "user": user, "chat": chat}
    asked = [(kind, written) for kind, written in given.items() if written is not None]
    if len(asked) != 1 or not asked[0][1].strip():
        msg = "say exactly one of --speaker, --article, --source, --user and --chat, with who or what it is"
        raise typer.BadParameter(msg)
    from bot.commands.forget import forget as take_out  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(take_out(*asked[0], is_sure=yes))

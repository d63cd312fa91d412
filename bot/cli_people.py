"""The commands about who speaks, and about what is to be forgotten. Each imports its module when it is asked for."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line import PEOPLE, Output

app = typer.Typer()

_LEAVES = "Leaves with 0, with 1 where it cannot be done, with 2 where a setting cannot be used."
_WHO = typer.Argument(metavar="NAME|NUMBER", help="As “onrecord speakers” tells it.")


@app.command(
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Examples:
  onrecord speakers
  onrecord speakers orlan

\b
Who is known from pages that were pasted in a chat is seen there only.
{_LEAVES}
""",
)
def speakers(
    name: Annotated[str | None, typer.Argument(metavar="[NAME|NUMBER]", help="A name, or a part of one.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="Speakers, at most.")] = 20,
) -> None:
    """List speakers with their numbers, forms and counts; those named most without a name."""
    from bot.commands.speakers import speakers as show  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(show(name, limit))


@app.command(
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Examples:
  onrecord merge "Victor Orlan" --into "Viktor Orlan"
  onrecord merge 12 --into 7

\b
Later pages that print either name are listed there too. "onrecord undo" parts them again.
{_LEAVES}
""",
)
def merge(
    one: Annotated[str, _WHO],
    into: Annotated[str, typer.Option("--into", metavar="NAME|NUMBER", help="Under whom they are listed.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """List everything of one speaker under another."""
    from bot.commands.speakers import merge as make_one  # noqa: PLC0415 - start-up, as above

    raise typer.Exit(make_one(one, into, is_sure=yes))


@app.command(
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Example:
  onrecord rename 12 "Viktor Orlan"

\b
Pages keep the name that they print. "onrecord undo" takes the name back.
{_LEAVES}
""",
)
def rename(
    one: Annotated[str, _WHO],
    name: Annotated[str, typer.Argument(metavar="NEW-NAME")],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Show a speaker under another name."""
    from bot.commands.speakers import rename as call  # noqa: PLC0415 - start-up, as above

    raise typer.Exit(call(one, name, is_sure=yes))


@app.command(
    rich_help_panel=PEOPLE,
    epilog=f"""\b
Examples:
  onrecord undo
  onrecord undo 3

\b
Without a number it lists what was merged and renamed. What came since goes where its page says.
{_LEAVES}
""",
)
def undo(change: Annotated[int | None, typer.Argument(metavar="[CHANGE]", min=1)] = None) -> None:
    """Put back what a merge or another name changed."""
    from bot.commands.speakers import undo as put_back  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(put_back(change))

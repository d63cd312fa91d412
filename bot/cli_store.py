"""The commands that work on what is kept. Each imports its module when it is asked for: start-up counts."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line import KEPT, UPKEEP, Output

app = typer.Typer()


@app.command(
    rich_help_panel=KEPT,
    epilog="""\b
Examples:
  onrecord summary https://post.example/2026/dam
  onrecord summary 1204

\b
Nothing is fetched: "onrecord brief" reads a page that is not kept.
Leaves with 0, with 1 where there is no such article or no database, with 2 where a setting cannot be used.
""",
)
def summary(
    article: Annotated[
        str, typer.Argument(metavar="URL|ID", help="The article's address, or its number as in export and json.")
    ],
) -> None:
    """Show an article that was read: its summary and key quotes."""
    from bot.commands.summary import summary as show  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(show(article))


@app.command(
    rich_help_panel=UPKEEP,
    epilog="""\b
Example:
  onrecord migrate

\b
Stop the bot first. "onrecord run" does the same by itself at its start.
Leaves with 0, with 1 where it cannot be done, with 2 where a setting cannot be used.
""",
)
def migrate() -> None:
    """Bring the database's tables up to date with this version."""
    from bot.commands.migrate import migrate as bring_up_to_date  # noqa: PLC0415 - start-up, as above

    raise typer.Exit(bring_up_to_date())

"""The commands that work on what is kept. Each imports its module when it is asked for: start-up counts."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line import KEPT, UPKEEP, Output, Plain, check, one_name, since

app = typer.Typer()

_Since = Annotated[
    str | None,
    typer.Option("--since", metavar="7d|DAY", help="Only the last 24h, 7d, 3w, 2m or 1y, or since a day: 2026-09-01."),
]


@app.command(
    cls=Plain,
    rich_help_panel=KEPT,
    epilog="""\b
Examples:
  onrecord quotes vos
  onrecord quotes "Ana Pardo" --about dam --since 30d
  onrecord quotes 7
  onrecord quotes --about "harbour fees" --outlet post.example
  onrecord quotes vos --format csv > vos.csv

A near spelling is said, of several people who may be meant all are named.

Leaves with 0, with 1 where nothing is found or it is not clear who is meant, with 2 on wrong usage.
""",
)
def quotes(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME|NUMBER",
            help="A name or a part of it, or a number as “onrecord speakers” tells it; none asks for anybody.",
        ),
    ] = None,
    about: Annotated[str | None, typer.Option(metavar="WORDS", help="Words that all stand in it.")] = None,
    since_: _Since = None,
    outlet: Annotated[
        str | None, typer.Option(metavar="NAME|SITE", help="Who printed it: a part of the name, or post.example.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORM", help="text, json (one object a line) or csv.")
    ] = "text",
) -> None:
    """Show what somebody said, word for word, and where it stands."""
    check("--format", form, ("text", "json", "csv"))
    far, name = since(since_), one_name(names)
    if not (name or "").strip() and not (about or "").strip():
        msg = "say whose quotes, or --about what"
        raise typer.BadParameter(msg)
    from bot.commands.quotes import Asking  # noqa: PLC0415 - start-up, as above
    from bot.commands.quotes import quotes as show  # noqa: PLC0415 - the same

    with Output():
        raise typer.Exit(show(Asking(name, about, far, outlet, form)))


@app.command(
    cls=Plain,
    rich_help_panel=KEPT,
    epilog="""\b
Examples:
  onrecord summary https://post.example/2026/dam
  onrecord summary post.example/2026/dam
  onrecord summary 1204

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
    cls=Plain,
    rich_help_panel=KEPT,
    epilog="""\b
Examples:
  onrecord export > kept.jsonl
  onrecord export --format csv > quotes.csv
  onrecord export --what articles --format csv > articles.csv
  onrecord export --chat telegram:-1001234567890 > with-their-pages.jsonl

One state of the database, while the bot runs. Pages that were pasted in a chat are left out unless --chat names it.

Leaves with 0, with 1 where there is no database, with 2 on wrong usage or where writing failed.
""",
)
def export(
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="jsonl (one object a line) or csv.")] = "jsonl",
    what: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="articles, quotes or all; a table holds one kind. [all; csv: quotes]"),
    ] = None,
    chat: Annotated[
        str | None, typer.Option(metavar="CHANNEL", help="A chat whose own pages go with the shared ones.")
    ] = None,
) -> None:
    """Write all that is kept, articles and quotes, with their proof."""
    check("--format", form, ("jsonl", "csv"))
    chosen = what or ("all" if form == "jsonl" else "quotes")
    check("--what", chosen, ("articles", "quotes", "all") if form == "jsonl" else ("articles", "quotes"))
    from bot.commands.export import Wanted  # noqa: PLC0415 - start-up, as above
    from bot.commands.export import export as write  # noqa: PLC0415 - the same

    with Output():
        raise typer.Exit(write(Wanted(form, chosen, chat)))


@app.command(
    cls=Plain,
    rich_help_panel=UPKEEP,
    epilog="""\b
Example:
  onrecord migrate

Stop the bot first. "onrecord run" does the same by itself at its start.

Leaves with 0, with 1 where it cannot be done, with 2 where a setting cannot be used.
""",
)
def migrate(
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Fill the full-text indexes anew, too.")] = False,
) -> None:
    """Bring the database's tables up to date with this version."""
    from bot.commands.migrate import migrate as bring_up_to_date  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(bring_up_to_date(rebuild=rebuild))


@app.command(
    cls=Plain,
    rich_help_panel=UPKEEP,
    epilog="""\b
Example:
  onrecord doctor

Looks at settings, tokens (not shown), data folder, disk, time zones, database, full text, clock, operator, sources
and outbox, also while the bot runs. Nothing is changed and nobody outside is asked.

Leaves with 0, with 1 when something needs doing, with 2 where a setting cannot be used.
""",
)
def doctor() -> None:
    """Say what is not as it should be, each with what to do."""
    from bot.commands.doctor import doctor as look  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(look())


@app.command(
    cls=Plain,
    rich_help_panel=UPKEEP,
    epilog="""\b
Examples:
  onrecord backup /mnt/backups/onrecord-monday.db
  onrecord backup --force latest.db

The bot may run meanwhile. On PostgreSQL it prints the line of pg_dump that does it, and leaves with 1.

Leaves with 0, with 1 where it cannot be written, with 2 where a setting cannot be used.
""",
)
def backup(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Where to; made whole or not at all, for your eyes only.")
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
) -> None:
    """Write a copy of the database, also while the bot runs."""
    from bot.commands.backup import backup as back_up  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(back_up(file, force=force))


@app.command(
    cls=Plain,
    rich_help_panel=UPKEEP,
    epilog="""\b
Examples:
  onrecord restore /mnt/backups/onrecord-monday.db
  onrecord restore --yes /mnt/backups/onrecord-monday.db
  onrecord restore --by-hand

Stop the bot first. Asks before a database is replaced; where there is no terminal to ask at, say --yes. The former
one is kept beside. What was waiting in the backup is held, for it may have gone out since: see "onrecord outbox".
--by-hand is for PostgreSQL, after pg_restore.

Leaves with 0, with 1 where it cannot be done (then nothing is changed), with 2 on wrong usage.
""",
)
def restore(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A backup.")] = None,
    *,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="The database was put back by other means: only hold what was waiting.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a backup back; what was waiting in it is held."""
    if (file is None) != by_hand:
        msg = "say either a backup or --by-hand"
        raise typer.BadParameter(msg)
    from bot.commands.restore import restore as put_back  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(put_back(file, is_sure=yes))


@app.command(
    cls=Plain,
    rich_help_panel=UPKEEP,
    epilog="""\b
Examples:
  onrecord outbox
  onrecord outbox release
  onrecord outbox drop

Without a word: how many messages wait, are held, failed or were dropped.

Leaves with 0, with 1 while something is held (or nothing is there to release or drop), with 2 on wrong usage.
""",
)
def outbox(
    action: Annotated[
        str | None, typer.Argument(metavar="release|drop", help="Send what is held after a restore, or drop it.")
    ] = None,
) -> None:
    """Say what waits to be sent, or is held after a restore."""
    if action is not None:
        check("release|drop", action, ("release", "drop"))
    from bot.commands.outbox import outbox as tell  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(tell(action))

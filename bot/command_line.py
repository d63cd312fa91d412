"""What all commands share: their groups in the help, output that may end early, the checks of options."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from handlers.numbers import number_in
from handlers.since import NO_TIME, parse_since

if TYPE_CHECKING:
    from datetime import date, timedelta

    from typer._click import Context, HelpFormatter

THE_BOT = "The bot"
WITHOUT_STORE = "Pages and corpora, without a database"
KEPT = "What is kept"
SOURCES = "Where articles come from"
PEOPLE = "Who speaks"
UPKEEP = "Upkeep"
GROUPS = (THE_BOT, WITHOUT_STORE, KEPT, PEOPLE, SOURCES, UPKEEP)
"""The groups of commands, in the order of the help; each command names its own as ``rich_help_panel``."""

BROKEN_OFF = 2
"""Exit code: input or output failed half-way."""


class Grouped(TyperGroup):
    """The help with commands in groups; the library knows groups only where it paints frames."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands, group by group."""
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx) if not self.commands[name].hidden]
        longest = max((len(name) for name, _ in commands), default=0)
        limit = formatter.width - 6 - longest
        for group in (*GROUPS, None):
            rows = [
                (name.ljust(longest), command.get_short_help_str(limit))
                for name, command in commands
                if _group_of(command) == group
            ]
            if rows:
                with formatter.section(group or "Commands"):
                    formatter.write_dl(rows)


class Plain(TyperCommand):
    """A command whose help calls an argument what its usage calls it; the library adds a type in Python's words."""

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the arguments, then the options."""
        arguments, options = [], []
        for param in self.get_params(ctx):
            if (record := param.get_help_record(ctx)) is None:
                continue
            if isinstance(param, TyperArgument):
                arguments.append((param.display_name_raw, record[1]))
            else:
                options.append(record)
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _group_of(command: object) -> str | None:
    group = getattr(command, "rich_help_panel", None)
    return group if group in GROUPS else None


def standard_input() -> BinaryIO:
    """Return standard input; an empty one where whoever started us has closed it."""
    return BytesIO() if sys.stdin is None else sys.stdin.buffer


class Output:
    """Standard output while a command writes to it: any locale, and a reader that goes away early (``| head``)."""

    def __enter__(self) -> None:
        if sys.stdout is None:
            typer.echo("onrecord: standard output is closed.", err=True)
            raise typer.Exit(BROKEN_OFF)
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        failed = error if isinstance(error, OSError) else None
        try:
            if failed is None:
                sys.stdout.flush()
                return False
        except OSError as exc:
            failed = exc
        # What is still in the buffer has nowhere to go; Python would complain about it on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(failed, BrokenPipeError):
            return True
        # A full disk, as a rule: half a corpus must not look like a whole one.
        what = "broken off" if isinstance(failed, ChildProcessError) else "reading or writing failed"
        typer.echo(f"onrecord: {what} ({failed.strerror or failed}).", err=True)
        raise typer.Exit(BROKEN_OFF)


def check(option: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a value that an option does not know."""
    if value not in known:
        msg = f"{value!r} is not one of {', '.join(known)}"
        raise typer.BadParameter(msg, param_hint=option)


def number(written: str) -> int:
    """Return the number that is written; refuse what no row can have."""
    if not (found := number_in(str(written))):
        msg = f"{written!r} is no number of those that are listed"
        raise typer.BadParameter(msg)
    return found


def one_name(words: list[str] | None) -> str | None:
    """Return the name that was given; several words that are not one are refused."""
    if not words:
        return None
    if len(words) > 1:
        msg = f'put the name in quotation marks: "{" ".join(words)}"'
        raise typer.BadParameter(msg, param_hint="NAME")
    return words[0]


def since(value: str | None, option: str = "--since") -> timedelta | date | None:
    """Return how far back "7d", "24h", "3w", "2m" or "1y" goes, the day of "2026-09-01"; refuse anything else."""
    if value is None:
        return None
    if (found := parse_since(value)) is None:
        msg = f"{value!r} is {NO_TIME}"
        raise typer.BadParameter(msg, param_hint=option)
    return found

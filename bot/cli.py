"""The command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def _onrecord() -> None:
    """On Record reads news and keeps who said what, word for word as printed."""


@app.command()
def extract(
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")] = True,
    attribution_bar: Annotated[str, typer.Option(help="0 to 1, asked or pushed.")] = "asked",
    method: str = "news",
    sentences: int = 3,
    workers: int = 1,
) -> None:
    """Analyse articles from standard input, one JSON object a line."""
    from bot.extract import Extracting, extract_lines  # noqa: PLC0415 - start-up: other commands do without it

    del jsonl
    bar = attribution_bar if attribution_bar in {"asked", "pushed"} else float(attribution_bar)
    for line in extract_lines(sys.stdin.buffer, Extracting(bar, method, sentences), workers=workers):
        sys.stdout.buffer.write(line)


def main() -> None:
    """Run the command line."""
    app()

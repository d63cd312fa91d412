"""The command line: what can be asked and which module answers. Commands are imported when asked for: start-up counts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot import cli_people, cli_sources, cli_store
from bot.command_line import KEPT, THE_BOT, WITHOUT_STORE, Grouped, Output, Plain, check, since, standard_input

app = typer.Typer(
    cls=Grouped,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help and errors: they go into logs, pipes and screen readers
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.add_typer(cli_store.app)
app.add_typer(cli_people.app)
app.add_typer(cli_sources.app)

_Sentences = Annotated[int, typer.Option(min=1, max=100, metavar="N", help="Sentences of the summary, at most.")]
_Commercial = Annotated[
    bool,
    typer.Option("--commercial", help="Without the numbers chosen on data that are free for non-commercial use only."),
]
_Method = Annotated[
    str,
    typer.Option(
        metavar="METHOD",
        help="How the summary is chosen: news, lead, lexrank, textrank, lsa, luhn, edmundson, kl, sumbasic, reduction.",
    ),
]


def _print_version(*, asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - only this option needs it

        typer.echo(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback(
    epilog="""\b
Examples:
  onrecord run
  onrecord sources add https://post.example/
  onrecord quotes vos --about dam --since 30d
  onrecord brief page.html
  onrecord backup monday.db
  onrecord doctor
"""
)
def _onrecord(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda asked: _print_version(asked=asked),
            is_eager=True,
            help="Print the version and leave.",
        ),
    ] = False,
) -> None:
    """On Record reads news and keeps who said what, word for word as printed."""


@app.command(
    cls=Plain,
    rich_help_panel=WITHOUT_STORE,
    epilog="""\b
Examples:
  onrecord brief page.html
  onrecord brief https://post.example/2026/dam
  onrecord brief --sentences 5 --method lexrank monday.txt tuesday.txt
  xclip -o | onrecord brief -

An address is fetched and not kept; private ones are not dialled (see ONRECORD_ALLOWED_NETWORKS).

Leaves with 0, with 1 where no article was found, with 2 where a page could not be read.
""",
)
def brief(  # noqa: PLR0913 - one argument an option
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL|-",
            help="Pages: HTML, text as copied from the browser, a mail (.eml), an address; - is standard input.",
        ),
    ],
    *,
    sentences: _Sentences = 3,
    quotes: Annotated[int, typer.Option(min=0, max=1000, metavar="N", help="Key quotes, at most.")] = 5,
    method: _Method = "news",
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, json or markdown.")] = "text",
    commercial: _Commercial = False,
) -> None:
    """Print a page's title, summary and key quotes by speaker."""
    check("--format", form, ("text", "json", "markdown"))
    _check_method(method)
    from bot.brief import Briefing  # noqa: PLC0415 - start-up, as above
    from bot.brief import brief as brief_pages  # noqa: PLC0415 - the same
    from bot.engine import EngineChoice  # noqa: PLC0415 - the same

    with Output():
        raise typer.Exit(
            brief_pages(paths, Briefing(method, sentences, quotes, form, EngineChoice(noncommercial=not commercial)))
        )


@app.command(
    cls=Plain,
    rich_help_panel=WITHOUT_STORE,
    epilog="""Each input line is an object with "id" and one of "text" (a clean article), "page" (as copied from
the browser) or "html"; "title", "url", "outlet" and "language" may be given. Order is kept; a bad line gets an "error" and the run goes on.

\b
Example:
  onrecord extract --jsonl --attribution-bar pushed --workers 4 < corpus.jsonl > quotes.jsonl
""",
)
def extract(  # noqa: PLR0913 - one argument an option
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a line, in and out; the only form so far.")
    ] = False,
    attribution_bar: Annotated[
        str,
        typer.Option(
            metavar="X|asked|pushed",
            help="Confidence, 0 to 1, below which no speaker is named; 0 always names the likeliest.",
        ),
    ] = "asked",
    method: _Method = "news",
    sentences: _Sentences = 3,
    workers: Annotated[int, typer.Option(min=1, max=256, metavar="N", help="Processes.")] = 1,
    commercial: _Commercial = False,
) -> None:
    """Take articles from standard input apart, one JSON object a line."""
    if not jsonl:
        msg = "say --jsonl: one JSON object a line is the only form so far"
        raise typer.BadParameter(msg)
    _check_method(method)
    bar = _bar(attribution_bar)
    from bot.engine import EngineChoice  # noqa: PLC0415 - start-up, as above
    from bot.extract import Extracting, extract_lines  # noqa: PLC0415 - the same
    from bot.json_lines import lines_of  # noqa: PLC0415 - the same
    from bot.progress import counted  # noqa: PLC0415 - the same

    with Output():
        how = Extracting(bar, method, sentences, EngineChoice(noncommercial=not commercial))
        for line in counted(extract_lines(lines_of(standard_input()), how, workers=workers)):
            sys.stdout.buffer.write(line)


@app.command(
    cls=Plain,
    rich_help_panel=KEPT,
    epilog="""\b
Examples:
  onrecord stories
  onrecord stories --since 3d --format csv > stories.csv
  onrecord stories --jsonl < corpus.jsonl > stories.jsonl

With --jsonl the database is left alone: each input line is an object with "id", "title", "text" and "published_at"
(ISO 8601). Order is kept, and it counts: an article is compared with those before it. A bad line gets an "error"
and the run goes on.

Leaves with 0, with 1 where there is nothing (or no database), with 2 on wrong usage or where writing failed.
""",
)
def stories(
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Take articles from standard input, one JSON object a line, in and out.")
    ] = False,
    since_: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="24h|DAY",
            help="What was printed in the last 24h, 7d, 3w, 2m or 1y, or since a day: 2026-09-01.",
        ),
    ] = "24h",
    form: Annotated[
        str, typer.Option("--format", metavar="FORM", help="text, json (one object a line) or csv.")
    ] = "text",
) -> None:
    """Tell which articles are about one event."""
    if jsonl:
        from bot.json_lines import lines_of  # noqa: PLC0415 - start-up, as above
        from bot.progress import counted  # noqa: PLC0415 - the same
        from bot.stories import story_lines  # noqa: PLC0415 - the same

        with Output():
            for line in counted(story_lines(lines_of(standard_input()))):
                sys.stdout.buffer.write(line)
        return
    check("--format", form, ("text", "json", "csv"))
    far = since(since_)
    assert far is not None, "there is a default"
    from bot.commands.stories import Asking  # noqa: PLC0415 - start-up, as above
    from bot.commands.stories import stories as show  # noqa: PLC0415 - the same

    with Output():
        raise typer.Exit(show(Asking(far, form)))


@app.command(
    cls=Plain,
    rich_help_panel=THE_BOT,
    epilog="""\b
Examples:
  onrecord run
  ONRECORD_DATA_DIR=/srv/onrecord onrecord run

Settings are environment variables or lines of .env (see .env.example). Without a token it is a
demonstration: sample articles, and a chat about them at this terminal.

Leaves with 0 when told to stop, with 1 where it cannot run, with 2 where a setting cannot be used.
""",
)
def run() -> None:
    """Run the bot until told to stop (Ctrl-C, SIGTERM)."""
    from bot.run import run as run_bot  # noqa: PLC0415 - start-up, as above

    raise typer.Exit(run_bot())


@app.command(
    cls=Plain,
    rich_help_panel=THE_BOT,
    epilog="""\b
Examples:
  onrecord chat
  onrecord chat < page.txt

What comes from a pipe is read as commands, a line each, and a page between them.
""",
)
def chat() -> None:
    """Ask here what can be asked on Telegram and Slack."""
    from bot.run import chat as chat_here  # noqa: PLC0415 - start-up, as above

    raise typer.Exit(chat_here())


@app.command(
    cls=Plain,
    rich_help_panel=THE_BOT,
    epilog="""\b
Example:
  onrecord health

Leaves with 0, with 1 where no bot runs or it is not well, with 2 where a setting cannot be used.
""",
)
def health() -> None:
    """Say in one line whether the bot runs and is well."""
    from bot.run import report_health  # noqa: PLC0415 - start-up, as above

    raise typer.Exit(report_health())


def _bar(value: str) -> float | str:
    if value in {"asked", "pushed"}:
        return value
    try:
        bar = float(value)
    except ValueError:
        bar = -1.0
    if 0 <= bar <= 1:
        return bar
    msg = f"{value!r} is not asked, pushed or a number from 0 to 1"
    raise typer.BadParameter(msg, param_hint="--attribution-bar")


def _check_method(method: str) -> None:
    from summaries.summarizers import METHODS  # noqa: PLC0415 - start-up, as above

    check("--method", method, METHODS)


def main() -> None:
    """Run the command line."""
    app()

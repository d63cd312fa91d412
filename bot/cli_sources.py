"""The commands on where articles come from. Each imports its module when it is asked for: start-up counts."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line import SOURCES, Grouped, Output, Plain, check, number

app = typer.Typer()
sources = typer.Typer(
    cls=Grouped,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Say where articles come from.",
    epilog="""\b
Examples:
  onrecord sources add https://post.example/
  onrecord sources list --trouble
  onrecord sources import feeds.opml
""",
)
app.add_typer(sources, name="sources", rich_help_panel=SOURCES)

FULL_TEXT = ("auto", "always", "never")

_Numbers = Annotated[
    list[int], typer.Argument(metavar="N", parser=number, help="Numbers, as “sources list” shows them.")
]
_Title = Annotated[str | None, typer.Option(metavar="NAME", help="What it is called, instead of what it calls itself.")]


@sources.command(
    "list",
    cls=Plain,
    epilog="""\b
Examples:
  onrecord sources list
  onrecord sources list --trouble
  onrecord sources list --tag World --format json

Leaves with 0, with 1 where there is no database yet.
""",
)
def list_(
    *,
    tag: Annotated[str | None, typer.Option(metavar="FOLDER", help="Only those in this folder.")] = None,
    trouble: Annotated[bool, typer.Option("--trouble", help="Only those with which something is wrong.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text or json (one object a line).")] = "text",
) -> None:
    """List the sources, and what is wrong with them."""
    check("--format", form, ("text", "json"))
    from bot.commands.sources import Listing, list_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(list_sources(Listing(tag, trouble, form)))


@sources.command(
    "add",
    cls=Plain,
    epilog="""\b
Examples:
  onrecord sources add https://post.example/feed.xml
  onrecord sources add post.example --tag World
  onrecord sources add https://wire.example/rss --full-text always --title "The Wire"

A site's address does: its feed is looked for. The newest 10 articles are read in and told to nobody.

Leaves with 0, with 1 where one could not be added.
""",
)
def add_source(
    urls: Annotated[list[str], typer.Argument(metavar="URL", help="Feeds, or sites that have one.")],
    full_text: Annotated[
        str,
        typer.Option(
            metavar="WHEN", help="Whether articles' pages are fetched: auto (where the feed holds less), always, never."
        ),
    ] = "auto",
    tag: Annotated[
        list[str] | None, typer.Option(metavar="FOLDER", help="A folder; may be given several times.")
    ] = None,
    title: _Title = None,
) -> None:
    """Follow feeds."""
    check("--full-text", full_text, FULL_TEXT)
    from bot.commands.sources import add as add_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(add_sources(urls, full_text=full_text, tags=tag or [], title=title))


@sources.command(cls=Plain, epilog="\b\nExample:\n  onrecord sources remove 3 7\n\nWhat was read of them stays.")
def remove(numbers: _Numbers) -> None:
    """Follow sources no more."""
    from bot.commands.sources import remove as remove_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(remove_sources(numbers))


@sources.command(cls=Plain, epilog="\b\nExample:\n  onrecord sources pause 3")
def pause(numbers: _Numbers) -> None:
    """Look at sources no more until they are resumed."""
    from bot.commands.sources import pause as pause_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(pause_sources(numbers))


@sources.command(cls=Plain, epilog="\b\nExample:\n  onrecord sources resume 3")
def resume(numbers: _Numbers) -> None:
    """Look at paused sources again."""
    from bot.commands.sources import resume as resume_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(resume_sources(numbers))


@sources.command(
    cls=Plain,
    epilog="""\b
Examples:
  onrecord sources change 3 --full-text always
  onrecord sources change 3 --title "The Wire"
""",
)
def change(
    numbers: _Numbers,
    full_text: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="Whether articles' pages are fetched: auto (where the feed holds less), always, never."
        ),
    ] = None,
    title: _Title = None,
) -> None:
    """Change names, and whether pages are fetched."""
    if full_text is None and title is None:
        msg = "say what to change: --full-text or --title"
        raise typer.BadParameter(msg)
    if full_text is not None:
        check("--full-text", full_text, FULL_TEXT)
    from bot.commands.sources import change as change_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(change_sources(numbers, full_text=full_text, title=title))


@sources.command(
    "check",
    cls=Plain,
    epilog="""\b
Examples:
  onrecord sources check 3
  onrecord sources check https://post.example/feed.xml
  onrecord sources check

Format, entries, how new they are, whole texts or not, robots.txt, what stands in front of the newest article.
Nothing is kept. Without an argument each source is looked at once.

Leaves with 0, with 1 where a feed or its newest article cannot be read.
""",
)
def check_source(
    source: Annotated[
        str | None, typer.Argument(metavar="N|URL", help="A source's number or any feed's address.")
    ] = None,
) -> None:
    """Say what is found at a source, in plain words."""
    from bot.commands.checking import check as look_at  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(look_at(source))


@sources.command(
    cls=Plain,
    epilog="""\b
Example:
  onrecord sources discover post.example

Leaves with 0, with 1 where none is found.
""",
)
def discover(
    site: Annotated[str, typer.Argument(metavar="SITE", help="A site's address, with or without https://.")],
) -> None:
    """Print the feeds and news sitemaps of a site."""
    from bot.commands.checking import discover as look_around  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(look_around(site))


@sources.command(
    "import",
    cls=Plain,
    epilog="""\b
Examples:
  onrecord sources import feeds.opml
  curl -s https://post.example/feeds.opml | onrecord sources import -

Folders become tags. Leaves with 0, with 1 where the list names no feeds, with 2 where it cannot be read.
""",
)
def import_(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="An OPML file; - is standard input.")],
) -> None:
    """Follow the feeds of another reader's list (OPML)."""
    from bot.commands.source_lists import import_list  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(import_list(path))


@sources.command(
    "export",
    cls=Plain,
    epilog="""\b
Examples:
  onrecord sources export feeds.opml
  onrecord sources export > feeds.opml

Leaves with 0, with 1 where there is no database yet, with 2 where it cannot be written.
""",
)
def export(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="Where to; - is standard output.")] = "-",
    *,
    with_passwords: Annotated[
        bool, typer.Option("--with-passwords", help="Keep user names and passwords of private feeds.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
) -> None:
    """Write the sources as a list for other readers (OPML)."""
    from bot.commands.source_lists import export_list  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(export_list(path, with_passwords=with_passwords, force=force))


@app.command(
    cls=Plain,
    rich_help_panel=SOURCES,
    epilog="""\b
Examples:
  onrecord ingest --once
  onrecord ingest --once --source 3
  onrecord ingest

--once reads what is due and leaves; with --source that one, due or not. Without it sources are read until
Ctrl-C. Where a bot runs on the same data folder the bot reads, and this shows what came of it.

Leaves with 0, with 1 where a source failed.
""",
)
def ingest(
    *,
    once: Annotated[bool, typer.Option("--once", help="Read once and leave.")] = False,
    source: Annotated[
        int | None,
        typer.Option("--source", metavar="N", parser=number, help="Only this source, even if it is not due."),
    ] = None,
) -> None:
    """Read what is new in the sources, with a line for each."""
    from bot.commands.ingest import ingest as read_sources  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(read_sources(once=once or source is not None, source=source))


@app.command(
    cls=Plain,
    rich_help_panel=SOURCES,
    epilog="""\b
Examples:
  onrecord add https://post.example/2026/dam
  onrecord add page.html newsletter.eml
  xclip -o | onrecord add -

Everybody who was let in finds what is added; nobody is alerted of it.

Leaves with 0, with 1 where no article was found, with 2 where a page could not be read.
""",
)
def add(
    pages: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|FILE|-",
            help="Pages: an address, HTML, text as copied from the browser, a mail (.eml); - is standard input.",
        ),
    ],
) -> None:
    """Keep articles for everybody and show what is in them."""
    from bot.commands.add import add as keep  # noqa: PLC0415 - start-up, as above

    with Output():
        raise typer.Exit(keep(pages))

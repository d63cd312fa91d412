"""``/start``, ``/help``, ``/privacy``, ``/cancel``, and what is not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.claiming import welcome
from handlers.commands import COMMANDS, OPERATORS
from handlers.handed_in import TAKEN
from handlers.said import example_name, most_quoted
from handlers.wording import bold, buttons, code, counted, line, says, starters_button
from summaries.digests import Telling, summary_message
from summaries.message import Actions, Divider, List, Run

if TYPE_CHECKING:
    from handlers.request import Request
    from summaries.message import Block, Message

PRIVATE = (
    "A page that you paste or send is seen in that chat only, and “Delete page” deletes it with all that came of it."
)
KEPT = "What is kept: articles with who said what, your subscriptions, briefings and settings, and who was let in. What you ask is not kept."
NOTHING_TO_END = (
    "Nothing is under way. Every question is answered at once; /unsubscribe and /briefing off end what comes by itself."
)


async def start(request: Request) -> Message:
    """Answer ``/start``: what this is, and what is there to ask for."""
    desk = request.desk
    async with desk.database.reading() as db:
        sources = await desk.sources.all(db, request.chat)
        articles = await desk.articles.count(db, request.chat)
        most = await most_quoted(db, desk, request.chat)
        name = await example_name(db, request.desk, request.chat)
    is_new_here = request.is_operator and not desk.is_open
    greeting = (welcome() if is_new_here else _greeting()).blocks
    others_in = [("Let others in", "/letin")] if is_new_here else []
    if not sources and not articles:
        return says(*greeting, Divider(), *_first_steps(request, others_in))
    read = f"It has read {counted(articles, 'article')}"
    read += f" from {counted(len(sources), 'source')}." if sources else "."
    return says(*greeting, Divider(), read, *what_to_ask(most, name, has_articles=bool(articles), offered=others_in))


def _first_steps(request: Request, offered: list[tuple[str, str]]) -> list[str | Block]:
    follower, sample = request.desk.follower, request.desk.sample
    first = [starters_button(follower)] if follower is not None and request.is_operator else []
    first += [("See a sample", "/sample")] if sample else []
    begin = "Start with one of the buttons below, send" if first else "Send"
    return [f"It reads no sources yet. {begin} me a link, or paste a whole page.", *_row(first + offered)]


def what_to_ask(
    most: list[tuple[str, str]], name: str | None, *, has_articles: bool, offered: list[tuple[str, str]]
) -> list[str | Block]:
    """Return who is quoted most, what can be asked, and what may come by itself.

    Args:
        most: Buttons of who is quoted most.
        name: For the examples; None where nobody is quoted.
        has_articles: Whether anything was read.
        offered: Further buttons.
    """
    quoted: list[str | Block] = ["Quoted most:", buttons(*most)] if most else []
    commands = [List(tuple(_explained(typed, what) for typed, what in _first_commands(name)))] if name else []
    daily = [("Brief me daily at 08:00", "/briefing daily 08:00")] if has_articles else []
    return [*quoted, *commands, *_row(daily + offered)]


async def sample(request: Request) -> Message:
    """Answer a tap on "See a sample": a page about invented people, as any page is answered. Nothing is kept of it."""
    if not request.desk.sample:
        return says(line("There is none here. ", code("/help"), " says what can be asked."))
    analysis = await request.desk.reader.page(request.desk.sample)
    told = summary_message(analysis, Telling(request.desk.bars))
    return says("A sample about invented people and places; a page that you paste is answered like this.", *told.blocks)


def _row(offered: list[tuple[str, str]]) -> list[Actions]:
    return [buttons(*offered)] if offered else []


def _greeting() -> Message:
    return says(line(bold("On Record"), " reads the news and shows who said what, word for word as printed."))


def _first_commands(name: str) -> list[tuple[str, str]]:
    return [
        (f"/quotes {name}", "what someone said"),
        ("/summary", "what happened"),
        (f"/subscribe {name}", "a message when someone is quoted"),
    ]


def _explained(typed: str, what: str) -> tuple[Run, ...]:
    return (code(typed), Run(f"  {what}"))


async def help_(request: Request) -> Message:
    """Answer ``/help``: every command, with examples out of what is stored."""
    async with request.desk.database.reading() as db:
        name = await example_name(db, request.desk, request.chat)
    known = (*COMMANDS, *OPERATORS) if request.is_operator else COMMANDS
    points = tuple(_explained(f"/{command}", what) for command, what in known)
    asked = f"what did {name} say about …" if name else "what did … say about …"
    examples = [f"/quotes {name}", f"/quotes {name} since 7d"] if name else ["/quotes about peace"]
    return says(
        line(bold("What can be asked")),
        List(points),
        line("For example ", *_listed([*examples, "/briefing weekdays 08:00"]), "; or in words: ", code(asked)),
        line(TAKEN, " /q1 opens the proof of the quote with that number."),
    )


def _listed(examples: list[str]) -> list[str | Run]:
    runs: list[str | Run] = []
    for at, example in enumerate(examples):
        runs += [", ", code(example)] if at else [code(example)]
    return runs


async def privacy(_: Request) -> Message:
    """Answer ``/privacy``: what is kept, and who sees it."""
    return says(PRIVATE, KEPT, "Quote numbers such as /q1 are counted per chat and open nothing elsewhere.")


async def cancel(_: Request) -> Message:
    """Answer ``/cancel``: there are no dialogues to leave."""
    return says(NOTHING_TO_END)


async def not_a_command(request: Request) -> Message:
    """Answer a command that there is not, with the nearest that there is."""
    from rapidfuzz import process  # noqa: PLC0415 - only slips of the finger need it

    typed = request.command.name[:40]
    near = process.extractOne(typed, [name for name, _ in (*COMMANDS, *OPERATORS)], score_cutoff=70)
    if near:
        return says(line(f"I know no /{typed}. Do you mean ", code(f"/{near[0]}"), "?"))
    return says(line(f"I know no /{typed}. ", code("/help"), " lists what I know."))


def not_understood(request: Request) -> Message:
    """Answer words that are no command, no question, no link and no page."""
    asked = request.command.text[:60].strip()
    said = f"I do not know what to make of “{asked}”." if asked else "There is nothing in it that I can read."
    return says(said, line("Ask ", code("/quotes"), " and a name, or ", code("what did … say about …"), f". {TAKEN}"))

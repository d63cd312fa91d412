"""What is written without a command: a link, a page, a file, a question, a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.asked import LONGEST_QUESTION, AskedQuotes, parse_question
from handlers.commands import WITHOUT_SLASH
from handlers.handed_in import SHORTEST_PAGE, TAKEN, link_in, read_address, read_text, read_upload
from handlers.quotes import quotes_asked
from handlers.start import help_, not_understood
from handlers.whom import LONGEST_NAME
from handlers.wording import buttons, code, line, says
from store.names import Match
from summaries.message import Message

if TYPE_CHECKING:
    from handlers.request import Request
    from store.values import Candidate


MOST_WORDS = 10
"""Words among which a name is looked for."""
_NUMBER = re.compile(r"q\s*(\d{1,12})", re.IGNORECASE)
LONGEST_PART = 3
SHORTEST_PART = 4
"""Words, and letters, of what is looked for as a name."""


async def plain_words(request: Request) -> Message | None:
    """Answer what is written without a command; in a group only what is clearly meant for us."""
    command, text = request.command, request.command.text
    if command.file is not None:
        return await read_upload(request, command.file)
    if command.unread_file is not None:
        return says(f"I could not read {command.unread_file[:80]}. {TAKEN}")
    if url := link_in(text):
        return await read_address(request, url)
    question = parse_question(text) or await _as_name(request, text)
    if question is not None:
        return _understood_as(question, await quotes_asked(request, question))
    if len(text) >= SHORTEST_PAGE or command.forwarded:
        return await read_text(request, text)
    return await _perhaps_meant(request, text) if command.is_private else None


async def _known_in(request: Request, text: str) -> Candidate | None:
    """Return who is named in a few words, by their longest part that is somebody's name; None where nobody is known."""
    words = [word for each in text.split() if (word := each.strip("?.!,;:“”\"'"))]
    if not 1 < len(words) <= MOST_WORDS:
        return None
    async with request.desk.database.reading() as db:
        for size in range(min(LONGEST_PART, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                if len(part) < SHORTEST_PART:
                    continue
                found = await request.desk.speakers.candidates(db, request.chat, part, limit=1)
                if found and found[0].match in {Match.FULL, Match.WORD}:
                    return found[0]
    return None


async def _perhaps_meant(request: Request, text: str) -> Message:
    """Return the help that is asked for, or the question whether a command or somebody's quotes are meant."""
    first, _, rest = " ".join(text.split()).partition(" ")
    name = first.rstrip("?!.").casefold()
    if name == "help":
        return await help_(request)
    if found := _NUMBER.fullmatch(text.strip()):
        return says(line("Do you mean ", code(f"/q{found[1]}"), "?"))
    if name in WITHOUT_SLASH and len(text) <= LONGEST_QUESTION:
        return says(line("Commands begin with a slash. Do you mean ", code(f"/{name} {rest}".rstrip()), "?"))
    one = await _known_in(request, text)
    if one is None:
        return not_understood(request)
    return says(
        line("I answer commands, and questions like ", code(f"what did {one.name} say about …"), ". Do you mean this?"),
        buttons((f"Quotes of {one.name}"[:75], f"/by {one.speaker_id}")),
    )


async def _as_name(request: Request, text: str) -> AskedQuotes | None:
    """Return whose quotes a few words ask for, None where they are nobody's name."""
    if not text or len(text) > min(LONGEST_NAME, LONGEST_QUESTION) or "\n" in text:
        return None
    asked = AskedQuotes(" ".join(text.split()).strip("?.!, "))
    async with request.desk.database.reading() as db:
        found = await request.desk.speakers.candidates(db, request.chat, asked.speaker or "", limit=1)
    return asked if found and found[0].match in {Match.FULL, Match.WORD} else None


def _understood_as(asked: AskedQuotes, message: Message) -> Message:
    """Return the message with the command that was understood."""
    typed = f"/quotes {asked.speaker or ''}".rstrip() + (f" about {asked.about}" if asked.about else "")
    return Message((line("(as ", code(typed), ")"), *message.blocks))

"""What somebody hands in: a link, a pasted page, a forwarded post, a file. Answered with its summary at once."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from handlers.private import reason_of
from handlers.reading_aloud import summary_of
from handlers.wording import says
from sources.addresses import address_key, clean_address
from sources.errors import FileError, SourceError
from sources.files import read_file
from store.errors import StoreError
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from handlers.command import Pasted
    from handlers.request import Request
    from summaries.message import Message
    from summaries.values import Analysis

SHORTEST_PAGE = 200
"""Characters from which a text that is no question is read as a page."""
MOST_BESIDE_LINK = 200
"""Characters beside a link up to which the link is meant, not the text."""
TAKEN = "I take a link, a pasted page, or a .txt, .html or .eml file of up to 2 MB."
TOO_SHORT = "That is too short for an article. Paste the whole page, or send its link."

_LINK = re.compile(r"\bhttps?://[^\s<>\"“”]+", re.IGNORECASE)


def link_in(text: str) -> str | None:
    """Return the address that a text is about: its first link, where little else is said."""
    found = _LINK.search(text)
    if found is None:
        return None
    beside = len(_LINK.sub("", text[: 20 * MOST_BESIDE_LINK]).strip())
    return found[0].rstrip(".,;:!?)]}’'") if beside <= MOST_BESIDE_LINK else None


async def read_address(request: Request, url: str) -> Message:
    """Return the summary of the page at an address: as it is known, else fetched now, for this chat alone."""
    clean = clean_address(url)
    if clean is None:
        return says("I read no such addresses; a link begins with https://.")
    desk = request.desk
    async with desk.database.reading() as db:
        known = await desk.articles.at(db, request.chat, clean, address_key(clean) or clean)
        if known is not None:
            return await summary_of(db, desk, request.chat, known, is_operator=request.is_operator)
    try:
        return await _read(request, desk.reader.address(clean))
    except SourceError as exc:
        return says(
            f"I could not read it: {reason_of(exc, is_operator=request.is_operator)}.",
            "You can paste the whole page instead.",
        )


async def read_text(request: Request, text: str) -> Message:
    """Return the summary of a pasted page."""
    if len(text.strip()) < SHORTEST_PAGE:
        return says(TOO_SHORT)
    return await _read(request, request.desk.reader.page(text))


async def read_upload(request: Request, file: Pasted) -> Message:
    """Return the summary of a file's article."""
    try:
        # A mail of megabytes takes its time to take apart.
        found = await asyncio.to_thread(read_file, file.name, file.data)
    except FileError as exc:
        return says(str(exc))
    if len(found.text.strip()) < SHORTEST_PAGE:
        return says(TOO_SHORT)
    return await _read(request, request.desk.reader.file(found))


async def _read(request: Request, reading: Awaitable[Analysis]) -> Message:
    """Return the summary of what is being read, kept for this chat alone; or why it is no article."""
    try:
        analysis = await reading
    except NotAnArticleError as exc:
        return says(exc.reason)
    return await _kept(request, analysis)


async def _kept(request: Request, analysis: Analysis) -> Message:
    """Keep an article for this chat alone, and return its summary."""
    desk = request.desk
    try:
        saved = await desk.ingest.save(analysis, owner_channel=request.chat, announce=False)
    except StoreError as exc:
        return says(f"I could not keep this page: {exc}.")
    async with desk.database.reading() as db:
        stored = await desk.articles.get(db, request.chat, saved.article_id)
        assert stored is not None, "it was saved a moment ago"
        return await summary_of(db, desk, request.chat, stored, is_operator=request.is_operator)

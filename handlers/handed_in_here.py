"""What a chat decides about a page that was handed in there: where it stands, that all may see it, that it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.handed_in import link_in
from handlers.numbers import number_in
from handlers.permissions import NO_CHANGE, OPERATORS_ONLY
from handlers.proof import tell_of_faults
from handlers.reading_aloud import summary_of
from handlers.wording import bold, buttons, code, line, says
from sources.addresses import address_key, clean_address
from summaries.message import Message, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.request import Request
    from store.values import StoredArticle
    from summaries.values import Quote

GONE = "I do not have this page any more."
NOT_YOURS = "This article came from a source that everybody here reads; only pages handed in here can be changed."
HAS_ONE = "This page has an address already."
THE_CHAT = "The chat that it was handed in in"
NO_TEXT = "Its text is kept no more, so it cannot be shared."


async def add_address(request: Request) -> Message:
    """Answer ``/address <article> <address>``; without an address, how to give it."""
    written, _, typed = request.args.partition(" ")
    stored = await _stored(request, written)
    if isinstance(stored, Message):
        return stored
    if stored.card.url is not None:
        return says(HAS_ONE)
    url = clean_address(link_in(typed) or "")
    if url is None:
        return says(line("Write ", code(f"/address {written} https://…"), " with the page’s own link."))
    desk = request.desk
    async with desk.database.writing() as db:
        key = address_key(url)
        await desk.handed_in.give_address(db, request.chat, stored.card.article_id, url, also_at=[key] if key else [])
        known = await desk.articles.get(db, request.chat, stored.card.article_id)
        assert known is not None, "it was found a moment ago"
        return await summary_of(db, desk, request.chat, known, is_operator=request.is_operator)


async def share(request: Request) -> Message:
    """Answer ``/share <article>``: what it means; ``/share <article> 1`` does it."""
    written, _, sure = request.args.partition(" ")
    stored = await _stored(request, written)
    if isinstance(stored, Message):
        return stored
    if not request.is_operator:
        return says(OPERATORS_ONLY)
    if stored.analysis is None:
        return says(NO_TEXT)
    if sure != "1":
        return says(
            line(
                _name(stored),
                ": everybody who was let in would find it, and briefings may tell it. It cannot be taken back.",
            ),
            buttons(("Share it", f"/share {written} 1"), ("No", "/cancel")),
        )
    desk, card = request.desk, stored.card
    saved = await desk.ingest.save(stored.analysis, owner_channel=None, announce=False)
    # Both stand until here: whoever is stopped in between asks once more, and nothing is lost.
    async with desk.database.writing() as db:
        # What the chat called wrong keeps its number, too, and is not shown here again under the name.
        moved = _same(stored.analysis.quotes, saved.quotes)
        await desk.handed_in.keep_numbers(db, request.chat, moved)
        wrong = await desk.handed_in.keep_complaints(db, request.chat, moved)
        await desk.articles.delete(db, request.chat, card.article_id)
        for found in await desk.quotes.get(db, request.chat, wrong):
            # Others find it from now on, so there is something to decide.
            await tell_of_faults(desk, db, request.chat, found, who=THE_CHAT)
    desk.queued()
    return says(line(_name(stored), " is shared: everybody who was let in finds it now."))


async def delete(request: Request) -> Message:
    """Answer ``/delete <article>``: a page that was handed in here goes, with its quotes."""
    stored = await _stored(request, request.args)
    if isinstance(stored, Message):
        return stored
    async with request.desk.database.writing() as db:
        await request.desk.articles.delete(db, request.chat, stored.card.article_id)
    return says(line(_name(stored), " is deleted, with everything taken from it."))


async def _stored(request: Request, written: str) -> StoredArticle | Message:
    """Return a page that was handed in here and that they may decide about, else why not."""
    number = number_in(written)
    async with request.desk.database.reading() as db:
        stored = None if number is None else await request.desk.articles.get(db, request.chat, number)
    if stored is None:
        return says(GONE)
    if stored.card.owner_channel is None:
        return says(NOT_YOURS)
    return stored if request.may_change else says(NO_CHANGE)


def _name(stored: StoredArticle) -> Run:
    return Run(stored.card.title, verbatim=True) if stored.card.title else bold("The page")


def _same(before: Sequence[Quote], after: Sequence[Quote]) -> dict[int, int]:
    """Return the ids of quotes that stand in the same place with the same words, the new ones by the old ones."""
    now = {(one.span, one.text): one.quote_id for one in after if one.quote_id is not None}
    found = ((one.quote_id, now.get((one.span, one.text))) for one in before)
    return {old: new for old, new in found if old is not None and new is not None}

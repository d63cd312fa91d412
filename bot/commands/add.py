"""``onrecord add``: an article from an address, a file or standard input, kept for everybody."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.analysing import AnalysisError
from bot.commands.at_hand import with_store_made
from bot.commands.desks import request_of
from bot.commands.dialling import pages_open
from bot.commands.showing import show
from bot.files import InputError, is_address, is_mail, read_page
from bot.starting import FAILED, complain, say
from handlers.private import reason_of
from handlers.reading_aloud import summary_of
from sources.addresses import clean_address, without_password
from sources.errors import FetchError, FileError, SourceError
from sources.files import MAX_BYTES, read_file
from store.values import Outcome
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.commands.at_hand import AtHand
    from bot.page_reader import PageReader
    from summaries.values import Analysis

WRONG_INPUT = 2
"""Exit code: a page could not be read."""
BECAME = {Outcome.NEW: "kept", Outcome.REVISED: "kept as a new version", Outcome.KNOWN: "known already"}


def add(paths: Sequence[str]) -> int:
    """Keep articles for everybody and print their cards; return the exit code."""
    return with_store_made(partial(keep_all, paths))


async def keep_all(paths: Sequence[str], at_hand: AtHand) -> int:
    """Keep each article and print what it became; return the exit code: the worst of all."""
    code = 0
    async with pages_open(at_hand.settings) as pages:
        for path in paths:
            try:
                analysis = await _read(pages, path)
            except (FetchError, FileError, InputError) as exc:
                code = complain(f"{_named(path)}: {_why(exc)}.", WRONG_INPUT)
            except (SourceError, NotAnArticleError, AnalysisError) as exc:
                code = max(code, complain(f"{_named(path)}: {_why(exc)}.", FAILED))
            else:
                await _keep(at_hand, analysis)
    return code


async def _read(pages: PageReader, path: str) -> Analysis:
    if is_address(path):
        return await pages.fetched(clean_address(path) or path)
    if is_mail(path):
        return await pages.file(read_file(path, _mail(path)))
    return await pages.page(read_page(path))


async def _keep(at_hand: AtHand, analysis: Analysis) -> None:
    request = request_of(at_hand, "add")
    # Whoever adds an article has seen it; nobody is alerted of what may be years old.
    saved = await request.desk.ingest.save(analysis, announce=False)
    async with at_hand.database.reading() as db:
        stored = await request.desk.articles.get(db, request.chat, saved.article_id)
        assert stored is not None, "it was saved a moment ago"
        message = await summary_of(db, request.desk, request.chat, stored)
    show(message)
    say(f"\nArticle {saved.article_id}, {BECAME[saved.outcome]}: everybody who was let in finds it.")


def _why(error: Exception) -> str:
    reason = reason_of(error, is_operator=True) if isinstance(error, SourceError) else getattr(error, "reason", error)
    return str(reason).rstrip(".")


def _mail(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise InputError(exc.strerror or "cannot be read") from exc


def _named(path: str) -> str:
    if path == "-":
        return "standard input"
    return without_password(path) if is_address(path) else path

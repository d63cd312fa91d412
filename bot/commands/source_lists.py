"""``onrecord sources import`` and ``export``: lists of feeds as OPML, folders as tags, both ways."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.command_line import standard_input
from bot.commands.at_hand import with_store, with_store_made
from bot.commands.sources import ASKER
from bot.starting import FAILED, complain, say, utc_now
from handlers.wording import counted
from sources.addresses import without_password
from sources.errors import FileError
from sources.full_text import FullText
from sources.opml import ListedFeed, read_opml, write_opml
from store.source_values import Outlet
from store.sources import Sources

if TYPE_CHECKING:
    from bot.commands.at_hand import AtHand
    from store.source_values import Source

MAX_BYTES = 20_000_000
CANNOT_READ = 2
"""Exit code: the list could not be read or written."""


def import_list(path: str) -> int:
    """Follow the feeds of a list; return the exit code."""
    try:
        feeds = read_opml(_read(path))
    except OSError as exc:
        return complain(f"{path}: {exc.strerror or exc}", CANNOT_READ)
    except FileError as exc:
        return complain(f"{'standard input' if path == '-' else path}: {exc}", CANNOT_READ)
    return with_store_made(partial(follow_all, feeds))


def export_list(path: str, *, with_passwords: bool, force: bool) -> int:
    """Write the sources as a list of feeds; return the exit code.

    Args:
        path: A file, "-" for standard output.
        with_passwords: Whether user names and passwords stay in the addresses.
        force: Whether a file of that name is written over.
    """
    # Who meant "import" would lose the list that they have.
    if path != "-" and Path(path).is_file() and not force:
        return complain(f"{path} exists already; --force writes over it", CANNOT_READ)
    return with_store(partial(write_all, path, with_passwords=with_passwords))


async def follow_all(feeds: tuple[ListedFeed, ...], at_hand: AtHand) -> int:
    """Follow feeds and say how many are new; those that are known get the folders, and whose they are, if they had none."""
    if not feeds:
        return complain("the list names no feeds", FAILED)
    new, now = 0, utc_now()
    async with at_hand.database.writing() as db:
        for feed in feeds:
            outlet = Outlet(feed.home, feed.country, feed.owner)
            source, is_new = await Sources().add(
                db,
                feed.url,
                title=feed.title,
                interval=at_hand.settings.poll_interval,
                at=now,
                full_text=feed.full_text or FullText.AUTO,
                tags=feed.tags,
                outlet=outlet,
            )
            new += is_new
            await Sources().learn(db, source.source_id, outlet)
            if not set(feed.tags) <= set(source.tags):
                await Sources().tag(db, source.source_id, tuple(dict.fromkeys(source.tags + feed.tags)))
    say(
        f"{counted(new, 'new source')}, {len(feeds) - new} known already. A running bot reads them soon; else: onrecord ingest --once"
    )
    return 0


async def write_all(path: str, at_hand: AtHand, *, with_passwords: bool) -> int:
    """Write the shared sources; return the exit code."""
    async with at_hand.database.reading() as db:
        known = [one for one in await Sources().all(db, ASKER) if one.owner_channel is None]
    shown = [one.url if with_passwords else without_password(one.url) for one in known]
    feeds = [_listed(one, url) for one, url in zip(known, shown, strict=True)]
    hidden = sum(url != one.url for one, url in zip(known, shown, strict=True))
    try:
        _write(path, write_opml(feeds, title="On Record: sources"), mode=0o600 if with_passwords else 0o666)
        if path != "-":
            say(f"{counted(len(feeds), 'source')} written to {path}.")
    except OSError as exc:
        return complain(f"{path}: {exc.strerror or exc}", CANNOT_READ)
    if hidden:
        complain(
            f"{counted(hidden, 'address', 'addresses')} written without user name and password; --with-passwords keeps them",
            0,
        )
    return 0


def _listed(one: Source, url: str) -> ListedFeed:
    full_text = None if one.full_text == FullText.AUTO else one.full_text
    outlet = one.outlet
    return ListedFeed(url, one.title, outlet.home, one.tags, outlet.country, outlet.owner, full_text)


def _read(path: str) -> bytes:
    """Return the beginning of a file: a device has no end."""
    if path == "-":
        return standard_input().read(MAX_BYTES)
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES)


def _write(path: str, data: bytes, *, mode: int) -> None:
    """Write a file whole or not at all; devices and pipes, which have no half, as they are.

    Args:
        path: Where to; "-" is standard output.
        data: What.
        mode: Who may read it, before the umask.
    """
    target = Path(path)
    if path == "-":
        sys.stdout.buffer.write(data)
    elif target.exists() and not target.is_file():
        target.write_bytes(data)
    else:
        whole = target.resolve()  # a link stays one
        fresh = whole.with_name(f".{whole.name}.{os.getpid()}.new")
        try:
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
                file.write(data)
            fresh.replace(whole)
        finally:
            fresh.unlink(missing_ok=True)

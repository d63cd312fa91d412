"""``onrecord sources``: where articles come from: listed, added, removed, paused, resumed, changed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.at_hand import with_store, with_store_made
from bot.commands.source_lines import listed, name_of, trouble
from bot.starting import FAILED, complain, say, utc_now
from bot.terminal import LOCAL
from handlers.private import reason_of
from handlers.wording import counted
from sources.addresses import without_password
from sources.errors import PrivateAddressError, SourceError
from store.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.commands.at_hand import AtHand
    from store.source_values import Source

ASKER = str(LOCAL)
LOOKS_BACK = timedelta(hours=24)
PAUSED_HERE = "Paused by the operator."
NONE_YET = "No sources yet. Add one: onrecord sources add https://…, or a list: onrecord sources import feeds.opml"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which sources are listed, and how.

    Attributes:
        tag: Only those in this folder.
        in_trouble: Only those with which something is wrong.
        form: "text" or "json".
    """

    tag: str | None = None
    in_trouble: bool = False
    form: str = "text"


def list_sources(what: Listing) -> int:
    """Print the sources; return the exit code."""
    return with_store(partial(show_list, what))


def add(urls: Sequence[str], *, full_text: str, tags: Sequence[str], title: str | None) -> int:
    """Follow the feeds at addresses; return the exit code."""
    return with_store_made(partial(add_sources, urls, full_text=full_text, tags=tags, title=title))


def remove(numbers: Sequence[int]) -> int:
    """Forget sources; return the exit code."""
    return _each(numbers, _removed, "{name} is followed no more. What was read of it stays.")


def pause(numbers: Sequence[int]) -> int:
    """Read sources no more until they are resumed; return the exit code."""
    return _each(numbers, _paused, "{name} is paused. onrecord sources resume {number} reads it again.")


def resume(numbers: Sequence[int]) -> int:
    """Read sources again; return the exit code."""
    return _each(numbers, _resumed, "{name} is read again from now on.")


def change(numbers: Sequence[int], *, full_text: str | None, title: str | None) -> int:
    """Change what sources are called and whether their pages are fetched; return the exit code."""
    wanted = {name: value for name, value in {"full_text": full_text, "title": title}.items() if value is not None}

    async def changed(db: AsyncConnection, one: Source) -> object:
        return await Sources().change(db, ASKER, one.source_id, wanted)

    return _each(numbers, changed, "{name} is changed.")


async def show_list(what: Listing, at_hand: AtHand) -> int:
    """Print the sources that are asked for; return the exit code."""
    now = utc_now()
    async with at_hand.database.reading() as db:
        known = await Sources().all(db, ASKER)
        given = await Sources().articles(db, ASKER, since=now - LOOKS_BACK)
    chosen = [one for one in known if what.tag is None or what.tag in one.tags]
    chosen = [one for one in chosen if not what.in_trouble or trouble(one, now) is not None]
    if what.form == "json":
        for one in chosen:
            sys.stdout.write(json.dumps(_as_json(one, given.get(one.source_id, 0)), ensure_ascii=False) + "\n")
        return 0
    if not chosen:
        where = "" if what.tag is None else f" in {what.tag!r}"
        say(NONE_YET if not known else f"No source{where}{' is in trouble' if what.in_trouble else ''}.")
        return 0
    silent = sum(not given.get(one.source_id) for one in chosen)
    say(
        f"{counted(len(chosen), 'source')}{' in trouble' if what.in_trouble else ''}, {silent} gave nothing in the last day."
    )
    for one in chosen:
        for line in listed(one, given.get(one.source_id, 0), now):
            say(line)
    return 0


async def add_sources(
    urls: Sequence[str], at_hand: AtHand, *, full_text: str, tags: Sequence[str], title: str | None
) -> int:
    """Follow the feeds at addresses and say what each is; return the exit code: 1 where one could not be added."""
    from bot.commands.dialling import feeds_open  # noqa: PLC0415 - start-up: other commands on sources dial nobody
    from bot.following import Following  # noqa: PLC0415 - the same

    code = 0
    async with feeds_open(at_hand.settings) as feeds:
        follower = Following(at_hand.database, feeds, utc_now, at_hand.settings.poll_interval, lambda: None)
        for url in urls:
            try:
                found = await follower.found(url)
                source, is_new = await follower.add(found[0], by=None, full_text=full_text, tags=tags, title=title)
            except SourceError as exc:
                is_private = isinstance(exc, PrivateAddressError)
                more = "" if is_private else " “onrecord sources discover” looks around a site."
                code = complain(f"{exc.url}: {reason_of(exc, is_operator=True, typed=url)}.{more}", FAILED)
                continue
            shown = f"{source.source_id}  {name_of(source)} ({without_password(source.url)})"
            say(f"{shown} is followed." if is_new else f"{shown} was followed already; it stays as it is.")
            for other in found[1:]:
                say(f"      The site has another feed: {other.url}" + (f" ({other.title})" if other.title else ""))
            if is_new:
                say(
                    f"      A running bot reads it within seconds; else: onrecord ingest --once --source {source.source_id}"
                )
    return code


def _each(numbers: Sequence[int], act: Callable[[AsyncConnection, Source], Awaitable[object]], done: str) -> int:
    return with_store(partial(act_on, numbers, act, done))


async def act_on(
    numbers: Sequence[int], act: Callable[[AsyncConnection, Source], Awaitable[object]], done: str, at_hand: AtHand
) -> int:
    """Do one thing with each source and say so; return the exit code: 1 where there is none of a number."""
    code = 0
    for number in numbers:
        async with at_hand.database.writing() as db:
            one = await Sources().get(db, ASKER, number)
            if one is not None:
                await act(db, one)
        if one is None:
            code = complain(f"there is no source {number}; onrecord sources list shows them", FAILED)
        else:
            say(done.format(name=name_of(one), number=number))
    return code


async def _removed(db: AsyncConnection, one: Source) -> object:
    return await Sources().remove(db, ASKER, one.source_id)


async def _paused(db: AsyncConnection, one: Source) -> object:
    return await Sources().pause(db, one.source_id, PAUSED_HERE)


async def _resumed(db: AsyncConnection, one: Source) -> object:
    return await Sources().resume(db, ASKER, one.source_id, now=utc_now())


def _as_json(one: Source, articles: int) -> dict[str, object]:
    return {
        "id": one.source_id,
        "title": one.title,
        "url": without_password(one.url),
        "home": one.outlet.home,
        "country": one.outlet.country,
        "owner": one.outlet.owner,
        "tags": list(one.tags),
        "full_text": one.full_text,
        "articles_last_day": articles,
        "added_at": _iso(one.added_at),
        "checked_at": _iso(one.checked_at),
        "answered_at": _iso(one.answered_at),
        "newest_entry_at": _iso(one.newest_entry_at),
        "due_at": None if one.paused_reason is not None else _iso(one.due_at),
        "failures": one.failures,
        "error": one.last_error,
        "paused": one.paused_reason,
        "note": one.note,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

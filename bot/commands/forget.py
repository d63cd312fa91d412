"""``onrecord forget``: who or what is meant, what will go, a question, and then it goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.asking import agreed
from bot.commands.at_hand import with_store
from bot.commands.speakers import WHERE
from bot.starting import FAILED, complain, offer, say
from handlers.merging import bearers, is_plain, told
from handlers.numbers import number_in
from handlers.wording import counted
from sources.addresses import known_by
from store.forgetting import Forgetting
from store.known import chats_called, people_called, sources_called
from store.people import People
from store.speakers import Speakers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.commands.at_hand import AtHand
    from store.known import Known
    from store.rows_gone import Gone

COUNTED = {
    "articles": ("article", "articles"),
    "quotes": ("quote", "quotes"),
    "speakers": ("speaker", "speakers"),
    "mentions": ("place that names them", "places that name them"),
    "revisions.text": ("text of a page that names them", "texts of pages that name them"),
    "quote_numbers": ("number of a quote in a chat", "numbers of quotes in chats"),
    "subscriptions": ("subscription", "subscriptions"),
    "alerts": ("alert", "alerts"),
    "schedules": ("briefing", "briefings"),
    "feedback": ("complaint", "complaints"),
    "outbox": ("message, sent or waiting", "messages, sent or waiting"),
    "sources": ("source", "sources"),
    "seen_entries": ("entry known as read", "entries known as read"),
    "channels": ("chat or topic", "chats and topics"),
    "people": ("person", "people"),
    "taps": ("button", "buttons"),
}
"""What is told of the rows that go, one or many, by table; of others the sum."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be forgotten.

    Attributes:
        label: In words.
        forget: Does it, in a transaction; return what went.
        warning: What else follows; empty for nothing.
    """

    label: str
    forget: Callable[[AsyncConnection], Awaitable[Gone]]
    warning: str = ""


class DoubtError(Exception):
    """Nobody, or more than one, is called so.

    Attributes:
        choices: Who may be meant, each in a line.
    """

    def __init__(self, reason: str, choices: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.choices = tuple(choices)


class _OnlyLookingError(Exception):
    """Ends a transaction that shows what would go."""


def forget(kind: str, written: str, *, is_sure: bool) -> int:
    """Forget a speaker, article, source, user or chat; return the exit code."""
    return with_store(partial(forget_one, kind, written, is_sure=is_sure))


async def forget_one(kind: str, written: str, at_hand: AtHand, *, is_sure: bool) -> int:
    """Say what will go, ask, and forget it; return the exit code."""
    try:
        async with at_hand.database.reading() as db:
            target = await TARGETS[kind](at_hand, db, written.strip())
    except DoubtError as exc:
        offer(exc.choices)
        return complain(str(exc), FAILED)
    would_go = await _would_go(at_hand, target)
    if not any(would_go.values()):  # an address of a chat that nobody wrote from
        return complain(f"{target.label}: there is nothing to forget", FAILED)
    say(f"{target.label}: {_in_words(would_go)}.{target.warning}")
    if not agreed("Forget that, for good? A backup made before still holds it.", is_sure=is_sure):
        return FAILED
    async with at_hand.database.writing() as db:
        gone = await target.forget(db)
    say(f"Forgotten: {_in_words(gone)}.")
    return 0


async def _would_go(at_hand: AtHand, target: Target) -> Gone:
    """Return what would go: it goes, and the transaction is undone, so that the numbers are the true ones."""
    found: list[Gone] = []
    try:
        async with at_hand.database.writing() as db:
            found.append(await target.forget(db))
            raise _OnlyLookingError  # noqa: TRY301 - the only way out of a transaction that keeps nothing
    except _OnlyLookingError:
        return found[0]


def _in_words(gone: Gone) -> str:
    said = [counted(gone[name], one, many) for name, (one, many) in COUNTED.items() if gone[name]]
    others = sum(count for name, count in gone.items() if name not in COUNTED)
    return ", ".join(said + ([counted(others, "other row")] if others else []))


async def _speaker(_: AtHand, db: AsyncConnection, written: str) -> Target:
    found = await bearers(db, Speakers(), WHERE, written)
    if not is_plain(found):
        choices = [f"{one.name}  ({told(one)})" for one in found]
        doubt = _doubt("speaker", written, choices, "onrecord speakers")
        raise doubt
    one = found[0]
    return Target(
        f"Speaker {one.name} ({told(one)})",
        lambda db: Forgetting().speaker(db, one.speaker_id),
        " Who speaks again later is opened anew. Titles and other people's quotes that name them stay.",
    )


async def _article(_: AtHand, db: AsyncConnection, written: str) -> Target:
    number = number_in(written)
    if number is not None:
        ids = await Forgetting().articles_numbered(db, [number])
    else:
        ids = await Forgetting().articles_at(db, known_by(written))
    if not ids:
        reason = f"no article is kept at {written!r}: give its address, or its number as “onrecord export” tells it"
        raise DoubtError(reason)
    return Target(f"Article {written}", lambda db: Forgetting().articles(db, ids))


async def _source(_: AtHand, db: AsyncConnection, written: str) -> Target:
    one = _the_one("source", written, await sources_called(db, written), "onrecord sources list")
    return Target(
        f"Source {one.label}",
        lambda db: Forgetting().source(db, int(one.key)),
        " Articles that other sources printed too stay.",
    )


async def _user(_: AtHand, db: AsyncConnection, written: str) -> Target:
    one = _the_one("user", written, await people_called(db, written), "")
    operators = await People().operators(db)
    is_last = [person.person for person in operators] == [one.key]
    return Target(
        f"User {one.label}",
        lambda db: Forgetting().person(db, one.key),
        " Nobody operates this On Record then: its next start prints a code." if is_last else "",
    )


async def _chat(_: AtHand, db: AsyncConnection, written: str) -> Target:
    one = _the_one("chat", written, await chats_called(db, written), "")
    return Target(f"Chat {one.label}", lambda db: Forgetting().chat(db, one.key))


def _the_one(kind: str, written: str, found: Sequence[Known], listed_by: str) -> Known:
    if len(found) != 1:
        raise _doubt(kind, written, [one.label for one in found], listed_by)
    return found[0]


def _doubt(kind: str, written: str, choices: Sequence[str], listed_by: str) -> DoubtError:
    if choices:
        return DoubtError(f"{written!r} may be any of these: give the number or the address instead", choices)
    lists = f": “{listed_by}” lists them" if listed_by else ""
    return DoubtError(f"no {kind} is called {written!r}{lists}")


TARGETS: dict[str, Callable[[AtHand, AsyncConnection, str], Awaitable[Target]]] = {
    "speaker": _speaker,
    "article": _article,
    "source": _source,
    "user": _user,
    "chat": _chat,
}
"""How what is meant is found, by the option's name."""

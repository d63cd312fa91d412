"""The desk that answers are made with, for commands: what stands in chat stands here, and nothing is dialled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from bot.engine import choice_of, load_bars, placing_articles
from bot.terminal import LOCAL
from handlers.briefings import Briefings
from handlers.command import Command
from handlers.desk import Desk
from handlers.ingest import Ingest
from handlers.request import Request

if TYPE_CHECKING:
    from bot.commands.at_hand import AtHand
    from sources.files import FileText


class ReadsNothing:
    """A ``Reader`` for commands that show what is kept."""

    async def page(self, text: str, *, sentences: int = 3) -> NoReturn:
        """Refuse."""
        raise NotImplementedError

    async def file(self, found: FileText) -> NoReturn:
        """Refuse."""
        raise NotImplementedError

    async def address(self, url: str) -> NoReturn:
        """Refuse."""
        raise NotImplementedError


def desk_of(at_hand: AtHand) -> Desk:
    """Return the desk of a command."""
    settings, store = at_hand.settings, at_hand.database
    bars, now, zone = load_bars(choice_of(settings)), _now, settings.time_zone
    return Desk(
        store,
        bars,
        now,
        ReadsNothing(),
        None,
        Ingest(store, bars, now, zone, articles=placing_articles()),
        Briefings(store, bars, now, zone),
        zone,
        is_open=True,
    )


def request_of(at_hand: AtHand, name: str, args: str = "") -> Request:
    """Return a request as the terminal's chat makes it: what is private to other chats is not seen."""
    command = Command(name, args, LOCAL, str(LOCAL), is_admin=True, text=args, received_at=_now(), is_private=True)
    return Request(command, desk_of(at_hand), is_operator=True, may_change=True)


def _now() -> datetime:
    return datetime.now(UTC)

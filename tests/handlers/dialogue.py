"""A chat with the handlers: who says something gets an answer, checked piece by piece."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from config.data import samples
from handlers.answering import answer
from handlers.briefings import Briefings
from handlers.claiming import make_claim
from handlers.command import Channel, Command, typed
from handlers.desk import Desk
from handlers.ingest import Ingest
from sources.entry_pages import page_of
from sources.errors import FetchError, SourceError
from sources.files import FileText, entry_of
from store.outbox import Outbox
from summaries.analysis import Wanted, analyse_html, analyse_pasted
from summaries.html_page import looks_like_html
from summaries.message import Action, Actions, Message, Paragraph, QuoteBlock
from summaries.message_json import parse_message
from tests.handlers.pages import NOW, analysis_of, engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.command import Pasted
    from store.database import Database
    from store.values import SavedArticle
    from summaries.values import Analysis

ANA = "telegram:7"
PETR = "telegram:8"


@dataclass
class Reading:
    """Reads in this process, and fetches from what it holds.

    Attributes:
        pages: Clean texts by address; anything else cannot be reached.
    """

    pages: Mapping[str, str] = field(default_factory=dict)

    async def page(self, text: str, *, sentences: int = 3) -> Analysis:
        """Return the analysis of a page."""
        wanted = Wanted(sentences=sentences)
        if looks_like_html(text):
            return analyse_html(text, engine(), now=NOW, wanted=wanted)
        return analyse_pasted(text, engine(), now=NOW, wanted=wanted)

    async def file(self, found: FileText) -> Analysis:
        """Return the analysis of a file, a mail's with its subject and sender."""
        if not found.is_mail:
            return await self.page(found.text)
        page = page_of(entry_of(found), outlet=found.sender)
        return analyse_html(page, engine(), now=NOW, outlet=found.sender, is_mail=True)

    async def address(self, url: str) -> Analysis:
        """Return the analysis of a page that is there."""
        if url not in self.pages:
            raise FetchError(url, "the site answered HTTP 404")
        return analysis_of(self.pages[url], url=url)


@dataclass
class Following:
    """Follows sources, on paper.

    Attributes:
        added: What was added, by whom.
    """

    desk: Desk | None = None
    added: list[tuple[str, str]] = field(default_factory=list)

    async def follow(self, url: str, *, by: str) -> str:
        """Add a source, unless it is a broken one."""
        if "broken" in url:
            raise SourceError(url, "no feed was found there")
        await self._add(url, "Vessin Post", by)
        return "Vessin Post"

    @property
    def starter_count(self) -> int:
        """How many ``starters`` adds."""
        return 2

    async def starters(self, *, by: str) -> int:
        """Add two sources."""
        await self._add("https://one.example/feed", "One", by)
        await self._add("https://two.example/feed", "Two", by)
        return 2

    async def _add(self, url: str, title: str, by: str) -> None:
        assert self.desk is not None
        self.added.append((url, by))
        async with self.desk.database.writing() as db:
            await self.desk.sources.add(db, url, title=title, by=by, interval=timedelta(minutes=5), at=self.desk.now())


class Chat:
    """One chat; ``says`` is a step of a dialogue.

    Attributes:
        last: The last answer.
    """

    def __init__(self, desk: Desk, channel: str = ANA, user: str = ANA, *, private: bool = True) -> None:
        self.desk = desk
        self.channel = Channel.parse(channel)
        self.user = user
        self.private = private
        self.last: Message | None = None

    async def says(self, text: str, *expected: str, **more: object) -> str:
        """Say something; return the answer, in which all pieces stand, in their order.

        Args:
            text: What is typed.
            expected: Pieces of the answer.
            more: Further fields of the command.
        """
        name, args = typed(text)
        command = Command(
            name, args, self.channel, self.user, self.private, text, self.desk.now(), is_private=self.private,
            message_id="1", user_name="@ana" if self.user == ANA else "@petr",
        )  # fmt: skip
        return await self._answered(replace(command, **more), expected)  # type: ignore[arg-type] # fields by their names

    async def sends(self, file: Pasted, *expected: str) -> str:
        """Send a file."""
        return await self.says("", *expected, file=file)

    async def taps(self, label: str, *expected: str) -> str:
        """Tap a button of the last answer, by the beginning of its label."""
        found = [one for one in self.buttons if one.label.startswith(label)]
        assert found, f"no button {label!r} among {[one.label for one in self.buttons]}"
        assert found[0].command is not None
        return await self.says(found[0].command, *expected, tapped=True)

    @property
    def buttons(self) -> list[Action]:
        """The buttons of the last answer."""
        blocks = () if self.last is None else self.last.blocks
        return [action for block in blocks if isinstance(block, Actions) for action in block.actions]

    @property
    def quoted(self) -> list[str]:
        """The block quotations of the last answer."""
        blocks = () if self.last is None else self.last.blocks
        return ["".join(run.text for run in block.runs) for block in blocks if isinstance(block, QuoteBlock)]

    @property
    def verbatim(self) -> list[str]:
        """What the last answer says is printed."""
        blocks = () if self.last is None else self.last.blocks
        return [
            run.text
            for block in blocks
            if isinstance(block, QuoteBlock | Paragraph)
            for run in block.runs
            if run.verbatim
        ]

    async def _answered(self, command: Command, expected: tuple[str, ...]) -> str:
        self.last = await answer(command, self.desk)
        text = "" if self.last is None else self.last.plain_text()
        at = 0
        for piece in expected:
            found = text.find(piece, at)
            assert found >= 0, f"{piece!r} is not in, or not behind what was expected before, in:\n{text}"
            at = found + len(piece)
        return text

    async def reads(self, text: str, url: str, **more: object) -> SavedArticle:
        """Let an article come by feed."""
        return await self.desk.ingest.save(analysis_of(text, url=url, **more))  # type: ignore[arg-type] # by their names

    async def queued(self, channel: str) -> list[str]:
        """Return what waits to be sent to a channel."""
        found: list[str] = []
        number = 1
        async with self.desk.database.reading() as db:
            while (item := await Outbox().get(db, number)) is not None:
                number += 1
                if item.channel == channel:
                    found.append(parse_message(item.message).plain_text())
        return found


def desk_of(database: Database, **more: object) -> Desk:
    """Return a desk over a database, at a fixed time."""
    bars = engine().bars
    following = Following()
    given: dict[str, object] = {
        "reader": Reading(),
        "follower": following,
        "ingest": Ingest(database, bars, _now),
        "briefings": Briefings(database, bars, _now),
        "sample": samples()["museum-pasted.txt"],
        "page_words": engine().page_words,
        "summary_words": {code: pack.summary for code, pack in engine().packs.items()},
    }
    desk = Desk(database, bars, _now, **(given | more))  # type: ignore[arg-type] # by their names
    following.desk = desk
    return desk


def _now() -> datetime:
    return NOW


async def operator(desk: Desk) -> Chat:
    """Return the private chat of somebody who has claimed the bot."""
    chat = Chat(desk)
    code = await make_claim(desk, random.Random(1))  # noqa: S311 - a test's code may be guessed
    await chat.says(f"/start claim-{code}", "You are its operator.")
    return chat


NOON = datetime(2026, 9, 6, 12, tzinfo=UTC)

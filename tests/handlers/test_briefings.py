"""A briefing comes once a slot, late rather than never, and says what happened since the last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from handlers.briefings import Briefings, chosen_cards, is_copy
from handlers.composing import composed
from handlers.ingest import Ingest
from store.channels import Access, Channels
from store.outbox import Outbox
from store.people import People
from store.schedules import Schedules
from store.sources import Sources
from store.stories import Placed
from store.values import ArticleCard
from summaries.message_json import parse_message
from summaries.values import Bars
from tests.handlers.pages import DAM, HARBOUR, analysis_of

if TYPE_CHECKING:
    from store.database import Database

WORLD = "slack:T1/C1"
OTHER_DAM = """Vessin dam holds through a night of rain

Engineers watched the old dam above Vessin until morning; it held, after three days of rain.

Families of the lower town slept in the school while the water rose behind the gates of the dam."""
BARS = Bars(asked=0.1, pushed=0.2)
FRIDAY = datetime(2026, 9, 4, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 9, 5, 6, tzinfo=UTC)  # 08:00 in Berlin


@dataclass
class Desk:
    """A store, its clock, and what is queued in it."""

    database: Database
    at: datetime = FRIDAY

    def now(self) -> datetime:
        """Return the desk's time."""
        return self.at

    async def schedule(self, *times: time) -> None:
        """Brief #world daily."""
        async with self.database.writing() as db:
            await Channels().add(db, WORLD, access=Access.ALLOWED, at=self.at, title="#world")
            await People().ask(db, "slack:T1/U1", name="Ana", channel=WORLD, at=self.at)
            await Schedules().add(
                db,
                WORLD,
                days=frozenset(range(7)),
                times=times or (time(8),),
                timezone="Europe/Berlin",
                by="slack:T1/U1",
                at=self.at,
            )

    async def reads(self, text: str, *, outlet: str, at: datetime, owner: str | None = None) -> None:
        """Read an article that was printed at a time."""
        async with self.database.writing() as db:
            source, _ = await Sources().add(
                db,
                f"https://{outlet}.example/feed",
                owner_channel=None,
                by=None,
                at=FRIDAY,
                interval=timedelta(minutes=5),
            )
        analysis = analysis_of(text, url=f"https://{outlet}.example/{at:%d%H}", outlet=outlet, at=at, read_at=self.at)
        ingest = Ingest(self.database, BARS, self.now)
        await ingest.save(analysis, owner_channel=owner, source_id=None if owner else source.source_id)

    async def queued(self) -> list[str]:
        """Brief what is due; return what stands in the outbox."""
        await composed(await Briefings(self.database, BARS, self.now).due())
        async with self.database.reading() as db:
            items = await Outbox().heads(db, "slack", now=self.at)
        return [parse_message(item.message).plain_text() for item in items]

    async def all_queued(self) -> list[str]:
        """Brief what is due; return everything that was ever queued."""
        await composed(await Briefings(self.database, BARS, self.now).due())
        found: list[str] = []
        async with self.database.reading() as db:
            while (item := await Outbox().get(db, len(found) + 1)) is not None:
                found.append(parse_message(item.message).plain_text())
        return found


@pytest.fixture
def desk(opened: Database) -> Desk:
    """Return an empty desk on a Friday noon."""
    return Desk(opened)


async def test_a_briefing_tells_what_happened_and_who_said_what(desk: Desk) -> None:
    """With its time and extent, the sources, when the next one comes and who wanted it."""
    await desk.schedule()
    await desk.reads(DAM, outlet="post", at=FRIDAY + timedelta(hours=2))
    await desk.reads(DAM.replace("Dam at", "The dam at"), outlet="courier", at=FRIDAY + timedelta(hours=3))
    desk.at = SATURDAY
    (text,) = await desk.queued()
    lines = text.splitlines()
    assert lines[0] == "Morning briefing, Saturday 5 September"
    assert lines[1] == "1 story from 2 sources since Friday 08:00"
    assert "“The dam held because the rain stopped at midnight,”"[:-2] in text
    assert "same words in courier" in text
    assert "Next: Sunday 08:00 CEST. Set up by Ana." in text
    assert text.endswith("[Proof: Pardo] [Proof: Vos] [All quotes] [Change]")


async def test_a_slot_is_briefed_once(desk: Desk) -> None:
    """However often somebody wakes."""
    await desk.schedule()
    await desk.reads(DAM, outlet="post", at=FRIDAY + timedelta(hours=2))
    desk.at = SATURDAY
    assert await desk.queued() == await desk.queued()


async def test_a_briefing_that_slept_ten_minutes_says_so(desk: Desk) -> None:
    """Sent once, marked delayed."""
    await desk.schedule()
    await desk.reads(DAM, outlet="post", at=FRIDAY + timedelta(hours=2))
    desk.at = SATURDAY + timedelta(minutes=10)
    (text,) = await desk.queued()
    assert "Due 08:00, delayed to Saturday 08:10: On Record was not running." in text


async def test_of_several_missed_slots_the_newest_is_briefed(desk: Desk) -> None:
    """From where the last one ended: nothing is left out, nothing comes twice."""
    await desk.schedule(time(8), time(18))
    await desk.reads(DAM, outlet="post", at=FRIDAY + timedelta(hours=2))
    desk.at = SATURDAY + timedelta(hours=10, minutes=1)
    (text,) = await desk.queued()
    assert text.startswith("Evening briefing, Saturday 5 September")
    assert "Dam at Vessin" in text


async def test_what_is_too_late_is_left_to_the_next(desk: Desk) -> None:
    """Thirteen hours later nobody wants the morning's news as the morning's news."""
    await desk.schedule()
    desk.at = SATURDAY + timedelta(hours=13)
    assert await desk.queued() == []


async def test_a_day_without_news_is_one_line(desk: Desk) -> None:
    """It says since when and how much was read, so that silence is not mistaken for failure."""
    await desk.schedule()
    desk.at = SATURDAY
    (text,) = await desk.queued()
    assert text == "Nothing new for #world since Friday 08:00 (0 articles read). Next: Sunday 08:00 CEST."


async def test_a_pasted_page_is_in_no_briefing(desk: Desk) -> None:
    """Not even in the one of the chat it was pasted in."""
    await desk.schedule()
    await desk.reads(DAM, outlet="post", at=FRIDAY + timedelta(hours=2), owner=WORLD)
    await desk.reads(HARBOUR, outlet="post", at=FRIDAY + timedelta(hours=2))
    desk.at = SATURDAY
    (text,) = await desk.queued()
    assert "Harbour fees" in text
    assert "Vessin holds" not in text


async def test_what_was_read_late_is_in_the_next_briefing(desk: Desk) -> None:
    """An article printed before the last briefing and read after it would otherwise be in none."""
    await desk.schedule()
    desk.at = SATURDAY
    await desk.queued()
    desk.at = SATURDAY + timedelta(minutes=20)
    await desk.reads(DAM, outlet="post", at=SATURDAY - timedelta(minutes=5))
    desk.at = SATURDAY + timedelta(hours=24)
    (_, text) = await desk.all_queued()
    assert "Dam at Vessin" in text


async def test_a_preview_is_what_would_come_now(desk: Desk) -> None:
    """Without planning anything."""
    await desk.schedule()
    await desk.reads(DAM, outlet="post", at=FRIDAY)
    briefings = Briefings(desk.database, BARS, desk.now)
    async with desk.database.writing() as db:
        message = await briefings.preview(db, WORLD, since=FRIDAY - timedelta(hours=24))
    assert "Dam at Vessin" in message.plain_text()
    assert "Next:" not in message.plain_text()


def card(article_id: int, title: str | None, outlet: str) -> ArticleCard:
    """Return an article of a title."""
    return ArticleCard(article_id, None, None, outlet, title, None, "en", None, FRIDAY, FRIDAY)


def test_what_several_print_comes_first() -> None:
    """Then who is quoted most, then what is newest; of one event the article that quotes most is told."""
    cards = [
        card(1, "Weather stays mild in Lenn", "post"),
        card(2, "Dam at Vessin holds through the night", "post"),
        card(3, "No sleep in the lower town", "courier"),
        card(4, "Harbour fees rise in spring", "post"),
        card(5, None, "post"),
    ]
    placed = {number: Placed(number, story, None) for number, story in ((1, 1), (2, 2), (3, 2))}
    chosen = chosen_cards(cards, placed, {3: 2, 4: 1})
    assert [(first.article_id, [other.article_id for other in others]) for first, others in chosen] == [
        (3, [2]),
        (4, []),  # read before there were stories
        (1, []),
    ]


def test_copies_have_the_same_words() -> None:
    """Of each other, or of a third."""
    first, second, third = Placed(1, 1, None), Placed(2, 1, 1), Placed(3, 1, 1)
    other = Placed(4, 1, None)
    assert is_copy(first, second)
    assert is_copy(third, second)
    assert not is_copy(other, second)
    assert not is_copy(None, second)


async def test_who_prints_the_same_words_is_told_from_who_reports_the_same(desk: Desk) -> None:
    """A wire report under another title, and an article in words of its own."""
    await desk.schedule()
    await desk.reads(DAM, outlet="post", at=FRIDAY + timedelta(hours=2))
    await desk.reads(DAM.replace("Dam at", "Old dam at"), outlet="courier", at=FRIDAY + timedelta(hours=3))
    await desk.reads(OTHER_DAM, outlet="gazette", at=FRIDAY + timedelta(hours=4))
    desk.at = SATURDAY
    (text,) = await desk.queued()
    assert "1 story from 3 sources" in text
    assert " · same words in courier · also in gazette" in text

"""Briefings: a slot that is due becomes one message in the outbox, once, whoever wakes first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.pushing import pushable
from handlers.slots import due_slots, next_slot
from store.articles import Articles
from store.channels import Channels
from store.folding import SameWords
from store.locks import Lock, hold
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.people import People
from store.quotes import Quotes
from store.schedules import Schedules
from store.sources import Sources
from store.stories import Stories
from summaries.briefing import BriefedPage, BriefingFacts, briefing_message
from summaries.digests import Telling
from summaries.message_json import VERSION, message_data
from summaries.statements import key_statements, opening_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.composing import Composing
    from handlers.slots import Slot
    from store.database import Database
    from store.schedules import Schedule
    from store.stories import Placed
    from store.values import ArticleCard
    from summaries.message import Message
    from summaries.statements import Statement
    from summaries.values import Bars

PRIORITY = 2
USEFUL = timedelta(hours=12)
"""A briefing that is later than this is not sent: the next one says more."""
LATE = timedelta(minutes=2)
FIRST_LOOKS_BACK = timedelta(hours=24)
PRINTED_BEFORE = timedelta(hours=24)
MOST_READ = 2000
"""Articles, and quotes, that are looked at for one briefing."""
PAGES = 5
QUOTES_PER_PAGE = 3
SENTENCES_PER_PAGE = 2


@dataclass(frozen=True, slots=True)
class Briefings:
    """Composes briefings.

    Attributes:
        zone: Of channels that did not choose one, an IANA name.
        queued: Called after a commit that queued something.
    """

    database: Database
    bars: Bars
    now: Callable[[], datetime]
    zone: str = "UTC"
    queued: Callable[[], None] = lambda: None
    articles: Articles = field(default_factory=Articles)
    channels: Channels = field(default_factory=Channels)
    quotes: Quotes = field(default_factory=Quotes)
    schedules: Schedules = field(default_factory=Schedules)
    sources: Sources = field(default_factory=Sources)
    stories: Stories = field(default_factory=Stories)
    same_words: SameWords = field(default_factory=SameWords)
    people: People = field(default_factory=People)
    outbox: Outbox = field(default_factory=Outbox)

    async def due(self) -> list[Composing]:
        """Return what is to be composed: for each schedule, whatever of it is due and not taken."""
        now = self.now()
        async with self.database.reading() as db:
            schedules = await self.schedules.all(db)
            begun = {one.schedule_id: await self.schedules.last_slot(db, one.schedule_id) for one in schedules}
        return [partial(self._brief, one, begun[one.schedule_id], now) for one in schedules]

    async def _brief(self, schedule: Schedule, last: datetime | None, now: datetime) -> bool:
        """Queue a briefing of one schedule; return whether there was one.

        Where a process slept through several slots, the newest is briefed from where the last briefing ended, and the
        others are done with it.
        """
        looked = last or schedule.created_at
        slots = due_slots(schedule.days, schedule.times, ZoneInfo(schedule.timezone), looked, now)
        if not slots:
            return False
        is_queued = False
        async with self.database.writing() as db:
            # As for alerts: no name that is taken back meanwhile.
            await hold(db, Lock.OPENING)
            taken = [await self._take(db, schedule, slot, now) for slot in slots]
            if taken[-1] and now - slots[-1].due_at <= USEFUL:
                since = last or slots[0].due_at - FIRST_LOOKS_BACK
                is_queued = await self._queue(db, schedule, slots[-1], since, now)
        if is_queued:
            self.queued()
        return is_queued

    async def preview(self, db: AsyncConnection, channel: str, *, since: datetime) -> Message:
        """Return what a briefing would say now; in a writing transaction, since its quotes get numbers."""
        zone = await self.channels.zone_of(db, channel, self.zone)
        return await self._message(db, channel, zone, since=since, at=self.now(), next_at=None)

    async def _take(self, db: AsyncConnection, schedule: Schedule, slot: Slot, now: datetime) -> bool:
        return await self.schedules.take_slot(
            db, schedule.schedule_id, slot.local_date, slot.nominal_time, due_at=slot.due_at, now=now
        )

    async def _queue(self, db: AsyncConnection, schedule: Schedule, slot: Slot, since: datetime, now: datetime) -> bool:
        zone = ZoneInfo(schedule.timezone)
        following = next_slot(schedule.days, schedule.times, zone, now)
        by = None if schedule.created_by is None else await self.people.get(db, schedule.created_by)
        message = await self._message(
            db,
            schedule.channel,
            zone,
            since=since,
            at=slot.due_at,
            next_at=None if following is None else following.due_at,
            set_up_by=None if by is None else by.name,
        )
        expires = slot.due_at + USEFUL
        if following is not None:
            expires = min(expires, following.due_at)
        item = NewItem(
            channel=schedule.channel,
            message=message_data(message),
            version=VERSION,
            key=f"briefing:{schedule.schedule_id}:{slot.local_date}T{slot.nominal_time:%H:%M}",
            priority=PRIORITY,
            due_at=now,
            expires_at=expires,
            of=slot.due_at,
        )
        return await self.outbox.add(db, item, now=now) is not None

    async def _message(  # noqa: PLR0913 - what a briefing says of itself
        self,
        db: AsyncConnection,
        channel: str,
        zone: ZoneInfo,
        *,
        since: datetime,
        at: datetime,
        next_at: datetime | None,
        set_up_by: str | None = None,
    ) -> Message:
        now = self.now()
        cards = await self._read_since(db, channel, since)
        pages = await self._pages(db, channel, cards, since)
        given = await self.sources.articles(db, channel, since=since)
        settings = await self.channels.get(db, channel)
        facts = BriefingFacts(
            at=at.astimezone(zone),
            since=since.astimezone(zone),
            read=len(cards),
            sources=len(given),
            silent=sum(count == 0 for count in given.values()),
            next_at=None if next_at is None else next_at.astimezone(zone),
            set_up_by=set_up_by,
            sent_at=now.astimezone(zone) if now - at > LATE else None,
            channel_name=None if settings is None else settings.title,
        )
        ids = [
            each.quote.quote_id
            for page in pages
            for one in page.statements
            for each in one.quotes
            if each.quote.quote_id is not None
        ]
        numbers = await self.channels.numbers(db, channel, ids, at=now)
        # What is pushed is shown by the higher bar throughout.
        bars = replace(self.bars, asked=self.bars.pushed)
        return briefing_message(pages, facts, Telling(bars, numbers, zone))

    async def _read_since(self, db: AsyncConnection, channel: str, since: datetime) -> list[ArticleCard]:
        """Return the shared articles that were read since a time, the newest first.

        Read, not printed: what was printed before the last briefing and read after it would be in neither. What is
        older than a day when it is read (a new source's) is no news.
        """
        cards = await self.articles.latest(db, channel, since=since - PRINTED_BEFORE, limit=MOST_READ)
        return [card for card in cards if card.fetched_at > since and card.owner_channel is None]

    async def _pages(
        self, db: AsyncConnection, channel: str, cards: Sequence[ArticleCard], since: datetime
    ) -> list[BriefedPage]:
        """Return the most important of these articles."""
        said = await self.quotes.since(db, channel, since - PRINTED_BEFORE, bar=self.bars.pushed, limit=MOST_READ)
        speakers: defaultdict[int, set[str | None]] = defaultdict(set)
        for one in said:
            speakers[one.card.article_id].add(one.speaker)
        placed = await self.stories.of_articles(db, [card.article_id for card in cards])
        chosen = chosen_cards(cards, placed, {article_id: len(names) for article_id, names in speakers.items()})
        pages = []
        for card, others in chosen:
            stored = await self.articles.get(db, channel, card.article_id)
            if stored is None or stored.analysis is None:
                continue
            printed = await self.quotes.of_articles(db, channel, [card.article_id])
            statements = pushable(printed, self.bars.pushed, opening=opening_of(stored.analysis.article))
            shown = tuple(key_statements(statements, QUOTES_PER_PAGE))
            same = await self._same_words(db, channel, shown)
            same |= {
                each.outlet for each in others if is_copy(placed.get(each.article_id), placed.get(card.article_id))
            }
            outlets = list(dict.fromkeys(other.outlet for other in others if other.outlet))
            pages.append(
                BriefedPage(
                    stored.analysis.article,
                    stored.analysis.summary.sentences[:SENTENCES_PER_PAGE],
                    shown,
                    tuple(outlet for outlet in outlets if outlet not in same),
                    card.article_id,
                    tuple(outlet for outlet in outlets if outlet in same),
                )
            )
        return pages

    async def _same_words(self, db: AsyncConnection, channel: str, shown: Sequence[Statement]) -> set[str | None]:
        """Return the outlets that print all quotes that are shown in the same words."""
        ids = {each.quote.quote_id for one in shown for each in one.quotes if each.quote.quote_id is not None}
        sightings = await self.same_words.sightings(db, channel, ids)
        outlets = [{each.outlet for each in sightings.get(quote_id, ())} for quote_id in ids]
        return set.intersection(*outlets) if outlets else set()


def chosen_cards(
    cards: Sequence[ArticleCard], placed: Mapping[int, Placed], speakers: Mapping[int, int], *, count: int = PAGES
) -> list[tuple[ArticleCard, list[ArticleCard]]]:
    """Return the articles to brief, each with those of its story in other outlets, the most important first; pure.

    What several outlets print counts most, then who is quoted, then what is newer.

    Args:
        cards: Shared ones, the newest first.
        placed: Their stories, by article id; an article that is in none is alone.
        speakers: How many people each article quotes, by article id.
        count: How many at most.
    """
    groups: dict[tuple[bool, int], list[ArticleCard]] = {}
    for card in cards:
        if card.title:
            at = placed.get(card.article_id)
            key = (False, card.article_id) if at is None else (True, at.story_id)
            groups.setdefault(key, []).append(card)

    def worth(group: list[ArticleCard]) -> tuple[int, int]:
        return (len({card.outlet for card in group}), max(speakers.get(card.article_id, 0) for card in group))

    best = sorted(groups.values(), key=worth, reverse=True)[:count]  # stable: the newer stays before the older
    told = []
    for group in best:
        first = max(group, key=lambda card: speakers.get(card.article_id, 0))
        told.append((first, [card for card in group if card is not first and card.outlet != first.outlet]))
    return told


def is_copy(one: Placed | None, other: Placed | None) -> bool:
    """Return whether two articles have the same words: one is the other's copy, or both are copies of a third."""
    if one is None or other is None:
        return False
    return (one.copy_of or one.article_id) == (other.copy_of or other.article_id)

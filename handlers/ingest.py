"""An analysed article into the store: article, quotes, speakers and what has to be told of them, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.echoes import GATHERED_FOR
from handlers.pushing import alert_due, pushable
from sources.addresses import address_key, has_place
from store.alerts import Alerts, NewAlert
from store.articles import Articles
from store.channels import Channels
from store.echoes import Echoes
from store.folding import SameWords
from store.seen import SeenEntries
from store.sources import Sources
from store.subscriptions import Mode, Subscriptions
from summaries.printed import printed_quotes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database
    from store.seen import Reading
    from store.values import SavedArticle
    from summaries.values import Analysis, Bars

ANYWHERE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Ingest:
    """Saves analyses.

    Attributes:
        zone: Of channels that did not choose one, an IANA name.
        alerted: Called after a commit that made alerts, so that they are composed at once.
    """

    database: Database
    bars: Bars
    now: Callable[[], datetime]
    zone: str = "UTC"
    alerted: Callable[[], None] = lambda: None
    articles: Articles = field(default_factory=Articles)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    alerts: Alerts = field(default_factory=Alerts)
    channels: Channels = field(default_factory=Channels)
    sources: Sources = field(default_factory=Sources)
    seen: SeenEntries = field(default_factory=SeenEntries)
    same_words: SameWords = field(default_factory=SameWords)
    echoes: Echoes = field(default_factory=Echoes)

    async def save(  # noqa: PLR0913 - where it came from is part of what is saved
        self,
        analysis: Analysis,
        *,
        owner_channel: str | None = None,
        source_id: int | None = None,
        entry: Sequence[str] = (),
        reading: Reading | None = None,
        also_at: Sequence[str] = (),
        announce: bool = True,
    ) -> SavedArticle:
        """Save an analysis and return what it became.

        Args:
            analysis: Of the article as it reads now.
            owner_channel: The chat it was pasted in; None when it is shared.
            source_id: Where it came from.
            entry: What the source's entry is known by that is read with it.
            reading: How it was read, so that a later change of the entry is seen; needs ``entry``.
            also_at: Other addresses it was found at, as before a redirect; twins of an address need not be said.
            announce: Whether subscribers are told: not for what a person just pasted, nor for what a new source
                printed before it was added.

        Raises:
            StoreError: if it cannot be stored; nothing is, then.
        """
        now = self.now()
        known_at = [each for each in (analysis.article.url, *also_at) if each]
        twins = [key for each in known_at if not has_place(each) and (key := address_key(each))]

        async def work(db: AsyncConnection) -> tuple[SavedArticle, int]:
            saved = await self.articles.save(
                db,
                analysis,
                owner_channel=owner_channel,
                source_id=source_id,
                also_at=[*known_at, *twins],
                seen_at=now,
            )
            made = await self._announce(db, analysis, saved, source_id, now) if announce else 0
            if source_id is not None and entry:
                first = reading.seen_at if reading is not None else None
                await self.sources.mark_seen(db, source_id, entry, article_id=saved.article_id, at=first or now)
                if reading is not None:
                    await self.seen.read(db, source_id, entry, reading, article_id=saved.article_id)
            return saved, made

        saved, made = await self.database.whole.do(work)
        if made:
            self.alerted()
        return saved

    async def _announce(
        self, db: AsyncConnection, analysis: Analysis, saved: SavedArticle, source_id: int | None, now: datetime
    ) -> int:
        """Queue what subscribers are to be told; return how much.

        Words that another outlet printed before are not told again to whom they were told: that alert gets to say so.
        Whoever was not told of them, because they came with a new source or their speaker was not sure, is told now.
        """
        known = await self.same_words.known(db, saved.same_words, self.bars.pushed)
        if known:
            await self.echoes.heard(db, known, due_at=now + GATHERED_FOR)
        met = await self.subscriptions.met(db, saved)
        if not met:
            return 0
        not_seen_at = None
        if source_id is not None and analysis.article.published_at is None:
            not_seen_at = await self.seen.looked_at(db, source_id)
        same = saved.same_words
        told = await self.alerts.told(db, same.values()) if same else frozenset[tuple[int, int]]()
        printed = printed_quotes(analysis.article, analysis.sentences, saved.quotes)
        may_go = {each.quote.quote_id for one in pushable(printed, self.bars.pushed) for each in one.quotes}
        new = []
        for one in met:
            wish = one.subscription
            # Only a daily alert has a time of day.
            daily = wish.mode is Mode.DAILY
            zone = await self.channels.zone_of(db, wish.channel, self.zone) if daily else ANYWHERE
            due_at = alert_due(wish.mode, now, zone, wish.muted_until)
            new += [
                NewAlert(wish.subscription_id, quote.quote_id, due_at, not_seen_at)
                for quote in one.quotes
                if quote.quote_id is not None
                and quote.quote_id in may_go
                and (wish.subscription_id, same.get(quote.quote_id)) not in told
            ]
        return await self.alerts.add(db, new, now=now)

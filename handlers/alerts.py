"""Alerts that are due become messages in the outbox: one for each channel, article and speaker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from handlers.echoes import EchoComposer, also_in, with_outlets
from handlers.proof import LONGEST_COPY
from handlers.pushing import pushable
from handlers.reading_aloud import ids_of, statements_on
from store.alerts import Alerts, DueAlert
from store.channels import Channels
from store.echoes import Echoes
from store.folding import SameWords
from store.locks import Lock, hold
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.quotes import Quotes
from summaries.digests import QuotedPage, Telling, quotes_message
from summaries.message import Action, Actions, Heading, Message, Paragraph, Run, Style
from summaries.message_json import VERSION, message_data
from summaries.origins import told_time
from summaries.statements import key_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.composing import Composing
    from store.database import Database
    from store.values import ArticleCard, FoundQuote
    from summaries.values import Bars, Quote

PRIORITY = 1
USEFUL = timedelta(hours=24)
"""An alert that could not be delivered for so long is news no more."""
SHOWN = 4
"""Quotes that one alert shows; the rest is behind a button."""
MUTE_HOURS = 24
UNDATED = timedelta(hours=1)
"""How long before it was read an article without a date may have been printed, at least, as far as that matters."""


@dataclass(frozen=True, slots=True)
class AlertComposer:
    """Folds due alerts into messages.

    Attributes:
        zone: Of channels that did not choose one, an IANA name.
        queued: Called after a commit that queued something.
    """

    database: Database
    bars: Bars
    now: Callable[[], datetime]
    zone: str = "UTC"
    queued: Callable[[], None] = lambda: None
    alerts: Alerts = field(default_factory=Alerts)
    channels: Channels = field(default_factory=Channels)
    quotes: Quotes = field(default_factory=Quotes)
    outbox: Outbox = field(default_factory=Outbox)
    echoes: Echoes = field(default_factory=Echoes)
    same_words: SameWords = field(default_factory=SameWords)

    async def due(self) -> list[Composing]:
        """Return what is to be composed: a message for each channel, article and speaker, then edits of what was told.

        What is composed is marked in the transaction that queues it, so nothing is told twice or forgotten.
        """
        async with self.database.reading() as db:
            due = await self.alerts.due(db, now=self.now())
        groups: list[Sequence[DueAlert]] = []
        for _, group in groupby(due, key=lambda one: (one.channel, one.article_id)):
            by_speaker: dict[int | None, list[DueAlert]] = {}
            for one in group:
                by_speaker.setdefault(one.speaker_id, []).append(one)
            groups += by_speaker.values()
        echoes = await EchoComposer(self.database, self.now, self.queued).due()
        return [*(partial(self._compose, alerts) for alerts in groups), *echoes]

    async def _compose(self, alerts: Sequence[DueAlert]) -> bool:
        async with self.database.writing() as db:
            is_queued = await self._queue(db, alerts)
        if is_queued:
            self.queued()
        return is_queued

    async def _queue(self, db: AsyncConnection, alerts: Sequence[DueAlert]) -> bool:
        # A name that is taken back meanwhile is either not told, or told before and then edited.
        await hold(db, Lock.OPENING)
        channel, now = alerts[0].channel, self.now()
        mine = await self.alerts.composed(db, [one.alert_id for one in alerts])
        # One quote may meet two subscriptions of a channel ("putin", "putin about nato"): it is told once.
        quote_ids = list(dict.fromkeys(one.quote_id for one in alerts if one.alert_id in mine))
        all_here = await self.quotes.of_articles(db, channel, [alerts[0].article_id])
        message = await self._message(db, channel, all_here, frozenset(quote_ids), alerts[0].subscription_id)
        if message is None:
            return False
        # Where it waited, others may have printed the same words meanwhile.
        message = with_outlets(message, also_in(quote_ids, await self.same_words.sightings(db, channel, quote_ids)))
        item = NewItem(
            channel=channel,
            message=message_data(message),
            version=VERSION,
            key=f"alert:{channel}:{min(quote_ids)}",
            priority=PRIORITY,
            due_at=now,
            expires_at=now + USEFUL,
            of=_printed_at(all_here[0].card, alerts),
        )
        item_id = await self.outbox.add(db, item, now=now)
        if item_id is not None:
            await self.echoes.told(db, item_id, quote_ids)
        return item_id is not None

    async def _message(
        self,
        db: AsyncConnection,
        channel: str,
        all_here: Sequence[FoundQuote],
        new: frozenset[int],
        subscription_id: int,
    ) -> Message | None:
        """Return the message for new quotes of one speaker in one article; None where none may be shown any more."""
        statements = pushable(all_here, self.bars.pushed)
        speakers = {one.speaker for one in statements for each in one.quotes if each.quote.quote_id in new}
        named = [one for one in statements if one.speaker in speakers]
        fresh = [
            replace(one, quotes=kept)
            for one in named
            if (kept := tuple(each for each in one.quotes if each.quote.quote_id in new))
        ]
        if not fresh:
            return None
        shown = key_statements(fresh, SHOWN)
        ids = [each.quote.quote_id for one in shown for each in one.quotes if each.quote.quote_id is not None]
        numbers = await self.channels.numbers(db, channel, ids, at=self.now())
        zone = await self.channels.zone_of(db, channel, self.zone)
        card = all_here[0].card
        name = next(each.speaker for each in all_here if each.quote.quote_id in new) or fresh[0].speaker or ""
        digest = quotes_message(name, [QuotedPage(card, tuple(shown))], Telling(self.bars, numbers, zone))
        telling = digest.blocks[1:]
        # What an answer would show of them beside these: there the lower bar holds, and what is carried on has its mark.
        theirs = [one for one in statements_on(all_here, None, self.bars.asked) if one.speaker in speakers]
        others = len(set(ids_of(theirs)) - set(ids))
        heading = Heading((Run(name, Style.BOLD), Run(f" · {_counted(len(ids), others)}")))
        read = Paragraph(
            (Run(f"Read {told_time(card.fetched_at, Telling(self.bars).translator, zone)}.", Style.SMALL),)
        )
        first = shown[0].quotes[0].quote
        actions = _actions([numbers[one] for one in ids], others, first, card.article_id, subscription_id)
        return Message((heading, *telling, read, actions))


def _printed_at(card: ArticleCard, alerts: Iterable[DueAlert]) -> datetime:
    """Return when an article was printed: at the latest when it was read, where the page does not say some time before.

    What has no date and is found with a source's first look after a restore may have been told before it.
    """
    if card.published_at is not None:
        return card.newest_at
    looks = [one.not_seen_at for one in alerts if one.not_seen_at is not None]
    return min([card.fetched_at - UNDATED, *looks])


def _counted(shown: int, others: int) -> str:
    """Return "4 new quotes, 3 more in the article"."""
    words = f"{shown} new quote" + ("s" if shown != 1 else "")
    return f"{words}, {others} more in the article" if others > 0 else words


def _actions(numbers: Sequence[int], others: int, first: Quote, article_id: int, subscription_id: int) -> Actions:
    """Return the buttons under an alert.

    Args:
        numbers: Of the quotes that it shows, in this chat.
        others: How many more of this speaker the article holds.
        first: The quote that it shows first.
        article_id: Whose.
        subscription_id: What it was sent for.
    """
    shown = " ".join(map(str, numbers))
    speaker_id = None if first.attribution is None else first.attribution.speaker_id
    actions = []
    if others > 0 and speaker_id is not None:
        label = "The other one" if others == 1 else f"The other {others}"
        actions.append(Action(label, command=f"/rest {article_id} {speaker_id} {shown}"))
    if len(first.text) <= LONGEST_COPY:
        actions.append(Action("Copy", copy=first.text))
    actions.append(Action("Wrong?", command=f"/wrong {shown}"))
    actions.append(Action(f"Mute {MUTE_HOURS} h", command=f"/mute {subscription_id} {MUTE_HOURS}"))
    return Actions(tuple(actions))

"""Who is told of what, once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store.alerts import Alerts, NewAlert
from store.articles import Articles
from store.speakers import Speakers
from store.subscriptions import Mode, Subscriptions
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, ORLAN, analysis

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database
    from store.subscriptions import Met

URL = "https://brenn.example/talks"
PAGE = ("“Guarantees must hold,” said Orlan.", "Of Brenn it is the “open wound”, said Toll.")


async def speaker(db: AsyncConnection, name: str) -> int:
    """Return the one speaker of a name."""
    (found,) = await Speakers().candidates(db, HERE, name)
    return found.speaker_id


def told(met: list[Met]) -> list[tuple[str, str, list[str]]]:
    """Return who is told what."""
    return [(one.subscription.channel, one.subscription.name, [quote.text for quote in one.quotes]) for one in met]


async def test_a_subscription_meets_new_quotes_of_its_speaker_about_its_words(opened: Database) -> None:
    """By speaker, by a name nobody was known by, and by words in what is shown; each quote once."""
    subscriptions = Subscriptions()
    async with opened.writing() as db:
        await Articles().save(db, analysis("“We wait,” said Orlan."), owner_channel=None, seen_at=NOON)
        orlan = await speaker(db, "orlan")
        for who, name, known, about in (
            (HERE, "Viktor Orlan", orlan, ""),
            (ELSEWHERE, "Viktor Orlan", orlan, "guarantees HOLD"),
            (HERE, "Viktor Orlan", orlan, "bridge"),
            (HERE, "toll", None, ""),
            (ELSEWHERE, "ada toll", None, "brenn"),
            (ELSEWHERE, "ida toll", None, ""),
        ):
            _, new = await subscriptions.add(db, who, name, speaker_id=known, about=about, by=None, at=NOON)
            assert new
        saved = await Articles().save(db, analysis(*PAGE, url=URL), owner_channel=None, seen_at=NOON)
        assert told(await subscriptions.met(db, saved)) == [
            (HERE, "Viktor Orlan", ["Guarantees must hold"]),
            (ELSEWHERE, "Viktor Orlan", ["Guarantees must hold"]),
            (HERE, "toll", ["open wound"]),
            (ELSEWHERE, "ada toll", ["open wound"]),
        ]
        # The same again, and a revision with one more quote: only what is new.
        again = await Articles().save(db, analysis(*PAGE, url=URL), owner_channel=None, seen_at=NOON)
        assert await subscriptions.met(db, again) == []
        longer = analysis(*PAGE, "“The bridge is shut,” said Orlan.", url=URL)
        revised = await Articles().save(db, longer, owner_channel=None, seen_at=NOON)
        assert told(await subscriptions.met(db, revised)) == [
            (HERE, "Viktor Orlan", ["The bridge is shut"]),
            (HERE, "Viktor Orlan", ["The bridge is shut"]),
        ]


async def test_quotes_of_nobody_known_meet_nothing(opened: Database) -> None:
    """A description is no speaker over several articles."""
    page = analysis("“We wait,” said Ministry.", people=(ORLAN,))
    silent = replace(page, quotes=(replace(page.quotes[0], attribution=None),))
    async with opened.writing() as db:
        for sample in (page, silent):
            saved = await Articles().save(db, sample, owner_channel=None, seen_at=NOON, again=True)
            assert await Subscriptions().met(db, saved) == []


async def test_the_same_wish_twice_is_one(opened: Database) -> None:
    """By speaker or by name in any spelling; other words are another wish; another's is not ours to change."""
    subscriptions = Subscriptions()
    async with opened.writing() as db:
        first, _ = await subscriptions.add(db, HERE, "Zelenskyy", speaker_id=None, by="p", at=NOON)
        again, new = await subscriptions.add(db, HERE, "zelensky", speaker_id=None, mode=Mode.DAILY, by="q", at=NOON)
        other, other_new = await subscriptions.add(
            db, HERE, "zelensky", speaker_id=None, about="nato", mode=Mode.DAILY, by="q", at=NOON
        )
        assert (new, again, other_new, other.mode) == (False, first, True, Mode.DAILY)
        assert await subscriptions.of(db, HERE) == [first, other]
        assert not await subscriptions.set_mode(db, ELSEWHERE, first.subscription_id, Mode.HOURLY)
        assert await subscriptions.set_mode(db, HERE, first.subscription_id, Mode.HOURLY)
        assert await subscriptions.mute(db, HERE, first.subscription_id, NOON + MINUTE)
        changed = await subscriptions.get(db, HERE, first.subscription_id)
        assert changed == replace(first, mode=Mode.HOURLY, muted_until=NOON + MINUTE)
        assert await subscriptions.get(db, ELSEWHERE, first.subscription_id) is None
        assert not await subscriptions.remove(db, ELSEWHERE, first.subscription_id)
        assert await subscriptions.remove(db, HERE, first.subscription_id)


async def test_an_alert_waits_for_its_time_and_is_composed_once(opened: Database) -> None:
    """Once for a subscription and a quote, whatever is added again; removed quotes are not told."""
    alerts = Alerts()
    async with opened.writing() as db:
        wish, _ = await Subscriptions().add(db, HERE, "toll", speaker_id=None, by=None, at=NOON)
        saved = await Articles().save(db, analysis(*PAGE, url=URL), owner_channel=None, seen_at=NOON)
        first, second = sorted(saved.new_quotes)
        number = wish.subscription_id
        new = [NewAlert(number, first, NOON), NewAlert(number, second, NOON + MINUTE)]
        assert await alerts.add(db, new, now=NOON) == 2
        assert await alerts.add(db, new, now=NOON) == 0
        assert await alerts.add(db, [], now=NOON) == 0
        (due,) = await alerts.due(db, now=NOON)
        assert (due.quote_id, due.article_id, due.channel) == (first, saved.article_id, HERE)
        assert await alerts.composed(db, [due.alert_id]) == {due.alert_id}
        assert await alerts.composed(db, [due.alert_id]) == set()
        assert await alerts.due(db, now=NOON) == []
        (later,) = await alerts.due(db, now=NOON + MINUTE)
        assert later.quote_id == second
        await Articles().save(db, analysis(PAGE[0], url=URL), owner_channel=None, seen_at=NOON)
        assert await alerts.due(db, now=NOON + MINUTE) == []
        assert await alerts.drop(db, [later.alert_id]) == {later.alert_id}


async def test_whether_anybody_waits(opened: Database) -> None:
    """Sources are looked at more often once somebody does."""
    subscriptions = Subscriptions()
    async with opened.writing() as db:
        assert not await subscriptions.some(db)
        wish, _ = await subscriptions.add(db, HERE, "toll", speaker_id=None, by=None, at=NOON)
        assert await subscriptions.some(db)
        await subscriptions.remove(db, HERE, wish.subscription_id)
        assert not await subscriptions.some(db)

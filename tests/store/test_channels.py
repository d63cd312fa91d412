"""Channels, people, and what is kept for them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.articles import Articles
from store.channels import NAMING, Access, Channels
from store.delivery_tables import outbox
from store.feedback import Decision, Fault, Feedback
from store.handed_in import HandedIn
from store.merging import Merging
from store.metadata import metadata
from store.outbox import Outbox
from store.outbox_items import NewItem
from store.people import People
from store.quotes import Quotes
from store.schedules import Schedules
from store.sources import Sources
from store.speakers import Speakers
from store.subscriptions import Subscriptions
from store.tables import claim_codes
from store.taps import SlackEvents, Taps
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database

PAGE = ("“Guarantees must hold,” said Orlan.", "“We wait,” said Toll.")


async def test_a_channel_keeps_what_it_chose(opened: Database) -> None:
    """Adding it again changes nothing; what is not given stays."""
    channels = Channels()
    async with opened.writing() as db:
        await channels.add(db, HERE, access=Access.ASKED, title="World desk", by="telegram:42", at=NOON)
        assert await channels.change(db, HERE, access=Access.ALLOWED, timezone="Europe/Berlin")
        again = await channels.add(db, HERE, access=Access.REFUSED, at=NOON + MINUTE)
        assert (again.title, again.access, again.timezone) == ("World desk", Access.ALLOWED, "Europe/Berlin")
        assert await channels.change(db, HERE)
        assert not await channels.change(db, ELSEWHERE, title="x")
        assert await channels.all(db, Access.ALLOWED) == [again]
        assert await channels.all(db, Access.ASKED) == []


async def test_a_channel_is_paused_once_and_resumed(opened: Database) -> None:
    """Its owner is told the first time only."""
    channels = Channels()
    async with opened.writing() as db:
        await channels.add(db, HERE, access=Access.ALLOWED, at=NOON)
        paused = [await channels.pause(db, HERE, at=NOON, reason=reason) for reason in ("kicked", "again")]
        known = await channels.get(db, HERE)
        assert known is not None
        assert (paused, known.paused_at, known.paused_reason) == ([True, False], NOON, "kicked")
        assert await channels.resume(db, HERE)
        known = await channels.get(db, HERE)
        assert known is not None
        assert known.paused_at is None


async def test_a_number_is_given_once_and_for_good(opened: Database) -> None:
    """Numbers go on counting, also over quotes that were deleted, and never change hands."""
    channels = Channels()
    async with opened.writing() as db:
        first = await Articles().save(db, analysis(*PAGE), owner_channel=HERE, seen_at=NOON)
        one, two = sorted(first.new_quotes)
        assert await channels.numbers(db, HERE, [two], at=NOON) == {two: 1}
        assert await channels.numbers(db, HERE, [one, two, one], at=NOON) == {one: 2, two: 1}
        assert await Articles().delete(db, HERE, first.article_id)
        second = await Articles().save(db, analysis(*PAGE), owner_channel=HERE, seen_at=NOON)
        three, four = sorted(second.new_quotes)
        assert not {one, two} & {three, four}
        assert await channels.numbers(db, HERE, [three, four], at=NOON) == {three: 3, four: 4}
        assert await Quotes().numbered(db, HERE, 1) is None
        found = await Quotes().numbered(db, HERE, 3)
        assert found is not None
        assert found.quote.quote_id == three


async def test_a_quote_that_became_another_answers_under_both_numbers(opened: Database) -> None:
    """The first stays the one that is shown; other chats' numbers are not touched."""
    async with opened.writing() as db:
        ids = []
        for owner in (HERE, None):
            page = analysis("“Guarantees must hold,” said Orlan.")
            saved = await Articles().save(db, page, owner_channel=owner, seen_at=NOON)
            ids.append(min(saved.new_quotes))
            await Channels().numbers(db, HERE, [ids[-1]], at=NOON)
        await Channels().numbers(db, ELSEWHERE, [ids[1]], at=NOON)
        await HandedIn().keep_numbers(db, HERE, {ids[0]: ids[1]})
        for number in (1, 2):
            found = await Quotes().numbered(db, HERE, number)
            assert found is not None
            assert found.quote.quote_id == ids[1]
        assert await Channels().numbers(db, HERE, [ids[1]], at=NOON) == {ids[1]: 1}
        assert await Channels().numbered(db, [ids[1]]) == {ELSEWHERE: 1, HERE: 1}
        assert await Quotes().numbered(db, ELSEWHERE, 2) is None


async def test_a_migrated_group_takes_everything_along(opened: Database) -> None:
    """All rows move in one transaction, topics included; others' stay."""
    new = "telegram:-1007"
    async with opened.writing() as db:
        for who in (HERE, f"{HERE}/7", ELSEWHERE, "telegram:-1001"):
            await Channels().add(db, who, access=Access.ALLOWED, title=who, at=NOON)
            await Subscriptions().add(db, who, "Orlan", speaker_id=None, by=None, at=NOON)
            item = NewItem(who, {}, 1, f"key:{who}", 1, NOON, NOON + MINUTE)
            await Outbox().add(db, item, now=NOON)
        saved = await Articles().save(db, analysis(*PAGE), owner_channel=HERE, seen_at=NOON)
        await Channels().numbers(db, HERE, sorted(saved.new_quotes), at=NOON)
        await Outbox().hold_lane(db, HERE, until=NOON + MINUTE, reason="429")
        # It wrote under its new address before anybody told us.
        await Channels().add(db, new, access=Access.ASKED, at=NOON)
        await Channels().move(db, HERE, new)
    async with opened.reading() as db:
        assert await Articles().get(db, HERE, saved.article_id) is None
        assert await Articles().get(db, f"{new}/7", saved.article_id) is not None
        assert await Quotes().numbered(db, new, 1) is not None
        moved = await Channels().get(db, new)
        topic = await Channels().get(db, f"{new}/7")
        rows = (await db.execute(select(outbox.c.channel, outbox.c.lane).order_by(outbox.c.item_id))).all()
        assert len(await Subscriptions().of(db, f"{new}/7")) == 1
        assert await Channels().get(db, HERE) is None
    assert moved is not None
    assert topic is not None
    assert (moved.title, moved.access, topic.title) == (HERE, Access.ALLOWED, f"{HERE}/7")
    assert [tuple(row) for row in rows] == [
        (new, new),
        (f"{new}/7", new),
        (ELSEWHERE, ELSEWHERE),
        ("telegram:-1001", "telegram:-1001"),
    ]


async def test_a_move_that_is_told_twice_is_one(opened: Database) -> None:
    """The chat's own message tells of it, and so does a send that is refused, in either order."""
    new = "telegram:-1007"
    async with opened.writing() as db:
        await Channels().add(db, HERE, access=Access.ALLOWED, title="Ours", at=NOON)
        saved = await Articles().save(db, analysis(*PAGE), owner_channel=None, seen_at=NOON)
        numbers = await Channels().numbers(db, HERE, sorted(saved.new_quotes), at=NOON)
        for _ in range(2):
            await Channels().move(db, HERE, new)
        moved = await Channels().get(db, new)
        assert moved is not None
        assert (moved.title, moved.access) == ("Ours", Access.ALLOWED)
        assert await Channels().numbers(db, new, sorted(saved.new_quotes), at=NOON) == numbers


async def test_what_was_made_at_the_old_address_after_a_move_takes_nothing_from_the_new(opened: Database) -> None:
    """An answer that was under way gives numbers there, and its send is refused."""
    new = "telegram:-1007"
    async with opened.writing() as db:
        await Channels().add(db, HERE, access=Access.ALLOWED, title="Ours", at=NOON)
        saved = await Articles().save(db, analysis(*PAGE), owner_channel=None, seen_at=NOON)
        first, *others = sorted(saved.new_quotes)
        numbers = await Channels().numbers(db, HERE, [first], at=NOON)
        await Channels().move(db, HERE, new)
        await Channels().numbers(db, HERE, others, at=NOON + MINUTE)
        await Channels().move(db, HERE, new)
        moved = await Channels().get(db, new)
        assert moved is not None
        assert (moved.title, moved.access) == ("Ours", Access.ALLOWED)
        assert await Channels().numbers(db, new, [first], at=NOON) == numbers
        assert await Channels().get(db, HERE) is None


async def test_what_a_chat_did_under_both_addresses_is_there_once(opened: Database) -> None:
    """The same wishes, pages, sources and complaints stand in no move's way; other wishes are kept beside."""
    new = "telegram:-1007"
    async with opened.writing() as db:
        shared = await Articles().save(db, analysis(*PAGE), owner_channel=None, seen_at=NOON)
        for who in (HERE, new):
            await Channels().add(db, who, access=Access.ALLOWED, at=NOON)
            for name, speaker, about in (("Orlan", 1, ""), ("Nobody", None, ""), ("Orlan", 1, who[-2:])):
                await Subscriptions().add(db, who, name, speaker_id=speaker, about=about, by=None, at=NOON)
            page = analysis(*PAGE, url="https://brenn.example/own")
            await Articles().save(db, page, owner_channel=who, seen_at=NOON)
            await Feedback().say(db, who, min(shared.new_quotes), Fault.NOT_A_QUOTE, person="p", at=NOON)
            await Sources().add(db, "https://brenn.example/", owner_channel=who, interval=MINUTE, at=NOON)
        await Channels().move(db, HERE, new)
        wishes = await Subscriptions().of(db, new)
        assert sorted((one.name, one.about) for one in wishes) == [
            ("Nobody", ""),
            ("Orlan", ""),
            ("Orlan", "00"),
            ("Orlan", "07"),
        ]
        assert len(await Sources().all(db, new)) == 1
        assert await Subscriptions().of(db, HERE) == []


async def test_an_undo_puts_wishes_back_where_their_chat_is_by_then(opened: Database) -> None:
    """What a merge folded is kept in the log of changes, which moves too."""
    new = "telegram:-1007"
    async with opened.writing() as db:
        await Articles().save(db, analysis(*PAGE), owner_channel=None, seen_at=NOON)
        (orlan,) = await Speakers().candidates(db, HERE, "orlan")
        (toll,) = await Speakers().candidates(db, HERE, "toll")
        for one in (orlan, toll):
            await Subscriptions().add(db, f"{HERE}/7", one.name, speaker_id=one.speaker_id, by=None, at=NOON)
        change = await Merging().merge(db, orlan.speaker_id, into=toll.speaker_id, by="o", at=NOON)
        await Channels().move(db, HERE, new)
        await Merging().undo(db, change.change_id, by="o", at=NOON)
        assert {wish.name for wish in await Subscriptions().of(db, f"{new}/7")} == {orlan.name, toll.name}
        assert await Subscriptions().of(db, f"{HERE}/7") == []


def test_no_column_that_names_a_channel_is_left_behind() -> None:
    """A column that is added later must move with its chat too."""
    naming = {
        column
        for table in metadata.tables.values()
        for column in table.c
        if column.name in {"channel", "owner_channel", "lane"} and table.name not in {"channels", "lanes"}
    }
    assert {str(column) for column in naming} == {str(column) for column in NAMING} | {"quote_numbers.channel"}


async def test_who_opens_the_claim_link_first_becomes_operator(opened: Database) -> None:
    """A code works once, before it expires, and is kept as a hash only."""
    people = People()
    async with opened.writing() as db:
        await people.add_code(db, "7K2QX", made_at=NOON, expires_at=NOON + MINUTE)
        await people.add_code(db, "OLD22", made_at=NOON - MINUTE, expires_at=NOON)
        for person in ("telegram:42", "telegram:43"):
            _, new = await people.ask(db, person, name="Ana", channel=person, at=NOON)
            assert new
        assert await people.operators(db) == []
        claims = [
            await people.claim(db, code, person, at=NOON)
            for code, person in (
                ("WRONG", "telegram:42"),
                ("OLD22", "telegram:42"),
                (" 7k2qx", "telegram:42"),
                ("7K2QX", "telegram:43"),
            )
        ]
        (operator,) = await people.operators(db)
        kept = (await db.execute(select(claim_codes.c.code_sha256))).scalars().all()
    assert claims == [False, False, True, False]
    assert (operator.person, operator.access) == ("telegram:42", Access.ALLOWED)
    assert all(b"7K2QX" not in one for one in kept)


async def test_a_stranger_asks_once_and_is_answered_once(opened: Database) -> None:
    """Two taps of the operator change something once."""
    people = People()
    async with opened.writing() as db:
        stranger, new = await people.ask(db, "slack:T1/U2", name="Bo", channel="slack:T1/D2", at=NOON)
        again, known = await people.ask(db, "slack:T1/U2", name="Bo", channel="slack:T1/D2", at=NOON + MINUTE)
        assert (new, known, again) == (True, False, stranger)
        assert await people.with_access(db, Access.ASKED) == [stranger]
        decided = [await people.decide(db, "slack:T1/U2", Access.ALLOWED, by="o", at=NOON) for _ in range(2)]
        assert decided == [True, False]
        assert not await people.decide(db, "nobody", Access.ALLOWED, by="o", at=NOON)
        known_now = await people.get(db, "slack:T1/U2")
        assert known_now is not None
        assert known_now.access is Access.ALLOWED
        assert await people.get(db, "nobody") is None


async def test_who_takes_a_slot_first_composes_it(opened: Database) -> None:
    """Once for each schedule, local date and nominal time."""
    schedules = Schedules()
    async with opened.writing() as db:
        schedule = await schedules.add(
            db,
            HERE,
            days=frozenset({0, 4}),
            times=(time(18, 30), time(8)),
            timezone="Europe/Berlin",
            by="telegram:42",
            at=NOON,
        )
        assert (schedule.days, schedule.times) == (frozenset({0, 4}), (time(8), time(18, 30)))
        assert await schedules.all(db, HERE) == await schedules.all(db) == [schedule]
        assert await schedules.all(db, ELSEWHERE) == []
        assert await schedules.last_slot(db, schedule.schedule_id) is None
        day = date(2026, 3, 2)
        taken = [
            await schedules.take_slot(db, schedule.schedule_id, day, at, due_at=NOON + late * MINUTE, now=NOON)
            for at, late in ((time(8), 0), (time(8), 0), (time(18, 30), 5))
        ]
        assert taken == [True, False, True]
        assert await schedules.last_slot(db, schedule.schedule_id) == NOON + 5 * MINUTE
        assert await schedules.remove(db, ELSEWHERE, schedule.schedule_id) is None
        assert await schedules.remove(db, HERE, schedule.schedule_id) == schedule
        assert await schedules.all(db) == []


async def test_what_a_chat_calls_wrong_leaves_its_lists_until_the_operator_decides(opened: Database) -> None:
    """Others see it on; the one quote is still opened; a wrong cut is listed on."""
    async with opened.writing() as db:
        saved = await Articles().save(db, analysis(*PAGE), owner_channel=None, seen_at=NOON)
        wrong, cut = sorted(saved.new_quotes)
        fault = Fault.WRONG_SPEAKER
        said = [await Feedback().say(db, f"{HERE}/7", wrong, fault, person="p", at=NOON) for _ in range(2)]
        await Feedback().say(db, HERE, cut, Fault.CUT_WRONG, person="p", at=NOON)
        listed = {
            who: [found.quote.quote_id for found in await Quotes().of_articles(db, who, [saved.article_id])]
            for who in (HERE, ELSEWHERE)
        }
        assert (said, listed) == ([True, False], {HERE: [cut], ELSEWHERE: [wrong, cut]})
        assert len(await Quotes().get(db, HERE, [wrong])) == 1
        complaint, _ = await Feedback().open(db)
        assert (complaint.quote_id, complaint.fault, complaint.channel) == (wrong, fault, HERE)
        decided = [
            await Feedback().decide(db, complaint.feedback_id, Decision.WRONG, by="o", at=NOON) for _ in range(2)
        ]
        assert decided[0] is not None
        assert (decided[0].decision, decided[1]) == (Decision.WRONG, None)
        assert len(await Quotes().of_articles(db, HERE, [saved.article_id])) == 2


async def test_buttons_and_events_outlive_a_restart(opened: Database) -> None:
    """A button is good as long as it is kept; an event that comes twice is known."""
    day = timedelta(days=1)
    async with opened.writing() as db:
        await Taps().keep(db, {"t:1": "/quotes putin", "t:2": "/help"}, at=NOON)
        await Taps().keep(db, {}, at=NOON)
        await Taps().keep(db, {"t:1": "/quotes putin"}, at=NOON + day)
        assert await Taps().forget(db, kept_before=NOON + day) == 1
        assert await Taps().command_of(db, "t:1") == "/quotes putin"
        assert await Taps().command_of(db, "t:2") is None
        seen = [await SlackEvents().first_seen(db, "Ev1", at=NOON) for _ in range(2)]
        assert seen == [True, False]
        assert await SlackEvents().forget(db, seen_before=NOON + day) == 1
        assert await SlackEvents().first_seen(db, "Ev1", at=NOON)

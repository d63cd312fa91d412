"""Two speakers made one, another name, and either undone as if it had never been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from store.alerts import Alerts, NewAlert
from store.articles import Articles
from store.channels import Channels
from store.errors import ChangeRefusedError
from store.merging import Merging
from store.quotes import Quotes
from store.speakers import Speakers
from store.subscriptions import Mode, Subscriptions
from store.tables import alerts, mentions, quotes, speaker_changes, speaker_names, speakers, subscriptions
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, ORLAN, Person, analysis

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database
    from store.values import SavedArticle

ORLAND = Person("Victor Orland")
TOLL, TOL = Person("Ada Toll"), Person("Adah Tol")
BY = "telegram:7"
MINE = (speakers, speaker_names, mentions, quotes, subscriptions)


async def read(db: AsyncConnection, *words: str, people: tuple[Person, ...], owner: str | None = None) -> SavedArticle:
    """Store a page."""
    return await Articles().save(db, analysis(*words, people=people), owner_channel=owner, seen_at=NOON)


async def number_of(db: AsyncConnection, name: str) -> int:
    """Return the number under which a printed name was opened."""
    number: int = (await db.execute(select(speakers.c.speaker_id).where(speakers.c.name == name))).scalar_one()
    return number


async def state(db: AsyncConnection) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that a merge may touch."""
    return {
        table.name: [tuple(row) for row in await db.execute(select(table).order_by(*table.primary_key.columns))]
        for table in MINE
    }


async def texts(db: AsyncConnection, who: str, speaker_id: int, about: str | None = None) -> set[str]:
    """Return what is listed under a speaker."""
    return {one.quote.text for one in await Quotes().by_speaker(db, who, speaker_id, about=about, limit=50)}


async def two(db: AsyncConnection) -> tuple[int, int]:
    """Store a page of each of two; return their numbers."""
    await read(db, "“Guarantees must hold,” said Orlan.", people=(ORLAN,))
    await read(db, "“Guarantees must not hold,” said Orland.", "Orland noted it.", people=(ORLAND,))
    return await number_of(db, "Viktor Orlan"), await number_of(db, "Victor Orland")


async def test_merged_speakers_are_one_wherever_they_are_asked_for(opened: Database) -> None:
    """Under either name and number, about words, by counts and by places; in a private chat too."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        await read(db, "“It is ours,” said Orland.", people=(ORLAND,), owner=HERE)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        assert (change.before, change.after) == ("Victor Orland", "Viktor Orlan")
        for number in (kept, merged):
            assert await texts(db, ELSEWHERE, number) == {"Guarantees must hold", "Guarantees must not hold"}
            assert await texts(db, ELSEWHERE, number, "guarantees") == {
                "Guarantees must hold",
                "Guarantees must not hold",
            }
            assert await texts(db, HERE, number, "ours") == {"It is ours"}
            assert await Speakers().name_of(db, ELSEWHERE, number) == "Viktor Orlan"
            assert await Quotes().count(db, HERE, number) == (3, 3)
            assert len(await Quotes().namings(db, ELSEWHERE, number)) == 2
        for typed in ("orlan", "victor orland", "orland"):
            (found,) = await Speakers().candidates(db, ELSEWHERE, typed)
            assert (found.speaker_id, found.name, found.quotes, found.named) == (kept, "Viktor Orlan", 2, 2)
        most = await Speakers().quoted_most(db, ELSEWHERE)
        assert [(one.speaker_id, one.quotes) for one in most] == [(kept, 2)]


async def test_a_page_that_names_both_is_one_page(opened: Database) -> None:
    """Two mentions of one person on one page are one naming, and one in the count."""
    async with opened.writing() as db:
        await read(db, "Orlan noted it.", "Orland noted it.", people=(ORLAN, ORLAND))
        kept, merged = await number_of(db, "Viktor Orlan"), await number_of(db, "Victor Orland")
        await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        (naming,) = await Quotes().namings(db, ELSEWHERE, kept)
        assert len(naming.mentions) == len(naming.reported) == 2
        (found,) = await Speakers().candidates(db, ELSEWHERE, "orlan")
        assert found.named == 1


async def test_an_undo_restores_every_row(opened: Database) -> None:
    """Numbers, names, mentions, words searched for, subscriptions: as if nothing had been."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        for channel, speaker, mode in (
            (HERE, kept, Mode.AT_ONCE),
            (HERE, merged, Mode.DAILY),
            (ELSEWHERE, merged, Mode.HOURLY),
        ):
            await Subscriptions().add(db, channel, "Orl", speaker_id=speaker, mode=mode, by=BY, at=NOON)
        before = await state(db)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        assert await state(db) != before
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        assert await state(db) == before
        assert await Merging().changes(db) == []


async def test_what_came_after_the_merge_goes_where_its_page_says(opened: Database) -> None:
    """Later pages that print the merged name are listed under the other, and come back with the undo."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        saved = await read(db, "“We go on,” said Orland.", people=(ORLAND,))
        assert [one.attribution and one.attribution.speaker_id for one in saved.quotes] == [kept]
        await read(db, "“I go on,” said Orlan.", people=(ORLAN,))
        assert await texts(db, HERE, kept, "on") == {"We go on", "I go on"}
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        assert await texts(db, HERE, merged, "on") == {"We go on"}
        assert await texts(db, HERE, kept, "on") == {"I go on"}
        assert await texts(db, HERE, merged) == {"We go on", "Guarantees must not hold"}


async def test_subscriptions_move_without_doubling(opened: Database) -> None:
    """A channel that waits for both is told once; what it ended meanwhile stays ended after an undo."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        for channel, speaker in ((HERE, kept), (HERE, merged), (ELSEWHERE, merged), ("web:1", merged)):
            await Subscriptions().add(db, channel, "Orl", speaker_id=speaker, by=BY, at=NOON)
        await Subscriptions().add(db, HERE, "Orl", speaker_id=merged, about="nato", by=BY, at=NOON)
        wish = (await Subscriptions().of(db, HERE))[1]
        ids = (await db.execute(select(quotes.c.quote_id).order_by(quotes.c.quote_id))).scalars().all()
        await Alerts().add(db, [NewAlert(wish.subscription_id, one, NOON) for one in ids], now=NOON)
        await Alerts().add(db, [NewAlert(wish.subscription_id - 1, ids[0], NOON)], now=NOON)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        mine = await Subscriptions().of(db, HERE)
        assert [(one.speaker_id, one.name, one.about) for one in mine] == [
            (kept, "Orl", ""),
            (kept, "Viktor Orlan", "nato"),
        ]
        waiting = await db.execute(select(alerts.c.subscription_id, alerts.c.quote_id).order_by(alerts.c.quote_id))
        assert [tuple(row) for row in waiting] == [(mine[0].subscription_id, one) for one in ids]
        met = await Subscriptions().met(db, await read(db, "“On we go,” said Orland.", people=(ORLAND,)))
        assert [one.subscription.channel for one in met] == [HERE, ELSEWHERE, "web:1"]
        # Buttons under old messages still mean the merged one.
        again, is_new = await Subscriptions().add(db, ELSEWHERE, "Orl", speaker_id=merged, by=BY, at=NOON)
        assert not is_new
        await Subscriptions().remove(db, ELSEWHERE, again.subscription_id)
        await Subscriptions().remove(db, HERE, mine[0].subscription_id)
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        assert [one.about for one in await Subscriptions().of(db, HERE)] == ["nato"]
        assert await Subscriptions().of(db, ELSEWHERE) == []
        (left,) = await Subscriptions().of(db, "web:1")
        assert (left.speaker_id, left.name) == (merged, "Orl")


async def test_who_waits_for_a_name_is_told_of_the_one_it_was_merged_into(opened: Database) -> None:
    """A wish by name is met by all names of the merged two."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        await Subscriptions().add(db, HERE, "orland", speaker_id=None, by=BY, at=NOON)
        await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        assert len(await Subscriptions().met(db, await read(db, "“So,” said Orlan.", people=(ORLAN,)))) == 1


async def test_numbers_in_chats_outlive_merge_and_undo(opened: Database) -> None:
    """A quote is opened by its number whoever it is listed under, and another chat's numbers stay its own."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        private = await read(db, "“It is ours,” said Orland.", people=(ORLAND,), owner=HERE)
        ids = [one.quote.quote_id or 0 for one in await Quotes().by_speaker(db, HERE, merged)]
        given = await Channels().numbers(db, HERE, ids, at=NOON)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        for undone in (False, True):
            for quote_id, number in given.items():
                found = await Quotes().numbered(db, HERE, number)
                assert found is not None
                assert found.quote.quote_id == quote_id
                assert found.speaker == ("Victor Orland" if undone else "Viktor Orlan")
                assert await Quotes().numbered(db, ELSEWHERE, number) is None
            assert await Channels().numbers(db, ELSEWHERE, sorted(private.new_quotes), at=NOON) == {}
            if not undone:
                await Merging().undo(db, change.change_id, by=BY, at=NOON)


async def test_merges_in_a_row_are_undone_in_their_order(opened: Database) -> None:
    """What a later change stands on is not pulled away; each undo gives back exactly its own."""
    async with opened.writing() as db:
        first, second = await two(db)
        await read(db, "“Third,” said Toll.", people=(TOLL,))
        third = await number_of(db, "Ada Toll")
        one = await Merging().merge(db, first, into=second, by=BY, at=NOON)
        between = await state(db)
        other = await Merging().merge(db, second, into=third, by=BY, at=NOON)
        assert len(await texts(db, HERE, first)) == 3
        with pytest.raises(ChangeRefusedError, match=f"undo {other.change_id} first"):
            await Merging().undo(db, one.change_id, by=BY, at=NOON)
        await Merging().undo(db, other.change_id, by=BY, at=NOON)
        assert await state(db) == between
        await Merging().undo(db, one.change_id, by=BY, at=NOON)
        assert await texts(db, HERE, first) == {"Guarantees must hold"}
        with pytest.raises(ChangeRefusedError, match="undone before"):
            await Merging().undo(db, one.change_id, by=BY, at=NOON)


@pytest.mark.parametrize(
    ("merged", "into", "reason"),
    [(1, 1, "twice"), (1, 99, "no speaker of shared pages"), (99, 1, "no speaker of shared pages"), (3, 1, "shared")],
)
async def test_what_cannot_be_merged_says_what_to_do(opened: Database, merged: int, into: int, reason: str) -> None:
    """Neither is who is known from another chat's pasted page only, whatever number is guessed."""
    async with opened.writing() as db:
        await two(db)
        await read(db, "“Ours,” said Toll.", people=(TOLL,), owner=HERE)
        with pytest.raises(ChangeRefusedError, match=reason):
            await Merging().merge(db, merged, into=into, by=BY, at=NOON)


async def test_who_was_merged_is_changed_no_more_until_it_is_undone(opened: Database) -> None:
    """The error names the other one."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        with pytest.raises(ChangeRefusedError, match=f"into number {kept}"):
            await Merging().rename(db, merged, "Vic", by=BY, at=NOON)


async def test_a_renamed_speaker_is_found_by_both_names(opened: Database) -> None:
    """Later pages with either name are theirs; the undo parts them, and what was printed under the new name stays apart."""
    async with opened.writing() as db:
        await read(db, "“One,” said Tol.", people=(TOL,))
        number = await number_of(db, "Adah Tol")
        await Subscriptions().add(db, HERE, "Adah Tol", speaker_id=number, by=BY, at=NOON)
        before = await state(db)
        change = await Merging().rename(db, number, " Ada  Toll ", by=BY, at=NOON)
        assert (await Subscriptions().of(db, HERE))[0].name == "Ada Toll"
        await read(db, "“Two,” said Toll.", people=(TOLL,))
        await read(db, "“Three,” said Tol.", people=(TOL,))
        for typed in ("ada toll", "adah tol"):
            (found,) = await Speakers().candidates(db, HERE, typed)
            assert (found.speaker_id, found.name, found.quotes) == (number, "Ada Toll", 3)
        assert await texts(db, HERE, number, "two") == {"Two"}
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        assert await texts(db, HERE, number) == {"One", "Three"}
        (other,) = await Speakers().candidates(db, HERE, "ada toll")
        assert (other.speaker_id != number, other.name, other.quotes) == (True, "Ada Toll", 1)
        after = await state(db)
        assert after["subscriptions"] == before["subscriptions"]


async def test_a_wish_that_was_made_since_a_renaming_is_called_by_the_name_before(opened: Database) -> None:
    """The name that was taken back stands in no list any more."""
    async with opened.writing() as db:
        _, number = await two(db)
        change = await Merging().rename(db, number, "V. Orland", by=BY, at=NOON)
        await Subscriptions().add(db, HERE, "V. Orland", speaker_id=number, by=BY, at=NOON)
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        (wish,) = await Subscriptions().of(db, HERE)
        assert (wish.speaker_id, wish.name) == (number, "Victor Orland")


async def test_a_rename_that_nothing_was_printed_under_leaves_nothing(opened: Database) -> None:
    """The undo takes the name's own row away again."""
    async with opened.writing() as db:
        _, number = await two(db)
        before = await state(db)
        change = await Merging().rename(db, number, "V. Orland", by=BY, at=NOON)
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        assert await state(db) == before
        kept = (await db.execute(select(speaker_changes.c.undone_by))).scalars().all()
        assert kept == [BY]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("viktor orlan", "number 1 already: merge"),
        ("…", "no name"),
        ("x" * 300, "no name"),
        ("Victor Orland", "already"),
    ],
)
async def test_a_name_that_cannot_be_given_says_why(opened: Database, name: str, reason: str) -> None:
    """A name that is another's would make two people one without saying so."""
    async with opened.writing() as db:
        _, number = await two(db)
        with pytest.raises(ChangeRefusedError, match=reason):
            await Merging().rename(db, number, name, by=BY, at=NOON)


async def test_a_revision_keeps_whose_a_quote_is(opened: Database) -> None:
    """A page that changes is listed under the kept speaker again, and parts with the undo."""
    async with opened.writing() as db:
        kept, merged = await two(db)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        for words in ("“So it is,” said Orland.", "“So it is,” said Orland. Later."):
            page = analysis(words, people=(ORLAND,), url="https://brenn.example/9")
            saved = await Articles().save(db, page, owner_channel=None, seen_at=NOON + MINUTE)
            assert [one.attribution and one.attribution.speaker_id for one in saved.quotes] == [kept]
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        assert "So it is" in await texts(db, HERE, merged)


async def test_words_folded_while_two_were_one_are_parted_with_them(opened: Database) -> None:
    """The same words of both are one while they are one; after the undo each is listed under its own speaker, once."""
    words = "Guarantees must hold until the very last day of winter"
    async with opened.writing() as db:
        kept, merged = await two(db)
        change = await Merging().merge(db, merged, into=kept, by=BY, at=NOON)
        await read(db, f"“{words},” said Orlan.", people=(ORLAN,))
        for ending in ("", " Again."):
            await read(db, f"“{words},” said Orland.{ending}", people=(ORLAND,))
        assert len(await Quotes().by_speaker(db, HERE, kept, about="winter", limit=50)) == 1
        await Merging().undo(db, change.change_id, by=BY, at=NOON)
        for number in (kept, merged):
            (one,) = await Quotes().by_speaker(db, HERE, number, about="winter", limit=50)
            assert one.quote.attribution is not None
            assert one.quote.attribution.speaker_id == number
        # What comes later folds with its own.
        await read(db, f"“{words},” said Orland. Once more.", people=(ORLAND,))
        assert len(await Quotes().by_speaker(db, HERE, merged, about="winter", limit=50)) == 1

"""Sources are read when they are due, by one at a time, and remember what they gave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from store.articles import Articles
from store.seen import SeenEntries
from store.source_values import Outlet
from store.sources import Sources
from tests.store.samples import HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database

CLAIM = 5 * MINUTE
FEED = "https://brenn.example/feed"


async def test_a_due_source_is_claimed_by_one_and_a_lost_claim_lapses(opened: Database) -> None:
    """A lost process loses nothing; what is not due, claimed or paused is left alone."""
    sources = Sources()
    async with opened.writing() as db:
        first, new = await sources.add(db, FEED, by="telegram:42", interval=15 * MINUTE, at=NOON)
        again, known = await sources.add(db, FEED, interval=MINUTE, at=NOON + MINUTE)
        second, _ = await sources.add(db, FEED + "/2", interval=15 * MINUTE, at=NOON + MINUTE)
        assert (new, known, again) == (True, False, first)
        assert [one.source_id for one in await sources.claim(db, now=NOON, lasts=CLAIM, limit=9)] == [first.source_id]
        assert await sources.claim(db, now=NOON, lasts=CLAIM, limit=9) == []
        late = NOON + CLAIM
        assert await sources.claim(db, now=late, lasts=CLAIM, limit=1) != []
        assert await sources.pause(db, second.source_id, "gone")
        assert not await sources.pause(db, second.source_id, "gone")
        assert await sources.claim(db, now=late, lasts=CLAIM, limit=9) == []
        assert await sources.resume(db, HERE, second.source_id, now=late)
        assert [one.url for one in await sources.claim(db, now=late, lasts=CLAIM, limit=9)] == [FEED + "/2"]


async def test_a_good_answer_clears_the_failures(opened: Database) -> None:
    """What a check tells is kept; a title that is known stays, what was not told stays."""
    sources = Sources()
    async with opened.writing() as db:
        source, _ = await sources.add(db, FEED, interval=15 * MINUTE, at=NOON)
        number = source.source_id
        await sources.failed(db, number, now=NOON + MINUTE, due_at=NOON, error="no answer in time")
        failed = await sources.failed(db, number, now=NOON + 2 * MINUTE, due_at=NOON, error="HTTP 503")
        assert failed is not None
        assert (failed.failures, failed.failing_since, failed.last_error) == (2, NOON + MINUTE, "HTTP 503")
        assert await sources.failed(db, 99, now=NOON, due_at=NOON, error="x") is None
        for minutes, title, newest in ((3, "Brenn", NOON), (4, "Other", None)):
            now = NOON + minutes * MINUTE
            await sources.answered(
                db,
                number,
                now=now,
                interval=timedelta(minutes=5),
                due_at=now + 5 * MINUTE,
                etag='"a"',
                last_modified=None,
                title=title,
                newest_entry_at=newest,
            )
        well = await sources.get(db, HERE, number)
        assert well is not None
        assert (well.failures, well.failing_since, well.last_error, well.etag) == (0, None, None, '"a"')
        assert (well.title, well.newest_entry_at, well.interval) == ("Brenn", NOON, timedelta(minutes=5))
        assert (well.checked_at, well.answered_at) == (NOON + 4 * MINUTE, NOON + 4 * MINUTE)


async def test_entries_are_read_once(opened: Database) -> None:
    """Known entries are left out, in whatever order they come; removing a source keeps its articles."""
    sources = Sources()
    async with opened.writing() as db:
        source, _ = await sources.add(db, FEED, interval=15 * MINUTE, at=NOON)
        number = source.source_id
        saved = await Articles().save(
            db, analysis("Brenn is calm."), owner_channel=None, source_id=number, seen_at=NOON
        )
        await sources.mark_seen(db, number, ["a", "b", "a"], article_id=saved.article_id, at=NOON)
        await sources.mark_seen(db, number, ["b"], article_id=None, at=NOON)
        await sources.mark_seen(db, number, [], article_id=None, at=NOON)
        known = await SeenEntries().known(db, number, ["c", "b", "d", "c"])
        assert {mark: one.seen_at for mark, one in known.items()} == {"b": NOON}
        assert await sources.articles(db, HERE, since=NOON - MINUTE) == {number: 1}
        assert await sources.articles(db, HERE, since=NOON) == {number: 0}
        assert await sources.remove(db, HERE, number)
        assert await Articles().get(db, HERE, saved.article_id) is not None
        assert await sources.all(db, HERE) == []


async def test_only_what_people_may_change_is_changed(opened: Database) -> None:
    """Its title, whether pages are fetched, and where it moved to."""
    sources = Sources()
    async with opened.writing() as db:
        source, _ = await sources.add(db, FEED, interval=15 * MINUTE, at=NOON)
        assert await sources.change(db, HERE, source.source_id, {"full_text": "never", "url": FEED + "/new"})
        with pytest.raises(ValueError, match="owner_channel"):
            await sources.change(db, HERE, source.source_id, {"owner_channel": HERE})
        changed = await sources.get(db, HERE, source.source_id)
        assert changed is not None
        assert (changed.full_text, changed.url) == ("never", FEED + "/new")


async def test_a_claim_lasts_while_it_is_held(opened: Database) -> None:
    """Whoever reads for long says so; who lost the claim, or the source, is told to stop."""
    sources = Sources()
    async with opened.writing() as db:
        source, _ = await sources.add(db, FEED, interval=15 * MINUTE, at=NOON)
        number = source.source_id
        (mine,) = await sources.claim(db, now=NOON, lasts=CLAIM, limit=9)
        assert mine.claimed_until == NOON + CLAIM
        later = NOON + 2 * CLAIM
        assert await sources.hold(db, number, held=mine.claimed_until, until=later)
        assert await sources.claim(db, now=NOON + CLAIM, lasts=CLAIM, limit=9) == []
        assert await sources.claim(db, now=later, lasts=CLAIM, limit=9) != []
        assert not await sources.hold(db, number, held=later, until=later + CLAIM)  # another's by now
        await sources.resume(db, HERE, number, now=later)
        assert not await sources.hold(db, number, held=later + CLAIM, until=later + 2 * CLAIM)
        assert not await sources.hold(db, 99, held=later, until=later)


async def test_a_source_that_moved_takes_its_entries_along(opened: Database) -> None:
    """How often it was sent on is kept; then it has the new address, and knows what it read."""
    sources = Sources()
    async with opened.writing() as db:
        source, _ = await sources.add(db, FEED, interval=15 * MINUTE, at=NOON)
        number = source.source_id
        await sources.mark_seen(db, number, ["a"], article_id=None, at=NOON)
        await sources.answered(
            db,
            number,
            now=NOON,
            interval=15 * MINUTE,
            due_at=NOON,
            etag=None,
            last_modified=None,
            moves=2,
            moved_to=FEED + "/new",
        )
        told = await sources.get(db, HERE, number)
        assert told is not None
        assert (told.moves, told.moved_to) == (2, FEED + "/new")
        assert await sources.move(db, number, FEED + "/new") == number
        moved = await sources.get(db, HERE, number)
        assert moved is not None
        assert (moved.url, moved.moves, moved.moved_to) == (FEED + "/new", 0, None)
        assert list(await SeenEntries().known(db, number, ["a", "b"])) == ["a"]
        assert await sources.move(db, 99, FEED) is None


async def test_a_source_that_moved_to_another_becomes_that_one(opened: Database) -> None:
    """What either read is not read again; it is read even if it was paused; another chat's source is another's."""
    sources = Sources()
    async with opened.writing() as db:
        whose = Outlet(country="BR", owner="Ana & Co")
        old, _ = await sources.add(db, FEED, title="Brenn", interval=15 * MINUTE, at=NOON, tags=["World"], outlet=whose)
        new, _ = await sources.add(db, FEED + "/new", interval=15 * MINUTE, at=NOON, tags=["Asia"])
        private, _ = await sources.add(db, FEED + "/new", owner_channel=HERE, interval=15 * MINUTE, at=NOON)
        await sources.mark_seen(db, old.source_id, ["a", "b"], article_id=None, at=NOON)
        await sources.mark_seen(db, new.source_id, ["b", "c"], article_id=None, at=NOON)
        saved = await Articles().save(
            db, analysis("Brenn is calm."), owner_channel=None, source_id=old.source_id, seen_at=NOON
        )
        await sources.pause(db, new.source_id, "It failed 12 times")
        assert await sources.move(db, old.source_id, FEED + "/new") == new.source_id
        assert [one.source_id for one in await sources.all(db, HERE)] == [new.source_id, private.source_id]
        kept = await sources.get(db, HERE, new.source_id)
        assert kept is not None
        assert (kept.title, kept.paused_reason) == ("Brenn", None)
        assert (kept.tags, kept.outlet) == (("Asia", "World"), whose)
        assert sorted(await SeenEntries().known(db, new.source_id, ["a", "b", "c", "d"])) == ["a", "b", "c"]
        assert await sources.articles(db, HERE, since=NOON - MINUTE) == {new.source_id: 1, private.source_id: 0}
        assert await Articles().get(db, HERE, saved.article_id) is not None


async def test_whose_a_source_is_is_kept_and_what_was_not_known_learnt(opened: Database) -> None:
    """What is known already stays; what a list does not say takes nothing away."""
    sources = Sources()
    async with opened.writing() as db:
        first, _ = await sources.add(db, FEED, interval=MINUTE, at=NOON, outlet=Outlet(country="GB"))
        assert first.outlet == Outlet(None, "GB", None)
        await sources.learn(db, first.source_id, Outlet("https://brenn.example/", "FR", "Ana & Co"))
        await sources.learn(db, first.source_id, Outlet())
        known = await sources.get(db, HERE, first.source_id)
        assert known is not None
        assert known.outlet == Outlet("https://brenn.example/", "GB", "Ana & Co")


async def test_once_somebody_waits_for_an_alert_no_source_waits_a_day(opened: Database) -> None:
    """Sources that answer come nearer; those that fail keep the distance they were told."""
    sources, day, hour = Sources(), timedelta(days=1), timedelta(hours=1)
    async with opened.writing() as db:
        quiet, failing, lively, new = [
            (await sources.add(db, f"{FEED}/{at}", interval=MINUTE, at=NOON))[0].source_id for at in range(4)
        ]
        for number, wait in ((quiet, day), (lively, MINUTE)):
            await sources.answered(
                db, number, now=NOON, interval=wait, due_at=NOON + wait, etag=None, last_modified=None
            )
        await sources.failed(db, failing, now=NOON, due_at=NOON + day, error="HTTP 429")
        assert await sources.hurry(db, longest=hour) == 1
        due = {one.source_id: one.due_at - NOON for one in await sources.all(db, HERE)}
    assert due == {quiet: hour, failing: day, lively: MINUTE, new: timedelta()}


async def test_sources_are_looked_at_when_somebody_asks(opened: Database) -> None:
    """Named ones become due, else those that are; paused ones never; a claim can be kept to those named."""
    sources = Sources()
    async with opened.writing() as db:
        due, later, paused = [
            (await sources.add(db, f"{FEED}/{at}", interval=MINUTE, at=NOON))[0].source_id for at in range(3)
        ]
        await sources.answered(
            db, later, now=NOON, interval=MINUTE, due_at=NOON + MINUTE, etag=None, last_modified=None
        )
        await sources.pause(db, paused, "gone")
        assert [one.source_id for one in await sources.look_now(db, None, now=NOON)] == [due]
        assert {one.source_id for one in await sources.look_now(db, [due, later, paused], now=NOON)} == {due, later}
        assert await sources.claim(db, now=NOON, lasts=CLAIM, limit=9, only=[]) == []
        assert [one.source_id for one in await sources.claim(db, now=NOON, lasts=CLAIM, limit=9, only=[later])] == [
            later
        ]
        assert await sources.exists(db, paused)
        assert not await sources.exists(db, 99)


async def test_tags_and_what_was_not_read_are_kept(opened: Database) -> None:
    """A look without news leaves the note of the last news; one whose news were all read takes it away."""
    sources = Sources()
    async with opened.writing() as db:
        source, _ = await sources.add(db, FEED, interval=MINUTE, at=NOON, full_text="always", tags=["World", "Asia"])
        assert (source.full_text, source.tags, source.note) == ("always", ("World", "Asia"), None)
        for news, note, expected in (
            (True, "behind a paywall", "behind a paywall"),
            (False, None, "behind a paywall"),
            (True, None, None),
        ):
            await sources.answered(
                db,
                source.source_id,
                now=NOON,
                interval=MINUTE,
                due_at=NOON,
                etag=None,
                last_modified=None,
                news=news,
                note=note,
            )
            known = await sources.get(db, HERE, source.source_id)
            assert known is not None
            assert known.note == expected

"""What a chat pasted is seen in that chat alone: every query, tried with another chat's rows present."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

import store
from store.articles import Articles
from store.channels import Channels
from store.exporting import Exporting
from store.feedback import Fault, Feedback
from store.folding import SameWords
from store.forgetting import Forgetting
from store.quotes import Quotes
from store.scope import chat_of
from store.sources import Sources
from store.speakers import Speakers
from store.subscriptions import Subscriptions
from store.tables import articles, speaker_names, speakers
from store.values import Outcome
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, Person, analysis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.database import Database
    from store.values import SavedArticle
    from summaries.values import Analysis

SECRET = Person("Ida Quist")
PRIVATE = ("“The secret bridge must fall,” said Quist.", "“We wait for the secret,” said Orlan.", "Quist noted it.")
SHARED = ("“Guarantees must hold,” said Orlan.",)
URL = "https://brenn.example/private"


async def save(opened: Database, page: Analysis, owner: str | None) -> SavedArticle:
    """Save a page in a transaction of its own."""
    async with opened.writing() as db:
        return await Articles().save(db, page, owner_channel=owner, seen_at=NOON)


@pytest.fixture
async def private(opened: Database) -> SavedArticle:
    """Return what HERE pasted; a shared page of the same day is stored beside it."""
    await save(opened, analysis(*SHARED, url="https://brenn.example/shared"), None)
    people = (SECRET, Person("Viktor Orlan"))
    return await save(opened, analysis(*PRIVATE, url=URL, title="Secret talks", people=people), HERE)


@pytest.mark.parametrize(
    ("channel", "chat"),
    [
        ("telegram:-100", "telegram:-100"),
        ("telegram:-100/7", "telegram:-100"),
        ("slack:T1/C1", "slack:T1/C1"),
        ("slack:T1/C1/17.5", "slack:T1/C1"),
        ("terminal:local", "terminal:local"),
    ],
)
def test_a_chat_is_a_channel_without_its_topic_or_thread(channel: str, chat: str) -> None:
    """Slack's team and channel are both part of the chat."""
    assert chat_of(channel) == chat


async def listed(found: AsyncIterator[object]) -> list[object]:
    """Return everything that is yielded."""
    return [one async for one in found]


QUERIES: dict[str, tuple[Callable[[AsyncConnection, str, SavedArticle], Awaitable[object]], ...]] = {
    "Articles.get": (lambda db, who, page: Articles().get(db, who, page.article_id),),
    "Articles.at": (lambda db, who, _: Articles().at(db, who, URL),),
    "Articles.cards": (lambda db, who, page: Articles().cards(db, who, [page.article_id]),),
    "Articles.latest": (lambda db, who, _: Articles().latest(db, who),),
    "Articles.about": (lambda db, who, _: Articles().about(db, who, "secret"),),
    "Articles.count": (lambda db, who, _: Articles().count(db, who),),
    "Exporting.count": (lambda db, who, _: Exporting().count(db, who),),
    "Exporting.articles": (lambda db, who, _: listed(Exporting().articles(db, who)),),
    "Exporting.quotes": (lambda db, who, _: listed(Exporting().quotes(db, who)),),
    "SameWords.sightings": (lambda db, who, page: SameWords().sightings(db, who, all_quotes(page)),),
    "Quotes.by_speaker": (
        lambda db, who, page: Quotes().by_speaker(db, who, speaker_of(page, 0)),
        lambda db, who, page: Quotes().by_speaker(db, who, speaker_of(page, 1)),
        lambda db, who, page: Quotes().by_speaker(db, who, speaker_of(page, 1), about="secret"),
        lambda db, who, page: Quotes().by_speaker(db, who, speaker_of(page, 1), outlet="brenn", until=NOON + MINUTE),
    ),
    "Quotes.about": (
        lambda db, who, _: Quotes().about(db, who, "secret"),
        lambda db, who, _: Quotes().about(db, who, "secret", outlet="brenn", since=NOON - MINUTE),
    ),
    "Quotes.since": (lambda db, who, _: Quotes().since(db, who, NOON - MINUTE, bar=0.5),),
    "Quotes.of_articles": (lambda db, who, page: Quotes().of_articles(db, who, [page.article_id]),),
    "Quotes.get": (lambda db, who, page: Quotes().get(db, who, sorted(page.new_quotes)),),
    "Quotes.numbered": (lambda db, who, _: Quotes().numbered(db, who, 1),),
    "Quotes.count": (lambda db, who, page: Quotes().count(db, who, speaker_of(page, 1)),),
    "Quotes.totals": (lambda db, who, _: Quotes().totals(db, who),),
    "Quotes.namings": (lambda db, who, page: Quotes().namings(db, who, speaker_of(page, 0)),),
    "Speakers.candidates": (
        lambda db, who, _: Speakers().candidates(db, who, "quist"),
        lambda db, who, _: Speakers().candidates(db, who, "quisst"),
        lambda db, who, _: Speakers().candidates(db, who, "ida"),
        lambda db, who, _: Speakers().candidates(db, who, "orlan"),
    ),
    "Speakers.by_number": (
        lambda db, who, page: Speakers().by_number(db, who, speaker_of(page, 0)),
        lambda db, who, page: Speakers().by_number(db, who, speaker_of(page, 1)),
    ),
    "Speakers.most_named": (lambda db, who, _: Speakers().most_named(db, who),),
    "Speakers.forms_of": (lambda db, who, page: Speakers().forms_of(db, who, speaker_of(page, 0)),),
    "Speakers.name_of": (lambda db, who, page: Speakers().name_of(db, who, speaker_of(page, 0)),),
    "Speakers.quoted_most": (lambda db, who, _: Speakers().quoted_most(db, who, since=NOON - MINUTE),),
    "Sources.all": (lambda db, who, _: Sources().all(db, who),),
    "Sources.get": (lambda db, who, _: Sources().get(db, who, 1),),
    "Sources.articles": (lambda db, who, _: Sources().articles(db, who, since=NOON - MINUTE),),
    "Feedback.said": (lambda db, who, page: Feedback().said(db, who, min(page.new_quotes)),),
}
"""Every query that somebody asks, by class and method, with the ways it is tried: a new one has to be put here."""

OWN = frozenset(
    [
        "Articles.delete",
        "Channels.add",
        "Channels.change",
        "Channels.get",
        "Channels.numbers",
        "Channels.pause",
        "Channels.resume",
        "Channels.zone_of",
        "Feedback.say",
        "Feedback.unsay",
        "HandedIn.give_address",
        "HandedIn.keep_complaints",
        "HandedIn.keep_numbers",
        "Outbox.hold_lane",
        "People.ask",
        "People.reach",
        "Schedules.add",
        "Schedules.all",
        "Schedules.move_zone",
        "Schedules.remove",
        "Sources.change",
        "Sources.remove",
        "Sources.resume",
        "Subscriptions.add",
        "Subscriptions.get",
        "Subscriptions.mute",
        "Subscriptions.of",
        "Subscriptions.remove",
        "Subscriptions.set_mode",
        "wishes.hand_over",
    ]
)
"""What is told a channel and works on rows that bear its name, or on nothing that is not visible; tested below or at home."""

ASKED_BY_NOBODY = frozenset(
    {
        "Articles.drop_texts",
        "Articles.save",
        "Feedback.decide",
        "Feedback.open",
        "Lines.addresses",
        "Lines.come_back",
        "Lines.reached_at",
        "Quotes.take_name",
        "Quotes.withdraw",
        "SameWords.fold",
        "SameWords.known",
        "SameWords.part",
        "SeenEntries.known",
        "SeenEntries.read",
        "Sources.add",
        "Sources.answered",
        "Sources.claim",
        "Sources.exists",
        "Sources.failed",
        "Sources.hold",
        "Sources.hurry",
        "Sources.learn",
        "Sources.look_now",
        "Sources.mark_seen",
        "Sources.move",
        "Sources.next_due",
        "Sources.pause",
        "Sources.release",
        "Sources.tag",
        "Speakers.open",
    }
)
"""What the program does with rows that can be private, for no chat that asks: reading, keeping, deciding, upkeep."""


def public_methods() -> dict[str, set[str]]:
    """Return the parameters of everything asynchronous that the store offers, by class (or module) and name."""
    found = {}
    for info in pkgutil.iter_modules(store.__path__):
        if info.ispkg:
            continue
        module = importlib.import_module(f"store.{info.name}")
        mine = [(name, one) for name, one in vars(module).items() if getattr(one, "__module__", "") == module.__name__]
        places = [(info.name, dict(mine)), *((name, vars(one)) for name, one in mine if inspect.isclass(one))]
        for place, members in places:
            for name, method in members.items():
                if not name.startswith("_") and (
                    inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method)
                ):
                    found[f"{place}.{name}"] = set(inspect.signature(method).parameters)
    return found


def test_every_query_is_tried() -> None:
    """Whoever adds one says here whose rows it gives: nobody else would notice a condition that is missing."""
    methods = public_methods()
    told = {name for name, parameters in methods.items() if "channel" in parameters}
    assert told - set(QUERIES) - OWN == set(), "is told who asks: add a case to QUERIES"
    asked = {name.partition(".")[0] for name in QUERIES}
    untold = {name for name in set(methods) - told if name.partition(".")[0] in asked}
    assert untold - ASKED_BY_NOBODY == set(), "is not told who asks, among queries that are: say that nobody does"
    assert set(QUERIES) <= told


def all_quotes(page: SavedArticle) -> list[int]:
    """Return the ids of a page's quotes and of those before them."""
    return list(range(1, max(page.new_quotes) + 1))


def speaker_of(page: SavedArticle, index: int) -> int:
    """Return the speaker of a page's quote."""
    attribution = page.quotes[index].attribution
    assert attribution is not None
    assert attribution.speaker_id is not None
    return attribution.speaker_id


async def test_what_is_private_answers_its_own_chat_alone(opened: Database) -> None:
    """Every query, with another chat's rows present, answers what it answers without them; in its chat it answers more."""
    words = "“Guarantees must hold until the very last day of winter,” said Orlan."
    await save(opened, analysis(words, url="https://brenn.example/shared"), None)
    people = (SECRET, Person("Viktor Orlan"))
    both = analysis(*PRIVATE, words, url=URL, title="Secret talks", people=people)
    async with opened.writing() as db:
        source, _ = await Sources().add(db, URL, owner_channel=HERE, interval=5 * MINUTE, at=NOON)
        page = await Articles().save(db, both, owner_channel=HERE, source_id=source.source_id, seen_at=NOON)
        again = analysis(words, "So he said.", url=f"{URL}/2", title="Again", people=people)
        other = await Articles().save(db, again, owner_channel=HERE, source_id=source.source_id, seen_at=NOON)
        await Channels().numbers(db, HERE, sorted(page.new_quotes), at=NOON)
        await Feedback().say(db, HERE, min(page.new_quotes), Fault.CUT_WRONG, person="p", at=NOON)
    present = await answers(opened, page)
    async with opened.writing() as db:
        await Forgetting().articles(db, [page.article_id, other.article_id])
        await Sources().remove(db, HERE, source.source_id)
    gone = await answers(opened, page)
    for (name, who), answer in present.items():
        if chat_of(who) == HERE:
            assert answer != gone[name, who], f"{name}: the case shows nothing of what is private"
        else:
            assert answer == gone[name, who], f"{name}: shows {who} what is private to {HERE}"


async def answers(opened: Database, page: SavedArticle) -> dict[tuple[str, str], object]:
    """Return what every query answers, here and elsewhere, also from a topic and a chat whose address begins alike."""
    async with opened.reading() as db:
        return {
            (f"{name} {number}", who): await query(db, who, page)
            for who in (HERE, f"{HERE}/7", ELSEWHERE, "telegram:-1001", "telegram:-10")
            for name, queries in QUERIES.items()
            for number, query in enumerate(queries, 1)
        }


async def test_lists_and_counts_leave_other_chats_out(opened: Database, private: SavedArticle) -> None:
    """What everybody sees comes without the private rows, and counts as if they were not there."""
    orlan = speaker_of(private, 1)
    async with opened.reading() as db:
        for who, pages, quoted in ((HERE, 2, (2, 2)), (ELSEWHERE, 1, (1, 1))):
            assert len(await Articles().latest(db, who)) == pages
            assert await Articles().count(db, who) == pages
            assert len(await Quotes().by_speaker(db, who, orlan)) == quoted[0]
            assert await Quotes().count(db, who, orlan) == quoted
            (candidate,) = await Speakers().candidates(db, who, "orlan")
            assert (candidate.quotes, candidate.articles, candidate.named) == (*quoted, quoted[1])
        here = await Speakers().quoted_most(db, HERE)
        elsewhere = await Speakers().quoted_most(db, ELSEWHERE, since=NOON - MINUTE)
        assert [(count.name, count.quotes) for count in here] == [("Viktor Orlan", 2), ("Ida Quist", 1)]
        assert [(count.name, count.quotes) for count in elsewhere] == [("Viktor Orlan", 1)]
        assert len(await Quotes().since(db, HERE, NOON - MINUTE, bar=0.5)) == 3
        assert len(await Quotes().since(db, ELSEWHERE, NOON - MINUTE, bar=0.5)) == 1


async def test_numbers_open_nothing_of_another_chat(opened: Database, private: SavedArticle) -> None:
    """A chat gets no number for what it may not see, and its numbers are its own."""
    ids = sorted(private.new_quotes)
    async with opened.writing() as db:
        numbers = await Channels().numbers(db, f"{HERE}/7", ids, at=NOON)
        assert numbers == {ids[0]: 1, ids[1]: 2}
        assert await Channels().numbers(db, HERE, ids[::-1], at=NOON) == numbers
        assert await Channels().numbers(db, ELSEWHERE, ids, at=NOON) == {}
        shared = [found.quote.quote_id for found in await Quotes().since(db, ELSEWHERE, NOON - MINUTE, bar=0)]
        assert await Channels().numbers(db, ELSEWHERE, [one for one in shared if one], at=NOON) == {shared[0]: 1}
        mine = await Quotes().numbered(db, HERE, 1)
        other = await Quotes().numbered(db, ELSEWHERE, 1)
        assert await Quotes().numbered(db, ELSEWHERE, 2) is None
    assert mine is not None
    assert other is not None
    assert (mine.quote.quote_id, other.quote.quote_id) == (ids[0], shared[0])


async def test_nobody_complains_about_what_they_cannot_see(opened: Database, private: SavedArticle) -> None:
    """An id that was guessed is no quote."""
    quote_id = min(private.new_quotes)
    async with opened.writing() as db:
        said = [
            await Feedback().say(db, who, quote_id, Fault.NOT_A_QUOTE, person="p", at=NOON) for who in (ELSEWHERE, HERE)
        ]
    assert said == [False, True]


async def test_a_private_page_alerts_its_own_chat_alone(opened: Database, private: SavedArticle) -> None:
    """Others who wait for the same speaker hear nothing, whether they know the speaker or typed a name."""
    orlan = speaker_of(private, 1)
    async with opened.writing() as db:
        for who in (HERE, ELSEWHERE):
            await Subscriptions().add(db, who, "Viktor Orlan", speaker_id=orlan, by=None, at=NOON)
            await Subscriptions().add(db, who, "quist", speaker_id=None, by=None, at=NOON)
        met = await Subscriptions().met(db, private)
    assert [(one.subscription.channel, one.subscription.name) for one in met] == [
        (HERE, "Viktor Orlan"),
        (HERE, "quist"),
    ]


async def test_nothing_folds_across_owners(opened: Database) -> None:
    """The same page pasted in two chats and read from a feed is three articles."""
    page = analysis(*PRIVATE, url=URL)
    saved = [await save(opened, page, owner) for owner in (HERE, ELSEWHERE, None, f"{HERE}/7")]
    assert [one.outcome for one in saved] == [Outcome.NEW, Outcome.NEW, Outcome.NEW, Outcome.KNOWN]
    async with opened.reading() as db:
        own = await Articles().at(db, HERE, URL)
        assert own is not None
        assert own.card.owner_channel == HERE
        assert len((await db.execute(select(articles.c.article_id))).all()) == 3


@pytest.mark.parametrize("private_first", [True, False])
async def test_a_private_speaker_is_the_shared_one_whoever_came_first(
    opened: Database,
    private_first: bool,  # noqa: FBT001 - a table's only column
) -> None:
    """The chat that pasted finds all quotes under one name; others find no trace of the page."""
    people = (SECRET,)
    mine = analysis("“The secret bridge must fall,” said Quist.", people=people)
    ours = analysis("“Guarantees must hold,” said Quist.", people=people, title="Shared talks")
    for page, owner in sorted(((mine, HERE), (ours, None)), key=lambda one: (one[1] is None) == private_first):
        await save(opened, page, owner)
    async with opened.reading() as db:
        (here,) = await Speakers().candidates(db, HERE, "quist")
        (elsewhere,) = await Speakers().candidates(db, ELSEWHERE, "quist")
        about = await Quotes().by_speaker(db, HERE, here.speaker_id, about="bridge")
        owners = (await db.execute(select(speakers.c.owner_channel))).scalars().all()
        forms = (await db.execute(select(speaker_names.c.owner_channel).distinct())).scalars().all()
    assert here.speaker_id == elsewhere.speaker_id
    assert (here.quotes, elsewhere.quotes, len(about)) == (2, 1, 1)
    assert owners == [None]
    assert set(forms) == {None, HERE}


async def test_a_private_source_is_its_chats(opened: Database) -> None:
    """Its address and title are nobody else's to see, change or remove."""
    async with opened.writing() as db:
        mine, _ = await Sources().add(db, URL, owner_channel=HERE, interval=5 * MINUTE, at=NOON)
        ours, new = await Sources().add(db, URL, interval=5 * MINUTE, at=NOON)
        assert new
        assert await Sources().all(db, HERE) == [mine, ours]
        assert await Sources().all(db, ELSEWHERE) == [ours]
        assert await Sources().get(db, ELSEWHERE, mine.source_id) is None
        assert not await Sources().change(db, ELSEWHERE, mine.source_id, {"title": "mine"})
        assert not await Sources().resume(db, ELSEWHERE, mine.source_id, now=NOON)
        assert not await Sources().remove(db, ELSEWHERE, mine.source_id)
        assert await Sources().articles(db, ELSEWHERE, since=NOON) == {ours.source_id: 0}

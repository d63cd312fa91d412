"""What a chat pasted is seen in that chat alone: every query, tried with another chat's rows present."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from store.articles import Articles
from store.channels import Channels
from store.feedback import Fault, Feedback
from store.quotes import Quotes
from store.scope import chat_of
from store.sources import Sources
from store.speakers import Speakers
from store.subscriptions import Subscriptions
from store.tables import articles, speaker_names, speakers
from store.values import Outcome
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, Person, analysis

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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


QUERIES: dict[str, Callable[[AsyncConnection, str, SavedArticle], Awaitable[object]]] = {
    "article by id": lambda db, who, page: Articles().get(db, who, page.article_id),
    "article by address": lambda db, who, _: Articles().at(db, who, URL),
    "articles about words": lambda db, who, _: Articles().about(db, who, "secret"),
    "quotes of articles": lambda db, who, page: Quotes().of_articles(db, who, [page.article_id]),
    "quotes by id": lambda db, who, page: Quotes().get(db, who, sorted(page.new_quotes)),
    "quotes by speaker": lambda db, who, page: Quotes().by_speaker(db, who, speaker_of(page, 0)),
    "quotes by speaker about words": lambda db, who, page: Quotes().by_speaker(
        db, who, speaker_of(page, 1), about="secret"
    ),
    "quotes about words": lambda db, who, _: Quotes().about(db, who, "secret"),
    "namings": lambda db, who, page: Quotes().namings(db, who, speaker_of(page, 0)),
    "speakers by name": lambda db, who, _: Speakers().candidates(db, who, "quist"),
    "speakers by a near name": lambda db, who, _: Speakers().candidates(db, who, "quisst"),
    "speakers by a part": lambda db, who, _: Speakers().candidates(db, who, "ida"),
    "a speaker's name": lambda db, who, page: Speakers().name_of(db, who, speaker_of(page, 0)),
}


def speaker_of(page: SavedArticle, index: int) -> int:
    """Return the speaker of a page's quote."""
    attribution = page.quotes[index].attribution
    assert attribution is not None
    assert attribution.speaker_id is not None
    return attribution.speaker_id


async def test_what_is_private_answers_its_own_chat_alone(opened: Database, private: SavedArticle) -> None:
    """In every query: something here, also from a topic; nothing elsewhere."""
    async with opened.reading() as db:
        for name, query in QUERIES.items():
            assert await query(db, HERE, private), name
            assert await query(db, f"{HERE}/7", private), name
            assert not await query(db, ELSEWHERE, private), name
            assert not await query(db, "telegram:-1001", private), name


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

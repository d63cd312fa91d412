"""The same words in several outlets are listed, counted and told once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from store.articles import Articles
from store.folding import SameWords
from store.forgetting import Forgetting
from store.quotes import Quotes
from store.shared_tables import quote_keys
from store.speakers import Speakers
from store.tables import quotes
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database
    from store.values import SavedArticle

WORDS = "We will rebuild both gates of the dam before the winter storms come back."
PART = "rebuild both gates of the dam"
LONGER = WORDS.replace(" before", " and the wall, which nobody has mended since it was built, before")


@dataclass
class Desk:
    """A store, and how it is asked about Orlan."""

    database: Database
    articles: Articles = field(default_factory=Articles)
    read: int = 0

    async def prints(
        self, outlet: str, *said: str, owner: str | None = None, who: str = "Orlan", page: int = 1
    ) -> SavedArticle:
        """Read an article that quotes somebody, or nobody known."""
        self.read += 1
        at = NOON + self.read * MINUTE
        lines = [f"“{words}” said {who or 'Toll'}." for words in said]
        own = f"{outlet} {page} {self.read} prints it."
        made = analysis(*lines, own, url=f"https://{outlet}.example/{page}", title=own, printed=at, read=at)
        if not who:
            made = replace(made, quotes=tuple(replace(quote, attribution=None) for quote in made.quotes))
        made = replace(made, article=replace(made.article, outlet=outlet))
        async with self.database.writing() as db:
            return await self.articles.save(db, made, owner_channel=owner, seen_at=at)

    async def listed(self, channel: str = HERE) -> list[tuple[str | None, str]]:
        """Return (outlet, words) of what is listed of Orlan."""
        async with self.database.reading() as db:
            (orlan, *_) = await Speakers().candidates(db, channel, "orlan")
            found = await Quotes().by_speaker(db, channel, orlan.speaker_id, limit=20)
            count, _ = await Quotes().count(db, channel, orlan.speaker_id)
            since = await Quotes().since(db, channel, NOON, bar=0.5)
        assert count == len(found) == orlan.quotes
        assert {one.quote.quote_id for one in found} <= {one.quote.quote_id for one in since}
        return [(one.card.outlet, one.quote.text) for one in found]

    async def outlets(self, quote_id: int | None, channel: str = HERE) -> list[str | None]:
        """Return where else the words of a quote stand."""
        assert quote_id is not None
        async with self.database.reading() as db:
            found = await SameWords().sightings(db, channel, [quote_id])
        return [one.outlet for one in found.get(quote_id, ())]

    async def keys(self) -> set[int]:
        """Return the quotes that others can be folded under."""
        async with self.database.reading() as db:
            return set((await db.execute(select(quote_keys.c.quote_id))).scalars())


@pytest.fixture
def desk(opened: Database) -> Desk:
    """Return an empty desk."""
    return Desk(opened)


async def test_the_first_seen_is_listed(desk: Desk) -> None:
    """The same words, a part of them, other marks: one in lists and counts, and the others are known beside it."""
    first = await desk.prints("post", WORDS)
    second = await desk.prints("courier", WORDS.replace("the dam", "the dam,"))
    third = await desk.prints("gazette", PART)
    assert await desk.listed() == [("post", WORDS)]
    head = first.quotes[0].quote_id
    assert (second.same_words, third.same_words) == (
        {second.quotes[0].quote_id: head},
        {third.quotes[0].quote_id: head},
    )
    assert await desk.outlets(head) == ["courier", "gazette"]
    assert await desk.outlets(third.quotes[0].quote_id) == ["post", "courier"]
    async with desk.database.reading() as db:
        about = await Quotes().about(db, HERE, "gates dam")
        own = await Quotes().of_articles(db, HERE, [second.article_id])
    assert [one.card.outlet for one in about] == ["post"]
    assert len(own) == 1  # an article shows all it prints


async def test_a_longer_quote_is_listed_for_a_shorter(desk: Desk) -> None:
    """It says what the first did not; what was folded under the first moves along."""
    first = await desk.prints("post", PART)
    second = await desk.prints("courier", PART)
    longer = await desk.prints("gazette", LONGER.replace("both gates of the dam and", "both gates of the dam, and"))
    assert second.same_words == {second.quotes[0].quote_id: first.quotes[0].quote_id}
    assert longer.same_words == {}
    assert [outlet for outlet, _ in await desk.listed()] == ["gazette"]
    assert await desk.outlets(longer.quotes[0].quote_id) == ["post", "courier"]
    assert await desk.keys() == {longer.quotes[0].quote_id}


async def test_two_names_are_never_one(desk: Desk) -> None:
    """Two people may say the same, and one of two outlets may be wrong."""
    await desk.prints("post", WORDS)
    other = await desk.prints("courier", WORDS, who="Marek")
    assert other.same_words == {}
    assert await desk.listed() == [("post", WORDS)]


async def test_a_name_is_listed_for_nobody(desk: Desk) -> None:
    """Words that nobody is quoted for are folded with who says them, whichever came first."""
    nobody = await desk.prints("gazette", WORDS, who="")
    named = await desk.prints("post", WORDS)
    later = await desk.prints("courier", WORDS, who="")
    head = named.quotes[0].quote_id
    assert named.same_words == {}
    assert later.same_words == {later.quotes[0].quote_id: head}
    assert await desk.listed() == [("post", WORDS)]
    assert await desk.outlets(head) == ["gazette", "courier"]
    assert nobody.quotes[0].attribution is None


async def test_nothing_folds_across_owners(desk: Desk) -> None:
    """What is pasted in a chat neither hides nor is hidden by what all see."""
    await desk.prints("post", WORDS, owner=ELSEWHERE)
    await desk.prints("post", WORDS)
    await desk.prints("courier", WORDS, owner=HERE)
    pasted = await desk.prints("gazette", WORDS, owner=HERE)
    assert len(pasted.same_words) == 1
    assert await desk.listed() == [("courier", WORDS), ("post", WORDS)]
    assert [outlet for outlet, _ in await desk.listed(ELSEWHERE)] == ["post", "post"]
    assert await desk.outlets(pasted.quotes[0].quote_id) == ["courier"]


async def test_what_follows_when_the_listed_one_goes(desk: Desk) -> None:
    """The outlet takes it out, or its chat deletes the page: the next one is listed, and later ones fold under it."""
    first = await desk.prints("post", WORDS)
    second = await desk.prints("courier", WORDS)
    await desk.prints("gazette", WORDS)
    await desk.prints("post", "Something else altogether, and not about water.")
    assert [outlet for outlet, _ in await desk.listed()] == ["post", "courier"]
    assert await desk.outlets(second.quotes[0].quote_id) == ["gazette"]
    fourth = await desk.prints("herald", WORDS)
    assert fourth.same_words == {fourth.quotes[0].quote_id: second.quotes[0].quote_id}
    back = await desk.prints("post", WORDS)
    assert back.quotes[0].quote_id == first.quotes[0].quote_id
    assert [outlet for outlet, _ in await desk.listed()] == ["courier"]


async def test_what_stood_under_one_stands_by_itself(desk: Desk) -> None:
    """Two parts of what is gone are not the same words, and nobody's words hide somebody's."""
    halves = "rebuild both gates of the dam", "the harbour of Lenn stays open all winter"
    both = await desk.prints("post", f"We will {halves[0]}, and {halves[1]}.")
    for outlet, words in (("courier", halves[0]), ("gazette", halves[1]), ("herald", halves[1])):
        await desk.prints(outlet, words)
    await desk.prints("wire", LONGER, who="")
    named = await desk.prints("tribune", LONGER)
    await desk.prints("mirror", LONGER)
    assert [outlet for outlet, _ in await desk.listed()] == ["tribune", "post"]
    async with desk.database.writing() as db:
        await Forgetting().articles(db, [both.article_id, named.article_id])
    assert [outlet for outlet, _ in await desk.listed()] == ["mirror", "gazette", "courier"]
    async with desk.database.reading() as db:
        folded = await db.execute(select(quotes.c.same_as).where(quotes.c.same_as.is_not(None)))
        assert len(folded.all()) == 2  # the herald's words, and nobody's


async def test_a_deleted_page_leaves_its_copies(desk: Desk) -> None:
    """Of two pages pasted in a chat, one is deleted; the words are listed still."""
    first = await desk.prints("post", WORDS, owner=HERE)
    await desk.prints("courier", WORDS, owner=HERE)
    async with desk.database.writing() as db:
        assert await Articles().delete(db, HERE, first.article_id)
    assert await desk.listed() == [("courier", WORDS)]


async def test_a_revision_keeps_folds_that_still_hold(desk: Desk) -> None:
    """Another quote was added: the old one is folded as it was. Its speaker changed: it is not."""
    first = await desk.prints("post", WORDS)
    second = await desk.prints("courier", WORDS)
    revised = await desk.prints("courier", WORDS, "Something else altogether, and not about water.")
    assert revised.quotes[0].quote_id == second.quotes[0].quote_id
    assert await desk.outlets(first.quotes[0].quote_id) == ["courier"]
    await desk.prints("courier", WORDS, who="Marek")
    assert await desk.outlets(first.quotes[0].quote_id) == []
    assert await desk.listed() == [("post", WORDS)]


async def test_a_fragment_is_found_by_its_own_sentence(desk: Desk) -> None:
    """Though it is folded: its printed sentence has words that the listed quote's has not."""
    await desk.prints("post", WORDS)
    fragment = analysis(f"In the flooded hall “{PART}”, as ever, said Orlan.", url="https://courier.example/9")
    async with desk.database.writing() as db:
        await desk.articles.save(db, fragment, owner_channel=None, seen_at=NOON)
    async with desk.database.reading() as db:
        flooded = await Quotes().about(db, HERE, "flooded gates")
        gates = await Quotes().about(db, HERE, "gates")
    assert [one.quote.text for one in flooded] == [PART]
    assert [one.quote.text for one in gates] == [WORDS]


async def test_withdrawn_words_hide_nothing(desk: Desk) -> None:
    """What the operator took back is no quote that others are folded under."""
    first = await desk.prints("post", WORDS)
    assert first.quotes[0].quote_id is not None
    async with desk.database.writing() as db:
        await Quotes().withdraw(db, first.quotes[0].quote_id)
    second = await desk.prints("courier", WORDS)
    assert second.same_words == {}
    async with desk.database.reading() as db:
        heads = (await db.execute(select(quotes.c.same_as))).scalars().all()
    assert heads == [None, None]


async def test_an_outlet_is_found_by_words_that_are_listed_for_another(desk: Desk) -> None:
    """Asked for one outlet, what it printed is shown with its own article, once; without one, the listed quote alone."""
    await desk.prints("post", WORDS)
    harbour = await desk.prints("harbour", WORDS)
    async with desk.database.reading() as db:
        (orlan,) = await Speakers().candidates(db, HERE, "orlan")
        for about in (None, "gates dam"):
            found = await Quotes().by_speaker(db, HERE, orlan.speaker_id, about=about, outlet="Harbour", limit=5)
            assert [(one.card.article_id, one.quote.text) for one in found] == [(harbour.article_id, WORDS)]
        anyone = await Quotes().about(db, HERE, "gates", outlet="harbour", limit=5)
        assert [one.card.article_id for one in anyone] == [harbour.article_id]
        everywhere = await Quotes().about(db, HERE, "gates", limit=5)
        assert [one.card.outlet for one in everywhere] == ["post"]

"""A name that an operator took back from words does not come back with another copy of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from store.articles import Articles
from store.forgetting import Forgetting
from store.merging import Merging
from store.quotes import Quotes
from store.shared_tables import taken_names
from store.speakers import Speakers
from store.tables import quotes, speakers
from store.taken_names import TakenNames
from tests.store.samples import ELSEWHERE, HERE, MINUTE, NOON, ORLAN, Person, analysis

if TYPE_CHECKING:
    from store.database import Database
    from store.values import SavedArticle

WORDS = "We will rebuild both gates of the dam before the winter storms come back."
PART = "rebuild both gates of the dam"
LONGER = f"{WORDS} And the wall, which nobody has mended since it was built, comes down."


@dataclass
class Newsroom:
    """A store whose operator takes names back."""

    database: Database
    articles: Articles = field(default_factory=Articles)
    read: int = 0

    async def prints(  # noqa: PLR0913 - what the samples differ by
        self,
        outlet: str,
        *said: str,
        who: str = "Orlan",
        owner: str | None = None,
        people: tuple[Person, ...] | None = None,
        carried: int | None = None,
        title: str | None = None,
    ) -> SavedArticle:
        """Read an article that quotes somebody; ``carried`` is which quote has its speaker from the first."""
        self.read += 1
        at = NOON + self.read * MINUTE
        own = f"{outlet} {self.read} prints it."
        lines = [f"“{words}” said {who}." for words in said]
        url = f"https://{outlet}.example/1"
        more = {} if people is None else {"people": people}
        made = analysis(*lines, own, url=url, title=title or own, printed=at, read=at, **more)  # type: ignore[arg-type]
        if carried is not None:
            first, one = made.quotes[0].attribution, made.quotes[carried]
            assert first is not None
            behind = replace(one, attribution=replace(first, rule="carry_over", cue=None))
            made = replace(made, quotes=tuple(behind if each is one else each for each in made.quotes))
        made = replace(made, article=replace(made.article, outlet=outlet))
        async with self.database.writing() as db:
            return await self.articles.save(db, made, owner_channel=owner, seen_at=at)

    async def takes(self, page: SavedArticle, index: int = 0) -> list[int]:
        """Let the operator take the name back from one of a page's quotes."""
        async with self.database.writing() as db:
            return await TakenNames().take(db, _id_of(page, index))

    async def named(self, page: SavedArticle, channel: str = HERE) -> list[str | None]:
        """Return whom each quote of a page is given to, in reading order."""
        async with self.database.reading() as db:
            found = await Quotes().of_articles(db, channel, [page.article_id])
        return [one.speaker for one in found]

    async def listed(self, who: str = "orlan", channel: str = HERE) -> list[str | None]:
        """Return the outlets of what is listed of somebody, whatever way it is asked for."""
        async with self.database.reading() as db:
            candidates = await Speakers().candidates(db, channel, who)
            if not candidates:
                return []
            found = await Quotes().by_speaker(db, channel, candidates[0].speaker_id, limit=20)
            since = await Quotes().since(db, channel, NOON, bar=0.1)
            one = candidates[0].speaker_id
            theirs = [
                await Quotes().by_speaker(db, channel, one, outlet=each) for each in ("post", "courier", "gazette")
            ]
        assert candidates[0].quotes == len(found)
        assert {one.quote.quote_id for one in found} <= {one.quote.quote_id for one in since}
        # An outlet's own copies are found under another's, too.
        assert any(theirs) == bool(found)
        return [one.card.outlet for one in found]

    async def heads(self, page: SavedArticle) -> list[int | None]:
        """Return under what each quote of a page is folded."""
        mine = select(quotes.c.same_as).where(quotes.c.article_id == page.article_id).order_by(quotes.c.start)
        async with self.database.reading() as db:
            return list((await db.execute(mine)).scalars())


def _id_of(page: SavedArticle, index: int = 0) -> int:
    quote_id = page.quotes[index].quote_id
    assert quote_id is not None
    return quote_id


@pytest.fixture
def news(opened: Database) -> Newsroom:
    """Return an empty newsroom."""
    return Newsroom(opened)


async def test_copies_that_are_there_lose_the_name(news: Newsroom) -> None:
    """The one that was called wrong is listed or folded: the name goes from all, and all stay folded."""
    first, second = await news.prints("post", WORDS), await news.prints("courier", WORDS.replace("the dam", "the dam,"))
    part = await news.prints("gazette", PART)
    assert await news.listed() == ["post"]
    assert await news.takes(second) == [_id_of(second), _id_of(first), _id_of(part)]
    for page in (first, second, part):
        assert await news.named(page) == [None]
    assert await news.listed() == []
    assert await news.heads(second) == await news.heads(part) == [_id_of(first)]


@pytest.mark.parametrize("words", [WORDS, WORDS.replace("storms", "storm"), LONGER, PART])
async def test_a_copy_that_comes_later_has_no_name(news: Newsroom, words: str) -> None:
    """Whatever it says more or less: nobody is told of it, and it leads no fold with the name."""
    first = await news.prints("post", WORDS)
    await news.takes(first)
    later = await news.prints("courier", words)
    assert [quote.attribution for quote in later.quotes] == [None]
    assert await news.named(later) == [None]
    assert await news.listed() == []
    if words is not LONGER:
        assert later.same_words == {_id_of(later): _id_of(first)}
    again = await news.prints("gazette", words)
    assert (await news.named(again), await news.listed()) == ([None], [])


async def test_few_words_have_no_name_inside_their_story(news: Newsroom) -> None:
    """Too few to have a key: they are looked for in the story's last articles."""
    title = "Dam at Vessin holds through a night of rain and storms"
    first = await news.prints("post", "a paper umbrella", title=title)
    await news.takes(first)
    later = await news.prints("courier", "a paper umbrella", title=title)
    assert later.story_id == first.story_id
    assert await news.named(later) == [None]
    assert later.same_words == {_id_of(later): _id_of(first)}


async def test_who_is_named_otherwise_is_judged_by_itself(news: Newsroom) -> None:
    """Another outlet has the right name: it is listed, leads the fold, and no later copy with the wrong one does."""
    first = await news.prints("post", WORDS)
    await news.takes(first)
    right = await news.prints("courier", WORDS, who="Marek")
    assert await news.named(right) == ["Lena Marek"]
    assert await news.heads(first) == [_id_of(right)]
    wrong = await news.prints("gazette", WORDS)
    assert await news.named(wrong) == [None]
    assert wrong.same_words == {_id_of(wrong): _id_of(right)}
    assert (await news.listed(), await news.listed("marek")) == ([], ["courier"])
    longer = await news.prints("brief", LONGER)
    assert await news.named(longer) == [None]
    assert await news.heads(longer) == [None]  # it says more than the right one does, and names nobody


async def test_other_words_of_theirs_stay(news: Newsroom) -> None:
    """A judgement is about words, not about a person or a page."""
    first = await news.prints("post", WORDS, "Nobody in the lower town will have to leave for good.")
    await news.takes(first)
    await news.prints("courier", "The capital has sent us neither money nor men since October.")
    later = await news.prints("gazette", WORDS, "Nobody in the lower town will have to leave for good.")
    assert await news.named(first) == await news.named(later) == [None, "Viktor Orlan"]
    assert await news.listed() == ["courier", "post"]


async def test_what_is_carried_on_goes_with_it(news: Newsroom) -> None:
    """In the page that was judged, and in each copy, whether it has the name by itself or from the quote before."""
    more = "Nobody in the lower town will have to leave for good."
    first = await news.prints("post", WORDS, more, carried=1)
    second = await news.prints("courier", WORDS, "The capital has sent us neither money nor men.", carried=1)
    assert set(await news.takes(first)) == {_id_of(page, index) for page in (first, second) for index in (0, 1)}
    third = await news.prints("gazette", WORDS, "And October was long ago, as all of us here know.", carried=1)
    alone = await news.prints("brief", more)
    assert [quote.attribution for quote in third.quotes] == [None, None]
    for page in (first, second, third):
        assert await news.named(page) == [None, None]
    assert await news.named(alone) == [None]


async def test_what_loses_its_name_hides_no_words_that_have_one(news: Newsroom) -> None:
    """They were folded under it, because it said more."""
    judged = "There is no crack in any wall of ours, and there never was."
    await news.takes(await news.prints("courier", judged))
    own = await news.prints("gazette", WORDS)
    later = await news.prints("post", judged, LONGER, carried=1)
    assert await news.named(later) == [None, None]
    assert await news.heads(own) == [None]
    assert await news.listed() == ["gazette"]


async def test_the_same_page_says_it_twice(news: Newsroom) -> None:
    """Repeats inside an article are told as one, so that one is called wrong; the other has no name either."""
    page = await news.prints("post", WORDS, "The capital has sent us no money.", PART)
    await news.takes(page, 2)
    assert await news.named(page) == [None, "Viktor Orlan", None]


async def test_pages_of_chats_go_by_the_operators_word(news: Newsroom) -> None:
    """They never fold with what all see, and what is decided about one of them is nobody else's."""
    shared = await news.prints("post", WORDS)
    pasted = await news.prints("courier", WORDS, owner=HERE)
    assert set(await news.takes(shared)) == {_id_of(shared), _id_of(pasted)}
    later = await news.prints("gazette", WORDS, owner=ELSEWHERE)
    for page, chat in ((pasted, HERE), (later, ELSEWHERE)):
        assert await news.named(page, chat) == [None]
        assert await news.heads(page) == [None]
    own = "The capital has sent us neither money nor men since October."
    private = await news.prints("brief", own, owner=HERE)
    await news.takes(private)
    assert await news.named(await news.prints("post2", own)) == ["Viktor Orlan"]
    assert await news.named(await news.prints("post3", own, owner=ELSEWHERE), ELSEWHERE) == ["Viktor Orlan"]
    assert await news.named(await news.prints("post4", own, owner=HERE)) == [None]


async def test_a_judgement_stays_when_a_private_speaker_gives_way(news: Newsroom) -> None:
    """Who was known from a chat's page alone, and is in the news since: the words there are still not theirs."""
    private = await news.prints("brief", WORDS, owner=HERE)
    await news.takes(private)
    await news.prints("post", "The capital has sent us neither money nor men since October.")
    async with news.database.reading() as db:
        whose = (await db.execute(select(taken_names.c.speaker_id))).scalars().all()
        assert whose == (await db.execute(select(speakers.c.speaker_id))).scalars().all()
    assert await news.named(await news.prints("courier", WORDS, owner=HERE)) == [None]


async def test_a_description_is_taken_back_like_a_name(news: Newsroom) -> None:
    """“A spokesman” has no number of his own; the same words under the same description have nobody."""
    first = await news.prints("post", WORDS, who="Grey")
    assert await news.named(first) == [None]
    await news.takes(first)
    later = await news.prints("courier", WORDS, who="Grey")
    assert [quote.attribution for quote in later.quotes] == [None]
    other = await news.prints("gazette", WORDS, who="Brown")
    assert [quote.attribution and quote.attribution.name for quote in other.quotes] == ["Brown"]


async def test_a_revision_brings_no_name_back(news: Newsroom) -> None:
    """Neither of the page that was judged nor of a copy, though its quote is read as another one; undone or not."""
    first, second = await news.prints("post", WORDS), await news.prints("courier", WORDS)
    await news.takes(first)
    for page, outlet in ((first, "post"), (second, "courier")):
        revised = await news.prints(outlet, WORDS, "The capital has sent us no money.")
        assert revised.article_id == page.article_id
        assert await news.named(revised) == [None, "Viktor Orlan"]
    reworded = await news.prints("post", LONGER)
    assert await news.named(reworded) == [None]


async def test_words_that_an_outlet_took_out_are_remembered(news: Newsroom) -> None:
    """The judgement outlives the page's text, and the page."""
    first = await news.prints("post", WORDS)
    await news.takes(first)
    await news.prints("post", "The capital has sent us no money.")
    later = await news.prints("courier", WORDS)
    assert await news.named(later) == [None]
    assert await news.heads(later) == [None]
    async with news.database.writing() as db:
        await Forgetting().articles(db, [first.article_id])
    assert await news.named(await news.prints("gazette", WORDS)) == [None]


async def test_a_merged_speaker_is_the_same_person(news: Newsroom) -> None:
    """Whoever was made one with the wrong one is wrong as well, until that is undone."""
    first = await news.prints("post", WORDS)
    other = await news.prints("gazette", "It is ours alone.", who="Orland", people=(Person("Victor Orland"),))
    await news.takes(first)
    async with news.database.writing() as db:
        rows = await db.execute(select(speakers.c.name, speakers.c.speaker_id))
        found = {row.name: row.speaker_id for row in rows}
        change = await Merging().merge(db, found["Viktor Orlan"], into=found["Victor Orland"], by="p", at=NOON)
    for outlet, who, person in (("one", "Orlan", ORLAN), ("two", "Orland", Person("Victor Orland"))):
        assert await news.named(await news.prints(outlet, WORDS, who=who, people=(person,))) == [None]
    async with news.database.writing() as db:
        await Merging().undo(db, change.change_id, by="p", at=NOON)
    assert await news.named(await news.prints("three", WORDS)) == [None]
    assert await news.named(other) == ["Victor Orland"]


async def test_who_is_forgotten_is_remembered_by_no_judgement(news: Newsroom) -> None:
    """No row keeps whose words they were not."""
    first = await news.prints("post", WORDS)
    await news.takes(first)
    async with news.database.writing() as db:
        (speaker,) = (await db.execute(select(taken_names.c.speaker_id))).scalars()
        assert speaker is not None
        await Forgetting().speaker(db, speaker)
        assert (await db.execute(select(taken_names))).all() == []


async def test_a_head_that_was_withdrawn_takes_no_copy(news: Newsroom) -> None:
    """Words whose listed copy is gone are listed by themselves, under no name."""
    first = await news.prints("post", WORDS)
    await news.takes(first)
    async with news.database.writing() as db:
        await db.execute(update(quotes).values(state="withdrawn"))
    later = await news.prints("courier", WORDS)
    assert (await news.named(later), await news.heads(later)) == ([None], [None])

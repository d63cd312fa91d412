"""Articles: saved whole in one transaction, found again by id, address or words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, select, update

from store.decided import without_taken_names
from store.errors import UnstorableTextError
from store.folding import Kept, SameWords
from store.headlines import headlines_first
from store.locks import Lock, hold
from store.outlets import is_same_outlet
from store.rematching import rematched, reworded
from store.rows import (
    QuoteRows,
    analysis_value,
    article_row,
    card_value,
    dated,
    digest,
    quote_value,
    revision_row,
    spans_row,
)
from store.saving import (
    ADD_ARTICLE,
    ADD_MENTIONS,
    ADD_QUOTES,
    ADD_REVISION,
    DROP_MENTIONS,
    KEEP_ADDRESSES,
    KEEP_SIGHTING,
    KNOWN,
    LAST_QUOTES,
)
from store.scope import CURRENT, chat_of, visible
from store.search import asked_words, matches, words
from store.speakers import Speakers
from store.stories import Stories
from store.tables import addresses, articles, mentions, quotes, revisions
from store.taken_names import TakenNames
from store.values import ArticleCard, Outcome, SavedArticle, StoredArticle
from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.stories import Placed
    from store.values import OpenedSpeaker
    from summaries.values import Analysis, Article, Quote

UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Articles:
    """What was read."""

    def __init__(self, speakers: Speakers | None = None, stories: Stories | None = None) -> None:
        self._speakers = speakers or Speakers()
        self._stories = stories or Stories()
        self._same_words = SameWords()
        self._taken_names = TakenNames()

    async def save(  # noqa: PLR0913 - where it came from is part of what is saved
        self,
        db: AsyncConnection,
        analysis: Analysis,
        *,
        owner_channel: str | None,
        source_id: int | None = None,
        also_at: Sequence[str] = (),
        seen_at: datetime,
        again: bool = False,
    ) -> SavedArticle:
        """Save an article with its quotes and speakers, as new, as a revision, or not at all when it is known as it is.

        It is known by its canonical address, else by its very text in the same outlet or where an outlet is not known,
        among the articles of the same owner; the same text in another outlet is an article of its own. Quotes that are still there keep their ids, whatever else changed; those that are not are marked as removed.

        Does not commit: call it in the transaction that also queues what is announced about it and marks its entry.

        Args:
            db: A writing transaction.
            analysis: Of the article as it reads now.
            owner_channel: The chat it was pasted in, None when it is shared.
            source_id: Where it came from; kept as a sighting.
            also_at: What else it is known by: the address before redirects, what its twins share (http and https, a slash).
            seen_at: When it came.
            again: Whether to store the analysis of a known text anew (after the engine learned something).

        Raises:
            NotVerbatimError: if a quote does not stand in the text; nothing is stored.
            UnstorableTextError: if the text holds what a database cannot.
        """
        article = analysis.article
        _check_storable(article.text)
        owner = owner_channel and chat_of(owner_channel)
        await hold(db, Lock.OPENING)
        text_sha256 = digest(article.text)
        known_at = list(dict.fromkeys(address for address in (article.url, *also_at) if address))
        known = await self._known(db, known_at, text_sha256, article, owner)
        if known is None:
            article_id, revision, outcome = await self._insert(db, analysis, owner), 1, Outcome.NEW
        else:
            article_id, revision, outcome = known.article_id, known.revision, Outcome.REVISED
            analysis = dated(analysis, known.published_at)
            if known.text_sha256 != text_sha256:
                revision += 1
            elif not again:
                outcome = Outcome.KNOWN
        await self._see(db, article_id, known_at, owner)
        if source_id is not None:
            sight = {"article_id": article_id, "source_id": source_id, "seen_at": seen_at}
            await db.execute(KEEP_SIGHTING[db.dialect.name], sight)
        if outcome is Outcome.KNOWN:
            return SavedArticle(
                article_id, outcome, owner, await self._quotes(db, article_id, article.article_id), frozenset()
            )
        if outcome is Outcome.REVISED:
            analysis = await without_taken_names(db, article_id, analysis)
            await self._revise(db, analysis, article_id, revision)
        if known is None or revision != known.revision:
            row = revision_row(analysis, text_sha256) | {"article_id": article_id, "number": revision}
            await db.execute(ADD_REVISION, row)
        opened = await self._speakers.open(db, analysis.named, owner=owner, at=seen_at)
        rows = QuoteRows(analysis, owner, article_id, revision)
        stored, new, unfolded = await self._save_quotes(db, analysis, rows, opened, outcome)
        if outcome is Outcome.REVISED:
            await db.execute(DROP_MENTIONS, {"article": article_id})
        await self._save_mentions(db, analysis, opened, article_id, owner)
        placed = await self._place(db, article_id, analysis, owner, outcome)
        folded = await self._same_words.fold(
            db, article_id, owner, unfolded, at=rows.newest_at, story_id=None if placed is None else placed.story_id
        )
        if folded.not_theirs:
            stored = await self._taken_names.nameless(db, stored, folded.not_theirs)
        return SavedArticle(
            article_id,
            outcome,
            owner,
            stored,
            new,
            {quote_id: head for quote_id, head in folded.under.items() if quote_id in new},
            None if placed is None else placed.story_id,
            None if placed is None else placed.copy_of,
        )

    async def get(self, db: AsyncConnection, channel: str, article_id: int) -> StoredArticle | None:
        """Return an article, None where the asker knows none of that number."""
        return await self._one(db, articles.c.article_id == article_id, channel)

    async def at(self, db: AsyncConnection, channel: str, *known_at: str) -> StoredArticle | None:
        """Return the article known by one of these addresses (see ``save``); the asker's own before the shared one."""
        here = select(addresses.c.article_id).where(addresses.c.url.in_(known_at), visible(addresses, channel))
        return await self._one(db, articles.c.article_id.in_(here), channel)

    async def latest(
        self, db: AsyncConnection, channel: str, *, since: datetime | None = None, limit: int = 5
    ) -> list[ArticleCard]:
        """Return the newest articles, the newest first."""
        statement = _cards(channel).limit(limit)
        if since is not None:
            statement = statement.where(articles.c.newest_at > since)
        return [card_value(row) for row in await db.execute(statement)]

    async def about(self, db: AsyncConnection, channel: str, typed: str, *, limit: int = 5) -> list[ArticleCard]:
        """Return the articles whose title and text hold every word of ``typed``: headlines first, then the newest."""
        asked = asked_words(typed)
        if not asked:
            return []
        holding = _cards(channel).where(matches(articles, asked, db.dialect.name))
        places = await headlines_first(db, holding, asked, limit=limit)
        return sorted(await self.cards(db, channel, list(places)), key=lambda card: places[card.article_id])

    async def cards(self, db: AsyncConnection, channel: str, article_ids: Sequence[int]) -> list[ArticleCard]:
        """Return articles by their numbers, the newest first; those the asker may not see are left out."""
        statement = _cards(channel).where(articles.c.article_id.in_(article_ids))
        return [card_value(row) for row in await db.execute(statement)]

    async def count(self, db: AsyncConnection, channel: str, *, since: datetime | None = None) -> int:
        """Return how many articles the asker sees, printed after ``since``."""
        statement = select(func.count()).select_from(articles).where(visible(articles, channel))
        if since is not None:
            statement = statement.where(articles.c.newest_at > since)
        return (await db.execute(statement)).scalar_one()

    async def delete(self, db: AsyncConnection, channel: str, article_id: int) -> bool:
        """Delete a page that was pasted in the asker's chat, with all that came of it; return whether there was one.

        Shared articles are nobody's to delete here. Does not commit.
        """
        own = and_(articles.c.article_id == article_id, articles.c.owner_channel == chat_of(channel))
        theirs = select(quotes.c.quote_id).where(quotes.c.article_id.in_(select(articles.c.article_id).where(own)))
        await self._same_words.part(db, (await db.execute(theirs)).scalars().all())
        return (await db.execute(delete(articles).where(own).returning(articles.c.article_id))).first() is not None

    async def drop_texts(self, db: AsyncConnection, *, read_before: datetime, limit: int = 500) -> int:
        """Drop the texts of articles read before a time, at most ``limit`` at once; quotes stay, with their paragraphs.

        Does not commit. What stories go by is kept before, so call it where articles are placed.

        Returns:
            How many articles lost their text: fewer than ``limit`` when all is done.
        """
        kept = exists().where(revisions.c.article_id == articles.c.article_id, revisions.c.text.is_not(None))
        old = select(articles.c.article_id).where(articles.c.fetched_at < read_before, kept).limit(limit)
        chosen = (await db.execute(old)).scalars().all()
        if chosen:
            await self._stories.settle(db)
            await db.execute(update(revisions).where(revisions.c.article_id.in_(chosen)).values(text=None))
            await db.execute(update(articles).where(articles.c.article_id.in_(chosen)).values(search=""))
        return len(chosen)

    async def _known(
        self, db: AsyncConnection, known_at: Sequence[str], text_sha256: bytes, article: Article, owner: str | None
    ) -> Row[Any] | None:
        """Return the row of the article that this is: by its address, else by its text where the outlet may be the same."""
        asked = {"known_at": known_at, "text_sha256": text_sha256} | ({} if owner is None else {"owner": owner})
        rows = (await db.execute(KNOWN[owner is None], asked)).all()
        likely = [row for row in rows if not row.surer or is_same_outlet(row, article) is not False]
        # What is known to be the same outlet's goes before what may be.
        return min(likely, key=lambda row: (row.surer, is_same_outlet(row, article) is None), default=None)

    async def _insert(self, db: AsyncConnection, analysis: Analysis, owner: str | None) -> int:
        row = article_row(analysis.article) | {"owner_channel": owner, "revision": 1}
        article_id: int = (await db.execute(ADD_ARTICLE, row)).scalar_one()
        return article_id

    async def _see(self, db: AsyncConnection, article_id: int, known_at: Sequence[str], owner: str | None) -> None:
        """Keep the addresses; the first article at one keeps it."""
        rows = [{"owner_channel": owner, "url": url, "article_id": article_id} for url in known_at]
        if rows:
            await db.execute(KEEP_ADDRESSES[db.dialect.name], rows)

    async def _place(
        self, db: AsyncConnection, article_id: int, analysis: Analysis, owner: str | None, outcome: Outcome
    ) -> Placed | None:
        """Return the story of a shared article; private ones are in none, and a revised one stays where it is."""
        if owner is not None:
            return None
        if outcome is Outcome.NEW:
            return await self._stories.place(db, article_id, analysis)
        return (await self._stories.of_articles(db, [article_id])).get(article_id)

    async def _revise(self, db: AsyncConnection, analysis: Analysis, article_id: int, revision: int) -> None:
        row = article_row(analysis.article) | {"revision": revision}
        # What names the article stays: buttons and addresses were made of it.
        for kept in ("identity", "url"):
            del row[kept]
        await db.execute(update(articles).where(articles.c.article_id == article_id).values(row))

    async def _save_quotes(
        self,
        db: AsyncConnection,
        analysis: Analysis,
        rows: QuoteRows,
        opened: Mapping[str, OpenedSpeaker],
        outcome: Outcome,
    ) -> tuple[tuple[Quote, ...], frozenset[int], list[Kept]]:
        """Store the quotes; return them with their ids, the ids that are new, and what is in no fold now."""
        speakers = [_speaker_of(quote, opened) for quote in analysis.quotes]
        made = [rows.row(quote, speaker) for quote, speaker in zip(analysis.quotes, speakers, strict=True)]
        ids: list[int | None] = [None] * len(made)
        same: frozenset[int] = frozenset()
        went: list[Kept] = []
        if outcome is Outcome.REVISED:
            ids, same, went = await self._rematch(db, rows.article_id, made)
            for quote_id, row in zip(ids, made, strict=True):
                if quote_id is not None:
                    await db.execute(update(quotes).where(quotes.c.quote_id == quote_id).values(row))
        fresh = [row | {"state": "current"} for quote_id, row in zip(ids, made, strict=True) if quote_id is None]
        given = iter(await self._insert_quotes(db, rows.article_id, fresh))
        new = set[int]()
        stored, unfolded = [], []
        for quote, known, speaker in zip(analysis.quotes, ids, speakers, strict=True):
            quote_id = known if known is not None else next(given)
            if known is None:
                new.add(quote_id)
            shown = None if speaker is None else speaker.speaker_id
            attribution = quote.attribution and replace(quote.attribution, speaker_id=shown)
            stored.append(replace(quote, quote_id=quote_id, attribution=attribution))
            if quote_id not in same:
                unfolded.append(Kept(quote_id, quote.text, shown, None if attribution is None else attribution.name))
        told = reworded(went, (one for one in unfolded if one.quote_id in new))
        return tuple(stored), frozenset(new) - told, unfolded

    async def _insert_quotes(self, db: AsyncConnection, article_id: int, rows: list[dict[str, Any]]) -> list[int]:
        """Store new quotes of one article; return their ids in the same order."""
        if not rows:
            return []
        # In one go and without RETURNING, which SQLAlchemy would do row by row to keep the order. Ids rise with the
        # rows, and nobody else opens quotes of this article meanwhile.
        await db.execute(ADD_QUOTES, rows)
        last = await db.execute(LAST_QUOTES, {"article": article_id, "count": len(rows)})
        return sorted(last.scalars())

    async def _rematch(
        self, db: AsyncConnection, article_id: int, made: Sequence[Mapping[str, Any]]
    ) -> tuple[list[int | None], frozenset[int], list[Kept]]:
        """Return the id each new quote continues, those whose fold stands, and what went; mark that, and what is there again."""
        mine = quotes.c.article_id == article_id
        columns = (quotes.c.quote_id, quotes.c.text, quotes.c.speaker_id, quotes.c.name, quotes.c.state)
        order = (quotes.c.revision.desc(), quotes.c.start)
        old = (await db.execute(select(*columns).where(mine).order_by(*order))).all()
        ids = rematched([(row.quote_id, row.text) for row in old], [row["text"] for row in made])
        now = {quote_id: row for quote_id, row in zip(ids, made, strict=True) if quote_id is not None}
        same = frozenset(row.quote_id for row in old if row.quote_id in now and _says_the_same(row, now[row.quote_id]))
        await self._same_words.part(db, [row.quote_id for row in old if row.quote_id not in same])
        standing = quotes.c.state != "withdrawn"  # the operator's word lasts
        await db.execute(update(quotes).where(mine, standing, quotes.c.quote_id.not_in(now)).values(state="removed"))
        await db.execute(update(quotes).where(mine, standing, quotes.c.quote_id.in_(now)).values(state="current"))
        withdrawn = frozenset(row.quote_id for row in old if row.state == "withdrawn")
        went = [Kept(row.quote_id, row.text, row.speaker_id, row.name) for row in old if row.quote_id not in now]
        return ids, same | withdrawn, went

    async def _save_mentions(
        self,
        db: AsyncConnection,
        analysis: Analysis,
        opened: Mapping[str, OpenedSpeaker],
        article_id: int,
        owner: str | None,
    ) -> None:
        rows: dict[int, dict[str, Any]] = {}
        for person in analysis.named:
            speaker = opened.get(person.name)
            # Two names of one page may be one speaker; the first on the page gives the row.
            if speaker is not None and speaker.own_id not in rows:
                rows[speaker.own_id] = {
                    "article_id": article_id,
                    "speaker_id": speaker.own_id,
                    "owner_channel": owner,
                    "place": len(rows),
                    "name": person.name,
                    "aliases": list(person.aliases),
                    "mentions": spans_row(person.mentions),
                    "reported": spans_row(person.reported),
                }
        if rows:
            await db.execute(ADD_MENTIONS, list(rows.values()))

    async def _one(self, db: AsyncConnection, which: ColumnElement[bool], channel: str) -> StoredArticle | None:
        # Nulls last on both databases: the asker's own article before the shared one.
        own_first = articles.c.owner_channel.is_(None)
        statement = select(articles).where(which, visible(articles, channel)).order_by(own_first).limit(1)
        row = (await db.execute(statement)).first()
        if row is None:
            return None
        at = and_(revisions.c.article_id == row.article_id, revisions.c.number == row.revision)
        revision = (await db.execute(select(revisions).where(at))).one()
        kinds = tuple(ParagraphKind(kind) for _, _, kind in revision.paragraphs)
        if revision.text is None:
            return StoredArticle(card_value(row), None, kinds)
        mentioned = select(mentions).where(mentions.c.article_id == row.article_id).order_by(mentions.c.place)
        named = (await db.execute(mentioned)).all()
        shown = await self._quotes(db, row.article_id, row.identity)
        return StoredArticle(card_value(row), analysis_value(row, revision, shown, named), kinds)

    async def _quotes(self, db: AsyncConnection, article_id: int, identity: str) -> tuple[Quote, ...]:
        statement = select(quotes).where(quotes.c.article_id == article_id, CURRENT).order_by(quotes.c.start)
        return tuple(quote_value(row, identity) for row in await db.execute(statement))


def _check_storable(text: str) -> None:
    bad = UNSTORABLE.search(text)
    if bad is not None:
        what = "a NUL character" if bad[0] == "\0" else "half a surrogate pair"
        raise UnstorableTextError(what)


def _says_the_same(old: Row[int, str, int | None, str | None, str], new: Mapping[str, Any]) -> bool:
    """Return whether a quote that was there has its words and its speaker still, so that its fold stands."""
    return (
        old.state == "current"
        and words(old.text) == words(new["text"])
        and (old.speaker_id, old.name) == (new["speaker_id"], new["name"])
    )


def _speaker_of(quote: Quote, opened: Mapping[str, OpenedSpeaker]) -> OpenedSpeaker | None:
    """Return the speaker whom the page names; a description ("a spokesman") is nobody over several articles."""
    if quote.attribution is None:
        return None
    return opened.get(quote.attribution.name)


def _cards(channel: str) -> Select[Any]:
    return (
        select(articles)
        .where(visible(articles, channel))
        .order_by(articles.c.newest_at.desc(), articles.c.article_id.desc())
    )

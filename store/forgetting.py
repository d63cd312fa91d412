"""Forgetting: a speaker, an article, a source, a person or a chat, with everything that hangs on it.

Nothing commits: each is one transaction, its statements in batches. Ids stay unused for ever. Who speaks, or writes,
again after being forgotten is opened anew: keeping a list of whom to ignore would be keeping their names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Text, and_, exists, or_, select, update

from store.delivery_tables import outbox
from store.folding import SameWords
from store.groups import group_of
from store.locks import Lock, hold
from store.metadata import metadata
from store.names import fold_name, is_full
from store.rows_gone import batches, delete_rows
from store.story_traces import drop_memory, stories_of, tidy_stories
from store.tables import (
    addresses,
    articles,
    mentions,
    people,
    quotes,
    revisions,
    sightings,
    sources,
    speaker_changes,
    speaker_names,
    speakers,
    subscriptions,
)
from store.traces import forget_keys, forget_messages, forget_taps, holds, names
from store.wishes import without_chat, without_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.rows_gone import Gone
    from store.wishes import Before

FORGOTTEN = "forgotten"
"""Who did something, once it is not known any more."""
OF_SPEAKERS = ("by", "tell", "where", "merge", "mergenow", "rename", "renamenow")
"""Commands whose first number is a speaker's."""
OF_CHATS = frozenset({"channel", "owner_channel", "lane"})
"""Columns by which a row belongs to a chat."""


class Forgetting:
    """Takes out what is to be forgotten; each method returns how many rows went, by table, nothing where there was none."""

    async def speaker(self, db: AsyncConnection, speaker_id: int) -> Gone:
        """Forget a speaker, and whoever was made one with them: quotes, names, mentions, subscriptions, messages.

        Texts of pages that name them go as retention would let them go. Titles, and paragraphs of other people's quotes,
        stay: to take those out as well, forget the articles.
        """
        await _begin(db)
        gone: Gone = Counter()
        group = list(await group_of(db, speaker_id))
        printed, folded = await self._names_of(db, group)
        if not printed:
            return gone
        says = names(printed, [f"/{command} {number}" for command in OF_SPEAKERS for number in group])
        await self._drop_texts(db, group, gone)
        await self._part(db, quotes.c.speaker_id.in_(group))
        await delete_rows(db, quotes, quotes.c.speaker_id.in_(group), gone)
        await delete_rows(db, speaker_changes, speaker_changes.c.other_id.in_(group), gone)
        by_name = and_(subscriptions.c.speaker_id.is_(None), subscriptions.c.folded.in_(folded))
        await delete_rows(db, subscriptions, by_name, gone)
        await delete_rows(db, speakers, speakers.c.speaker_id.in_(group), gone)
        await forget_messages(db, says, gone)
        await forget_taps(db, says, gone)
        return +gone

    async def articles(self, db: AsyncConnection, article_ids: Iterable[int]) -> Gone:
        """Forget articles: texts, quotes with their numbers and alerts, messages about them, speakers nobody else names."""
        await _begin(db)
        gone: Gone = Counter()
        for batch in batches(article_ids):
            said = await self._said_by(db, batch)
            theirs, told_in = await self._speakers_on(db, batch), await stories_of(db, batch)
            await self._part(db, quotes.c.article_id.in_(batch))
            await delete_rows(db, articles, articles.c.article_id.in_(batch), gone)
            if told_in:
                await tidy_stories(db, told_in, gone)
                await drop_memory(db, batch)
            await self._close_unused(db, theirs, gone)
            for owner, texts in said.items():
                # A pasted page was told in its chat only; elsewhere the same words are somebody else's page.
                await forget_messages(db, holds(texts), gone, chat=owner)
                await forget_taps(db, holds(texts), gone)
        return +gone

    async def articles_at(self, db: AsyncConnection, known_at: Sequence[str]) -> list[int]:
        """Return the articles at these addresses, whoever's they are."""
        at = select(addresses.c.article_id).distinct().where(addresses.c.url.in_(known_at))
        return list((await db.execute(at.order_by(addresses.c.article_id))).scalars())

    async def articles_numbered(self, db: AsyncConnection, article_ids: Sequence[int]) -> list[int]:
        """Return which of these articles there are, whoever's they are."""
        there = select(articles.c.article_id).where(articles.c.article_id.in_(article_ids))
        return list((await db.execute(there)).scalars())

    async def source(self, db: AsyncConnection, source_id: int) -> Gone:
        """Forget a source and every article that came from it alone."""
        await _begin(db)
        others = sightings.alias()
        elsewhere = exists().where(others.c.article_id == sightings.c.article_id, others.c.source_id != source_id)
        alone = select(sightings.c.article_id).where(sightings.c.source_id == source_id, ~elsewhere)
        gone = await self.articles(db, (await db.execute(alone)).scalars().all())
        await delete_rows(db, sources, sources.c.source_id == source_id, gone)
        return +gone

    async def chat(self, db: AsyncConnection, chat: str) -> Gone:
        """Forget a chat with its topics: pages pasted there, what it chose and was shown, what waits for it."""
        await _begin(db)
        own = _within(articles.c.owner_channel, chat)
        gone = await self.articles(db, (await db.execute(select(articles.c.article_id).where(own))).scalars().all())
        await db.execute(update(people).where(_within(people.c.channel, chat)).values(channel=None))
        for table, column in _columns(lambda column: column.name in OF_CHATS):
            if table is not people:
                which = _within(column, chat)
                # What is being sent is past recall; its channel is gone when it comes back.
                await delete_rows(db, table, which & (table.c.state != "sending") if table is outbox else which, gone)
        await self._rewrite_changes(db, lambda before: without_chat(before, chat))
        await self._forget_name(db, chat, gone)
        return +gone

    async def person(self, db: AsyncConnection, person: str) -> Gone:
        """Forget somebody who wrote, with their private chat; what they did for others stays, without their name."""
        await _begin(db)
        known = (await db.execute(select(people.c.channel).where(people.c.person == person))).first()
        gone: Gone = Counter()
        if known is not None and known.channel is not None:
            gone = await self.chat(db, known.channel)
        await delete_rows(db, people, people.c.person == person, gone)
        for table, column in _columns(lambda column: column.name == "person" or column.name.endswith("_by")):
            nobody = None if column.nullable else FORGOTTEN
            done = await db.execute(update(table).where(column == person).values({column.name: nobody}))
            gone[f"{table.name}.{column.name}"] += done.rowcount
        await self._rewrite_changes(db, lambda before: without_person(before, person))
        await self._forget_name(db, person, gone)
        return +gone

    async def _names_of(self, db: AsyncConnection, group: list[int]) -> tuple[set[str], list[str]]:
        """Return what speakers are or were called: names that mean them alone as printed, and as folded."""
        shown = set((await db.execute(select(speakers.c.name).where(speakers.c.speaker_id.in_(group)))).scalars())
        forms = (
            await db.execute(
                select(speaker_names.c.printed, speaker_names.c.folded).where(speaker_names.c.speaker_id.in_(group))
            )
        ).all()
        # Messages say what was shown then, also if that was undone.
        renamed = select(speaker_changes.c.names).where(
            speaker_changes.c.kind == "rename", speaker_changes.c.speaker_id.in_(group)
        )
        former = {(name, fold_name(name)) for names in (await db.execute(renamed)).scalars() for name in names}
        called = {(row.printed, row.folded) for row in forms} | former
        others = select(speaker_names.c.folded).where(
            speaker_names.c.folded.in_({folded for _, folded in called}), speaker_names.c.speaker_id.not_in(group)
        )
        shared = set((await db.execute(others)).scalars())
        own = [(printed, folded) for printed, folded in called if folded not in shared]
        # A surname alone is also other people's, whom no page named yet.
        return shown | {printed for printed, folded in own if is_full(folded)}, [folded for _, folded in own]

    async def _drop_texts(self, db: AsyncConnection, group: list[int], gone: Gone) -> None:
        named = select(mentions.c.article_id).distinct().where(mentions.c.speaker_id.in_(group))
        for batch in batches((await db.execute(named)).scalars().all()):
            kept = and_(revisions.c.article_id.in_(batch), revisions.c.text.is_not(None))
            gone["revisions.text"] += (await db.execute(update(revisions).where(kept).values(text=None))).rowcount
            await db.execute(update(articles).where(articles.c.article_id.in_(batch)).values(search=""))

    async def _part(self, db: AsyncConnection, which: ColumnElement[bool]) -> None:
        """Take quotes out of their folds, so that the same words of others are listed on."""
        folded = select(quotes.c.quote_id).where(which).order_by(quotes.c.quote_id)
        for batch in batches((await db.execute(folded)).scalars().all()):
            await SameWords().part(db, batch)

    async def _said_by(self, db: AsyncConnection, batch: list[int]) -> dict[str | None, set[str]]:
        """Return titles, addresses and quotes of articles, by whose they are: by these a message is known to be about one."""
        found = defaultdict[str | None, set[str]](set)
        cards = select(articles.c.owner_channel, articles.c.title, articles.c.url)
        for owner, *texts in await db.execute(cards.where(articles.c.article_id.in_(batch))):
            found[owner].update(text for text in texts if text)
        words = select(quotes.c.owner_channel, quotes.c.text).where(quotes.c.article_id.in_(batch))
        for owner, text in await db.execute(words):
            found[owner].add(text)
        return found

    async def _speakers_on(self, db: AsyncConnection, batch: list[int]) -> set[int]:
        found = set[int]()
        for table, of in ((mentions, mentions.c.speaker_id), (quotes, quotes.c.speaker_id)):
            some = select(of).distinct().where(table.c.article_id.in_(batch), of.is_not(None))
            found |= set((await db.execute(some)).scalars())
        return found

    async def _close_unused(self, db: AsyncConnection, some: Iterable[int], gone: Gone) -> None:
        """Delete those speakers whom nothing names any more, nobody waits for, and no operator's change is about."""
        this, merged = speakers.c.speaker_id, speakers.alias()
        used = or_(
            exists().where(mentions.c.speaker_id == this),
            exists().where(quotes.c.speaker_id == this),
            exists().where(subscriptions.c.speaker_id == this),
            exists().where(speaker_changes.c.speaker_id == this),
            exists().where(speaker_changes.c.other_id == this),
            exists().where(merged.c.merged_into == this),
        )
        for batch in batches(some):
            unused = select(this).where(this.in_(batch), ~used)
            for ids in batches((await db.execute(unused)).scalars().all()):
                await delete_rows(db, speakers, this.in_(ids), gone)

    async def _rewrite_changes(self, db: AsyncConnection, rewritten: Callable[[Before], Before]) -> None:
        """Let what an undo would put back of subscriptions be forgotten, too."""
        kept = select(speaker_changes.c.change_id, speaker_changes.c.before)
        for row in (await db.execute(kept)).all():
            before = rewritten(row.before)
            if before is not row.before:
                mine = update(speaker_changes).where(speaker_changes.c.change_id == row.change_id)
                await db.execute(mine.values(before=before))

    async def _forget_name(self, db: AsyncConnection, name: str, gone: Gone) -> None:
        await forget_messages(db, names([name]), gone)
        await forget_taps(db, names([name]), gone)
        await forget_keys(db, name, gone)


async def _begin(db: AsyncConnection) -> None:
    await hold(db, Lock.OPENING)
    if db.dialect.name == "sqlite":
        # Otherwise what is deleted stays in free pages, and with them in every backup.
        await db.exec_driver_sql("PRAGMA secure_delete=ON")


def _columns(chosen: Callable[[Column[Any]], bool]) -> list[tuple[Table, Column[Any]]]:
    """Return the columns of text that are chosen, those of tables that point at others first."""
    return [
        (table, column)
        for table in reversed(metadata.sorted_tables)
        for column in table.columns
        if isinstance(column.type, Text) and chosen(column)
    ]


def _within(column: Column[Any], chat: str) -> ColumnElement[bool]:
    return or_(column == chat, column.startswith(f"{chat}/", autoescape=True))

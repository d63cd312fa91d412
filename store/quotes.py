"""Quotes: by speaker, about words, by number, since a time; each with its proof, each in the asker's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, distinct, exists, func, literal_column, or_, select, update

from store.articles import Articles
from store.groups import group_of
from store.rows import found_value, spans_value
from store.scope import CURRENT, LISTED, chat_of, visible
from store.search import asked_words, holds, matches, speaker_token
from store.tables import articles, feedback, mentions, quote_numbers, quotes, speakers
from store.taken_names import NAMELESS
from store.values import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from store.values import FoundQuote, StoredArticle


SPARE = 3
"""For one quote that is asked for, so many are looked at: of fragments, several may be the same words."""
NEWEST = 400
"""Of a speaker's quotes, so many are looked through for words before all are: who says much is often asked about what
they always say, and PostgreSQL would fetch each of ten thousand quotes to find the newest thirty."""


class Quotes:
    """Who said what.

    What the asker's chat called wrong is left out of its lists; ``get`` and ``numbered`` still open it.
    """

    async def by_speaker(  # noqa: PLR0913 - the question's own parts
        self,
        db: AsyncConnection,
        channel: str,
        speaker_id: int,
        *,
        about: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        outlet: str | None = None,
        bar: float = 0.0,
        limit: int = 5,
    ) -> list[FoundQuote]:
        """Return a speaker's quotes, the newest article first, in reading order inside one.

        Args:
            db: A transaction.
            channel: Who asks.
            speaker_id: As from ``Speakers.candidates``.
            about: Words that all stand in what is shown (the quote, or a fragment's printed sentence).
            since: Only what was printed after.
            until: Only what was printed before, or then.
            outlet: Only what this outlet printed, in its own articles, also where another's same words are listed; see
                ``printed_by``.
            bar: The least confidence, 0 to 1.
            limit: How many at most.
        """
        which = _printed(since, until, outlet)
        group = await group_of(db, speaker_id)
        theirs_here = (quotes.c.speaker_id == group[0], quotes.c.confidence >= bar, *which)
        statement = _found(channel, *theirs_here)
        if about is None and outlet is not None:
            return await _read_once(db, _matching(channel, *theirs_here, outlet=outlet), limit)
        if about is not None:
            asked = asked_words(about)
            if not asked:
                return []
            if db.dialect.name == "postgresql":
                theirs_all = _matching(channel, *theirs_here, outlet=outlet)
                pairs = await _pairs(db, _among_newest(theirs_all, asked, SPARE * limit))
                if len(pairs) == SPARE * limit:
                    return await _read_heads(db, pairs, limit)
            theirs = [speaker_token(one) for one in group]
            held = matches(quotes, asked, db.dialect.name, any_of=theirs)
            # The speaker too, though the token says it: so the index that walks newest first tells what to read.
            return await _read_once(db, _matching(channel, held, *theirs_here, outlet=outlet), limit)
        return await _read(db, statement.limit(limit))

    async def about(  # noqa: PLR0913 - the question's own parts
        self,
        db: AsyncConnection,
        channel: str,
        typed: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        outlet: str | None = None,
        limit: int = 5,
    ) -> list[FoundQuote]:
        """Return anyone's quotes that hold every word of ``typed``, the newest first; the rest as ``by_speaker``."""
        asked = asked_words(typed)
        if not asked:
            return []
        statement = _matching(channel, matches(quotes, asked, db.dialect.name), outlet=outlet)
        return await _read_once(db, statement.where(*_printed(since, until, outlet)), limit)

    async def since(
        self, db: AsyncConnection, channel: str, since: datetime, *, bar: float, limit: int = 200
    ) -> list[FoundQuote]:
        """Return the quotes of known speakers printed after ``since``, at or above ``bar``, the newest first."""
        known = and_(quotes.c.speaker_id.is_not(None), quotes.c.confidence >= bar)
        return await _read(db, _found(channel, known, quotes.c.newest_at > since).limit(limit))

    async def of_articles(self, db: AsyncConnection, channel: str, article_ids: Sequence[int]) -> list[FoundQuote]:
        """Return all quotes of these articles, article by article, in reading order."""
        here = select(quotes.c.quote_id).where(*_shown(channel, CURRENT, quotes.c.article_id.in_(article_ids)))
        return await _read(db, here, *_READING)

    async def get(self, db: AsyncConnection, channel: str, quote_ids: Sequence[int]) -> list[FoundQuote]:
        """Return quotes by their ids, in reading order, also such as are removed or withdrawn; see ``state``."""
        chosen = select(*COLUMNS).select_from(JOINED).where(quotes.c.quote_id.in_(quote_ids), visible(quotes, channel))
        return await _read(db, chosen.order_by(quotes.c.article_id, quotes.c.start))

    async def numbered(self, db: AsyncConnection, channel: str, number: int) -> FoundQuote | None:
        """Return the quote that ``/q<number>`` stands for in this chat, also a removed one; None where it stands for none."""
        mine = and_(quote_numbers.c.channel == chat_of(channel), quote_numbers.c.number == number)
        found = await self.get(
            db, channel, (await db.execute(select(quote_numbers.c.quote_id).where(mine))).scalars().all()
        )
        return found[0] if found else None

    async def count(self, db: AsyncConnection, channel: str, speaker_id: int, *, bar: float = 0.0) -> tuple[int, int]:
        """Return (quotes, articles they stand in) of a speaker."""
        group = await group_of(db, speaker_id)
        chosen = _shown(channel, LISTED, quotes.c.speaker_id == group[0], quotes.c.confidence >= bar)
        statement = select(func.count(), func.count(distinct(quotes.c.article_id))).where(*chosen)
        count, pages = (await db.execute(statement)).one()
        return count, pages

    async def totals(self, db: AsyncConnection, channel: str) -> tuple[int, int]:
        """Return (quotes, people quoted) that the asker sees."""
        chosen = _shown(channel, LISTED)
        statement = select(func.count(), func.count(distinct(quotes.c.speaker_id))).where(*chosen)
        count, people = (await db.execute(statement.select_from(quotes))).one()
        return count, people

    async def withdraw(self, db: AsyncConnection, quote_id: int) -> None:
        """Take a quote back: it is listed nowhere any more, whatever a later analysis finds. Does not commit."""
        await db.execute(update(quotes).where(quotes.c.quote_id == quote_id).values(state="withdrawn"))

    async def take_name(self, db: AsyncConnection, quote_id: int) -> None:
        """Take the speaker back from a quote; its words stay. Does not commit."""
        await db.execute(update(quotes).where(quotes.c.quote_id == quote_id).values(NAMELESS))

    async def namings(self, db: AsyncConnection, channel: str, speaker_id: int, *, limit: int = 5) -> list[Naming]:
        """Return the articles that name a speaker, quoted or not, the newest first."""
        group = await group_of(db, speaker_id)
        statement = (
            select(mentions)
            .join(articles, articles.c.article_id == mentions.c.article_id)
            .where(mentions.c.speaker_id.in_(group), visible(mentions, channel))
            .order_by(articles.c.newest_at.desc(), articles.c.article_id.desc(), mentions.c.place)
            .limit(limit * len(group))
        )
        by_article: dict[int, list[Row[Any]]] = {}
        for row in await db.execute(statement):
            by_article.setdefault(row.article_id, []).append(row)
        found = []
        for article_id, rows in list(by_article.items())[:limit]:
            article = await Articles().get(db, channel, article_id)
            assert article is not None  # a mention has its article's owner
            found.append(_naming(article, rows))
        return found


def _naming(article: StoredArticle, rows: Sequence[Row[Any]]) -> Naming:
    """Return where an article names somebody, by one name or, after a merge, by several."""
    mentioned = {span for row in rows for span in spans_value(row.mentions)}
    reported = {span for row in rows for span in spans_value(row.reported)}
    return Naming(article, rows[0].name, tuple(sorted(mentioned)), tuple(sorted(reported)))


JOINED = quotes.join(articles, articles.c.article_id == quotes.c.article_id).outerjoin(
    speakers, speakers.c.speaker_id == quotes.c.speaker_id
)
# What a card needs and the quote's row does not have under the same name and value.
_CARD = ("identity", "url", "outlet", "title", "byline", "language", "published_at", "fetched_at")
_PLACE = (quotes.c.newest_at, quotes.c.article_id, quotes.c.start)
_NEWEST = (quotes.c.newest_at.desc(), quotes.c.article_id.desc(), quotes.c.start)
_READING = (quotes.c.article_id, quotes.c.start)
COLUMNS = (*quotes.c, *(articles.c[name] for name in _CARD), speakers.c.name.label("speaker_name"))
"""What ``rows.found_value`` reads, of ``JOINED``."""


def _shown(channel: str, *which: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a quote that may be listed."""
    called_wrong = select(feedback.c.quote_id).where(
        feedback.c.channel == chat_of(channel), feedback.c.kind != "cut_wrong", feedback.c.decision.is_(None)
    )
    return (*which, visible(quotes, channel), quotes.c.quote_id.not_in(called_wrong))


def _printed(since: datetime | None, until: datetime | None, outlet: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions on when and where a quote was printed."""
    which: list[ColumnElement[bool]] = []
    if since is not None:
        which.append(quotes.c.newest_at > since)
    if until is not None:
        which.append(quotes.c.newest_at <= until)
    if outlet is not None:
        theirs = and_(articles.c.article_id == quotes.c.article_id, printed_by(outlet))
        which.append(exists().where(theirs).correlate(quotes))
    return which


def printed_by(outlet: str) -> ColumnElement[bool]:
    """Return the condition that an article is an outlet's: by a part of its name, or by its site's name ("post.example")."""
    typed = " ".join(outlet.split())
    # SQLite's lower() knows ASCII only, so a name is looked for in the ways it is typed, too.
    spelt = {typed, typed.title(), typed.upper()}
    named = [articles.c.outlet.contains(each, autoescape=True) for each in sorted(spelt)]
    named.append(func.lower(articles.c.outlet).contains(typed.casefold(), autoescape=True))
    if "." in typed:
        site = typed.casefold().removeprefix("www.").replace("%", "").replace("_", r"\_")
        url = func.lower(articles.c.url).concat("/")
        named += [url.like(f"%://{before}{site}/%", escape="\\") for before in ("", "%.")]
    return or_(*named)


def _found(channel: str, *which: ColumnElement[bool]) -> Select[Any]:
    """Return the query for quotes that may be listed, the newest article first; see ``_read``."""
    return select(quotes.c.quote_id).where(*_shown(channel, LISTED, *which)).order_by(*_NEWEST)


def _matching(channel: str, *which: ColumnElement[bool], outlet: str | None) -> Select[Any]:
    """Return the query for (quote, the one it is listed under) of quotes that hold what is asked for, the newest first.

    A fragment is found by the words of its printed sentence, which its fold does not share: so fragments are asked for
    whether they are listed or not. So is whatever one outlet printed: it may be listed under another's.
    """
    if outlet is None:
        which = (*which, or_(quotes.c.same_as.is_(None), quotes.c.kind == literal_column("'partial'")))
    head = func.coalesce(quotes.c.same_as, quotes.c.quote_id)
    return select(quotes.c.quote_id, head.label("head")).where(*_shown(channel, CURRENT, *which)).order_by(*_NEWEST)


async def _read_once(db: AsyncConnection, found: Select[Any], limit: int) -> list[FoundQuote]:
    """Return the quotes that a query of quotes and heads finds, each fold once."""
    return await _read_heads(db, await _pairs(db, found.limit(SPARE * limit)), limit)


def _among_newest(theirs: Select[Any], asked: Iterable[str], limit: int) -> Select[Any]:
    """Return the query for those of the first ``NEWEST`` of some quotes that hold these words; for PostgreSQL."""
    few = theirs.add_columns(quotes.c.search, *_PLACE).limit(NEWEST).subquery()
    order = (few.c.newest_at.desc(), few.c.article_id.desc(), few.c.start)
    return select(few.c.quote_id, few.c.head).where(holds(few.c.search, asked)).order_by(*order).limit(limit)


async def _pairs(db: AsyncConnection, found: Select[Any]) -> list[tuple[int, int]]:
    """Return (quote, the one it is listed under) of what a query finds."""
    return [(row.quote_id, row.head) for row in await db.execute(found)]


async def _read_heads(db: AsyncConnection, pairs: Sequence[tuple[int, int]], limit: int) -> list[FoundQuote]:
    """Return the quotes of such pairs, each fold once, by the one that is listed if it is there."""
    listed = {quote_id for quote_id, head in pairs if quote_id == head}
    once: dict[int, int] = {}
    for quote_id, head in pairs:
        once.setdefault(head, head if head in listed else quote_id)
    chosen = select(quotes.c.quote_id).where(quotes.c.quote_id.in_(list(once.values())[:limit]))
    return await _read(db, chosen)


async def _read(db: AsyncConnection, found: Select[Any], *order: ColumnElement[Any]) -> list[FoundQuote]:
    """Return the quotes that a query of ids finds, in an order.

    Ids first, rows then: whatever is sorted to be cut off is narrow, and for one speaker stands in the index alone.
    """
    chosen = found.subquery()
    joined = JOINED.join(chosen, chosen.c.quote_id == quotes.c.quote_id)
    statement = select(*COLUMNS).select_from(joined).order_by(*(order or _NEWEST))
    return [found_value(row) for row in await db.execute(statement)]

"""The statements by which an article is saved: made once, since making a statement costs more than running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, insert, literal_column, select, union_all

from store.database import unless_there
from store.made_once import made_once
from store.tables import addresses, articles, mentions, quotes, revisions, sightings

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, Table


def whose(table: Table, *, shared: bool) -> ColumnElement[bool]:
    """Return the condition that a row is shared, or belongs to the parameter ``owner``; nothing folds across owners."""
    return table.c.owner_channel.is_(None) if shared else table.c.owner_channel == bindparam("owner")


def _known(*, shared: bool) -> Select[Any]:
    """Return the query for the articles that a page may be: by its address (``known_at``), then by its ``text_sha256``.

    Two outlets print the same text, so whoever asks decides by the outlet which of the latter are the same article.
    """
    shown = and_(revisions.c.article_id == articles.c.article_id, revisions.c.number == articles.c.revision)
    names = ("article_id", "revision", "outlet", "url", "published_at")
    columns = (*(articles.c[name] for name in names), revisions.c.text_sha256)
    here = select(addresses.c.article_id).where(
        addresses.c.url.in_(bindparam("known_at", expanding=True)), whose(addresses, shared=shared)
    )
    by_address = select(*columns, literal_column("0").label("surer")).join(revisions, shown)
    by_text = select(*columns, literal_column("1").label("surer")).join(revisions, shown)
    both = union_all(
        by_address.where(articles.c.article_id.in_(here)),
        by_text.where(revisions.c.text_sha256 == bindparam("text_sha256"), whose(articles, shared=shared)),
    ).subquery()
    return select(both).order_by(both.c.surer, both.c.article_id)


KNOWN = {shared: made_once(_known(shared=shared)) for shared in (True, False)}
ADD_ARTICLE = made_once(insert(articles).returning(articles.c.article_id))
ADD_REVISION = made_once(insert(revisions))
ADD_QUOTES = made_once(insert(quotes), several=True)
ADD_MENTIONS = made_once(insert(mentions))
DROP_MENTIONS = delete(mentions).where(mentions.c.article_id == bindparam("article"))
KEEP_ADDRESSES = unless_there(addresses)
KEEP_SIGHTING = unless_there(sightings)
LAST_QUOTES = made_once(
    select(quotes.c.quote_id)
    .where(quotes.c.article_id == bindparam("article"))
    .order_by(quotes.c.quote_id.desc())
    .limit(bindparam("count"))
)

"""Which outlet printed something: whether two are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sqlalchemy import Row

    from summaries.values import Article


def is_same_outlet(row: Row[Any], article: Article) -> bool | None:
    """Return whether one outlet printed both, by its name or its site; None where one of them is unknown.

    Args:
        row: Has the ``outlet`` and the ``url`` of an article that is kept.
        article: Another.
    """
    if not row.outlet or not article.outlet:
        return None
    # A site may call itself now this, now that.
    if (site := _site(row.url)) and site == _site(article.url):
        return True
    return bool(_name(row.outlet) == _name(article.outlet))


def _name(outlet: str) -> str:
    return " ".join(outlet.casefold().split())


def _site(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""

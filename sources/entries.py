"""What a feed gives: entries with an identity, whole addresses and honest dates.

The parsers (``xml_feeds``, ``json_feeds``, ``sitemaps``) hand over what they found, ``entries_of`` makes entries of it,
so that every format gets the same rules.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from sources.addresses import address_key, clean_address, with_place, without_password

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the web: the 1st of January 1970 and the year 1 are what programs write for "unknown"."""
CLOCK_ERROR = timedelta(days=1)
"""Wrong zones and embargoes put dates up to a day ahead; what lies further is no date."""
_Candidate = tuple[str, str]
"""By what an entry may be known, and as what."""


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """What a parser found, as printed; None or empty where there is nothing."""

    guid: str | None = None
    title: str | None = None
    link: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    author: str | None = None
    content: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    Attributes:
        identity: What it is known by within its feed: its guid, else its link, else what stands behind "#" in its guid,
            else its title and date. Of these the first that no other entry of the feed has, too.
        title: Plain text; None where the feed has none.
        link: Where its page is, absolute, without trackers; None where it has none. Where other entries have that page,
            too, or it is the front page, with a place on it: the text in the feed is an article of its own.
        published_at: Aware UTC; when the feed says it was printed, at the latest now; None where it does not say.
        updated_at: The same for its last change.
        author: Plain text; None where the feed does not say.
        content: HTML of the whole text, if the feed has it; to be cleaned before anything of it is shown.
        summary: HTML of the teaser, likewise.
        mark: What its page and title are known by, whatever becomes of its guid; None where several entries share both,
            or it has no page.
        changed_at: The later of both dates as printed; None where there is none, or it is yet to come.
        is_ahead: Whether its date is yet to come, so that ``published_at`` is when the feed was read.
        text_mark: What title, date, page and text are known by, where guid, page and title may be those of others that
            are not in the feed now: it has no page of its own, or no title. None elsewhere.
    """

    identity: str
    title: str | None
    link: str | None
    published_at: datetime | None
    updated_at: datetime | None
    author: str | None
    content: str | None
    summary: str | None
    mark: str | None = None
    changed_at: datetime | None = None
    is_ahead: bool = False
    text_mark: str | None = None

    @property
    def printed_at(self) -> datetime | None:
        """When it was printed, as an article says it; None where its feed does not say, or says a time yet to come.

        "Now" is good enough to sort by. Kept with an article it would be later with each reading, and after a restore an
        article that was told before would pass for one that was printed since.
        """
        return None if self.is_ahead else self.published_at

    @property
    def marks(self) -> tuple[str, ...]:
        """What is kept of it once it was read, to know it again."""
        known_by = (self.identity, self.mark, self.text_mark)
        return tuple(dict.fromkeys(mark for mark in known_by if mark is not None))


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed, read.

    Attributes:
        format: As in ``rss20``, ``atom10``, ``rss10``, ``json11``, ``sitemap``.
        title: Plain text; None where it has none.
        home: Address of the site.
        language: As printed ("en-gb").
        ttl: How long the feed says it stays good; None where it does not say.
        entries: In the feed's order, each identity once.
        is_whole: Whether it was all there; else these are the entries that end before it breaks off.
    """

    format: str
    title: str | None
    home: str | None
    language: str | None
    ttl: timedelta | None
    entries: tuple[Entry, ...]
    is_whole: bool = True

    @property
    def newest_at(self) -> datetime | None:
        """When its newest entry was printed."""
        return max((entry.published_at for entry in self.entries if entry.published_at is not None), default=None)


def entries_of(found: Sequence[FoundEntry], *, base: str, read_at: datetime) -> tuple[Entry, ...]:
    """Return entries in the feed's order, each identity once, what is empty left out.

    Args:
        found: What the parser found.
        base: What relative links are relative to.
        read_at: When the feed was read; aware.
    """
    links = [_link(one, base) for one in found]
    identities = _identities(found, links)
    marks = [_mark(one, link) for one, link in zip(found, links, strict=True)]
    text_marks = [_text_mark(one, link) for one, link in zip(found, links, strict=True)]
    common = {mark for mark, count in Counter([*marks, *text_marks]).items() if count > 1}
    entries: dict[str, Entry] = {}
    places = _places(links, identities)
    for one, link, mark, text_mark, identity in zip(found, places, marks, text_marks, identities, strict=True):
        if not (one.title or link or one.content or one.summary):
            continue
        said = one.published_at or one.updated_at
        published = _honest(said, read_at)
        if identity not in entries:
            entries[identity] = Entry(
                identity=identity,
                title=one.title or None,
                link=link,
                published_at=published,
                updated_at=_honest(one.updated_at, read_at),
                author=one.author or None,
                content=one.content or None,
                summary=one.summary or None,
                mark=None if mark in common else mark,
                changed_at=_last_change(one, read_at),
                is_ahead=said is not None and published is not None and said > read_at,
                text_mark=None if text_mark in common else text_mark,
            )
    return tuple(entries.values())


def fresh(entries: Sequence[Entry], seen: Mapping[str, datetime]) -> list[Entry]:
    """Return the entries that were not read yet, in their order.

    Guids are not to be trusted alone. Some programs make new ones with every change of the feed: an entry whose page was
    read under the same title is known, whatever its guid. Others use one again: an entry of a known guid with another
    page or title, printed after the guid was seen, is new.

    Args:
        entries: Of one feed.
        seen: Marks of its entries that are known, each with the time it was seen first.
    """
    return [entry for entry in entries if not _is_known(entry, seen)]


def _is_known(entry: Entry, seen: Mapping[str, datetime]) -> bool:
    if any(mark in seen for mark in (entry.mark, entry.text_mark) if mark is not None):
        return True
    seen_at = seen.get(entry.identity)
    if seen_at is None:
        return False
    used_again = entry.mark is not None and entry.published_at is not None and entry.published_at > seen_at
    return not used_again


def newest(entries: Sequence[Entry], limit: int) -> tuple[Entry, ...]:
    """Return the newest entries, the newest first; those without a date come last, in the feed's order.

    A new source is read in with these, so that it floods nobody; the rest count as seen.
    """
    return tuple(sorted(entries, key=_age)[:limit])


def _age(entry: Entry) -> tuple[bool, float]:
    moment = entry.published_at
    return moment is None, 0.0 if moment is None else -moment.timestamp()


def _link(one: FoundEntry, base: str) -> str | None:
    """Return where an entry's page is; a private feed's password stays with the feed, for links are shown."""
    link = clean_address(one.link, base=base) if one.link else None
    return None if link is None else without_password(link)


def _mark(one: FoundEntry, link: str | None) -> str | None:
    """Return what a page is known by under one title."""
    if link is None:
        return None
    text = f"{address_key(link) or link}\n{one.title or ''}"
    return f"page:{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:32]}"


def _text_mark(one: FoundEntry, link: str | None) -> str | None:
    """Return what an entry without a page of its own, or without a title, is known by whoever stands beside it.

    By itself it has the guid or link that all share; beside others of its title it is known by its date or text.
    """
    page = link and (address_key(link) or link)
    return None if one.title and page and not _is_front(page) else _last_name(one, page)


def _last_name(one: FoundEntry, page: str | None) -> str:
    """Return what tells an entry from every one that is not the same throughout."""
    return _hashed(f"{one.title or ''}\n{_printed(one)}\n{page}\n{_body(one)}")


def _printed(one: FoundEntry) -> str:
    return "" if one.published_at is None else one.published_at.isoformat()


def _body(one: FoundEntry) -> str:
    return one.content or one.summary or ""


def _identities(found: Sequence[FoundEntry], links: Sequence[str | None]) -> list[str]:
    """Return what each entry is known by.

    Some feeds give every entry one guid ("0", the section, the site's address) or one link (the front page, a live
    page): what different entries share tells nothing apart, and the next best does.
    """
    candidates = [_candidates(one, link) for one, link in zip(found, links, strict=True)]
    meant: dict[_Candidate, set[str]] = {}
    for candidate, meaning in chain.from_iterable(candidates):
        meant.setdefault(candidate, set()).add(meaning)
    chosen = (next(one for one, _ in each if len(meant[one]) == 1) for each in candidates)
    return [identity for _, identity in chosen]


def _candidates(one: FoundEntry, link: str | None) -> list[tuple[_Candidate, str]]:
    """Return what an entry may be known by, the best first, each with what is another where the entry is another."""
    guid, title, named = (one.guid or "").strip(), one.title or "", list[tuple[_Candidate, str]]()
    key, fragment = address_key(guid), guid.partition("#")[2]
    page = None if link is None else address_key(link) or link
    has_own_page = page is not None and not _is_front(page)
    printed, body = _printed(one), _body(one)
    # One title ("Breaking news"), or none, says as little of different notes as the front page does.
    said = title if has_own_page and title else f"{title}\n{printed}\n{body}"
    if guid:
        # A guid that is an address changes with the site: http becomes https, a slash comes or goes.
        name = f"guid:{guid[:500]}" if key is None else f"link:{key}"
        # What stands behind "#" tells notes of one page apart, or readings of one article: then the link is the same.
        named.append((("guid", name), f"{fragment}\n{page if has_own_page else said}"))
    if page is not None:
        named.append((("link", f"link:{page}"), said))
    if key is not None and fragment:
        # After the link, for it is one for the readings of an article; before the title, for a headline is edited.
        named.append((("whole guid", f"link:{key}#{fragment[:500]}"), page if page and has_own_page else said))
    named.append((("title", _hashed(f"{title}\n{printed}" if title or printed else body)), f"{page}\n{body}"))
    named.append((("all", _last_name(one, page)), ""))
    return named


def _places(links: Sequence[str | None], identities: Sequence[str]) -> list[str | None]:
    """Return each entry's link, with a place on it where the page is not its own.

    Stored by the link alone, each text would pass for a revision of the one before, and take its quotes away.
    """
    pages = [link and (address_key(link) or link) for link in links]
    there = Counter(page for page, _ in {*zip(pages, identities, strict=True)})
    return [
        with_place(link, hashlib.sha256(identity.encode()).hexdigest()[:12])
        if link is not None and page is not None and (there[page] > 1 or _is_front(page))
        else link
        for link, page, identity in zip(links, pages, identities, strict=True)
    ]


def _is_front(page: str) -> bool:
    """Return whether the key of an address is that of a site's front page."""
    return "/" not in page and "?" not in page


def _hashed(text: str) -> str:
    return f"hash:{hashlib.sha256(text.encode(errors='replace')).hexdigest()}"


def _honest(moment: datetime | None, read_at: datetime) -> datetime | None:
    """Return a date that can be: nothing was printed after it was read, or before the web."""
    if moment is None or moment < EARLIEST or moment > read_at + CLOCK_ERROR:
        return None
    return min(moment, read_at)


def _last_change(one: FoundEntry, read_at: datetime) -> datetime | None:
    """Return the later date. One that is yet to come became "now", and would tell of a change with each look."""
    dates = (moment for moment in (one.published_at, one.updated_at) if moment is not None)
    return max((moment for moment in dates if EARLIEST <= moment <= read_at), default=None)

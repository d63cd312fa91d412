"""``onrecord sources check`` and ``discover``: what is found at an address, in plain words; nothing is kept."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.analysing import AnalysisError
from bot.commands.at_hand import with_settings, with_store
from bot.commands.dialling import feeds_open, pages_open
from bot.commands.source_lines import ago, ahead, name_of, trouble
from bot.commands.sources import ASKER, NONE_YET
from bot.starting import FAILED, complain, say, utc_now
from handlers.numbers import number_in
from handlers.private import reason_of
from handlers.wording import counted
from sources.addresses import clean_address, without_password
from sources.discovery import find_feeds
from sources.entries import newest
from sources.errors import SourceError
from sources.full_text import FullText, holds_all, needs_page
from sources.reading import FeedRequest, fetch_feed
from sources.robots import RobotsKeeper
from store.sources import Sources
from summaries.errors import NotAnArticleError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.commands.at_hand import AtHand
    from bot.page_reader import PageReader
    from config.settings import Settings
    from sources.entries import Entry, ParsedFeed
    from sources.polling import FeedOutcome
    from sources.reading import FeedReader
    from store.source_values import Source

AT_ONCE = 20
"""Sources that are looked at beside each other."""
FORMATS = {
    "rss090": "RSS 0.90", "rss091n": "RSS 0.91", "rss091u": "RSS 0.91", "rss092": "RSS 0.92", "rss093": "RSS 0.93",
    "rss094": "RSS 0.94", "rss20": "RSS 2.0", "rss10": "RSS 1.0 (RDF)", "rss": "RSS", "atom01": "Atom 0.1",
    "atom02": "Atom 0.2", "atom03": "Atom 0.3", "atom10": "Atom 1.0", "atom": "Atom", "cdf": "CDF",
    "json10": "JSON Feed 1.0", "json11": "JSON Feed 1.1", "sitemap": "news sitemap",
}  # fmt: skip


def check(written: str | None) -> int:
    """Say what is found at a source or an address; without one, whether each source answers; return the exit code."""
    if written is None:
        return with_store(check_all)
    number = number_in(written)
    if number is not None:
        return with_store(partial(check_source, number))
    return with_settings(partial(_check_address, written))


def discover(site: str) -> int:
    """Print the feeds of a site; return the exit code."""
    return with_settings(partial(look_around, site))


async def check_all(at_hand: AtHand) -> int:
    """Say of each source whether it answers; return the exit code: 1 where one does not."""
    async with at_hand.database.reading() as db:
        known = await Sources().all(db, ASKER)
    if not known:
        say(NONE_YET)
    turns, failed = asyncio.Semaphore(AT_ONCE), 0
    async with feeds_open(at_hand.settings) as feeds:

        async def looked(one: Source) -> tuple[Source, FeedOutcome]:
            async with turns:
                return one, await fetch_feed(feeds, FeedRequest(one.url))

        for task in asyncio.as_completed([looked(one) for one in known]):
            one, outcome = await task
            failed += outcome.error is not None
            said = f"FAILS: {outcome.error}" if outcome.feed is None else f"answers: {_told(outcome.feed, utc_now())}"
            say(f"{one.source_id:>4}  {name_of(one)} {said}")
    return FAILED if failed else 0


async def check_source(number: int, at_hand: AtHand) -> int:
    """Say how a source stands and what is found at it now; return the exit code."""
    async with at_hand.database.reading() as db:
        one = await Sources().get(db, ASKER, number)
    if one is None:
        return complain(f"there is no source {number}; onrecord sources list shows them", FAILED)
    now = utc_now()
    say(f"Source {number}, {name_of(one)}: {without_password(one.url)}")
    looked = "never looked at" if one.checked_at is None else f"looked at {ago(one.checked_at, now)}"
    due = "paused" if one.paused_reason is not None else f"next look {ahead(one.due_at, now)}"
    say(f"  {looked}, {due}")
    if (wrong := trouble(one, now)) is not None:
        say(f"  {wrong}")
    return await look_at(one.url, FullText(one.full_text), at_hand.settings)


async def _check_address(written: str, settings: Settings) -> int:
    typed = written if "://" in written else f"https://{written}"
    url = clean_address(typed)
    if url is None:
        return complain(f"{written}: no address of a feed; one begins with https://", FAILED)
    say(without_password(url))
    return await look_at(url, FullText.AUTO, settings)


async def look_at(url: str, mode: FullText, settings: Settings) -> int:
    """Say what is found at an address; return the exit code: 1 where it is no feed that can be read."""
    async with feeds_open(settings) as feeds:
        outcome = await fetch_feed(feeds, FeedRequest(url))
        if outcome.feed is None:
            say(f"  cannot be read: {outcome.error}")
            await _hint(feeds, url)
            return FAILED
        feed, now = outcome.feed, utc_now()
        say(f"  answers with {_told(feed, now)}")
        if not feed.is_whole:
            say("  breaks off: the entries that end before that are read, others once it is whole")
        if outcome.moved_to is not None:
            say(
                f"  has moved for good to {without_password(outcome.moved_to)}; three such answers in a row move the source"
            )
        said = [f"wishes to be asked every {_minutes(outcome)} at most"] if outcome.fresh_for else []
        said += ["can say that nothing is new (conditional requests)"] if outcome.etag or outcome.last_modified else []
        for line in said:
            say(f"  {line}")
    return await _look_at_newest(feed, mode, settings)


async def _look_at_newest(feed: ParsedFeed, mode: FullText, settings: Settings) -> int:
    if not feed.entries:
        say("  holds no entries: it is empty; “onrecord sources discover” looks for others at the site")
        return 0
    whole = sum(holds_all(entry) for entry in feed.entries)
    say(f"  {whole} of {counted(len(feed.entries), 'entry', 'entries')} hold the whole article; full text: {mode}")
    chosen = next(iter(newest(feed.entries, 1)), None)
    if chosen is None:
        return 0
    with_page = needs_page(chosen, mode)
    async with pages_open(settings) as pages:
        try:
            read = await _article(pages, chosen, feed, with_page=with_page)
        except (SourceError, NotAnArticleError, AnalysisError) as exc:
            say(f"  newest article: cannot be read: {getattr(exc, 'reason', exc)}")
            return FAILED
    say(
        f"  newest article: {read}, from {'its page; robots.txt lets us' if with_page else 'the feed; no page is fetched'}"
    )
    return 0


async def _article(pages: PageReader, entry: Entry, feed: ParsedFeed, *, with_page: bool) -> str:
    if with_page and entry.link is not None:
        analysis = await pages.fetched(entry.link, outlet=feed.title, entry=entry, robots=RobotsKeeper())
    else:
        analysis = await pages.entry(entry, outlet=feed.title, language=feed.language)
    words, quotes = len(analysis.article.text.split()), len(analysis.quotes)
    return f"“{analysis.article.title or 'without a title'}”, {counted(words, 'word')}, {counted(quotes, 'quote')}"


async def _hint(feeds: FeedReader, url: str) -> None:
    """Name the feeds of the site that was asked for instead of one."""
    try:
        found = await find_feeds(feeds, url)
    except SourceError:
        return
    for link in found:
        if link.url != url:
            say(f"  but there is a feed at {link.url}" + (f" ({link.title})" if link.title else ""))


async def look_around(site: str, settings: Settings) -> int:
    """Print the feeds of a site; return the exit code."""
    typed = site if "://" in site else f"https://{site}"
    async with feeds_open(settings) as feeds:
        try:
            found = await find_feeds(feeds, clean_address(typed) or typed, with_sitemaps=True)
        except SourceError as exc:
            return complain(f"{exc.url}: {reason_of(exc, is_operator=True, typed=site)}", FAILED)
    for link in found:
        say(f"{link.url}\t{link.title or ''}".rstrip())
    return 0


def _told(feed: ParsedFeed, now: datetime) -> str:
    """Return "RSS 2.0, “Vessin Post”, 20 entries, the newest 3 hours ago"."""
    parts = [FORMATS.get(feed.format, "a feed"), *([f"“{feed.title}”"] if feed.title else [])]
    parts.append(counted(len(feed.entries), "entry", "entries"))
    parts.append("none with a date" if feed.newest_at is None else f"the newest {ago(feed.newest_at, now)}")
    return ", ".join(parts)


def _minutes(outcome: FeedOutcome) -> str:
    assert outcome.fresh_for is not None
    return counted(max(1, round(outcome.fresh_for.total_seconds() / 60)), "minute")

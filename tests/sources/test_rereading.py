"""Which entries are read again because their outlet changed them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from sources.entries import Entry, FoundEntry, entries_of
from sources.feeds import read_feed
from sources.full_text import FullText
from sources.rereading import MOST_REREADS, REREAD_AT_ONCE, REREAD_EVERY, REREAD_FOR, Changed, changed, text_hash

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ENTRY = Entry("guid:1", "Dam holds", "https://news.example/dam", None, None, None, None, "<p>Short.</p>", "page:1")
WHOLE = "<p>" + "It held all night. " * 60 + "</p>"


@dataclass(frozen=True)
class Seen:
    """An entry's mark, seen and read two hours ago."""

    seen_at: datetime = NOW - 2 * HOUR
    read_at: datetime | None = NOW - 2 * HOUR
    tried_at: datetime | None = NOW - 2 * HOUR
    rereads: int = 0
    text_hash: str | None = None


def decided(entry: Entry, *seen: Seen, full_text: FullText = FullText.AUTO) -> tuple[int, int]:
    """Return how many entries are read again now, and how many later."""
    found = changed([entry], dict(zip(("guid:1", "page:1"), seen, strict=False)), now=NOW, full_text=full_text)
    return len(found.due), found.later


@pytest.mark.parametrize(
    ("changed_at", "seen", "expected"),
    [
        (NOW - HOUR, Seen(), (1, 0)),
        (NOW - 2 * HOUR, Seen(), (0, 0)),  # no later than our reading
        (NOW - 3 * HOUR, Seen(), (0, 0)),
        (None, Seen(), (0, 0)),
        (NOW - HOUR, Seen(read_at=None), (0, 0)),  # no article was made of it
        (NOW - HOUR, Seen(tried_at=NOW - REREAD_EVERY), (1, 0)),
        (NOW - HOUR, Seen(tried_at=NOW - REREAD_EVERY + MINUTE), (0, 1)),
        (NOW - HOUR, Seen(seen_at=NOW - REREAD_FOR), (1, 0)),
        (NOW - HOUR, Seen(seen_at=NOW - REREAD_FOR - MINUTE), (0, 0)),
        (NOW - HOUR, Seen(rereads=MOST_REREADS - 1), (1, 0)),
        (NOW - HOUR, Seen(rereads=MOST_REREADS), (0, 0)),
    ],
)
def test_a_later_date_is_followed_within_bounds(
    changed_at: datetime | None, seen: Seen, expected: tuple[int, int]
) -> None:
    """Three days, half an hour, ten times."""
    assert decided(replace(ENTRY, changed_at=changed_at), seen, seen) == expected


def test_a_whole_text_goes_by_itself_and_not_by_dates() -> None:
    """Dates that are touched cost nothing; a text that changed without them is seen; markup is no text."""
    touched = replace(ENTRY, content=WHOLE, changed_at=NOW)
    seen = Seen(text_hash=text_hash(touched, FullText.AUTO))
    assert decided(touched, seen) == (0, 0)
    assert decided(replace(touched, content=WHOLE.replace("<p>", "<p class=x>")), seen) == (0, 0)
    assert decided(replace(touched, content=WHOLE.replace("night", "day"), changed_at=None), seen) == (1, 0)
    # Where the page is read instead, dates are all there is.
    assert decided(touched, seen, full_text=FullText.ALWAYS) == (1, 0)
    assert decided(touched, Seen()) == (1, 0)
    assert text_hash(ENTRY, FullText.AUTO) is None


def test_the_last_reading_counts_and_the_titles_own_age() -> None:
    """A guid that was seen long ago and is used again, or whose title changed, has two marks."""
    entry, old = replace(ENTRY, changed_at=NOW - HOUR), Seen(NOW - 9 * REREAD_FOR, NOW - 9 * REREAD_FOR, None, 9)
    assert decided(entry, old, Seen()) == (1, 0)
    assert decided(entry, old) == (0, 0)
    assert decided(entry, Seen(), Seen(read_at=NOW, tried_at=NOW)) == (0, 0)
    assert changed([entry], {}, now=NOW, full_text=FullText.AUTO) == Changed()


def test_a_first_correction_goes_before_what_changes_all_the_time() -> None:
    """Of a feed that touches all its dates only some are read with one look."""
    entries = [
        replace(ENTRY, identity=f"guid:{at}", mark=None, changed_at=NOW - at * MINUTE)
        for at in range(REREAD_AT_ONCE + 5)
    ]
    known = {each.identity: Seen(rereads=at > 0 and 3) for at, each in enumerate(reversed(entries))}
    found = changed(entries, known, now=NOW, full_text=FullText.AUTO)
    assert found.later == 5
    assert [one.entry.identity for one in found.due[:2]] == [f"guid:{REREAD_AT_ONCE + 4}", "guid:0"]
    assert [one.rereads for one in found.due[:2]] == [1, 4]


def test_a_date_that_is_yet_to_come_is_no_change() -> None:
    """It becomes "now" for people; with each look it would be later than the last."""
    ahead = FoundEntry(guid="1", title="Dam holds", published_at=NOW + HOUR)
    (entry,) = entries_of([ahead], base="https://news.example/", read_at=NOW)
    assert (entry.published_at, entry.changed_at, entry.printed_at) == (NOW, None, None)
    (entry,) = entries_of([replace(ahead, updated_at=NOW - HOUR)], base="https://news.example/", read_at=NOW)
    assert entry.changed_at == NOW - HOUR


RSS = (
    "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:dcterms='http://purl.org/dc/terms/'><channel>"
)
ITEM = "<item><title>Dam</title><link>https://news.example/1</link>"
OLD, NEW = "Sun, 06 Sep 2026 05:00:00 GMT", "2026-09-06T07:00:00Z"


@pytest.mark.parametrize(
    "body",
    [
        f"{RSS}{ITEM}<pubDate>Sun, 06 Sep 2026 07:00:00 GMT</pubDate></item></channel></rss>",
        f"{RSS}{ITEM}<pubDate>{OLD}</pubDate><dc:modified>{NEW}</dc:modified></item></channel></rss>",
        f"{RSS}{ITEM}<pubDate>{OLD}</pubDate><dcterms:modified>{NEW}</dcterms:modified></item></channel></rss>",
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>Post</title><entry><id>urn:1</id><title>Dam</title>"
            f"<published>2026-09-06T05:00:00Z</published><updated>{NEW}</updated></entry></feed>"
        ),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Dam",'
            f' "date_published": "2026-09-06T05:00:00Z", "date_modified": "{NEW}"}}]}}'
        ),
        (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
            f"<url><loc>https://news.example/1</loc><lastmod>{NEW}</lastmod><n:news>"
            "<n:publication_date>2026-09-06T05:00:00Z</n:publication_date><n:title>Dam</n:title></n:news></url></urlset>"
        ),
    ],
    ids=["pubDate", "dc:modified", "dcterms:modified", "updated", "date_modified", "lastmod"],
)
def test_every_format_says_when_an_entry_changed(body: str) -> None:
    """Each in its own word."""
    feed = read_feed(body.encode(), content_type="", url="https://news.example/feed", read_at=NOW)
    assert [entry.changed_at for entry in feed.entries] == [NOW - HOUR]

"""Lists of feeds, in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from sources.errors import FileError
from sources.opml import MAX_FEEDS, ListedFeed, read_opml, write_opml

NESTED = b"""<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="World"><outline text="Europe"><outline text="A &amp; B" XMLURL=" https://a.example/feed?utm_source=x "/></outline>
<outline type="rss" title="C" xmlUrl="https://c.example/feed" htmlUrl="https://c.example/"/></outline>
<outline text="Again"><outline title="C" xmlUrl="https://c.example/feed"/></outline>
<outline text="Script" xmlUrl="javascript:alert(1)"/><outline xmlUrl="https://d.example/feed"/>
</body></opml>"""


def test_folders_become_tags() -> None:
    """Outermost first; a feed in two folders has both tags; what is no web address is left out."""
    feeds = read_opml(NESTED)
    assert [(feed.url, feed.title, feed.tags) for feed in feeds] == [
        ("https://a.example/feed", "A & B", ("World", "Europe")),
        ("https://c.example/feed", "C", ("World", "Again")),
        ("https://d.example/feed", None, ()),
    ]


def test_what_is_written_is_read_again() -> None:
    """Names full of marks survive; nothing is written as markup."""
    feeds = (
        ListedFeed("https://a.example/feed?a=1&b=2", 'A "<&>', "https://a.example/", ("World",), "GB", "Ana & Co"),
        ListedFeed("https://b.example/feed", "B"),
    )
    written = write_opml(feeds, title="Mine & yours")
    assert read_opml(written) == feeds


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no list",
        b"<html><body/></html>",
        b'<!DOCTYPE opml [<!ENTITY x "y">]><opml><body><outline text="&x;"/></body></opml>',
        b"\x89PNG\r\n" + bytes(range(256)),
        b"<opml><body>"
        + b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(MAX_FEEDS + 1))
        + b"</body></opml>",
    ],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    """With a sentence for whoever sent it."""
    with pytest.raises(FileError):
        read_opml(data)


def test_deep_and_broken_lists_are_read_as_far_as_they_go() -> None:
    """No recursion; a list cut off gives what came before."""
    assert read_opml(b"<opml><body>" + b"<outline text='a'>" * 100_000) == ()
    assert len(read_opml(NESTED[:400])) >= 1


def test_the_starter_list_says_whose_each_outlet_is() -> None:
    """A dozen feeds or more over https, each with country and owner."""
    feeds = read_opml((Path(config.__file__).parent / "starter.opml").read_bytes())
    assert len(feeds) >= 12
    assert all(
        feed.url.startswith("https://") and feed.title and feed.country and feed.owner and feed.tags for feed in feeds
    )

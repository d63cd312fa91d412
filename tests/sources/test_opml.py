"""Lists of feeds, in and out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import fromstring

import config
from sources.errors import FileError
from sources.opml import MAX_FEEDS, NAMESPACE, ListedFeed, read_opml, write_opml

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
        ListedFeed("https://c.example/feed", None, None, ("News, views/reviews", "a/b", "c,d"), full_text="never"),
        ListedFeed("https://d.example/feed", None, None, tuple(f"Tag {number}" for number in range(30))),
    )
    written = write_opml(feeds, title="Mine & yours")
    assert read_opml(written) == feeds
    assert read_opml(write_opml(read_opml(written), title="")) == feeds


# What plain() leaves as it is: names come through it when they are read in.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="<&\ufffe\uffff"),
    min_size=1,
    max_size=20,
)


@given(
    st.lists(
        st.builds(
            ListedFeed,
            url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z]{0,9}", fullmatch=True),
            title=st.none() | WORDS,
            home=st.none() | st.from_regex(r"https://[a-z]{1,9}\.example/", fullmatch=True),
            tags=st.lists(WORDS, max_size=12, unique=True).map(tuple),
            country=st.none() | WORDS,
            owner=st.none() | WORDS,
            full_text=st.sampled_from([None, "always", "never"]),
        ),
        max_size=5,
        unique_by=lambda feed: feed.url,
    )
)
def test_any_list_comes_back_whole(feeds: list[ListedFeed]) -> None:
    """Names, folders, country, owner and whether pages are fetched; the order is that of the folders."""
    read = read_opml(write_opml(feeds, title="Mine"))
    assert sorted(read, key=lambda feed: feed.url) == sorted(feeds, key=lambda feed: feed.url)


def test_our_own_attributes_stand_in_a_namespace() -> None:
    """As OPML asks, so that other readers can leave them alone; lists of before had country and owner without one."""
    feed = ListedFeed("https://a.example/feed", "A", None, ("World", "a/b"), "GB", "Ana & Co", "always")
    root = fromstring(write_opml([feed], title="Mine"))
    (outline,) = (one for one in root.iter("outline") if one.get("xmlUrl"))
    plain = {name for name in outline.attrib if not name.startswith("{")}
    assert plain == {"type", "text", "xmlUrl", "category"}
    assert {name: outline.get(f"{{{NAMESPACE}}}{name}") for name in ("country", "owner", "fullText", "tags")} == {
        "country": "GB",
        "owner": "Ana & Co",
        "fullText": "always",
        "tags": "World\na/b",
    }
    old = b'<opml><body><outline xmlUrl="https://a.example/feed" country="GB" owner="Ana" tags="x" fullText="always"/></body></opml>'
    assert read_opml(old) == (ListedFeed("https://a.example/feed", country="GB", owner="Ana"),)


def test_what_one_place_says_of_a_feed_holds_at_the_other() -> None:
    """A feed in two folders may be described in one of them only."""
    twice = b"""<opml><body><outline text="World"><outline xmlUrl="https://a.example/feed"/></outline>
    <outline text="Asia"><outline xmlUrl="https://a.example/feed" text="A" country="IN"/></outline></body></opml>"""
    assert read_opml(twice) == (ListedFeed("https://a.example/feed", "A", None, ("World", "Asia"), "IN"),)


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

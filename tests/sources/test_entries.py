"""Whole texts, dates and character sets by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.decoding import DeclarationError, decode, safe_xml
from sources.entries import Entry, FoundEntry, entries_of, fresh, newest
from sources.full_text import FullText, needs_page
from sources.moments import moment_of
from sources.plain import as_html, plain

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)
ENTRY = Entry("guid:1", "Dam holds", "https://news.example/dam", None, None, None, None, "<p>Short.</p>")
WHOLE = "<p>" + "It held all night. " * 60 + "</p>"


@pytest.mark.parametrize(
    ("content", "auto"),
    [
        (None, True),
        (WHOLE, False),
        ("<p>It held.</p>", True),  # a teaser
        (WHOLE + "<p>Read more</p>", True),  # cut
        (WHOLE + "<p><a href='x'>Continue reading →</a></p>", True),
        (WHOLE.removesuffix("</p>") + "and then […]</p>", True),
        (WHOLE + "<p>The post <a>Dam holds</a> appeared first on <a>Orlan Herald</a>.</p>", False),
    ],
)
def test_a_page_is_fetched_where_the_entry_is_cut(content: str | None, *, auto: bool) -> None:
    """Auto looks at the text; always and never do not; without a link there is no page."""
    entry = replace(ENTRY, content=content)
    assert needs_page(entry, FullText.AUTO) is auto
    assert needs_page(entry, FullText.ALWAYS)
    assert not needs_page(entry, FullText.NEVER)
    assert not needs_page(replace(entry, link=None), FullText.ALWAYS)


@given(st.text(max_size=80))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    """Nothing is raised, and what comes out is UTC."""
    moment = moment_of(text)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2026-09", "2026-09-01T00:00:00"),
        ("Sun Sep  6 07:00:00 2026", "2026-09-06T07:00:00"),
        ("Sun, 06 Sep 2026 12:00 AM +0000", "2026-09-06T00:00:00"),
        ("Sun, 06 Sep 2026 19:00 PM GMT", "2026-09-06T19:00:00"),
        ("Sun, 06 Sep 2026 07:00:00 -09:30", "2026-09-06T16:30:00"),
        ("2026-09-06T07:00+02:00 CEST", "2026-09-06T05:00:00"),
        ("2026-09-06T07:00 CEST", "2026-09-06T05:00:00"),
        ("2026-11-25 10:00:00 EST", "2026-11-25T15:00:00"),
        ("2026-11-25 10:00 AM EST", "2026-11-25T15:00:00"),
        ("2026-11-25T10:00:00 PDT", "2026-11-25T17:00:00"),
        ("2026/11/25 10:00 GMT", "2026-11-25T10:00:00"),
        ("1788678000", "2026-09-06T07:00:00"),
        ("178867800", None),
        ("0001-01-01T00:00:00+14:00", None),  # before the year 1
        ("06.09.2026 09:00", None),  # the 6th of September, or the 9th of June
    ],
)
def test_dates_are_read_as_they_are_meant_or_not_at_all(printed: str, moment: str | None) -> None:
    """Of what could be meant in two ways nothing is made."""
    assert moment_of(printed) == (None if moment is None else datetime.fromisoformat(moment).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("printed", "clean"),
    [
        ("&#55357;&#56832;", "\U0001f600"),
        ("&amp;#xD83D;&amp;#xDE00;", "\U0001f600"),
        ("&#56832;&#55357;", "\ufffd\ufffd"),  # the wrong way round
        ("&#55000;&#57000;", "&#55000;\ufffd"),  # the first is a letter of Korean
        ("&#55000;&#1044;&#x44e;&#38;&#x1F600;&#128512;", "&#55000;&#1044;&#x44e;&#38;&#x1F600;&#128512;"),
        ("&#0; &#x1F; &#xFFFE; &#x110000; &#" + "9" * 100_000 + ";", "\ufffd \ufffd \ufffd \ufffd \ufffd"),
        ("&#0000000000065;&#9;&#13;", "&#0000000000065;&#9;&#13;"),
        ("<!&#0;ENTITY", "<!\ufffdENTITY"),
    ],
)
def test_numbers_of_characters_are_put_right_before_parsing(printed: str, clean: str) -> None:
    """Halves become whole, what is no character its sign; all others stay as they are written."""
    assert safe_xml(f"<rss>{printed}</rss>") == f"<rss>{clean}</rss>"


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_decode(body: bytes, content_type: str) -> None:
    """Whatever the label says; and what a parser is given has no declaration."""
    text = decode(body, content_type)
    try:
        assert "<!ENTITY" not in safe_xml(text).upper()
    except DeclarationError:
        assert "<!" in text.replace("\0", "")


@given(
    st.lists(
        st.builds(
            FoundEntry,
            guid=st.none() | st.text(max_size=5),
            title=st.none() | st.text(max_size=5),
            link=st.none() | st.sampled_from(["/a", "b", "http://x.example/a", "x:y"]),
        )
    )
)
def test_identities_are_unique_and_stable(found: list[FoundEntry]) -> None:
    """The same feed read again gives the same entries."""
    entries = entries_of(found, base="https://x.example/", read_at=NOW)
    assert len({entry.identity for entry in entries}) == len(entries)
    assert entries == entries_of(found, base="https://x.example/", read_at=NOW)


def test_plain_text_is_what_a_reader_sees() -> None:
    """And HTML made of plain text shows its marks as characters."""
    assert plain(" <b>A</b>\n&amp; B &lt;i&gt;C&lt;/i&gt;") == "A & B C"
    assert plain("A &amp; B") == "A & B"
    assert plain("<br>") is None
    assert plain(None) is None
    assert as_html("a < b\n\n\nc") == "<p>a &lt; b</p><p>c</p>"


def test_a_new_source_is_read_in_with_its_newest() -> None:
    """By date, whatever the feed's order; what has no date comes last."""
    dated = [replace(ENTRY, identity=str(day), published_at=datetime(2026, 9, day, tzinfo=UTC)) for day in (1, 3, 2)]
    undated = [replace(ENTRY, identity="a"), replace(ENTRY, identity="b")]
    assert [entry.identity for entry in newest([*undated, *dated], 4)] == ["3", "2", "1", "a"]
    assert newest([], 4) == ()


HOUR = timedelta(hours=1)
FIRST = FoundEntry("g1", "Dam holds", "/dam", NOW - 2 * HOUR)


@pytest.mark.parametrize(
    ("later", "is_new"),
    [
        (FIRST, False),
        (replace(FIRST, guid="g2"), False),  # a guid made anew with every change of the feed
        (replace(FIRST, guid=None), False),
        (replace(FIRST, link="http://news.example/dam/"), False),  # a twin of its address
        (replace(FIRST, link="/dam-2", title="Dam still holds"), False),  # a headline and its address, mended
        (replace(FIRST, published_at=NOW + HOUR), False),  # only its date was moved
        (replace(FIRST, link="/harbour", title="Harbour fees", published_at=NOW + HOUR), True),  # a guid used again
        (replace(FIRST, title="Dam breaks", published_at=NOW + HOUR), True),  # its page is another article now
        (replace(FIRST, guid="g2", link="/harbour"), True),
        (replace(FIRST, guid="g2", title="Dam breaks"), True),
    ],
)
def test_an_entry_is_known_whatever_its_publisher_does_with_guids(later: FoundEntry, *, is_new: bool) -> None:
    """Nothing is read twice, nothing is lost."""
    read = entries_of([FIRST], base="https://news.example/", read_at=NOW)
    seen = {mark: NOW for entry in read for mark in entry.marks}
    again = entries_of([later], base="https://news.example/", read_at=NOW + 2 * HOUR)
    assert bool(fresh(again, seen)) is is_new


def test_a_page_that_all_entries_share_tells_nothing_apart() -> None:
    """A feed of notes that all lead to the front page is known by its guids."""
    found = [FoundEntry(guid=guid, title="Live", link="/") for guid in ("a", "b", "c")]
    entries = entries_of(found, base="https://news.example/", read_at=NOW)
    assert [entry.marks for entry in entries] == [("guid:a",), ("guid:b",), ("guid:c",)]
    assert [entry.identity for entry in fresh(entries, {"guid:a": NOW})] == ["guid:b", "guid:c"]


@pytest.mark.parametrize("before", [1, 2, 3])
@pytest.mark.parametrize(("guid", "link"), [(None, "/"), ("0", "/"), ("https://news.example/", "/"), (None, "/live")])
def test_what_all_entries_share_loses_none_however_they_come(guid: str | None, link: str, before: int) -> None:
    """One guid or link for all: whether several come with the first look or one by one, each is read once, in any order."""
    four = [FoundEntry(guid, title, link, NOW - age * HOUR) for age, title in enumerate("DCBA")]
    seen, read = dict[str, datetime](), list[str | None]()
    for count in (before, 4, 3, 2, 4):
        at = NOW - (4 - count) * HOUR
        for order in (four[-count:], four[: -count - 1 : -1]):
            new = fresh(entries_of(order, base="https://news.example/", read_at=at), seen)
            read += [entry.title for entry in new]
            seen |= {mark: at for entry in new for mark in entry.marks}
    assert sorted(read, key=str) == ["A", "B", "C", "D"]


@pytest.mark.parametrize("before", [1, 2])
@pytest.mark.parametrize(
    ("guid", "title", "link"),
    [("0", "Breaking news", "/"), (None, "Breaking news", "/"), (None, None, "/live"), ("0", "Live", None)],
)
@pytest.mark.parametrize("is_dated", [True, False])
def test_notes_of_one_title_or_none_are_told_apart(
    guid: str | None, title: str | None, link: str | None, before: int, *, is_dated: bool
) -> None:
    """By date and text, from look to look, whatever stands beside them; each is read once."""
    three = [
        FoundEntry(guid, title, link, NOW - age * HOUR if is_dated else None, summary=f"<p>{age}</p>")
        for age in range(3)
    ]
    seen, read = dict[str, datetime](), list[str | None]()
    for count in (before, 3, 2, 1, 3):
        for order in (three[-count:], three[: -count - 1 : -1]):
            new = fresh(entries_of(order, base="https://news.example/", read_at=NOW), seen)
            read += [entry.summary for entry in new]
            seen |= {mark: NOW for entry in new for mark in entry.marks}
    assert sorted(read, key=str) == ["<p>0</p>", "<p>1</p>", "<p>2</p>"]


def test_a_note_of_a_live_page_keeps_its_guid_when_its_headline_is_edited() -> None:
    """What stands behind "#" tells the notes apart; an edited headline is no new article."""
    notes = [FoundEntry(f"https://s.example/live#{at}", f"Note {at}", "/live", NOW - HOUR) for at in (1, 2)]
    read = entries_of(notes, base="https://s.example/", read_at=NOW)
    assert [entry.identity for entry in read] == ["link:s.example/live#1", "link:s.example/live#2"]
    edited = [replace(notes[0], title="Note 1, mended"), notes[1]]
    again = entries_of(edited, base="https://s.example/", read_at=NOW + HOUR)
    assert fresh(again, {mark: NOW for entry in read for mark in entry.marks}) == []
    assert [entry.link for entry in again] == [entry.link for entry in read]


def test_a_feeds_password_never_stands_in_an_articles_address() -> None:
    """Relative links take the feed's site, not its name and password; they are shown to everybody."""
    found = [FoundEntry(guid="a", link="/dam"), FoundEntry(guid="b", link="https://ana:secret@news.example/b")]
    entries = entries_of(found, base="https://ana:secret@news.example/feed", read_at=NOW)
    assert [entry.link for entry in entries] == ["https://news.example/dam", "https://news.example/b"]

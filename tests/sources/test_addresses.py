"""Addresses made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.addresses import address_key, clean_address, host_of, known_by, without_password
from sources.errors import SourceError


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTPS://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a#top", "http://example.org:8080/a"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=1", "https://example.org/a?id=7"),
        ("https://example.org/a?at_medium=RSS&at_campaign=rss", "https://example.org/a"),
        ("https://example.org/?p=123", "https://example.org/?p=123"),  # the article is in the query
        (" https://example.org/a\n b ", "https://example.org/a%20b"),
        ("https://[2606:4700::1]/a", "https://[2606:4700::1]/a"),
        ("https://reader:key@example.org/feed", "https://reader:key@example.org/feed"),
        ("https://example.org/a\u200b\x00\ud800", "https://example.org/a"),
        ("mailto:news@example.org", None),
        ("javascript:void(0)", None),
        ("https://", None),
        ("http://[::1", None),
        ("https://example.org/" + "a" * 2000, None),
    ],
)
def test_addresses_are_cleaned(url: str, clean: str | None) -> None:
    """Scheme and host lower case, default port, fragment and trackers off; what is no web address is None."""
    assert clean_address(url) == clean


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("/a", "https://example.org/a"),
        ("b", "https://example.org/news/b"),
        ("//cdn.example.org/c", "https://cdn.example.org/c"),
        ("?d=1", "https://example.org/news/feed.xml?d=1"),
    ],
)
def test_relative_addresses_are_made_whole(link: str, whole: str) -> None:
    """Relative to the feed, or to what its xml:base says."""
    assert clean_address(link, base="https://example.org/news/feed.xml") == whole


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("https://example.org/a/?utm_source=x", ("https://example.org/a/", "example.org/a")),
        (" example.org/a", ("https://example.org/a", "http://example.org/a", "example.org/a")),
        ("www.example.org:8080", ("https://www.example.org:8080/", "http://www.example.org:8080/", "example.org:8080")),
        ("ftp://example.org/a", ()),
        ("mailto:news@example.org", ()),
        ("", ()),
    ],
)
def test_an_address_is_typed_with_or_without_its_scheme(written: str, known: tuple[str, ...]) -> None:
    """What a page may be kept at: the address as it is fetched, and the key of its twins."""
    assert known_by(written) == known


def test_twins_share_a_key() -> None:
    """Http and https, a slash at the end, www and trackers: one article."""
    twins = [
        "http://example.org/a",
        "https://example.org/a/",
        "https://www.example.org/a?utm_medium=rss",
        "https://EXAMPLE.org:443/a#x",
    ]
    assert {address_key(twin) for twin in twins} == {"example.org/a"}
    assert address_key("https://example.org/a?id=1") != address_key("https://example.org/a?id=2")
    assert address_key("no address") is None


@given(st.text(max_size=60))
def test_any_text_is_cleaned_once(text: str) -> None:
    """Cleaning twice is cleaning once, and nothing raises."""
    clean = clean_address(text, base="https://example.org/")
    assert clean is None or clean_address(clean) == clean
    assert isinstance(host_of(text), str)


def test_a_password_is_taken_out_of_crooked_addresses_too() -> None:
    """Line breaks and tabs within an address are read over by those who dial, and must not hide what is before the @."""
    for url in ("https://ana:sec\nret@a.example/", "https://ana:sec\tret@a.example/f", "ana:secret@a.example"):
        assert "ret" not in without_password(url)
    assert without_password("https://a.example/@ana") == "https://a.example/@ana"


@pytest.mark.parametrize("url", ["https://me:secret@example.org/f", "http://me:secret@[::1/f"])
def test_errors_show_no_password(url: str) -> None:
    """A private feed's address may hold one."""
    assert "secret" not in str(SourceError(url, "no answer"))

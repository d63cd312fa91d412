"""An entry's own text, read by the cleaner that reads pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.entries import Entry
from sources.entry_pages import page_of
from summaries.errors import NotAnArticleError
from summaries.html_page import read_html

TEXT = "".join(
    f"<p>“It held all night,” said Ana Pardo, who keeps gate {number} of the Orlan dam.</p>" for number in range(12)
)
ENTRY = Entry(
    "guid:1",
    "Dam & bridge <hold>",
    "https://news.example/dam",
    datetime(2026, 9, 5, 10, tzinfo=UTC),
    None,
    "Leo Brandt",
    TEXT,
    "<p>Short.</p>",
)


def test_the_cleaner_finds_everything_again() -> None:
    """Title, author, date, outlet, address and every paragraph."""
    clean = read_html(page_of(ENTRY, outlet="Orlan Herald", language="en-gb"), url=ENTRY.link)
    assert (clean.title, clean.byline, clean.outlet) == ("Dam & bridge <hold>", "Leo Brandt", "Orlan Herald")
    assert clean.published_at == ENTRY.published_at
    assert clean.url == "https://news.example/dam"
    assert clean.language == "en"
    assert len(clean.paragraphs) == 12


def test_bare_text_is_a_paragraph() -> None:
    """Feeds write text without any element."""
    entry = replace(ENTRY, content=None, summary="“It held all night,” said Ana Pardo, who keeps the gate. " * 8)
    assert "It held all night" in read_html(page_of(entry), url=None).paragraphs[0][1]


def test_an_entry_without_text_is_no_article() -> None:
    """A title alone is none."""
    with pytest.raises(NotAnArticleError):
        read_html(page_of(replace(ENTRY, content=None, summary=None)))


@pytest.mark.parametrize(
    "content", ["</article></body><h1>Other</h1>", "<script>x()</script>", "<p>" * 20_000, "<!--", "\x00", "&#0;"]
)
def test_content_stays_in_its_place(content: str) -> None:
    """Whatever it closes that it did not open; the page's title is the entry's."""
    page = page_of(replace(ENTRY, content=content + TEXT))
    assert page.index("<h1>Dam &amp; bridge &lt;hold&gt;</h1>") < page.index("<div")


@given(st.text(max_size=100), st.text(max_size=30))
def test_any_entry_is_a_page(content: str, title: str) -> None:
    """Nothing is raised."""
    assert "<body>" in page_of(replace(ENTRY, title=title, content=content, author=title, summary=None))

"""HTML pages, whole, odd and broken; people and places are invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.errors import NotAnArticleError
from summaries.html_page import looks_like_html, read_html
from summaries.values import ParagraphKind

VOTE = "The council of Selm voted on Monday to keep the old harbour open for fishing boats."
COURT = "The opposition left the room before the count and has said that it will go to court over the matter."
RULING = "A spokesman for the court in Ostra said on Tuesday that a ruling could take months, if not a year."

PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head><title>Harbour vote ends in shouting | The Tern</title>
<meta property="og:site_name" content="The Tern"><meta name="author" content="Ana Pardo; Tom Ruhl">
<meta property="article:published_time" content="2026-03-03T14:10:00+02:00">
<link rel="canonical" href="https://tern.example/harbour-vote"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>Harbour vote ends in shouting</h1>
<p>{VOTE}</p>
<figure><img src="a.jpg"><figcaption>The harbour on Monday. Photo: Lea Moor</figcaption></figure>
<p>“We had no choice,” said the mayor,
 <b>Ilva&nbsp;Brandt</b>, who had asked for the vo\u00adte herself.<br>“None,” she said.</p>
<h2>What comes next</h2>
<p>{COURT}</p>
<ul><li>The quay is repaired.</li><li>The <a href="/lights">lights</a> are renewed.<ul><li>All of them.</li></ul></li></ul>
<blockquote><p>The harbour is ours, and it will stay ours.</p></blockquote>
<table><tr><td>1,204</td><td>Every household in Selm and Ostra gets a letter about the vote.</td></tr></table>
<p>{RULING}</p></article>
<div class="comments"><p>I do not think that this is right at all, says a reader who has read it.</p></div>
<footer><p>© 2026 The Tern. All rights reserved.</p></footer></body></html>"""


def minimal(head: str, attributes: str = "") -> str:
    """Return a page with three paragraphs and this head."""
    return f"<html {attributes}><head>{head}</head><body><article><p>{VOTE}</p><p>{COURT}</p><p>{RULING}</p></article></body></html>"


def test_an_article_page() -> None:
    """Lists and block quotations stay, captions, menus and comments go; what a reader does not see is gone."""
    page = read_html(PAGE)
    assert page.paragraphs == (
        (ParagraphKind.LEAD, VOTE),
        (ParagraphKind.BODY, "“We had no choice,” said the mayor, Ilva Brandt, who had asked for the vote herself."),
        (ParagraphKind.BODY, "“None,” she said."),
        (ParagraphKind.HEADING, "What comes next"),
        (ParagraphKind.BODY, COURT),
        (ParagraphKind.BODY, "The quay is repaired."),
        (ParagraphKind.BODY, "The lights are renewed."),
        (ParagraphKind.BODY, "All of them."),
        (ParagraphKind.BODY, "The harbour is ours, and it will stay ours."),
        (ParagraphKind.BODY, "Every household in Selm and Ostra gets a letter about the vote."),
        (ParagraphKind.BODY, RULING),
    )


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (
            "<ul><li>The quay is repaired<ul><li>by the town<br>and the state.</li></ul></li><li>Lights.</li></ul>",
            ["The quay is repaired", "by the town", "and the state.", "Lights."],
        ),
        (
            f"<table><tr><td>Every household in Selm gets a letter, Tom.<p>{VOTE}</p></td></tr></table>",
            ["Every household in Selm gets a letter, Tom.", VOTE],
        ),
        ("<blockquote>Ours.<p>For ever.</p></blockquote>", ["Ours.", "For ever."]),
    ],
)
def test_a_block_inside_a_block_is_told_once_and_in_its_place(block: str, lines: list[str]) -> None:
    """Lists in points of lists, text before a paragraph in a cell or a quotation."""
    page = read_html(minimal("").replace(f"<p>{COURT}</p>", block))
    assert [text for _, text in page.paragraphs] == [VOTE, *lines, RULING]


def test_words_set_apart_stay_in_their_sentence() -> None:
    """Emphasis, links, quotations and code inside a paragraph; a browser shows marks around the quotation."""
    html = minimal("").replace(
        COURT, f"{COURT} <i>It</i> was <q>not us</q>, said <code>x</code> and <del>of</del> <a href='/b'>it</a>."
    )
    assert read_html(html).paragraphs[1][1] == f"{COURT} It was “not us”, said x and of it."


def test_what_a_page_says_about_itself() -> None:
    """Title, authors, outlet, language, canonical address and time of publication in UTC."""
    page = read_html(PAGE, url="https://tern.example/harbour-vote?from=feed")
    assert page.title == "Harbour vote ends in shouting"
    assert page.byline == "Ana Pardo, Tom Ruhl"
    assert page.outlet == "The Tern"
    assert page.language == "en"
    assert page.url == "https://tern.example/harbour-vote"
    assert page.published_at == datetime(2026, 3, 3, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "read_at", "known_by"),
    [
        ("https://tern.example/a", "https://tern.example/a?from=feed", "https://tern.example/a"),
        ("https://tern.example/a", "https://www.tern.example/a", "https://tern.example/a"),
        ("https://tern.example/a", "https://amp.tern.example/a", "https://tern.example/a"),
        ("https://news.tern.example/a", "https://tern.example/a", "https://news.tern.example/a"),
        ("https://tern.example/a", None, "https://tern.example/a"),  # pasted: its reader alone has it
        ("https://gull.example/a", "https://tern.example/b", "https://tern.example/b"),  # another's article
        ("https://stern.example/a", "https://tern.example/b", "https://tern.example/b"),  # ends alike, is another's
        ("https://tern.example/", "https://tern.example/b", "https://tern.example/b"),  # the front page, on every page
        ("https://tern.example/?p=7", "https://tern.example/b", "https://tern.example/?p=7"),
        ("https://tern.example/", "https://tern.example", "https://tern.example/"),
        ("https://tern.example/a", "https://[broken/b", "https://[broken/b"),
    ],
)
def test_a_page_cannot_pass_for_another(stated: str, read_at: str | None, known_by: str) -> None:
    """An article is known by its address, so a claim to another site's would overwrite that site's article."""
    assert read_html(minimal(f'<link rel="canonical" href="{stated}">'), url=read_at).url == known_by


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<script type="application/ld+json">{"datePublished": "2026-03-03T14:10:00Z"}</script>',
            datetime(2026, 3, 3, 14, 10, tzinfo=UTC),
        ),
        ('<meta name="date" content="2026-03-03">', datetime(2026, 3, 3, tzinfo=UTC)),
        ('<meta name="date" content="yesterday">', None),
        ("", None),
    ],
)
def test_published(head: str, expected: datetime | None) -> None:
    """Linked data and meta elements tell it; a day without a time is midnight; words are not guessed at."""
    assert read_html(minimal(head)).published_at == expected


def test_what_is_known_from_elsewhere_fills_what_a_page_does_not_say() -> None:
    """A feed's title and date; the page's own go before them."""
    known, own = datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    bare = read_html(minimal(""), title=" Harbour  vote ", published_at=known)
    assert (bare.title, bare.published_at) == ("Harbour vote", known)
    head = '<title>Shouting</title><meta name="date" content="2026-03-03">'
    page = read_html(minimal(head), title="Harbour vote", published_at=known)
    assert (page.title, page.published_at) == ("Shouting", own)


@pytest.mark.parametrize(("attributes", "expected"), [('lang="de"', "de"), ('lang="x"', None), ("", None)])
def test_language(attributes: str, expected: str | None) -> None:
    """Two letters, or nothing."""
    assert read_html(minimal("", attributes)).language == expected


@pytest.mark.parametrize(
    "html",
    [
        "",
        "\x00",
        "<html></html>",
        "<html><body><h1>Harbour</h1><h2>Vote</h2></body></html>",
        "just a text",
        "<" * 100_000,
        "<div>" * 20_000,
        "&" * 100_000,
        "<html><body>" + '<a href="/x">Harbour</a> ' * 2_000 + "</body></html>",
    ],
    ids=["nothing", "NUL", "no body", "headings only", "text", "brackets", "deep", "ampersands", "links"],
)
def test_pages_without_an_article_say_so(html: str) -> None:
    """Whatever is broken, the reader is told in plain words."""
    with pytest.raises(NotAnArticleError, match="No article was found"):
        read_html(html)


def test_control_characters_and_lone_surrogates_do_not_matter() -> None:
    """They come out of broken encodings; the tree could not be built with them."""
    assert read_html("\ud800\x00" + PAGE.replace("council", "coun\x08cil")) == read_html(PAGE)


def test_a_page_of_two_megabytes() -> None:
    """Read in a second or two, its second opinions left out."""
    more = "".join(f"<p>{COURT} It said so in paper {number}. {RULING}</p>" for number in range(9_000))
    html = minimal("").replace("</article>", f"{more}</article>")
    assert len(read_html(html).paragraphs) == 9_003


@given(st.text("<>/=\"' pbdivhtmlarticle\n\x00&;!-", max_size=300) | st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_whatever_is_given(html: str) -> None:
    """Nothing but NotAnArticleError is raised, whatever stands before, in or after a page."""
    for source in (html, minimal("") + html, minimal(html)):
        try:
            page = read_html(source)
        except NotAnArticleError:
            continue
        assert all(text == text.strip() and len(text.splitlines()) == 1 for _, text in page.paragraphs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, True),
        ("\ufeff\n <!-- made by hand -->\n<html>", True),
        ('<?xml version="1.0"?><html>', True),
        ("<p>Harbour", True),
        ("Harbour vote ends in <b>shouting</b>", False),
        ("<Harbour> vote", False),
        ("", False),
    ],
)
def test_looks_like_html(text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    """A page's source starts with an element; a text that mentions one is a text."""
    assert looks_like_html(text) is expected

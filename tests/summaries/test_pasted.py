"""Pages as people paste them, in several styles of furniture; people and places are invented."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.errors import NotAnArticleError
from summaries.pasted import parse_line_model, read_pasted
from summaries.values import ParagraphKind
from tests.summaries.page_pack import MODEL, WORDS

if TYPE_CHECKING:
    from summaries.pages import CleanPage

VOTE = "The council of Selm voted on Monday to keep the old harbour open for fishing boats."
CHOICE = "“We had no choice,” said the mayor, Ilva Brandt, who had asked for the vote herself."
ANSWER = "That was the answer of the mayor, Ilva Brandt, when she was asked whether the vote could be repeated."
COURT = "The opposition left the room before the count and has said that it will go to court over the matter."
RULING = "A spokesman for the court in Ostra said on Tuesday that a ruling could take months."

BROWSER_COPY = f"""Newsletters
Events
Podcasts
Sign in
Advertisement

Council of Selm keeps its ‘beloved’ old harbour

The old harbour of Selm at low tide, 2 March 2026
The old harbour of Selm at low tide, 2 March 2026 Copyright  Tern Photo
Copyright Tern Photo
By Ana Pardo & Tom Ruhl
Published on 3 March 2026 - 14:10 GMT+2
Share this article Comments
Copy to clipboard Copied

{VOTE}

ADVERTISEMENT

{CHOICE}

{COURT}

Ilva Brandt speaks to reporters in front of the town hall in Selm, Monday, March 2, 2026
Ilva Brandt speaks to reporters in front of the town hall in Selm, Monday, March 2, 2026 Lea Moor/AP

{RULING}

Go to accessibility shortcuts
Share this article Comments

Read more

Ferry between Selm and Ostra to run again from May

Fish prices: what the council of Ostra wants to do now
"""

RENDERED = f"""
    * Home
    * News
        + Politics
        + Courts
    * Sport
      Log In
        Harbour vote ends in shouting

          Maro Lind - 03/31/26 06:56 AM EST

              {VOTE}

              {CHOICE}

                  ADVERTISEMENT

              NEXT STEPS

              {COURT} The council meets again on Friday.

              {RULING}

                Tags Selm harbour
            Most Popular
                Storm takes the roof off the school in Ostra
                Ferry to run again
    © 2026 The Tern. All rights reserved.
"""

GERMAN = """Startseite
Politik
Anmelden
Hafen von Selm bleibt offen
Stand: 03.03.2026, 14:10 Uhr
Von Anna Brandt und Tom Ruhl
Der Hafen von Selm am Montag. Foto: Anna Brandt
Der Rat von Selm hat am Montag beschlossen, den alten Hafen für Fischerboote offen zu halten.
„Wir hatten keine Wahl“, sagte Bürgermeisterin Ilva Brandt am Montag nach der Sitzung.
Anzeige
Die Opposition verließ den Saal vor der Abstimmung und will nun vor Gericht ziehen.
„Nein.“
Das war die Antwort der Bürgermeisterin auf die Frage, ob noch einmal abgestimmt wird.
Lesen Sie auch
Fähre nach Ostra fährt wieder
Kommentare
Impressum
Datenschutz
"""


def read(page: str) -> CleanPage:
    """Read a page with the shipped words and weights."""
    return read_pasted(page, WORDS, MODEL)


def texts(page: CleanPage) -> list[str]:
    """Return the paragraphs without their kinds."""
    return [text for _, text in page.paragraphs]


def test_a_browsers_copy_loses_its_furniture_and_nothing_else() -> None:
    """Menus, captions (twice, with a credit), share bars, advertisements and teasers go; every paragraph stays."""
    page = read(BROWSER_COPY)
    assert texts(page) == [VOTE, CHOICE, COURT, RULING]
    assert page.title == "Council of Selm keeps its ‘beloved’ old harbour"
    assert page.byline == "Ana Pardo & Tom Ruhl"
    assert page.published_at == datetime(2026, 3, 3, 12, 10, tzinfo=UTC)
    assert dict(page.left_out)["captions"] == 2
    assert dict(page.left_out)["teasers"] == 2


def test_a_rendered_page_keeps_its_headings() -> None:
    """Indentation and bullets are no part of a line; a short line above prose is a heading."""
    page = read(RENDERED)
    assert page.paragraphs == (
        (ParagraphKind.LEAD, VOTE),
        (ParagraphKind.BODY, CHOICE),
        (ParagraphKind.HEADING, "NEXT STEPS"),
        (ParagraphKind.BODY, f"{COURT} The council meets again on Friday."),
        (ParagraphKind.BODY, RULING),
    )
    assert page.title == "Harbour vote ends in shouting"
    assert page.byline == "Maro Lind"
    assert page.published_at == datetime(2026, 3, 31, 11, 56, tzinfo=UTC)


def test_a_german_page() -> None:
    """The same in German, tight, without empty lines."""
    page = read(GERMAN)
    assert texts(page) == [
        "Der Rat von Selm hat am Montag beschlossen, den alten Hafen für Fischerboote offen zu halten.",
        "„Wir hatten keine Wahl“, sagte Bürgermeisterin Ilva Brandt am Montag nach der Sitzung.",
        "Die Opposition verließ den Saal vor der Abstimmung und will nun vor Gericht ziehen.",
        "„Nein.“",
        "Das war die Antwort der Bürgermeisterin auf die Frage, ob noch einmal abgestimmt wird.",
    ]
    assert page.title == "Hafen von Selm bleibt offen"
    assert page.byline == "Anna Brandt und Tom Ruhl"
    assert page.published_at == datetime(2026, 3, 3, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends_do_not_matter(ending: str) -> None:
    """Windows, old Macs and Unicode break lines as well."""
    assert read(BROWSER_COPY.replace("\n", ending)) == read(BROWSER_COPY)


@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n\t\r\n"])
def test_a_clean_article_survives_whole(between: str) -> None:
    """With or without empty lines; short speech inside it too."""
    paragraphs = [VOTE, "“No.”", ANSWER, CHOICE]
    page = read(between.join(["Harbour vote ends in shouting", *paragraphs]))
    assert texts(page) == paragraphs
    assert page.title == "Harbour vote ends in shouting"
    assert page.left_out == ()


def test_a_short_notice_survives_whole() -> None:
    """Two paragraphs and no furniture: nothing is left out, nothing made a title."""
    notice = "The ferry between Selm and Ostra will run again from Monday.\n\nTickets cost the same as before, it said."
    page = read(notice)
    assert "\n\n".join(texts(page)) == notice
    assert page.title is None


def test_a_title_and_one_paragraph() -> None:
    """The smallest page that a person pastes."""
    page = read(f"Harbour stays open\n{VOTE}")
    assert (page.title, texts(page)) == ("Harbour stays open", [VOTE])
    assert page.byline is None
    assert page.published_at is None


def test_a_title_that_comes_twice() -> None:
    """Browsers copy it from the page's head too; it stands in the text once."""
    page = read(f"Harbour vote ends in shouting\n\nHarbour vote ends in shouting\n\n{VOTE}\n\n{CHOICE}\n\n{COURT}")
    assert (page.title, texts(page)) == ("Harbour vote ends in shouting", [VOTE, CHOICE, COURT])


def test_questions_answers_and_points_survive() -> None:
    """They are short and end without a stop, but they stand in the article."""
    points = ["- The quay is repaired.", "- The lights are renewed."]
    talk = ["Q: Are you content?", "A: I am, and so is everybody in this town who fishes for a living."]
    page = read("\n\n".join([VOTE, f"{COURT[:-1]}, and three things follow:", *points, *talk]))
    assert texts(page)[2:] == [*points, *talk]


def test_lines_broken_at_a_width_are_joined() -> None:
    """A newsletter breaks at 72 columns: its paragraphs come back, their words joined by a blank."""
    page = read(
        "Dear reader,\n\n"
        "the council of Selm voted on Monday to keep the old harbour open for\n"
        "fishing boats, after a debate that lasted until the early hours of the\n"
        "morning and ended in shouting.\n\n"
        '"We had no choice," said the mayor, Ilva Brandt, who had asked for the\n'
        "vote herself. The opposition left the room before the count and has\n"
        "said that it will go to court.\n"
    )
    first, second = texts(page)[1:]
    assert first.endswith(
        "open for fishing boats, after a debate that lasted until the early hours of the morning and ended in shouting."
    )
    assert second.startswith(
        '"We had no choice," said the mayor, Ilva Brandt, who had asked for the vote herself. The opposition'
    )


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ana Pardo, staff writer", "Ana Pardo"),
        ("Words by Ana Pardo, Tom van der Ruhl and Lea Moor", "Ana Pardo, Tom van der Ruhl and Lea Moor"),
        ("By ANA PARDO | The Tern", "ANA PARDO"),
        ("By Tern", "Tern"),
        ("Ana Pardo, Tern Auto Writer\n3 March 2026", "Ana Pardo"),
        ("3 March 2026\nAna Pardo", "Ana Pardo"),
        ("Ana Pardo - 3 March 2026", "Ana Pardo"),
        ("Tuesday, 3 March 2026", None),
        ("Ana Pardo", None),
        ("3 March 2026\nCourts", None),
        ("3 March 2026\nShare\nPrint\nHarbour\nAna Pardo", None),
    ],
)
def test_bylines(byline: str, expected: str | None) -> None:
    """Names behind "By", or alone beside a date; roles and outlets are cut off."""
    menu = "Home\nNews\nSport\n"
    assert (
        read(f"{menu}Harbour vote ends in shouting\n{byline}\n{VOTE}\n{CHOICE}\n{COURT}\n{RULING}").byline == expected
    )


@pytest.mark.parametrize(
    "caption",
    [
        "The harbour on Monday (Photo: Lea Moor)",
        "FILE - Boats lie in the old harbour of Selm.",
        "Boats lie in the old harbour of Selm. Image: Lea Moor",
        "Getty Images",
    ],
)
def test_captions_stay_out(caption: str) -> None:
    """With their credit, they are known wherever they stand."""
    page = read(f"Harbour vote ends in shouting\n\n{VOTE}\n\n{CHOICE}\n\n{caption}\n\n{COURT}\n\n{RULING}")
    assert texts(page) == [VOTE, CHOICE, COURT, RULING]
    assert dict(page.left_out) == {"captions": 1}


@pytest.mark.parametrize(
    "stray",
    [
        "ADVERTISEMENT",
        "Share this article",
        "READ MORE: Ferry runs again",
        "By Ana Pardo",
        "Harbour vote ends in shouting",
    ],
)
def test_what_stands_between_paragraphs_goes(stray: str) -> None:
    """Links, notices, bylines and the title again are no paragraphs."""
    page = read(f"Harbour vote ends in shouting\n\n{VOTE}\n\n{CHOICE}\n\n{stray}\n\n{COURT}\n\n{RULING}")
    assert texts(page) == [VOTE, CHOICE, COURT, RULING]


@pytest.mark.parametrize(
    "page",
    [
        "",
        " \r\n\t\n",
        "* \n* \n---",
        "Home\nWorld\nSport\nSign in\nPrivacy policy\nCookies",
        "Storm hits Selm\nFerry runs again\nMayor resigns after vote\nFish prices up again in May",
        ". . . . . . . . . . . .",
        "\x00\x01\x02",
    ],
)
def test_pages_without_an_article_say_so(page: str) -> None:
    """Menus and lists of headlines are no article; the message says what to do."""
    with pytest.raises(NotAnArticleError, match="paste it again"):
        read(page)


UNLEARNED = parse_line_model({"features": {}, "moves": [0.0] * 8})
"""Takes every line for the article's: what is left out then, the rules took out."""


@pytest.mark.parametrize(
    "stray", ["ADVERTISEMENT", "READ MORE: Ferry runs again", "By Ana Pardo", "Harbour vote ends in shouting"]
)
def test_the_rules_alone(stray: str) -> None:
    """They hold when the model does not see that a line is no paragraph."""
    page = read_pasted(f"Harbour vote ends in shouting\n\n{VOTE}\n\n{stray}\n\n{COURT}\n\nWell…", WORDS, UNLEARNED)
    assert texts(page) == [VOTE, COURT, "Well…"]


def test_a_byline_deep_in_the_article_goes() -> None:
    """Some pages print the author again below the text; it is no paragraph there either."""
    paragraphs = [VOTE, CHOICE, COURT, RULING, ANSWER]
    page = read_pasted("\n\n".join([*paragraphs, "By Ana Pardo", "Well…"]), WORDS, UNLEARNED)
    assert texts(page) == [*paragraphs, "Well…"]


def test_what_is_no_heading() -> None:
    """A line that goes on in small letters, signs a quote or stands last is a paragraph."""
    lines = ["and so on", "— Ana Pardo, fisher", "NEXT STEPS", COURT, "The last words"]
    page = read_pasted("\n\n".join([VOTE, *lines]), WORDS, UNLEARNED)
    assert [kind for kind, text in page.paragraphs if text in lines] == [
        ParagraphKind.BODY,
        ParagraphKind.BODY,
        ParagraphKind.HEADING,
        ParagraphKind.BODY,
        ParagraphKind.BODY,
    ]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@given(st.text(st.characters(codec=None), max_size=400) | st.text("aB.\n\r \t“”'By©*0:(|", max_size=400))
@settings(max_examples=200, deadline=None)
def test_whatever_is_pasted(page: str) -> None:
    """Nothing but NotAnArticleError is raised; what is kept is a stretch of the page, without line breaks."""
    try:
        found = read(page)
    except NotAnArticleError:
        return
    whole = _squeezed(page)
    for text in [*texts(found), found.title or ""]:
        assert _squeezed(text) in whole
        assert len(text.splitlines()) <= 1


@pytest.mark.parametrize(
    "page",
    ["“" * 1_000_000, "( " * 500_000, "a\n" * 50_000, "By " * 300_000, "a@" * 500_000, "\n" * 1_000_000],
    ids=["marks", "brackets", "short lines", "bylines", "addresses", "empty lines"],
)
def test_hostile_pages_end(page: str) -> None:
    """Time is linear: no page of a megabyte takes seconds (the test would hang, not fail, were it quadratic)."""
    with pytest.raises(NotAnArticleError):
        read(page)


OFFER = """Sign up to Low Water
Free daily newsletter
Our evening letter tells you what the harbour did today, and why it matters to everybody in Selm.
Enter your email address
Privacy Notice: Newsletters may contain information about charities and content funded by outside parties.
after newsletter promotion"""


def test_a_box_that_offers_a_newsletter_is_not_the_article() -> None:
    """It stands between two paragraphs and praises itself in sentences; what follows it is the article again."""
    page = read_pasted(f"Harbour stays open\n\n{VOTE}\n{CHOICE}\n{OFFER}\n{ANSWER}\n{COURT}\n{RULING}\n", WORDS, MODEL)
    assert [text for _, text in page.paragraphs] == [VOTE, CHOICE, ANSWER, COURT, RULING]


def test_an_offer_ends_before_what_is_too_long_to_be_part_of_it() -> None:
    """A paragraph of the article that speaks of privacy is no part of the line above it."""
    long = f"Privacy was not the question, the mayor said. {COURT} {RULING}"
    page = read_pasted(f"Harbour stays open\n\n{VOTE}\n{CHOICE}\nSign up\n{long}\n{RULING}\n", WORDS, MODEL)
    assert [text for _, text in page.paragraphs] == [VOTE, CHOICE, long, RULING]


GERMAN_PAGE = """Suche öffnen
Startseite
Panorama
Bahnstreit in Halmstadt spitzt sich zu
Von Henrike Vossler, Halmstadt
12. März 2031, 17:42 Uhr
Teilen
Drucken

{}

Anzeige

{}

Abo
Kommentar
Lesen Sie auch
Der Mann, der die Züge anhält: ein Porträt

{}

Wie es weitergeht
{}

© Landkurier/hvo
Jetzt bestellen unter: www.landkurier.example/probe
Zur Startseite
Themen in diesem Artikel
Nordbahn
Streik
Mehr zum Thema
Wie Pendler sich helfen: sechs Wege ohne Zug
Impressum Datenschutz AGB
"""


def test_an_article_goes_on_behind_what_interrupts_it() -> None:
    """Each interruption makes it less likely; what is below the end is as unlikely as ever."""
    told = [
        "Im Streit um die Löhne bei der Nordbahn hat die Gewerkschaft der Lokführer einen unbefristeten Streik angekündigt.",
        "Verkehrsministerin Aurelia Brandt rief beide Seiten zur Mäßigung auf. „Wer jetzt auflegt, trägt die Verantwortung“, sagte sie im Landtag. „Ich erwarte, dass beide am Freitag wieder am Tisch sitzen.“",
        "Ein Sprecher der Nordbahn wies die Vorwürfe zurück. Das Unternehmen habe vier Prozent angeboten, „und zwar dauerhaft“, wie er betonte.",
        "Am Freitag kommt der Aufsichtsrat zusammen. Danach will sich Vorstandschefin Margot Leclair äußern. „Ein Streik hilft niemandem“, hatte sie erklärt.",
    ]
    page = read_pasted(GERMAN_PAGE.format(*told), WORDS, MODEL)
    assert [text for kind, text in page.paragraphs if kind is not ParagraphKind.HEADING] == told


def test_a_notice_beside_a_date_is_no_author() -> None:
    """Furniture is written with capitals, as names are."""
    page = read_pasted(
        f"Harbour stays open\nUpdated 10:14 AM EST, Wed May 7, 2031\nPurchase Licensing Rights\n\n{VOTE}\n\n{COURT}\n\n{RULING}\n",
        WORDS,
        MODEL,
    )
    assert page.byline is None


def test_a_point_of_a_list_is_no_title() -> None:
    """Points are written with a hyphen where no bullet can be typed."""
    points = "- Fishing boats stay in the old harbour\n- The opposition goes to court over the vote"
    page = read_pasted(f"Selm keeps its harbour for boats\n\n{points}\n\n{VOTE}\n\n{COURT}\n\n{RULING}\n", WORDS, MODEL)
    assert page.title == "Selm keeps its harbour for boats"


def test_a_box_of_links_is_not_the_article() -> None:
    """Headlines of other articles under a line that says so; without any, that line may be a heading."""
    links = "Most Read in Selm\nTern colony returns to the quay\nWhy your bread costs more"
    page = read_pasted(f"Harbour stays open\n\n{VOTE}\n\n{CHOICE}\n\n{links}\n\n{COURT}\n\n{RULING}\n", WORDS, MODEL)
    assert [text for _, text in page.paragraphs] == [VOTE, CHOICE, COURT, RULING]
    page = read_pasted(f"Harbour stays open\n\n{VOTE}\n\n{CHOICE}\n\nNext steps\n\n{COURT}\n\n{RULING}\n", WORDS, MODEL)
    assert "Next steps" in [text for _, text in page.paragraphs]


def test_an_outlets_name_in_capitals_is_no_title_and_a_date_may_be_followed_by_another() -> None:
    """The name stands in the article as well as the title's words do."""
    page = read_pasted(
        "Subscribe\nTHE SELM TERN\nBusiness\nHarbour of Selm stays open for boats, council decides\n"
        "Jan. 9, 2031 at 11:42 am Updated Jan. 9, 2031 at 3:05 pm\nBy\nWren Halloway\nTern business reporter\n\n"
        f"{VOTE}\n\n{CHOICE}\n\n{COURT}\n\n{RULING}\n\nWren Halloway writes for the Selm Tern: whalloway@tern.example\n",
        WORDS,
        MODEL,
    )
    assert page.title == "Harbour of Selm stays open for boats, council decides"
    assert page.byline == "Wren Halloway"
    assert page.published_at == datetime(2031, 1, 9, 11, 42, tzinfo=UTC)

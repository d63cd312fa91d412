"""What a newsletter says to its reader, and what only looks like it; people and places are invented."""

from __future__ import annotations

import pytest

from summaries.errors import NotAnArticleError
from summaries.mail_lines import MAX_CHARACTERS, without_mail_lines
from summaries.page_words import parse_page_words
from summaries.pages import CleanPage
from summaries.values import ParagraphKind
from tests.summaries.page_pack import WORDS

VOTE = "The council of Selm voted on Monday to keep the old harbour open for fishing boats."
COURT = "The opposition left the room before the count and has said that it will go to court over the matter."


def page(*texts: str, outlet: str | None = "The Selm Morning") -> CleanPage:
    """Return a mail's page; what begins with "#" is a heading."""
    paragraphs = [
        (ParagraphKind.HEADING, text[1:]) if text.startswith("#") else (ParagraphKind.BODY, text) for text in texts
    ]
    return CleanPage("Harbour stays", None, None, outlet, "en", None, tuple(paragraphs), (("captions", 1),))


def kept(*texts: str, outlet: str | None = "The Selm Morning") -> list[str]:
    """Return what is left of a mail."""
    return [text for _, text in without_mail_lines(page(*texts, outlet=outlet), WORDS.mail).paragraphs]


@pytest.mark.parametrize(
    "greeting",
    [
        "Good morning.",
        "Good morning, Anna.",
        "Good morning from Selm!",
        "Dear reader,",
        "Dear Ms Pardo,",
        "Hello, dear readers of the coast –",
        "Good morning, and thank you for reading The Selm Morning.",
        "Good morning. Here’s what you need to know today:",
        "Welcome to The Selm Morning, with all that the coast talks about.",
        "Thank you for reading.",
        "Guten Morgen, liebe Leserinnen und Leser,",
        "Sehr geehrte Frau Pardo,",
        "Liebe Leserin, lieber Leser!",
        "Guten Tag und herzlich willkommen zu unserem Newsletter.",
        "Vielen Dank, dass Sie den Selmer Morgen lesen. Das ist heute wichtig:",
        "Hi Anna, here’s your daily briefing on the coast.",
        "Welcome to our newsletter.",
        "Good morning and welcome to The Selm Morning on this day of storms.",
    ],
)
def test_a_greeting_above_the_news_goes(greeting: str) -> None:
    """Each of its sentences greets, or says what the newsletter is about to do."""
    found = without_mail_lines(page("#Morning", greeting, VOTE, COURT), WORDS.mail)
    assert found.paragraphs == (
        (ParagraphKind.HEADING, "Morning"),
        (ParagraphKind.LEAD, VOTE),
        (ParagraphKind.BODY, COURT),
    )
    assert found.left_out == (("captions", 1), ("greetings", 1))


@pytest.mark.parametrize(
    "farewell",
    [
        "That’s all for today.",
        "See you tomorrow, and stay dry!",
        "Thanks for reading.",
        "Bis morgen!",
        "Herzliche Grüße",
    ],
)
def test_a_goodbye_below_the_news_goes_with_its_name(farewell: str) -> None:
    """The name below it is no sentence."""
    assert kept(VOTE, COURT, *[VOTE] * 6, farewell, "Ilva Brandt") == [VOTE, COURT, *[VOTE] * 6]


@pytest.mark.parametrize(
    "footer",
    [
        "Unsubscribe at any time.",
        "You can unsubscribe at any time.",
        "Unsubscribe: https://selm.example/u?id=1",
        "Click here to unsubscribe",
        "View in browser",
        "Having trouble viewing this e-mail? View it in your browser.",
        "Forward to a friend",
        "Manage your preferences | Unsubscribe | Privacy policy",
        "You are receiving this e-mail because you signed up for “The Selm Morning” at selm.example.",
        "This email was sent to ana@selm.example.",
        "© 2026 The Selm Morning. All rights reserved.",
        "Copyright 2026 The Selm Morning, P.O. Box 12, 1000 Selm.",
        "You are receiving this email because you subscribed. Our mailing address is: 12 Harbour Street, 1000 Selm.",
        "Im Browser ansehen",
        "Sie erhalten diese E-Mail, weil Sie unseren Newsletter bestellt haben.",
        "Sie können diesen Newsletter jederzeit abbestellen.",
        "Newsletter weiterempfehlen · Profil ändern · Abmelden",
        "Impressum | Datenschutz",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_footer_goes(footer: str, above: bool) -> None:  # noqa: FBT001 - a row of the table
    """Wherever it stands: links to the browser stand above the news."""
    found = without_mail_lines(page(footer, VOTE, COURT) if above else page(VOTE, COURT, footer), WORDS.mail)
    assert [text for _, text in found.paragraphs] == [VOTE, COURT]
    assert found.left_out == (("captions", 1), ("footer lines", 1))


@pytest.mark.parametrize(
    "address",
    [
        "The Selm Morning, 12 Harbour Street, 1000 Selm",
        "Medienhaus Selm GmbH, Hafenstraße 12, 10115 Selm.",
        "Selm Press Ltd · 4 Quay Lane · London SE1 9GU",
    ],
)
def test_addresses_go_with_the_footers_beside_them(address: str) -> None:
    """Above and below them."""
    assert kept(VOTE, COURT, address, "Unsubscribe") == [VOTE, COURT]
    assert kept(VOTE, COURT, "Unsubscribe", "The Selm Morning", address) == [VOTE, COURT]
    assert kept(VOTE, COURT, address) == [VOTE, COURT, address]


@pytest.mark.parametrize(
    "news",
    [
        "Good morning. The council of Selm voted on Monday to keep the harbour open.",
        "Good morning from Selm, where the council has voted to keep the harbour open.",
        "“Good morning, and thank you for coming,” the mayor said.",
        "Hi-tech firms leave Selm!",
        "Hello Fresh said its newsletter list was stolen.",
        "Hello Fresh said on Monday, newsletter lists in hand, that it would sue.",
        "Welcome to the island of the long nights, newsletter writers say in this issue of the magazine.",
        "Good Morning Selm presenter Ida Moe is leaving The Selm Morning, Dahl said.",
        "Hello, world’s largest ferry is leaving Selm.",
        "Dear fuel is costing farmers their sleep, and the state its patience.",
        "Welcome rain fell on Monday.",
        "Thank you for reading. The council of Selm voted on Monday to keep the harbour open.",
        "Until tomorrow the bridge is closed.",
        "Bis morgen soll der Rat entscheiden.",
        "That’s all that he wanted to say about the bridge.",
        "Unsubscribe buttons must be easy to find, a court in Ostra ruled on Monday.",
        "Unsubscribe. The council meets again on Monday in the old customs house.",
        "Copyright law will change in May, the ministry said.",
        "Privacy is a right.",
        "In 2026 the city will rebuild Harbour Street.",
        "From Monday, 1500 people will march down Harbour Street.",
        "Sie bekommen diese Woche mehr Geld.",
        "Good morning, and " + "so on and " * 10 + "thank you for reading.",
        "You are receiving this " + "and this " * 20 + "as well.",
        "Good morning! " * 100,
        "Ferry: " + "x" * MAX_CHARACTERS,
    ],
)
def test_news_stay_whole(news: str) -> None:
    """One sentence that is no greeting and no footer keeps its whole paragraph, wherever it stands."""
    assert kept(news, VOTE) == [news, VOTE]
    assert kept(VOTE, news) == [VOTE, news]
    assert kept("Dear reader,", VOTE, news, "Unsubscribe") == [VOTE, news]


def test_a_greeting_among_the_news_stays() -> None:
    """Newsletters greet above their news and say goodbye below."""
    assert kept(*[VOTE] * 6, "Good morning!", *[COURT] * 12).count("Good morning!") == 1
    assert kept(VOTE, "See you tomorrow!", *[COURT] * 12).count("See you tomorrow!") == 1


def test_what_was_said_stays_below_a_footer() -> None:
    """Words between marks are quotes, not names."""
    assert kept(VOTE, "Unsubscribe", "“No more boats”") == [VOTE, "“No more boats”"]


def test_points_above_the_footers_stay() -> None:
    """A line without an end is none of the footer's before one began."""
    assert kept(VOTE, "Ferry to Ostra: cancelled", "Unsubscribe") == [VOTE, "Ferry to Ostra: cancelled"]


def test_a_sender_without_a_name_greets_too() -> None:
    """Only the words of greetings count then."""
    hello = "Good morning to all who woke in The Selm Morning on this day."
    assert kept(hello, VOTE) == [VOTE]
    assert kept(hello, VOTE, outlet=None) == [hello, VOTE]


def test_a_sender_is_found_as_it_is_printed() -> None:
    """Not inside words, nor as a word of every day."""
    news = "Good Morning Kelm presenter Ida Moe is leaving for the first time in ten years, Dahl said."
    slow = "Good morning to all who thought for a long time about the old harbour of Selm."
    assert kept(news, VOTE, outlet="Time") == [news, VOTE]
    assert kept(slow, VOTE, outlet="Time") == [slow, VOTE]
    assert kept(slow.replace("long time", "Timely"), VOTE, outlet="Time") != [VOTE]
    assert kept(slow.replace("long time", "week in Time"), VOTE, outlet="Time") == [VOTE]


ITEMS = [
    "Mayor Ida Moe resigns after the vote on harbour fees. Read more",
    "Court in Ostra stops the new bridge. Read more",
    "Ferries to Kelm are late again. Read more",
    "Fishermen of Selm want more money. Read more",
    "Storm takes the roof off the old customs house. Read more",
]
BARE = [item.partition(".")[0] for item in ITEMS]


@pytest.mark.parametrize("items", [ITEMS, BARE])
@pytest.mark.parametrize("above", [("Good morning,",), ("View in browser",), (VOTE, "Forward to a friend")])
def test_short_items_are_news(items: list[str], above: tuple[str, ...]) -> None:
    """Also where no sentence stands above them."""
    news = [text for text in above if text == VOTE] + items
    assert kept(*above, *items, "Unsubscribe") == news
    assert kept(*above, *items, "Unsubscribe", "The Selm Morning", "12 Harbour Street, 1000 Selm") == news


def test_names_are_kept_where_nothing_else_is_left() -> None:
    """Headlines may be short and in capitals."""
    assert kept("View in browser", "Mayor Resigns", "Ferry Sinks", "Unsubscribe") == ["Mayor Resigns", "Ferry Sinks"]


def test_a_mail_of_nothing_else_is_refused() -> None:
    """Headings are no news."""
    with pytest.raises(NotAnArticleError, match="nothing in this mail"):
        without_mail_lines(page("#Morning", "Dear reader,", "Unsubscribe"), WORDS.mail)


def test_nothing_is_dropped_without_words() -> None:
    """And nothing said to be left out."""
    whole = page("Dear reader,", VOTE, "Unsubscribe", "12 Harbour Street, 1000 Selm")
    found = without_mail_lines(whole, parse_page_words({}).mail)
    assert [text for _, text in found.paragraphs] == [text for _, text in whole.paragraphs]
    assert found.left_out == whole.left_out

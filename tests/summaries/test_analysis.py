"""An article taken apart, whichever way it came."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from summaries.analysis import Wanted, analyse_html, analyse_pasted, analyse_text
from summaries.engine import NO_PACK
from summaries.errors import NotAnArticleError
from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from datetime import datetime

    from summaries.engine import Engine

TITLE = "Dam on the Kessel is safe, ministry says"
BODY = """The water ministry said on Thursday that the dam on the river Kessel was safe.

“The cracks are thin and they are not growing,” Water Minister Ottoline Feher told reporters in Stellarn.

The repairs are expected to take until the spring and to cost the state about 40 million crowns.

Farmers along the river were asked to irrigate at night for the time of the repairs."""


def test_a_clean_text_is_left_as_it_is(engine: Engine, now: datetime) -> None:
    """Nothing is added or moved; the title is found where the text starts with it."""
    text = f"  {TITLE}\r\n\r\n{BODY}\n"
    analysis = analyse_text(text, engine, now=now, title=TITLE, outlet="Courier", url="https://courier.example/dam")
    article = analysis.article
    assert article.text == text
    assert article.body_start == text.index("The water")
    assert (article.language, article.outlet, article.fetched_at) == ("en", "Courier", now)
    assert article.paragraphs[0].kind is ParagraphKind.TITLE
    assert analysis.sentences[0].span.start == article.body_start
    assert [(quote.text, quote.attribution and quote.attribution.name) for quote in analysis.quotes] == [
        ("The cracks are thin and they are not growing", "Ottoline Feher")
    ]
    assert "Ottoline Feher" in {one.name for one in analysis.named}


def test_the_body_starts_at_0_where_no_title_is_given(engine: Engine, now: datetime) -> None:
    """Offsets refer to exactly the given string."""
    analysis = analyse_text(BODY, engine, now=now, language="en", article_id="mine")
    assert (analysis.article.body_start, analysis.article.article_id) == (0, "mine")
    assert analyse_text("", engine, now=now).article.body_start == 0


def test_an_id_is_made_of_the_address_or_of_the_text(engine: Engine, now: datetime) -> None:
    """The same page has the same id, whenever it is read."""
    one, two = (analyse_text(BODY, engine, now=now, url=url).article.article_id for url in (None, "https://a.example"))
    assert one == analyse_text(BODY, engine, now=now).article.article_id != two


def test_a_summary_leaves_the_key_quotes_to_the_quotes(engine: Engine, now: datetime) -> None:
    """They are shown beside it; where nothing is, the best sentences are chosen whatever they hold."""
    beside = analyse_text(BODY, engine, now=now, wanted=Wanted(sentences=3))
    shown = [span.of(BODY) for span in beside.summary.sentences]
    assert len(shown) == 3
    assert not any("cracks" in sentence for sentence in shown)
    alone = analyse_text(BODY, engine, now=now, wanted=Wanted("lead", 3, quotes_beside=0))
    assert any("cracks" in span.of(BODY) for span in alone.summary.sentences)
    assert alone.summary.method == "lead"


def test_a_pasted_page_and_html_give_the_same_quotes(engine: Engine, now: datetime) -> None:
    """The ways in differ, what comes out does not."""
    html = f"<html lang='en'><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>" + "".join(
        f"<p>{paragraph}</p>" for paragraph in BODY.split("\n\n")
    )
    pasted = analyse_pasted(f"{TITLE}\n\nBy Oona Marchetti\n\n{BODY}", engine, now=now)
    from_html = analyse_html(html, engine, now=now, url="https://courier.example/dam", outlet="Courier")
    assert [quote.text for quote in pasted.quotes] == [quote.text for quote in from_html.quotes]
    assert (pasted.article.title, from_html.article.title) == (TITLE, TITLE)
    assert from_html.article.outlet == "Courier"


def test_a_page_without_an_article_says_so(engine: Engine, now: datetime) -> None:
    """Menus are no article."""
    for analyse, page in ((analyse_pasted, "Home\nNews\nSport\n"), (analyse_html, "<p>Home</p>")):
        with pytest.raises(NotAnArticleError):
            analyse(page, engine, now=now)


def test_a_language_without_data_gets_no_wrong_quotes(engine: Engine, now: datetime) -> None:
    """Sentences and summary come all the same."""
    text = (
        "Le ministère de l’eau a déclaré jeudi que le barrage sur la rivière était sûr et que les habitants de la vallée "
        "n’avaient rien à craindre. Les travaux doivent durer jusqu’au printemps et coûter plusieurs millions à l’État."
    )
    analysis = analyse_text(text, engine, now=now)
    assert analysis.article.language == "fr"
    assert len(analysis.sentences) == 2
    assert len(analysis.summary.sentences) == 2


def test_the_pack_of_a_line_too_short_to_tell_is_the_one_with_most_of_its_words(engine: Engine) -> None:
    """A snippet in English is read as English; signs are read as nothing."""
    assert engine.pack_for("und", "She said it was not so.") is engine.packs["en"]
    assert engine.pack_for("und", "Er sagte, es sei nicht so.") is engine.packs["de"]
    assert engine.pack_for("und", "+++ 12 +++") is NO_PACK
    assert engine.pack_for("fr", "She said") is NO_PACK


def test_an_engine_travels_to_another_process(engine: Engine, now: datetime) -> None:
    """It is a value: what it makes there is the same."""
    copy = pickle.loads(pickle.dumps(engine))  # noqa: S301 - we made it
    assert analyse_text(BODY, copy, now=now) == analyse_text(BODY, engine, now=now)


NOTICES = (
    (
        "We value your privacy\n\nWe and our 842 partners store information on a device, such as cookies, and process personal "
        "data for advertising that suits you.\n\nYou may click to consent to our processing as described above."
    ),
    (
        "Willkommen beim Landkurier\n\nWir und unsere 214 Partner verwenden Cookies, um Ihnen Anzeigen zu zeigen und unser Angebot "
        "zu verbessern.\n\nMit einem Klick auf „Zustimmen“ willigen Sie ein. Oder lesen Sie mit dem Abo ohne Werbung und Tracking."
    ),
)


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_in_front_of_an_article_is_none(engine: Engine, now: datetime, notice: str) -> None:
    """Pasted or saved, it says what to do; stored, it would be an article full of nothing."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in notice.split("\n\n"))
    with pytest.raises(NotAnArticleError, match="Answer it in the browser"):
        analyse_html(f"<html><body><article>{paragraphs}</article></body></html>", engine, now=now)
    with pytest.raises(NotAnArticleError, match="Answer it in the browser"):
        analyse_pasted(notice, engine, now=now)


def test_an_article_about_cookies_is_one(engine: Engine, now: datetime) -> None:
    """It speaks of them less densely, or for longer."""
    law = "The council of Selm voted to fine sites whose cookies follow people who did not consent to that."
    about = f"{law}\n\n{BODY}"
    assert analyse_pasted(about, engine, now=now).article.text.startswith(law)
    long = "\n\n".join([f"{law} Privacy is a right, the mayor said."] * 9)
    assert analyse_pasted(long, engine, now=now).article.text


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("STELLARN, Nov 3 (VNA) —", "en"),
        ("STELLARN, Nov. 3 (VNA) –", "en"),
        ("STELLARN --", "en"),
        ("STELLARN, 3 November 2026", "en"),
        ("Stellarn, den 3. November 2026", "de"),
        ("By Oona Marchetti", "en"),
        ("By Oona Marchetti, Staff Writer", "en"),
        ("Von Oona Marchetti", "de"),
    ],
)
@pytest.mark.parametrize("count", [2, 9])
def test_bylines_and_datelines_are_in_no_summary(
    line: str, language: str, count: int, engine: Engine, now: datetime
) -> None:
    """Not even where the article has no more sentences than asked for; they stay in its text."""
    text = f"{line}\n\n{BODY}"
    analysis = analyse_text(text, engine, now=now, language=language, wanted=Wanted(sentences=count, quotes_beside=0))
    assert analysis.sentences[0].span.of(text) == line
    assert analysis.summary.sentences
    assert all(span.start >= text.index("The water") for span in analysis.summary.sentences)


@pytest.mark.parametrize(
    "line",
    [
        "No repairs before 3 November 2026 in any of them",
        "By Friday it was over",
        "Repairs begin on Monday",
        "STELLARN — “No more.”",
    ],
)
def test_other_short_lines_may_be(line: str, engine: Engine, now: datetime) -> None:
    """Points of a list, and lines that only begin alike."""
    text = f"{line}\n\n{BODY}"
    analysis = analyse_text(text, engine, now=now, language="en", wanted=Wanted(sentences=9, quotes_beside=0))
    assert analysis.summary.sentences[0].start == 0


def test_a_mail_does_not_greet(engine: Engine, now: datetime) -> None:
    """Its greeting and footer are counted; the same page from the web keeps them, for there they are rare."""
    lines = ("Dear reader,", *BODY.split("\n\n"), "Unsubscribe at any time.")
    html = f"<html><body><article><p>{'</p><p>'.join(lines)}</p></article></body></html>"
    mail = analyse_html(html, engine, now=now, is_mail=True)
    assert mail.article.text == BODY
    assert mail.left_out == (("greetings", 1), ("footer lines", 1))
    assert analyse_html(html, engine, now=now).article.text == "\n\n".join(lines)

"""Who speaks in German: names where every noun has a capital, and the verb second."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot.engine import load_engine
from summaries.analysis import analyse_text
from summaries.clause_order import speakers_by_order
from summaries.quotes import prepare
from summaries.relays import DOUBTED, LIKELY
from summaries.values import Span

if TYPE_CHECKING:
    from summaries.engine import Engine
    from summaries.values import Analysis


@cache
def engine() -> Engine:
    """Return the engine with the shipped data and weights."""
    return load_engine()


def read(text: str) -> Analysis:
    """Return the analysis of a German text."""
    return analyse_text(text, engine(), now=datetime(2026, 1, 1, tzinfo=UTC), article_id="x", language="de")


def mentions(text: str) -> list[str | None]:
    """Return the printed words that name the speaker of each quote."""
    analysis = read(text)
    return [one.attribution.mention.of(text) if one.attribution else None for one in analysis.quotes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Der Damm hat gehalten“, sagte Ida Roth.", "Ida Roth"),
        ("„Der Damm hat gehalten“, sagte am Montag in Bern die Ministerin Ida Roth.", "die Ministerin Ida Roth"),
        ("Ida Roth sagte: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Ida Roth sagte dem Sender: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Dem Sender sagte Ida Roth: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Gegenüber der Zeitung erklärte der Bürgermeister: „Der Damm hat gehalten.“", "der Bürgermeister"),
        ("Besonders deutlich warnte Ida Roth: „Der Damm hält nicht.“", "Ida Roth"),
        ("„Der Damm hat gehalten“, so Polizeisprecher Veit Kern.", "Polizeisprecher Veit Kern"),
        ("Laut Ida Roth hat der Damm „sehr gut gehalten“.", "Ida Roth"),
        ("Nach Angaben des Ministeriums hat der Damm „sehr gut gehalten“.", "des Ministeriums"),
        ("„Der Damm hat gehalten“, hieß es in einer Mitteilung der Stadt.", "einer Mitteilung der Stadt"),
        ("Der Behörde zufolge hat der Damm „sehr gut gehalten“.", "Der Behörde"),
        ("„Der Damm hat gehalten“, Ida Roth zufolge.", "Ida Roth"),
        ("Ida Roth, 58, Ingenieurin aus Kiel, sagte: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Der Sender zitierte Ida Roth: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Ida Roth soll am Montag gesagt haben: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Wie der Sender meldete, soll Ida Roth in Kiel gesagt haben: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Die Vorwürfe wies Ida Roth zurück: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Die Kieler hingegen sagen: „Der Damm hat gehalten.“", "Die Kieler"),
        ("„Der Damm hat gehalten“, sagte ehemaliger Trainer Veit Kern.", "ehemaliger Trainer Veit Kern"),
        ("„Der Damm hat gehalten“, sagte der Chef von der neuen Partei.", "der Chef von der neuen Partei"),
        ("Ida Roth soll von Veit Kern am Montag gesagt haben: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Kern entgegnete: „Der Damm hat gehalten.“", "Kern"),
        ("Der Plan sei „vom Tisch“, sagte Kern am Abend.", "Kern"),
        ("Veit Kern wies das zurück, die Sprecherin, Petra Saal, erklärte: „Der Damm hat gehalten.“", "Petra Saal"),
        (
            "Wie Ministerin Ida Roth am Montag erklärte, sieht die Stadt darin „kein Hindernis für uns“.",
            "Ministerin Ida Roth",
        ),
        ("Wie die Bürgermeisterin sagte, sieht die Stadt darin „kein Hindernis für uns“.", "die Bürgermeisterin"),
        ("Wie sie sagte, sieht die Stadt darin „kein Hindernis für uns“.", "sie"),
        ("Wie im Vorjahr, sagte Ida Roth: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Wie gestern sagte Ida Roth: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Relativierend sagte Ida Roth: „Der Damm hat gehalten.“", "Ida Roth"),
        ("Veit Kern hatte den Plan mit den Worten abgelehnt: „Der Damm hat gehalten.“", "Veit Kern"),
    ],
)
def test_the_order_of_words_tells_who_speaks(text: str, expected: str) -> None:
    """The subject stands right before the verb or behind it; what stands behind a preposition or in another case is none."""
    assert mentions(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Its mood says that a sentence reports; whoever spoke before goes on.
        ("Ida Roth sagte am Montag, der Damm sei sicher. Man habe „sehr lange gewartet“.", ["Ida Roth"]),
        ("„Der Damm hat gehalten“, sagte Ida Roth. Man habe „sehr lange gewartet“.", ["Ida Roth", "Ida Roth"]),
        ("Ida Roth erklärte: „Der Damm hat gehalten“. Man habe „sehr lange gewartet“.", ["Ida Roth", "Ida Roth"]),
        ("Ida Roth kam. Die Regierung wartete, sagte Veit Kern. Es sei „sehr lange her“.", ["Veit Kern"]),
    ],
)
def test_reported_speech_goes_on_with_its_speaker(text: str, expected: list[str]) -> None:
    """“Man habe …” says nothing about who says so: the sentence before does."""
    assert mentions(text) == expected


@pytest.mark.parametrize(
    "before",
    [
        "Ida Roth sprach am Montag.\n\nDas Wetter blieb schlecht, die Boote lagen still. ",
        "",
        "Am Montag wurde nichts gesagt. ",
    ],
)
def test_reported_speech_needs_somebody_before_it_in_its_paragraph(before: str) -> None:
    """Else the order of words says nothing."""
    text = f"{before}Man habe „sehr lange gewartet“."
    article, words = read(text).article, engine().packs["de"].quotes
    assert words is not None
    at = text.index("sehr lange gewartet")
    candidates, _ = prepare(article, [Span(at, at + 19)], words, engine().quote_weights)
    assert speakers_by_order(candidates.scene) == [-1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ministerin Ida Roth kam am Montag nach Kiel. „Der Damm hat gehalten“, sagte sie.", "Ida Roth"),
        ("Ida Roth kam am Montag nach Kiel. „Der Damm hat gehalten“, sagte Roth.", "Ida Roth"),
        ("„Der Damm hat gehalten“, sagte Ursula von der Aue.", "Ursula von der Aue"),
        ("„Der Damm hat gehalten“, sagte SPD-Chef Veit Kern (SPD) am Abend.", "Veit Kern"),
        ("„Wir protestieren“, erklärte die SPD am Abend.", "SPD"),
        ("„Wir protestieren“, erklärte der Kieler Hafenverein am Abend.", "der Kieler Hafenverein"),
        ("„Wir protestieren“, sagte der frühere Bürgermeister von Kiel.", "der frühere Bürgermeister von Kiel"),
    ],
)
def test_the_speaker_has_the_name_that_the_page_gives(text: str, name: str) -> None:
    """Titles, roles and party stay outside the name; pronouns and surnames are resolved to it."""
    assert [one.attribution.name for one in read(text).quotes if one.attribution] == [name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # "Er" and "sie" may mean who stands behind a preposition or hangs on a noun.
        ("Der Prozess gegen Veit Kern begann. „Das ist falsch“, sagte der 63-Jährige.", ["Veit Kern"]),
        ("Die Pläne von Ministerin Ida Roth sind alt. „Das ist falsch“, sagte die 63-Jährige.", ["Ida Roth"]),
        ("Die Pläne von Ministerin Wrede Roth sind alt. Roth lachte. „Das ist falsch“, sagte Roth.", ["Wrede Roth"]),
        (
            "Ida Roth kam. Eine Sprecherin der Nordbahn sprach von „weichen Stellen“, die man, wie sie betonte, „seit langem gemeldet“ habe.",
            ["Eine Sprecherin der Nordbahn", "Eine Sprecherin der Nordbahn"],
        ),
        (
            "Ida Roth kam. „Wir haben zu wenige“, sagte ein Sprecher der Nordbahn. „Das ist alles“, sagte er.",
            ["ein Sprecher der Nordbahn", "ein Sprecher der Nordbahn"],
        ),
    ],
)
def test_pronouns_find_who_is_meant(text: str, names: list[str]) -> None:
    """Also where that one was no subject, or has no name."""
    assert [one.attribution.name for one in read(text).quotes if one.attribution] == names


@pytest.mark.parametrize(
    ("text", "most"),
    [
        # A thing looks like a name where every noun has a capital.
        ("So gewonnene Daten seien „in besonderem Maße schützenswert“, hieß es.", LIKELY),
        ("Auch das Motiv fand sich dort: „Wir glauben, dass eines Tages alles gut wird.“", LIKELY),
        ("Dies nannte Fouls Gelb „völlig übertrieben und falsch“.", LIKELY),
        # Who quotes is not who is quoted.
        ("„Der Damm hat die ganze Nacht gehalten“, zitiert der Bote die Ministerin.", DOUBTED),
        # A pronoun or a thing that no order of words makes the speaker.
        ("Veit Kern kam am Montag. Er war froh über „ein Boot für alle Tage“ und ging.", DOUBTED),
        ("Die Zuversicht der Leute gründet sich auf Erfahrung: „Der Damm hat die ganze Nacht gehalten.“", DOUBTED),
    ],
)
def test_a_thing_is_never_told_unasked(text: str, most: float) -> None:
    """Only who is known for a person or a body, by a verb's subject, may be sure."""
    assert all(one.attribution.confidence <= most for one in read(text).quotes if one.attribution)
    assert read(text).quotes


def test_a_person_needs_no_verb() -> None:
    """What the weights find by themselves may be sure where it is somebody's name."""
    text = "Ida Roth: „Der Damm hat die ganze Nacht gehalten, und wir haben gewartet.“"
    assert [one.attribution.name for one in read(text).quotes if one.attribution] == ["Ida Roth"]


def test_nouns_are_not_listed_as_named() -> None:
    """A capital names nobody in German: only people and bodies are listed."""
    text = "Ministerin Ida Roth sprach über den Damm, die Kosten und die Zukunft des Hafens. Dabei lobte sie die SPD."
    assert [one.name for one in read(text).named] == ["Ida Roth", "SPD"]


@pytest.mark.parametrize(
    "text",
    [
        "„Damm“",
        "„Der Damm hat gehalten und wir auch“",
        "Er „sagte“ nichts. „Der Damm hat die ganze Nacht gehalten, und wir haben gewartet.“",
        "Roth („Der Damm hat gehalten“, sagte sie) ging (wie viele",
        "Laut „Hafen heute“ und „Welle“ sagte „niemand hier“ etwas.",
        "Ida von. Ursula von und zu gehen. Der alte. Die von der Ida.",
        "Von Veit Kern wurde am Montag gesagt: „Der Damm hat die ganze Nacht gehalten.“",
        "Ida Roth kam „heim“ und hat am Montag gesagt: „Der Damm hat die ganze Nacht gehalten.“",
        "Gestern sagte „heute“ Ida Roth: „Der Damm hat die ganze Nacht gehalten.“",
        "„Der Damm hat die ganze Nacht gehalten“, sagte Veit Kern (SPD, früher",
        "„Der Damm hat die ganze Nacht gehalten“, sagte man. Ida Roth kam.",
        "Heißt es das des der? Zufolge. So. Laut",
        "Der 63-jährige Kern, die 4-Zimmer-Wohnung, der 5 und das Haus von den Kindern, die von 9 Leuten.",
        "Wie „Boot“ sagte, war „der Damm die ganze Nacht sicher“. Wie",
    ],
)
def test_odd_texts_do_no_harm(text: str) -> None:
    """Whatever stands there, spans are verbatim (checked when the analysis is made)."""
    assert read(text).article.text == text

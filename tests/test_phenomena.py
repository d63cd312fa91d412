"""Hard phenomena of quotation, one invented snippet each, end to end: the words, and who said them.

``tests/data/phenomena.jsonl`` holds the snippets: "quotes" are to be found with their speakers, "nonspeech" is not.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.engine import load_engine
from summaries.analysis import analyse_text

if TYPE_CHECKING:
    from summaries.engine import Engine
    from summaries.values import Quote

CASES = [json.loads(line) for line in (Path(__file__).parent / "data/phenomena.jsonl").read_text("utf-8").splitlines()]
STILL_WRONG = {
    "speaker_first_that": "“Falk, Jorun, 58” is not read as a name in catalogue order",
    "term_definition": "“labels such loans “non-performing””: reads like “calls the plan “doomed””, which is speech",
}


def case(data: dict[str, Any]) -> object:
    """Return a snippet as a parameter, those that are still wrong as expected failures."""
    reason = STILL_WRONG.get(data["id"])
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(data, id=data["id"], marks=marks)


@cache
def engine() -> Engine:
    """Return the engine with the shipped data and weights."""
    return load_engine()


def found(text: str) -> list[Quote]:
    """Return the quotes of a snippet."""
    return list(analyse_text(text, engine(), now=datetime(2026, 1, 1, tzinfo=UTC), article_id="snippet").quotes)


def plain(name: str | None) -> str | None:
    """Return a name without an article and in lower case: "The Kremlin" is "the Kremlin"."""
    words = (name or "").lower().split()
    return " ".join(words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words) or None


@pytest.mark.parametrize("data", [case(data) for data in CASES])
def test_the_words_and_the_speaker_are_found(data: dict[str, Any]) -> None:
    """Every quote with its speaker, and nothing besides; a comma at the end is the reporter's."""
    answers = [
        (q.span.start, q.text, plain(q.attribution.name) if q.attribution else None) for q in found(data["text"])
    ]
    # Words on a placard have no speaker: whether they are shown is left open, that nobody is named is not.
    silent = [marked["start"] for marked in data["quotes"] if marked["speaker"] is None]
    sure = engine().bars.asked
    assert not [q.text for q in found(data["text"]) if q.span.start in silent and q.attributed(sure)]
    assert [answer for answer in answers if answer[0] not in silent] == [
        (marked["start"], marked["quote"].rstrip(","), plain(marked["speaker"]))
        for marked in data["quotes"]
        if marked["speaker"] is not None
    ]


def test_a_language_without_data_gets_its_quotes_but_no_guessed_speakers() -> None:
    """Marks are marks everywhere; a name is only given next to a reporting verb that some language pack knows."""
    french = (
        "Le port de Vaudrey reste fermé depuis la tempête de mardi, et personne ne sait pour combien de temps encore.\n\n"
        "«Nous avons compté les bateaux deux fois, et il en manque un», a déclaré la capitaine Odile Marchand.\n\n"
        "Le maire, Luc Ferrand, n’a pas répondu aux questions des journalistes dans la soirée."
    )
    analysis = analyse_text(french, engine(), now=datetime(2026, 1, 1, tzinfo=UTC), article_id="french")
    assert analysis.article.language == "fr"
    assert [(q.text, q.attribution) for q in analysis.quotes] == [
        ("Nous avons compté les bateaux deux fois, et il en manque un", None)
    ]
    assert analysis.named == ()


def test_a_known_cue_beside_the_quote_names_the_speaker_in_any_language() -> None:
    """A French page that quotes an English agency: "said" is known."""
    text = (
        "Le port de Vaudrey reste fermé depuis la tempête de mardi, et personne ne sait pour combien de temps.\n\n"
        "«Nous avons compté les bateaux deux fois,» said Odile Marchand."
    )
    (quote,) = analyse_text(text, engine(), now=datetime(2026, 1, 1, tzinfo=UTC), article_id="french").quotes
    assert quote.attribution is not None
    assert quote.attribution.name == "Odile Marchand"


def test_without_any_language_pack_nothing_is_a_quote() -> None:
    """Nothing would tell speech from other marked words."""
    bare = replace(engine(), packs={})
    analysis = analyse_text("“It held,” said Ida.", bare, now=datetime(2026, 1, 1, tzinfo=UTC), article_id="bare")
    assert analysis.quotes == ()

"""Whom pronouns and descriptions mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Finder, Preparer


def meant(read: Preparer, text: str, pointing: str) -> list[str]:
    """Return the names that the mention printed as ``pointing`` may mean, the likeliest first."""
    candidates, resolver = read(text)
    reading, cast = candidates.reading, candidates.scene.cast
    for number, one in enumerate(candidates.scene.mentions):
        if reading.text[reading.starts[one.start] : reading.ends[one.end - 1]] == pointing:
            found = resolver.entities(number)
            return [cast.entities[entity].name for entity in sorted(found, key=lambda entity: -found[entity])]
    raise AssertionError(pointing)


@pytest.mark.parametrize(
    ("text", "pointing", "expected"),
    [
        ("Lena Horvat met Tomas Reyes. Then she left.", "she", "Lena Horvat"),
        ("Lena Horvat met Tomas Reyes. Then he left.", "he", "Tomas Reyes"),
        ("When he left, Tomas Reyes smiled.", "he", "Tomas Reyes"),
        # A country and a role name one person, if one fits.
        ("Russian President Oleg Sidorov came. The Russian leader left.", "The Russian leader", "Oleg Sidorov"),
        ("Vermont Sen. Tom Vos came. The Vermont senator left.", "The Vermont senator", "Tom Vos"),
        # A capital that no list knows stands for itself.
        (
            "Kharvian President Anton Belsky came. The Kharvian president left.",
            "The Kharvian president",
            "Anton Belsky",
        ),
        ("French counterpart Ida Moe came. The French leader left.", "The French leader", "The French leader"),
        (
            "Russian President Oleg Sidorov came. The former Russian president left.",
            "The former Russian president",
            "The former Russian president",
        ),
        ("The mayor of Osk left.", "The mayor", "The mayor of Osk"),
        # Appositions on either side.
        ("Her campaign manager, Ana Pardo, left.", "Her campaign manager", "Ana Pardo"),
        ("Ana Pardo, an engineer, left.", "an engineer", "Ana Pardo"),
        ("The water minister, Ottoline Feher, left.", "The water minister", "Ottoline Feher"),
        ("Harbour tax to rise. Ottoline Feher left. Then she slept.", "she", "Ottoline Feher"),
        ("An engineer named Ana Pardo left.", "An engineer", "Ana Pardo"),
        ("An engineer known as Ana Pardo left.", "An engineer", "Ana Pardo"),
        ("The engineer, Osk, and others left.", "The engineer", "The engineer"),
        ("A user from Osk going by the handle Lantz left.", "A user", "Lantz"),
        ("The base chief known as Bob left.", "The base chief", "Bob"),
        ("An engineer named by nobody left.", "An engineer", "An engineer"),
        ("An engineer known at Acme Corp left.", "An engineer", "An engineer"),
        ("An engineer known. Ana Pardo left.", "An engineer", "An engineer"),
        # A page that gives an office to one person means no other; one that has two may.
        ("Great Harrow’s mayor, Sunniva Brack, came. The mayor left.", "The mayor", "Sunniva Brack"),
        ("Mayor Piet Vos came. The mayor left.", "The mayor", "Piet Vos"),
        ("Mayor Piet Vos came. Osk’s mayor slept. The mayor left.", "The mayor", "The mayor"),
        ("Mayor Piet Vos met Mayor Ana Pardo. The mayor left.", "The mayor", "The mayor"),
        ("Senator Piet Vos came. The senator left.", "The senator", "The senator"),
        ("The Ministry of Water closed. The ministry slept.", "The ministry", "Ministry of Water"),
        ("The State Department closed. The department slept.", "The department", "State Department"),
        ("The State Department met a second department. The department slept.", "The department", "The department"),
        # Groups and bodies.
        ("The officials left. Then they slept.", "they", "The officials"),
        ("The committee met. It slept.", "It", "The committee"),
        ("The ministry failed. Later we left.", "we", None),
        ("Nothing came. They left.", "They", None),
        ("Nothing came. She left.", "She", None),
    ],
)
def test_the_likeliest_is_the_one_a_reader_takes(
    read: Preparer, text: str, pointing: str, expected: str | None
) -> None:
    """Sex, number, country and role decide; what nobody explains stays what it is."""
    assert [*meant(read, text, pointing), None][0] == expected


def test_of_many_people_only_the_nearest_come_into_question(read: Preparer) -> None:
    """A page may name a thousand people; a pronoun looks back a little way."""
    many = " ".join(f"He met Ana {chr(65 + n)}osk." for n in range(20))
    assert len(meant(read, many + " Then she left.", "she")) == 8


def test_a_pronoun_that_nobody_explains_stays(find: Finder) -> None:
    """Without a name on the page the printed pronoun is all there is."""
    quote = find("“It was cold that night,” she said.").quotes[0]
    assert quote.attribution is not None
    assert quote.attribution.name == "she"


def test_a_country_with_many_leaders_names_none(read: Preparer) -> None:
    """Where several people fit a description it stays what it is."""
    many = " ".join(f"Russian President Ana {chr(65 + n)}osk came." for n in range(12))
    assert meant(read, many + " The Russian president left.", "The Russian president") == ["The Russian president"]

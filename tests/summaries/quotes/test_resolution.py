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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Anders Quill came. A spokesman for Northern Rail said trains would stop. He left.",
            "A spokesman for Northern Rail",
        ),
        ("Anders Quill came. “It was cheap,” said a senior official. He left.", "a senior official"),
        ("Anders Quill came. An official spoke. The official said no. He left.", "An official"),
        # Who is told speaks to nobody, and who has a name is meant rather than who has none.
        ("Anders Quill told a voter so. He left.", "Anders Quill"),
        ("A spokesman said so. Anders Quill came. He left.", "Anders Quill"),
        ("A spokesman for Kim Lind said so about Anders Quill. He left.", "A spokesman for Kim Lind"),
        ("A spokesman said so. Greenpeace is old. He left.", "A spokesman"),
        # Nor need a name open its sentence, unless it hangs on a preposition.
        ("A fisherman said the fees were too high. In the council, Lars Dahl shook his head. He left.", "Lars Dahl"),
        ("A fisherman said “no fees”. In the council, Lars Dahl shook his head. He left.", "Lars Dahl"),
        ("A voter said the fees were too high. Next to him stood Lars Dahl. He left.", "Lars Dahl"),
        ("A voter said the fees were too high. It rained on Lars Dahl. He left.", "A voter"),
        ("A voter said the fees were too high. The fees were set by Lars Dahl. He left.", "A voter"),
        # "The mayor" is somebody the page may name; a spokeswoman is no "he".
        ("Anders Quill came. The aide said so. He left.", "Anders Quill"),
        ("Anders Quill came. A spokeswoman said so. He left.", "Anders Quill"),
        (
            "Anders Quill came.\n\nA spokesman said so.\n\nIt rained.\n\nIt rained on.\n\nIt was wet.\n\nHe left.",
            "Anders Quill",
        ),
    ],
)
def test_he_may_be_somebody_without_a_name(find: Finder, read: Preparer, text: str, expected: str) -> None:
    """A nameless speaker goes on speaking, unless somebody with a name came between."""
    if "“" in text:
        found = find(text.replace("He left.", "“It was late,” he said."))
        assert found.quotes[-1].attribution is not None
        assert found.quotes[-1].attribution.name == expected
    else:
        assert meant(read, text, "He")[:1] == [expected]


def test_nobody_of_the_other_sex_is_meant(read: Preparer) -> None:
    """A pronoun that fits nobody on the page stays a pronoun."""
    assert meant(read, "Lena Horvat came. He left.", "He") == []


def test_who_is_called_something_is_not_named_so(find: Finder) -> None:
    """In “one lawmaker called Ivo Lem “a fool””, the lawmaker speaks; “a man called Ivo” is Ivo."""
    text = "One lawmaker called Donal Trum “the orange prince of the valley”."
    (quote,) = find(text).quotes
    assert quote.attribution is not None
    assert quote.attribution.name == "One lawmaker"


@pytest.mark.parametrize(
    ("text", "pointing", "expected"),
    [
        ("His daughter, the novelist Flora Vale, said no.", "His daughter", "Flora Vale"),
        ("His daughter, Flora Vale, said no.", "His daughter", "Flora Vale"),
        ("His daughter, the Kelm Council, said no.", "His daughter", "His daughter"),
    ],
)
def test_an_apposition_may_have_an_article(read: Preparer, text: str, pointing: str, expected: str) -> None:
    """The name in commas is whose the description before it is."""
    assert meant(read, text, pointing)[:1] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lars Berg drank. The first mate, Willa Crane, said: “I told the owners twice.”", "Willa Crane"),
        (
            "Asked whether Lars Berg had been drunk, his bookbinder, Willa Crane, said: “I told the owners twice.”",
            "Willa Crane",
        ),
        # "A rival, Willa Crane, saying": who acts is the one before.
        ("Lars Berg spoke about his rival, Willa Crane, saying: “I told the owners twice.”", "Lars Berg"),
        ("In Osk, Willa Crane, said: “I told the owners twice.”", "Willa Crane"),
        ("Because it rained hard all day yesterday, Willa Crane, said: “I told the owners twice.”", "Willa Crane"),
        ("“No”, Willa Crane, said: “I told the owners twice.”", "Willa Crane"),
        ("Old, very, Willa Crane, said: “I told the owners twice.”", "Willa Crane"),
    ],
)
def test_a_name_that_stands_apart_speaks(find: Finder, text: str, expected: str) -> None:
    """Commas around a name do not part it from its verb."""
    attribution = find(text).quotes[-1].attribution
    assert attribution is not None
    assert attribution.name == expected

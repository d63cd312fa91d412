"""Who is who on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Finder, Preparer


def names(read: Preparer, text: str) -> list[tuple[str, int]]:
    """Return every named entity with the number of its mentions."""
    return [(one.name, len(one.mentions)) for one in read(text)[0].scene.cast.entities if not one.kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Lena Horvat. Then Horvat left.", [("Lena Horvat", 2)]),
        # The surname comes first, the full name later.
        ("He met Horvat. Then Lena Horvat left.", [("Lena Horvat", 2)]),
        ("He met Lena M. Horvat, then Lena Horvat and L. Horvat.", [("Lena M. Horvat", 3)]),
        ("He met Lena Horvat, then Lena Maria Horvat.", [("Lena Maria Horvat", 2)]),
        ("He met Hana Novak and Petr Novak.", [("Hana Novak", 1), ("Petr Novak", 1)]),
        ("He met Gabriel Bořil. Then Boril left.", [("Gabriel Bořil", 2)]),
        ("He met Karim al-Hadid. Al-Hadid left before Hadid came.", [("Karim al-Hadid", 3)]),
        ("He met Smith & Moe. Then Smith & Moe left.", [("Smith & Moe", 2)]),
        # A first name alone, when just one bears it.
        ("He met Hillary Archer. Then Hillary left.", [("Hillary Archer", 2)]),
        # The younger one is somebody else.
        ("He met Tom Vos. He met Tom Vos Jr. Then Vos Jr. left.", [("Tom Vos", 1), ("Tom Vos Jr.", 2)]),
        # Mrs tells them apart.
        ("He met Bill Archer and Helen Archer. Then Mrs. Archer left.", [("Bill Archer", 1), ("Helen Archer", 2)]),
        # Whom the page names in full most often is meant by the bare surname.
        ("He met Ida Moe. He saw Ida Moe. He met Jan Moe. Then Moe left.", [("Ida Moe", 3), ("Jan Moe", 1)]),
        ("He saw Big Lena Horvat. He met Lena Horvat.", [("Lena Horvat", 2)]),
        # Mr. is never the lady, however often she is named.
        (
            "He met Michelle Orlan, Michelle Orlan and Barack Orlan. Mr. Orlan left.",
            [("Michelle Orlan", 2), ("Barack Orlan", 2)],
        ),
        # Nor when the page names nobody else of that surname in full.
        ("He met Michelle Orlan. Mr. Orlan left. Mr. Orlan came.", [("Michelle Orlan", 1), ("Orlan", 2)]),
        # A headline's verb is no first name.
        ("We must Endorse Orlan. He met Orlan.", [("Endorse Orlan", 2)]),
    ],
)
def test_names_are_joined_under_the_longest(read: Preparer, text: str, expected: list[tuple[str, int]]) -> None:
    """One person, one entity, however the page prints the name."""
    assert names(read, text) == expected


def test_what_is_named_but_not_quoted_is_kept(find: Finder) -> None:
    """Who is reported without marks is named with the sentences that report them, once each."""
    found = find("Lena Horvat said it rained. Horvat said Lena Horvat said no.\n\n“Yes,” said Tom Vos. He met Ida Moe.")
    assert [(one.name, len(one.mentions), len(one.reported)) for one in found.named] == [
        ("Lena Horvat", 3, 2),
        ("Tom Vos", 1, 0),
        ("Ida Moe", 1, 0),
    ]


HEADLINES = """Lena Horvat Goes Fishing While Mayors Watch

Big Trout Corners Vos, Claims Moe

The Osk Post said it rained. The post said more. “It was wet,” the Osk Post added. Lena Horvat left."""


def test_a_headline_in_capitals_names_nobody_alone(find: Finder) -> None:
    """Capitals say nothing in a headline: only what the body prints, too, is a name; the headline's form is not kept."""
    assert [(one.name, one.aliases) for one in find(HEADLINES).named] == [
        ("Lena Horvat", ("Lena Horvat",)),
        ("Osk Post", ("Osk Post",)),
    ]


def test_a_paragraph_that_ends_with_a_quotation_is_no_headline(find: Finder) -> None:
    """Many capitals between two quotations are a reporter's tag: the full name in it is kept."""
    found = find(
        "“The dam held on a knife’s edge,” said Rosa Lind, House editor for the Cook Report. “It could fail.”\n\nThe dam was old, Lind said."
    )
    assert "Rosa Lind" in [one.name for one in found.named]


def test_who_is_quoted_by_a_headline_only_is_named(find: Finder) -> None:
    """Every speaker with a name of their own is among the named."""
    found = find(
        "‘Nobody Passes,’ Says Oleg Sidorov of Great Osk\n\n“It rained,” said Oleg Sidorov’s Aide Ida Vos Herself."
    )
    names = {one.name for one in found.named}
    assert {quote.attribution.name for quote in found.quotes if quote.attribution} <= names


def test_a_body_is_named_by_its_printed_name(find: Finder) -> None:
    """“The Osk Post” is found under its name without the article, so that people can ask for it."""
    found = find("Much rain fell. The Osk Post said it was “wet beyond words”.")
    assert [quote.attribution and quote.attribution.name for quote in found.quotes] == ["Osk Post"]
    assert [(one.name, len(one.mentions)) for one in found.named] == [("Osk Post", 1)]


@pytest.mark.parametrize("text", ["Then Mr. King left.", "Jim King came. Then King left."])
def test_a_surname_that_is_a_role_is_a_name(read: Preparer, text: str) -> None:
    """“Mr. King” is no king, nor is “King” where the page has a Jim King."""
    assert [one.name.split()[-1] for one in read(text)[0].scene.cast.entities] == ["King"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A caption's or a headline's first name and surname are a name if the surname stands elsewhere.
        ("Photo: Driver Ali Demir\n\nThen Demir left the yard and we all went home.", "Ali Demir"),
        ("Photo: Stopping Demir Again\n\nThen Demir left the yard and we all went home.", "Demir"),
    ],
)
def test_a_caption_may_give_the_full_name(read: Preparer, text: str, expected: str) -> None:
    """Capitals of a headline say nothing, a first name does."""
    assert (expected, 2) in names(read, text) or (expected, 1) in names(read, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "George Havel Sr. met George Havel Jr. Then the elder Havel left.",
            [("George Havel Sr.", 2), ("George Havel Jr.", 1)],
        ),
        (
            "George Havel Sr. met George Havel Jr. Then the younger Havel left.",
            [("George Havel Sr.", 1), ("George Havel Jr.", 2)],
        ),
    ],
)
def test_the_elder_and_the_younger_are_told_by_their_suffix(
    read: Preparer, text: str, expected: list[tuple[str, int]]
) -> None:
    """Father and son of one name."""
    assert names(read, text) == expected

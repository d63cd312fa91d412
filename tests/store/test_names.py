"""When two printed names are one person, and whom a typed name may mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.names import ESTABLISHED, KnownName, Match, fold_name, joins, ranked, same_person


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "Volodymyr Zelenskyy",
            "Volodymyr Zelensky",
            "Volodymyr Zelenskiy",
            "Володимир Зеленський",
            "volodymyr zelenskij",
        ),
        ("Jean-Luc O’Neill", "JEAN LUC O'NEILL", "Jean–Luc ONeill"),
        ("José Núñez", "Jose Nunez"),
        ("Viktor Orlan", "Viktor Orlan's", "Viktor Orlan’s"),
        ("Søren Bjørk", "Soren Bjork"),
    ],
)
def test_spellings_of_one_name_fold_into_one(spellings: tuple[str, ...]) -> None:
    """Case, accents, apostrophes, hyphens and transliterations do not tell people apart."""
    assert len({fold_name(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("Li", "Ly"), ("Ana Marek", "Anna Marek"), ("Orlan", "Orlando")])
def test_near_names_do_not_fold(one: str, other: str) -> None:
    """A letter more or less is another name."""
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Toll", "Ada Toll", True),
        ("Ada M. Toll", "Ada Toll", True),
        ("Ada M. Toll", "Ada K. Toll", False),  # two initials: two people
        ("Ada Maria Toll", "Ada Toll", False),  # as "Foreign Trade Ministry" is not "Foreign Ministry"
        ("Toll", "Ada Toll", False),
        ("Toll", "Toll", True),
        ("Eva Toll", "Ada Toll", False),
    ],
)
def test_one_person_by_name(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a table's last column
    """Only initials in the middle may be missing on one side."""
    assert same_person(fold_name(one), fold_name(other)) is same
    assert same_person(fold_name(other), fold_name(one)) is same


TOLLS = [KnownName(1, "ada toll", whole=True), KnownName(1, "toll"), KnownName(2, "eva toll", whole=True)]


@pytest.mark.parametrize(
    ("name", "known", "articles", "speaker"),
    [
        ("ada toll", TOLLS, {}, 1),
        ("ada m toll", TOLLS, {}, 1),
        ("ida toll", TOLLS, {}, None),
        ("toll", TOLLS, {1: 99, 2: 99}, None),  # two bear the name: nobody's
        ("toll", TOLLS, {1: 99, 2: 10}, None),
        ("toll", TOLLS, {1: 100, 2: 10}, 1),  # ten times as much is written about her as about the other
        ("toll", TOLLS[:2], {1: ESTABLISHED}, 1),
        ("toll", TOLLS[:2], {1: ESTABLISHED - 1}, None),
        ("toll", [*TOLLS, KnownName(3, "toll", whole=True)], {}, 3),  # a page said no more than that before
        ("toll", [*TOLLS[:2], KnownName(3, "toll", whole=True)], {1: 9, 3: 9}, 1),  # before she was known
        ("toll", [*TOLLS[:2], KnownName(3, "toll", whole=True)], {1: 9, 3: 10}, 3),  # a body that is called so
        ("ada m toll", [*TOLLS, KnownName(4, "ada toll")], {}, None),  # two could be meant
        ("ada toll", [KnownName(5, "ada toll")], {}, 5),  # printed so on another page
    ],
)
def test_whom_a_page_means(name: str, known: list[KnownName], articles: dict[int, int], speaker: int | None) -> None:
    """Joined when print says so; what is ambiguous stays apart."""
    assert joins(name, known, articles) == speaker


KNOWN = [
    KnownName(1, fold_name("Viktor Orlan")),
    KnownName(1, fold_name("Orlan")),
    KnownName(2, fold_name("Viktor Marek")),
    KnownName(3, fold_name("Ada Orlando")),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("viktor orlan", [(Match.FULL, 1)]),
        ("Orlan viktor", [(Match.WORD, 1)]),
        ("orlan", [(Match.FULL, 1), (Match.PREFIX, 3)]),
        ("viktor", [(Match.PART, 1), (Match.PART, 2)]),
        ("ada orl", [(Match.PREFIX, 3)]),
        ("marrek", [(Match.NEAR, 2)]),
        ("zz", []),
        ("", []),
        ("…", []),
    ],
)
def test_whom_a_typed_name_may_mean(typed: str, found: list[tuple[Match, int]]) -> None:
    """Whole forms before words, words before beginnings; near spellings only where nothing else is found."""
    assert [(match, speaker) for match, _, speaker in ranked(typed, KNOWN)] == found


@given(st.text(max_size=40))
def test_folding_a_name_takes_anything(printed: str) -> None:
    """Whatever is printed folds, and folding again changes nothing that matters for matching."""
    folded = fold_name(printed)
    assert folded == folded.strip()
    assert "  " not in folded
    assert isinstance(ranked(printed, KNOWN), list)

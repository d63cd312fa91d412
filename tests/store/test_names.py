"""When two printed names are one person, and whom a typed name may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.names import (
    ESTABLISHED,
    KnownName,
    Match,
    fold_name,
    joins,
    ranked,
    same_person,
    spelt_out,
    surname_of,
)
from store.speakers import Speakers
from summaries.values import NamedSpeaker
from tests.store.samples import HERE, NOON

if TYPE_CHECKING:
    from store.database import Database


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


def one_for(printed: str, known: str) -> bool:
    """Return whether a page's name goes to the only speaker who is known, by the name that opened them."""
    forms = {fold_name(known), spelt_out(known)}
    bearing = [KnownName(1, form, whole=True) for form in sorted(forms)]
    asked = [fold_name(printed), spelt_out(printed)]
    shared = [one for one in bearing if surname_of(one.folded) in {surname_of(each) for each in asked}]
    return any(joins(each, shared, {}) for each in asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("Volodymyr Zelenskiy", "Володимир Зеленський"),
        ("Sergey Lavrov", "Сергей Лавров"),
        ("Alexei Navalny", "Aleksei Navalny"),
        ("Алексей Навальный", "Alexey Navalny"),
        ("Hans Müller", "Hans Mueller"),
        ("Hans Müller", "Hans Muller"),
        ("Jürgen Großmann", "Juergen Grossmann"),
        ("Lars Løkke", "Lars Loekke"),
        ("J. D. Vance", "JD Vance"),
        ("J.D. Vance", "JD Vance"),
        ("Ada M. Toll", "Ada Toll"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("Abdel Fattah el-Sisi", "Abdel Fattah al-Sisi"),
        ("Ursula von der Leyen", "Ursula Von Der Leyen"),
        ("the Kremlin", "Kremlin"),
        ("The United Nations", "United Nations"),
        ("President Vladimir Putin", "Vladimir Putin"),
        ("Sens. Jon Tester", "Jon Tester"),
        ("习近平", "习近平"),
    ],
)
def test_what_print_takes_for_one_name_is_one(one: str, other: str) -> None:
    """Whichever came first."""
    assert one_for(one, other)
    assert one_for(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hans Mueller", "Hans Muller"),  # without the umlaut these are two names
        ("Anna Bauer", "Anna Baur"),
        ("Samuel Toll", "Samul Toll"),
        ("Vladimir Zelensky", "Volodymyr Zelensky"),
        ("Mohammed Salem", "Mohamed Salem"),  # so many bear the name that a letter tells them apart
        ("Omar al-Salem", "Omar Salem"),
        ("Karl Marx", "Karl Marks"),
        ("J. Vance", "James Vance"),
        ("J. D. Vance", "J. F. Vance"),
        ("George H. W. Bush", "George W. Bush"),
        ("Ada Maria Toll", "Ada Toll"),
        ("Martin King Jr.", "Martin King"),
        ("von der Leyen", "Anna Leyen"),
        ("von der Leyen", "Ursula von der Leyen"),  # alone it is enough only for the well-known
        ("Leyen", "Ursula von der Leyen"),
        ("Xi", "Xi Jinping"),
        ("Jinping Xi", "Xi Jinping"),
        ("Kremlin spokesman", "Kremlin"),
        ("Kremlin spokesman Dmitry Peskov", "Dmitry Peskov"),
        ("Kremlin spokesman Dmitry Peskov", "Kremlin"),
        ("Foreign Trade Ministry", "Foreign Ministry"),
        ("Ministry of Health", "Ministry of Defence"),
        ("University of Brenn", "University of Vessin"),
        ("Bank of Brenn", "World Bank of Brenn"),
        ("President Toll", "Ada Toll"),
        ("Mr Toll", "Mrs Toll"),
        ("Li Na", "Ly Na"),
        ("Ana Marek", "Anna Marek"),
        ("Viktor Orlan", "Viktoria Orlan"),
        ("Viktor Orlan", "Viktor Orlando"),
    ],
)
def test_what_may_be_two_people_stays_apart(one: str, other: str) -> None:
    """A wrong join puts words into somebody's mouth; an operator may make two one."""
    assert not one_for(one, other)
    assert not one_for(other, one)


LEYENS = [
    KnownName(1, fold_name("Ursula von der Leyen"), whole=True),
    KnownName(1, fold_name("von der Leyen")),
    KnownName(2, fold_name("Anna Leyen"), whole=True),
]


@pytest.mark.parametrize(
    ("name", "articles", "speaker"),
    [
        ("von der Leyen", {1: ESTABLISHED}, 1),
        ("von der Leyen", {1: ESTABLISHED - 1}, None),
        ("von der Leyen", {1: 9, 2: 1}, None),
        ("von der Leyen", {2: 99}, None),  # well known, but not by that name
        ("Leyen", {1: 100, 2: 10}, 1),
        ("Leyen", {1: 10, 2: 10}, None),
    ],
)
def test_a_surname_with_its_particles_is_a_surname(name: str, articles: dict[int, int], speaker: int | None) -> None:
    """It goes to somebody well known who bears all of it."""
    assert joins(fold_name(name), LEYENS, articles) == speaker


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


async def test_spellings_are_joined_in_whatever_order_pages_come(opened: Database) -> None:
    """Through the tables, where forms are looked up by surname; a name without its umlaut is another, until one had it."""
    pages = [
        ("Hans Müller", "Hans Mueller", 1),
        ("Eva Boehm", "Eva Böhm", 1),
        ("Ida Muller", "Ida Mueller", 2),
        ("the Northern League", "Northern League", 1),
        ("J. D. Quist", "JD Quist", 1),
        ("Sens. Jon Toll", "Jon Toll", 1),
    ]
    async with opened.writing() as db:
        for first, second, count in pages:
            numbers = set()
            for printed in (first, second):
                named = [NamedSpeaker(printed, (printed,), (), ())]
                numbers |= {one.speaker_id for one in (await Speakers().open(db, named, owner=None, at=NOON)).values()}
            assert len(numbers) == count, first


@pytest.mark.parametrize(
    "printed", ["J. D. Quist", "the Northern League", "President Ida Toll", "Aleksei Marek", "Ada Toll"]
)
async def test_a_pasted_page_may_come_before_the_shared_one(opened: Database, printed: str) -> None:
    """Whoever it names is the shared speaker from then on, as had the shared page come first."""
    named = [NamedSpeaker(printed, (printed,), (), ())]
    async with opened.writing() as db:
        await Speakers().open(db, named, owner=HERE, at=NOON)
        (shared,) = (await Speakers().open(db, named, owner=None, at=NOON)).values()
        (again,) = (await Speakers().open(db, named, owner=HERE, at=NOON)).values()
        assert again == shared
        (found,) = await Speakers().candidates(db, HERE, printed)
        assert found.speaker_id == shared.speaker_id


async def test_two_spellings_on_one_page_open_one_speaker(opened: Database) -> None:
    """The first names it."""
    async with opened.writing() as db:
        named = [NamedSpeaker(printed, (printed,), (), ()) for printed in ("the Harbour Board", "Harbour Board")]
        given = await Speakers().open(db, named, owner=None, at=NOON)
        assert len({one.speaker_id for one in given.values()}) == 1

"""Full text gives the same answers on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from store.articles import Articles
from store.quotes import SPARE, Quotes
from store.search import MAX_WORD, asked_words, fold, matches, search_column, words
from store.tables import articles
from tests.store.samples import HERE, MINUTE, NOON, analysis

if TYPE_CHECKING:
    from store.database import Database


@pytest.mark.parametrize(
    ("printed", "cut"),
    [
        ("Straße, CAFÉ, naïve", ["strasse", "cafe", "naive"]),
        ("U.S.-led e-mail", ["u", "s", "led", "e", "mail"]),
        ("it’s O'Neill's", ["its", "oneills"]),
        ("3.5 % of 1,000", ["3", "5", "of", "1", "000"]),
        ("Ⅻ ﬁne ½", ["xii", "fine", "1", "2"]),
        ("İstanbul ıstanbul", ["istanbul", "istanbul"]),
        ("Зеленський", ["зеленськии"]),
        ("東京で会議", ["東", "京", "て", "会", "議"]),
        ("snake_case", ["snake", "case"]),
        ("«»…—", []),
        ("x" * 200, ["x" * MAX_WORD]),
    ],
)
def test_words_are_cut_and_folded_here(printed: str, cut: list[str]) -> None:
    """Neither database gets to cut words its own way."""
    assert words(printed) == cut


def test_a_column_holds_each_word_once_and_the_speaker() -> None:
    """No printed word can look like a speaker's token."""
    assert search_column(("War and war", "peace §7"), 7) == "war and peace 7 §7"
    assert search_column(("War",)) == "war"


HARD = (
    "Straße nach Süden",
    "the U.S. dollar",
    "it’s now",
    "NOT OR AND NEAR",
    "“quoted” 'words' \\ backslash",
    "C++ & C# | D!",
    "co-operate 3.5%",
    "東京で会議",
    "Đà Nẵng łódź",
    "ⴰⵣⵓⵍ ᏣᎳᎩ 𝔘𝔫𝔦",
    "a:b* c(d) -e ^f",
    "semi;colon -- comment",
)


ASKED = (*HARD, "strasse", "SUDEN", "us", "łodz", "§1", "and near", "colon semi", "co", "b", "…")


async def test_what_is_found_is_what_holds_every_word(opened: Database) -> None:
    """Both databases answer as a plain comparison of words does, whatever is typed."""
    async with opened.writing() as db:
        for printed in HARD:
            page = analysis(printed, title=None, people=())
            await Articles().save(db, page, owner_channel=None, seen_at=NOON)
    async with opened.reading() as db:
        rows = await db.execute(select(articles.c.article_id, articles.c.search))
        columns = {row.article_id: set(row.search.split(" ")) for row in rows}
        for typed in ASKED:
            cards = await Articles().about(db, HERE, typed, limit=50)
            asked = set(asked_words(typed))
            holding = {key for key, column in columns.items() if asked and asked <= column}
            assert {card.article_id for card in cards} == holding, typed
            assert holding or typed not in HARD, typed


@pytest.mark.parametrize("looked_through", [2, 2 * SPARE, 100])
async def test_what_somebody_said_about_something_is_the_newest(
    opened: Database, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    """Words of all quotes, of each other one, of the oldest one and of none, however many are looked through first."""
    monkeypatch.setattr("store.quotes.NEWEST", looked_through)
    said = [
        f"The harbour of Brenn has {number} {'cranes' if number % 2 else 'ferries'} in all its {'old' if not number else 'new'} docks"
        for number in range(10)
    ]
    saved = None
    async with opened.writing() as db:
        for number, words_ in enumerate(said):
            page = analysis(
                f"“{words_},” said Orlan.", url=f"https://brenn.example/{number}", printed=NOON + number * MINUTE
            )
            saved = await Articles().save(db, page, owner_channel=None, seen_at=NOON)
    assert saved is not None
    (quote,) = saved.quotes
    assert quote.attribution is not None
    assert quote.attribution.speaker_id is not None
    async with opened.reading() as db:
        for about, numbers in (
            ("harbour", (9, 8)),
            ("cranes", (9, 7)),
            ("ferries brenn", (8, 6)),
            ("OLD", (0,)),
            ("x", ()),
        ):
            found = await Quotes().by_speaker(db, HERE, quote.attribution.speaker_id, about=about, limit=2)
            assert [one.quote.text for one in found] == [said[number] for number in numbers], about


async def test_the_index_follows_every_change(opened: Database) -> None:
    """Rows that are added, changed and deleted are found accordingly (on SQLite by triggers)."""
    row = {"identity": "a", "language": "en", "fetched_at": NOON, "newest_at": NOON, "revision": 1}

    async def found(word: str) -> list[int]:
        async with opened.reading() as db:
            hits = (
                select(articles.c.article_id).where(matches(articles, [word], db.dialect.name)).order_by("article_id")
            )
            return list((await db.execute(hits)).scalars())

    async with opened.writing() as db:
        await db.execute(insert(articles), [row | {"search": "old words"}, row | {"search": "other words"}])
    assert (await found("old"), await found("words")) == ([1], [1, 2])
    async with opened.writing() as db:
        await db.execute(articles.update().where(articles.c.article_id == 1).values(search="new words"))
    assert (await found("old"), await found("new"), await found("words")) == ([], [1], [1, 2])
    async with opened.writing() as db:
        await db.execute(articles.delete().where(articles.c.article_id == 1))
        if db.dialect.name == "sqlite":
            # Compares the index with the table, row by row.
            await db.execute(text("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"))
    assert (await found("new"), await found("words")) == ([], [2])


@given(st.text(max_size=80))
def test_any_text_folds_into_words_that_both_indexes_keep_whole(printed: str) -> None:
    """A word holds no blank, no quotation mark and nothing that ASCII does not take for a letter or digit."""
    for word in words(printed):
        assert word
        assert all(char.isalnum() or ord(char) > 127 for char in word)
        assert not any(char.isspace() for char in word)
    assert fold(fold(printed)) == fold(printed)

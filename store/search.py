"""Full text: what is indexed, what is asked for, and the indexes of both databases.

Words are folded and cut here, once, into one column; both databases index the column as it is, so both give the same
answers. Blanks are the only thing left for them to cut at.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Table, Text, bindparam, cast, func, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

# One entry for each table with a ``search`` column: (table, its id).
INDEXED = (("articles", "article_id"), ("quotes", "quote_id"))

# Letters that NFKD leaves alone, as people without them on the keyboard write them.
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
MARKS = "“”„–—…"  # between words, never in one
APOSTROPHES = "'’ʼ‘`´"
# Chinese and Japanese print no blanks: each character is a word (Han, Hiragana, Katakana).
WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
ASCII_WORD = re.compile("[a-z0-9]+")  # the same for folded text without any other letters, in half the time
# The first accent is U+0300; a run at a time, since curly marks and other alphabets are in here as well.
MAYBE_ACCENT = re.compile(r"[\u0300-\U0010ffff]+")
MAX_WORD = 64  # characters of a word that count; beyond are addresses and noise
SHORT = 1000  # characters of what is a quote, not an article
MAX_ASKED_WORDS = 12  # a question's words that count
# Not a letter, so never part of a word, and above ASCII, so FTS5's ascii tokenizer keeps it in the token.
SPEAKER_MARK = "§"


def fold(printed: str) -> str:
    """Return ``printed`` without case, accents and apostrophes, in compatibility form."""
    # Replaced one by one: str.translate takes forty times as long.
    for apostrophe in APOSTROPHES:
        printed = printed.replace(apostrophe, "")
    if printed.isascii():
        return printed.lower()
    # Casefolded twice: decomposing can bring capitals back (ℌ) and casefolding accents (İ).
    lowered = unicodedata.normalize("NFKD", printed.casefold()).casefold()
    if lowered.isascii():
        return lowered
    return MAYBE_ACCENT.sub(_without_accents, lowered).translate(LETTERS)


def _without_accents(run: re.Match[str]) -> str:
    return "".join(char for char in run[0] if not unicodedata.combining(char))


def words(printed: str) -> list[str]:
    """Return the folded words of ``printed`` in order, repeats included."""
    return list(_words_again(printed)) if len(printed) <= SHORT else _words(printed)


@lru_cache(maxsize=64)
def _words_again(printed: str) -> tuple[str, ...]:
    """Return the same of a quote, whose words are asked for when it is stored and when it is compared."""
    return tuple(_words(printed))


def _words(printed: str) -> list[str]:
    if not printed.isascii():
        # In most English texts nothing else is beyond ASCII, and what is ASCII is folded and cut in a third of the time.
        for mark in MARKS:
            printed = printed.replace(mark, " ")
    folded = fold(printed)
    found = (ASCII_WORD if folded.isascii() else WORD).findall(folded)
    return [word[:MAX_WORD] for word in found] if len(max(found, key=len, default="")) > MAX_WORD else found


def speaker_token(speaker_id: int) -> str:
    """Return the token that stands for a speaker: no printed word can be the same."""
    return f"{SPEAKER_MARK}{speaker_id}"


def search_column(printed: Iterable[str], speaker_id: int | None = None) -> str:
    """Return what the full-text index gets: each word once, and the speaker's token.

    Args:
        printed: The texts shown.
        speaker_id: Whose words they are, so that "X about Y" is one look into one index: at a million quotes
            intersecting two lists took a hundred times as long.
    """
    tokens = dict.fromkeys(word for piece in printed for word in words(piece))
    if speaker_id is not None:
        tokens[speaker_token(speaker_id)] = None
    return " ".join(tokens)


def asked_words(typed: str) -> list[str]:
    """Return the words to look for, each once, at most ``MAX_ASKED_WORDS``; empty where nothing can be looked for."""
    return list(dict.fromkeys(words(typed)))[:MAX_ASKED_WORDS]


def matches(table: Table, tokens: Iterable[str], dialect: str, *, any_of: Sequence[str] = ()) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` holds every one of ``tokens`` (at least one).

    Args:
        table: One of ``INDEXED``.
        tokens: As from ``asked_words`` and ``speaker_token``: they hold neither blanks nor quotation marks, but are
            quoted all the same, lest a word be taken for an operator.
        dialect: "sqlite" or "postgresql".
        any_of: Tokens of which it holds one at least; none to ask for no more.
    """
    if dialect == "sqlite":
        asked = " AND ".join(f'"{token}"' for token in tokens)
        if any_of:
            either = " OR ".join(f'"{token}"' for token in any_of)
            asked += f" AND ({either})"
        index = f"{table.name}_fts"
        found: Select[Any] = (
            select(literal_column("rowid"))
            .select_from(text(index))
            .where(text(f"{index} MATCH :asked").bindparams(bindparam("asked", asked, unique=True)))
        )
        return next(iter(table.primary_key.columns)).in_(found.scalar_subquery())
    return holds(table.c.search, tokens, any_of=any_of)


def holds(column: ColumnElement[str], tokens: Iterable[str], *, any_of: Sequence[str] = ()) -> ColumnElement[bool]:
    """Return the condition, on PostgreSQL, that a ``search`` column holds these tokens; as ``matches``."""
    asked = " & ".join(f"'{token}'" for token in tokens)
    if any_of:
        either = " | ".join(f"'{token}'" for token in any_of)
        asked += f" & ({either})"
    vector = func.array_to_tsvector(func.string_to_array(column, literal_column("' '")))
    return vector.op("@@")(cast(literal(asked, Text), TSQUERY))


def create_indexes(connection: Connection) -> None:
    """Make the full-text indexes over tables that have none yet."""
    for table, key in INDEXED:
        if connection.dialect.name == "sqlite":
            # "ascii" takes every character above 127 for a letter: it cuts only at the blanks we set, where unicode61
            # has its own idea of letters (of Unicode 6.1).
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {table}_fts USING fts5(search, content='{table}', content_rowid='{key}', tokenize='ascii', detail='none')"
            )
            _create_triggers(connection, table, key)
        else:
            # The default parser would cut words its own way; array_to_tsvector takes them as they are.
            connection.exec_driver_sql(
                f"CREATE INDEX ix_{table}_search ON {table} USING gin (array_to_tsvector(string_to_array(search, ' ')))"
            )


def rebuild_sqlite_indexes(connection: Connection) -> None:
    """Make the triggers again and fill the indexes anew: a table made anew has lost the one and unsettled the other."""
    for table, key in INDEXED:
        _create_triggers(connection, table, key)
        connection.exec_driver_sql(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")  # noqa: S608 - names out of INDEXED


def _create_triggers(connection: Connection, table: str, key: str) -> None:
    add = f"INSERT INTO {table}_fts(rowid, search) VALUES (new.{key}, new.search);"  # noqa: S608 - names out of INDEXED
    drop = f"INSERT INTO {table}_fts({table}_fts, rowid, search) VALUES ('delete', old.{key}, old.search);"  # noqa: S608 - the same
    for name, when, what in (
        ("added", "INSERT", add),
        ("dropped", "DELETE", drop),
        ("changed", "UPDATE OF search", drop + " " + add),
    ):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_fts_{name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {table}_fts_{name} AFTER {when} ON {table} BEGIN {what} END")

"""The sentences of a paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.tokens import folded, words_of
from summaries.values import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

# Possessive, so that a run of 100,000 dots is read once; "''" is how some agencies print a quotation mark.
_END = re.compile(r"([.!?…。！？]++)([\"”“’‘'»«›‹)\]}]*+)(?=(\s++)|\Z)")
_QUOTE_MARKS = frozenset("\"”“’‘'»«›‹")
_OPENING = "\"“”„‟‘’'‚«»‹›([{¿¡-–—―•*"
# "… We are": what was left out before a sentence stands with it.
_LEADING_OMISSION = re.compile(r"(?:…|\[(?:\.{3}|…)\])\s+")
_MIDDLE_CAPITAL = re.compile(r"[a-z]{1,2}[A-Z]")  # iPhone, eBay: names that begin sentences as they are
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_INITIAL = re.compile(r"[^\W\d_]")
_ORDINAL = re.compile(r"\d{1,2}|[IVX]+")
_LOOK_BACK = 40  # characters; no abbreviation is longer
_LOOK_AHEAD = 120
_TAG_NAME_WORDS = 5


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """What one language's sentences end and do not end with.

    Abbreviations are written without their last full stop; ``starters``, ``followers``, ``tag_verbs`` and
    ``tag_breakers`` are folded.

    Attributes:
        titles: Never end a sentence before a capital ("Mr", "v").
        abbreviations: End a sentence only before a starter ("Inc", "Fla").
        before_numbers: Go on when a number follows ("No", "Sept").
        clock: End a sentence before a capital that is not in ``after_clock`` ("a.m").
        after_clock: "EST", "Tuesday", …
        shouting_names: Names with their own mark ("Yahoo!").
        starters: Words that begin a sentence far more often than they go on a name.
        followers: What goes on after "U.S." although it is a noun ("Senate").
        tag_verbs: Verbs of a speaker's tag after a question or a shout.
        tag_breakers: What stands after such a verb where it is no tag.
        ordinals: Whether a number with a full stop is an ordinal ("4. September").
    """

    titles: frozenset[str]
    abbreviations: frozenset[str]
    before_numbers: frozenset[str]
    clock: frozenset[str]
    after_clock: frozenset[str]
    shouting_names: frozenset[str]
    starters: frozenset[str]
    followers: frozenset[str]
    tag_verbs: frozenset[str]
    tag_breakers: frozenset[str]
    ordinals: bool = False


_NONE: frozenset[str] = frozenset()
NO_WORDS = SentenceWords(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE)
"""For a language without a pack: marks, initials and capitals alone decide."""


def parse_sentence_words(data: Mapping[str, object]) -> SentenceWords:
    """Return the table ``[sentences]`` of a language's text data as a value.

    Args:
        data: Strings of words between blanks, and ``ordinals``.

    Raises:
        ValueError: if a list is missing or is not a string.
    """
    exact = ("titles", "abbreviations", "before_numbers", "clock", "after_clock", "shouting_names")
    loose = ("starters", "followers", "tag_verbs", "tag_breakers")
    return SentenceWords(
        **{name: word_set(data, name) for name in exact},
        **{name: frozenset(folded(word) for word in word_set(data, name)) for name in loose},
        ordinals=data.get("ordinals") is True,
    )


def word_set(data: Mapping[str, object], name: str) -> frozenset[str]:
    """Return the words between blanks under ``name``.

    Raises:
        ValueError: if there is no string under ``name``.
    """
    words = data.get(name)
    if not isinstance(words, str):
        msg = f"language data: {name} is not a string of words"
        raise ValueError(msg)  # noqa: TRY004 - the data are wrong, not the program
    return frozenset(words.split())


def split_sentences(text: str, span: Span, words: SentenceWords) -> tuple[Span, ...]:
    """Return the sentences of one paragraph in reading order.

    Closing marks and brackets belong to the sentence they close. A question or a shout in marks goes on with its
    speaker's tag ("…?" Ilves asked.).

    Args:
        text: The article's text; offsets are into it.
        span: The paragraph.
        words: The language's words.

    Returns:
        Spans that cover everything in ``span`` but blanks. Time is linear in the paragraph.
    """
    found: list[Span] = []
    start = _skip_blanks(text, span.start, span.end)
    for end in _END.finditer(text, start, span.end):
        following = end.end(3)
        if end.group(3) is None or following >= span.end or end.start() < start:
            continue
        here = _Break(
            text[max(start, end.start() - _LOOK_BACK) : end.start()],
            end.group(1),
            end.group(2),
            _bare(text[following : min(span.end, following + _LOOK_AHEAD)]),
        )
        if _is_end(here, words):
            found.append(Span(start, end.end()))
            start = following
    last = span.start + len(span.of(text).rstrip())
    if start < last:
        found.append(Span(start, last))
    return tuple(found)


def _bare(ahead: str) -> str:
    """Return ``ahead`` from its first word on, without an omission and opening marks before it."""
    omission = _LEADING_OMISSION.match(ahead)
    return ahead[omission.end() if omission else 0 :].lstrip(_OPENING + " \t")


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


@dataclass(frozen=True, slots=True)
class _Break:
    """Where a sentence may end.

    Attributes:
        before: The characters before the mark, at most 40.
        marks: Full stops, questions marks and the like.
        closers: Closing marks and brackets after them.
        ahead: The characters after the blanks and opening marks that follow, at most 120.
    """

    before: str
    marks: str
    closers: str
    ahead: str

    @property
    def next_word(self) -> str:
        # Behind an opening mark there may be nothing but blanks.
        return next(iter(self.ahead.split(None, 1)), "")


def _is_end(here: _Break, words: SentenceWords) -> bool:
    # "[…]" is an omission, not an end, and so is "…" before any word of the sentence.
    if not _can_begin(here.next_word) or here.before.endswith(("[", "(")) or not here.before.strip(_OPENING + " \t"):
        return False
    if here.marks == "." and _QUOTE_MARKS.isdisjoint(here.closers):
        return _full_stop_ends(here, words)
    if here.marks[-1] not in "!?":
        return True
    if here.closers:
        return _QUOTE_MARKS.isdisjoint(here.closers) or not _is_tag(here.ahead, words)
    return _last_word(here.before) + here.marks not in words.shouting_names


def _last_word(before: str) -> str:
    parts = before.rsplit(None, 1)
    # The last part of "D-Ore" is what is abbreviated.
    return parts[-1].lstrip(_OPENING).rpartition("-")[2] if parts else ""


def _can_begin(word: str) -> bool:
    """Return whether a sentence can begin with ``word``: anything but a small letter or a joining mark."""
    if not word:
        return False
    first = word[0]
    if first.islower():
        return _MIDDLE_CAPITAL.match(word) is not None
    return first not in ",;:.!?…%&/"


def _full_stop_ends(here: _Break, words: SentenceWords) -> bool:
    """Return whether a lone full stop ends a sentence, when a capital or a number follows."""
    if not here.before or here.before[-1].isspace():
        return True  # " . ": captions are glued in like that
    word, next_word = _last_word(here.before), here.next_word
    number = next_word[0].isdigit()
    if word in words.titles or (number and word in words.before_numbers):
        return False
    if word in words.clock:
        return not number and next_word.rstrip(".,;:)") not in words.after_clock
    if word in words.abbreviations or _INITIAL.fullmatch(word) or (words.ordinals and _ORDINAL.fullmatch(word)):
        return _first_word(here.ahead) in words.starters
    if _ACRONYM.fullmatch(word):
        return _first_word(here.ahead) in words.starters or _new_subject_after_acronym(here, words)
    return True


def _first_word(ahead: str) -> str:
    words = words_of(ahead[:_LOOK_BACK])
    return words[0].partition("'")[0] if words else ""


def _new_subject_after_acronym(here: _Break, words: SentenceWords) -> bool:
    """Return whether "the U.S." ends a sentence before a capital: "in the U.S. Leaders from …"."""
    before, after = here.before.split(), here.ahead.split()
    return (
        before[-2:-1] == ["the"]
        and after[1:] != []
        and after[1][0].islower()
        and _first_word(here.ahead) not in words.followers
    )


def _is_tag(ahead: str, words: SentenceWords) -> bool:
    """Return whether a name and a reporting verb follow, and then no clause of its own."""
    tokens = ahead.split()
    for at, token in enumerate(tokens[: _TAG_NAME_WORDS + 1]):
        word = token.rstrip(",.;:")
        if at and folded(word) in words.tag_verbs:
            after = tokens[at + 1] if word == token and at + 1 < len(tokens) else ""
            return folded(after.rstrip(",.;:")) not in words.tag_breakers
        if not token[0].isupper() or token[-1] in ",;:!?":
            return False
    return False

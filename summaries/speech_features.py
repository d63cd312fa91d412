"""What can be seen of a quoted stretch and its surroundings, as the names of features with their amounts.

The features are made to hold across languages: the words come from a language's pack, the rest is the form of the
stretch and of what stands around it. ``speech`` weighs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from summaries.marks import Stretch
    from summaries.values import Span


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """A language's words that tell speech from names, terms and titles; all lower case.

    Attributes:
        reporting: Forms of verbs that report.
        tags: Those of them that make a reporter's clause behind a quote: "…, said Roth".
        utterance: Nouns of utterances ("statement", "tweet").
        terms: Words right before a mark that announce a name or a term; two of them are joined: "known_as".
        works: Kinds of works, whose titles stand in marks.
        signs: What slogans stand on.
        named: Words after a mark that make it one.
        determiners: Articles and the like.
        clause: Finite verbs and pronouns: one of them makes the words a clause.
        dialogue: Words that speakers use of themselves and of those they speak to.
        joining: "and", "or".
        linking: Prepositions and conjunctions that lead into a fragment.
        added: What this language adds to the weights of features.
    """

    reporting: frozenset[str]
    tags: frozenset[str]
    utterance: frozenset[str]
    terms: frozenset[str]
    works: frozenset[str]
    signs: frozenset[str]
    named: frozenset[str]
    determiners: frozenset[str]
    clause: frozenset[str]
    dialogue: frozenset[str]
    joining: frozenset[str]
    linking: frozenset[str]
    added: Mapping[str, float]


_LISTS = (
    "reporting", "tags", "utterance", "terms", "works", "signs", "named", "determiners", "clause", "dialogue", "joining", "linking",
)  # fmt: skip


def parse_speech_words(data: Mapping[str, object], *, reporting: Iterable[str] = ()) -> SpeechWords:
    """Return a language's words for ``speech``; a list that the language does not have is empty.

    Args:
        data: The language's ``speech.toml``: each list is one string of words, or an array of them.
        reporting: Further forms of reporting verbs, from the language's cues.

    Raises:
        TypeError: if a list is neither a string nor an array, or what is added is no number.
    """
    lists = {name: _words_of(name, data.get(name, "")) for name in _LISTS}
    lists["reporting"] |= frozenset(reporting)
    added = data.get("added", {})
    if not isinstance(added, dict) or not all(isinstance(weight, int | float) for weight in added.values()):
        msg = "speech words: added is not a table of numbers"
        raise TypeError(msg)
    return SpeechWords(**lists, added=added)


def _words_of(name: str, given: object) -> frozenset[str]:
    if isinstance(given, str):
        return frozenset(given.split())
    if isinstance(given, list):
        return frozenset(str(word) for word in given)
    msg = f"speech words: {name} is neither a string nor a list"
    raise TypeError(msg)


_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_REACH = 160
"""Characters of context on each side: about 25 words, longer than most reporting clauses."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a stretch, up to the neighbouring ones.

    Attributes:
        before: The reporter's words before the opening mark, from the sentence's beginning or the stretch before.
        after: The reporter's words after the closing mark, to the sentence's end or the next stretch.
        starts_paragraph: Whether nothing stands before it in its paragraph.
        ends_paragraph: Whether nothing stands after it.
        joined_before: Whether only reporter's words of the same sentence part it from the stretch before.
        joined_after: The same for the next stretch.
        among_double: Whether the article's other paragraphs quote in double marks, the title aside.
        two_apostrophes: Whether it opens with two apostrophes.
    """

    before: str
    after: str
    starts_paragraph: bool
    ends_paragraph: bool
    joined_before: bool
    joined_after: bool
    among_double: bool = False
    two_apostrophes: bool = False


def surroundings(text: str, stretch: Stretch, within: Span, room: Span, sentence: Span) -> Surroundings:
    """Return what stands around a stretch.

    Args:
        text: The article's text.
        stretch: The stretch.
        within: Its paragraph.
        room: From the end of the stretch before it to the beginning of the next one, marks included; the paragraph's
            ends where there is none.
        sentence: From the beginning of the sentence it begins in to the end of the one it ends in.
    """
    start = stretch.opened.start if stretch.opened else stretch.span.start
    end = stretch.closed.end if stretch.closed else stretch.span.end
    from_here = max(room.start, sentence.start)
    to_here = min(room.end, sentence.end)
    return Surroundings(
        before=text[max(from_here, start - _REACH) : start],
        after=text[end : min(to_here, end + _REACH)],
        starts_paragraph=start == within.start,
        ends_paragraph=end >= within.end - 1,
        joined_before=room.start > max(within.start, sentence.start),
        joined_after=room.end < min(within.end, sentence.end),
    )


def stretch_features(
    inner: str, around: Surroundings, stretch: Stretch, kind: ParagraphKind, words: SpeechWords
) -> Iterator[str]:
    """Yield the names of the features that a stretch has."""
    yield "always"
    inside = _words(inner[:_INSIDE])
    before = _words(around.before)
    after = _words(around.after)
    size = _size(len(inside))
    # American papers print a comma or full stop inside the marks, British and German ones behind them: read as one.
    last, behind = inner[-1], around.after.lstrip()
    if last not in _ENDINGS and behind[:1] in _ENDINGS:
        last, behind = behind[:1], behind[1:].lstrip()
    yield from _form(inner, inside, size, words)
    yield f"ends={_ENDINGS.get(last, 'other')}:{size}"
    yield from _before(around.before, before, words)
    yield from _after(behind, after, "ended" if last in _ENDINGS else "open", words)
    yield from _shape(_shape_of(inside) + size, (around.before.rstrip(), behind), before, after, words)
    yield from _place(around, stretch, size)
    if kind in {ParagraphKind.TITLE, ParagraphKind.HEADING}:
        yield "in_title"
    if stretch.single:
        yield "single"
        if around.among_double:
            yield "single_among_double"
        if _headline_case([*before, *inside, *after]):
            yield "single_in_headline_case"
    elif around.two_apostrophes:
        yield "two_apostrophes"


_ENDINGS = {".": "stop", "!": "stop", "?": "stop", "…": "stop", ",": "comma"}
_INSIDE = 600
"""Characters of a stretch that are looked at: who has spoken that long has spoken."""


def _words(space: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(space.replace("’", "'"))]


def _place(around: Surroundings, stretch: Stretch, size: str) -> Iterator[str]:
    """Yield where in its paragraph and sentence a stretch stands, and which of its marks were found."""
    if around.starts_paragraph:
        yield f"starts_paragraph:{size}"
    if around.ends_paragraph:
        yield f"ends_paragraph:{size}"
    if around.starts_paragraph and around.ends_paragraph:
        yield "is_paragraph"
    if around.joined_before:
        yield "joined_before"
    if around.joined_after:
        yield "joined_after"
    if stretch.open_at_end:
        yield "open_at_end"
    elif stretch.closed is None:
        yield "closer_lost"
    if stretch.continues:
        yield "continues"
    if stretch.opened is None:
        yield "opener_lost"


def _shape_of(inside: Sequence[str]) -> str:
    """Return "title" for words that all have capitals, else how the first one begins."""
    if len(inside) > 1 and all(word[0].isupper() for word in inside if len(word) > _SHORT):
        return "title"
    return "upper" if inside and inside[0][0].isupper() else "lower"


_SHORT = 3
"""Letters of the words that titles of works leave small ("of", "the")."""


def _shape(
    shape: str, beside: tuple[str, str], before: Sequence[str], after: Sequence[str], words: SpeechWords
) -> Iterator[str]:
    """Yield what the shape of the words says together with what stands beside them."""
    yield f"shape={shape}"
    left, right = beside[0][-1:], beside[1][:1]
    if before and left.isalnum():
        previous = before[-1].lower()
        yield f"{shape}<{_class_of(previous, words)}"
        yield f"before:{previous}"
        if previous.endswith("'s"):
            yield f"{shape}<possessive"
        elif before[-1][0].isupper():
            yield f"{shape}<capital"
    else:
        yield f"{shape}<{left if before else 'nothing'}"
    if after and right.isalnum():
        following = after[0].lower()
        yield f"{shape}>{_class_of(following, words)}"
        yield f"after:{following}"
    else:
        yield f"{shape}>{right}"
    cue_before = any(word.lower() in words.reporting for word in before)
    cue_after = any(word.lower() in words.reporting for word in after[:_NEAR])
    yield f"{shape}:cue={'b' if cue_before else '-'}{'a' if cue_after else '-'}"


_NEAR = 12
"""Words on either side in which a cue is looked for."""


def _headline_case(words: Sequence[str]) -> bool:
    """Return whether every long word has a capital, as American headlines do: their quotes are not verbatim."""
    long = [word for word in words if len(word) > _SHORT + 1]
    return len(words) > _BESIDE and bool(long) and all(word[0].isupper() for word in long)


def _size(count: int) -> str:
    for limit, name in ((1, "1"), (2, "2"), (3, "3"), (5, "4-5"), (8, "6-8"), (14, "9-14")):
        if count <= limit:
            return name
    return "15+"


def _form(inner: str, inside: Sequence[str], size: str, words: SpeechWords) -> Iterator[str]:
    """Yield what the quoted words themselves show."""
    lower = [word.lower() for word in inside]
    short = size if len(inside) <= _SHORT_STRETCH else "long"
    yield f"words={size}"
    if any(mark in inner[:-1] for mark in (". ", "? ", "! ", ", ", "; ", "—")):
        yield f"punctuated:{short}"
    first = inside[0][0] if inside else ""
    yield f"first={'upper' if first.isupper() else 'lower' if first.islower() else 'number'}:{size}"
    if any(word[0].isupper() for word in inside[1:]) and any(word.islower() and len(word) > _SHORT for word in inside):
        yield "name_inside"
    if inner.isupper():
        yield "all_capitals"
    clause = any(word in words.clause for word in lower)
    yield f"clause={'yes' if clause else 'no'}:{size}"
    if first.isupper() and not clause and len(inside) <= _CLOSE and inner[-1] not in ".!?":
        yield "like_a_name"
    if any(word in words.dialogue for word in lower):
        yield f"dialogue:{short}"
    if lower and lower[0] in words.determiners:
        yield "first_determiner"
    if inner.startswith(("#", "@")):
        yield "tag"
    if not any(character.isalpha() for character in inner):
        yield "no_letter"


_SHORT_STRETCH = 8
"""Words up to which the exact length counts."""


def _before(space: str, before: Sequence[str], words: SpeechWords) -> Iterator[str]:
    """Yield what the words before the opening mark show."""
    if not before:
        yield "before=nothing"
        return
    for distance, word in enumerate(reversed(before[-_NEAR:])):
        found = word.lower()
        if found in words.reporting:
            yield f"reporting_before={_distance(distance)}"
        if found in words.utterance:
            yield f"utterance_before={_distance(distance)}"
        if distance <= _BESIDE:
            place = "beside" if distance == 0 and space.rstrip()[-1:].isalnum() else "before"
            yield from (f"{name}_{place}" for name in ("terms", "works", "signs") if found in getattr(words, name))
    mark = space.rstrip()[-1:]
    if "_".join(word.lower() for word in before[-2:]) in words.terms and mark.isalnum():
        yield "terms_beside"
    if mark.isalnum() or mark in "'’":
        previous = before[-1]
        yield f"previous={_class_of(previous.lower(), words)}"
        if previous.lower().endswith("'s") or mark in "'’":
            yield "previous_possessive"
        elif previous[0].isupper() and len(before) > 1:
            yield "previous_capital"
    else:
        yield f"before_mark={mark if mark in ',:;(—–-' else 'other'}"


def _after(space: str, after: Sequence[str], ended: str, words: SpeechWords) -> Iterator[str]:
    """Yield what the words after the closing mark show."""
    mark = space[:1]
    if mark and not mark.isalnum():
        yield f"after_mark={mark if mark in ',.;:)—–-?!' else 'other'}"
    if not after:
        yield f"after=nothing:{ended}"
        return
    for distance, word in enumerate(after[:_NEAR]):
        if word.lower() in words.reporting:
            yield f"reporting_after={_distance(distance)}:{ended}"
    if mark.isalnum():
        if any(word.lower() in words.named for word in after[:2]):
            yield "named_after"
        form = "upper" if after[0][0].isupper() else _class_of(after[0].lower(), words)
        yield f"following={form}:{ended}"


_BESIDE = 2
_CLOSE = 5


def _distance(count: int) -> str:
    """Return how many words lie between, in steps."""
    return "0" if count == 0 else "1-2" if count <= _BESIDE else "3-5" if count <= _CLOSE else "6+"


_CLASSES = ("reporting", "determiners", "joining", "linking", "clause", "utterance")


def _class_of(word: str, words: SpeechWords) -> str:
    """Return what sort of word it is."""
    return next((name for name in _CLASSES if word in getattr(words, name)), "word")

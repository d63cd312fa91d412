"""Whom a typed name means: one speaker, one of several, or nobody known; what is decided here is pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from store.names import Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.asked import AskedQuotes
    from handlers.desk import Desk
    from store.values import Candidate

MOST = 5
"""People offered to choose from."""
LONGEST_NAME = 100
MOST_WORDS = 6
"""Words of what was typed that are tried as a name with the rest as its subject."""
FAR_MORE = 5
"""Times that one bearer of a name is quoted as often as all others together, to be meant by the name alone."""
_PLAIN = frozenset({Match.FULL, Match.WORD, Match.PART})


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom somebody asks for.

    Attributes:
        asked: As understood: what was typed behind the name may be what it is about.
        one: Who is meant; None where nobody is known, or it has to be chosen.
        choices: Who may be meant; empty where ``one`` is known for certain, or nobody is near.
        is_near: Whether the name was typed otherwise than it is printed.
    """

    asked: AskedQuotes
    one: Candidate | None
    choices: tuple[Candidate, ...] = ()
    is_near: bool = False


def chosen(asked: AskedQuotes, candidates: Sequence[Candidate]) -> Whom:
    """Return whom candidates leave: the best match if it is one, the quoted one of several, else a choice.

    Args:
        asked: What was asked.
        candidates: The best match first.
    """
    if not candidates:
        return Whom(asked, None)
    best = _alike(asked, candidates)
    if candidates[0].match is Match.NEAR:
        return Whom(asked, best[0] if len(best) == 1 else None, tuple(best[:MOST]), is_near=True)
    quoted = sorted((one for one in best if one.quotes), key=lambda one: -one.quotes)
    if len(best) == 1 or len(quoted) == 1:
        return Whom(asked, (quoted or best)[0])
    if quoted and quoted[0].quotes >= FAR_MORE * sum(one.quotes for one in quoted[1:]):
        return Whom(asked, quoted[0])
    return Whom(asked, None, tuple((quoted or best)[:MOST]))


def _alike(asked: AskedQuotes, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that meet what was typed as well as the best does.

    A surname that a page printed alone is a whole form of its bearer, but everybody of that surname may be meant.
    """
    match = candidates[0].match
    surname = " " not in (asked.speaker or "").strip()
    levels = {Match.FULL, Match.WORD} if surname and match in {Match.FULL, Match.WORD} else {match}
    return [one for one in candidates if one.match in levels]


async def whom(db: AsyncConnection, desk: Desk, chat: str, asked: AskedQuotes) -> Whom:
    """Return whom the store knows by what was typed; "macron nato" is Macron, about NATO."""
    typed = (asked.speaker or "")[:LONGEST_NAME]
    candidates = await desk.speakers.candidates(db, chat, typed)
    if candidates and candidates[0].match is not Match.NEAR:
        return chosen(asked, candidates)
    words = typed.split()
    if asked.about is None and 1 < len(words) <= MOST_WORDS:
        for end in range(len(words) - 1, 0, -1):
            first = await desk.speakers.candidates(db, chat, " ".join(words[:end]))
            if first and first[0].match in _PLAIN:
                split = replace(asked, speaker=" ".join(words[:end]), about=" ".join(words[end:]))
                return chosen(split, first)
    return chosen(asked, candidates)

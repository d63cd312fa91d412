"""How sure of a chosen speaker one may be at most, where the words leave a second reading that no weight has learned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from summaries.attribution import NAMELESS
from summaries.cues import NOTHING, CueForm
from summaries.mentions import MentionKind, Role
from summaries.relays import DOUBTED, LIKELY

if TYPE_CHECKING:
    from summaries.attribution import Choice
    from summaries.candidates import Scene

_LABEL = re.compile(r"(?:^|(?<=[.?!…])\s+|(?<=\n)[^\S\n]*)(?:[^\W\d_][\w.'’-]{0,30}\s){0,2}[A-ZÀ-Þ][\w.'’-]{0,30}: ")
"""Who speaks next in a transcript: "Best: Did you sign it? Quill: I did."."""
_LABELS = 3
"""Labels that are a transcript wherever the first one stands; one at the very beginning and a second one suffice."""
_READ = 2_000
"""Characters of a quotation in which labels are looked for."""


def is_transcript(said: str) -> bool:
    """Return whether the words of one pair of marks are several people's, each behind a label."""
    labels = [found.start() for found in _LABEL.finditer(said[:_READ].lstrip())]
    return len(labels) >= _LABELS or (len(labels) > 1 and labels[0] == 0)


def most_sure(scene: Scene, choice: Choice | None, said: str, place: int, ordered: int | None = None) -> float:
    """Return the most that may be sure of a choice; 1 where nothing speaks against it.

    Args:
        scene: Of the article.
        choice: The likeliest speaker.
        said: The words between the marks.
        place: The piece of the reading that the quotation is.
        ordered: In a language whose order of words tells who speaks, the mention that it tells, -1 for none.
    """
    if is_transcript(said):
        return NAMELESS
    if choice is None:
        return 1.0
    most = LIKELY if choice.mention in scene.cast.shared else 1.0
    if _spoken_by_another(scene, choice, place):
        return DOUBTED
    return most if ordered is None else min(most, _by_order(scene, choice, ordered))


def _spoken_by_another(scene: Scene, choice: Choice, place: int) -> bool:
    """Return whether a verb right behind the quotation has a subject, and that is not the one chosen: “…,” said the younger."""
    reading, mention = scene.reading, scene.mentions[choice.mention]
    behind = place + 1 + (reading.low[place + 1 : place + 2] == (",",))
    cue = scene.cues.get(behind)
    if cue is None or not cue.is_verb or cue.form not in {CueForm.PAST, CueForm.THIRD}:
        return False
    followed = behind + 1 < len(reading) and reading.breaks[behind + 1] == reading.breaks[place]
    return followed and mention.start < place and reading.breaks[mention.start] != reading.breaks[place]


def _by_order(scene: Scene, choice: Choice, ordered: int) -> float:
    """Return the most that may be sure where every noun has a capital, so that a thing looks like a name.

    The weights were learned from another language; here, they are trusted where the order of words says the same, and
    the words show that somebody stands there: a first name, a title, a role, a body's name.
    """
    mention = scene.mentions[choice.mention]
    agreed = choice.mention == ordered
    if agreed and _is_quoted(scene, choice):
        return DOUBTED
    if mention.kind is MentionKind.NAME:
        entity = scene.cast.entities[choice.entity]
        return 1.0 if entity.person or (entity.body and agreed) else LIKELY
    if not agreed and (mention.kind is MentionKind.PRONOUN or mention.role is Role.OTHER):
        return DOUBTED
    return 1.0 if agreed and mention.role is not Role.OTHER else LIKELY


def _is_quoted(scene: Scene, choice: Choice) -> bool:
    """Return whether the verb behind a quotation has its reporter for a subject: “…“, zitiert der Bote die Ministerin."""
    quoting = scene.words.grammar.get("quoting", NOTHING)
    return choice.cue >= 0 and choice.rule == "verb_after_quote" and scene.reading.low[choice.cue] in quoting

"""Why a quote is somebody's, as a plain sentence; one for each rule of attribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summaries.digests import SURE
from summaries.message import Run
from summaries.printed import is_read_as

if TYPE_CHECKING:
    from store.values import FoundQuote
    from summaries.values import Bars

NOBODY = "Nobody beside these words comes into question as their speaker."
REASONS = {
    "verb_after_quote": "behind the quote stands {words}.",
    "verb_before_quote": "before the quote stands {words}.",
    "verb_in_sentence_after_quote": "the sentence behind the quote has {words}.",
    "verb_in_sentence_before_quote": "the sentence before the quote has {words}.",
    "according_to_after_quote": "behind the quote stands {words}.",
    "according_to_before_quote": "before the quote stands {words}.",
    "name_and_colon": "before the quote stand {words} and a colon.",
    "mention_before_quote": "before the quote, without a word of saying, stands {words}.",
    "mention_after_quote": "behind the quote, without a word of saying, stands {words}.",
    "speaker_in_previous_paragraph": "the paragraph before, which quotes nobody, names {words}.",
    "carry_over": "no name stands beside these words; the quote before them is by {words}.",
}
OTHERWISE = "it stands nearest to {words}."
"""For a rule that a newer engine has."""


def reason_runs(found: FoundQuote, bars: Bars) -> tuple[Run, ...]:
    """Return "Why Putin: behind the quote stands “stressed Putin”. Likely, not certain: …"."""
    attribution = found.quote.attribution
    if attribution is None or found.mention is None:
        return (Run(NOBODY),)
    name = found.speaker or attribution.name
    named = attribution.confidence >= bars.asked
    why = f"Why {name}: " if named else f"Perhaps {name}, but not sure enough to be named: "
    before, after = REASONS.get(attribution.rule, OTHERWISE).split("{words}")
    runs = [Run(why + before), *_words(found), Run(after)]
    if is_read_as(found):
        runs += [Run(" “"), Run(found.mention, verbatim=True), Run(f"” is read as {name}.")]
    if named and attribution.carried_on:
        runs.append(Run(" Likely, not certain: sent only together with the quote before it."))
    elif named and attribution.confidence < min(SURE, bars.pushed):
        runs.append(Run(" Likely, not certain: never sent as an alert."))
    elif named and attribution.confidence < bars.pushed:
        runs.append(Run(" Shown where it is asked for, not sent as an alert."))
    return tuple(runs)


def _words(found: FoundQuote) -> list[Run]:
    """Return the printed words that name the speaker, with those that say so, in the order of the page."""
    attribution = found.quote.attribution
    assert attribution is not None
    mention = [Run("“"), Run(found.mention or "", verbatim=True), Run("”")]
    if attribution.cue is None or found.cue is None or attribution.carried_on:
        return mention
    cue = [Run("“"), Run(found.cue, verbatim=True), Run("”")]
    if attribution.mention.overlaps(attribution.cue):
        return mention
    first, second = (cue, mention) if attribution.cue.start < attribution.mention.start else (mention, cue)
    return [*first, Run(" and "), *second]

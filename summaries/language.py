"""Which language a text is in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from summaries.tokens import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "und"


class _Model(Protocol):
    def classify(self, instance: str) -> tuple[str, float]: ...


_READ_CHARACTERS = 4_000  # enough for any language; a page of 2 MB costs no more than a short one
_FEWEST_WORDS = 12
# Running text is one third to one half stop words of its own language and at most a sixth those of a neighbour
# (Dutch against English and German, measured on our samples).
_SURE_SHARE = 0.25
_SURE_LEAD = 2.0
_FEWEST_LETTERS = 20
_MODEL_SURE = 0.5


def language_of(text: str, stop_words: Mapping[str, frozenset[str]]) -> str:
    """Return the ISO 639-1 code of the language of ``text``, "und" where it cannot be told.

    The packs' stop words decide where they are many and agree; py3langid (its model is in the package, nothing is
    downloaded) is loaded only where they are not, because loading it costs more than reading most pages.

    Args:
        text: A clean text; only its first 4,000 characters are read.
        stop_words: Per language the words that are frequent in every text of it, folded as in ``tokens``.
    """
    beginning = text[:_READ_CHARACTERS]
    words = words_of(beginning)
    if len(words) >= _FEWEST_WORDS:
        shares = sorted(
            ((sum(word in known for word in words) / len(words), language) for language, known in stop_words.items()),
            reverse=True,
        )
        runner_up = shares[1][0] if len(shares) > 1 else 0.0
        if shares and shares[0][0] >= max(_SURE_SHARE, _SURE_LEAD * runner_up):
            return shares[0][1]
    return _by_model(beginning)


def _by_model(text: str) -> str:
    if sum(character.isalpha() for character in text) < _FEWEST_LETTERS:
        return UNKNOWN
    language, probability = _model().classify(text)
    return str(language) if probability >= _MODEL_SURE else UNKNOWN


@cache  # a constant out of a file; one a process
def _model() -> _Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - costs more than reading most pages

    model: _Model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return model

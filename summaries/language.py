"""Which language a text is in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from summaries.tokens import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "und"
_NOT_LANGUAGE = "zxx"  # what the model calls rows of letters that are no words
_READ_CHARACTERS = 4_000  # enough for any language; a page of 2 MB costs no more than a short one
# Running text of 600 characters is at least one quarter stop words of its own language (99 of 100 English and German
# articles). Dutch is .17 English and Afrikaans .20 German by this count, and then at most 2.5 times the runner-up.
_SURE_SHARE = 0.2
_SURE_LEAD = 3.0
_FEWEST_STOP_WORDS = 5  # different ones: "die" three times makes no German
_FEWEST_LETTERS = 20
_MODEL_SURE = 0.5


class _Model(Protocol):
    def classify(self, instance: str) -> tuple[str, float]: ...


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
    shares = sorted(
        ((sum(word in known for word in words) / len(words), language) for language, known in stop_words.items())
        if words
        else (),
        reverse=True,
    )
    if shares:
        share, language = shares[0]
        runner_up = shares[1][0] if len(shares) > 1 else 0.0
        different = len(stop_words[language].intersection(words))
        if share >= max(_SURE_SHARE, _SURE_LEAD * runner_up) and different >= _FEWEST_STOP_WORDS:
            return language
    return _by_model(beginning)


def _by_model(text: str) -> str:
    if sum(character.isalpha() for character in text) < _FEWEST_LETTERS:
        return UNKNOWN
    language, probability = _model().classify(text)
    return language if probability >= _MODEL_SURE and language != _NOT_LANGUAGE else UNKNOWN


@cache  # a constant out of a file; one a process
def _model() -> _Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - costs more than reading most pages

    model: _Model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return model

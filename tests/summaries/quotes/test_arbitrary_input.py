"""Whatever is pasted, the quote engine answers, word for word and in time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Finder

PIECES = st.sampled_from(
    [
        "“", "”", '"', "'", "’", "«", "»", ",", ".", "?", ":", "\n\n", "\n", " ", "said", "told", "according to", "Orlan", "Viktor Orlan",
        "President", "the", "The", "spokesman", "for", "of", "he", "She", "they", "it", "Mrs", "Jr.", "who", "I", "officials", "was", "by",
        "van der", "one", "’s", "\x00", "\u202e", "😀", "\u0301", "and", "Russian", "University", "not", "tweet", "to",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join)))
def test_arbitrary_text_gives_verbatim_quotes(find: Finder, text: str) -> None:
    """No text raises, and every span is a stretch of it; confidences are probabilities."""
    found = find(text)
    for quote in found.quotes:
        assert quote.span.of(text) == quote.text
        if quote.attribution is not None:
            assert quote.attribution.mention.of(text)
            assert 0 <= quote.attribution.confidence <= 1
    for one in found.named:
        assert all(span.of(text).strip() for span in one.mentions)
        assert all(span.of(text) for span in one.reported)


@pytest.mark.parametrize(
    "text",
    [
        "“" * 20_000,
        "“a” " * 5_000,
        "Orlan " * 30_000,
        "said " * 30_000,
        "“No,” he said. " * 3_000,
        "Viktor Orlan, the Velian president, " * 6_000,
        "the spokesman of " * 15_000,
        "He said “no” and " * 6_000,
        "x" * 200_000,
    ],
    ids=lambda text: text[:20],
)
def test_long_input_takes_linear_time(find: Finder, text: str) -> None:
    """Ten times the text takes about ten times as long, not a hundred times (with room for a busy machine)."""

    def seconds(of: str) -> float:
        start = time.process_time()
        find(of)
        return time.process_time() - start

    seconds(text[:100])
    assert seconds(text) < 40 * seconds(text[: len(text) // 10]) + 1

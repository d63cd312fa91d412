"""Telling languages apart."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.language import language_of
from tests.summaries.packs import STOP_WORDS

ENGLISH = (
    "The minister said on Tuesday that the government would decide in the coming weeks, but he gave no date for it."
)
GERMAN = (
    "Die Ministerin sagte am Dienstag, dass die Regierung in den kommenden Wochen entscheiden werde, aber nicht wann."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("Le ministre a dit mardi que le gouvernement prendra une décision dans les prochaines semaines.", "fr"),
        ("De minister zei dinsdag dat het kabinet in de komende weken een besluit neemt over de plannen.", "nl"),
        ("Die minister het Dinsdag gesê dat die regering in die komende weke n besluit sal neem oor planne.", "af"),
        ("Міністр заявив у вівторок, що уряд ухвалить рішення найближчими тижнями.", "uk"),
        ("asdf qwer zxcv uiop hjkl", "und"),  # letters, no language
        ("12:30 4.5 % 😀", "und"),
        ("", "und"),
    ],
)
def test_a_text_is_in_a_language(text: str, language: str) -> None:
    """Languages without a pack are told too, neighbours of ours included; what is none is "und"."""
    assert language_of(text, STOP_WORDS) == language


def test_one_pack_or_none_is_enough() -> None:
    """Whoever runs with one language only, or without data, is told all the same."""
    assert language_of(ENGLISH, {"en": STOP_WORDS["en"]}) == "en"
    assert language_of(GERMAN, {}) == "de"


def test_the_model_is_not_loaded_for_running_text() -> None:
    """Loading the model costs more than reading most pages."""
    code = (
        "import sys; from tests.summaries.test_language import *; "
        "assert language_of(ENGLISH, STOP_WORDS) == 'en'; assert language_of(GERMAN, STOP_WORDS) == 'de'; "
        "print([name for name in sys.modules if name.split('.')[0] in {'py3langid', 'numpy', 'sumy', 'nltk'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    """Whatever comes in, a code comes out."""
    assert language_of(text, STOP_WORDS)

"""Who said it, from text to speaker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from summaries.attribution import Choice
from summaries.quotes import share_groups

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Finder


def speakers(find: Finder, text: str) -> list[tuple[str, str | None]]:
    """Return each quote with its speaker's name."""
    return [(q.text, q.attribution.name if q.attribution else None) for q in find(text).quotes]


PAGE = """Dams would be ‘fair game for inspection’, Sidorov says

Port chief Oleg Sidorov spoke to cadets on Friday. The weather was bad.

"If any boat appears there, we will board it," Sidorov stressed at the harbour forum in Osk.

"And if rules are agreed, then I simply see no point in their presence.”

“If these rules are kept, no one doubts that we will keep them too.”

Lena Horvat, the Velian president, was less sure.

“The vote stands,” she said."""


def test_a_page_gives_every_quote_its_speaker(find: Finder) -> None:
    """Surnames, carried-on paragraphs and pronouns all end at the longest name on the page."""
    assert speakers(find, PAGE) == [
        ("fair game for inspection", "Oleg Sidorov"),
        ("If any boat appears there, we will board it", "Oleg Sidorov"),
        ("And if rules are agreed, then I simply see no point in their presence.", "Oleg Sidorov"),
        ("If these rules are kept, no one doubts that we will keep them too.", "Oleg Sidorov"),
        ("The vote stands", "Lena Horvat"),
    ]


def test_a_paragraph_without_a_name_is_carried_on(find: Finder) -> None:
    """What names nobody keeps the speaker before it, and says so."""
    rules = [(q.attribution.rule, q.attribution.carried_on) for q in find(PAGE).quotes if q.attribution]
    assert rules[1:4] == [("verb_after_quote", False), ("carry_over", True), ("carry_over", True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Guarantees must hold,” stressed Viktor Orlan.", "Viktor Orlan"),
        ("According to economist Ruth Adeyemi, the tax is “a postcode lottery with extra steps”.", "Ruth Adeyemi"),
        ("“You will have your answer,” Rosa Lind told Emmanuel Macron.", "Rosa Lind"),
        ("“We do not discuss patients,” a spokeswoman for the ministry said.", "a spokeswoman for the ministry"),
        ("“The licence is unlawful,” Greenpeace said in a statement.", "Greenpeace"),
        # A clause between the speaker and the verb.
        ("“It is not about money,” one passenger, who asked not to be named, said.", "one passenger"),
        # Where somebody is from does not speak.
        (
            "Prof. Sigrid Achterberg of the University of Brack said: “The last one ended with a handshake.”",
            "Sigrid Achterberg",
        ),
    ],
)
def test_the_speaker_is_who_the_cue_says(find: Finder, text: str, expected: str) -> None:
    """The verb's subject speaks, before or after it; who is told does not."""
    assert [name for _, name in speakers(find, text)] == [expected]


def test_the_paragraphs_of_one_quotation_share_the_surest_speaker() -> None:
    """A quotation left open at a paragraph's end goes on: its parts cannot have two speakers."""
    vos = Choice(0, 0, 0.9, (), "verb_before_quote", -1)
    moe = replace(vos, entity=1, mention=5)
    choices, sure = [vos, moe, None, moe], [0.9, 0.4, 0.0, 0.8]
    share_groups([7, 7, 7, None], choices, sure)
    assert [choice and (choice.entity, choice.rule) for choice in choices] == [
        (0, "verb_before_quote"),
        (0, "carry_over"),
        (0, "carry_over"),
        (1, "verb_before_quote"),
    ]
    assert sure == [0.9, 0.9, 0.9, 0.8]


def test_a_quotation_without_any_speaker_shares_none() -> None:
    """Nobody stays nobody."""
    choices: list[Choice | None] = [None, None]
    share_groups([7, 7], choices, [0.0, 0.0])
    assert choices == [None, None]


def test_the_reason_says_where_the_verb_stands(find: Finder) -> None:
    """The rule is the place of the words that decided, seen from the quotation."""
    found = find("“The dam held,” Ana Pardo said. “Next time we may not be so lucky.”").quotes
    assert [q.attribution and q.attribution.rule for q in found] == [
        "verb_after_quote",
        "verb_in_sentence_before_quote",
    ]

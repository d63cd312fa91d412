"""Who speaks where one person reports another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from summaries.relays import DOUBTED, LIKELY

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Finder


def last(find: Finder, text: str) -> tuple[str, float]:
    """Return the speaker of a text's last quote and how sure that is."""
    attribution = find(text).quotes[-1].attribution
    assert attribution is not None
    return attribution.name, attribution.confidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“I did not resign,” Kitty Mole said Simon Dare had told her.", "Simon Dare"),
        ("“I did not resign,” Kitty Mole said that Simon Dare had told her on Monday. It rained.", "Simon Dare"),
        ("“It is over,” Anna Berg quoted Ida Moe as saying.", "Ida Moe"),
        ("Anna Berg quoted Ida Moe as saying: “It is over for all of us.”", "Ida Moe"),
        (
            "Anna Berg quoted the ferry’s own website as calling her “a careful captain of ships”.",
            "the ferry’s own website",
        ),
        ("Anna Berg quoted the hospital’s own website as calling her “a careful captain of ships”.", "website"),
        ("“It is over,” Anna Berg recalled Ida Moe telling her.", "Ida Moe"),
        (
            "Opposition leader Anna Berg said Ida Moe had told her in private that “nobody will notice the tax”.",
            "Ida Moe",
        ),
        ("Anna Berg said Lars Dahl told her: “I never believed a single word of it.”", "Lars Dahl"),
        ("Anna Berg said Lars Dahl had told: “I never believed a single word of it.”", "Lars Dahl"),
        ("Ida Moe was called by Lars Dahl “a captain of no ship”.", "Lars Dahl"),
        ("Ida Moe was described by Lars Dahl as “a captain of no ship”.", "Lars Dahl"),
        (
            "Ida Moe was criticised by Lars Dahl over Odd Rime’s claim that the mayor “sank the ferry himself”.",
            "Odd Rime",
        ),
        ("Anna Berg said a colleague, Odd Rime, told her the hull was “like cheese”.", "Odd Rime"),
        ("Anna Berg said she heard Ida Moe say “it is over for all of us”.", "Ida Moe"),
        ("Anna Berg recalled Ida Moe telling her the tram would come “over my dead body”.", "Ida Moe"),
        ("Anna Berg tweeted after Ida Moe argued for a second time that “the dam is doomed”.", "Ida Moe"),
        ("Ida Moe was accused by Lars Dahl of “burning it all down”.", "Lars Dahl"),
        ("Ida Moe was told by Lars Dahl that it was “all over”.", "Lars Dahl"),
        (
            "Anna Berg blamed the press for a row about Lars Dahl’s claim that the mayor “sank the ferry himself”.",
            "Lars Dahl",
        ),
    ],
)
def test_who_is_reported_speaks_not_who_reports(find: Finder, text: str, expected: str) -> None:
    """The nearest subject of a verb of telling has the words, whoever passes them on."""
    assert last(find, text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Whose word it is, is open; so is how far the told part goes.
        ("The official said Minister Piet Aarts had called his rival “a walking press release”.", DOUBTED),
        ("Anna Berg said Ida Moe had told her nothing and was “a liar with a desk”.", DOUBTED),
        # Behind a whole clause, a colon leads to either's words.
        ("Ida Moe said Odd Rime told the court the truth: “He never once lied to any of us about it.”", DOUBTED),
        ("Moe said Rime told the court the truth: “He never once lied to any of us about it.”", DOUBTED),
        ("Moe said Dahl had told her the dam was safe: “I never believed a single word of it.”", DOUBTED),
        ("Ms. Moe said Mr. Dahl told the council that the dam was safe: “That was a lie and he knew it.”", DOUBTED),
        ("Ida Moe said Lars Dahl told her the truth about the dam: “He is a man of his word.”", DOUBTED),
        ("Moe recalled Dahl telling her the dam was safe: “I never believed a single word of it.”", DOUBTED),
        ("Anna Berg told the court that the defendant, Craig Tully, had texted a friend: “He is gone.”", DOUBTED),
        ("Moe said Dahl told Rime: “I never believed a single word of it.”", DOUBTED),
        # Who criticises, reminds or asks may do so over what the other one said.
        ("Moe was criticized by Dahl after her pledge that the harbour “will never be sold to anybody”.", DOUBTED),
        ("Moe was reminded by Dahl of her promise that “no one will ever pay for the harbour”.", DOUBTED),
        ("Moe was asked by Dahl whether she stood by her remark that fishermen were “lazy and rich”.", DOUBTED),
        ("Moe was mocked by Dahl over her “golden age of the harbour” speech.", DOUBTED),
        ("Moe was reminded by Dahl of “the golden age of the harbour”.", DOUBTED),
        ("Moe was accused by Dahl of breaking her promise that “no one will ever pay for the harbour”.", DOUBTED),
        # Whom "you" means, the words beside it do not tell.
        ("SAAL: Welcome, Minister. You once said the ferry was “as safe as a church”.", DOUBTED),
        # What somebody denies saying, others say she said.
        ("Ida Moe denied telling Lars Dahl that it was “all over now”.", LIKELY),
        # By "by", somebody is named who has not been measured often enough to be told unasked.
        ("Ida Moe was told by Lars Dahl that it was “all over now”.", LIKELY),
        ("Anna Berg denied a claim by Lars Dahl that it was “all over now”.", LIKELY),
    ],
)
def test_two_readings_make_nobody_sure(find: Finder, text: str, expected: float) -> None:
    """Where the words leave a second reading, the confidence stays below a bar."""
    assert last(find, text)[1] <= expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A pronoun is most often the reporter himself, and a wish or a fear is told by who reports it.
        ("Anna Berg said she told the board it was “a disgrace to the valley”.", "Anna Berg"),
        ("Anna Berg said Ida Moe would tell the board it was “a disgrace”.", "Anna Berg"),
        ("Anna Berg said the review told the board it was “a disgrace to us”.", "Anna Berg"),
        # A clause of its own tells more about somebody.
        ("Anna Berg said that Ida Moe, who had called the plan a joke, was “a liar with a desk”.", "Anna Berg"),
        # Another sentence, another clause, a pause.
        ("Anna Berg said it rained. Ida Moe told the board it was “a disgrace to us all”.", "Ida Moe"),
        ("Anna Berg spoke because Ida Moe told the board it was “a disgrace to us all”.", "Ida Moe"),
        # "Mailed her fans saying" is said by who mailed; what is said of a remark is not in it.
        ("Anna Berg emailed supporters saying: “The struggle continues.”", "Anna Berg"),
        ("Anna Berg said the remark by Paul Song “was inappropriate and insensitive”.", "Anna Berg"),
        ("Anna Berg rejected his claim that the dam was “a disgrace to us all”.", "Anna Berg"),
        ("Anna Berg rejected the claim that the dam was “a disgrace to us all”.", "Anna Berg"),
        ("“It is over,” Anna Berg said Monday.", "Anna Berg"),
        ("Tired Ida Moe as saying it was “over for all of us”, Anna Berg said.", "Anna Berg"),
        ("Anna Berg was quoted in the report as saying: “It is over for all of us.”", "Anna Berg"),
        ("“It is over,” Anna Berg said Ida Moe had told her, and later: “No.”", "Anna Berg"),
        ("“It is over,” Anna Berg said Ida Moe would resign.", "Anna Berg"),
        ("“It is over,” Anna Berg said she told him.", "Anna Berg"),
        ("A bribe was paid by Lars Dahl, Anna Berg said, calling it “a disgrace”.", "Anna Berg"),
    ],
)
def test_who_reports_speaks_where_nobody_else_does(find: Finder, text: str, expected: str) -> None:
    """Verbs of thinking, wishes, pronouns and new clauses leave the words to who reports."""
    attribution = find(text).quotes[0 if "later" in text else -1].attribution
    assert attribution is not None
    assert attribution.name == expected

"""The places that name or point at someone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from summaries.cues import CueForm
from summaries.mentions import MentionKind

if TYPE_CHECKING:
    from tests.summaries.quotes.conftest import Preparer


def printed(read: Preparer, text: str) -> list[str]:
    """Return the mentions as printed, titles and complements included, pronouns in brackets."""
    reading, mentions = read(text)[0].reading, read(text)[0].scene.mentions
    found = []
    for one in mentions:
        words = reading.text[reading.starts[one.outer_start] : reading.ends[one.outer_end - 1]]
        found.append(f"[{words}]" if one.kind is MentionKind.PRONOUN else words)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Titles, demonyms and owners belong to the mention.
        ("Velian President Lena Horvat left.", ["Velian President Lena Horvat"]),
        ("Kremlin spokesman Oleg Sidorov left.", ["Kremlin spokesman Oleg Sidorov"]),
        ("On Monday Ana Pardo’s former secretary Idris Kone left.", ["Ana Pardo’s former secretary Idris Kone"]),
        ("Secretary of State Rosa Lind left.", ["Secretary of State Rosa Lind"]),
        ("Stephen King left.", ["Stephen King"]),
        ("He met Russian Tomas Reyes.", ["[He]", "Russian Tomas Reyes"]),
        ("He met Norwegian Orlan.", ["[He]", "Norwegian Orlan"]),
        # Names of several parts.
        ("We saw Ursula van der Leyen and Jonas de Vries.", ["[We]", "Ursula van der Leyen", "Jonas de Vries"]),
        ("We saw Karim al-Hadid and Nadia el-Amin.", ["[We]", "Karim al-Hadid", "Nadia el-Amin"]),
        ("We saw Luc d’Arc, a pro-Vos man.", ["[We]", "Luc d’Arc", "a pro-Vos man"]),
        # A preposition with a capital stands inside a body's name.
        ("Reporters Without Borders left.", ["Reporters Without Borders"]),
        ("The reporters left. Reporters Without Borders stayed.", ["The reporters", "Reporters Without Borders"]),
        ("We saw Mothers Against Guns.", ["[We]", "Mothers Against Guns"]),
        # A bracket opens a sentence, too.
        ("It rained. (See Sexton’s list.)", ["[It]", "Sexton"]),
        # Where somebody is from belongs to the name; a place alone, or another person, does not.
        ("We saw Ana Pardo of the Vessin Harbour Union.", ["[We]", "Ana Pardo of the Vessin Harbour Union"]),
        ("We saw Vessin from Halm.", ["[We]", "Vessin", "Halm"]),
        ("We saw Ana Pardo at Mary Poll’s.", ["[We]", "Ana Pardo", "Mary Poll"]),
        # Who a clause tells of speaks, also where no list knows the word.
        ("A dibbler, who came late, said no.", ["A dibbler"]),
        ("In the hall, which was cold, said Vos.", ["Vos"]),
        ("Late in the day, cold as ice, said Vos.", ["Vos"]),
        (", who was late, said Vos.", ["Vos"]),
        # Whose country it is, is no speaker of its own.
        ("He met France’s Mary Poll.", ["[He]", "France’s Mary Poll"]),
        ("It was Piet Vos Jr. who left.", ["[It]", "Piet Vos Jr."]),
        ("Staff of the University of Ibadan left.", ["Staff of the University of Ibadan", "University of Ibadan"]),
        ("They left for the U.S. While Orlan stayed, it rained.", ["[They]", "U.S.", "Orlan", "[it]"]),
        ("He spoke of de facto rule and Vos von nowhere.", ["[He]", "Vos"]),
        # Capitals that only open a sentence.
        ("Meanwhile Orlan left. Asserting Orlan was wrong was rude.", ["Orlan", "Orlan"]),
        ("Harbour life is slow. The harbour froze.", []),
        # An owner that begins the name of a body.
        ("The People’s Daily left. People’s Daily stayed.", ["People’s Daily", "People’s Daily"]),
        ("The Workers’ Party left.", ["The Workers’ Party"]),
        ("He left the people’s house.", ["[He]", "the people’s house"]),
        # Titles of two parts.
        ("Secretary-Treasurer Gary Lind left.", ["Secretary-Treasurer Gary Lind"]),
        ("He met Anne-Marie Vos.", ["[He]", "Anne-Marie Vos"]),
        ("Sen. Rosa Lind (R-Md.) left.", ["Sen. Rosa Lind"]),
        (
            "He met Osk State University political scientist Rosa Lind.",
            ["[He]", "Osk State University political scientist Rosa Lind"],
        ),
        ("He met Osk City Public Watcher Rosa Lind.", ["[He]", "Osk City Public Watcher Rosa Lind"]),
        # Descriptions.
        ("White House Officials left.", ["White House Officials"]),
        ("The Attorney General left.", ["The Attorney General"]),
        ("Viktor Orlan hugged donors.", ["Viktor Orlan", "donors"]),
        ("The mayor hugged donors.", ["The mayor", "donors"]),
        ("The Texas oil billionaire left.", ["The Texas oil billionaire"]),
        ("Half the senators left.", ["Half the senators"]),
        ("The old mill’s owner left.", ["The old mill’s owner"]),
        ("In Greta Moe’s office it rained.", ["Greta Moe’s office", "[it]"]),
        ("In old Moe’s office it rained.", ["Moe’s office", "[it]"]),
        (
            "A spokesman for the ministry of health in Osk said no.",
            ["A spokesman for the ministry of health", "the ministry of health", "Osk"],
        ),
        ("The voters at once told nobody.", ["The voters at once"]),
        ("The campaign manager left.", ["The campaign manager"]),
        ("He met Lena Baker Horvat of Smith & Moe.", ["[He]", "Lena Baker Horvat of Smith & Moe"]),
        (
            "We saw former senior federal financial political presidential longtime spokesman Idris Kone.",
            ["[We]", "senior federal financial political presidential longtime spokesman Idris Kone"],
        ),
        (
            "It was old grey slow tired rusty oily tractor owners.",
            ["[It]", "grey slow tired rusty oily tractor owners"],
        ),
        ("The very old grey slow tired mill’s owner left.", ["mill’s owner"]),
        # What stands where a verb's subject stands.
        ("The gardener has repeatedly said so.", ["The gardener"]),
        ("Some said so. Another has said so. One left. Both. Some also then later still said no.", ["Some", "Another"]),
        ("The tall friend wagon said so.", ["The tall friend", "wagon"]),
    ],
)
def test_mentions_as_printed(read: Preparer, text: str, expected: list[str]) -> None:
    """A mention is as long as the words that name or point at one speaker."""
    assert printed(read, text) == expected


def test_a_plural_owner_is_one_without_s(read: Preparer) -> None:
    """“Democrats’ plan”: the apostrophe alone makes the owner."""
    reading = read("The Democrats’ plan failed.")[0].reading
    assert [reading.low[at] for at, owner in enumerate(reading.possessive) if owner] == ["democrats"]


def test_a_blank_that_was_lost_after_a_full_stop_is_no_part_of_a_word(read: Preparer) -> None:
    """“The pope.The brother” is two sentences; “U.S.” and “ver.di” are words."""
    reading = read("He met the pope.The brother of ver.di left the U.S. office.")[0].reading
    assert [reading.low[at] for at in range(len(reading)) if reading.sentence_start(at)] == ["he", "the"]
    assert {"ver.di", "u.s"} <= set(reading.low)


def test_a_full_stop_before_a_number_ends_a_sentence_after_a_long_word_only(read: Preparer) -> None:
    """“Sept. 4” goes on; “… in Vienna. 20 people …” does not."""
    assert read("He came on Sept. 4 to us.")[0].reading.breaks[-2] == 0
    assert read("He came to Vienna. 20 people saw it")[0].reading.breaks[-1] == 1


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Orlan said so.", CueForm.PAST),
        ("Orlan was later told so.", CueForm.PASSIVE),
        ("Orlan wants to say so.", CueForm.INFINITIVE),
        ("Orlan, saying so, left.", CueForm.ING),
        ("Orlan says so.", CueForm.THIRD),
    ],
)
def test_a_cue_knows_its_form(read: Preparer, text: str, form: CueForm) -> None:
    """Who “was told” did not speak."""
    assert [cue.form for cue in read(text)[0].scene.cues.values()] == [form]


def test_some_verbs_report_only_with_the_word_behind_them(read: Preparer) -> None:
    """“Pointed out” and “shot back” report, “pointed at” and “shot” do not."""
    reading, scene = (
        (found := read("Vos pointed out that. Vos pointed at it. Vos shot back. Vos shot.")[0]).reading,
        found.scene,
    )
    assert [reading.low[place] for place in scene.cues] == ["pointed", "shot"]
    assert [reading.breaks[place] for place in scene.cues] == [0, 2]


def test_a_noun_is_no_verb(read: Preparer) -> None:
    """“The report claims” has one verb, “his claims” has none, and a capital inside a sentence is a name."""
    cues = read("His comments failed. In a statement he left. According to plan it Says so.")[0].scene.cues
    assert [cue.kind.name for cue in cues.values()] == ["NOUN", "NOUN", "ACCORDING"]

"""Newsletters as mails, HTML and plain, English and German: their news come out, not what they say to their readers."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from bot.analysing import analysed
from bot.brief import Briefing, brief
from bot.page_reader import PageReader
from sources.files import entry_of, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from bot.analysing import Task
    from summaries.values import Analysis

NOW = datetime(2026, 11, 3, 8, tzinfo=UTC)

ENGLISH = (
    "View in browser",
    "Good morning, and thank you for reading The Selm Morning. Here is what you need to know today.",
    "The council of Selm voted on Monday to keep the old harbour open for fishing boats until the end of next year.",
    "“We had no choice,” said the mayor, Ilva Brandt, who had asked for the vote herself after weeks of protests.",
    "A spokesman for the court in Ostra said on Tuesday that a ruling on the complaint could take months.",
    "See you tomorrow.",
    "You are receiving this e-mail because you signed up for our newsletter at selm.example.",
    "Unsubscribe at any time.",
    "© 2026 The Selm Morning, 12 Harbour Street, 1000 Selm",
)
GERMAN = (
    "Im Browser ansehen",
    "Guten Morgen, liebe Leserinnen und Leser,",
    "Der Rat von Selm hat am Montag beschlossen, den alten Hafen bis zum Ende des nächsten Jahres offen zu halten.",
    "„Wir hatten keine Wahl“, sagte die Bürgermeisterin Ilva Brandt, die selbst um die Abstimmung gebeten hatte.",
    "Ein Sprecher des Gerichts in Ostra sagte am Dienstag, dass ein Urteil über die Klage Monate dauern könne.",
    "Bis morgen!",
    "Sie erhalten diese E-Mail, weil Sie unseren Newsletter bestellt haben.",
    "Sie können den Newsletter jederzeit abbestellen.",
    "© 2026 Selmer Morgen, Hafenstraße 12, 10115 Selm",
)


def eml(lines: tuple[str, ...], *, html: bool) -> bytes:
    """Return a newsletter as a mail program saves it."""
    mail = EmailMessage()
    mail["Subject"] = "The harbour stays open"
    mail["From"] = "The Selm Morning <news@selm.example>"
    mail["Date"] = "Tue, 03 Nov 2026 07:00:00 +0000"
    if html:
        cells = "".join(f"<tr><td><p>{line}</p></td></tr>" for line in lines)
        mail.set_content(f"<html><body><table>{cells}</table></body></html>", subtype="html")
    else:
        mail.set_content("\n\n".join(lines))
    return mail.as_bytes()


class Here:
    """Analyses in this process."""

    async def analyse(self, task: Task) -> Analysis:
        """Return the analysis."""
        return analysed(task)


async def read(data: bytes) -> Analysis:
    """Return the analysis of a mail as chat and ``onrecord add`` read it."""
    return await PageReader(Here(), None, lambda: NOW).file(read_file("news.eml", data))


@pytest.mark.parametrize("html", [True, False])
@pytest.mark.parametrize("lines", [ENGLISH, GERMAN])
async def test_a_newsletter_is_its_news(lines: tuple[str, ...], html: bool) -> None:  # noqa: FBT001 - a row
    """No greeting and no footer is among its sentences, and it is said that they were left out."""
    analysis = await read(eml(lines, html=html))
    article = analysis.article
    assert [sentence.span.of(article.text) for sentence in analysis.sentences] == list(lines[2:5])
    assert {what for what, _ in analysis.left_out} == {"greetings", "footer lines"}
    assert [quote.attribution and quote.attribution.name for quote in analysis.quotes] == ["Ilva Brandt"]


async def test_a_plain_mail_broken_at_a_width_is_read() -> None:
    """A salutation is a line of its own, a signature is told by its dashes, rules divide."""
    data = b"""From: The Selm Morning <news@selm.example>
Subject: The harbour stays open

Dear Ana,
the council of Selm voted on Monday to keep the old harbour open, for
fishing boats at least, until the end of next year.
======================
A spokesman for the court in Ostra said on Tuesday that a ruling on the
complaint could take months.
--\x20
You are receiving this e-mail because you signed up at
https://selm.example. Unsubscribe: https://selm.example/u
Manage your preferences: https://selm.example/p
"""
    article = (await read(data)).article
    assert [paragraph.span.of(article.text) for paragraph in article.paragraphs[1:]] == [
        "the council of Selm voted on Monday to keep the old harbour open, for fishing boats at least, until the end of next year.",
        "A spokesman for the court in Ostra said on Tuesday that a ruling on the complaint could take months.",
    ]


async def test_other_pages_keep_every_word() -> None:
    """Only mails greet: the same page as a file is left as it is."""
    page = read_file(
        "news.html", f"<html><body><article><p>{'</p><p>'.join(ENGLISH[1:5])}</p></article></body></html>".encode()
    )
    analysis = await PageReader(Here(), None, lambda: NOW).file(page)
    assert analysis.article.text.startswith("Good morning")


def test_a_newsletter_is_briefed_without_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the terminal too, with a word on what was left out."""
    path = tmp_path / "news.eml"
    path.write_bytes(eml(ENGLISH, html=False))
    assert brief([str(path)], Briefing()) == 0
    out = capsys.readouterr().out
    assert "Left out: 2 greetings, 4 footer lines." in out
    assert "thank you for reading" not in out
    assert "Unsubscribe" not in out


def test_a_rule_ends_a_paragraph_of_a_plain_mail() -> None:
    """Whatever ends its lines; lines broken at a width are no salutation."""
    mail = read_file("a.eml", b"Subject: a\r\n\r\nA\r\n---\r\nB\r\nC, at last,\r\nD\r\n\r\nDear Ana,\r\nE\r\n")
    assert entry_of(mail).content == "<p>A</p><p>B\nC, at last,\nD</p><p>Dear Ana,</p><p>E</p>".replace("\n", "\r\n")


def test_a_short_first_line_that_names_who_speaks_is_no_salutation() -> None:
    """What was said stays in its paragraph, with who said it."""
    mail = read_file("a.eml", "Subject: a\n\nIda Moe, the mayor, said on Monday,\n“It is over.”\n".encode())
    assert entry_of(mail).content == "<p>Ida Moe, the mayor, said on Monday,\n“It is over.”</p>"

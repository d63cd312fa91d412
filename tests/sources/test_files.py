"""Text out of files."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.errors import FileError
from sources.files import FileText, read_file


def test_text_and_pages_are_read() -> None:
    """By their name, and by what is in them; any character set."""
    assert read_file("a.txt", "Café".encode("cp1252")) == FileText("Café", is_html=False)
    assert read_file("A.HTML", b"<p>It held.</p>") == FileText("<p>It held.</p>", is_html=True)
    assert read_file("page.txt", b"<!DOCTYPE html><html><p>It held.</p></html>").is_html
    assert read_file("a.txt", "Café".encode("utf-16")).text == "Café"


def test_a_newsletter_is_read() -> None:
    """Its HTML, with subject, sender and date; attachments stay outside."""
    mail = EmailMessage()
    mail["Subject"] = "Morning – “the dam”"
    mail["From"] = "Orlan Herald <news@news.example>"
    mail["Date"] = "Sat, 05 Sep 2026 12:00:00 +0200"
    mail.set_content("Read it online.")
    mail.add_alternative("<p>“It held,” said Ana Pardo.</p>", subtype="html")
    mail.add_attachment("<p>secret</p>", subtype="html", filename="a.html")
    found = read_file("news.eml", mail.as_bytes())
    assert found.is_html
    assert "“It held,” said Ana Pardo." in found.text
    assert "secret" not in found.text
    assert (found.title, found.sender) == ("Morning – “the dam”", "Orlan Herald")
    assert found.published_at == datetime(2026, 9, 5, 10, tzinfo=UTC)


def test_a_plain_mail_is_read() -> None:
    """Also one whose character set nobody knows."""
    data = b"Subject: Hello\r\nContent-Type: text/plain; charset=x-unknown\r\n\r\nIt held, caf\xe9.\r\n"
    assert read_file("a.eml", data) == FileText("It held, café.\r\n", is_html=False, title="Hello", is_mail=True)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"%PDF", "cannot be read"),
        ("a.docx", b"PK", "cannot be read"),
        ("a.txt", b"  \n", "no text"),
        ("a.txt", bytes(range(256)) * 50 + b"\0" * 5000, "not text"),
        ("a.eml", b"", "no text"),
        ("a.eml", b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 100_000, "too many parts"),
        ("a.eml", b"Content-Type: message/rfc822\n\n" * 5_000, "parts within parts"),
        ("a.txt", b"a" * 10_000_001, "up to 10 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name: str, data: bytes, reason: str) -> None:
    """The message is for whoever sent the file."""
    with pytest.raises(FileError, match=reason):
        read_file(name, data)


@pytest.mark.parametrize("mark", [b"=?utf-8?q?a?= ", b'(<"a@,', b"(" * 50, b"\x80", b"@" * 50])
def test_broken_headers_cost_neither_the_mail_nor_time(mark: bytes) -> None:
    """The text is what counts."""
    data = b"Subject: " + mark * 50_000 + b"\nFrom: " + mark * 50 + b"\n\nIt held.\n"
    assert read_file("a.eml", data).text == "It held.\n"


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.eml"]))
def test_any_bytes_are_text_or_refused(data: bytes, name: str) -> None:
    """Nothing else is raised."""
    with suppress(FileError):
        assert read_file(name, data).text

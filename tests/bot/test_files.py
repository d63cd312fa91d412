"""A page out of a file: any character set, and one clear reason where there is no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.files import MAX_BYTES, InputError, NoTextError, is_address, read_page, text_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "Dam “safe” – minister\n\nThe café on the dam stays open, the ministry said on Monday.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_any_character_set_is_read(encoding: str) -> None:
    """With a mark or without, what was written is what is read."""
    assert text_of(PAGE.encode(encoding)) == PAGE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"PK\x03\x04...", "an archive"),
        (b"\x89PNG\r\n", "a picture"),
        (bytes(range(256)) * 8, "binary data"),
    ],
)
def test_what_is_no_text_says_so(body: bytes, reason: str) -> None:
    """The reason is for a person: what it is, and what to do."""
    with pytest.raises(NoTextError, match=reason):
        text_of(body)


def test_a_folder_a_missing_file_and_an_address_say_so(tmp_path: Path) -> None:
    """Each has its own reason."""
    with pytest.raises(InputError, match="folder"):
        read_page(str(tmp_path))
    with pytest.raises(InputError, match="no such file"):
        read_page(str(tmp_path / "gone.txt"))
    assert is_address("HTTPS://courier.example/story")
    assert not is_address("courier.example/story")
    with pytest.raises(InputError, match="cannot be read"):
        read_page("a\x00b")


def test_a_file_that_no_article_needs_is_not_read_whole(tmp_path: Path) -> None:
    """Twenty megabytes are enough for any page."""
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 5)
    with pytest.raises(InputError, match="larger than 20 MB"):
        read_page(str(path))


def test_a_mail_is_a_page_with_its_subject_and_sender(tmp_path: Path) -> None:
    """A newsletter is briefed like the page it could have been."""
    path = tmp_path / "news.eml"
    path.write_bytes(
        b"From: Vessin Post <a@post.example>\nSubject: Dam holds\nContent-Type: text/html\n\n<p>It held.</p>"
    )
    page = read_page(str(path))
    assert '<meta property="og:title" content="Dam holds">' in page
    assert '<meta property="og:site_name" content="Vessin Post">' in page
    assert "<p>It held.</p>" in page
    path.write_bytes(b"From: a@post.example\n\n")
    with pytest.raises(NoTextError, match="no text"):
        read_page(str(path))

"""What can be done about an address that is private, or that has no https."""

from __future__ import annotations

import pytest

from handlers.private import HINT, reason_of
from sources.errors import PrivateAddressError, RefusedError, SourceError, UnreachedError, UnsafeError

HTTPS = "https://post.example/"


@pytest.mark.parametrize(
    ("error", "typed", "more"),
    [
        (RefusedError(HTTPS, "r"), "post.example", "; if it has no https, type “http://post.example”"),
        (UnsafeError(HTTPS, "r"), " post.example/feed", "; if it has no https, type “http://post.example/feed”"),
        (UnsafeError(HTTPS, "r"), "ana:pw@post.example", "; if it has no https, type “http://post.example”"),
        (UnsafeError(HTTPS, "r"), "https://post.example", ""),  # typed so
        (UnsafeError("https://other.example/", "r"), "post.example", ""),  # where it sent us on to
        (RefusedError("http://post.example/", "r"), "post.example", ""),  # likewise
        (UnreachedError(HTTPS, "r"), "post.example", ""),  # no such name
        (RefusedError(HTTPS, "r"), None, ""),
        (PrivateAddressError(HTTPS, "r"), "post.example", HINT),
    ],
)
def test_what_is_said_beside_the_reason(error: SourceError, typed: str | None, more: str) -> None:
    """Only what helps there."""
    assert reason_of(error, is_operator=True, typed=typed) == f"r{more}"


def test_who_cannot_change_settings_hears_of_none() -> None:
    """A reader of the chat is no operator."""
    assert reason_of(PrivateAddressError(HTTPS, "r"), is_operator=False) == "r"

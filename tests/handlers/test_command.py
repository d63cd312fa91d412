"""What somebody types, as a command; where they are, as a channel."""

from __future__ import annotations

import pytest

from handlers.command import Channel, typed


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/quotes putin about nato", ("quotes", "putin about nato")),
        ("/Quotes", ("quotes", "")),
        ("/q12", ("q", "12")),
        ("/q12@some_bot why", ("q", "12 why")),
        ("/summary\nline one\nline two", ("summary", "line one\nline two")),
        ("  /help ", ("help", "")),
        ("what did putin say", ("", "what did putin say")),
        ("https://example.org/a", ("", "https://example.org/a")),
        ("/ x", ("", "/ x")),
        ("", ("", "")),
    ],
)
def test_a_command_is_told_from_its_arguments(text: str, command: tuple[str, str]) -> None:
    """A number at the name is an argument; what is no command is all argument."""
    assert typed(text) == command


@pytest.mark.parametrize(
    ("written", "channel"),
    [
        ("telegram:-100123", Channel("telegram", "-100123")),
        ("telegram:-100123/7", Channel("telegram", "-100123", "7")),
        ("slack:T0AB/C0CD", Channel("slack", "T0AB/C0CD")),
        ("slack:T0AB/D0CD/1700000000.000100", Channel("slack", "T0AB/D0CD", "1700000000.000100")),
        ("terminal:here", Channel("terminal", "here")),
    ],
)
def test_a_channel_is_written_and_read(written: str, channel: Channel) -> None:
    """A topic or thread belongs to it; limits count without."""
    assert Channel.parse(written) == channel
    assert str(channel) == written
    assert channel.lane.thread is None


def test_what_is_no_channel_is_refused() -> None:
    """A name alone says nothing of the platform."""
    with pytest.raises(ValueError, match="not a channel"):
        Channel.parse("general")

"""Frames, as our processes talk over pipes: four bytes of length, big-endian, and so many bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTH = struct.Struct(">I")


def read_frame(source: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end."""
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def framed(*frames: bytes) -> Iterator[bytes]:
    """Yield what has to be written to send these frames."""
    for frame in frames:
        yield LENGTH.pack(len(frame))
        yield frame

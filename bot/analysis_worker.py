"""The analysis's process: frames in on standard input, frames out on standard output, until the input ends.

A request is one frame, a pickled (function, *arguments); an answer is one, a pickled (``Answer``, content).
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from enum import StrEnum
from typing import BinaryIO

from sources.frames import framed, read_frame
from sources.memory import limit_memory
from summaries.errors import NotAnArticleError


class Answer(StrEnum):
    """What an answer holds."""

    ANALYSIS = "analysis"
    REFUSED = "refused"
    """The reason of a NotAnArticleError."""
    FAULT = "fault"
    """A fault of ours, as a traceback."""


MEMORY_BYTES = 1_000_000_000
"""Of private memory. A page needs 125 MB, ten megabytes of quotations 900; what needs more is made to."""


def main() -> None:
    """Answer requests until the input ends."""
    limit_memory(MEMORY_BYTES)
    # A terminal sends Ctrl-C to every process at once. It is the first one's affair, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, target = sys.stdin.buffer, _own_output()
    while (request := read_frame(source)) is not None:
        target.writelines(framed(pickle.dumps(_answer(request))))
        target.flush()


def _answer(request: bytes) -> tuple[str, object]:
    function, *arguments = pickle.loads(request)  # noqa: S301 - made by the process that started this one
    try:
        return Answer.ANALYSIS.value, function(*arguments)
    except NotAnArticleError as exc:
        return Answer.REFUSED.value, exc.reason
    except MemoryError:
        # What is left of the process cannot be trusted with the next page.
        raise
    except Exception:  # noqa: BLE001 - around one page: handed to the other process, which logs it and gives the page up
        return Answer.FAULT.value, traceback.format_exc()


def _own_output() -> BinaryIO:
    """Return the standard output, and let what libraries print go to standard error instead of into a frame."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


if __name__ == "__main__":
    main()

"""A question before what cannot be seen coming: at a terminal it is asked, elsewhere ``--yes`` is the answer."""

from __future__ import annotations

import sys

from bot.harmless import harmless
from bot.starting import say


def agreed(question: str, *, is_sure: bool) -> bool:
    """Return whether it is to be done; where nobody can be asked and nothing was said, say how to say it."""
    if is_sure:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        say(f"{question} Nothing is changed: say --yes to do it.")
        return False
    # Names in it are printed by strangers.
    sys.stdout.write(harmless(f"{question} [y/N] "))
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    say("Nothing is changed.")
    return False

"""What a look at a source gave, and which failures of its pages may pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from sources.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    RobotsUnreadableError,
    UnreachedError,
    UnsafeError,
)

if TYPE_CHECKING:
    from datetime import timedelta

TROUBLE = 3
"""Pages that fail in a row, each in a way that may pass, after which a site is left alone until the next look."""

_SLOW_DOWN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_PASSING = (FetchTimeoutError, RobotsUnreadableError, UnreachedError, UnsafeError)
_BETTER_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(slots=True)
class Look:
    """What a look at a source gave.

    Attributes:
        articles: Entries that were read; another source may have had the same article.
        found: Entries that were new and had their turn.
        left: Entries that are worth another look.
        revised: Articles that their outlet changed, read again.
        later: Entries that changed and are to be read again, but not yet.
        unread: Why entries could not be read, in plain words, with how many there were.
        trouble: How many pages failed in a row in ways that may pass.
        wait: How long the site asked us to stay away when it refused a page.
        error: Why the source itself could not be read.
        paused: Why it is not looked at any more.
    """

    articles: int = 0
    found: int = 0
    left: int = 0
    revised: int = 0
    later: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    trouble: int = 0
    wait: timedelta | None = None
    error: str | None = None
    paused: str | None = None

    @property
    def is_unwelcome(self) -> bool:
        """Whether the site is to be left alone for now: it asked for that, or is in trouble."""
        return self.wait is not None or self.trouble >= TROUBLE

    def failed(self, exc: Exception) -> None:
        """Count a page that failed, so that a site that is in trouble, or says so, is left alone."""
        self.trouble = self.trouble + 1 if may_be_better_later(exc) else 0
        self.wait = exc.retry_after if isinstance(exc, HttpStatusError) and exc.status in _SLOW_DOWN else None

    @property
    def note(self) -> str | None:
        """What could not be read, for people; None where all could."""
        if not self.unread:
            return None
        ((reason, _),) = self.unread.most_common(1)
        failed = self.unread.total()
        mostly = "" if len(self.unread) == 1 else ", mostly"
        return f"{failed} of {self.found} new articles could not be read{mostly}: {reason.rstrip('.')}"


def may_be_better_later(exc: Exception) -> bool:
    """Return whether an entry that failed so is worth another try with the next look.

    A site in trouble, or a line that is down, is; a page that is gone, refused, or no article is what it is.
    """
    if isinstance(exc, HttpStatusError):
        return exc.status >= HTTPStatus.INTERNAL_SERVER_ERROR or exc.status in _BETTER_LATER
    # A FetchError that is nothing more special is a line that broke or a site that cannot be reached.
    return isinstance(exc, _PASSING) or type(exc) is FetchError

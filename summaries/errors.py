"""Errors of the core.

* SummariesError          the core was asked for what it cannot give
  - NotAnArticleError     a page, but no article in it
  - NotVerbatimError      words that were to be shown do not stand on the page
"""

from __future__ import annotations

import copyreg


class SummariesError(Exception):
    """The core could not do what was asked; the message says why and what to do, in plain words."""

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make it again in another process: an exception is remade from its message otherwise."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined] # not in typeshed


class NotAnArticleError(SummariesError):
    """No article was found in a page.

    Attributes:
        reason: Why and what to do, as a sentence or two for the person who gave the page.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotVerbatimError(SummariesError):
    """Words that were to be shown do not stand where they should: a fault of ours, so nothing is shown.

    Attributes:
        article_id: The article they were to come from.
        start: Where they should stand in its text.
    """

    def __init__(self, article_id: str, start: int) -> None:
        super().__init__(f"not verbatim at {start} of article {article_id}")
        self.article_id = article_id
        self.start = start

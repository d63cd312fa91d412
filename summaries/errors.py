"""Errors of the core.

* SummariesError          the core was asked for what it cannot give
  - NotAnArticleError     a page, but no article in it
"""

from __future__ import annotations


class SummariesError(Exception):
    """The core could not do what was asked; the message says why and what to do, in plain words."""


class NotAnArticleError(SummariesError):
    """No article was found in a page.

    Attributes:
        reason: Why and what to do, as a sentence or two for the person who gave the page.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

"""Errors of the core come whole out of another process."""

from __future__ import annotations

import pickle

from summaries.errors import NotVerbatimError


def test_an_error_is_made_again_with_what_it_holds() -> None:
    """Its arguments are not its message."""
    made = pickle.loads(pickle.dumps(NotVerbatimError("a1", 7)))  # noqa: S301 - our own
    assert (str(made), made.article_id, made.start) == ("not verbatim at 7 of article a1", "a1", 7)

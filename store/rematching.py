"""Which quotes of an article's new text are the ones we had: a pure decision, so that numbers last."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from store.columns import EPOCH
from store.same_words import Said, fold_of
from store.search import words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from store.folding import Kept


def rematched(old: Sequence[tuple[int, str]], new: Sequence[str]) -> list[int | None]:
    """Return for each new text the id of the quote it continues, None where there is none.

    The same characters win; then the same words, for outlets mend commas and marks. Repeats are paired in reading
    order; no id is given twice.

    Args:
        old: (quote id, text) in reading order.
        new: Texts in reading order.
    """
    ids: list[int | None] = [None] * len(new)
    left = dict(old)
    for sameness in _SAMENESS:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for quote_id, text in old:
            if quote_id in left:
                waiting[sameness(text)].append(quote_id)
        for index, text in enumerate(new):
            if ids[index] is None and waiting.get(sameness(text)):
                quote_id = waiting[sameness(text)].popleft()
                del left[quote_id]
                ids[index] = quote_id
    return ids


def reworded(went: Iterable[Kept], new: Iterable[Kept]) -> frozenset[int]:
    """Return which new quotes of an article say what an earlier text of it said, in slightly other words or in part.

    They have numbers of their own, and are no news. A figure that was corrected, or a "not", is: such words are not alike.

    Args:
        went: Quotes that the article's new text holds no more.
        new: Those that it holds now, and did not before.
    """
    before = [_said(one) for one in went]
    return frozenset(
        one.quote_id
        for one in new
        if any((fold := fold_of(_said(one), old)) is not None and not fold.new_leads for old in before)
    )


def _said(one: Kept) -> Said:
    # Of one article: printed at one time, in one story.
    return Said(tuple(words(one.text)), one.speaker, EPOCH, 0)


def _as_printed(text: str) -> Hashable:
    return text


def _as_words(text: str) -> Hashable:
    # Words may be none (“…”): then only the same characters are the same quote.
    return tuple(words(text)) or text


_SAMENESS: tuple[Callable[[str], Hashable], ...] = (_as_printed, _as_words)

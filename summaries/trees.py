"""A score out of learned numbers: a sum of small symmetric decision trees.

Every tree asks the same question of all its nodes on one level, so a tree of depth d is d features, d thresholds
and 2**d values: numbers in a file, and no training library at run time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Trees:
    """Learned trees.

    Attributes:
        names: Of the features, in the order of the rows' columns.
        features: For each tree the number of the feature asked on each level.
        thresholds: For each tree the threshold of each level: larger values go right.
        values: For each tree its 2**depth leaf values; the first level is the lowest bit.
    """

    names: tuple[str, ...]
    features: Sequence[Sequence[int]]
    thresholds: Sequence[Sequence[float]]
    values: Sequence[Sequence[float]]

    def scores(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return one score a row; time is rows times trees."""
        if not rows or not self.features:
            return [0.0] * len(rows)
        import numpy as np  # noqa: PLC0415 - 80 ms that a start without quotes does not pay

        table = np.asarray(rows, dtype=np.float32)
        features = np.asarray(self.features)
        thresholds = np.asarray(self.thresholds, dtype=np.float32)
        values = np.asarray(self.values, dtype=np.float32)
        bits = (1 << np.arange(features.shape[1])).astype(np.int32)
        trees = np.arange(len(features))
        found: list[float] = []
        # A part of the rows at a time: a page of a thousand quotations would ask for a gigabyte otherwise.
        for start in range(0, len(table), 256):
            part = table[start : start + 256]
            leaves = (part[:, features] > thresholds).astype(np.int32) @ bits
            found.extend(values[trees, leaves].sum(axis=1).tolist())
        return found


EMPTY_TREES = Trees((), (), (), ())
"""Trees that were not learned: every row scores 0."""


def parse_trees(data: Mapping[str, object]) -> Trees:
    """Return the trees of ``{"names": […], "features": [[…]], "thresholds": [[…]], "values": [[…]]}``; none of ``{}``."""
    plain = cast("Mapping[str, Any]", data)
    return Trees(*(plain.get(name, ()) for name in ("names", "features", "thresholds", "values")))

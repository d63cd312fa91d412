"""Symmetric trees learned by gradient boosting: what ``summaries.trees`` evaluates. Training only; needs numpy.

Two losses. Of a choice: in every group of rows the shares of a softmax are pushed towards the right rows, however
many of them there are. Of a judgement (groups of one row): the probability of being right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from summaries.trees import Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How trees are grown.

    Attributes:
        trees: How many.
        depth: Questions a tree asks.
        rate: Share of each tree's step that is taken.
        smoothing: Added to the weight of each leaf.
        bins: Thresholds tried for a feature.
        rows: Share of the groups each tree sees.
        columns: Share of the features each tree sees.
        seed: Of all chance.
    """

    trees: int = 250
    depth: int = 6
    rate: float = 0.08
    smoothing: float = 3.0
    bins: int = 40
    rows: float = 0.7
    columns: float = 0.4
    seed: int = 1


@dataclass(slots=True)
class Groups:
    """Rows in groups.

    Attributes:
        rows: One row of features a candidate.
        right: 1 for right candidates.
        sizes: Candidates of each group.
        weights: Of each group.
        base: Scores from which the trees go on, one a row.
        judged: Whether the loss is that of a judgement.
    """

    rows: Floats
    right: Floats
    sizes: Ints
    weights: Floats
    base: Floats
    judged: bool = False

    def pick(self, groups: Ints) -> Groups:
        """Return some of the groups."""
        ends = np.cumsum(self.sizes)
        index = np.concatenate([np.arange(ends[g] - self.sizes[g], ends[g]) for g in groups])
        return Groups(
            self.rows[index], self.right[index], self.sizes[groups], self.weights[groups], self.base[index], self.judged
        )

    def gradient(self, scores: Floats, group: Ints) -> tuple[Floats, Floats]:
        """Return the loss's slope (downwards) and curvature at some scores."""
        weight = self.weights[group]
        if self.judged:
            part = 1 / (1 + np.exp(-scores))
            return (self.right - part) * weight, np.maximum(part * (1 - part), 1e-6) * weight
        count = len(self.sizes)
        part = shares(scores, group, count)
        good = np.bincount(group, part * self.right, count)
        pull = np.where(self.right > 0, part / np.maximum(good[group], 1e-12), 0) - part
        return pull * weight, np.maximum(part * (1 - part), 1e-6) * weight


def shares(scores: Floats, group: Ints, count: int) -> Floats:
    """Return the softmax of scores within each group."""
    top = np.full(count, -np.inf)
    np.maximum.at(top, group, scores)
    powers = np.exp(scores - top[group])
    return np.asarray(powers / np.bincount(group, powers, count)[group])


def grow(data: Groups, names: tuple[str, ...], settings: Settings) -> Trees:
    """Return trees learned from ``data``; the same seed gives the same trees."""
    if not data.judged:
        # A choice without a right answer teaches nothing.
        keep = np.bincount(np.repeat(np.arange(len(data.sizes)), data.sizes), data.right, len(data.sizes)) > 0
        data = data.pick(np.flatnonzero(keep))
    rows, count = data.rows, len(data.sizes)
    group = np.repeat(np.arange(count), data.sizes)
    cuts = [
        np.unique(np.quantile(rows[:, j], np.linspace(0, 1, settings.bins + 1)[1:-1], method="lower"))
        for j in range(rows.shape[1])
    ]
    width = settings.bins + 1
    binned = np.stack([np.searchsorted(cuts[j], rows[:, j]) for j in range(rows.shape[1])]).astype(np.int64)
    chance = np.random.default_rng(settings.seed)
    scores = data.base.copy()
    features, thresholds, values = [], [], []
    for _ in range(settings.trees):
        pull, bend = data.gradient(scores, group)
        index = np.flatnonzero((chance.random(count) < settings.rows)[group])
        columns = np.flatnonzero(chance.random(rows.shape[1]) < settings.columns)
        columns = np.array([j for j in columns if len(cuts[j])])
        # One complex number a row: both sums in one pass.
        both = pull[index] + 1j * bend[index]
        asked, cut, leaf = _tree(binned[np.ix_(columns, index)], both, ([cuts[j] for j in columns], width, settings))
        asked = [int(columns[j]) for j in asked]
        size = 1 << settings.depth
        steps = np.bincount(leaf, pull[index], size) / (np.bincount(leaf, bend[index], size) + settings.smoothing)
        steps *= settings.rate
        everywhere = np.zeros(len(rows), np.int64)
        for level, (j, k) in enumerate(zip(asked, cut, strict=True)):
            everywhere |= (binned[j] > k).astype(np.int64) << level
        scores += steps[everywhere]
        features.append(asked)
        thresholds.append([float(cuts[j][k]) for j, k in zip(asked, cut, strict=True)])
        values.append([round(float(step), 4) for step in steps])
    return Trees(names, features, thresholds, values)


def _tree(
    binned: Ints, both: NDArray[np.complex128], frame: tuple[list[Floats], int, Settings]
) -> tuple[list[int], list[int], Ints]:
    """Return one tree's features and cuts, level by level, and the leaf of each row.

    Args:
        binned: One row of bins a feature.
        both: Slope and curvature of each row, as one complex number.
        frame: The features' cuts, the number of bins, the settings.
    """
    cuts, width, settings = frame
    leaf = np.zeros(binned.shape[1], np.int64)
    asked, taken = [], []
    for level in range(settings.depth):
        best, column, cut = -1.0, 0, 0
        size = 1 << level
        node = leaf * width
        for j in range(len(binned)):
            sums = np.zeros(size * width, np.complex128)
            np.add.at(sums, node + binned[j], both)
            sums = sums.reshape(size, width).cumsum(axis=1)
            pulls, bends = sums.real, sums.imag
            rest, rest_bend = pulls[:, -1:] - pulls, bends[:, -1:] - bends
            gain = (pulls**2 / (bends + settings.smoothing) + rest**2 / (rest_bend + settings.smoothing)).sum(axis=0)
            gain = gain[: len(cuts[j])]
            at = int(gain.argmax())
            if gain[at] > best:
                best, column, cut = float(gain[at]), int(j), at
        asked.append(column)
        taken.append(cut)
        leaf |= (binned[column] > cut).astype(np.int64) << level
    return asked, taken, leaf

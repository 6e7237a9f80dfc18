"""Answers drawn at random with weights and clusters, summed as the models sum them, many runs at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tests.dbt.cells import Numbers

Shares: TypeAlias = tuple[float, float]  # promoters and detractors, or top and none


@dataclass(frozen=True)
class Shape:
    """Say how answers hang together: clusters of these sizes (repeated), their correlation, their weights.

    `icc` is the correlation of two answers of one cluster; weights are lognormal with this sigma, 0 for none.
    """

    name: str
    sizes: tuple[int, ...] = (1,)
    icc: float = 0.0
    sigma: float = 0.0


EVEN = (
    Shape("pairs, icc .05", (2,), 0.05),
    Shape("fives, icc .1", (5,), 0.1),
    Shape("fives, icc .3", (5,), 0.3),
    Shape("one to four, icc .3", (1, 2, 3, 4), 0.3),
    Shape("weights", sigma=0.6),
    Shape("threes with weights, icc .2", (3,), 0.2, 0.5),
)
# By Kish, 30 clusters of one to twelve answers are worth 16 of equal size, and 30 heavy weights 18: too few
# to tell their own variance well.
UNEVEN = (
    Shape("one to twelve, icc .3", (1, 1, 2, 3, 5, 12), 0.3),
    Shape("heavy weights", sigma=0.8),
    Shape("one to twelve with weights, icc .3", (1, 1, 2, 3, 5, 12), 0.3, 0.6),
)
SHARES: list[Shares] = [(p / 10, 0.0) for p in range(1, 10)]
PAIRS: list[Shares] = [(p / 10, d / 10) for p in range(1, 10, 2) for d in range(1, 11 - p, 2)]


def sums(
    chance: np.random.Generator, shape: Shape, clusters: int, shares: Shares, runs: int, *, points: bool
) -> dict[str, Numbers]:
    """Draw cells of so many clusters; returns the columns of int_metric_cells_summed, one row per run."""
    sizes = np.resize(shape.sizes, clusters)
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    own = np.repeat(_own_shares(chance, shape.icc, shares, (runs, clusters)), sizes, axis=1)
    drawn = chance.random((runs, len(own[0])))
    good = drawn < own[..., 0]
    bad = (drawn >= own[..., 0]) & (drawn < own[..., 0] + own[..., 1])
    weight = chance.lognormal(0, shape.sigma, drawn.shape) if shape.sigma else np.ones(drawn.shape)
    code = good.astype(float) - bad if points else good.astype(float)
    a, w = (np.add.reduceat(each, first, axis=1) for each in (weight * code, weight))
    return {
        "answer_count": np.full(runs, len(drawn[0])),
        **dict.fromkeys(("respondent_count", "cluster_count"), np.full(runs, clusters)),
        "weight_sum": w.sum(axis=1),
        "square_sum": (a * a).sum(axis=1),
        "cross_sum": (a * w).sum(axis=1),
        "weight_square_sum": (w * w).sum(axis=1),
        "good": good.sum(axis=1).astype(float),
        "bad": bad.sum(axis=1).astype(float),
        "good_weight": (weight * good).sum(axis=1),
        "bad_weight": (weight * bad).sum(axis=1),
        "weight_min": weight.min(axis=1),
        "weight_max": weight.max(axis=1),
    }


def _own_shares(chance: np.random.Generator, icc: float, shares: Shares, size: tuple[int, int]) -> Numbers:
    """Give each cluster shares of its own: Dirichlet, so that two of its answers correlate by icc."""
    whole = np.array([*shares, 1 - sum(shares)])
    if not icc:
        return np.broadcast_to(whole, (*size, 3))
    parts = chance.gamma(np.maximum(whole, 1e-12) * (1 / icc - 1), size=(*size, 3))
    owned: Numbers = parts / parts.sum(axis=-1, keepdims=True)
    return owned

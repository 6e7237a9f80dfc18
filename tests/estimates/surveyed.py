"""Answers made for tests, and the sums over pairs of them that the warehouse would make."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any

import numpy as np

COLUMNS = ("journey_id", "outcome_metric", "survey_kind", "first_id", "second_id", "bucket", "response_count")
KINDS = ("weight", "x", "y", "xx", "yy", "xy")


def summed(
    answers: np.ndarray, groups: np.ndarray | None = None, weights: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Sum answers one by one: responses by touchpoints a, b, … and the outcome; NaN where not rated."""
    groups = np.arange(len(answers)) % 256 if groups is None else groups
    weights = np.ones(len(answers)) if weights is None else weights
    width = answers.shape[1]
    names = [chr(ord("a") + place) for place in range(width - 1)] + ["none"]
    cells: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0] * 7)
    for case, group, w in zip(answers, groups, weights, strict=True):
        for one, other in [*combinations(range(width), 2), (width - 1, width - 1)]:
            x, y = case[one], case[other]
            if not np.isnan(x) and not np.isnan(y):
                cell = cells[names[one], names[other], f"{group:02x}"]
                added = (1, w, w * x, w * y, w * x * x, w * y * y, w * x * y)
                cell[:] = [before + more for before, more in zip(cell, added, strict=True)]
    rows = [("visit", "csat", "relational", *key, *cell) for key, cell in cells.items()]
    columns: Any = zip(*rows, strict=True)
    names_of = (*COLUMNS, *(f"{kind}_sum" for kind in KINDS))
    return {
        name: np.array(column, object if isinstance(column[0], str) else float)
        for name, column in zip(names_of, columns, strict=True)
    }


def surveyed(
    chance: np.random.Generator, count: int, slopes: list[float], missing: float = 0.0, cluster: int = 1
) -> np.ndarray:
    """Make answers on five points, as positions: touchpoints that have something in common, then the outcome.

    Answers of one cluster hang together; the outcome is always answered.
    """
    people, width = -(-count // cluster), len(slopes)
    common = chance.normal(size=(count, 1))
    shared = np.repeat(chance.normal(size=(people, width + 1)), cluster, axis=0)[:count]
    own = np.sqrt(0.3) * common + np.sqrt(0.7) * chance.normal(size=(count, width))
    between = 0.5 if cluster > 1 else 0.0
    touchpoints = np.sqrt(1 - between) * own + np.sqrt(between) * shared[:, :-1]
    noise = np.sqrt(1 - between) * chance.normal(size=count) + np.sqrt(between) * shared[:, -1]
    felt = np.column_stack((touchpoints, touchpoints @ np.array(slopes) + noise))
    told = (np.clip(np.round(3.6 + 0.9 * felt), 1, 5) - 1) / 4
    is_missing = chance.random(told.shape) < missing
    is_missing[:, -1] = False
    told[is_missing] = np.nan
    return told

"""Scores as they are shown: points from −100 to 100, or shares of good answers, each on its own axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.pages.words import METRICS, number, percent

POINTS = ("nps", "enps")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold where a score and its interval stand on the axis, each in percent of its length from the left."""

    at: float
    low: float
    high: float
    expected: float | None
    zero: float | None


def name_of(metric: str) -> str:
    """Name a metric as its score is read."""
    return METRICS.get(metric, metric)


def position(metric: str, score: float) -> float:
    """Place a score on its axis, in percent of its length, to a hundredth."""
    share = (score + 100) / 200 if metric in POINTS else score
    return round(100 * min(max(share, 0), 1), 2)


def said(metric: str, score: float) -> str:
    """Write a score: points as a whole number, shares in percent."""
    return number(score) if metric in POINTS else percent(number(100 * score))


def interval(metric: str, low: float, high: float) -> str:
    """Write an interval in the unit of its score."""
    if metric in POINTS:
        return f"{number(low)} to {number(high)}"
    return f"{number(100 * low)} to {percent(number(100 * high))}"


def difference(metric: str, change: float) -> str:
    """Write a difference of two scores, in points, with its sign."""
    points = change if metric in POINTS else 100 * change
    written = number(points)
    return f"+{written}" if not written.startswith("−") and written != "0" else written


def between(metric: str, low: float, high: float) -> str:
    """Write the interval of a difference, in points."""
    return f"{difference(metric, low)} to {difference(metric, high)}"


def bar(row: Row) -> Bar | None:
    """Place score, interval and expectation of a row; None where it has no score to show."""
    if row.get("score") is None:
        return None
    metric, expected = row["metric"], row.get("expected_score")
    return Bar(
        at=position(metric, row["score"]),
        low=position(metric, row["score_low"]),
        high=position(metric, row["score_high"]),
        expected=None if expected is None else position(metric, expected),
        zero=50.0 if metric in POINTS else None,
    )

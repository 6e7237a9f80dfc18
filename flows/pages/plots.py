"""Lines over months: a score, its interval as a band, a hole where a month is suppressed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.pages import scales
from flows.pages.words import month

WIDTH, HEIGHT = 320, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 10, 22
# Twelve labels would touch one another.
_MOST_LABELS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """Hold a place along an axis, in units of the plot, and what is written there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Hold one month of the line; an unfinished one is drawn hollow."""

    x: float
    y: float
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """Hold a line plot: pieces of band and line as SVG points, dots, ticks, and the same in a sentence."""

    bands: tuple[str, ...]
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    sentence: str


def trend(metric: str, months: Sequence[Mapping[str, Any]]) -> Trend | None:
    """Lay out months in order; None where fewer than two have a score to show."""
    told = [row for row in months if row["score"] is not None]
    if len(told) < 2:
        return None
    ticks = _ticks(metric, min(row["score_low"] for row in told), max(row["score_high"] for row in told))
    first, last = months[0]["period_start"], months[-1]["period_start"]
    width = max(_months(first, last), 1)

    def x(row: Mapping[str, Any]) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * _months(first, row["period_start"]) / width, 1)

    def y(score: float) -> float:
        height = (score - ticks[0]) / (ticks[-1] - ticks[0])
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * height, 1)

    pieces = _pieces(months)
    step = math.ceil(len(told) / _MOST_LABELS)
    return Trend(
        bands=tuple(
            _points([(x(row), y(row["score_high"])) for row in piece])
            + " "
            + _points([(x(row), y(row["score_low"])) for row in reversed(piece)])
            for piece in pieces
        ),
        lines=tuple(_points([(x(row), y(row["score"])) for row in piece]) for piece in pieces),
        dots=tuple(Dot(x(row), y(row["score"]), bool(row["is_finished"])) for row in told),
        rows=tuple(Tick(y(tick), scales.said(metric, tick)) for tick in ticks),
        columns=tuple(Tick(x(row), f"{row['period_start']:%b}") for row in told[::step]),
        sentence="; ".join(_told(metric, row) for row in told) + ".",
    )


def _told(metric: str, row: Mapping[str, Any]) -> str:
    interval = scales.interval(metric, row["score_low"], row["score_high"])
    so_far = "" if row["is_finished"] else " so far"
    return f"{month(row['period_start'])}{so_far} {scales.said(metric, row['score'])} ({interval})"


def _pieces(months: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Part the months wherever one is missing or has nothing to show."""
    pieces: list[list[Mapping[str, Any]]] = []
    before = None
    for row in months:
        if row["score"] is None:
            continue
        if before is None or _months(before, row["period_start"]) != 1:
            pieces.append([])
        pieces[-1].append(row)
        before = row["period_start"]
    return pieces


def _months(first: Any, last: Any) -> int:
    return int((last.year - first.year) * 12 + last.month - first.month)


def _ticks(metric: str, low: float, high: float) -> list[float]:
    """Choose at most five round values that hold all intervals; 20 points apart, as noise must not loom."""
    floor, ceiling, unit = (-100.0, 100.0, 1.0) if metric in scales.POINTS else (0.0, 1.0, 0.01)
    for step in (20 * unit, 25 * unit, 50 * unit, 100 * unit):
        bottom, top = max(math.floor(low / step) * step, floor), min(math.ceil(high / step) * step, ceiling)
        count = max(round((top - bottom) / step), 1)
        if count <= 4:
            return [bottom + number * (top - bottom) / count for number in range(count + 1)]
    return [floor, (floor + ceiling) / 2, ceiling]


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)

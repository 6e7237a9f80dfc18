"""journey_metrics a second way: single answers in arrays, cell by cell, with numpy and scipy."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import stats

from tests.dbt.at_random import Answer

Numbers: TypeAlias = npt.NDArray[Any]
# period, period_start, journey, touchpoint, segment type, segment, survey kind, metric
Key: TypeAlias = tuple[str, date, str, str, str, str, str, str]
Cell: TypeAlias = dict[str, Any]
Z = stats.norm.ppf(0.975)
WIDE = {True: 40.0, False: 0.2}


def counted(answers: Sequence[Answer], today: date, suppress_below: int) -> dict[Key, Cell]:
    """Count every cell of the answers and compare it with the period before."""
    told = [one for one in answers if one.asks_for == "perception"]
    windows = [*_calendar(told), *_windows(told, today)]
    types = {"all": ["all"] * len(told)}
    types |= {name: [one.segments[name] for one in told] for name in told[0].segments}
    places = [
        [(one.journey, one.touchpoint) for one in told],
        [(one.journey, "all") for one in told],
        [("all", "all")] * len(told),
    ]
    found: dict[Key, Cell] = {}
    columns = _columns(told)
    for (period, starts), place, (kind, segments) in itertools.product(windows, places, types.items()):
        kept = np.array([start is not None for start in starts])
        names = [
            (period, start, *where, kind, segment, one.kind, one.metric)
            for start, where, segment, one in zip(starts, place, segments, told, strict=True)
            if start is not None
        ]
        found |= _cells(names, {name: column[kept] for name, column in columns.items()}, suppress_below)
    _compare(found)
    return {
        key: cell
        for key, cell in found.items()
        if key[0] != "rolling_90d" or key[1] == today - timedelta(days=90)
    }


def _calendar(told: Sequence[Answer]) -> Iterator[tuple[str, list[date | None]]]:
    days = [one.day for one in told]
    yield "day", list(days)
    yield "week", [day - timedelta(days=day.weekday()) for day in days]
    yield "month", [day.replace(day=1) for day in days]
    yield "quarter", [date(day.year, 1 + (day.month - 1) // 3 * 3, 1) for day in days]
    yield "all", [date(1970, 1, 1) for _ in days]


def _windows(told: Sequence[Answer], today: date) -> Iterator[tuple[str, list[date | None]]]:
    for ago in (90, 180):
        first = today - timedelta(days=ago)
        yield (
            "rolling_90d",
            [first if first <= one.day < first + timedelta(days=90) else None for one in told],
        )


def _columns(told: Sequence[Answer]) -> dict[str, Numbers]:
    """Give what is counted of each answer; texts become numbers."""
    classes = np.array([one.score_class for one in told])
    respondents = [f"c:{one.customer}" if one.customer else f"r:{one.response}" for one in told]
    return {
        "good": np.isin(classes, ["promoter", "top"]).astype(float),
        "bad": np.isin(classes, ["detractor", "bottom"]).astype(float),
        "code": np.array([one.code for one in told]),
        "weight": np.array([one.weight for one in told]),
        "value": np.array([one.value for one in told]),
        "low": np.array([one.scale[0] for one in told], dtype=float),
        "high": np.array([one.scale[1] for one in told], dtype=float),
        "cluster": np.unique([one.cluster for one in told], return_inverse=True)[1],
        "respondent": np.unique(respondents, return_inverse=True)[1],
    }


def _cells(names: Sequence[Key], of: Mapping[str, Numbers], suppress_below: int) -> dict[Key, Cell]:
    """Count the answers of each name."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    cell = np.array([numbers[name] for name in names], dtype=int)

    def total(values: Numbers | None = None) -> Numbers:
        return np.bincount(cell, values, len(numbers))

    n, weight, good, bad = total(), total(of["weight"]), total(of["good"]), total(of["bad"])
    points = np.array([name[-1] in ("nps", "enps") for name in numbers])
    one_scale = (_spread(cell, of["low"]) == 0) & (_spread(cell, of["high"]) == 0)
    g = total(of["good"] * of["weight"]) / weight
    b = np.where(points, total(of["bad"] * of["weight"]) / weight, 0)
    effective = _effective(cell, of)
    low, high = _interval(g, b, effective, points)
    unit = np.where(points, 100.0, 1.0)
    pairs = of["respondent"].max() + 1
    told = np.unique(cell * pairs + of["respondent"]) // pairs
    columns = {
        "answer_count": n,
        "respondent_count": np.bincount(told),
        "effective_count": effective,
        "score": unit * total(of["code"] * of["weight"]) / weight,
        "score_low": low,
        "score_high": high,
        "unweighted_score": unit * total(of["code"]) / n,
        "mean_value": np.where(one_scale, total(of["value"] * of["weight"]) / weight, np.nan),
        "unweighted_mean": np.where(one_scale, total(of["value"]) / n, np.nan),
        "good": good,
        "middle": n - good - bad,
        "bad": bad,
        "g": g,
        "b": b,
    }
    found = [dict(zip(columns, row, strict=True)) for row in np.column_stack(list(columns.values())).tolist()]
    for name, one in zip(numbers, found, strict=True):
        one["verdict"] = _verdict(one, name[-1], suppress_below)
    return dict(zip(numbers, found, strict=True))


def _spread(cell: Numbers, values: Numbers) -> Numbers:
    """Give the greatest value less the least, by cell."""
    order = np.argsort(cell, kind="stable")
    first = np.flatnonzero(np.diff(cell[order], prepend=-1))
    spread: Numbers = np.maximum.reduceat(values[order], first) - np.minimum.reduceat(values[order], first)
    return spread


def _effective(cell: Numbers, of: Mapping[str, Numbers]) -> Numbers:
    """Count what the answers of each cell are worth, out of the deviations of each cluster."""
    w, x = of["weight"], of["code"]
    n, weight = np.bincount(cell), np.bincount(cell, w)
    mean = np.bincount(cell, w * x) / weight
    apart = x - mean[cell]
    names = of["cluster"].max() + 1
    units, unit = np.unique(cell * names + of["cluster"], return_inverse=True)
    clusters = np.bincount(units // names)
    pull = np.bincount(units // names, np.bincount(unit, w * apart) ** 2)
    kish = weight**2 / np.bincount(units // names, np.bincount(unit, w) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = clusters / (clusters - 1) * (n - 1) / n * pull / weight**2
        simple = np.bincount(cell, w * apart**2) / weight / n
        worth = n / np.maximum(1.0, variance / simple)
    worth = np.where(_spread(cell, x) == 0, kish, worth)
    return np.where(clusters == 1, 1.0, worth)


def _interval(g: Numbers, b: Numbers, n: Numbers, points: Numbers) -> tuple[Numbers, Numbers]:
    """Give both limits: of nps with three answers added, of shares where the score test just fails."""
    centre, variance = _added(g, b, n)
    reach = Z * np.sqrt(variance)
    # (share - true)^2 = z^2 true (1 - true) / n, solved for true; the smaller root by the product of both.
    a, half, c = 1 + Z**2 / n, g + Z**2 / (2 * n), g**2
    upper = (half + np.sqrt(np.maximum(half**2 - a * c, 0))) / a
    lower = np.where(c == 0, 0, c / (a * upper))
    return (
        np.where(points, np.maximum(-100, 100 * (centre - reach)), lower),
        np.where(points, np.minimum(100, 100 * (centre + reach)), upper),
    )


def _added(g: Numbers, b: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """Give mean and variance of n answers with 3/4 promoter, 3/4 detractor and 3/2 passives added."""
    good, bad, passive = g * n + 0.75, b * n + 0.75, (1 - g - b) * n + 1.5
    mean = (good - bad) / (n + 3)
    spread = good * (1 - mean) ** 2 + bad * (1 + mean) ** 2 + passive * mean**2
    return mean, spread / (n + 3) ** 2


def _verdict(cell: Cell, metric: str, suppress_below: int) -> str:
    if round(cell["effective_count"], 6) < suppress_below:
        return "suppress"
    width = round(cell["score_high"] - cell["score_low"], 6)
    return "flag" if width > WIDE[metric in ("nps", "enps")] else "publish"


def _before(period: str, start: date) -> date | None:
    """Give the first day of the period just before."""
    days = {"day": 1, "week": 7, "rolling_90d": 90}
    if period in days:
        return start - timedelta(days=days[period])
    months = {"month": 1, "quarter": 3}.get(period)
    if months is None:
        return None
    number = start.year * 12 + start.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _compare(cells: dict[Key, Cell]) -> None:
    """Add change, p and q to every cell."""
    families: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for (period, start, *rest), cell in cells.items():
        before = cells.get((period, _before(period, start), *rest))  # type: ignore[arg-type]
        change = cell["score"] - before["score"] if before else None
        z = _z(cell, before, rest[-1] in ("nps", "enps")) if before else None
        cell.update(previous_score=before and before["score"], score_change=change)
        cell.update(change_p_value=None if z is None else 2 * stats.norm.sf(abs(z)), change_q_value=None, z=z)
        if before and z is not None and "suppress" not in (cell["verdict"], before["verdict"]):
            families[period, str(start), rest[2], *rest[4:]].append(cell)
    for family in families.values():
        adjusted = stats.false_discovery_control([cell["change_p_value"] for cell in family], method="bh")
        for cell, q in zip(family, adjusted, strict=True):
            cell["change_q_value"] = q


def _z(cell: Cell, before: Cell, points: bool) -> float | None:
    """Give Z of two independent scores; None where nothing varies."""
    if points:
        (one, v), (other, u) = (
            _added(each["g"], each["b"], each["effective_count"]) for each in (cell, before)
        )
        return float((one - other) / np.sqrt(v + u))
    n, m = cell["effective_count"], before["effective_count"]
    pooled = (cell["g"] * n + before["g"] * m) / (n + m)
    spread = pooled * (1 - pooled) * (1 / n + 1 / m)
    alike = cell["g"] == before["g"] and cell["g"] in (0, 1)
    return None if alike else float((cell["g"] - before["g"]) / np.sqrt(spread))

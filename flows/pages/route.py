"""The journey map: touchpoints in order, how each is perceived, what was expected, and the gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flows.pages import scales, words

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Hold one metric of a touchpoint; `gap` is in points, `gap_is` below, above or open (it may be none)."""

    name: str
    value: str
    interval: str
    answers: str
    expected: str
    expected_is: str
    gap: str
    gap_is: str
    quadrant: str
    verdict: str
    bar: scales.Bar | None


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """Hold a touchpoint; without measures `silence` says why there is nothing to show."""

    name: str
    stage: str
    expectation: str
    is_moment_of_truth: bool
    measures: tuple[Measure, ...]
    silence: str


@dataclass(frozen=True, slots=True)
class Part:
    """Hold the touchpoints of one journey in their order."""

    name: str
    touchpoints: tuple[Touchpoint, ...]


def route(facts: Facts) -> list[Part]:
    """Lay out the map: journeys in their order, those that no table names last."""
    names = {row["journey_id"]: row["name"] for row in facts["journeys"]}
    order = {journey_id: number for number, journey_id in enumerate(names)}

    def place(row: Row) -> tuple[int, str]:
        return order.get(row["journey_id"], len(order)), row["journey_id"] or "none"

    parts = []
    for (_, journey_id), rows in groupby(sorted(facts["map"], key=place), key=place):
        unnamed = "Of no journey" if journey_id == "none" else journey_id
        parts.append(Part(words.named(names.get(journey_id), unnamed), _touchpoints(rows)))
    return parts


def _touchpoints(rows: Any) -> tuple[Touchpoint, ...]:
    grouped = groupby(rows, key=lambda row: row["touchpoint_id"])
    return tuple(_touchpoint(list(found)) for _, found in grouped)


def _touchpoint(rows: list[Row]) -> Touchpoint:
    first = rows[0]
    measures = tuple(_measure(row) for row in rows if row["metric"] is not None)
    silence = "" if measures else "No score to show yet." if first["is_asked"] else "Nobody asks here."
    return Touchpoint(
        name=words.named(first["touchpoint_name"], first["touchpoint_id"]),
        stage=words.plain(first["stage"] or ""),
        expectation=words.harmless(first["customer_expectation"] or ""),
        is_moment_of_truth=bool(first["is_moment_of_truth"]),
        measures=measures,
        silence=silence,
    )


def _measure(row: Row) -> Measure:
    metric, bar = row["metric"], scales.bar(row)
    expected = row["expected_score"]
    source = {"asked": "asked", "set": "set"}
    return Measure(
        name=scales.name_of(metric),
        value=scales.said(metric, row["score"]) if bar else "",
        interval=scales.interval(metric, row["score_low"], row["score_high"]) if bar else "",
        answers=words.counted(row["answer_count"], "answer") if bar else "",
        expected=scales.said(metric, expected) if bar and expected is not None else "",
        expected_is=source.get(row["expectation_source"] or "", ""),
        gap=_gap(row),
        gap_is=_gap_is(row),
        quadrant=row["quadrant"] or "",
        verdict=row["verdict"],
        bar=bar,
    )


def _gap(row: Row) -> str:
    if row["gap"] is None:
        return ""
    interval = scales.between(row["metric"], row["gap_adjusted_low"], row["gap_adjusted_high"])
    return f"{scales.difference(row['metric'], row['gap'])} ({interval})"


def _gap_is(row: Row) -> str:
    if row["gap"] is None:
        return "none"
    if row["gap_adjusted_high"] < 0:
        return "below"
    return "above" if row["gap_adjusted_low"] > 0 else "open"

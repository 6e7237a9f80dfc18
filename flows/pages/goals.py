"""The goals: how far each is, and whether the interval allows a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.pages import scales, words


@dataclass(frozen=True, slots=True)
class Goal:
    """Hold one goal; `bar` is None where its score is suppressed or there is none."""

    place: str
    metric: str
    target: str
    by: str
    verdict: str
    verdict_is: str
    reason: str
    value: str
    interval: str
    distance: str
    bar: scales.Bar | None


def goals(rows: Sequence[Mapping[str, Any]]) -> list[Goal]:
    """List the goals, the next deadline first."""
    return [_goal(row) for row in rows]


def _goal(row: Mapping[str, Any]) -> Goal:
    metric, target = row["metric"], row["target_score"]
    bar = scales.bar({**row, "expected_score": target})
    place = row["touchpoint_name"] or row["journey_name"]
    return Goal(
        place=words.named(place) if place else "The company as a whole",
        metric=scales.name_of(metric),
        target=scales.said(metric, target) if target is not None else "–",
        by=words.day(row["by_date"]) if row["by_date"] else "",
        verdict=words.GOALS.get(row["verdict"], words.plain(row["verdict"])),
        verdict_is=row["verdict"],
        reason=words.GOAL_REASONS.get(row["reason"], words.plain(row["reason"])),
        value=scales.said(metric, row["score"]) if bar else "",
        interval=scales.interval(metric, row["score_low"], row["score_high"]) if bar else "",
        distance=scales.difference(metric, row["distance"]) if bar and row["distance"] is not None else "",
        bar=bar,
    )

"""The journeys: their scores of the last 90 days with interval and verdict, and the months before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.pages import plots, scales, words

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Score:
    """Hold one score as it is shown; `bar` is None where the verdict is to suppress it."""

    name: str
    kind: str
    value: str
    interval: str
    answers: str
    verdict: str
    change: str
    direction: str
    bar: scales.Bar | None
    trend: plots.Trend | None


@dataclass(frozen=True, slots=True)
class Journey:
    """Hold a journey with its scores."""

    name: str
    scores: tuple[Score, ...]


def whole(facts: Facts) -> tuple[Score, ...]:
    """List what people said of the company as a whole: relational scores, pooled over all journeys."""
    return _scores([row for row in facts["scores"] if row["survey_kind"] == "relational"], "all", facts)


def journeys(facts: Facts) -> list[Journey]:
    """List the journeys in their order."""
    return [
        Journey(
            words.named(row["name"], row["journey_id"]), _scores(facts["scores"], row["journey_id"], facts)
        )
        for row in facts["journeys"]
    ]


def changes(facts: Facts) -> list[str]:
    """Say which touchpoints changed in the last month that is over, beyond what chance does."""
    return [_changed(row) for row in facts["changes"]]


def _scores(rows: Sequence[Row], journey_id: str, facts: Facts) -> tuple[Score, ...]:
    return tuple(_score(row, facts["trends"]) for row in rows if row["journey_id"] == journey_id)


def _score(row: Row, months: Sequence[Row]) -> Score:
    metric = row["metric"]
    cell = ("journey_id", "survey_kind", "metric")
    own = [month for month in months if all(month[name] == row[name] for name in cell)]
    bar = scales.bar(row)
    return Score(
        name=scales.name_of(metric),
        kind=words.KINDS.get(row["survey_kind"], ""),
        value=scales.said(metric, row["score"]) if bar else "",
        interval=scales.interval(metric, row["score_low"], row["score_high"]) if bar else "",
        answers=words.counted(row["answer_count"], "answer") if bar else "",
        verdict=row["verdict"],
        change=_change(row),
        direction=_direction(row),
        bar=bar,
        trend=plots.trend(metric, own),
    )


def _is_certain(row: Row) -> bool:
    return row["change_q_value"] is not None and row["change_q_value"] < 0.05


def _change(row: Row) -> str:
    if row["score_change"] is None or row["change_q_value"] is None:
        return "nothing to compare with yet"
    told = f"{scales.difference(row['metric'], row['score_change'])} points on the 90 days before"
    sure = "more than chance" if _is_certain(row) else "may be chance"
    return f"{told}: {sure} ({words.chance(row['change_q_value'])})"


def _direction(row: Row) -> str:
    if row["score_change"] is None or not _is_certain(row):
        return "level"
    return "up" if row["score_change"] > 0 else "down"


def _changed(row: Row) -> str:
    metric, place = row["metric"], words.named(row["touchpoint_name"])
    verb = "fell" if row["score_change"] < 0 else "rose"
    return (
        f"“{place}” {verb} from {scales.said(metric, row['previous_score'])} to "
        f"{scales.said(metric, row['score'])} in {words.month(row['period_start'])} "
        f"({scales.name_of(metric)}; 95 % interval "
        f"{scales.interval(metric, row['score_low'], row['score_high'])}; "
        f"{words.counted(row['answer_count'], 'answer')}; {words.chance(row['change_q_value'])})."
    )

"""Many cells at once through the models of the project: sums in, scores with intervals and changes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tests.dbt.chain import Chain

Numbers: TypeAlias = npt.NDArray[Any]
SETTINGS = (
    "today date, is_daily boolean, timezone varchar, suppress_below bigint, flag_points_wider_than double, "
    "flag_share_wider_than double"
)
# What a cell is that says nothing else: independent answers of equal weight, one of each customer.
_PLAIN = {
    "period": "month",
    "period_start": np.datetime64("2026-05-01"),
    "journey_id": "visit",
    "touchpoint_id": "desk",
    "segment_type": "all",
    "segment": "all",
    "survey_kind": "relational",
    "metric": "nps",
    "weight_min": 1.0,
    "weight_max": 1.0,
    "value_sum": 0.0,
    "weighted_value_sum": 0.0,
    "scale_min_low": 0.0,
    "scale_min_high": 0.0,
    "scale_max_low": 10.0,
    "scale_max_high": 10.0,
    "load_id": 1,
}
_WHOLE = ("answer_count", "respondent_count", "cluster_count", "load_id")


def settings(chain: Chain, suppress_below: int = 30) -> None:
    """Give the settings that scores are judged by."""
    today = [("2026-06-15", True, "UTC", suppress_below, 40.0, 0.2)]
    chain.given("computed.settings", SETTINGS, today)


def independent(good: Numbers, bad: Numbers, count: Numbers, *, points: bool) -> dict[str, Numbers]:
    """Sum independent answers of equal weight: promoters (top), detractors (bottom) and all."""
    good, bad, count = (np.asarray(column, dtype=float) for column in (good, bad, count))
    return {
        **dict.fromkeys(("answer_count", "respondent_count", "cluster_count"), count),
        **dict.fromkeys(("weight_sum", "weight_square_sum"), count),
        "good": good,
        "bad": bad,
        "good_weight": good,
        "bad_weight": bad,
        "square_sum": good + bad if points else good,
        "cross_sum": good - bad if points else good,
    }


def scored(chain: Chain, columns: Mapping[str, Any]) -> dict[str, Numbers]:
    """Score cells; returns the columns of int_metric_cells_scored in the order of the cells given."""
    size = len(columns["good"])
    numbered = {**columns, "touchpoint_id": np.arange(size).astype(str)}
    _given(chain, numbered, size)
    chain.make("int_metric_cells_scored")
    found = chain.connection.execute(
        "from warehouse.intermediate.int_metric_cells_scored order by cast(touchpoint_id as bigint)"
    ).fetchnumpy()
    assert len(found["score"]) == size
    return found


def compared(chain: Chain, columns: Mapping[str, Any]) -> dict[str, Numbers]:
    """Make journey_metrics of the cells; returns its columns, those of May 2026 only."""
    _given(chain, columns, len(columns["good"]))
    chain.make("int_metric_cells_scored")
    # What the increment makes anew: both months.
    months = [("month", "2026-04-01"), ("month", "2026-05-01")]
    chain.given("intermediate.int_periods_touched", "period varchar, period_start date", months)
    built = "period varchar, period_start date, is_finished boolean"
    chain.given("marts.journey_metrics", built, [])
    return chain.connection.execute(
        f"select * from ({chain.sql['journey_metrics']}) where period_start = date '2026-05-01'"
    ).fetchnumpy()


def _given(chain: Chain, columns: Mapping[str, Any], size: int) -> None:
    told = {**_PLAIN, **columns}
    table = pa.table(
        {
            name: np.broadcast_to(np.asarray(value, dtype=int if name in _WHOLE else None), size)
            for name, value in told.items()
        }
    )
    chain.connection.register("cells", table)
    chain.connection.execute(
        "create or replace table warehouse.intermediate.int_metric_cells_summed as "
        "select * replace (cast(period_start as date) as period_start) from cells"
    )
    chain.connection.unregister("cells")

"""Answers of any kind in April and May, given to the models that sum them, without dbt."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.dbt.cells import SETTINGS
from tests.dbt.chain import Chain

MAY = date(2026, 5, 1)
LOCATED = (
    "answer_key varchar, response_key varchar, submitted_at timestamp, local_date date, journey_id varchar, "
    "touchpoint_id varchar, survey_kind varchar, metric varchar, value double, scale_min double, "
    "scale_max double, good double, bad double, code double, weight double, cluster_key varchar, "
    "respondent_key varchar, load_id bigint, profile varchar"
)
# What the increment reads of the cells it made before; there are none yet.
SUMMED = (
    "period varchar, period_start date, journey_id varchar, touchpoint_id varchar, survey_kind varchar, "
    "metric varchar, segment_type varchar, segment varchar, answer_count bigint, good double, bad double, "
    "weight_sum double, good_weight double, bad_weight double, value_sum double, weighted_value_sum double, "
    "square_sum_of_answers double, cross_sum_of_answers double, weight_square_sum_of_answers double, "
    "square_sum double, cross_sum double, weight_square_sum double, respondent_count bigint, "
    "cluster_count bigint, "
    "weight_min double, weight_max double, scale_min_low double, scale_min_high double, "
    "scale_max_low double, scale_max_high double, load_id bigint"
)
Cells = dict[tuple[Any, ...], dict[str, Any]]

answer = st.fixed_dictionaries(
    {
        "value": st.integers(0, 10),
        "metric": st.sampled_from(["nps", "rating"]),
        "touchpoint": st.sampled_from(["desk", "gate"]),
        "day": st.integers(-31, 30),
        "customer": st.integers(0, 9),
        "account": st.sampled_from([None, "a", "b"]),
        "weight": st.sampled_from([1.0, 1.0, 2.5, 0.4]),
        "store": st.sampled_from([None, "17", "18"]),
    }
)
many = st.lists(answer, min_size=1, max_size=40)
FEW = examples(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # models take too long to look for a smaller example
)


def told_to_make_anew(for_duckdb: dict[str, str]) -> Chain:
    """Give the models as of June, told to make April and May anew."""
    made = Chain(for_duckdb)
    made.given("computed.settings", SETTINGS, [(date(2026, 6, 1), True, "UTC", 5, 40.0, 0.2)])
    made.given("computed.segment_types", "segment_type varchar", [("store",)])
    made.given("intermediate.int_metric_cells_summed", SUMMED, [])
    told = "response_key varchar, segment varchar, persona varchar, audience varchar, channel varchar, "
    made.given("marts.responses", told + "language varchar, load_id bigint", [])
    given_answers(made, [])
    touched(made, is_rewritten=True)
    made.make("int_metric_cells_grown")
    return made


def touched(chain: Chain, *, is_rewritten: bool) -> None:
    """Say which periods changed, and whether they are summed anew or grow."""
    months = [("month", date(2026, 4, 1), is_rewritten), ("month", MAY, is_rewritten)]
    days = [("day", date(2026, 4, 1) + timedelta(days=number), is_rewritten) for number in range(61)]
    types = "period varchar, period_start date, is_rewritten boolean"
    chain.given("intermediate.int_periods_touched", types, months + days)


def given_answers(chain: Chain, answers: list[dict[str, Any]]) -> None:
    """Give answers as int_scores_located holds them, and what is known of their responses."""
    chain.given("intermediate.int_scores_located", LOCATED, [located(*one) for one in enumerate(answers)])
    stores = [(f"r{no}", "store", one["store"], 1) for no, one in enumerate(answers) if one["store"]]
    types = "response_key varchar, name varchar, value varchar, load_id bigint"
    chain.given("marts.response_properties", types, stores)


def located(no: int, one: dict[str, Any]) -> tuple[Any, ...]:
    """Make a row of int_scores_located."""
    day, value = MAY + timedelta(days=one["day"]), float(one["value"])
    is_nps = one["metric"] == "nps"
    good, bad = (value >= 9, value <= 6) if is_nps else (value >= 7.5, value <= 2.5)
    place = (
        datetime(day.year, day.month, day.day),
        day,
        "visit",
        one["touchpoint"],
        "transactional",
        one["metric"],
    )
    code = float(good) - float(bad and is_nps)
    customer = f"c:{one['customer']}"
    cluster = f"a:{one['account']}" if one["account"] else customer
    numbers = (
        value,
        0.0,
        10.0,
        float(good),
        float(bad),
        code,
        one["weight"],
        cluster,
        customer,
        one.get("load", 1),
        one["store"] or "",
    )
    return (f"k{no}", f"r{no}", *place, *numbers)


def assert_alike(one: Cells, other: Cells) -> None:
    """Compare two countings of the same answers."""
    assert one.keys() == other.keys()
    for key, row in one.items():
        for name, value in row.items():
            near = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
            assert other[key][name] == near, (key, name)

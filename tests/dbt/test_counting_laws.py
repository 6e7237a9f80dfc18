"""What must hold for any answers: their order, hearing the same twice, dividing them and adding up again."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.dbt import at_random
from tests.dbt.cells import SETTINGS
from tests.dbt.chain import Chain
from tests.test_rebuild import marts

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


@pytest.fixture(scope="module")
def chain(for_duckdb: dict[str, str]) -> Chain:
    """Give the models as of June, told to make April and May anew."""
    made = Chain(for_duckdb)
    made.given("computed.settings", SETTINGS, [(date(2026, 6, 1), True, "UTC", 5, 40.0, 0.2)])
    made.given("computed.segment_types", "segment_type varchar", [("store",)])
    made.given("intermediate.int_metric_cells_summed", SUMMED, [])
    told = "response_key varchar, segment varchar, persona varchar, audience varchar, channel varchar, "
    made.given("marts.responses", told + "language varchar, load_id bigint", [])
    _given_answers(made, [])
    _touched(made, is_rewritten=True)
    made.make("int_metric_cells_grown")
    return made


def _touched(chain: Chain, *, is_rewritten: bool) -> None:
    months = [("month", date(2026, 4, 1), is_rewritten), ("month", MAY, is_rewritten)]
    days = [("day", date(2026, 4, 1) + timedelta(days=number), is_rewritten) for number in range(61)]
    types = "period varchar, period_start date, is_rewritten boolean"
    chain.given("intermediate.int_periods_touched", types, months + days)


def _given_answers(chain: Chain, answers: list[dict[str, Any]]) -> None:
    chain.given("intermediate.int_scores_located", LOCATED, [_located(*one) for one in enumerate(answers)])
    stores = [(f"r{no}", "store", one["store"], 1) for no, one in enumerate(answers) if one["store"]]
    types = "response_key varchar, name varchar, value varchar, load_id bigint"
    chain.given("marts.response_properties", types, stores)


def counted(chain: Chain, answers: list[dict[str, Any]]) -> Cells:
    """Count answers with the models; returns the months of journey_metrics by their key."""
    _given_answers(chain, answers)
    chain.make("int_metric_cells_summed", "int_metric_cells_scored")
    chain.given("marts.journey_metrics", "period varchar, period_start date, is_finished boolean", [])
    found = chain.rows(f"select * from ({chain.sql['journey_metrics']}) where period = 'month'")
    names = (
        "period_start",
        "journey_id",
        "touchpoint_id",
        "segment_type",
        "segment",
        "survey_kind",
        "metric",
    )
    return {tuple(row[name] for name in names): row for row in found}


def _located(no: int, one: dict[str, Any]) -> tuple[Any, ...]:
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


def summed(chain: Chain, model: str) -> Cells:
    """Read the cells of days and months by their key."""
    key = ("period", "period_start", "journey_id", "touchpoint_id", "segment_type", "segment", "metric")
    rows = chain.rows(f"from warehouse.intermediate.{model} where period in ('day', 'month')")
    return {tuple(row[name] for name in key): row for row in rows}


@FEW
@given(many, many)
def test_cells_that_grow_become_what_all_their_answers_give(
    chain: Chain, old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    arrived = old + [{**one, "load": 2} for one in new]
    try:
        chain.given("intermediate.int_metric_cells_summed", SUMMED, [])
        _given_answers(chain, old)
        chain.make("int_metric_cells_summed")
        before = summed(chain, "int_metric_cells_summed")
        _given_answers(chain, arrived)
        _touched(chain, is_rewritten=False)
        chain.make("int_metric_cells_grown")
        grown = summed(chain, "int_metric_cells_grown")
        assert {row.pop("added_to_load_id") for row in grown.values()} == {1}
    finally:
        _touched(chain, is_rewritten=True)
        chain.given("intermediate.int_metric_cells_summed", SUMMED, [])
        chain.make("int_metric_cells_grown")
    chain.make("int_metric_cells_summed")
    assert_alike({**before, **grown}, summed(chain, "int_metric_cells_summed"))


def assert_alike(one: Cells, other: Cells) -> None:
    """Compare two countings of the same answers."""
    assert one.keys() == other.keys()
    for key, row in one.items():
        for name, value in row.items():
            near = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
            assert other[key][name] == near, (key, name)


@FEW
@given(many, st.randoms(use_true_random=False))
def test_laws_of_any_answers(chain: Chain, answers: list[dict[str, Any]], chance: random.Random) -> None:
    cells = counted(chain, answers)
    assert_added_up(chain)
    for row in cells.values():
        least, most = (-100, 100) if row["metric"] == "nps" else (0, 1)
        assert least <= row["score_low"] <= row["score_high"] <= most
        assert 0 < row["effective_count"] <= row["answer_count"]
    # Their order changes nothing.
    assert_alike(cells, counted(chain, chance.sample(answers, len(answers))))


def assert_added_up(chain: Chain) -> None:
    """Compare the sums of all stores with those of everyone."""
    parts: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    wholes = {}
    for row in chain.rows("from warehouse.intermediate.int_metric_cells_summed"):
        place = (row["period"], row["period_start"], row["journey_id"], row["touchpoint_id"], row["metric"])
        if row["segment_type"] == "store":
            parts[place].append(row)
        else:
            wholes[place] = row
    assert parts.keys() == wholes.keys()
    for place, whole in wholes.items():
        for name in ("answer_count", "good", "bad", "good_weight", "bad_weight", "weight_sum", "value_sum"):
            assert sum(part[name] for part in parts[place]) == pytest.approx(whole[name]), (place, name)
        people = [part["respondent_count"] for part in parts[place]]
        assert max(people) <= whole["respondent_count"] <= sum(people)


@FEW
@given(many)
def test_strangers_heard_twice_are_worth_no_more(chain: Chain, answers: list[dict[str, Any]]) -> None:
    strangers = [
        {**one, "customer": number, "account": None, "weight": 1.0} for number, one in enumerate(answers)
    ]
    once, twice = counted(chain, strangers), counted(chain, strangers + strangers)
    assert once.keys() == twice.keys()
    for key, row in once.items():
        again = twice[key]
        assert again["answer_count"] == 2 * row["answer_count"]
        assert again["respondent_count"] == row["respondent_count"] == row["effective_count"]
        assert again["score"] == pytest.approx(row["score"], abs=1e-9)
        assert again["mean_value"] == pytest.approx(row["mean_value"])
        assert again["effective_count"] <= row["effective_count"] * (1 + 1e-9)


def test_responses_in_any_order_and_some_of_them_twice_give_the_same_marts(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def arrive(rows: list[Any]) -> list[Any]:
        chance = random.Random(9)
        return chance.sample(rows + chance.sample(rows, 100), len(rows) + 100)

    at_random.made(tmp_path, arrive=arrive)
    plain = marts(at_random.shared(tmp_path_factory.getbasetemp()).home.folder)
    again = marts(tmp_path)
    assert again.keys() == plain.keys()
    for name, rows in plain.items():
        assert again[name] == rows, name

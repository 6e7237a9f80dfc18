"""What must hold for any answers: their order, hearing the same twice, dividing them and adding up again."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dbt import at_random
from tests.dbt.any_answers import FEW, Cells, assert_alike, given_answers, many, told_to_make_anew
from tests.dbt.chain import Chain
from tests.test_rebuild import marts


@pytest.fixture(scope="module")
def chain(for_duckdb: dict[str, str]) -> Chain:
    """Give the models as of June, told to make April and May anew."""
    return told_to_make_anew(for_duckdb)


def counted(chain: Chain, answers: list[dict[str, Any]]) -> Cells:
    """Count answers with the models; returns the months of journey_metrics by their key."""
    given_answers(chain, answers)
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

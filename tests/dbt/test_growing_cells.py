"""Cells that grow by new answers become what all of them give, with weights, accounts and moving segments."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tests.dbt.any_answers import (
    FEW,
    SUMMED,
    Cells,
    assert_alike,
    given_answers,
    many,
    told_to_make_anew,
    touched,
)
from tests.dbt.chain import Chain


@pytest.fixture(scope="module")
def chain(for_duckdb: dict[str, str]) -> Chain:
    """Give the models as of June, told to make April and May anew."""
    return told_to_make_anew(for_duckdb)


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
        given_answers(chain, old)
        chain.make("int_metric_cells_summed")
        before = summed(chain, "int_metric_cells_summed")
        given_answers(chain, arrived)
        touched(chain, is_rewritten=False)
        chain.make("int_metric_cells_grown")
        grown = summed(chain, "int_metric_cells_grown")
        assert {row.pop("added_to_load_id") for row in grown.values()} == {1}
    finally:
        touched(chain, is_rewritten=True)
        chain.given("intermediate.int_metric_cells_summed", SUMMED, [])
        chain.make("int_metric_cells_grown")
    chain.make("int_metric_cells_summed")
    assert_alike({**before, **grown}, summed(chain, "int_metric_cells_summed"))

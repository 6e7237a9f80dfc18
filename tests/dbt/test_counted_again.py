"""journey_metrics against the same answers counted a second way, all periods, places and segments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.dbt import at_random
from tests.dbt.counted import Cell, Key, counted

TODAY = date(2026, 5, 3)  # in Los Angeles
NAMES = ("period", "period_start", "journey_id", "touchpoint_id", "segment_type", "segment")
KEY = (*NAMES, "survey_kind", "metric")
COUNTS = ("answer_count", "respondent_count")
NUMBERS = (
    "effective_count",
    "score",
    "score_low",
    "score_high",
    "unweighted_score",
    "mean_value",
    "unweighted_mean",
    "previous_score",
    "score_change",
)
CLASSES = {
    True: ("promoter_count", "passive_count", "detractor_count"),
    False: ("top_count", "middle_count", "bottom_count"),
}


def column(cells: list[Cell], name: str) -> np.ndarray:
    """Give one column, with NaN for what is not there."""
    return np.array([np.nan if cell[name] is None else cell[name] for cell in cells], dtype=float)


def check(folder: Path, size: int) -> None:
    """Fill and build a home, count again, and compare every row and column."""
    facts = at_random.made(folder, seed=200, size=size)
    wanted = counted(facts.answers, TODAY, suppress_below=20)
    found: dict[Key, Cell] = {
        tuple(row[name] for name in KEY): row for row in facts.home.rows("from marts.journey_metrics")
    }
    assert found.keys() == wanted.keys()
    assert {key[0] for key in found} == {"day", "week", "month", "quarter", "rolling_90d", "all"}
    assert {key[4] for key in found} == {"all", "segment", "store"}
    rows, cells = list(found.values()), [wanted[key] for key in found]
    for name in COUNTS:
        assert [row[name] for row in rows] == [cell[name] for cell in cells]
    for name in NUMBERS:
        np.testing.assert_allclose(
            column(rows, name), column(cells, name), rtol=1e-9, atol=1e-9, err_msg=name
        )
    z = column(cells, "z")
    near = ~(np.abs(z) > 8)
    assert (np.abs(z[near]) > 3).any()
    for name in ("change_p_value", "change_q_value"):
        told, again = column(rows, name), column(cells, name)
        np.testing.assert_allclose(told[near], again[near], rtol=1e-9, atol=0, err_msg=name)
        np.testing.assert_allclose(told, again, rtol=1e-6, atol=1e-290, err_msg=name)
    assert [row["verdict"] for row in rows] == [cell["verdict"] for cell in cells]
    assert {row["verdict"] for row in rows} == {"suppress", "flag", "publish"}
    for row, cell in zip(rows, cells, strict=True):
        is_points = row["metric"] == "nps"
        assert [row[name] for name in CLASSES[is_points]] == [cell["good"], cell["middle"], cell["bad"]]
        assert {row[name] for name in CLASSES[not is_points]} == {None}


def test_every_number_of_twenty_thousand_answers(tmp_path: Path) -> None:
    check(tmp_path, 10)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_every_number_of_two_hundred_thousand_answers(tmp_path: Path) -> None:
    check(tmp_path, 105)

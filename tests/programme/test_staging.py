"""dbt's staging speaks of the programme's columns, all of them and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.programme import COLUMNS

STAGING = Path(__file__).parents[2] / "dbt_project" / "models" / "staging" / "programme"


@pytest.mark.parametrize("table", COLUMNS)
def test_staging_has_the_columns_of_the_programme(table: str) -> None:
    sql = (STAGING / f"stg_programme__{table}.sql").read_text(encoding="utf-8")
    assert tuple(re.findall(r"'(\w+)': '\w+'", sql)) == COLUMNS[table]


def test_every_staged_table_is_a_table_of_the_programme() -> None:
    assert {path.stem.removeprefix("stg_programme__") for path in STAGING.glob("*.sql")} == set(COLUMNS)

"""What dbt is told of the readers of its marts is what the code reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest
import yaml

from expectations.audit import MARTS
from flows.warehouse import advice, due, history, marts, reporting
from flows.warehouse.own_marts import OWN

ROOT = Path(__file__).parents[2]
_REF = re.compile(r"ref\('(\w+)'\)")


@pytest.fixture(scope="module")
def exposures() -> dict[str, set[str]]:
    """Read which models each exposure names."""
    path = ROOT / "dbt_project" / "models" / "exposures.yml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))["exposures"]
    return {one["name"]: {_REF.fullmatch(ref)[1] for ref in one["depends_on"]} for one in told}  # type: ignore[index]


def tables_of(query: str) -> set[str]:
    """Name the tables a query reads, as DuckDB parses it."""
    with duckdb.connect() as connection:
        [(text,)] = connection.execute("select json_serialize_sql(?)", [query]).fetchall()
    named = set(re.findall(r'"type":"BASE_TABLE".*?"table_name":"(\w+)"', text))
    assert named, query
    return named - set(re.findall(r'"key":"(\w+)"', text))  # the query's own CTEs


def test_the_report_reads_what_its_exposure_says(exposures: dict[str, set[str]]) -> None:
    read = set().union(*map(tables_of, reporting.QUERIES.values()))

    assert exposures["report"] == read - set(OWN)


def test_letters_read_what_their_exposure_says(exposures: dict[str, set[str]]) -> None:
    modules = (marts, due, history, advice)
    code = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in modules)
    read = set(re.findall(r"(?:from|join) (?:marts|intermediate|staging|private)\.(\w+)", code))

    assert exposures["letters"] == read


def test_the_checks_look_at_what_their_exposure_says(exposures: dict[str, set[str]]) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "expectations").glob("*.py"))

    assert exposures["data_docs"] == {*MARTS, *re.findall(r"(?:from|join) marts\.(\w+)", code)}


def test_every_model_and_column_is_described(
    for_duckdb: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    manifest = next(tmp_path_factory.getbasetemp().glob("compiled_for_duckdb*/target/manifest.json"))
    nodes = json.loads(manifest.read_text(encoding="utf-8"))
    parts = {**nodes["nodes"], **nodes["sources"], **nodes["exposures"]}.values()
    told = [node for node in parts if node["resource_type"] in ("model", "source", "exposure")]

    assert len(told) > 100
    assert [node["unique_id"] for node in told if not node["description"].strip()] == []
    assert [
        (node["unique_id"], name)
        for node in told
        for name, column in node.get("columns", {}).items()
        if not column["description"].strip()
    ] == []
    assert [
        node["unique_id"] for node in told if node["resource_type"] == "model" and not node["columns"]
    ] == []

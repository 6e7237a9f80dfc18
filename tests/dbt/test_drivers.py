"""Drivers out of answers: which responses and touchpoints count, when they are weighed, what kills leave."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flows import transform
from flows.estimates import Limits
from flows.estimates.shares import lmg
from flows.warehouse import builds, computed
from tests.homes import Home, untold

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
FIVE = {"source_name": "kiosk", "survey_id": "*", "scale_min": "1", "scale_max": "5", "metric": "csat"}
OF_THE_VISIT = {"journey_id": "visit", "survey_kind": "relational"}
PROGRAMME: dict[str, list[Any]] = {
    "journeys": [{"journey_id": "visit", "name": "Visit"}, {"journey_id": "home", "name": "At home"}],
    "touchpoints": [
        {"touchpoint_id": name, "journey_id": journey, "name": name}
        for name, journey in [("desk", "visit"), ("gate", "visit"), ("roof", "visit"), ("sofa", "home")]
    ],
    "questions": [
        {**FIVE, "question_ref": "desk", "touchpoint_id": "desk"},
        {**FIVE, "question_ref": "desk again", "touchpoint_id": "desk", "metric": "ces", "scale_max": "7"},
        {**FIVE, "question_ref": "gate", "touchpoint_id": "gate", "is_reversed": "true"},
        {**FIVE, "question_ref": "sofa", "touchpoint_id": "sofa"},
        {**FIVE, "question_ref": "hoped", "touchpoint_id": "desk", "asks_for": "expectation"},
        {**FIVE, "question_ref": "visit", **OF_THE_VISIT},
        {**FIVE, "question_ref": "home", **OF_THE_VISIT, "journey_id": "home"},
        {"source_name": "kiosk", "survey_id": "*", "question_ref": "nps", "metric": "nps"},
    ],
}
ANY = Limits(least_pair=3, least_sample=5, least_per_driver=1)


def answered(home: Home, number: int, chance: np.random.Generator, **envelope: Any) -> dict[str, float]:
    """Add one response; returns positions on the scales, worked out here."""
    felt = chance.normal(size=6) + chance.normal()
    five = np.clip(np.round(3 + felt), 1, 5)
    ten = float(np.clip(np.round(5 + felt[0] + 2 * felt[3]), 0, 10))
    seven = float(np.clip(np.round(4 + felt[0]), 1, 7))
    visit = float(np.clip(np.round(3 + felt[0] + 0.4 * felt[1] + 0.5 * felt[5]), 1, 5))
    told = {"desk": five[0], "desk again": seven, "gate": five[1], "sofa": five[3], "hoped": five[4]}
    written = {**told, "visit": visit, "nps": ten}
    home.answers(f"r{number}", {name: f"{value:g}" for name, value in written.items()}, **envelope)
    return {
        "desk": ((five[0] - 1) / 4 + (seven - 1) / 6) / 2,
        "gate": (5 - five[1]) / 4,
        "sofa": (five[3] - 1) / 4,
        "visit": (visit - 1) / 4,
        "nps": ten / 10,
    }


def shares_of(cases: list[dict[str, float]], drivers: list[str], outcome: str, weights: list[float]) -> Any:
    """Weigh complete cases with numpy."""
    columns = np.array([[case[name] for name in (*drivers, outcome)] for case in cases])
    covariance = np.cov(columns.T, aweights=weights)
    scale = np.sqrt(np.diag(covariance))
    return lmg((covariance / np.outer(scale, scale))[None])[0]


def told(home: Home, journey: str, metric: str) -> dict[str, dict[str, Any]]:
    """Read the drivers of one outcome by touchpoint."""
    query = f"select * from marts.drivers where journey_id = '{journey}' and outcome_metric = '{metric}'"
    return {row["touchpoint_id"]: row for row in home.rows(query)}


def rounded(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Cut doubles to nine digits: sums may be added in another order."""
    return {
        name: {column: float(f"{x:.9g}") if isinstance(x, float) else x for column, x in row.items()}
        for name, row in rows.items()
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder for all homes, so that dbt parses the project once."""
    return tmp_path_factory.mktemp("driven")


@pytest.fixture
def home(place: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Make a home where small samples are weighed."""
    monkeypatch.setattr(transform, "DRIVER_LIMITS", ANY)
    for name in ("raw.duckdb", "warehouse.duckdb", "warehouse.duckdb.wal"):
        (place / name).unlink(missing_ok=True)
    made = Home(place, START)
    made.programme(**PROGRAMME)
    made.load()
    return made


def test_journeys_by_their_own_touchpoints_the_company_by_all(home: Home) -> None:
    chance = np.random.default_rng(1)
    weights = [1.0, 2.0, 0.5, 1.5] * 20
    envelopes = [
        {"weight": weight, "customer_id": f"c{number % 50}"} for number, weight in enumerate(weights)
    ]
    cases = [answered(home, number, chance, **more) for number, more in enumerate(envelopes)]
    home.answers("without an outcome", {"desk": "1", "gate": "1", "sofa": "1"})
    home.answers("without touchpoints", {"visit": "1", "nps": "0", "home": "4"})
    home.build()

    own = told(home, "visit", "csat")
    assert own.keys() == {"desk", "gate", "roof"}
    wanted = shares_of(cases, ["desk", "gate"], "visit", weights)
    assert [own[name]["importance"] for name in ("desk", "gate")] == pytest.approx(list(wanted), abs=1e-9)
    assert own["roof"]["left_out"] == "not rated: no response rates it and the outcome"
    assert {row["answer_count"] for row in own.values()} == {80, 0}
    assert {row["sample_count"] for row in own.values()} == {80}

    whole = told(home, "all", "nps")
    assert whole.keys() == {"desk", "gate", "roof", "sofa"}
    names = ["desk", "gate", "sofa"]
    wanted = shares_of(cases, names, "nps", weights)
    assert [whole[name]["importance"] for name in names] == pytest.approx(list(wanted), abs=1e-9)
    assert whole["desk"]["r_squared"] == pytest.approx(wanted.sum())
    assert {row["method"] for row in whole.values()} == {"lmg", None}
    assert home.rows("select count(*) as n from marts.drivers") == [{"n": 8}]

    alone = told(home, "home", "csat")["sofa"]  # nobody rates the sofa beside it
    assert (alone["importance"], alone["sample_count"], alone["answer_count"]) == (None, 0, 0)
    assert alone["left_out"] == "not rated: no response rates it and the outcome"


def test_the_kind_of_survey_with_more_responses_speaks(home: Home) -> None:
    home.programme(
        **PROGRAMME,
        surveys=[{"source_name": "kiosk", "survey_id": "after", "survey_kind": "transactional"}],
    )
    chance = np.random.default_rng(2)
    cases = [answered(home, number, chance, survey_id="after") for number in range(12)]
    for number in range(10):
        answered(home, 100 + number, chance)
    home.build()

    found = told(home, "all", "nps")
    assert {(row["survey_kind"], row["sample_count"]) for row in found.values()} == {("transactional", 12)}
    wanted = shares_of(cases, ["desk", "gate", "sofa"], "nps", [1.0] * 12)
    assert [found[name]["importance"] for name in ("desk", "gate", "sofa")] == pytest.approx(
        list(wanted), abs=1e-9
    )


def test_estimates_are_made_once_a_day_and_equal_a_rebuild(home: Home) -> None:
    chance = np.random.default_rng(3)
    for number in range(20):
        answered(home, number, chance)
    home.build()
    before = told(home, "all", "nps")

    home.load()
    for number in range(20, 40):
        answered(home, number, chance)
    home.now += timedelta(hours=1)
    home.build()
    assert told(home, "all", "nps") == before

    home.now += timedelta(days=1)
    home.build()
    after = told(home, "all", "nps")
    assert after["desk"]["sample_count"] == 40
    builds.discard(home.folder)
    home.build()
    rebuilt = told(home, "all", "nps")
    assert rounded(after) == rounded(rebuilt)


def test_dbt_starts_a_second_time_for_new_estimates_only(home: Home) -> None:
    started: list[str] = []

    def heard(steps: int = 1, *, total: int | None = None, description: str | None = None) -> None:
        if total is not None:
            started.append(f"{total} models")

    def build() -> int:
        started.clear()
        home.now += timedelta(days=1)
        transform.build_marts(home.folder, home.configuration, home.tables, home.now, heard, with_tests=False)
        return len(started)

    assert build() == 1  # nobody answered
    for number in range(10):
        answered(home, number, np.random.default_rng(number))
    assert build() == 2
    assert build() == 1


def test_a_build_killed_between_the_passes_is_finished_by_the_next(home: Home) -> None:
    home.build()
    home.load()
    for number in range(30):
        answered(home, number, np.random.default_rng(number))
    home.now += timedelta(days=1)
    child = os.fork()
    if child == 0:
        keep = computed.keep_drivers

        def kept_and_killed(folder: Path, rows: list[dict[str, Any]]) -> bool:
            keep(folder, rows)
            os.kill(os.getpid(), signal.SIGKILL)
            return True

        try:
            computed.keep_drivers = kept_and_killed  # type: ignore[assignment]
            transform.build_marts(
                home.folder, home.configuration, home.tables, home.now, untold, with_tests=False
            )
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert {row["importance"] for row in told(home, "all", "nps").values()} == {None}

    home.build()
    desk = told(home, "all", "nps")["desk"]
    assert desk["sample_count"] == 30 and desk["importance"] is not None

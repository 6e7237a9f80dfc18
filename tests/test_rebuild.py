"""After any sequence of runs, edits, late answers, deletions, new programmes and kills: what raw gives."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from flows import transform
from flows.estimates import Limits
from flows.warehouse import builds
from tests.homes import Home

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
CONFIGURATION = {
    "sources": [
        {"name": "kiosk", "tool": "files", "path": "*.csv"},
        {"name": "forms", "tool": "typeform"},
        {"name": "crm", "tool": "files", "path": "crm.csv", "holds": "customers"},
    ],
    "segments": ["segment", "language", "store"],
    "numbers": {"suppress_below": 2},
    "company": {"timezone": "America/Los_Angeles"},
}
PLACES: dict[str, list[dict[str, str | None]]] = {
    "journeys": [{"journey_id": "visit", "name": "Visit", "audience": "customer", "owner_team_id": "shop"}],
    "teams": [{"team_id": "shop", "name": "Shop", "email": "shop@example.com", "calendar_id": "office"}],
    "owners": [{"owner_id": "ada", "team_id": "shop", "name": "Ada", "email": "ada@example.com"}],
    "calendars": [
        {"calendar_id": "office", "weekday": str(day), "opens_at": "09:00", "closes_at": "17:00"}
        for day in range(1, 6)
    ],
    "routing": [
        {
            "rule_id": "unhappy",
            "position": "1",
            "action": "assign",
            "score_class": score_class,
            "team_id": "shop",
            "follow_up_kind": "recover",
            "clock": "working",
            "respond_within_hours": "4",
            "delivery": "now",
        }
        for score_class in ("detractor",)
    ],
    "themes": [
        {"theme_id": "slow", "name": "Slow", "kind": "complaint", "language": "*", "pattern": "<slow>"},
        {"theme_id": "kind", "name": "Kind", "kind": "praise", "language": "en", "pattern": "kind"},
        {"theme_id": "queue", "kind": "complaint", "language": "*", "pattern": "queue"},
    ],
    "root_causes": [{"root_cause_id": "rush", "name": "Rush", "language": "en", "is_structural": "true"}],
    "assessments": [{"theme_id": "queue", "root_cause_id": "rush", "touchpoint_id": "none", "cost": "5"}],
    "initiatives": [{"initiative_id": "more", "name": "More desks", "status": "approved"}],
    "initiative_scope": [{"initiative_id": "more", "theme_id": "queue"}],
    "goals": [
        {"goal_id": "up", "touchpoint_id": "gate", "metric": "csat", "target_score": "0.5"},
        {"goal_id": "all", "metric": "nps", "survey_kind": "relational", "target_score": "10"},
        {"goal_id": "thirty", "metric": "nps", "target_score": "30"},
    ],
}
# So that the drivers of a handful of responses are weighed, and weighed again.
ANY = Limits(least_pair=2, least_sample=3, least_per_driver=1)

CUSTOMERS = ("ada", "bob", "cyd@example.com", None)
VALUES = ("0", "1", " 4.0 ", "5", "9", "10", "x", "", "7,0")
MOMENTS = st.integers(min_value=-100 * 24, max_value=30)

row = st.fixed_dictionaries(
    {
        "response": st.integers(0, 5),
        "tool": st.sampled_from(["files", "files", "typeform"]),
        "hours": MOMENTS,
        "customer": st.sampled_from(CUSTOMERS),
        "score": st.sampled_from(VALUES),
        "other": st.sampled_from(VALUES),
        "comment": st.sampled_from(["", "slow queue", "kind staff"]),
        "touchpoint": st.sampled_from(["desk", "gate", "", "nowhere"]),
        "store": st.sampled_from(["", "17", "18"]),
        "language": st.sampled_from([None, "en", "pt-BR"]),
        "weight": st.sampled_from([None, 1.0, 2.5]),
    }
)
changes = st.one_of(
    st.tuples(st.just("answers"), st.lists(row, min_size=1, max_size=4)),
    st.tuples(st.just("answers"), st.lists(row, min_size=1, max_size=4)),
    st.tuples(st.just("deleted"), st.integers(0, 5)),
    st.tuples(st.just("customers"), st.sampled_from(["ada", "bob"]), st.sampled_from(["gold", "iron", None])),
    st.tuples(st.just("definition"), st.sampled_from([5, 10]), st.booleans()),
    st.tuples(st.just("reject"), st.booleans()),
    st.tuples(
        st.just("programme"),
        st.sampled_from(["csat", "rating"]),
        st.booleans(),
        st.sampled_from(["desk", None]),
    ),
    st.tuples(st.just("event"), st.integers(0, 5), st.sampled_from(["assigned", "closed"])),
)
steps = st.fixed_dictionaries(
    {
        "changes": st.lists(changes, min_size=0, max_size=3),
        "hours": st.sampled_from([0, 1, 5, 30]),
        "killed_after": st.one_of(st.none(), st.none(), st.integers(1, 30)),
    }
)
sequences = st.lists(steps, min_size=3, max_size=5)


def happen(home: Home, change: tuple[Any, ...]) -> None:
    """Let one change arrive in a load of its own."""
    home.load()
    match change:
        case ("answers", rows):
            for one in rows:
                arrive(home, one)
        case ("deleted", number):
            home.answers(f"r{number}", {}, is_deleted=True, submitted_at=None)
        case ("customers", customer, segment):
            home.customer(customer, segment=segment, account_id="acme", email=f"{customer}@example.com")
        case ("definition", most, is_whole):
            home.definition("form", form(most, is_whole))
        case ("reject", in_file):
            home.reject("not a date", "visits.csv" if in_file else None)
            home.read_whole("visits.csv")
        case ("programme", metric, is_reversed, touchpoint):
            home.programme(**programme(metric, is_reversed, touchpoint))
        case ("event", number, event):
            status = "assigned" if event == "assigned" else "closed"
            home.event(f"f{number}", event, status=status, customer_id="ada", response_key="unknown")


def arrive(home: Home, one: dict[str, Any]) -> None:
    """Let one version of a response arrive."""
    moment = (home.now + timedelta(hours=one["hours"])).replace(tzinfo=None)
    envelope = {
        "submitted_at": moment,
        "customer_id": one["customer"],
        "language": one["language"],
        "weight": one["weight"],
    }
    kept = {"touchpoint": one["touchpoint"], "store": one["store"]}
    if one["tool"] == "files":
        given = {"nps": one["score"], "csat": one["other"], "why": one["comment"], "colour": "blue"}
        given |= {"gate": str(1 + one["response"] % 5), "hoped": one["other"], "weighty": one["other"]}
        contacts = {"email": "someone@example.com"}
        home.answers(f"r{one['response']}", given, properties=kept, contacts=contacts, **envelope)
        return
    items = [{"field": {"ref": "joy", "type": "rating"}, "type": "number", "number": 4}]
    if one["comment"]:
        items.append({"field": {"ref": "why", "type": "long_text"}, "type": "text", "text": one["comment"]})
    payload = {"hidden": kept, "answers": items}
    place = {"source_name": "forms", "tool": "typeform", "survey_id": "form"}
    home.response(f"r{one['response']}", payload, **place, **envelope)


def form(most: int, is_whole: bool) -> dict[str, Any]:
    """Define a form of a rating and, where whole, a comment."""
    fields = [{"ref": "joy", "type": "rating", "title": "Joy", "properties": {"steps": most}}]
    if is_whole:
        fields.append({"ref": "why", "type": "long_text", "title": "Why?", "properties": {}})
    return {"settings": {"language": "en"}, "fields": fields}


def programme(
    metric: str, is_reversed: bool, touchpoint: str | None
) -> dict[str, list[dict[str, str | None]]]:
    """Say what is asked where."""
    flag = "true" if is_reversed else "false"
    question = {"source_name": "kiosk", "survey_id": "*"}
    scale = {"scale_min": "1", "scale_max": "5", "no_answer_values": "0;6", "is_reversed": flag}
    at_the_gate = {**question, "metric": "csat", **scale, "touchpoint_id": "gate"}
    return {
        **PLACES,
        "touchpoints": [
            {
                "touchpoint_id": name,
                "journey_id": "visit",
                "name": name.title(),
                "expected_metric": metric,
                "expected_score": "0.5",
            }
            for name in ("desk", "gate")
        ],
        "questions": [
            {**question, "question_ref": "nps", "metric": "nps", "touchpoint_id": touchpoint},
            {**question, "question_ref": "csat", "metric": metric, **scale},
            {**question, "question_ref": "why", "metric": "comment"},
            {**at_the_gate, "question_ref": "gate"},
            {**at_the_gate, "question_ref": "hoped", "asks_for": "expectation"},
            {**at_the_gate, "question_ref": "weighty", "asks_for": "importance"},
        ],
    }


def build_killed(home: Home, nodes: int) -> None:
    """Build in a process that is killed once so many models are done; a shorter build just ends."""
    child = os.fork()
    if child == 0:
        left = [nodes]

        def count(steps: int = 1, *, total: int | None = None, description: str | None = None) -> None:
            left[0] -= steps
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            transform.build_marts(
                home.folder, home.configuration, home.tables, home.now, count, with_tests=False
            )
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def marts(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read every mart and the contacts, in an order that does not depend on how they were made."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / 'raw.duckdb'}' as raw (read_only)")
        connection.execute(f"attach '{folder / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute("use warehouse")
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = 'warehouse' and table_schema in ('marts', 'private') order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": sorted(
                (rounded(one) for one in connection.execute(f"select * from {schema}.{name}").fetchall()),
                key=repr,
            )
            for schema, name in found
        }


def rounded(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Cut doubles to nine digits: sums may be added in another order, and a difference be almost nothing."""
    return tuple(
        round(float(f"{value:.9g}"), 12) + 0.0 if isinstance(value, float) else value for value in values
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give one folder, so that dbt parses the project once; small samples are weighed there."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(transform, "DRIVER_LIMITS", ANY)
        yield tmp_path_factory.mktemp("rebuilt")


def check(place: Path, sequence: list[dict[str, Any]]) -> None:
    """Go through a sequence of steps, then compare with a build from raw."""
    for name in ("raw.duckdb", "warehouse.duckdb", "warehouse.duckdb.wal"):
        (place / name).unlink(missing_ok=True)
    shutil.rmtree(place / "temp", ignore_errors=True)
    home = Home(place, START, **CONFIGURATION)
    home.programme(**programme("csat", False, None))
    for step in sequence:
        for change in step["changes"]:
            happen(home, change)
        home.now += timedelta(hours=step["hours"])
        if step["killed_after"] is not None:
            build_killed(home, step["killed_after"])
        else:
            home.build()
    home.now += timedelta(days=1)
    home.build()
    followed = marts(place)
    builds.discard(place)
    home.build()
    rebuilt = marts(place)
    assert followed.keys() == rebuilt.keys()
    if sequence == LONG:  # it is no comparison where there is nothing to compare
        assert all(rebuilt[f"marts.{mart}"] for mart in WORKED_OUT)
        assert any(isinstance(cell, float) for one in rebuilt["marts.drivers"] for cell in one)
    for name, rows in rebuilt.items():
        assert followed[name] == rows, name


def given_by(response: int, hours: int, **more: Any) -> dict[str, Any]:
    """Write one row of the long example."""
    plain = {"tool": "files", "customer": "ada", "score": "9", "other": "5", "comment": "slow queue"}
    place = {"touchpoint": "desk", "store": "17", "language": None, "weight": None}
    return {"response": response, "hours": hours, **plain, **place, **more}


# Each way of touching a response at least once, without a build from nothing in between.
LONG = [
    {
        "changes": [
            (
                "answers",
                [
                    given_by(0, -30),
                    given_by(1, -800, touchpoint=""),
                    given_by(2, -2),
                    given_by(3, -1, customer=None, touchpoint="", score="5"),
                ],
            ),
            (
                "answers",
                [
                    given_by(4, -5, tool="typeform"),
                    given_by(5, -2000),
                    given_by(6, -40, touchpoint="", score="1"),
                ],
            ),
            ("definition", 5, True),
        ],
        "hours": 1,
        "killed_after": None,
    },
    # Nothing but new responses on the same day: cells grow.
    {
        "changes": [("answers", [given_by(7, -25, weight=2.5), given_by(8, -2000, customer="bob")])],
        "hours": 1,
        "killed_after": None,
    },
    {"changes": [("customers", "ada", "gold")], "hours": 5, "killed_after": None},
    {
        "changes": [
            (
                "answers",
                [
                    given_by(0, -900, score="0", comment=""),
                    given_by(2, 30),
                    given_by(1, -800, other="9", touchpoint=""),
                ],
            ),
            ("deleted", 5),
            ("customers", "ada", "iron"),
        ],
        "hours": 1,
        "killed_after": 20,
    },
    {
        "changes": [
            ("definition", 10, False),
            ("answers", [given_by(3, 1, customer="ada", store="18", touchpoint="", score="5")]),
        ],
        "hours": 30,
        "killed_after": 12,
    },
    {"changes": [("reject", True), ("event", 0, "assigned")], "hours": 1, "killed_after": None},
]

WORKED_OUT = ("drivers", "touchpoint_map", "coverage", "outcomes", "goal_progress", "comment_themes")

QUIET = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
    "database": None,
}


@example(LONG)
@given(sequences)
@settings(max_examples=1, derandomize=True, **QUIET)
def test_the_marts_equal_a_rebuild(place: Path, sequence: list[dict[str, Any]]) -> None:
    check(place, sequence)


@pytest.mark.prove
@pytest.mark.timeout(7200)
@given(sequences)
@settings(max_examples=100, **QUIET)
def test_the_marts_equal_a_rebuild_again_and_again(place: Path, sequence: list[dict[str, Any]]) -> None:
    check(place, sequence)

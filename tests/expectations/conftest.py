"""A home whose marts hold every check, built once by dbt; each test breaks a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse import raw
from tests.homes import Home

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
KIOSK = {"source_name": "kiosk", "survey_id": "visit"}
# Four answers a day for ten weeks; every tenth day one by a customer who may not be contacted. In the last
# month every third tells of something new.
_ANSWERS = """
insert into responses
select 'kiosk', 'files', 'visit', i::varchar, 1, i, 'run', timestamp '2026-05-04 09:00:00' - to_hours(i * 6),
    hash(i), false, timestamp '2026-05-04 08:00:00' - to_hours(i * 6), true,
    'c' || i, 'a' || (i % 50), null, 'pt-BR', 'kiosk', null, null,
    '{"fields":{},"properties":{"store":"' || (i % 3) || '"},"contacts":{},"answers":{"nps":"' || (i * 7 % 11)
    || '","smile":"' || (i % 5 + 1) || '","why":"it took long'
    || case when i < 120 and i % 3 = 0 then ' and the app crashed' else '' end
    || '","else":"nothing ' || i || '","sum":"12"}}'
from range(0, 280) as numbers(i)
"""
_REJECTS = """
insert into rejects
select 'kiosk', 'visit', null, null, 'record', 'it is not a row', timestamp '2026-05-04 09:00:00',
    'r' || i, 1, null, '{}' from range(0, 5) as numbers(i)
"""
_FETCHES = """
insert into fetches
select 1, name, tool, timestamp '2026-05-04 09:00:00', 'complete', null, 1
from (values ('kiosk', 'files'), ('forms', 'typeform'), ('crm', 'files')) as sources(name, tool)
"""
_SENDINGS = """
insert into invitations
select 'mail', 'qualtrics', 'S' || (i % 2), 'd' || i, 1, i, timestamp '2026-05-04 09:00:00',
    hash(i), timestamp '2026-05-01 09:00:00' - to_days(i * 20), 100, 50, 40, '{}'
from range(0, 6) as numbers(i)
"""
_FORM = {"fields": [{"ref": "joy", "type": "rating", "title": "Joy", "properties": {"steps": 5}}]}

Broken = Callable[..., Path]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the home."""
    home = Home(
        tmp_path_factory.mktemp("good"),
        NOW,
        sources=[
            {"name": "kiosk", "tool": "files", "path": "*.csv"},
            {"name": "forms", "tool": "typeform"},
            {"name": "crm", "tool": "files", "path": "c.csv", "holds": "customers"},
        ],
        letters={"owner_cap_per_day": 5},
    )
    home.programme(
        journeys=[{"journey_id": "buying", "name": "Buying", "owner_team_id": "care"}],
        touchpoints=[
            {
                "touchpoint_id": "desk",
                "journey_id": "buying",
                "name": "Desk",
                "is_moment_of_truth": "true",
                "expected_metric": "csat",
                "expected_score": "0.5",
            }
        ],
        themes=[{"theme_id": "crash", "name": "Crash", "kind": "complaint", "pattern": "<crashed>"}],
        goals=[
            {"goal_id": "desk", "touchpoint_id": "desk", "metric": "csat", "target_score": "0.1"},
            {"goal_id": "friends", "journey_id": "none", "metric": "nps", "target_score": "90"},
        ],
        teams=[{"team_id": "care", "name": "Care", "email": "care@acme.example"}],
        owners=[{"owner_id": "ann", "team_id": "care", "name": "Ann", "email": "ann@acme.example"}],
        questions=[
            {**KIOSK, "question_ref": "nps", "metric": "nps"},
            {
                **KIOSK,
                "question_ref": "smile",
                "metric": "csat",
                "scale_min": "1",
                "scale_max": "5",
                "touchpoint_id": "desk",
            },
            {**KIOSK, "question_ref": "why", "metric": "comment", "touchpoint_id": "desk"},
        ],
        routing=[
            {
                "rule_id": "unhappy",
                "position": "1",
                "action": "assign",
                "score_class": "bottom",
                "team_id": "care",
                "follow_up_kind": "recover",
                "respond_within_hours": "48",
            }
        ],
    )
    with raw.opened(home.folder) as connection:
        connection.execute(_ANSWERS).fetchall()
        connection.execute(_REJECTS).fetchall()
        connection.execute(_FETCHES).fetchall()
        connection.execute(_SENDINGS).fetchall()
    home.load_id = 1
    for _ in range(2):
        home.definition("form", _FORM)
    home.customer("c1", may_contact="true")
    home.customer("c5", may_contact="false", left_at="2026-05-04")
    home.build()
    return home.folder


@pytest.fixture
def broken(good: Path, tmp_path: Path) -> Broken:
    """Give a way to break a copy of the home: SQL on tables, the marts that are views made tables first."""

    def break_it(*statements: str, tables: tuple[str, ...] = ()) -> Path:
        home = tmp_path / "home"
        home.mkdir()
        for name in ("raw.duckdb", "warehouse.duckdb"):
            shutil.copyfile(good / name, home / name)
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            for name in ("raw", "warehouse"):
                connection.execute(f"attach '{home / name}.duckdb' as {name}")
            connection.execute("use warehouse")
            for table in tables:
                as_a_table(connection, table)
            for statement in statements:
                connection.execute(statement)
        return home

    return break_it


def as_a_table(connection: duckdb.DuckDBPyConnection, mart: str) -> None:
    """Keep what a mart says now in a table of its name, with the text columns of free length it had."""
    views = connection.execute(
        "select 1 from duckdb_views() where schema_name = 'marts' and view_name = ?", [mart]
    )
    if views.fetchone():
        connection.execute(f"create table marts.kept as from marts.{mart}")
        connection.execute(f"drop view marts.{mart}")
        connection.execute(f"alter table marts.kept rename to {mart}")

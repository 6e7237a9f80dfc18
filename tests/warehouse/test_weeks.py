"""A team's week out of marts of a few rows, counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.warehouse.weeks import team_week

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ENDS = datetime(2026, 5, 4, tzinfo=UTC)
BEGINS = ENDS - timedelta(days=7)
MARTS = """
create schema marts;
create table marts.journeys (journey_id varchar, name varchar, audience varchar, owner_team_id varchar);
create table marts.touchpoints (touchpoint_id varchar, journey_id varchar, name varchar,
    owner_team_id varchar);
create table marts.themes (theme_id varchar, name varchar);
create table marts.follow_ups (follow_up_key varchar, customer_id varchar, journey_id varchar,
    touchpoint_id varchar, team_id varchar, assigned_at timestamp, due_at timestamp,
    first_contact_at timestamp,
    resolved_at timestamp, status varchar, is_on_time boolean);
create table marts.comments (comment_key varchar, response_key varchar, touchpoint_id varchar,
    language varchar,
    text varchar, submitted_at timestamp);
create table marts.answers (response_key varchar, touchpoint_id varchar, score_class varchar,
    asks_for varchar);
create table marts.journey_metrics (period varchar, period_start date, is_finished boolean,
    journey_id varchar,
    touchpoint_id varchar, segment_type varchar, survey_kind varchar, metric varchar, answer_count bigint,
    score double, score_low double, score_high double, verdict varchar, previous_score double,
    score_change double, change_q_value double);
create table marts.priorities (pain_point_id varchar, kind varchar, priority_rank bigint,
    is_already_in_hand boolean, decision varchar);
create table marts.pain_points (pain_point_id varchar, touchpoint_id varchar, theme_id varchar,
    customer_count bigint);
insert into marts.journeys values ('buying', 'Buying', 'customer', 'shop'),
    ('work', 'Work', 'employee', 'shop');
insert into marts.touchpoints values ('desk', 'buying', 'Desk', null), ('van', 'buying', 'Van', 'vans'),
    ('canteen', 'work', 'Canteen', null);
insert into marts.themes values ('queue', 'Queue');
"""


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 5, 1) + timedelta(days=day - 1, hours=hour)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Ask for the week of the team `shop`: 27 April to 3 May 2026."""
    home = tmp_path_factory.mktemp("weeks")
    duckdb.connect(str(home / "raw.duckdb")).close()
    fill(home)
    return team_week(home, "shop", BEGINS, ENDS, NOW)


def fill(home: Path) -> None:
    """Write the marts."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(MARTS)

        def rows(table: str, *given: tuple[Any, ...]) -> None:
            for one in given:
                connection.execute(
                    f"insert into marts.{table} values ({', '.join('?' for _ in one)})", list(one)
                )

        def follow_up(
            key: str, assigned: Any, due: Any, contact: Any, resolved: Any, status: str, kept: Any
        ) -> None:
            team = "vans" if key.startswith("other") else "shop"
            rows(
                "follow_ups",
                (key, f"c-{key}", "buying", "desk", team, assigned, due, contact, resolved, status, kept),
            )

        follow_up("kept", at(1), at(2), at(1, 15), at(2), "resolved", True)
        follow_up("late", at(1), at(3), None, None, "assigned", False)
        follow_up("open", at(3), at(9), None, None, "acknowledged", None)
        follow_up("old and late", at(-20), at(-18), None, None, "assigned", False)
        follow_up("contacted late", at(-6), at(1), at(2), None, "contacted", False)
        follow_up("withdrawn", at(1), at(2), None, None, "withdrawn", False)
        follow_up("other", at(1), at(2), None, None, "assigned", False)
        for key, place, text, day, named in (
            ("1", "desk", "fine", 1, "promoter"),
            ("2", "desk", "awful", 2, "detractor"),
            ("3", "desk", "so so", 2, "passive"),
            ("4", "desk", "too old", -10, "detractor"),
            ("5", "van", "not ours", 2, "detractor"),
            ("6", "canteen", "of an employee", 2, "detractor"),
        ):
            rows("comments", (key, f"r{key}", place, "en", text, at(day)))
            rows("answers", (f"r{key}", place, named, "perception"))
        for number in range(14):
            start = date(2026, 1, 26) + timedelta(weeks=number)
            q = 0.01 if number == 13 else None
            for place, journey in (("desk", "buying"), ("van", "buying"), ("canteen", "work")):
                rows(
                    "journey_metrics",
                    (
                        "week",
                        start,
                        True,
                        journey,
                        place,
                        "all",
                        "relational",
                        "csat",
                        50,
                        0.5,
                        0.4,
                        0.6,
                        "publish",
                        0.6,
                        -0.1,
                        q,
                    ),
                )
        unsure = ("week", date(2026, 4, 27), True, "buying", "desk", "all", "relational")
        rows("journey_metrics", (*unsure, "nps", 9, 20.0, 0.0, 40.0, "publish", 0.0, 20.0, 0.2))
        rows("journey_metrics", (*unsure, "ces", 9, 0.2, 0.0, 0.4, "suppress", 0.9, -0.7, 0.001))
        rows(
            "pain_points",
            ("p1", "desk", "queue", 9),
            ("p2", "desk", "none", 4),
            ("p3", "van", "queue", 7),
            ("p4", "desk", "queue", 2),
        )
        rows(
            "priorities",
            ("p1", "quick_fix", 2, False, None),
            ("p2", "quick_fix", 1, False, "do"),
            ("p3", "quick_fix", 3, False, None),
            ("p4", "quick_fix", 4, True, None),
        )


def test_figures_count_the_teams_own_week(week: dict[str, Any]) -> None:
    assert week["figures"] == {
        "new_count": 3,
        "late_count": 2,
        "closed_count": 1,
        "kept_count": 1,
        "decided_count": 3,
    }
    assert [one["follow_up_key"] for one in week["late"]] == ["old and late", "late"]


def test_the_worst_is_heard_first_and_employees_are_left_alone(week: dict[str, Any]) -> None:
    assert [one["text"] for one in week["comments"]] == ["awful", "so so", "fine"]


def test_only_what_is_sure_changed(week: dict[str, Any]) -> None:
    assert [(one["place"], one["metric"], one["score_change"]) for one in week["changes"]] == [
        ("Desk", "csat", -0.1)
    ]


def test_trends_are_of_the_last_twelve_weeks(week: dict[str, Any]) -> None:
    assert [one["period_start"] for one in week["trends"]] == [
        date(2026, 2, 9) + timedelta(weeks=n) for n in range(12)
    ]
    assert {one["place"] for one in week["trends"]} == {"Desk"}


def test_quick_fixes_come_by_rank_and_not_twice(week: dict[str, Any]) -> None:
    assert [(one["pain_point_id"], one["theme"], one["customer_count"]) for one in week["quick_fixes"]] == [
        ("p2", None, 4),
        ("p1", "Queue", 9),
    ]


def test_without_a_mart_of_priorities_there_are_none(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "raw.duckdb")).close()
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(MARTS)
        connection.execute("drop table marts.priorities")
    assert team_week(tmp_path, "shop", BEGINS, ENDS, NOW)["quick_fixes"] == []

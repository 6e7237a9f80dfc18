"""The loop's own figures out of events of the ledger; counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.inner_loop import NOW, InnerLoop, office

Compiled = dict[str, str]
CAME = datetime(2026, 4, 30, 16)  # a Thursday


@pytest.fixture
def loop(for_duckdb: Compiled) -> InnerLoop:
    """Give a loop whose only follow-up came on a Thursday at 16:00 and is due a day later."""
    made = InnerLoop(for_duckdb)
    made.owners("ann", "bob")
    assign(made, "f")
    return made


def assign(loop: InnerLoop, key: str, came: datetime = CAME, **more: Any) -> None:
    """Let the ledger promise a follow-up an hour after it came."""
    told: dict[str, Any] = {
        "response_key": f"response of {key}",
        "customer_id": "c",
        "journey_id": "buying",
        "touchpoint_id": "desk",
        "kind": "recover",
        "rule_id": "unhappy",
        "team_id": "shop",
        "owner_id": "ann",
        "score_class": "detractor",
        "timezone": "UTC",
        "received_at": came,
        "due_at": came + timedelta(days=1),
    }
    loop.event(key, "assigned", came + timedelta(hours=1), **{**told, **more})


def after(hours: float) -> datetime:
    return CAME + timedelta(hours=hours)


def test_a_whole_life(loop: InnerLoop) -> None:
    loop.event("f", "acknowledged", after(2))
    loop.event("f", "reassigned", after(3), "assigned", owner_id="bob", team_id="desk team")
    loop.event("f", "contacted", after(20))
    loop.event("f", "contacted", after(30))
    loop.event("f", "resolved", after(40), root_cause_id="late van")
    loop.event("f", "told", after(41), "resolved")
    loop.event("f", "closed", after(41))
    found = loop.build().held()["f"]
    assert found == {
        "follow_up_key": "f",
        "response_key": "response of f",
        "customer_id": "c",
        "journey_id": "buying",
        "touchpoint_id": "desk",
        "kind": "recover",
        "rule_id": "unhappy",
        "team_id": "desk team",
        "owner_id": "bob",
        "score_class": "detractor",
        "received_at": CAME,
        "assigned_at": after(1),
        "due_at": after(24),
        "acknowledged_at": after(2),
        "first_contact_at": after(20),
        "resolved_at": after(40),
        "told_at": after(41),
        "closed_at": after(41),
        "status": "closed",
        "root_cause_id": "late van",
        "hours_to_contact": 20.0,
        "working_hours_to_contact": 20.0,
        "is_on_time": True,
        "reopened_count": 0,
        "score_before": None,
        "score_after": None,
    }


def test_reopening_begins_a_new_life(loop: InnerLoop) -> None:
    for number, (event, status) in enumerate(
        [("contacted", None), ("resolved", None), ("closed", None), ("reopened", "assigned")]
    ):
        loop.event("f", event, after(2 + number), status)
    found = loop.build().held()["f"]
    assert (found["status"], found["reopened_count"]) == ("assigned", 1)
    assert (found["resolved_at"], found["closed_at"]) == (None, None)
    assert found["first_contact_at"] == after(2)
    loop.event("f", "resolved", after(9), root_cause_id="other")
    found = loop.build().held()["f"]
    assert (found["resolved_at"], found["root_cause_id"]) == (after(9), "other")


@pytest.mark.parametrize(
    ("contacted", "due", "is_on_time"),
    [
        (24, 24, True),
        (24.01, 24, False),
        (None, 88, False),  # now is 89 hours after it came
        (None, 90, None),
        (30, None, None),
    ],
)
def test_on_time(
    for_duckdb: Compiled, contacted: float | None, due: float | None, is_on_time: bool | None
) -> None:
    loop = InnerLoop(for_duckdb)
    assign(loop, "f", due_at=after(due) if due else None)
    if contacted:
        loop.event("f", "contacted", after(contacted))
    assert loop.build().held()["f"]["is_on_time"] is is_on_time


def test_working_hours_are_those_of_the_promised_calendar(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.openings(office(zone="Europe/Amsterdam"))
    told = {"calendar_id": "office", "timezone": "Europe/Amsterdam"}
    for key, hours in (("a", 15.5), ("b", 16.5), ("c", 86.0)):
        assign(loop, key, datetime(2026, 4, 30, 14), **told)  # 16:00 there: one hour is left of Thursday
        loop.event(key, "contacted", datetime(2026, 4, 30, 14) + timedelta(hours=hours))
    assign(loop, "gone", calendar_id="no longer there")
    loop.event("gone", "contacted", after(1))
    found = loop.build().held()
    assert {key: row["working_hours_to_contact"] for key, row in found.items()} == {
        "a": 1.0,  # Friday 07:30
        "b": 1.0,  # Friday 08:30
        "c": 9.0,  # Monday 06:00
        "gone": None,
    }
    assert found["c"]["hours_to_contact"] == 86.0


def test_waiting_stops_the_clock_and_resuming_starts_it(loop: InnerLoop) -> None:
    loop.event("f", "waiting", after(10))
    loop.event("f", "question", after(12), "waiting")
    loop.event("f", "resumed", after(30), "acknowledged")
    loop.event("f", "waiting", after(31))
    loop.event("f", "contacted", after(36))
    loop.event("f", "waiting", after(40))
    found = loop.build().held()["f"]
    assert found["due_at"] == after(24 + 20 + 5)
    assert found["is_on_time"] is True
    assert found["hours_to_contact"] == 36.0


def test_who_waits_still_is_not_late(loop: InnerLoop) -> None:
    loop.event("f", "waiting", after(20))
    found = loop.build().held()["f"]
    assert found["due_at"] == NOW + timedelta(hours=4)
    assert found["is_on_time"] is None


def test_working_promises_move_by_open_time(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.openings(office())
    loop.fill("staging.stg_programme__routing", [{"rule_id": "unhappy", "clock": "working"}])
    due_at = datetime(2026, 4, 30, 17)  # closing time
    assign(loop, "f", calendar_id="office", due_at=due_at)
    loop.event("f", "waiting", datetime(2026, 4, 30, 16, 30))
    loop.event("f", "resumed", datetime(2026, 5, 1, 9, 15), "acknowledged")
    assert loop.build().held()["f"]["due_at"] == datetime(2026, 5, 1, 9, 45)


def test_scores_before_and_after(loop: InnerLoop) -> None:
    assign(loop, "g", customer_id=None)
    sittings = [
        ("f", "c", "desk", "nps", 2.0, 0),
        ("f", "c", "desk", "csat", 1.0, 0),
        ("f", "c", "gate", "nps", 3.0, 0),
        ("other", "d", "desk", "nps", 9.0, 5),
        ("before", "c", "desk", "nps", 8.0, -5),
        ("elsewhere", "c", "gate", "nps", 4.0, 6),
        ("next", "c", "desk", "csat", 5.0, 7),
        ("then", "c", "desk", "nps", 7.0, 8),
        ("later", "c", "desk", "nps", 10.0, 9),
        ("g", None, "desk", "nps", 6.0, 0),
        ("stranger", None, "desk", "nps", 5.0, 1),
    ]
    for number, (key, customer, place, metric, value, hours) in enumerate(sittings):
        answer = {
            "answer_key": f"{number}",
            "question_ref": metric,
            "metric": metric,
            "asks_for": "perception",
            "score_class": "bottom",
        }
        told = {"response_key": f"response of {key}", "touchpoint_id": place, "value": value}
        loop.fill("intermediate.int_answers_judged", [{**answer, **told, "submitted_at": after(hours)}])
        known = f"select 1 from marts.responses where response_key = 'response of {key}'"
        if not loop.rows(known):
            loop.fill("marts.responses", [{"response_key": f"response of {key}", "customer_id": customer}])
    found = loop.build().held()
    assert (found["f"]["score_before"], found["f"]["score_after"]) == (2.0, 7.0)
    assert (found["g"]["score_before"], found["g"]["score_after"]) == (6.0, None)


def test_a_quick_fix_is_no_follow_up(loop: InnerLoop) -> None:
    assign(loop, "quick_fix/p1")
    assert list(loop.build().held()) == ["f"]


def test_loop_performance(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb, timezone="America/Los_Angeles")
    loop.owners("ann")
    contacts = {"a": 12, "b": 36, "c": 60, "d": None}
    for key, hours in contacts.items():
        assign(loop, key, datetime(2026, 4, 20, 12))
        if hours:
            loop.event(key, "contacted", datetime(2026, 4, 20, 12) + timedelta(hours=hours))
    loop.event("a", "resolved", after(1))
    loop.event("a", "told", after(1), "resolved")
    loop.event("a", "closed", after(1))
    loop.event("b", "resolved", after(1))
    loop.event("b", "reopened", after(2), "assigned")
    assign(loop, "young", NOW - timedelta(hours=30))  # 24 hours are over, 48 are not
    assign(loop, "still april there", datetime(2026, 5, 1, 6, 59), team_id="other")
    loop.fill(
        "intermediate.int_customer_versions", [{"customer_id": "n", "may_contact": False, "is_current": True}]
    )
    loop.ask("not allowed", datetime(2026, 4, 21), customer_id="n")
    loop.ask("joined", datetime(2026, 4, 22), customer_id="c")
    loop.ask("nobody came", datetime(2026, 4, 23))
    loop.ask("capped for weeks", datetime(2026, 4, 1, 12), first_collected_at=datetime(2026, 4, 2))
    loop.ask("old when it came", datetime(2026, 4, 2), first_collected_at=datetime(2026, 4, 17))
    rows = loop.build().rows("select * from marts.loop_performance order by all")
    assert [(row["team_id"], row["month"], row["feedback_count"]) for row in rows] == [
        ("other", date(2026, 4, 1), 1),
        ("shop", date(2026, 4, 1), 6),
        ("shop", date(2026, 5, 1), 1),
    ]
    april, may = rows[1], rows[2]
    assert april["assigned_count"] == 4
    assert april["contacted_24h_share"] == pytest.approx(1 / 6)
    assert april["contacted_48h_share"] == pytest.approx(2 / 6)
    assert april["on_time_share"] == pytest.approx(1 / 4)
    assert april["median_hours_to_contact"] == 36
    assert april["p90_hours_to_contact"] == pytest.approx(36 + 0.8 * 24)
    assert (april["closed_share"], april["told_share"], april["reopened_share"]) == (0.25, 0.25, 0.25)
    assert (may["contacted_24h_share"], may["contacted_48h_share"]) == (0.0, None)

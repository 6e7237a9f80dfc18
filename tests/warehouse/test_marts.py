"""Rules met by answers in a whole home, and what later steps read of the marts; counted by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.warehouse.due import due_follow_ups
from flows.warehouse.marts import current_build, withheld_counts
from flows.warehouse.weeks import team_week
from tests.homes import Home

FRIDAY = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
ASKED = {"source_name": "kiosk", "survey_id": "visit"}
HOPED = {"touchpoint_id": "desk", "asks_for": "expectation"}
BOTH = {"nps": "3", "why": "late", "desk": "1", "hoped": "5", "more": "cold"}
FAMILY = {"properties": {"persona": "family"}, "contacts": {"email": "x@example.com"}}
FIVE = {"scale_min": "1", "scale_max": "5"}


def rule(rule_id: str, **columns: str) -> dict[str, str | None]:
    """Write a rule; its place is that of the list below."""
    plain = {"action": "assign", "team_id": "shop", "follow_up_kind": "recover", "respond_within_hours": "24"}
    return {"rule_id": rule_id, **plain, **columns}


RULES = [
    rule("told", action="inform"),
    rule("themed", theme_id="queue"),
    rule("staff", audience="employee", team_id="people"),
    rule("partners", audience="partner", language="pt"),
    rule("brazil", language="pt-BR", segment="gold"),
    rule("store", properties="store=17; Region=north"),
    rule("kiosk nines", metric="nps", score_min="9", score_max="9", channel="kiosk", follow_up_kind="thank"),
    rule("worst", metric="csat", score_max="1", team_id="", owner_id="ann", clock="working"),
    rule("detractors", score_class="detractor", touchpoint_id="delivery", tell_customer="both"),
    rule("buying bottoms", score_class="bottom", journey_id="buying", metric="*"),
    rule("comments", metric="comment", persona="family", follow_up_kind="answer"),
    rule("loud comments", metric="comment", score_class="detractor"),
]  # fmt: skip
PROGRAMME: dict[str, list[Mapping[str, str | None]]] = {
    "journeys": [
        {"journey_id": "buying", "name": "Buying", "owner_team_id": "buyers"},
        {"journey_id": "working", "name": "Working here", "audience": "employee"},
    ],
    "touchpoints": [
        {"touchpoint_id": "delivery", "journey_id": "buying", "name": "Delivery", "owner_team_id": "vans"},
        {"touchpoint_id": "desk", "journey_id": "buying", "name": "Desk"},
        {"touchpoint_id": "canteen", "journey_id": "working", "name": "Canteen"},
    ],
    "surveys": [{**ASKED, "name": "Visit"}],
    "questions": [
        {**ASKED, "question_ref": "nps", "metric": "nps", "touchpoint_id": "delivery"},
        {**ASKED, "question_ref": "desk", "metric": "csat", **FIVE, "touchpoint_id": "desk"},
        {**ASKED, "question_ref": "hoped", "metric": "csat", **FIVE, **HOPED},
        {**ASKED, "question_ref": "food", "metric": "csat", **FIVE, "touchpoint_id": "canteen"},
        {**ASKED, "question_ref": "why", "metric": "comment", "touchpoint_id": "delivery"},
        {**ASKED, "question_ref": "more", "metric": "comment"},
    ],
    "teams": [
        {"team_id": "shop", "name": "Shop", "email": "shop@example.com"},
        {"team_id": "people", "name": "People", "language": "pl"},
        {"team_id": "buyers", "name": "Buyers"},
        {"team_id": "vans", "name": "Vans", "calendar_id": "office"},
    ],
    "owners": [
        {"owner_id": "ann", "team_id": "shop", "name": "Ann", "email": "ann@example.com", "language": "de"},
        {"owner_id": "pat", "team_id": "people", "email": "pat@example.com", "timezone": "Europe/Berlin"},
    ],
    "calendars": [
        {"calendar_id": "office", "weekday": str(day), "opens_at": "09:00", "closes_at": "17:00"}
        for day in range(1, 6)
    ],
    "themes": [{"theme_id": "queue", "name": "Queue", "pattern": "queue"}],
    "routing": [{**one, "position": str(place)} for place, one in enumerate(RULES)],
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Build one home out of all inputs of this module."""
    made = Home(tmp_path_factory.mktemp("marts"), FRIDAY, letters={"owner_cap_per_day": 100})
    made.programme(**PROGRAMME)
    made.load()
    made.customer("c1", name="Chris", email="c1@example.com", phone="+31 20 555 0101", persona="family")
    given: dict[str, tuple[dict[str, str | None], dict[str, Any]]] = {
        "employee": ({"nps": "0"}, {"audience": "employee"}),
        "canteen": ({"food": "1"}, {}),
        "partner": ({"nps": "0"}, {"audience": "partner", "language": "PT_br"}),
        "partner in dutch": ({"nps": "0"}, {"audience": "partner", "language": "nl"}),
        "gold brazil": ({"nps": "10"}, {"language": "pt-BR", "properties": {"segment": "gold"}}),
        "gold portugal": ({"nps": "10"}, {"language": "pt", "properties": {"segment": "gold"}}),
        "north 17": ({"nps": "10"}, {"properties": {"Store": " 17 ", "region": "north"}}),
        "south 17": ({"nps": "10"}, {"properties": {"store": "17", "region": "south"}}),
        "nine": ({"nps": "9"}, {"channel": "kiosk"}),
        "nine elsewhere": ({"nps": "9"}, {"channel": "mail"}),
        "both": ({**BOTH}, {"customer_id": "c1"}),
        "bottom": ({"desk": "2"}, {}),
        "hoped": ({"desk": "3", "hoped": "1"}, {}),
        "off scale": ({"nps": "-3"}, {}),
        "comment": ({"why": "fine"}, {**FAMILY}),
        "loud": ({"why": "not fine"}, {}),
        "queue": ({"nps": "9", "why": "a long queue"}, {}),
        "old": ({"nps": "0"}, {"submitted_at": datetime(2023, 5, 8)}),
        "earlier": ({"nps": "7", "desk": "4"}, {"customer_id": "c1", "submitted_at": datetime(2026, 3, 8)}),
    }  # fmt: skip
    for response_id, (answers, more) in given.items():
        made.answers(response_id, answers, **more)
    made.build(with_tests=True)
    return made


def asked(home: Home) -> dict[tuple[str, str], str]:
    """Give the rule by response and touchpoint."""
    rows = home.rows(
        "select response_id, touchpoint_id, rule_id from marts.follow_ups_due "
        "inner join marts.responses using (response_key)"
    )
    return {(row["response_id"], row["touchpoint_id"]): row["rule_id"] for row in rows}


def test_the_first_rule_that_any_answer_or_comment_meets(home: Home) -> None:
    assert asked(home) == {
        ("employee", "delivery"): "staff",
        ("canteen", "canteen"): "staff",
        ("partner", "delivery"): "partners",
        ("partner in dutch", "delivery"): "detractors",
        ("gold brazil", "delivery"): "brazil",
        ("north 17", "delivery"): "store",
        ("nine", "delivery"): "kiosk nines",
        ("both", "delivery"): "detractors",
        ("both", "desk"): "worst",
        ("both", "none"): "comments",
        ("bottom", "desk"): "buying bottoms",
        ("comment", "delivery"): "comments",
        ("old", "delivery"): "detractors",
        ("queue", "delivery"): "themed",
    }


def test_a_rule_of_a_theme_is_met_where_somebody_speaks_of_it(home: Home) -> None:
    assert [place for place, rule_id in asked(home).items() if rule_id == "themed"] == [("queue", "delivery")]


def test_other_teams_are_told_whoever_answers_and_never_of_employees(home: Home) -> None:
    told = home.rows(
        "select response_id, news.touchpoint_id, news.team_id, news.reason, due.team_id as answers "
        "from marts.team_news as news inner join marts.responses using (response_key) "
        "left join marts.follow_ups_due as due using (follow_up_key)"
    )
    given = home.rows(
        "select distinct response_id, touchpoint_id from intermediate.int_answers_judged "
        "where quarantine_reason is null and asks_for = 'perception'"
    )
    staff = {("employee", "delivery"), ("canteen", "canteen")}
    places = {(one["response_id"], one["touchpoint_id"]) for one in given} - staff
    assert {(one["response_id"], one["touchpoint_id"]) for one in told} == places
    assert len(told) == len(places)
    assert {one["team_id"] for one in told} == {"shop"}
    bottom = next(one for one in told if (one["response_id"], one["touchpoint_id"]) == ("both", "desk"))
    assert (bottom["answers"], bottom["reason"]) == ("buyers", "CSAT 1 of 5 at Desk (rule told)")


def test_a_digest_tells_what_rules_pass_on_the_worst_first(home: Home) -> None:
    week = {"begins": FRIDAY - timedelta(days=4), "ends": FRIDAY + timedelta(days=1), "now": FRIDAY}
    news = team_week(home.folder, "shop", **week)["news"]
    # 16 pieces of feedback are young enough; the one of 2023 and that of March are no news.
    assert (len(news), {one["news_count"] for one in news}) == (10, {16})
    said = [(one["value"], one["text"], one["place"]) for one in news]
    assert {(3.0, "late", "Delivery"), (1.0, None, "Desk")} <= set(said[:5])
    assert team_week(home.folder, "people", **week)["news"] == []


def test_keys_are_made_of_facts_only(home: Home) -> None:
    rows = home.rows("select follow_up_key from marts.follow_ups_due where rule_id = 'worst'")
    assert rows == [{"follow_up_key": hashlib.md5(b"kiosk|visit|both|desk").hexdigest()}]


def test_teams_are_the_rules_else_the_touchpoints_else_the_journeys(home: Home) -> None:
    rows = home.rows("select distinct rule_id, team_id, owner_id from marts.follow_ups_due order by all")
    assert {(row["rule_id"], row["team_id"], row["owner_id"]) for row in rows} >= {
        ("staff", "people", "pat"),
        ("worst", "buyers", "ann"),
        ("comments", "shop", "ann"),
    }


def test_the_laws_of_due_follow_ups_hold(home: Home) -> None:
    broken = home.rows("select * from computed.test_results where status <> 'pass'")
    assert broken == []
    names = {row["test_name"] for row in home.rows("select test_name from computed.test_results")}
    assert {"assert_every_due_follow_up_has_an_owner", "assert_no_follow_up_is_both_due_and_held"} <= names


def test_counts_and_build(home: Home) -> None:
    assert withheld_counts(home.folder) == {"too_old": 1}
    assert current_build(home.folder) == home.rows("select build_id from computed.stamp")[0]["build_id"]
    assert current_build(home.folder / "elsewhere") is None


def test_facts_of_what_is_due(home: Home) -> None:
    due = due_follow_ups(home.folder)
    assert len(due) == 13
    assert [facts["due_at"] for facts in due] == sorted(facts["due_at"] for facts in due)
    facts = next(one for one in due if one["response_id"] == "both" and one["touchpoint_id"] == "delivery")
    assert facts["customer"] == {
        "id": "c1",
        "name": "Chris",
        "email": "c1@example.com",
        "phone": "+31 20 555 0101",
    }
    assert facts["answers"] == [
        {
            "question_text": "nps",
            "metric": "nps",
            "value": 3.0,
            "scale_min": 0.0,
            "scale_max": 10.0,
            "score_class": "detractor",
        }
    ]
    assert [comment["text"] for comment in facts["comments"]] == ["cold", "late"]
    assert facts["reason"] == "NPS 3 of 10 at Delivery (rule detractors)"
    (before,) = facts["before"]
    assert before["submitted_at"] == datetime(2026, 3, 8, tzinfo=UTC)
    assert [(one["metric"], one["value"]) for one in before["answers"]] in ([("nps", 7.0)], [("csat", 4.0)])
    assert before["comments"] == []
    assert facts["rule"] == {
        "respond_within_hours": 24.0,
        "clock": "elapsed",
        "delivery": "now",
        "tell_customer": "both",
    }
    assert facts["owner"] == {
        "id": "ann",
        "name": "Ann",
        "email": "ann@example.com",
        "language": "de",
        "timezone": "UTC",
    }
    assert facts["team"] == {"id": "shop", "name": "Shop", "email": "shop@example.com"}
    assert (facts["journey_name"], facts["touchpoint_name"], facts["survey_name"]) == (
        "Buying",
        "Delivery",
        "Visit",
    )
    assert facts["submitted_at"] == facts["received_at"] == FRIDAY
    assert facts["due_at"] == FRIDAY + timedelta(hours=24)
    anonymous = next(one for one in due if one["response_id"] == "comment")
    assert anonymous["customer"] == {"id": None, "name": None, "email": "x@example.com", "phone": None}
    assert (anonymous["answers"], anonymous["score_class"]) == ([], None)
    assert anonymous["reason"] == "comment at Delivery (rule comments)"
    staff = next(one for one in due if one["response_id"] == "canteen")
    assert staff["owner"]["timezone"] == staff["timezone"] == "Europe/Berlin"
    assert staff["owner"]["language"] == "pl"  # the team's, as pat has none
    assert staff["before"] == []


def test_contacts_stay_out_of_the_marts(home: Home) -> None:
    for mart in ("follow_ups_due", "follow_ups", "loop_performance"):
        told = json.dumps(home.rows(f"select * from marts.{mart}"), default=str)
        assert "example.com" not in told
        assert "Chris" not in told

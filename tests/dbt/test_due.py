"""Which follow-ups go out, why the others do not, and who does them; small cases counted by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.inner_loop import NOW, InnerLoop, office

Compiled = dict[str, str]


def ago(**units: float) -> datetime:
    return NOW - timedelta(**units)


@pytest.fixture
def loop(for_duckdb: Compiled) -> InnerLoop:
    """Give a loop with one owner."""
    made = InnerLoop(for_duckdb)
    made.owners("ann")
    return made


def promised(loop: InnerLoop, key: str, received_at: datetime, **more: Any) -> None:
    """Let the ledger hold a follow-up of a customer, promised a day after it came."""
    told = {"customer_id": "c", "touchpoint_id": "desk", "kind": "recover", "owner_id": "ann", **more}
    loop.event(key, "assigned", received_at + timedelta(days=1), received_at=received_at, **told)


def test_what_is_older_than_the_limit_has_neither_owner_nor_deadline(loop: InnerLoop) -> None:
    loop.ask("in time", ago(days=14))
    loop.ask("too late", ago(days=14, seconds=1))
    due = loop.build().due()
    assert due["in time"]["withheld_because"] is None
    assert due["in time"]["due_at"] == ago(days=13)
    assert due["in time"]["owner_id"] == "ann"
    assert due["too late"]["withheld_because"] == "too_old"
    assert (due["too late"]["owner_id"], due["too late"]["due_at"]) == (None, None)


def test_three_years_of_answers_write_to_nobody(loop: InnerLoop) -> None:
    loop.connection.execute(
        "insert into intermediate.int_follow_ups_asked (follow_up_key, customer_id, touchpoint_id, team_id, "
        "submitted_at, first_collected_at, reason) select 'f' || day, 'c', 'desk', 'shop', "
        "timestamp '2023-04-01' + interval 1 day * (day % 1096), timestamp '2026-05-04', 'old' "
        "from range(20000) as days (day)"
    )
    loop.build()
    assert Counter(loop.withheld().values()) == {"too_old": 20_000}
    assert loop.rows("select * from marts.loop_performance") == []


def test_what_the_ledger_holds_is_not_due(loop: InnerLoop) -> None:
    loop.ask("f", ago(days=1))
    promised(loop, "f", ago(days=1))
    loop.event("f", "withdrawn", ago(hours=2))
    assert loop.build().due() == {}


def test_who_may_not_be_contacted_is_left_alone(loop: InnerLoop) -> None:
    versions = [("c", False, True), ("c", True, False), ("d", None, True), ("e", True, True)]
    loop.fill(
        "intermediate.int_customer_versions",
        [{"customer_id": who, "may_contact": may, "is_current": now} for who, may, now in versions],
    )
    for who in ("c", "d", "e", None):
        loop.ask(f"of {who}", ago(days=1), customer_id=who)
    loop.ask("old of c", ago(days=15), customer_id="c")
    assert loop.build().withheld() == {
        "of c": "not_allowed",
        "of d": None,
        "of e": None,
        "of None": None,
        "old of c": "too_old",
    }


@pytest.mark.parametrize("kind", ["thank", "advocate", "learn", "recover", "answer"])
@pytest.mark.parametrize("event", ["contacted", "told", "attempted"])
@pytest.mark.parametrize("days", [29, 30])
def test_thanks_wait_for_a_month_after_the_last_contact(
    loop: InnerLoop, kind: str, event: str, days: int
) -> None:
    promised(loop, "earlier", ago(days=40), touchpoint_id="gate")
    loop.event("earlier", event, ago(days=days))
    loop.ask("new", ago(days=1), customer_id="c", kind=kind)
    loop.ask("of another", ago(days=1), customer_id="d", kind=kind)
    waits = kind in ("thank", "advocate", "learn") and event != "attempted" and days < 30
    assert loop.build().withheld() == {"new": "recently_contacted" if waits else None, "of another": None}


def test_later_answers_join_the_first_that_goes_out(loop: InnerLoop) -> None:
    for name, days in (("c", 1), ("a", 3), ("b", 2)):
        loop.ask(name, ago(days=days), customer_id="c", kind="recover")
    loop.ask("elsewhere", ago(days=1), customer_id="c", touchpoint_id="gate")
    loop.ask("nobody 1", ago(days=2))
    loop.ask("nobody 2", ago(days=1))
    due = loop.build().due()
    assert {key for key, row in due.items() if row["withheld_because"] == "joined"} == {"b", "c"}
    assert due["b"]["reason"] == "NPS 2 of 10 (rule unhappy), joins follow-up a"
    assert due["c"]["reason"] == "NPS 2 of 10 (rule unhappy), joins follow-up a"
    assert due["c"]["owner_id"] == due["a"]["owner_id"] == "ann"


def test_an_answer_joins_what_was_open_when_it_was_given(loop: InnerLoop) -> None:
    promised(loop, "first", ago(days=9))
    loop.event("first", "closed", ago(days=5))
    loop.event("first", "reopened", ago(days=3), "assigned")
    loop.event("first", "declined", ago(days=1))
    for hours in (24 * 10, 24 * 8, 24 * 4, 24 * 2, 12):
        loop.ask(f"{hours}", ago(hours=hours), customer_id="c", kind="recover")
    withheld = loop.build().withheld()
    # The one from before the ledger's goes out, and takes in those given while the ledger's was over.
    assert withheld == {"240": None, "192": "joined", "96": "joined", "48": "joined", "12": "joined"}
    assert {key: row["reason"].rpartition(" ")[2] for key, row in loop.due().items() if key != "240"} == {
        "192": "first",
        "96": "240",
        "48": "first",
        "12": "240",
    }


def test_nothing_joins_what_does_not_go_out(loop: InnerLoop) -> None:
    loop.ask("too old", ago(days=20), customer_id="c")
    loop.ask("goes out", ago(days=2), customer_id="c")
    assert loop.build().withheld() == {"too old": "too_old", "goes out": None}


def test_nothing_joins_where_that_is_switched_off(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb, join_open=False)
    loop.owners("ann")
    promised(loop, "first", ago(days=9))
    loop.ask("a", ago(days=2), customer_id="c")
    loop.ask("b", ago(days=1), customer_id="c")
    assert loop.build().withheld() == {"a": None, "b": None}


def test_the_cap_counts_the_owners_own_day_and_lets_the_most_urgent_through(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb, owner_cap_per_day=3)
    loop.owners(
        {"owner_id": "ann", "timezone": "Asia/Tokyo"}
    )  # it is 18:00 there; the day began at 15:00 UTC
    promised(loop, "yesterday", datetime(2026, 5, 2, 14, 59))
    promised(loop, "today", datetime(2026, 5, 2, 15, 0))
    loop.event("today", "closed", NOW)
    for number, within in enumerate((24.0, 2.0, 5.0, 48.0)):
        loop.ask(f"{number}", ago(hours=number), respond_within_hours=within)
    assert loop.build().withheld() == {"0": "capped", "1": None, "2": None, "3": "capped"}


def test_a_thousand_over_seven_differ_by_one(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb, owner_cap_per_day=1000)
    loop.owners(*(f"owner {number}" for number in range(7)))
    for number in range(1000):
        loop.ask(f"f{number:04}", ago(minutes=number))
    counts = Counter(row["owner_id"] for row in loop.build().due().values())
    assert sorted(counts.values()) == [142] + [143] * 6
    assert counts["owner 6"] == 142


def test_those_who_have_less_get_more(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.owners("ann", "bob", "cyd")
    for number in range(3):
        promised(loop, f"of ann {number}", ago(days=30))
    promised(loop, "over", ago(days=30), owner_id="bob")
    loop.event("over", "closed", ago(days=1))
    promised(loop, "handed over", ago(days=30))
    loop.event("handed over", "reassigned", ago(days=3), "assigned", owner_id="cyd")
    for number in range(4):
        loop.ask(f"{number}", ago(hours=10 - number))
    # ann has 3, bob 0, cyd 1: bob, then bob and cyd in turn.
    assert [row["owner_id"] for _, row in sorted(loop.build().due().items())] == ["bob", "bob", "cyd", "bob"]


def test_who_is_named_comes_first_then_who_matches_then_the_team(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.owners(
        "ann",
        {"owner_id": "gold", "segments": "gold; silver"},
        {"owner_id": "store", "properties": "store=17;region=north"},
        {"owner_id": "boss", "role": "manager"},
    )
    loop.owners("lea", team="legal")
    loop.fill(
        "intermediate.int_customer_versions",
        [
            {"customer_id": "c", "owner_id": "lea", "is_current": True},
            {"customer_id": "d", "is_current": True},
        ],
    )
    loop.fill(
        "marts.response_properties",
        [
            {"response_key": "response of north 17", "name": "Store", "value": "17"},
            {"response_key": "response of north 17", "name": "region", "value": "north"},
            {"response_key": "response of south 17", "name": "store", "value": "17"},
        ],
    )
    loop.ask("named", ago(hours=9), wanted_owner_id="lea")
    loop.ask("account", ago(hours=8), wanted_owner_id="account", customer_id="c")
    loop.ask("silver", ago(hours=7), segment="silver")
    loop.ask("north 17", ago(hours=6))
    loop.ask("south 17", ago(hours=5))
    loop.ask("no account", ago(hours=4), wanted_owner_id="account", customer_id="d")
    owners = {key: row["owner_id"] for key, row in loop.build().due().items()}
    assert owners == {
        "named": "lea",
        "account": "lea",
        "silver": "gold",
        "north 17": "store",
        "south 17": "ann",  # gold and store have one each already
        "no account": "ann",  # all have one: the first by name
    }


def test_deputies_stand_in_and_who_is_away_without_one_is_skipped(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb, owner_cap_per_day=100)
    away = {"away_from": date(2026, 5, 4), "away_until": date(2026, 5, 4)}
    loop.owners(
        {"owner_id": "ann", **away, "deputy_owner_id": "dan"},
        {"owner_id": "bob", **away},
        {"owner_id": "back", "away_from": date(2026, 4, 1), "away_until": date(2026, 5, 3)},
        {"owner_id": "away there", "timezone": "Pacific/Auckland", "away_from": date(2026, 5, 5)},
    )
    loop.owners("dan", {"owner_id": "eve", **away, "deputy_owner_id": "ann"}, team="other")
    for number in range(6):
        loop.ask(f"{number}", ago(hours=9, minutes=-number))
    loop.ask("to ann", ago(hours=1), wanted_owner_id="ann")
    loop.ask("to bob", ago(hours=1), wanted_owner_id="bob")
    loop.ask("to eve", ago(hours=1), wanted_owner_id="eve")
    owners = {key: row["owner_id"] for key, row in loop.build().due().items()}
    assert owners["to ann"] == owners["to eve"] == "dan"
    assert owners["to bob"] in {"away there", "back", "dan"}
    dealt = Counter(owners[str(number)] for number in range(6))
    # dan acts for ann and eve already, so that the seven others make it three each.
    assert dealt + Counter([owners["to bob"], "dan", "dan"]) == {"away there": 3, "back": 3, "dan": 3}


def test_where_nobody_is_there_somebody_is_asked_all_the_same(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    away = {"away_from": date(2026, 5, 1)}
    loop.owners({"owner_id": "ann", **away}, {"owner_id": "boss", "role": "manager", **away})
    loop.owners({"owner_id": "zoe", "role": "manager"}, team="managers only")
    loop.owners({"owner_id": "bob", **away}, {"owner_id": "kim", "role": "expert"}, team="one expert there")
    for team in ("shop", "managers only", "one expert there"):
        loop.ask(team, ago(hours=1), team_id=team)
    loop.ask("named alone", ago(hours=1), team_id="nobody", wanted_owner_id="ann")
    owners = {key: row["owner_id"] for key, row in loop.build().due().items()}
    assert owners == {
        "shop": "ann",
        "managers only": "zoe",
        "one expert there": "kim",
        "named alone": "ann",
    }


def test_what_is_withheld_takes_nobodys_turn(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.owners("ann", "bob")
    loop.fill(
        "intermediate.int_customer_versions", [{"customer_id": "c", "may_contact": False, "is_current": True}]
    )
    loop.ask("withheld", ago(hours=9), customer_id="c")
    loop.ask("first", ago(hours=8))
    loop.ask("second", ago(hours=7))
    due = loop.build().due()
    assert (due["first"]["owner_id"], due["second"]["owner_id"]) == ("ann", "bob")
    assert due["withheld"]["owner_id"] is not None


def test_calendar_and_zone_are_the_owners_else_the_teams(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb, timezone="Europe/Berlin")
    loop.owners("ann")
    loop.owners({"owner_id": "bob", "timezone": "America/New_York"}, team="away")
    loop.owners({"owner_id": "cyd", "calendar_id": "weekend"}, team="late")
    loop.fill(
        "staging.stg_programme__teams",
        [
            {"team_id": "shop", "calendar_id": "office"},
            {"team_id": "away", "calendar_id": "office"},
            {"team_id": "late", "calendar_id": "office", "timezone": "Asia/Tokyo"},
        ],
    )
    loop.openings(office(zone="Europe/Berlin") + office(zone="America/New_York"))
    loop.openings(office("weekend", "Asia/Tokyo", 6, 7))
    friday = datetime(2026, 5, 1, 22)  # closed everywhere
    for team in ("shop", "away", "late"):
        loop.ask(team, friday, team_id=team, clock="working", respond_within_hours=2.0)
    due = {key: row["due_at"] for key, row in loop.build().due().items()}
    assert due == {
        "shop": datetime(2026, 5, 4, 9),  # Monday 11:00 in Berlin
        "away": datetime(2026, 5, 4, 15),  # Monday 11:00 in New York
        "late": datetime(2026, 5, 2, 2),  # Saturday 11:00 in Tokyo
    }

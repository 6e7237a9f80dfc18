"""Who is dealt what, and who joins whom, against one who goes through the answers one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inner_loop import NOW, InnerLoop

Compiled = dict[str, str]
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
OWNERS = ["ann", "bob", "cyd", "dan"]


@QUIET
@given(
    st.lists(st.sampled_from(OWNERS), max_size=12),
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["north", "south"])), max_size=25),
    st.lists(st.integers(1, 4), min_size=2, max_size=2),
)
def test_dealt_as_one_by_one(
    for_duckdb: Compiled, loads: list[str], asked: list[tuple[int, str]], sizes: list[int]
) -> None:
    """Two teams that share nobody; what each person has open already counts."""
    loop = InnerLoop(for_duckdb, owner_cap_per_day=1000)
    teams = {
        team: [f"{name} of {team}" for name in OWNERS[:size]]
        for team, size in zip(("north", "south"), sizes, strict=True)
    }
    for team, people in teams.items():
        loop.owners(*people, team=team)
    for number, name in enumerate(loads):
        loop.event(f"held {number}", "assigned", NOW, owner_id=f"{name} of north")
    for number, (minutes, team) in enumerate(asked):
        loop.ask(f"{number:02}", NOW - timedelta(minutes=minutes), team_id=team)

    have = Counter(f"{name} of north" for name in loads)
    wanted = {}
    for _, number, team in sorted((-minutes, number, team) for number, (minutes, team) in enumerate(asked)):
        owner = min(teams[team], key=lambda name: (have[name], name))
        have[owner] += 1
        wanted[f"{number:02}"] = owner
    assert {key: row["owner_id"] for key, row in loop.build().due().items()} == wanted


steps = st.sampled_from(["contacted", "resolved", "closed", "reopened", "declined"])
held = st.tuples(st.integers(0, 400), st.lists(st.tuples(st.integers(0, 400), steps), max_size=4))
given_answers = st.tuples(
    st.integers(0, 400),
    st.sampled_from(["c", "d", None]),
    st.sampled_from(["desk", "gate"]),
    st.sampled_from(["recover", "thank"]),
)


@QUIET
@given(st.lists(held, max_size=3), st.lists(given_answers, max_size=12), st.booleans())
def test_withheld_as_one_by_one(
    for_duckdb: Compiled,
    history: list[tuple[int, list[tuple[int, str]]]],
    asked: list[tuple[int, str | None, str, str]],
    d_may: bool,
) -> None:
    """Customer c has follow-ups at the desk in the ledger; times are hours ago."""
    loop = InnerLoop(for_duckdb, within_days=10, days_between=5)
    loop.owners("ann")
    customers = [{"customer_id": "d", "may_contact": d_may, "is_current": True}]
    loop.fill("intermediate.int_customer_versions", customers)
    stories: dict[str, list[tuple[datetime, str]]] = {}
    for number, (received, changes) in enumerate(history):
        key, moment = f"h{number}", NOW - timedelta(hours=received)
        told: dict[str, Any] = {"customer_id": "c", "touchpoint_id": "desk", "received_at": moment}
        loop.event(key, "assigned", moment, **told)
        stories[key] = [(moment, "assigned")]
        for hours, event in sorted(changes, reverse=True):
            happened = max(moment, NOW - timedelta(hours=hours))
            status = "assigned" if event == "reopened" else event
            loop.event(key, event, happened, status)
            stories[key].append((happened, status))
    for number, (hours, customer, place, kind) in enumerate(asked):
        moment = NOW - timedelta(hours=hours)
        more = {"customer_id": customer, "touchpoint_id": place, "kind": kind}
        loop.ask(f"a{number:02}", moment, **more)
    due = loop.build().due()
    assert {key: row["withheld_because"] for key, row in due.items()} == one_by_one(stories, asked, d_may)


def one_by_one(
    stories: dict[str, list[tuple[datetime, str]]],
    asked: list[tuple[int, str | None, str, str]],
    d_may: bool,
) -> dict[str, str | None]:
    """Go through the answers from the first to the last, with a list of what each customer has open where."""
    contacts = [at for story in stories.values() for at, status in story if status == "contacted"]
    going: dict[tuple[str, str], bool] = defaultdict(bool)
    wanted: dict[str, str | None] = {}
    for hours, number in sorted((-hours, number) for number, (hours, *_) in enumerate(asked)):
        _, customer, place, kind = asked[number]
        moment, key = NOW + timedelta(hours=hours), f"a{number:02}"
        if hours < -240:
            wanted[key] = "too_old"
        elif customer == "d" and not d_may:
            wanted[key] = "not_allowed"
        elif kind == "thank" and customer == "c" and any(at > NOW - timedelta(days=5) for at in contacts):
            wanted[key] = "recently_contacted"
        elif customer and (going[customer, place] or any_open(stories, key, moment, customer, place)):
            wanted[key] = "joined"
        else:
            wanted[key] = None
            going[str(customer), place] = True
    sent = [key for _, key in sorted((due_order(key, asked), key) for key in wanted if wanted[key] is None)]
    return wanted | dict.fromkeys(sent[10:], "capped")


def due_order(key: str, asked: list[tuple[int, str | None, str, str]]) -> int:
    """Order by deadline, which lies a day after the answer for all."""
    return -asked[int(key[1:])][0]


def any_open(
    stories: dict[str, list[tuple[datetime, str]]], key: str, moment: datetime, customer: str, place: str
) -> bool:
    """Tell whether the ledger's follow-up of an earlier answer was open at a moment."""
    if (customer, place) != ("c", "desk"):
        return False
    for held_key, story in stories.items():
        if (story[0][0], held_key) < (moment, key):
            before = [status for at, status in story if at <= moment]
            if not before or before[-1] not in ("closed", "declined", "withdrawn"):
                return True
    return False

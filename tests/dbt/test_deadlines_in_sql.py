"""Deadlines as SQL works them out: the golden ones, and Python's for any calendar, zone and time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import hours
from flows.desk.deadlines import deadline
from tests.inner_loop import InnerLoop, naive, office

Compiled = dict[str, str]
FRIDAY = datetime(2026, 5, 1, 16, 30)
BEGINS, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "within", "due"),
    [
        ("working", 1.0, datetime(2026, 5, 4, 9, 30)),
        ("elapsed", 24.0, datetime(2026, 5, 4, 9)),
        (None, 24.0, datetime(2026, 5, 4, 9)),
        ("working", 0.5, datetime(2026, 5, 1, 17)),  # ends at closing time: due then
        ("elapsed", 0.5, datetime(2026, 5, 4, 9)),  # the minute of closing is closed
        ("working", 8.5, datetime(2026, 5, 4, 17)),
        ("working", 1 / 3, datetime(2026, 5, 1, 16, 50)),
        ("working", 40.5, datetime(2026, 5, 8, 17)),
        ("working", None, None),
        ("elapsed", None, None),
    ],
)
def test_golden_deadlines(
    for_duckdb: Compiled, clock: str | None, within: float | None, due: datetime | None
) -> None:
    loop = InnerLoop(for_duckdb)
    loop.owners({"owner_id": "ann", "calendar_id": "office"})
    loop.openings(office())
    loop.ask("f", FRIDAY, clock=clock, respond_within_hours=within)
    assert loop.build().due()["f"]["due_at"] == due


def test_without_a_calendar_every_minute_is_open(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.owners("ann")
    loop.ask("worked", FRIDAY, clock="working", respond_within_hours=1.5)
    loop.ask("elapsed", FRIDAY, clock="elapsed", respond_within_hours=24.0)
    due = {key: row["due_at"] for key, row in loop.build().due().items()}
    assert due == {"worked": datetime(2026, 5, 1, 18), "elapsed": datetime(2026, 5, 2, 16, 30)}


def test_a_calendar_that_never_opens_has_no_deadline(for_duckdb: Compiled) -> None:
    loop = InnerLoop(for_duckdb)
    loop.owners({"owner_id": "ann", "calendar_id": "office"})
    loop.ask("worked", FRIDAY, clock="working")
    loop.ask("elapsed", FRIDAY)
    assert {row["due_at"] for row in loop.build().due().values()} == {None}


edges = st.lists(st.integers(0, 48), min_size=2, max_size=6, unique=True).filter(
    lambda two: len(two) % 2 == 0
)
weeks = st.dictionaries(st.integers(1, 7), edges, max_size=7)
zones = st.sampled_from(
    ["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
)
answers = st.lists(
    st.tuples(
        st.integers(0, 60 * 24 * 60),
        st.sampled_from([0.25, 1 / 3, 0.5, 1.0, 2.0, 4.0, 7.75, 8.0, 24.0, 48.0, 100.0]),
        st.sampled_from(["elapsed", "working"]),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(weeks, zones, st.sets(st.integers(0, 60), max_size=8), st.sampled_from([3, 10]), answers)
def test_sql_and_python_agree(
    for_duckdb: Compiled,
    week: dict[int, list[int]],
    zone: str,
    holidays: set[int],
    month: int,
    asked: list[tuple[int, float, str]],
) -> None:
    """Half hours open and close, clocks change in spring and autumn, days are off."""
    first = date(2026, month, 1)
    openings = hours.openings(
        [
            {"calendar_id": "any", "weekday": str(day), "opens_at": clock(opens), "closes_at": clock(closes)}
            for day, halves in week.items()
            for opens, closes in list(pairwise(sorted(halves)))[::2]
        ],
        [{"calendar_id": "any", "date": (first + timedelta(days=day)).isoformat()} for day in holidays],
        {("any", zone)},
        BEGINS,
        ENDS,
    )
    begins = datetime(2026, month, 1, tzinfo=UTC)
    loop = InnerLoop(for_duckdb, now=naive(begins) + timedelta(days=61), within_days=70)
    loop.owners({"owner_id": "ann", "calendar_id": "any", "timezone": zone})
    loop.openings(openings)
    for number, (minute, within, how) in enumerate(asked):
        moment = naive(begins) + timedelta(minutes=minute)
        loop.ask(f"{number}", moment, clock=how, respond_within_hours=within)
    due = loop.build().due()
    for number, (minute, within, how) in enumerate(asked):
        wanted = hours.due_at(begins + timedelta(minutes=minute), within, how, openings)
        assert due[str(number)]["due_at"] == (naive(wanted) if wanted else None)


def clock(halves: int) -> str:
    """Write half hours since midnight as a wall clock shows them."""
    return f"{halves // 2:02}:{halves % 2 * 30:02}"


steps = st.lists(
    st.tuples(st.integers(1, 3000), st.sampled_from(["waiting", "resumed", "attempted", "contacted"])),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(weeks, zones, st.sampled_from(["elapsed", "working"]), st.integers(0, 5000), steps)
def test_the_desk_and_the_mart_tell_the_same_deadline(
    for_duckdb: Compiled,
    week: dict[int, list[int]],
    zone: str,
    how: str,
    due: int,
    told: list[tuple[int, str]],
) -> None:
    """Whoever waits for the customer, as often and as long as may be: one deadline, wherever it is read."""
    shifts = [
        {"calendar_id": "any", "weekday": str(day), "opens_at": clock(opens), "closes_at": clock(closes)}
        for day, halves in week.items()
        for opens, closes in list(pairwise(sorted(halves)))[::2]
    ]
    begins, now = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
    openings = hours.openings(shifts, [], {("any", zone)}, BEGINS, ENDS)
    promised = begins + timedelta(minutes=due)
    calendar = "any" if shifts else None
    loop = InnerLoop(for_duckdb, now=naive(now))
    loop.openings(openings)
    loop.fill("staging.stg_programme__routing", [{"rule_id": "rule", "clock": how}])
    facts = {"calendar_id": calendar, "timezone": zone, "rule": {"clock": how}}
    owned = {"rule_id": "rule", "team_id": "shop", "owner_id": "ann", "kind": "recover"}
    timed = {"received_at": naive(begins), "due_at": naive(promised)}
    loop.event("f", "assigned", naive(begins), calendar_id=calendar, timezone=zone, **owned, **timed)
    history = [{"event": "assigned", "at": begins, "details": {"status": "assigned"}}]
    at, status = begins, "assigned"
    for minutes, event in told:
        at += timedelta(minutes=minutes)
        status = {"resumed": "acknowledged", "attempted": status}.get(event, event)
        loop.event("f", event, naive(at), status)
        history.append({"event": event, "at": at, "details": {"status": status}})
    seen = deadline({"due_at": promised, "facts": facts}, history, now, {"calendars": shifts})
    assert seen is not None
    assert loop.build().held()["f"]["due_at"] == naive(seen)

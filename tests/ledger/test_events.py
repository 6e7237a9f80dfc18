"""Events: what may happen when, what it leads to, and that a double click is one event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.ledger import (
    EventRefused,
    Ledger,
    UnknownAssignment,
    close_due,
    events_after,
    find_assignment,
    follow_up_counts,
    promise,
    record_event,
)

# The life of a follow-up, as the contract tells it: steps, the state after them, the events that stand.
LIVES: list[tuple[str | None, list[str], str, list[str]]] = [
    (
        "resolved",
        ["acknowledged", "contacted", "resolved"],
        "resolved",
        ["acknowledged", "contacted", "resolved"],
    ),
    ("resolved", ["contacted", "resolved", "told"], "closed", ["contacted", "resolved", "told", "closed"]),
    ("both", ["told", "resolved"], "closed", ["told", "resolved", "closed"]),
    ("none", ["resolved"], "closed", ["resolved", "closed"]),
    ("received", ["contacted", "resolved"], "closed", ["contacted", "resolved", "closed"]),
    ("none", ["attempted"], "acknowledged", ["attempted"]),
    ("none", ["contacted", "waiting", "resumed"], "contacted", ["contacted", "waiting", "resumed"]),
    ("none", ["waiting", "resumed"], "acknowledged", ["waiting", "resumed"]),
    ("none", ["declined", "reopened"], "assigned", ["declined", "reopened"]),
    (
        "none",
        ["resolved", "reopened", "acknowledged"],
        "acknowledged",
        ["resolved", "closed", "reopened", "acknowledged"],
    ),
    ("both", ["resolved", "closed"], "closed", ["resolved", "closed"]),
    ("none", ["resolved", "raised"], "closed", ["resolved", "closed", "raised"]),
    ("none", ["acknowledged", "reassigned"], "assigned", ["acknowledged", "reassigned"]),
    ("none", ["contacted", "reassigned"], "contacted", ["contacted", "reassigned"]),
    ("none", ["withdrawn"], "withdrawn", ["withdrawn"]),
]


def happen(book: Ledger, event: str, at: datetime, **words: Any) -> Any:
    if event == "resolved":
        words.setdefault("root_cause_id", "late")
    if event == "reassigned":
        words.setdefault("to_owner", "bert")
    return record_event(book, "k", event, words.pop("actor", "anna"), at, **words)


def told(book: Ledger) -> list[str]:
    return [row["event"] for row in events_after(book, 0)][1:]


@pytest.mark.parametrize(("tell", "steps", "status", "events"), LIVES)
def test_lives(
    book: Ledger, desk: Any, monday: datetime, tell: str, steps: list[str], status: str, events: list[str]
) -> None:
    promise(book, [desk.promise("k", tell=tell)], desk.letter, monday)
    for hour, step in enumerate(steps, 1):
        happen(book, step, monday + timedelta(hours=hour))
    stands = find_assignment(book, "k")
    assert stands and stands["status"] == status
    assert told(book) == events
    assert list(events_after(book, 0))[-1]["details"]["status"] == status


@pytest.mark.parametrize(
    "event",
    [
        "acknowledged",
        "attempted",
        "contacted",
        "waiting",
        "resolved",
        "declined",
        "reassigned",
        "raised",
        "withdrawn",
    ],
)
def test_a_double_click_is_one_event(book: Ledger, desk: Any, monday: datetime, event: str) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    assert happen(book, event, monday).is_new
    again = happen(book, event, monday + timedelta(seconds=1))
    assert not again.is_new
    assert told(book) == [event]


def test_double_clicks_at_the_very_same_moment(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise("k", tell="none")], desk.letter, monday)
    with ThreadPoolExecutor(8) as people:
        outcomes = list(people.map(lambda _: happen(book, "resolved", monday).is_new, range(8)))
    assert outcomes.count(True) == 1
    assert told(book) == ["resolved", "closed"]


@pytest.mark.parametrize(
    ("steps", "refused", "why"),
    [
        (["contacted"], "acknowledged", "is contacted"),
        (["resolved", "told"], "contacted", "is closed"),
        ([], "resumed", "is assigned"),
        ([], "closed", "is assigned"),
        ([], "reopened", "is assigned"),
        (["withdrawn"], "contacted", "is withdrawn"),
        ([], "aknowledged", "Did you mean 'acknowledged'"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    book: Ledger, desk: Any, monday: datetime, steps: list[str], refused: str, why: str
) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    for step in steps:
        happen(book, step, monday)
    before = list(events_after(book, 0)), find_assignment(book, "k")
    with pytest.raises(EventRefused, match=why):
        happen(book, refused, monday)
    assert (list(events_after(book, 0)), find_assignment(book, "k")) == before


def test_resolved_names_its_root_cause(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    with pytest.raises(EventRefused, match="--root-cause"):
        record_event(book, "k", "resolved", "anna", monday)
    with pytest.raises(EventRefused, match="--to"):
        record_event(book, "k", "reassigned", "anna", monday)
    happen(book, "resolved", monday)
    with pytest.raises(EventRefused, match="root cause 'late'"):
        happen(book, "resolved", monday, root_cause_id="other")


def test_reassigned_changes_the_owner(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    happen(book, "reassigned", monday, to_owner="bert", to_team="depot")
    stands = find_assignment(book, "k")
    assert stands and (stands["owner_id"], stands["team_id"]) == ("bert", "depot")
    assert next(iter(events_after(book, 1)))["details"]["from_owner_id"] == "anna"


def test_an_unknown_key_names_the_nearest(book: Ledger, desk: Any, monday: datetime) -> None:
    with pytest.raises(UnknownAssignment, match="Nothing was assigned yet"):
        record_event(book, "k", "told", "anna", monday)
    promise(book, [desk.promise("0123456789abcdef")], desk.letter, monday)
    with pytest.raises(UnknownAssignment, match="Did you mean '0123456789abcdef'"):
        record_event(book, "0123456789abcdff", "told", "anna", monday)


def test_what_is_resolved_closes_after_the_days(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    happen(book, "resolved", monday)
    week = timedelta(days=7)
    assert close_due(book, monday + week - timedelta(seconds=1), 7) == []
    assert close_due(book, monday + week, 7) == ["k"]
    assert close_due(book, monday + week, 7) == []
    assert told(book) == ["resolved", "closed"]


def test_reopened_and_resolved_again_counts_from_the_last_time(
    book: Ledger, desk: Any, monday: datetime
) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    happen(book, "resolved", monday)
    happen(book, "reopened", monday + timedelta(days=5))
    happen(book, "resolved", monday + timedelta(days=6))
    assert close_due(book, monday + timedelta(days=8), 7) == []
    assert close_due(book, monday + timedelta(days=13), 7) == ["k"]


def test_notes_of_any_kind_are_kept(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise("k")], desk.letter, monday)
    happen(book, "contacted", monday, note="שלום \x00 '); drop table events; -- \ud83d 😀")
    assert next(iter(events_after(book, 1)))["note"] == "שלום  '); drop table events; -- ? 😀"


def test_deadlines_kept(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise(key) for key in ("k", "late", "open")], desk.letter, monday)
    happen(book, "contacted", monday + timedelta(hours=1))
    record_event(book, "late", "contacted", "anna", monday + timedelta(days=3))
    assert follow_up_counts(book, monday + timedelta(hours=2)) == {
        "open": 3,
        "late": 0,
        "kept": 1,
        "decided": 2,
    }
    assert follow_up_counts(book, monday + timedelta(days=4)) == {
        "open": 3,
        "late": 1,
        "kept": 1,
        "decided": 3,
    }

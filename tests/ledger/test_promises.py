"""Promises: once, with their letter, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from flows.ledger import (
    Ledger,
    claim_letters,
    events_after,
    find_assignment,
    letters_waiting,
    promise,
    promised_keys,
)
from flows.records import Letter


def test_promised_once_with_letter_and_event(book: Ledger, desk: Any, monday: datetime) -> None:
    letter = promise(book, [desk.promise("a"), desk.promise("b"), desk.promise("a")], desk.letter, monday)
    assert letter and letter.assignment_keys == ("a", "b")
    assert promise(book, [desk.promise("a"), desk.promise("b")], desk.letter, monday) is None
    later = promise(book, [desk.promise("b"), desk.promise("c")], desk.letter, monday)
    assert later and later.assignment_keys == ("c",)
    assert [row["assignment_key"] for row in events_after(book, 0)] == ["a", "b", "c"]
    assert letters_waiting(book) == 2


def test_what_dbt_learns_of_a_promise_is_not_personal(book: Ledger, desk: Any, monday: datetime) -> None:
    promise(book, [desk.promise("a")], desk.letter, monday)
    details = next(events_after(book, 0))["details"]
    assert set(details) == {
        "source_name",
        "survey_id",
        "response_id",
        "response_key",
        "customer_id",
        "journey_id",
        "touchpoint_id",
        "kind",
        "rule_id",
        "team_id",
        "owner_id",
        "score_class",
        "received_at",
        "due_at",
        "build_id",
        "tell_customer",
        "calendar_id",
        "timezone",
        "status",
    }
    assert details["due_at"] == "2026-05-06T09:00:00+00:00"
    assert details["received_at"] == "2026-05-04T09:00:00+00:00"


def test_a_letter_that_cannot_be_written_undoes_its_promises(
    book: Ledger, desk: Any, monday: datetime
) -> None:
    def broken(_: Any) -> Letter:
        raise ValueError("no address")

    with pytest.raises(ValueError, match="no address"):
        promise(book, [desk.promise("a")], broken, monday)
    assert promised_keys(book) == set()
    assert list(events_after(book, 0)) == []


def test_two_at_once_promise_once(book: Ledger, desk: Any, monday: datetime) -> None:
    with ThreadPoolExecutor(8) as people:
        letters = list(
            people.map(lambda _: promise(book, [desk.promise("a")], desk.letter, monday), range(8))
        )
    assert sum(letter is not None for letter in letters) == 1
    assert len(list(events_after(book, 0))) == 1
    assert len(claim_letters(book, monday)) == 1


def test_times_come_back_in_utc(book: Ledger, desk: Any) -> None:
    tokyo = timezone(timedelta(hours=9))
    promise(book, [desk.promise("a")], desk.letter, datetime(2026, 5, 4, 18, tzinfo=tokyo))
    stands = find_assignment(book, "a")
    assert stands and stands["created_at"] == datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert stands["created_at"].tzinfo is UTC


def test_a_reader_that_follows_the_numbers_misses_nothing(book: Ledger, desk: Any, monday: datetime) -> None:
    """Many writers at once, and one who always asks for what came after the last number it saw."""
    seen: list[str] = []

    def follow() -> None:
        last = 0
        while len(seen) < 60:
            for row in events_after(book, last):
                last = row["event_id"]
                seen.append(row["assignment_key"])

    with ThreadPoolExecutor(5) as people:
        reader = people.submit(follow)
        keys = [f"k{number}" for number in range(60)]
        list(people.map(lambda key: promise(book, [desk.promise(key)], desk.letter, monday), keys))
        reader.result(60)
    assert sorted(seen) == sorted(keys)

"""Builds, runs and the outbox as the verbs use them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows import ledger
from flows.ledger import Ledger
from flows.records import Finding, Letter, Withheld


def finding(name: str, outcome: str) -> Finding:
    return Finding(name, f"{name} sentence", "critical", outcome, "1", "0")


def test_only_a_build_that_passed_goes_on(book: Ledger, monday: datetime) -> None:
    ledger.record_build(book, "good", True, "all held", [], monday)
    ledger.record_build(book, "bad", False, "Answers fell to zero.", [], monday)
    ledger.require_passed(book, "good")
    for build, why in (
        ("bad", "Answers fell to zero"),
        ("unknown", "not checked"),
        (None, "no finished build"),
    ):
        with pytest.raises(Withheld, match=f"{why}.*nothing was published or sent") as refused:
            ledger.require_passed(book, build)
        assert refused.value.exit_status == 3


def test_since_is_when_an_outcome_began(book: Ledger, monday: datetime) -> None:
    hours = [monday + timedelta(hours=hour) for hour in range(4)]
    for build, outcome, at in zip("abcd", ["held", "broken", "broken", "held"], hours, strict=True):
        ledger.record_build(book, build, outcome == "held", "x", [finding("one", outcome)], at)
    assert [row["since"] for row in ledger.findings(book)] == [hours[0], hours[1], hours[1], hours[3]]
    assert [row["build_id"] for row in ledger.latest_findings(book)] == ["d"]


def test_checking_a_build_again_replaces_its_findings(book: Ledger, monday: datetime) -> None:
    ledger.record_build(book, "a", False, "x", [finding("one", "broken"), finding("two", "held")], monday)
    ledger.record_build(book, "a", True, "x", [finding("one", "held")], monday + timedelta(hours=1))
    ledger.require_passed(book, "a")
    assert [(row["check_name"], row["outcome"]) for row in ledger.findings(book, "a")] == [("one", "held")]


def test_runs_are_told_in_order_and_killed_ones_end(book: Ledger, monday: datetime) -> None:
    ledger.start_run(book, "zz", "1.0", monday)
    ledger.end_run(book, "zz", 0, "b", {"letters_sent": 3}, monday)
    ledger.start_run(book, "aa", "1.0", monday)
    assert ledger.end_killed_runs(book, monday) == 1
    assert ledger.end_killed_runs(book, monday) == 0
    assert [(row["run_id"], row["exit_status"]) for row in ledger.runs(book)] == [("zz", 0), ("aa", 137)]
    assert ledger.runs(book)[0]["counts"] == {"letters_sent": 3}


def queue(book: Ledger, number: int, at: datetime, not_before: datetime | None = None) -> None:
    letter = Letter(f"<{number}@x>", "digest", (), "a@example.com", "s", b"body", not_before)
    with book.writing() as connection:
        ledger.queue_letter(connection, letter, at)


def test_no_two_claims_give_the_same_letter(book: Ledger, monday: datetime) -> None:
    for number in range(40):
        queue(book, number, monday)
    with ThreadPoolExecutor(4) as people:
        claims = list(people.map(lambda _: ledger.claim_letters(book, monday), range(6)))
    claimed = [letter.message_id for claim in claims for letter in claim]
    assert sorted(claimed) == sorted(f"<{number}@x>" for number in range(40))


def test_letters_wait_for_their_hour(book: Ledger, monday: datetime) -> None:
    queue(book, 1, monday, monday + timedelta(hours=1))
    assert ledger.claim_letters(book, monday) == []
    assert len(ledger.claim_letters(book, monday + timedelta(hours=1))) == 1


def test_the_states_of_a_letter(book: Ledger, monday: datetime) -> None:
    for number in range(4):
        queue(book, number, monday + timedelta(minutes=number))
    claimed = [letter.message_id for letter in ledger.claim_letters(book, monday + timedelta(hours=1))]
    noted = [
        ledger.Noted(claimed[0], "sent"),
        ledger.Noted(claimed[1], "failed", "550 nobody"),
        ledger.Noted(claimed[2], "queued", "451 later"),
    ]
    ledger.note_letters(book, noted, monday)
    assert ledger.letters_by_status(book) == {"sent": 1, "failed": 1, "queued": 1, "sending": 1}
    assert ledger.requeue_abandoned(book) == 1
    again: Any = {
        one.message_id: one.attempts for one in ledger.claim_letters(book, monday, skip={claimed[2]})
    }
    assert again == {claimed[3]: 2}
    ledger.release_letters(book, [claimed[3]])
    assert {one.message_id: one.attempts for one in ledger.claim_letters(book, monday)} == {
        claimed[2]: 2,
        claimed[3]: 2,
    }
